"""Pictures of the main pages, for whoever changes them to look at."""

from __future__ import annotations

import pytest

WIDE, DESK, PHONE = (1920, 1080), (1440, 900), (390, 844)
PAGES = [
    ("board", "/", "commander", WIDE),
    ("board-phone", "/", "commander", PHONE),
    ("board-incident", "/?incident={incident}", "commander", WIDE),
    ("incidents", "/incidents/", "commander", DESK),
    ("incident", "/incidents/{incident}/", "commander", DESK),
    ("tasks", "/tasks/", "commander", DESK),
    ("tasks-phone", "/tasks/", "commander", PHONE),
    ("task", "/tasks/{task}/", "commander", DESK),
    ("cases", "/cases/", "commander", DESK),
    ("case", "/cases/{case}/", "commander", DESK),
    ("case-phone", "/cases/{case}/", "commander", PHONE),
    ("contacts", "/contacts/?incident_id={incident}", "commander", DESK),
    ("contacts-phone", "/contacts/?incident_id={incident}", "commander", PHONE),
    ("contact", "/contacts/{contact}/", "commander", DESK),
    ("orders", "/orders/", "commander", DESK),
    ("order", "/orders/{order}/", "commander", DESK),
    ("order-notice", "/orders/{order}/notice/", "commander", DESK),
    ("restrictions", "/restrictions/", "commander", DESK),
    ("contest", "/contests/{contest}/", "night", DESK),
    ("follow-ups", "/follow-ups/", "commander", DESK),
    ("follow-up", "/follow-ups/{follow_up}/", "commander", DESK),
    ("follow-up-phone", "/follow-ups/{follow_up}/", "commander", PHONE),
    ("investigations", "/investigations/", "investigator", DESK),
    ("investigation", "/investigations/{investigation}/", "investigator", DESK),
    ("interview", "/investigations/{investigation}/form/", "investigator", DESK),
    ("interview-phone", "/investigations/{investigation}/form/", "investigator", PHONE),
    ("report", "/investigations/{investigation}/report/", "investigator", DESK),
    ("chain", "/incidents/{incident}/chain/", "commander", DESK),
    ("people", "/people/", "duty_officer", DESK),
    ("person", "/people/{person}/", "duty_officer", DESK),
    ("register", "/people/new/", "duty_officer", DESK),
    ("uploads", "/uploads/", "duty_officer", DESK),
    ("audit", "/audit/", "auditor", DESK),
    ("officers", "/officers/", "administrator", DESK),
    ("sign-in", "/accounts/login/", "", DESK),
    ("open-incident", "/incidents/open/", "commander", DESK),
    ("report-case", "/cases/new/", "commander", DESK),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pictures_are_kept(browse, room, screenshots, watched, lang):
    """Every main page can be pictured, with its drawings drawn and nothing wrong in the browser."""
    sheets = {}
    for name, path, account, size in PAGES:
        sheet = sheets.get((account, size)) or browse(account, lang, size=size)
        sheets[account, size] = sheet
        answer = sheet.goto(path.format(**room.told))
        assert answer.status == 200, f"{path} answered {answer.status}"
        for island in sheet.locator("[data-island]").all():
            island.and_(sheet.locator("[data-ready], :has(.state.failed)")).wait_for()
        sheet.screenshot(path=screenshots / f"{name}.{lang}.png", full_page=True)
    watched.nothing()
