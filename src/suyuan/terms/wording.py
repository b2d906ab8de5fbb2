"""Every sentence shown to a user, in Chinese and English, kept as data beside the words it uses."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "zh")


def say(key: str, lang: str = "en", **values: object) -> str:
    """Return the sentence ``key`` in a language with its values filled in.

    Parameters
    ----------
    key
        Dotted name, ``table.key`` in one of the files ``terms/texts/*.<lang>.toml``.
    lang
        ``en`` or ``zh``.
    values
        What the sentence's ``{placeholders}`` stand for.

    Raises
    ------
    KeyError
        If no file holds the key: a mistake of the program, not of its user.

    Examples
    --------
    >>> say("file.absent", "zh", path="a.csv")
    '文件 a.csv 不存在。请检查路径和拼写。'
    """
    return sentences(lang)[key].format(**values)


@cache
def sentences(lang: str) -> dict[str, str]:
    """All sentences of a language by their dotted key.

    Raises
    ------
    ValueError
        If two files define one key.
    """
    found: dict[str, str] = {}
    folder = files("suyuan.terms") / "texts"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(f".{lang}.toml"):
            continue
        for table, keys in tomllib.loads(entry.read_text("utf-8")).items():
            for key, sentence in keys.items():
                name = f"{table}.{key}"
                if name in found:
                    raise ValueError(f"The sentence {name} is defined twice, again in {entry.name}.")
                found[name] = sentence
    return found
