"""A local authority: trusted for its names and for nothing else."""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from suyuan.gateways import certificates
from suyuan.gateways.certificates import SERVER_DAYS, constraints, make_certificates, read_names
from suyuan.terms import BadInput, BadUsage

NOW = datetime.now(UTC).replace(microsecond=0)


def shake_hands(folder: Path, name: str, *, trusting: Path | None) -> None:
    """Let a client and a server of the ssl module speak until both are sure, or raise what the client says."""
    of_server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    of_server.load_cert_chain(folder / "server.crt", folder / "server.key")
    of_client = ssl.create_default_context(cafile=trusting)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = of_client.wrap_bio(to_client, to_server, server_hostname=name)
    server = of_server.wrap_bio(to_server, to_client, server_side=True)
    waiting = [client, server]
    while waiting:
        for side in tuple(waiting):
            try:
                side.do_handshake()
                waiting.remove(side)
            except ssl.SSLWantReadError:
                pass


@pytest.mark.parametrize("name", ["room.lan", "127.0.0.1", "::1"])
def test_who_trusts_the_authority_reaches_the_server(tmp_path: Path, name: str):
    """With the authority installed a client accepts the server under its names; else it does not."""
    made = make_certificates(["room.lan", "127.0.0.1", "::1"], tmp_path, NOW)
    shake_hands(tmp_path, name, trusting=made.authority)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, name, trusting=None)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, "other.lan", trusting=made.authority)


@pytest.mark.parametrize(
    ("own", "foreign"),
    [("room.lan", "bank.example"), ("room.lan", "10.0.0.1"), ("10.0.0.1", "10.0.0.2"), ("10.0.0.1", "a.lan")],
)
def test_a_stolen_authority_cannot_speak_for_others(
    tmp_path: Path, own: str, foreign: str, monkeypatch: pytest.MonkeyPatch
):
    """A certificate for a name outside the constraints is refused by every client, even if the authority signed it."""
    make_certificates([own], tmp_path, NOW)
    monkeypatch.setattr(certificates, "_covers", lambda _permitted, _name: True)
    made = make_certificates([foreign], tmp_path, NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match=r"(?i)subtree"):
        shake_hands(tmp_path, foreign, trusting=made.authority)


def test_the_authority_is_used_again(tmp_path: Path):
    """A second run renews the server's certificate and leaves the authority and all keys as they are."""
    first = make_certificates(["room.lan"], tmp_path, NOW)
    keys = [(tmp_path / name).read_bytes() for name in ("authority.key", "authority.crt", "server.key")]
    second = make_certificates(["room.lan", "www.room.lan"], tmp_path, NOW + timedelta(days=300))
    assert (first.authority_made, second.authority_made) == (True, False)
    assert keys == [(tmp_path / name).read_bytes() for name in ("authority.key", "authority.crt", "server.key")]
    assert second.server_until - first.server_until == timedelta(days=300)
    assert second.fingerprint == first.fingerprint


def test_terms_and_rights(tmp_path: Path):
    """The server's whole term is 397 days and never outlives the authority; keys are readable by their owner only."""
    made = make_certificates(["room.lan"], tmp_path, NOW)
    certificate = x509.load_pem_x509_certificate(made.server.read_bytes())
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=SERVER_DAYS)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    assert made.fingerprint == authority.fingerprint(hashes.SHA256()).hex(":").upper()
    late = make_certificates(["room.lan"], tmp_path, made.authority_until - timedelta(days=30))
    assert late.server_until == made.authority_until
    if os.name == "posix":
        assert {(tmp_path / f"{name}.key").stat().st_mode & 0o777 for name in ("authority", "server")} == {0o600}


def test_what_an_authority_refuses(tmp_path: Path):
    """Other names, a lost half, a damaged file and an ended authority are told, and nothing changes."""
    made = make_certificates(["room.lan"], tmp_path, NOW)
    before = made.server.read_bytes()
    with pytest.raises(BadUsage) as problem:
        make_certificates(["room.lan", "10.0.0.1", "xroom.lan"], tmp_path, NOW)
    assert problem.value.details["names"] == "10.0.0.1, xroom.lan"
    with pytest.raises(BadInput, match="ended on"):
        make_certificates(["room.lan"], tmp_path, made.authority_until)
    good = made.authority.read_bytes()
    for damage in (b"nothing", (tmp_path / "server.crt").read_bytes()):
        made.authority.write_bytes(damage)
        with pytest.raises(BadInput, match="cannot be used"):
            make_certificates(["room.lan"], tmp_path, NOW)
    made.authority.unlink()
    with pytest.raises(BadInput, match="only one of"):
        make_certificates(["room.lan"], tmp_path, NOW)
    made.authority.write_bytes(good)
    (tmp_path / "authority.key").write_bytes(b"nothing")
    with pytest.raises(BadInput, match="cannot be used"):
        make_certificates(["room.lan"], tmp_path, NOW)
    assert made.server.read_bytes() == before


@pytest.mark.parametrize("name", ["", "https://room.lan", "room.lan:443", "a b", "-a.lan", "1.2.3", "x" * 64, "*.lan"])
def test_no_names(name: str):
    """What is neither a host nor an address is refused."""
    with pytest.raises(BadUsage, match="no host name"):
        read_names([name])


def test_names():
    """Names are read in any case and script, each once; none at all is refused."""
    host, other_script, address = read_names(["Room.LAN", "room.lan.", "bücher.lan", "[::1]"])
    assert host == x509.DNSName("room.lan")
    assert other_script == x509.DNSName("xn--bcher-kva.lan")
    assert str(address.value) == "::1"
    with pytest.raises(BadUsage, match="at least one"):
        read_names([])


def test_a_kind_of_name_that_was_not_given_is_excluded():
    """Hosts alone exclude every address, addresses alone every host."""
    assert len(constraints(read_names(["room.lan"])).excluded_subtrees or []) == 2
    assert constraints(read_names(["10.0.0.1"])).excluded_subtrees == [x509.DNSName("")]
    assert constraints(read_names(["room.lan", "10.0.0.1"])).excluded_subtrees is None
