"""The hand that writes a case report: one language, one clock, the blocks of one section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from suyuan.reporting.documents.model import Block, Paragraph, Table
from suyuan.reporting.voice import Voice
from suyuan.terms import say
from suyuan.terms.wording import sentences

RECORDED = frozenset(
    {
        "classification",
        "tests",
        "isolation",
        "exposure_window",
        "tracing_window",
        "rings",
        "measures",
        "next_steps",
        "questions",
    }
)
"""Facts that offices write down; the others are asked of the case."""


class Pen:
    """Collects the blocks of one section.

    Parameters
    ----------
    voice
        Language and clock.
    """

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.lang = voice.lang
        self.blocks: list[Block] = []
        self._unasked: list[str] = []

    def say(self, key: str, **values: object) -> str:
        """Return the sentence ``key`` of the table ``case_report``."""
        return say(f"case_report.{key}", self.lang, **values)

    def word(self, word: str) -> str:
        """Say a word of a closed list; other words are shown as they are."""
        return sentences(self.lang).get(f"case_report_word.{word}", word)

    def fact(self, key: str, **values: object) -> None:
        """Write a sentence as a paragraph."""
        self.blocks.append(Paragraph(self.say(key, **values)))

    def item(self, key: str, **values: object) -> None:
        """Write a sentence as an entry of a list."""
        self.blocks.append(Paragraph(self.say(key, **values), "item"))

    def write(self, text: str) -> None:
        """Write a finished text as a paragraph."""
        self.blocks.append(Paragraph(text))

    def clauses(self, parts: Iterable[str | None]) -> str:
        """Join clauses to one sentence."""
        return self.say("comma").join(part for part in parts if part) + self.say("stop")

    def sourced(self, text: str, source: str | None) -> str:
        """Add who says so."""
        return self.say("sourced", text=text, source=self.word(source)) if source else text

    def unasked(self, name: str) -> None:
        """Remember something that is not known yet; told at the end of the section."""
        self._unasked.append(name)

    def has(self, name: str, value: object) -> bool:
        """Whether a fact is known; one that is not goes to the list of what is not yet asked."""
        if value is None:
            self.unasked(name)
        return value is not None

    def clause(self, name: str, value: object) -> str | None:
        """Say one known fact as part of a sentence."""
        return self.say(f"clause_{name}", value=value) if self.has(name, value) else None

    def table(self, caption: str, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]) -> None:
        """Write a table; columns are named by key and width, an empty caption is none."""
        self.blocks.append(
            Table(
                self.say(f"table_{caption}") if caption else "",
                tuple(say(f"case_report_column.{name}", self.lang) for name, _ in columns),
                tuple(tuple(row) for row in rows),
                tuple(width for _, width in columns),
            )
        )

    def own(self, text: str) -> None:
        """Add the investigator's own paragraphs."""
        self.blocks += [Paragraph(line.strip(), "own") for line in text.splitlines() if line.strip()]

    def finished(self) -> tuple[Block, ...]:
        """End the section with what is not yet known, and hand over its blocks."""
        asked = [self.say(f"name_{name}") for name in self._unasked if name not in RECORDED]
        recorded = [self.say(f"name_{name}") for name in self._unasked if name in RECORDED]
        for key, names in (("not_yet_asked", asked), ("not_yet_recorded", recorded)):
            if names:
                self.blocks.append(Paragraph(self.say(key, names=self.voice.series(names)), "missing"))
        return tuple(self.blocks)

    def day(self, day: date) -> str:
        """Say a civil day."""
        return self.voice.day(day)

    def moment(self, instant: datetime) -> str:
        """Say a day and a time."""
        return self.voice.moment(instant)

    def moment_or(self, instant: datetime | None, otherwise: str = "dash") -> str:
        """Say a day and a time, or the sentence that stands for a missing one."""
        return self.say(otherwise) if instant is None else self.voice.moment(instant)

    def number_or(self, number: int | None) -> str:
        """Say a count, or that it has not been made."""
        return self.say("uncounted") if number is None else f"{number:,}"

    def text_or(self, text: str | None) -> str:
        """Say a text, or a dash."""
        return self.word(text) if text else self.say("dash")
