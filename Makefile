PYTHON ?= python3
BIN := .venv/bin
# numbers of queries are counted on SQLite: PostgreSQL takes one more for the lock of the audit chain
SAME_ON_BOTH := not number_of_questions and not costs_the_same
NEXT := tests/unit tests/properties tests/reference tests/golden tests/house

.PHONY: setup demo test test-postgres test-next test-all check format lock

setup:            ## install everything into .venv (the first time needs a package index, later times nothing)
	@$(PYTHON) install.py

demo: setup       ## an operations room on an invented outbreak in a city of 100,000, on this machine
	@$(BIN)/suyuan demo

test: setup       ## the tests
	@$(BIN)/python -m pytest -n auto -q -m "not slow" --cov --cov-report=term:skip-covered --cov-fail-under=90

test-postgres: setup  ## the room's tests on PostgreSQL, where this machine has it
	@$(BIN)/python tests/postgres_server.py $(BIN)/python -m pytest -n auto -q -m "not slow" \
	  tests/unit/store tests/unit/actions tests/web --ignore tests/web/test_api_schema.py -k "$(SAME_ON_BOTH)"

test-next:        ## what does not need a running room, on CPython 3.13 too, where this machine has it
	@if python3.13 -c "" 2>/dev/null; then \
	  python3.13 install.py .venv-3.13 && .venv-3.13/bin/python -m pytest -n auto -q -m "not slow" $(NEXT); \
	else echo "CPython 3.13 is not on this machine: nothing tested with it."; fi

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
