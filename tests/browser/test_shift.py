"""A whole shift in a real browser, from the first sign-in to the hand-over, in both languages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from suyuan.terms import say
from suyuan.terms.wording import sentences

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

NUMBER = re.compile(r"/(\d+)/")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_whole_shift(browse, room, watched, authenticator, lang):
    """A newcomer signs in, opens a response, finds, binds and looks after people, and hands over, without one fault."""
    page, colleague = browse("", lang), browse("night", lang)
    secret = come_in(page, room, lang, authenticator)
    incident = open_response(page, lang)
    case = confirm(page, lang, incident)
    accept_contacts(page, lang, incident)
    sign_orders(page, lang, incident)
    contest_one(page, colleague, lang)
    see_clock_turn_red(page, incident)
    follow_up_one(page, lang, incident)
    investigate(page, lang, incident, case)
    save_chain(page, incident)
    hand_over(page, colleague, room, incident)
    leave_and_return(page, room, lang, lambda: authenticator(secret))
    watched.nothing()


def come_in(page, room, name, authenticator):
    """Sign in with the first password, change it, set the second factor up; return its secret."""
    page.goto("/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(room.told["password"])
    page.locator("main button.main").click()
    page.wait_for_url("**/accounts/password/change/")
    page.locator("[name=oldpassword]").fill(room.told["password"])
    for field in ("password1", "password2"):
        page.locator(f"[name={field}]").fill(f"another pass phrase {name}")
    page.locator("main button.main").click()
    page.wait_for_url("**/2fa/totp/activate/")
    secret = page.locator("main code").inner_text().strip()
    page.locator("[name=code]").fill(authenticator(secret))
    page.locator("main button.main").click()
    page.wait_for_url("**/2fa/recovery-codes/**")
    expect(page.locator("ul.codes li")).to_have_count(10)
    page.locator("main a.button.main").click()
    expect(page.locator("#board-figures")).to_be_visible()
    return secret


def done(page, deed, lang):
    """Wait for the sentence that says the deed is done: the longest part of it without a figure."""
    parts = re.split(r"\{[^}]*\}", sentences(lang)[f"done.{deed}"])
    expect(page.locator("#notice .notice.success")).to_contain_text(max(parts, key=len).strip())
    page.wait_for_load_state()


def open_response(page, lang):
    """Open an incident, take it to the response, see the plan's tasks; return its number."""
    menu(page, "/incidents/")
    page.locator("a[data-key=n]").click()
    page.locator("#name").fill(f"Shift {lang}")
    page.locator("#visit_log").fill(f"shift-{lang}")
    page.locator("#reason").fill("one positive sample")
    page.locator("main form.card button.main").click()
    done(page, "open_incident", lang)
    for state in ("suspected", "response"):
        page.locator(f"input[name=state][value={state}]").check()
        page.locator("textarea#reason").fill("the laboratory confirms it")
        page.locator("form:has(input[name=state]) button.main").click()
        expect(page.locator(f".head .chip.state-{state}")).to_be_visible()
    expect(page.locator("#plan tbody a[href*='/tasks/?group=']").nth(11)).to_be_visible()
    return int(NUMBER.search(page.url).group(1))


def menu(page, path):
    page.locator(f"nav a[href='{path}']").click()
    expect(page.locator(f"nav a[href='{path}']")).to_have_attribute("aria-current", "page")


def fill_day(field, days):
    """Fill a field of a day, with or without a time, some days ago in the city."""
    there = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=days)
    form = "%Y-%m-%d" if field.get_attribute("type") == "date" else "%Y-%m-%dT08:00"
    field.fill(there.strftime(form))


def confirm(page, lang, incident):
    """Report a case and confirm it; its contacts are there at once."""
    menu(page, "/cases/")
    page.locator("a[href^='/cases/new/']").first.click()
    page.locator("#r-incident").select_option(str(incident))
    page.locator("#r-code").fill(f"{lang.upper()}-1")
    fill_day(page.locator("#r-onset"), 3)
    page.locator("main form.card button.main").click()
    done(page, "report_case", lang)
    page.locator("[data-opens=confirm]").click()
    page.locator("dialog#confirm button.main").click()
    done(page, "confirm_case", lang)
    expect(page.locator(".head .chip.state-confirmed")).to_be_visible()
    expect(page.locator("[data-island=lanes][data-ready]")).to_be_visible()
    return int(NUMBER.search(page.url).group(1))


def accept_contacts(page, lang, incident):
    """See the proposals with their reasons, tick all, accept them."""
    page.goto(f"/contacts/?incident_id={incident}")
    expect(page.locator("#rows tbody tr")).to_have_count(14)
    expect(page.locator("#rows tbody tr").first).to_contain_text("240")
    page.locator("[data-select-all=contact_ids]").check()
    page.locator(".bulk button.main").click()
    done(page, "accept_contacts", lang)
    expect(page.locator("#rows tbody tr")).to_have_count(0)


