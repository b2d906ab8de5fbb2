"""Finding a font with Chinese characters: the one in the package first, then the machine's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from suyuan.terms import NothingFound

FONT_VARIABLE = "SUYUAN_PDF_FONT"
PACKAGED = Path(__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"

# file name and number of the simplified Chinese face in it (collections hold several)
KNOWN_FACES = {
    "NotoSansSC-Regular.ttf": 0,
    "NotoSansSC-Regular.otf": 0,
    "NotoSansCJKsc-Regular.otf": 0,
    "SourceHanSansSC-Regular.otf": 0,
    "NotoSansCJK-Regular.ttc": 2,
    "wqy-microhei.ttc": 0,
    "wqy-zenhei.ttc": 0,
    "DroidSansFallbackFull.ttf": 0,
    "simsun.ttc": 0,
    "msyh.ttc": 0,
    "simhei.ttf": 0,
    "Arial Unicode.ttf": 0,
}
FOLDERS = (
    "~/.local/share/fonts",
    "~/.fonts",
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "~/Library/Fonts",
    "/Library/Fonts",
    "/System/Library/Fonts/Supplemental",
    "C:/Windows/Fonts",
)


@dataclass(frozen=True)
class Font:
    """A font file and the number of the face in it."""

    path: Path
    face: int = 0


def find_font(folders: Iterable[Path] | None = None, packaged: Path = PACKAGED) -> Font:
    """Find a font that has Chinese characters.

    Parameters
    ----------
    folders
        Where to look when the package came without its font; the machine's usual font folders if None.
    packaged
        The font that the build puts into the package.

    Returns
    -------
    Font
        The file named by the environment variable ``SUYUAN_PDF_FONT``, else the packaged one, else the first known
        one of the machine.

    Raises
    ------
    NothingFound
        If there is none, or the variable names no file.
    """
    named = os.environ.get(FONT_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise NothingFound("document.font_named_absent", path=named, variable=FONT_VARIABLE)
        return Font(Path(named), KNOWN_FACES.get(Path(named).name, 0))
    if packaged.is_file():
        return Font(packaged)
    searched = [Path(folder).expanduser() for folder in FOLDERS] if folders is None else list(folders)
    found = {path.name: path for path in _files(searched)}
    for name, face in KNOWN_FACES.items():
        if name in found:
            return Font(found[name], face)
    raise NothingFound("document.font_absent", variable=FONT_VARIABLE)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from folder.rglob("*.[toTO][tT][fcFC]")
