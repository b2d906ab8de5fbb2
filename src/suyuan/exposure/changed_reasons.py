"""Why a contact changed: which difference of the inputs touches the meeting that made it one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

CASE_DATES = (("date_onset", "onset_corrected"), ("date_sampling", "sampling_corrected"))
ISOLATION = ("isolated_at", "isolation_corrected")
VERBS = {"add": "visit_late", "correct": "visit_corrected", "withdraw": "visit_withdrawn"}
LINGERING = timedelta(days=1)
"""How long before a meeting the stay of an infector who has left may have ended; no edition lets air linger longer."""

Row = Mapping[str, Any]
Pair = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Reasons:
    """The differences of the inputs of two answers, each pair as (before, after).

    Parameters
    ----------
    cases
        The cases by person.
    protocols
        Identifiers of the editions.
    visits
        Changes of the visit log by person; empty where they are not known.
    changed
        Persons whose row among the contacts differs.
    """

    cases: tuple[Mapping[str, Row], Mapping[str, Row]]
    protocols: tuple[str, str]
    visits: Mapping[str, list[dict[str, Any]]]
    changed: set[str]

    def of(self, contact: Row, meeting: Row | None, *, is_new: bool) -> dict[str, Any]:
        """Find the reason for one changed contact.

        Parameters
        ----------
        meeting
            The meeting that decided, or None where the two answers hold the same meetings.
        is_new
            Whether only the later answer holds it.
        """
        infector = meeting["infector_id"] if meeting else contact["infector_id_after"] or contact["infector_id_before"]
        tries = (
            self._became_case(contact["person_id"]),
            self._case_came_or_went(infector, is_new=is_new),
            self._case_dates(infector, meeting, is_new=is_new),
            self._visit(contact["person_id"], infector, meeting),
            self._infector(contact["person_id"], infector),
            self._protocol(),
            self._unseen_visit(contact["person_id"], meeting, is_new=is_new),
        )
        reason, about, details = next(found for found in tries if found is not None)
        evidence = meeting or {"infector_id": infector, "place_id": None, "start": None, "end": None}
        return {
            "reason": reason,
            "about_id": about,
            "detail_before": _text(details[0]),
            "detail_after": _text(details[1]),
            **{name: evidence[name] for name in ("infector_id", "place_id", "start", "end")},
        }

    def _became_case(self, person: str) -> tuple[str, str, Pair] | None:
        was, now = (person in cases for cases in self.cases)
        if was == now:
            return None
        return ("became_case" if now else "no_longer_case"), person, (None, None)

    def _case_came_or_went(self, infector: str, *, is_new: bool) -> tuple[str, str, Pair] | None:
        was, now = (infector in cases for cases in self.cases)
        if is_new and now and not was:
            return "new_case", infector, (None, None)
        if not is_new and was and not now:
            return "case_removed", infector, (None, None)
        return None

    def _case_dates(self, infector: str, meeting: Row | None, *, is_new: bool) -> tuple[str, str, Pair] | None:
        """Name a corrected date, if the meeting lies outside the window of the answer that does not hold it."""
        was, now = (cases.get(infector) for cases in self.cases)
        if was is None or now is None:
            return None
        window = was if is_new else now
        if meeting is None:
            names: Iterable[tuple[str, str]] = (*CASE_DATES, ISOLATION)
        elif window["window_to"] is not None and meeting["end"] > window["window_to"]:
            names = (ISOLATION, *CASE_DATES)
        elif window["window_from"] is not None and meeting["start"] < window["window_from"]:
            names = CASE_DATES
        else:
            return None
        for name, reason in names:
            if was[name] != now[name]:
                return reason, infector, (was[name], now[name])
        return None

    def _visit(self, person: str, infector: str, meeting: Row | None) -> tuple[str, str, Pair] | None:
        if meeting is None:
            return None
        for who, slack in ((person, timedelta(0)), (infector, LINGERING)):
            touching = [
                visit
                for visit in self.visits.get(who, [])
                if visit["verb"] in VERBS and _touches(visit, meeting, slack)
            ]
            if touching:
                # of a correction and the row it brought, the correction says more
                verb = max((visit["verb"] for visit in touching), key=list(VERBS).index)
                verb = "correct" if any(visit["verb"] == "correct" for visit in touching) else verb
                return VERBS[verb], who, (None, None)
        return None

    def _infector(self, person: str, infector: str) -> tuple[str, str, Pair] | None:
        if infector in self.changed and infector != person:
            return "infector_changed", infector, (None, None)
        return None

    def _protocol(self) -> tuple[str, str, Pair] | None:
        if self.protocols[0] == self.protocols[1]:
            return None
        return "protocol_changed", self.protocols[1], self.protocols

    def _unseen_visit(self, person: str, meeting: Row | None, *, is_new: bool) -> tuple[str, str, Pair]:
        """Name what remains: the record of the meeting itself, if there is one."""
        if meeting is None:
            return "not_explained", person, (None, None)
        return ("meeting_came" if is_new else "meeting_went"), person, (None, None)


def _touches(visit: Row, meeting: Row, slack: timedelta) -> bool:
    same_place = visit["place_id"] == meeting["place_id"]
    return bool(same_place and visit["t_in"] < meeting["end"] and visit["t_out"] + slack > meeting["start"])


def _text(detail: object) -> str | None:
    if detail is None:
        return None
    return detail.strftime("%Y-%m-%d %H:%M") if isinstance(detail, datetime) else str(detail)
