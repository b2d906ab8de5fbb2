from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from suyuan.actions.desk import NotAllowed
from suyuan.store import accounts
from suyuan.store import models as rows
from suyuan.store.audit import verify_audit
from suyuan.terms import BadInput, NothingFound

CITY, DISTRICT, OTHER = "9901", "990101", "990102"
FOREIGN = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|<script(?![^>]*\bsrc=)|\bstyle=|\bon\w+=["']""")


def test_an_administrator_of_a_district_makes_nobody_of_the_city(page_of):
    """Whoever manages accounts in a district gives duties there, and none in the city or next door."""
    page = page_of("administrator", DISTRICT)
    for area, status in ((CITY, 403), (OTHER, 403), ("", 403), (DISTRICT, 200), (f"{DISTRICT}001001", 200)):
        form = {"username": f"c{area or 'all'}", "role": "commander", "area": area}
        assert page.post("/officers/new/", form).status_code == status, area
    assert sorted(rows.OfficerRow.objects.filter(username__startswith="c9").values_list("username", flat=True)) == [
        f"c{DISTRICT}",
        f"c{DISTRICT}001001",
    ]


def test_who_is_no_administrator_gives_only_what_they_hold(officer, db):
    """The right to manage accounts alone is not the right to give others more than one has."""
    role = rows.RoleRow.objects
    who = officer("auditor", CITY)
    role.filter(name="auditor").update(rights=["manage_accounts", "see_audit", "see_incidents", "see_orders"])
    who = accounts.officer_of(rows.OfficerRow.objects.get(pk=who.id))
    accounts.make_account(who, "colleague", (("auditor", DISTRICT),))
    with pytest.raises(NotAllowed, match="sign_order"):
        accounts.make_account(who, "boss", (("commander", CITY),))


def test_a_first_password_is_shown_once_and_must_be_changed(page_of):
    """The page that made an account shows its password; no later page does, and the account must change it."""
    page = page_of("administrator", CITY)
    made = page.post("/officers/new/", {"username": "chen", "role": "commander", "area": DISTRICT, "language": "zh"})
    password = re.search(r"<code>([\w-]{16})</code>", made.content.decode())[1]
    account = rows.OfficerRow.objects.get(username="chen")
    assert account.check_password(password)
    assert password not in page.get(f"/officers/{account.pk}/").content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "chen", "password": password})
    assert answer.status_code == 302
    assert browser.get("/me/").headers["Location"] == "/accounts/password/change/"
    new = "another long pass phrase"
    changed = {"oldpassword": password, "password1": new, "password2": new}
    assert browser.post("/accounts/password/change/", changed).headers["Location"] == "/"
    assert browser.get("/me/").status_code == 200
    deeds = list(rows.AuditRow.objects.order_by("id").values_list("deed", flat=True))
    assert [deed for deed in deeds if deed != "see_names"] == ["make_account", "sign_in", "change_password"]


def test_a_closed_account_is_out_at_once(page_of, account):
    """Closing an account ends its open sessions."""
    page, other = page_of("administrator", CITY), page_of("commander", DISTRICT)
    assert other.get("/me/").status_code == 200
    assert page.post(f"/officers/{other.user.pk}/active/", {"action": "close"}).status_code == 302
    assert other.get("/me/").status_code == 302
    page.post(f"/officers/{other.user.pk}/active/", {"action": "open"})
    assert rows.OfficerRow.objects.get(pk=other.user.pk).is_active


def test_a_reset_password_ends_sessions_and_can_forget_the_second_factor(page_of):
    """A new first password signs the account out everywhere and, if asked, the lost telephone is forgotten."""
    from allauth.mfa.models import Authenticator

    page, other = page_of("administrator", CITY), page_of("commander", DISTRICT)
    Authenticator.objects.create(user=other.user, type="totp", data={"secret": "x"})
    page.post(f"/officers/{other.user.pk}/password/", {"second_factor": "1"})
    assert other.get("/me/").status_code == 302
    assert not Authenticator.objects.exists()


def test_accounts_of_others_are_not_there(page_of, django_assert_max_num_queries):
    """An administrator of a district sees accounts whose every duty lies there; another one answers as if absent."""
    page = page_of("administrator", DISTRICT)
    mine, other = page_of("sampler", f"{DISTRICT}001"), page_of("sampler", OTHER)
    both = page_of("commander", DISTRICT)
    accounts.give_duty(both.user, "commander", OTHER)
    text = page.get("/officers/").content.decode()
    assert mine.user.username in text
    assert other.user.username not in text
    assert both.user.username not in text
    assert page.get(f"/officers/{mine.user.pk}/").status_code == 200
    for foreign in (other, both):
        assert page.get(f"/officers/{foreign.user.pk}/").status_code == 404
        assert page.post(f"/officers/{foreign.user.pk}/active/", {"action": "close"}).status_code == 404
    with django_assert_max_num_queries(12):
        page.get("/officers/")