def sign_orders(page, lang, incident):
    """Sign every group of proposals of the incident; the people bound are then among the restrictions in force."""
    waiting = page.locator(f"a[href^='/orders/waiting/?incident={incident}&']")
    until(page, "/orders/", waiting)
    while waiting.count():
        waiting.first.click()
        page.locator("main a[data-key=s]").click()
        page.locator("form:has([name=digest]) button.main").click()
        done(page, "approve_orders", lang)
    page.locator("a[href='/restrictions/']").click()
    expect(page.locator("tbody tr", has_text=f"{lang.upper()}-5").first).to_be_visible()


def until(page, path, found, turns=60):
    """Load a page again until something is there: the room's clock does its part within moments."""
    for _ in range(turns):
        page.goto(path)
        if found.count():
            return
        page.wait_for_timeout(500)
    expect(found.first).to_be_visible()


def contest_one(page, colleague, lang):
    """Tell one person, take their objection, which the signer may not decide and a colleague does."""
    page.locator("tbody tr", has_text=f"{lang.upper()}-5").first.locator("a").first.click()
    page.locator("#explained").check()
    page.locator("form:has(#explained) button.main").click()
    done(page, "tell_order", lang)
    expect(page.locator(".head .chip.state-told")).to_be_visible()
    page.locator("textarea#words").fill("I was not there that day.")
    page.locator("form:has(textarea#words) button").click()
    done(page, "contest_order", lang)
    page.locator("a[href^='/contests/']").last.click()
    expect(page.locator(".notice.warning")).to_contain_text(say("contests_page.may_not", lang))
    colleague.goto(page.url)
    colleague.locator("#uphold").check()
    colleague.locator("textarea#words").fill("The register shows the visit.")
    colleague.locator("form:has(#uphold) button.main").click()
    done(colleague, "decide_contest", lang)
    page.reload()
    expect(page.locator("blockquote").last).to_contain_text("The register shows the visit.")


def see_clock_turn_red(page, incident):
    """A task that had time left is late when its time is over, without the page being loaded again."""
    sheet = page.context.new_page()
    sheet.clock.install()
    sheet.goto(f"/tasks/?incident={incident}")
    row = sheet.locator("#rows tbody tr").first
    expect(row.locator("time.clock.late")).to_have_count(0)
    sheet.clock.fast_forward("30:00:00")
    expect(row.locator("time.clock.late")).to_be_visible()
    sheet.close()


def follow_up_one(page, lang, incident):
    """Record the day of somebody who is looked after."""
    person = page.locator("#rows tbody tr", has_text=re.compile(f"{lang.upper()}-\\d")).first.locator("a").first
    until(page, "/follow-ups/?show=today", person)
    person.click()
    page.locator("#reached-yes").check()
    page.locator("#degrees").fill("36.6")
    page.locator("form:has(#reached-yes) button.main").click()
    done(page, "record_follow_up", lang)
    expect(page.locator("td", has_text="36.6")).to_be_visible()


def investigate(page, lang, incident, case):
    """Take the case's investigation; what is typed survives a reload without a save; hand the report in."""
    order = page.locator("tbody a[href^='/investigations/']").first
    until(page, f"/investigations/?show=open&incident={incident}", order)
    order.click()
    page.locator("form[action$='/take_investigation/'] button.main").click()
    done(page, "take_investigation", lang)
    page.locator("a[data-key=e]").click()
    page.wait_for_load_state()
    page.locator("textarea[name=questions]").fill("Who sold the fish?")
    expect(page.locator("[data-saved][data-state=saved]")).to_be_visible()
    page.reload()
    expect(page.locator("textarea[name=questions]")).to_have_value("Who sold the fish?")
    page.locator("a[data-key=r]").click()
    expect(page.locator("article.card")).to_contain_text("Who sold the fish?")
    page.locator("form[action$='/submit_report/'] button.main").click()
    done(page, "submit_report", lang)


def save_chain(page, incident):
    """The drawn chain can be taken away as a picture that any program opens."""
    page.goto(f"/incidents/{incident}/chain/")
    expect(page.locator("[data-island=chain][data-ready]")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="SVG").click()
    text = taken.value.path().read_text("utf-8")
    assert text.lstrip().startswith("<")
    assert "<svg" in text
    assert ">1<" in text


def hand_over(page, colleague, room, incident):
    """Give a task to the officer of the next shift, who finds it among their own."""
    page.goto(f"/tasks/?incident={incident}")
    task = page.locator("#rows tbody a[href^='/tasks/']").first
    title = task.inner_text()
    task.click()
    page.locator("#to_officer_id").select_option(str(room.told["accounts"]["night"]["id"]))
    page.locator("input#reason").fill("end of the shift")
    page.locator("button[formaction$='/assign_tasks/']").click()
    expect(page.locator("#notice .notice.success")).to_be_visible()
    colleague.goto(f"/tasks/?show=mine&incident={incident}")
    expect(colleague.locator("#rows tbody")).to_contain_text(title)


def leave_and_return(page, room, name, code):
    """Sign out; the door asks for both factors again."""
    page.locator("details[data-menu] summary").click()
    page.locator("form[action='/accounts/logout/'] button").click()
    page.goto("/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(f"another pass phrase {name}")
    page.locator("main button.main").click()
    page.wait_for_url("**/2fa/authenticate/")
    page.locator("[name=code]").fill(code())
    page.locator("main button.main").click()
    expect(page.locator("#board-figures")).to_be_visible()
