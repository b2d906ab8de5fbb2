"""Addresses of signing in, passwords and second factors: those of allauth that this installation uses, and no others.

There is no sign-up, no mail and no reset by mail; who has forgotten a password asks an administrator.
"""

from __future__ import annotations

from allauth.account import views
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

NOT_HERE = RedirectView.as_view(pattern_name="account_login")
"""Addresses that allauth names in its own pages, and that lead nowhere here but to signing in."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("signup/", NOT_HERE, name="account_signup"),
    path("email/", NOT_HERE, name="account_email"),
    path("password/set/", NOT_HERE, name="account_set_password"),
]
