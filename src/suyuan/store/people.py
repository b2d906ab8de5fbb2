"""Persons: open columns as every shelf, details sealed, found again by blind keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, cast

import msgspec
from django.db import connection

from suyuan.store import likeness
from suyuan.store import models as rows
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
            for person_id, sealed in part.values_list("person_id", "sealed"):
                found[person_id] = open_details(person_id, bytes(sealed))
        return found

    def seal(self, person_id: int, details: Details) -> None:
        """Keep the details of a person, sealed, with their blind keys."""
        self.seal_all({person_id: details})

    def seal_all(self, details: dict[int, Details]) -> None:
        """Keep the details of many persons, each with the keys under which it is found again."""
        secret = cipher()
        sealed = [
            rows.DetailsRow(person_id=i, sealed=seal_details(i, each), key_id=secret.current)
            for i, each in details.items()
        ]
        rows.DetailsRow.objects.bulk_create(
            sealed, update_conflicts=True, unique_fields=["person"], update_fields=["sealed", "key_id"], batch_size=300
        )
        people = {person.id: person for person in self.find(id=list(details))}
        for i in range(0, len(details), AT_ONCE):
            rows.PersonKeyRow.objects.filter(person_id__in=list(details)[i : i + AT_ONCE]).delete()
        keys = [
            (i, secret.blind(kind, text))
            for i, each in details.items()
            for kind, text in likeness.stored_keys(likeness_of(people[i], each))
        ]
        with connection.cursor() as cursor:
            # fifteen rows a person: the driver takes them ten times faster than the ORM
            table = rows.PersonKeyRow._meta.db_table
            cursor.executemany(f"INSERT INTO {table} (person_id, digest) VALUES (%s, %s)", keys)  # noqa: S608 - our own

    def by_codes(self, codes: Sequence[str]) -> dict[str, Person]:
        """Find persons by their number; those merged away lead to the record that took them in."""
        found = {person.code: person for person in self.find(code=list(codes))}
        while gone := {person.merged_into for person in found.values() if person.merged_into}:
            kept = {person.id: person for person in self.find(id=list(gone))}
            found = {code: kept.get(person.merged_into, person) for code, person in found.items()}
        return found

    def alike(self, wanted: Sequence[tuple[Person, Details]]) -> list[list[Alike]]:
        """For each newcomer, who may be the same person, the likeliest first; earlier newcomers by negative place."""
        prepared = [likeness.prepare(likeness_of(person, details)) for person, details in wanted]
        blocks = _candidates(prepared)
        known = {i for block in blocks for i in block}
        people = {person.id: person for person in self.find(id=list(known)) if not person.merged_into}
        opened = self.details(people)
        ready = {i: likeness.prepare(likeness_of(people[i], details)) for i, details in opened.items()}
        ready |= {-place: each for place, each in enumerate(prepared, 1)}
        answers = []
        for (person, _), newcomer, block, peers in zip(wanted, prepared, blocks, _among(prepared), strict=True):
            others = {*(i for i in block if i in ready and i != person.id), *peers}
            found = [_weigh(newcomer, i, ready[i]) for i in others]
            answers.append(sorted((each for each in found if each), key=lambda each: (-each.p, each.person_id)))
        return answers

    def move(self, gone_id: int, kept_id: int) -> dict[str, list[int]]:
        """Point every record of one person to another and say which rows moved."""
        return move_rows(gone_id, kept_id)

    def move_back(self, kept_id: int, gone_id: int, moved: dict[str, list[int]]) -> None:
        """Undo ``move``."""
        move_rows(kept_id, gone_id, only=moved)


def _candidates(prepared: list[likeness.Prepared]) -> list[set[int]]:
    """For each newcomer, ids of those who share a blind key; a key that too many share says nothing."""
    secret = cipher()
    keys = [[secret.blind(kind, text) for kind, text in likeness.blocking_keys(each)] for each in prepared]
    digests = list({digest for each in keys for digest in each})
    holders: dict[bytes, list[int]] = defaultdict(list)
    for i in range(0, len(digests), AT_ONCE):
        part = rows.PersonKeyRow.objects.filter(digest__in=digests[i : i + AT_ONCE])
        for digest, person_id in part.values_list("digest", "person_id"):
            holders[bytes(digest)].append(person_id)
    return [
        {i for digest in each if len(holders.get(digest, ())) <= likeness.MOST_CANDIDATES for i in holders[digest]}
        for each in keys
    ]


def _among(prepared: list[likeness.Prepared]) -> list[set[int]]:
    """For each newcomer, the places (from -1 downwards) of earlier newcomers who share a key with it."""
    holders: dict[likeness.Key, list[int]] = defaultdict(list)
    answers: list[set[int]] = []
    several = len(prepared) > 1
    for place, each in enumerate(prepared, 1):
        answers.append({-peer for key in likeness.blocking_keys(each) for peer in holders[key]} if several else set())
        for key in likeness.stored_keys(each) if several else ():
            holders[key].append(place)
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
