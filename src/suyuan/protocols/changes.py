"""What one edition says differently from another, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.protocols.describe import Fact, describe, words
from suyuan.protocols.edition import Bilingual, Protocol


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Parameters
    ----------
    key
        Dotted place in the edition.
    label
        What it is about.
    before, after
        What the two editions say; None where an edition says nothing about it.
    """

    key: str
    label: Bilingual
    before: Bilingual | None
    after: Bilingual | None

    def sentence(self, lang: str = "en") -> str:
        """Say the difference in ``en`` or ``zh``."""
        if self.before is None and self.after is not None:
            return words("change_new", what=self.label, after=self.after).text(lang)
        if self.after is None and self.before is not None:
            return words("change_gone", what=self.label, before=self.before).text(lang)
        return words("change", what=self.label, before=self.before or "", after=self.after or "").text(lang)


def find_changes(a: Protocol, b: Protocol) -> list[Change]:
    """Differences on the way from ``a`` to ``b``, in the order of ``describe``; names and sources do not count."""
    old, new = describe(a), describe(b)
    keys = [*new, *(key for key in old if key not in new)]
    return [_change(key, old.get(key), new.get(key)) for key in keys if _value(old, key) != _value(new, key)]


def explain_changes(a: Protocol, b: Protocol, lang: str = "en") -> list[str]:
    """Differences on the way from ``a`` to ``b`` as sentences.

    Examples
    --------
    >>> from suyuan.protocols import load
    >>> print(explain_changes(load("covid19-9"), load("covid19-20"))[0])
    Close contacts, quarantine: was 7 d in a facility; 3 d health monitoring at home,
    now 5 d in a facility; 3 d quarantine at home.
    """
    return [change.sentence(lang) for change in find_changes(a, b)]


def _value(facts: dict[str, Fact], key: str) -> Bilingual | None:
    return facts[key].value if key in facts else None


def _change(key: str, old: Fact | None, new: Fact | None) -> Change:
    label = new.label if new else old.label if old else Bilingual(en=key, zh=key)
    return Change(key, label, old.value if old else None, new.value if new else None)
