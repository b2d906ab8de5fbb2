"""Persons: open columns as every shelf, details sealed, found again by blind keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Literal, cast

import msgspec
from django.db import connection

from suyuan.store import likeness
from suyuan.store import models as rows
from suyuan.store.cipher import Cipher
from suyuan.store.mapping import Mapping
from suyuan.store.moving import move_rows
from suyuan.store.secrets import cipher
from suyuan.store.shelf import AT_ONCE, RowShelf
from suyuan.terms import Alike, Band, Details, IdentityKind, Person

BANDS = {
    likeness.Band.CERTAIN: Band.CERTAIN,
    likeness.Band.LIKELY: Band.LIKELY,
    likeness.Band.POSSIBLE: Band.POSSIBLE,
}


class PeopleShelf(RowShelf[Person]):
    """See ``actions.ports.People``."""

    def __init__(self) -> None:
        super().__init__(Mapping(Person, rows.PersonRow))

    def details(self, person_ids: Iterable[int]) -> dict[int, Details]:
        """Open the sealed details of some persons; who has none is absent."""
        ids = sorted(set(person_ids))
        found: dict[int, Details] = {}
        for i in range(0, len(ids), AT_ONCE):
            part = rows.DetailsRow.objects.filter(person_id__in=ids[i : i + AT_ONCE])
            for person_id, sealed in part.order_by("person_id").values_list("person_id", "sealed"):
                found[person_id] = open_details(person_id, bytes(sealed))
        return found

    def seal(self, person_id: int, details: Details) -> None:
        """Keep the details of a person, sealed, with their blind keys."""
        self.seal_all({person_id: details})

    def seal_all(self, details: dict[int, Details]) -> None:
        """Keep the details of many persons, each with the keys under which it is found again."""
        for i in range(0, len(details), AT_ONCE):
            part = list(details)[i : i + AT_ONCE]
            rows.PersonKeyRow.objects.filter(person_id__in=part).delete()
            rows.DetailsRow.objects.filter(person_id__in=part).delete()
        people = {person.id: person for person in self.find(id=list(details))}
        self._seal([(people[i], each) for i, each in details.items()])

    def enrol(self, newcomers: Sequence[tuple[Person, Details]]) -> list[Person]:
        """Keep new persons together with their sealed details and keys."""
        people = self.add_all([person for person, _ in newcomers])
        self._seal([(person, details) for person, (_, details) in zip(people, newcomers, strict=True)])
        return people

    def _seal(self, people: Sequence[tuple[Person, Details]]) -> None:
        """Write details and keys of persons who have none."""
        secret = cipher()
        sealed = [(person.id, seal_details(person.id, details), secret.current) for person, details in people]
        found = [(person.id, key) for person, details in people for key in ready(secret, person, details).stored]
        keys = sorted(found, key=itemgetter(1))  # in the order of the index, which is far larger than the cache
        with connection.cursor() as cursor:
            # fifteen keys a person: the driver takes them ten times faster than the ORM
            for row, names, values in (
                (rows.DetailsRow, "person_id, sealed, key_id", sealed),
                (rows.PersonKeyRow, "person_id, digest", keys),
            ):
                places = ", ".join(["%s"] * len(names.split(",")))
                cursor.executemany(f"INSERT INTO {row._meta.db_table} ({names}) VALUES ({places})", values)  # noqa: S608 - our own

    def by_codes(self, codes: Sequence[str]) -> dict[str, Person]:
        """Find persons by their number; those merged away lead to the record that took them in."""
        found = {person.code: person for person in self.find(code=list(codes))}
        while gone := {person.merged_into for person in found.values() if person.merged_into}:
            kept = {person.id: person for person in self.find(id=list(gone))}
            found = {code: kept.get(person.merged_into, person) for code, person in found.items()}
        return found

    def alike(self, wanted: Sequence[tuple[Person, Details]]) -> list[list[Alike]]:
        """For each newcomer, who may be the same person, the likeliest first; earlier newcomers by negative place."""
        secret = cipher()
        newcomers = [ready(secret, person, details) for person, details in wanted]
        blocks = _candidates(newcomers)
        people = {person.id: person for person in self.find(id=list(set().union(*blocks))) if not person.merged_into}
        opened = self.details(people)
        others = {i: likeness.prepare(likeness_of(people[i], details)) for i, details in opened.items()}
        others |= {-place: each.prepared for place, each in enumerate(newcomers, 1)}
        answers = []
        for (person, _), newcomer, block, peers in zip(wanted, newcomers, blocks, _among(newcomers), strict=True):
            near = {*(i for i in block if i in others and i != person.id), *peers}
            found = [_weigh(newcomer.prepared, i, others[i]) for i in near]
            answers.append(sorted((each for each in found if each), key=lambda each: (-each.p, each.person_id)))
        return answers

    def move(self, gone_id: int, kept_id: int) -> dict[str, list[int]]:
        """Point every record of one person to another and say which rows moved."""
        return move_rows(gone_id, kept_id)

    def move_back(self, kept_id: int, gone_id: int, moved: dict[str, list[int]]) -> None:
        """Undo ``move``."""
        move_rows(kept_id, gone_id, only=moved)


@dataclass(frozen=True, slots=True, repr=False)
class Ready:
    """A person in comparable form, with the digests of the keys to write and of those to look up."""

    prepared: likeness.Prepared
    stored: tuple[bytes, ...]
    asked: tuple[bytes, ...]


def ready(secret: Cipher, person: Person, details: Details) -> Ready:
    """Make a person ready; who was made ready a moment ago, for a comparison, is not made so again to be written."""
    return _ready(secret, likeness_of(person, details))


@lru_cache(maxsize=2 * AT_ONCE)
def _ready(secret: Cipher, details: likeness.Details) -> Ready:
    prepared = likeness.prepare(details)
    stored, asked = likeness.stored_keys(prepared), likeness.blocking_keys(prepared)
    digests = {key: secret.blind(*key) for key in {*stored, *asked}}
    return Ready(prepared, tuple(digests[key] for key in stored), tuple(digests[key] for key in asked))


def _candidates(newcomers: Sequence[Ready]) -> list[set[int]]:
    """For each newcomer, ids of those who share a blind key; a key that too many share says nothing."""
    digests = list({digest for each in newcomers for digest in each.asked})
    holders: dict[bytes, list[int]] = defaultdict(list)
    for i in range(0, len(digests), AT_ONCE):
        part = rows.PersonKeyRow.objects.filter(digest__in=digests[i : i + AT_ONCE])
        for digest, person_id in part.values_list("digest", "person_id"):
            holders[bytes(digest)].append(person_id)
    common = {digest for digest, people in holders.items() if len(people) > likeness.MOST_CANDIDATES}
    return [
        {i for digest in each.asked if digest in holders and digest not in common for i in holders[digest]}
        for each in newcomers
    ]


def _among(newcomers: Sequence[Ready]) -> list[set[int]]:
    """For each newcomer, the places (from -1 downwards) of earlier newcomers who share a key with it."""
    holders: dict[bytes, list[int]] = defaultdict(list)
    answers: list[set[int]] = []
    for place, each in enumerate(newcomers, 1):
        answers.append({-peer for digest in each.asked if digest in holders for peer in holders[digest]})
        for digest in each.stored:
            holders[digest].append(place)
    return answers


def _weigh(newcomer: likeness.Prepared, person_id: int, other: likeness.Prepared) -> Alike | None:
    match = likeness.score(newcomer, other)
    band = BANDS.get(match.band)
    if band is None:
        return None
    return Alike(person_id=person_id, p=match.p, band=band, reasons=tuple(reason.key for reason in match.reasons))


def likeness_of(person: Person, details: Details) -> likeness.Details:
    """Pick what duplicate finding compares."""
    sex = cast("Literal['female', 'male']", person.sex) if person.sex in ("female", "male") else None
    return likeness.Details(
        name=details.name,
        other_names=details.other_names,
        identity_kind=details.identity_kind.value,
        identity_number=details.identity_number if details.identity_kind is not IdentityKind.NONE else "",
        telephones=details.telephones,
        birth_date=details.birth_date,
        birth_year=person.birth_year,
        sex=sex,
        address=details.address,
    )


def seal_details(person_id: int, details: Details) -> bytes:
    """Seal details, bound to their person."""
    return cipher().seal(msgspec.json.encode(details), f"details:{person_id}".encode())


def open_details(person_id: int, sealed: bytes) -> Details:
    """Open sealed details."""
    plain = cipher().open_sealed(sealed, f"details:{person_id}".encode())
    return msgspec.json.decode(plain, type=Details)
