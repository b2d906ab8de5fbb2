PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test test-all check format lock

setup:            ## install everything into .venv (the first time needs a package index, later times nothing)
	@$(PYTHON) install.py

demo: setup       ## make a city of 100,000, let an outbreak run, trace it, name the report
	@$(BIN)/suyuan demo

test: setup       ## the tests
	@$(BIN)/python -m pytest -n auto -q --cov --cov-report=term:skip-covered -m "not slow"

test-all: setup   ## the tests with the slow suites (nightly)
	@$(BIN)/python -m pytest -n auto -q

check: setup      ## format, lint, types, architecture, dependencies
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry src

format: setup     ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: setup       ## renew requirements.lock (needs uv and a package index)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --group dev pyproject.toml -o requirements.lock
