"""The board stays true by itself, says when it is not, and shows its figures without JavaScript."""

from __future__ import annotations

import re

import pytest

from suyuan.terms import say

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


def test_another_officers_deed_arrives_without_a_reload(browse, room, watched):
    """A case that a colleague reports is counted on an open board within some polls; the page is not loaded anew."""
    board, colleague = browse("commander"), browse("day")
    board.goto(f"/?incident={room.told['incident']}")
    tile = board.locator(".board-tiles .tile", has_text=say("board_tile.suspected", "zh"))
    before = int(re.search(r"\d+", tile.inner_text()).group())
    mark = board.locator("main h1").evaluate_handle("one => (one.dataset.mark = 'same', one)")
    colleague.goto("/cases/new/")
    colleague.locator("#r-incident").select_option(str(room.told["incident"]))
    colleague.locator("#r-code").fill("M-29")
    colleague.locator("main form.card button.main").click()
    expect(colleague.locator("#notice .notice.success")).to_be_visible()
    expect(tile).to_contain_text(str(before + 1))
    assert mark.evaluate("one => one.isConnected && one.dataset.mark") == "same"
    watched.nothing()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_map_and_curve_draw_under_the_policy(browse, room, watched, lang):
    """Map and curve draw themselves, offer their figures as a table, and ask no other host."""
    board = browse("commander", lang)
    board.goto(f"/?incident={room.told['incident']}")
    for kind in ("map", "curve"):
        island = board.locator(f"[data-island={kind}]")
        expect(island.and_(board.locator("[data-ready]"))).to_be_visible()
        island.get_by_role("button", name=say("island.show_table", lang)).click()
        expect(island.locator("table")).to_be_visible()
    expect(board.locator("[data-island=map] table")).to_contain_text({"zh": "东城区", "en": "Dongcheng"}[lang])
    watched.nothing()


def test_figures_without_javascript(browse, room):
    """With scripts off the counts, the plan and the waiting work are there, with a line that says what is missing."""
    board = browse("commander", java_script_enabled=False)
    answer = board.goto("/")
    assert answer.ok
    expect(board.locator(".board-tiles .tile").first).to_contain_text(re.compile(r"\d"))
    expect(board.locator(".board-waiting li").first).to_be_visible()
    expect(board.locator("noscript p, p.banner.problem").first).to_be_visible()


def test_signed_out_meanwhile_is_said(browse, room, authenticator):
    """A board whose officer was signed out elsewhere says so instead of standing still."""
    board = browse("", "en")
    sign_in(board, room, "day", authenticator)
    expect(board.locator("[data-island=map][data-ready]")).to_be_visible()
    board.context.clear_cookies(name="sessionid")
    expect(board.locator("[data-island=map] .state")).to_contain_text(say("island.signed_out", "en"))
    expect(board.locator("#notice")).to_contain_text(say("island.signed_out", "en"))


def sign_in(sheet, room, name, authenticator):
    """Come in through the door with both factors."""
    sheet.goto("/accounts/login/")
    sheet.locator("[name=login]").fill(name)
    sheet.locator("[name=password]").fill(room.told["password"])
    sheet.locator("main button.main").click()
    sheet.wait_for_url("**/2fa/authenticate/**")
    sheet.locator("[name=code]").fill(authenticator(room.told["secret"]))
    sheet.locator("main button.main").click()
