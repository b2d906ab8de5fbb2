"""Details as people write them, checked and brought into one form before they are sealed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from suyuan.terms import BadInput, Details, IdentityKind
from suyuan.terms.identity_documents import read_passport, read_resident_number, read_telephone


@dataclass(frozen=True, slots=True)
class Known:
    """What a resident number says about its holder."""

    sex: str = ""


def checked_details(details: Details) -> tuple[Details, Known]:
    """Return details in one form, with birth date and sex from the resident number where it holds them.

    Raises
    ------
    BadInput
        If a number cannot be right, or the birth date is not that of the resident number.
    """
    known = Known()
    if details.identity_kind is IdentityKind.RESIDENT:
        number = read_resident_number(details.identity_number)
        if details.birth_date and details.birth_date != number.born:
            raise BadInput("people.birth_not_of_number")
        details = replace(details, identity_number=number.text, birth_date=number.born)
        known = Known(number.sex)
    elif details.identity_kind is IdentityKind.PASSPORT:
        details = replace(details, identity_number=read_passport(details.identity_number))
    elif details.identity_number:
        raise BadInput("people.number_without_kind")
    telephones = tuple(dict.fromkeys(read_telephone(each).number for each in details.telephones))
    return replace(details, name=" ".join(details.name.split()), telephones=telephones), known
