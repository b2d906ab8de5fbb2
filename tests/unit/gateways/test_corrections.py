"""Files of corrections."""

from __future__ import annotations

import pytest

from suyuan.gateways import Correction, read_corrections
from suyuan.terms import PlaceKind

COLUMNS = "action,person_id,place_id,t_in,t_out,zone,place_kind,new_place_id,new_zone,new_t_in,new_t_out,reason"
HEADER = f"{COLUMNS}\n"
SPAN = "2022-06-28 08:00,2022-06-28 09:00"
T = 1656374400


def test_good_corrections(write, options):
    """The three actions are read with what they name and what is new."""
    text = (
        f"{HEADER}withdraw,P1,S1,{SPAN},,,,,,,phone was lent\n"
        f"correct,P1,S1,{SPAN},A,,S2,B,2022-06-28 08:30,,interview\n"
        f"add,P2,S1,{SPAN},,ward,,,,,interview\n"
    )
    corrections, rejects = read_corrections(write(text), options())
    assert corrections == [
        Correction("withdraw", "P1", "S1", T, T + 3600, "phone was lent", 2),
        Correction(
            "correct", "P1", "S1", T, T + 3600, "interview", 3, "A", new_place_id="S2", new_zone="B", new_t_in=T + 1800
        ),
        Correction("add", "P2", "S1", T, T + 3600, "interview", 4, place_kind=PlaceKind.WARD),
    ]
    assert len(rejects) == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"delete,P1,S1,{SPAN},,,,,,,why", "unknown_action"),
        (f",P1,S1,{SPAN},,,,,,,why", "unknown_action"),
        (f"withdraw,,S1,{SPAN},,,,,,,why", "missing_person"),
        (f"withdraw,P1,,{SPAN},,,,,,,why", "missing_place"),
        (f"withdraw,P1,S1,{SPAN},,,,,,,", "missing_reason"),
        ("withdraw,P1,S1,2022-06-28 08:00,,,,,,,,why", "missing_time"),
        ("withdraw,P1,S1,2022-06-28 08:00,x,,,,,,,why", "unparsable_time"),
        ("withdraw,P1,S1,2022-06-28 08:00,2022-06-28,,,,,,,why", "date_without_time"),
        (f"correct,P1,S1,{SPAN},,,,,,,why", "missing_new"),
        (f"correct,P1,S1,{SPAN},,,S2 ,,,,why", "blank_around"),
        (f"correct,P1,S1,{SPAN},,,,,2022-06-28 09:01,,why", "end_before_start"),
        (f"correct,P1,S1,{SPAN},,,,,,2022-06-28 07:00,why", "end_before_start"),
        (f"correct,P1,S1,{SPAN},,,,,2022-06-01 07:00,,why", "too_long"),
        (f"add,P1,S1,{SPAN},,castle,,,,,why", "unknown_kind"),
    ],
)
def test_bad_corrections(write, options, row, reason):
    """Each faulty correction comes back with its reason."""
    good = f"withdraw,P1,S1,{SPAN},,,,,,,why"
    corrections, rejects = read_corrections(write(f"{HEADER}{good}\n{row}\n{good}\n"), options())
    assert ([each.row for each in corrections], rejects.all_reasons()) == ([2, 4], [(reason,)])
