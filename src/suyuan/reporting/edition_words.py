"""The edition that was applied, its clocks, and where its numbers come from."""

from __future__ import annotations

from suyuan.protocols import Protocol as Edition
from suyuan.protocols import Source
from suyuan.reporting.frame import listed
from suyuan.reporting.markup import Markup, el, together
from suyuan.reporting.voice import Voice


def edition_section(edition: Edition, voice: Voice) -> Markup:
    """Tell the edition and, folded, its sources."""
    summary = el("summary", voice.say("edition_sources", n=len(edition.sources)))
    return together(listed(edition_lines(edition, voice)), el("details", summary, listed(source_lines(edition, voice))))


def edition_lines(edition: Edition, voice: Voice) -> list[str]:
    """Say which edition was applied, its window, its day 0 and its clocks."""
    window = edition.tracing_window
    lines = [
        voice.say("edition_name", name=edition.name.text(voice.lang), id=edition.id, issued=edition.issued.isoformat()),
        voice.say(
            "edition_window",
            onset=voice.count("days", window.days_before_onset),
            sampling=voice.count("days", window.days_before_sampling),
            horizon=voice.count("days", window.days_after_onset),
        ),
    ]
    if edition.onset is not None:
        lines.append(voice.say("edition_onset", text=edition.onset.text(voice.lang)))
    for key, clock in edition.clocks.items():
        text = clock.text.text(voice.lang) if clock.text is not None else key
        lines.append(voice.say("edition_clock", text=text, hours=voice.count("hours", clock.hours)))
    return lines


def source_lines(edition: Edition, voice: Voice) -> list[str]:
    """Name every document and paper the edition's numbers come from."""
    return [f"[{key}] {source_words(source, voice)}" for key, source in edition.sources.items()]


def source_words(source: Source, voice: Voice) -> str:
    """Write a source as plain text; addresses lose their scheme, so that no program makes a link of them."""
    parts = [source.issuer, source.title, source.date, source.clause, f"doi:{source.doi}" if source.doi else ""]
    text = ", ".join(part for part in parts if part) + f" ({voice.say(f'status_{source.status}')})"
    text = f"{text}. {source.note}" if source.note else text
    return text.replace("https://", "").replace("http://", "")
