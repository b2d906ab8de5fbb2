"""Persons: open columns as every shelf, details sealed, found again by blind keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from suyuan.store import models as rows
from suyuan.store.mapping import Mapping
from suyuan.store.moving import move_rows
from suyuan.store.secrets import cipher
from suyuan.store.shelf import AT_ONCE, RowShelf
from suyuan.terms import Details, Person

MOST_ALIKE = 500
"""A blind key that this many share says nothing about identity."""


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
        """Keep the details of many persons."""
        from suyuan.store.likeness import blocking_keys

        secret = cipher()
        sealed = [
            rows.DetailsRow(person_id=i, sealed=seal_details(i, each), key_id=secret.current)
            for i, each in details.items()
        ]
        rows.DetailsRow.objects.bulk_create(
            sealed, update_conflicts=True, unique_fields=["person"], update_fields=["sealed", "key_id"], batch_size=300
        )
        ids = list(details)
        for i in range(0, len(ids), AT_ONCE):
            rows.PersonKeyRow.objects.filter(person_id__in=ids[i : i + AT_ONCE]).delete()
        keys = [
            rows.PersonKeyRow(person_id=i, digest=secret.blind(kind, text))
            for i, each in details.items()
            for kind, text in blocking_keys(likeness_of(each))
        ]
        rows.PersonKeyRow.objects.bulk_create(keys, batch_size=300)

    def by_codes(self, codes: Sequence[str]) -> dict[str, Person]:
        """Find persons by their number; those merged away lead to the record that took them in."""
        found = {person.code: person for person in self.find(code=list(codes))}
        gone = {person.merged_into for person in found.values() if person.merged_into}
        while gone:
            kept = {person.id: person for person in self.find(id=list(gone))}
            found = {code: kept.get(person.merged_into, person) for code, person in found.items()}
            gone = {person.merged_into for person in found.values() if person.merged_into}
        return found

    def alike(self, details: Details, birth_year: int | None = None) -> list[int]:  # noqa: ARG002 - part of the port
        """Ids of persons that share a blind key for duplicates."""
        from suyuan.store.likeness import blocking_keys

        secret = cipher()
        ids: set[int] = set()
        for kind, text in blocking_keys(likeness_of(details)):
            same = rows.PersonKeyRow.objects.filter(digest=secret.blind(kind, text))
            block = list(same.values_list("person_id", flat=True)[: MOST_ALIKE + 1])
            if len(block) <= MOST_ALIKE:
                ids.update(block)
        return sorted(ids)

    def move(self, gone_id: int, kept_id: int) -> dict[str, list[int]]:
        """Point every record of one person to another and say which rows moved."""
        return move_rows(gone_id, kept_id)

    def move_back(self, kept_id: int, gone_id: int, moved: dict[str, list[int]]) -> None:
        """Undo ``move``."""
        move_rows(kept_id, gone_id, only=moved)


def likeness_of(details: Details) -> Any:
    """Pick what duplicate finding compares."""
    from suyuan.store.likeness import Likeness

    return Likeness(
        name=details.name,
        other_names=details.other_names,
        identity_kind=details.identity_kind.value,
        identity_number=details.identity_number,
        telephones=details.telephones,
        birth_date=details.birth_date,
        address=details.address,
    )


def seal_details(person_id: int, details: Details) -> bytes:
    """Seal details, bound to their person."""
    return cipher().seal(msgspec.json.encode(details), f"details:{person_id}".encode())


def open_details(person_id: int, sealed: bytes) -> Details:
    """Open sealed details."""
    plain = cipher().open_sealed(sealed, f"details:{person_id}".encode())
    return msgspec.json.decode(plain, type=Details)
