"""How a phone comes to trust this room's certificate; open to everybody, for a phone has nobody signed in yet."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path

AUTHORITY = "authority.crt"


def _certificate() -> Path:
    return Path(settings.SUYUAN_HOME) / "tls" / AUTHORITY


def phone(request: HttpRequest) -> HttpResponseBase:
    """Explain how to install the local authority's certificate, with its fingerprint to compare."""
    fingerprint = ""
    if _certificate().is_file():
        found = x509.load_pem_x509_certificate(_certificate().read_bytes())
        fingerprint = found.fingerprint(hashes.SHA256()).hex(":").upper()
    return render(request, "phone/phone.html", {"fingerprint": fingerprint})


def authority(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001 - Django's signature
    """Hand out the authority's certificate, which holds no secret."""
    if not _certificate().is_file():
        raise Http404(AUTHORITY)
    return FileResponse(
        _certificate().open("rb"), as_attachment=True, filename="suyuan.crt", content_type="application/x-x509-ca-cert"
    )


urlpatterns = [path("phone/", phone, name="phone"), path("phone/authority.crt", authority, name="phone_authority")]
