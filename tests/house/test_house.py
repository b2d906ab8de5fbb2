"""The habits of the house that no linter checks: sizes, words in both languages, nothing that names a machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from string import Formatter

import pytest

from suyuan.terms import LANGUAGES
from suyuan.terms.wording import sentences

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts)  # written by Django
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def _lines_of(function: ast.AST) -> int:
    """Lines of a function without its docstring; its own inner functions counted once, with it."""
    length = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        length -= first.end_lineno - first.lineno + 1
    return length


def test_no_file_is_longer_than_the_house_allows():
    """No source file has more than 400 lines."""
    too_long = {
        str(path.relative_to(ROOT)): n for path in SOURCES if (n := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not too_long


def test_no_function_is_longer_than_the_house_allows():
    """No function has more than 40 lines without its docstring; compiled loops (kernels) are one piece and may."""
    too_long = {}
    for path in SOURCES:
        if "kernels" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and not _is_compiled(node) and _lines_of(node) > LONGEST_FUNCTION:
                too_long[f"{path.relative_to(ROOT)}:{node.name}"] = _lines_of(node)
    assert not too_long


def _is_compiled(node: ast.FunctionDef) -> bool:
    return any(isinstance(mark, ast.Name) and mark.id in ("compiled", "inlined") for mark in node.decorator_list)


def test_every_sentence_exists_in_both_languages_with_the_same_places_to_fill():
    """A sentence that is missing in one language would be a traceback on a bad night."""
    english, chinese = (sentences(lang) for lang in LANGUAGES)
    assert set(english) == set(chinese)
    for key, sentence in english.items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (sentence, chinese[key])]
        assert fields[0] == fields[1], key


def test_every_room_is_opened_by_its_page():
    """Each room has a README of its own."""
    rooms = [path for path in (ROOT / "src" / "suyuan").iterdir() if (path / "__init__.py").is_file()]
    assert rooms
    assert [room.name for room in rooms if not (room / "README.md").is_file()] == []


def test_no_committed_file_names_a_registry_or_a_folder_of_this_machine():
    """The lock and everything else stay free of index addresses and absolute paths of the machine that made them."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    forbidden = re.compile(
        "|".join(["py" + r"pi\.org", "pythonhosted" + r"\.org", "npm" + r"js\.org", "/wo" + "rk/", "/ro" + r"ot/"])
    )
    found = []
    for name in listed.stdout.split():
        path = ROOT / name
        if path.is_file():
            text = path.read_text("utf-8", errors="ignore")
            found += [f"{name}: {match.group()}" for match in forbidden.finditer(text)]
    assert not found
