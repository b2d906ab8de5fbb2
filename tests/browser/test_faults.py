"""What goes wrong in an officer's hands is said in words, and nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest

from suyuan.terms import say

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


def test_a_lost_update_shows_both_texts(browse, room):
    """Two officers write in one interview: the second sees both texts, keeps the own one, and may save it then."""
    first, second = browse("investigator"), browse("night")
    path = f"/investigations/{room.told['investigation']}/form/"
    for sheet in (first, second):
        sheet.goto(path)
    first.locator("textarea[name=questions]").fill("Where was lunch?")
    expect(first.locator("[data-saved][data-state=saved]")).to_be_visible()
    second.locator("textarea[name=questions]").fill("Who drove?")
    expect(second.locator("[data-saved][data-state=failed]")).to_be_visible()
    second.locator(".bulk button.main").click()
    expect(second.locator(".notice.warning[role=alert]")).to_be_visible()
    expect(second.locator("textarea[name=questions]")).to_have_value("Who drove?")
    expect(second.locator("main")).to_contain_text("Where was lunch?")
    second.locator(".bulk button.main").click()
    expect(second.locator(".notice.warning[role=alert]")).to_have_count(0)
    first.reload()
    expect(first.locator("textarea[name=questions]")).to_have_value("Who drove?")


def test_an_older_page_may_not_overwrite(browse, room):
    """A decision on a case that changed meanwhile is refused with a sentence; the dialog keeps what was typed."""
    older, newer = browse("commander", "en"), browse("night", "en")
    for sheet in (older, newer):
        sheet.goto(f"/cases/{room.told['second']}/")
    newer.locator("[data-opens=correct]").click()
    newer.locator("#k-generation").fill("1")
    newer.locator("#correct-reason").fill("seen in the chain")
    newer.locator("dialog#correct button:not([data-closes])").click()
    expect(newer.locator("#notice .notice.success")).to_be_visible()
    older.locator("[data-opens=correct]").click()
    older.locator("#k-generation").fill("2")
    older.locator("#correct-reason").fill("a long reason that took time to write")
    older.locator("dialog#correct button:not([data-closes])").click()
    expect(older.locator(".notice.problem:visible")).to_be_visible()
    expect(older.locator("#correct-reason")).to_have_value("a long reason that took time to write")


def test_a_double_click_does_it_once(browse, room):
    """An impatient second click opens no second incident."""
    sheet = browse("commander", "en")
    sheet.goto("/incidents/open/")
    sheet.locator("#name").fill("Twice clicked")
    sheet.locator("#reason").fill("impatience")
    sheet.locator("main form.card button.main").dblclick()
    expect(sheet.locator("h1")).to_have_text("Twice clicked")
    sheet.goto("/incidents/")
    expect(sheet.locator("tbody tr", has_text="Twice clicked")).to_have_count(1)


def test_an_ended_session_keeps_the_draft(browse, room):
    """Whoever was signed out while writing is told that nothing was saved; the text is there after signing in again."""
    sheet = browse("investigator", "en")
    path = f"/investigations/{room.told['investigation']}/form/"
    sheet.goto(path)
    sheet.context.clear_cookies(name="sessionid")
    sheet.locator("textarea[name='own.summary'], textarea[name^='own.']").first.fill(
        "Typed after the end of the session"
    )
    expect(sheet.locator("[data-saved][data-state=failed]")).to_contain_text(re.compile("Not saved"))
    value = room.told["accounts"]["investigator"]["session"]
    sheet.context.add_cookies([{"name": "sessionid", "value": value, "url": room.address}])
    expect(sheet.locator("[data-saved][data-state=saved]")).to_be_visible()
    sheet.reload()
    expect(sheet.locator("textarea[name^='own.']").first).to_have_value("Typed after the end of the session")


def test_a_refused_form_keeps_what_was_typed(browse, room):
    """A case that cannot be reported is refused in words on the same page, with every field as it was."""
    sheet = browse("commander", "en")
    sheet.goto("/cases/new/")
    sheet.locator("#r-incident").select_option(str(room.told["incident"]))
    sheet.locator("#r-code").fill("M-1")
    sheet.locator("#r-reason").fill("reported by telephone")
    sheet.locator("main form.card button.main").click()
    expect(sheet.locator("#notice .notice.problem")).to_contain_text("case 1")
    expect(sheet.locator("#r-reason")).to_have_value("reported by telephone")


def test_a_bad_file_says_why(browse, room, tmp_path):
    """A file that is no table, and a table with bad rows, each say what is wrong and how to go on."""
    sheet = browse("duty_officer", "en")
    broken = tmp_path / "people.xlsx"
    broken.write_bytes(b"this is no workbook")
    sheet.goto("/uploads/")
    sheet.locator("#file").set_input_files(broken)
    sheet.locator("form[enctype] button.main").click()
    expect(sheet.locator(".notice.problem")).to_contain_text("people.xlsx")

    rows = tmp_path / "people.csv"
    rows.write_text("code,area\nU-1,990101001001\nU-2,nowhere\n", "utf-8")
    sheet.locator("#file").set_input_files(rows)
    sheet.locator("form[enctype] button.main").click()
    expect(sheet.locator("#progress a[download]")).to_be_visible()
    with sheet.expect_download() as taken:
        sheet.locator("#progress a[download]").click()
    assert "nowhere" in taken.value.path().read_text("utf-8-sig")


def test_a_page_of_another_district_is_not_there(browse, room):
    """What lies outside an officer's reach answers in words, in the frame, with a way back."""
    sheet = browse("laboratory", "en")
    answer = sheet.goto(f"/cases/{room.told['case']}/")
    assert answer.status in (403, 404)
    expect(sheet.locator("h1")).to_be_visible()
    expect(sheet.locator("main .notice.problem")).to_be_visible()
    assert say("page.brand", "en") in sheet.title()
