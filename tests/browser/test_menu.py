"""Every page of the menu, for every role: it opens, asks nobody else, fits a small screen and can be read aloud."""

from __future__ import annotations

import pytest

from suyuan.terms import say

ROLES = [
    "investigator",
    "analyst",
    "commander",
    "duty_officer",
    "sampler",
    "laboratory",
    "dispatcher",
    "site_head",
    "hospital",
    "community_worker",
    "clinic",
    "information_officer",
    "auditor",
    "administrator",
]
UNLABELLED = (
    ":is(input:not([type=hidden], [type=submit]), select, textarea)"
    ":not([aria-label], [aria-labelledby], [hidden], label *)"
)


def test_every_role_has_its_test(room):
    """No role is forgotten; a resident has no page of the menu."""
    assert {*ROLES, "resident"} <= set(room.told["accounts"])
    assert set(room.told["accounts"]) - {*ROLES, "resident"} == {"night", "day", "zh", "en"}


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_menu(browse, watched, role):
    """Each page a role finds in its menu opens on a phone, in one language after the other."""
    for lang in ("zh", "en") if role in ("commander", "administrator") else ("zh",):
        sheet = browse(role, lang, size=(360, 740))
        start = sheet.goto("/me/")
        assert start.ok
        paths = [link.get_attribute("href") for link in sheet.locator("nav .nav a").all()]
        assert paths, f"{role} finds nothing in the menu"
        for path in ["/me/", *paths]:
            answer = sheet.goto(path)
            assert answer.status == 200, f"{path} answered {answer.status} to {role}"
            readable(sheet, lang)
    watched.nothing()


def readable(sheet, lang):
    """Check what a screen reader and a small screen need of a page."""
    where = sheet.url
    assert sheet.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[lang]
    assert sheet.locator("h1").count() == 1, f"{where} has not one h1"
    assert sheet.locator("h1").inner_text().strip()
    assert sheet.title().strip()
    assert sheet.locator("img:not([alt])").count() == 0
    assert sheet.locator(":is(a, button):not([aria-label]):not(:has(*)):empty:not([hidden])").count() == 0
    for found in sheet.locator(UNLABELLED).all():
        name = found.get_attribute("id")
        assert name, f"{where}: a field without label: {found.get_attribute('name')}"
        assert sheet.locator(f"label[for='{name}']").count() >= 1, f"{where}: no label for {name}"
    ids = [found.get_attribute("id") for found in sheet.locator("[id]").all()]
    assert len(ids) == len(set(ids)), f"{where}: {sorted({each for each in ids if ids.count(each) > 1})} twice"
    width = sheet.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, f"{where} is {width} wide on a phone"
    assert "skip" in sheet.locator("a").first.get_attribute("class")
    assert say("page.skip", lang) == sheet.locator("a.skip").inner_text()


def test_a_resident_is_let_into_nothing(browse):
    """An account without duties sees an empty menu and a refusal in words, not a broken page."""
    sheet = browse("resident")
    answer = sheet.goto("/")
    assert answer.status == 403
    assert sheet.locator("nav .nav a").count() == 0
    assert sheet.locator("h1").count() == 1
