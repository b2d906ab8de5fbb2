"""Without a mouse: from the door to a signature."""

from __future__ import annotations

import pytest

from suyuan.terms import say

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


def test_from_the_door_to_a_signature_by_keyboard(browse, room, watched, authenticator):
    """An officer without a mouse signs in, finds help, and signs one order; where the focus is can always be seen."""
    sheet = browse("", "en")
    keys = sheet.keyboard
    sheet.goto("/")
    reach(sheet, "[name=login]")
    keys.type("day")
    reach(sheet, "[name=password]")
    keys.type(room.told["password"])
    keys.press("Enter")
    sheet.wait_for_url("**/2fa/authenticate/**")
    reach(sheet, "[name=code]")
    keys.type(authenticator(room.told["secret"]))
    keys.press("Enter")
    expect(sheet.locator("#board-figures")).to_be_visible()

    keys.press("Tab")
    expect(sheet.locator("a.skip")).to_be_focused()
    expect(sheet.locator("a.skip")).to_be_in_viewport()
    keys.press("Enter")
    expect(sheet.locator("main#content")).to_be_focused()

    keys.press("?")
    expect(sheet.locator("dialog[open]")).to_contain_text(say("island.keys_title", "en"))
    keys.press("Escape")
    expect(sheet.locator("dialog[open]")).to_have_count(0)

    keys.press("o")
    expect(sheet.locator("h1")).to_have_text(say("orders_page.title", "en"))
    reach(sheet, f"a[href^='/orders/waiting/?incident={room.told['incident']}&']")
    keys.press("Enter")
    reach(sheet, "#rows tbody input[type=checkbox]")
    order = sheet.locator("#rows tbody input[type=checkbox]").first.get_attribute("value")
    keys.press("Space")
    reach(sheet, "button[formaction$='/approve_orders/']")
    keys.press("Enter")
    expect(sheet.locator("dialog[open] button").first).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(sheet.locator("#notice .notice.success")).to_be_visible()
    sheet.goto(f"/orders/{order}/")
    expect(sheet.locator(".head .chip.state-signed")).to_be_visible()
    watched.nothing()


def test_a_dialog_keeps_and_returns_the_focus(browse, room):
    """A dialog opens with its first field in focus, Escape closes it, and the focus is back where it was."""
    sheet = browse("commander", "en")
    sheet.goto(f"/cases/{room.told['case']}/")
    opener = sheet.locator("[data-opens=rule-out]")
    opener.focus()
    sheet.keyboard.press("Enter")
    expect(sheet.locator("dialog#rule-out textarea")).to_be_focused()
    sheet.keyboard.press("Escape")
    expect(sheet.locator("dialog#rule-out")).to_be_hidden()
    expect(opener).to_be_focused()


def reach(sheet, selector, steps=80):
    """Press Tab until the first such element has the focus; each stop on the way can be seen."""
    wanted = sheet.locator(selector).first
    wanted.wait_for()
    for _ in range(steps):
        if wanted.and_(sheet.locator(":focus")).count():
            return
        sheet.keyboard.press("Tab")
        now = sheet.locator(":focus")
        if now.count():
            outline = now.evaluate("one => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow")
            assert outline != "nonenone", f"the focus cannot be seen on {now.evaluate('one => one.outerHTML')[:200]}"
    raise AssertionError(f"{selector} is not reached by Tab on {sheet.url}")