def test_a_list_of_three_costs_what_a_list_of_one_costs(page_of, account, django_assert_num_queries):
    """The list of accounts asks the database equally often for 1 and for 3 rows."""
    page = page_of("administrator", CITY)
    page.get("/officers/")
    for more in (0, 2):
        for _ in range(more):
            account("sampler", DISTRICT)
        with django_assert_num_queries(9):
            page.get("/officers/")


def test_strangers_and_colleagues_manage_no_accounts(page_of, client, db):
    """A commander is no administrator, and who is not signed in gets to the sign-in page."""
    assert page_of("commander", CITY).get("/officers/").status_code == 403
    assert page_of("auditor", "").post("/officers/new/", {"username": "x"}).status_code == 403
    assert client.get("/officers/").status_code == 302


def test_duties_come_and_go_and_one_administrator_stays(page_of, officer):
    """A duty can be given and taken; the last administrator of everywhere cannot be taken away."""
    page, other = page_of("administrator", ""), page_of("sampler", DISTRICT)
    page.post(f"/officers/{other.user.pk}/duty/", {"role": "laboratory", "area": DISTRICT, "action": "give"})
    page.post(f"/officers/{other.user.pk}/duty/", {"role": "sampler", "area": DISTRICT, "action": "take"})
    assert list(other.user.duties.values_list("role", flat=True)) == ["laboratory"]
    mine = {"role": "administrator", "area": "", "action": "take"}
    assert page.post(f"/officers/{page.user.pk}/duty/", mine).status_code == 422
    assert page.user.duties.count() == 1
    assert verify_audit().broken_at == 0


def test_names_roles_and_areas_are_checked(db):
    """A bad name, a taken one, no duty, an unknown role or area is refused with a sentence and leaves nothing."""
    accounts.load_roles()
    by = accounts.OPERATOR
    accounts.make_account(by, "li", (("sampler", CITY),))
    for name, duties in (
        ("li", (("sampler", CITY),)),
        ("LI", (("sampler", CITY),)),
        ("a b", (("sampler", CITY),)),
        ("wang", ()),
        ("wang", (("wizard", CITY),)),
        ("wang", (("sampler", "99x"),)),
        ("wang", (("sampler", "99010"),)),
    ):
        with pytest.raises(BadInput):
            accounts.make_account(by, name, duties)
    assert rows.OfficerRow.objects.count() == 1
    with pytest.raises(NothingFound):
        accounts.account_id("nobody")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_page_of_accounts_holds_script_style_or_foreign_addresses(page_of, client, lang, db):
    """Pages of signing in, second factor, accounts and the phone obey the strict policy and name no other host."""
    client.cookies["lang"] = lang
    page = page_of("administrator", "", lang=lang)
    signed_in = ["/me/", "/officers/", f"/officers/{page.user.pk}/", "/audit/", "/accounts/password/change/"]
    signed_in += ["/accounts/2fa/", "/accounts/logout/", "/phone/"]
    for browser, address in [(page, each) for each in signed_in] + [(client, "/accounts/login/"), (client, "/phone/")]:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert not FOREIGN.search(answer.content.decode()), address
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_second_factor_is_set_up_before_anything_else(page_of):
    """In production settings an officer without a second factor sees only its set-up; its secret lies sealed."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    from suyuan.store.second_factor import open_text

    with override_settings(SUYUAN_REQUIRE_SECOND_FACTOR=True):
        user = page_of("commander").user
        browser = Client()
        browser.post("/accounts/login/", {"login": user.username, "password": "a long pass phrase"})
        assert browser.get("/me/").headers["Location"] == "/accounts/2fa/totp/activate/"
        form = browser.get("/accounts/2fa/totp/activate/")
        assert not FOREIGN.search(form.content.decode())
        secret = re.search(r"<code>([A-Z2-7]{16,})</code>", form.content.decode())[1]
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
        done = browser.post("/accounts/2fa/totp/activate/", {"code": code})
        assert done.status_code == 302
        kept = Authenticator.objects.get(user=user, type="totp").data["secret"]
        assert secret not in kept
        assert open_text(kept) == secret
        assert browser.get(done.headers["Location"]).status_code == 200
        assert browser.get("/me/").status_code == 200
        again = Client()
        answer = again.post("/accounts/login/", {"login": user.username, "password": "a long pass phrase"})
        assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
        assert again.get("/me/").status_code == 302


def test_too_many_wrong_passwords_lock_the_account_from_that_place(account, client):
    """After ten wrong passwords the right one does not open the account from there for half an hour."""
    from axes.handlers.proxy import AxesProxyHandler
    from django.core.cache import cache

    cache.clear()
    user = account("commander")
    with override_settings(ACCOUNT_RATE_LIMITS={"login": "1000/m/ip", "login_failed": "1000/m/ip"}):
        for _ in range(10):
            client.post("/accounts/login/", {"login": user.username, "password": "wrong"})
        answer = client.post("/accounts/login/", {"login": user.username, "password": "a long pass phrase"})
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session
    AxesProxyHandler.reset_attempts()


def test_nobody_signs_up_and_no_mail_is_sent(client, db):
    """There is no sign-up and no reset by mail."""
    assert client.get("/accounts/signup/").headers["Location"] == "/accounts/login/"
    assert client.get("/accounts/password/reset/").status_code == 404
