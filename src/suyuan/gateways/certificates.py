"""A local certificate authority and the certificate of one server, for a network that reaches no public authority.

Without TLS a browser gives a page neither camera nor offline work. The authority may speak for the given names only
(name constraints), so that a team can install it on its phones without handing anybody the rest of the network.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from suyuan.reporting.whole_files import write_whole
from suyuan.terms import BadInput, BadUsage

AUTHORITY_DAYS = 5 * 365
SERVER_DAYS = 397
"""Browsers take no longer term from a public authority; some apply it to local ones too."""
CLOCK_SLACK = timedelta(days=1)
"""Phones on a closed network have clocks of their own."""
AUTHORITY, SERVER = "authority", "server"
PRIVATE, PUBLIC = 0o600, 0o644
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
EVERYWHERE = ("0.0.0.0/0", "::/0")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PrivateKey = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Certificates:
    """What lies in the folder afterwards.

    Parameters
    ----------
    authority, server, server_key
        Files: the certificate that phones install, and the two that the server reads.
    authority_made
        False if an authority was there already and is used again.
    fingerprint
        SHA-256 of the authority's certificate, to be compared on the phone.
    authority_until, server_until
        Last instants of validity.
    """

    authority: Path
    server: Path
    server_key: Path
    authority_made: bool
    fingerprint: str
    authority_until: datetime
    server_until: datetime


def make_certificates(names: list[str], folder: Path, now: datetime) -> Certificates:
    """Make the server's certificate, and the authority that signs it unless the folder holds one.

    Parameters
    ----------
    names
        Host names and IP addresses under which the server is reached.
    folder
        Where the files are and go; made if absent.
    now
        The present instant, with its offset.

    Raises
    ------
    BadUsage
        ``ca.no_name``, ``ca.bad_name``, or ``ca.other_names`` where the authority may not speak for a name.
    BadInput
        ``ca.half`` where the folder holds a key without its certificate or the reverse, ``ca.unreadable`` or
        ``ca.expired``.
    """
    wanted = read_names(names)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = not (_there(folder, AUTHORITY, ".key") or _there(folder, AUTHORITY, ".crt"))
    key, authority = _make_authority(folder, wanted, now) if made else _load_authority(folder, wanted, now)
    server = _sign_server(folder, wanted, now, (key, authority))
    return Certificates(
        folder / f"{AUTHORITY}.crt",
        folder / f"{SERVER}.crt",
        folder / f"{SERVER}.key",
        made,
        authority.fingerprint(hashes.SHA256()).hex(":").upper(),
        authority.not_valid_after_utc,
        server.not_valid_after_utc,
    )


def read_names(names: list[str]) -> list[x509.GeneralName]:
    """Read host names and addresses; names in other scripts become their ASCII form.

    Raises
    ------
    BadUsage
        ``ca.no_name`` or ``ca.bad_name``.
    """
    if not names:
        raise BadUsage("ca.no_name")
    return list(dict.fromkeys(_read_name(name.strip()) for name in names))


def _read_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        pass
    try:
        host = name.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        host = ""
    labels = host.split(".")
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise BadUsage("ca.bad_name", name=name)
    return x509.DNSName(host)


def _there(folder: Path, name: str, ending: str) -> bool:
    return (folder / f"{name}{ending}").exists()


def _make_authority(folder: Path, names: list[x509.GeneralName], now: datetime) -> tuple[PrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Suyuan"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Suyuan local authority {now:%Y-%m-%d} {_plain(names[0])}"[:64]),
        ]
    )
    builder = (
        _bare(subject, subject, key, now)
        .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(constraints(names), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    certificate = builder.sign(key, hashes.SHA256())
    _write_key(folder / f"{AUTHORITY}.key", key)
    write_whole(folder / f"{AUTHORITY}.crt", certificate.public_bytes(serialization.Encoding.PEM), PUBLIC)
    return key, certificate


def constraints(names: list[x509.GeneralName]) -> x509.NameConstraints:
    """Say what the authority may speak for: the names, hosts below them, and nothing else.

    Notes
    -----
    A constraint binds only its own kind of name (RFC 5280, 4.2.1.10): a kind that was not given is excluded as a whole.
    """
    hosts = [name for name in names if isinstance(name, x509.DNSName)]
    addresses = [x509.IPAddress(ipaddress.ip_network(n.value)) for n in names if isinstance(n, x509.IPAddress)]
    excluded: list[x509.GeneralName] = []
    if not hosts:
        excluded.append(x509.DNSName(""))
    if not addresses:
        excluded += [x509.IPAddress(ipaddress.ip_network(each)) for each in EVERYWHERE]
    return x509.NameConstraints([*hosts, *addresses], excluded or None)


def _load_authority(folder: Path, names: list[x509.GeneralName], now: datetime) -> tuple[PrivateKey, x509.Certificate]:
    """Take the authority that is there; it is never replaced, because phones trust it already."""
    if not (_there(folder, AUTHORITY, ".key") and _there(folder, AUTHORITY, ".crt")):
        raise BadInput("ca.half", path=folder)
    key = _read_key(folder / f"{AUTHORITY}.key")
    path = folder / f"{AUTHORITY}.crt"
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        permitted = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    except (ValueError, x509.ExtensionNotFound):
        raise BadInput("ca.unreadable", path=path) from None
    if certificate.public_key() != key.public_key():
        raise BadInput("ca.unreadable", path=path)
    if certificate.not_valid_after_utc <= now:
        raise BadInput("ca.expired", path=path, day=f"{certificate.not_valid_after_utc:%Y-%m-%d}")
    outside = [_plain(name) for name in names if not any(_covers(each, name) for each in permitted or ())]
    if outside:
        may = ", ".join(_plain(each) for each in permitted or ())
        raise BadUsage("ca.other_names", path=folder, names=", ".join(outside), permitted=may)
    return key, certificate


def _covers(permitted: x509.GeneralName, name: x509.GeneralName) -> bool:
    if isinstance(permitted, x509.DNSName) and isinstance(name, x509.DNSName):
        return name.value == permitted.value or name.value.endswith(f".{permitted.value}")
    if isinstance(permitted, x509.IPAddress) and isinstance(name, x509.IPAddress):
        network, address = permitted.value, name.value
        return (
            isinstance(network, ipaddress.IPv4Network | ipaddress.IPv6Network)
            and isinstance(address, Address)
            and address in network
        )
    return False


def _plain(name: x509.GeneralName) -> str:
    return str(name.value).removesuffix("/32").removesuffix("/128")


def _sign_server(
    folder: Path, names: list[x509.GeneralName], now: datetime, by: tuple[PrivateKey, x509.Certificate]
) -> x509.Certificate:
    """Sign the server's certificate; its key is used again, so that a crash never leaves two files that do not fit."""
    authority_key, authority = by
    path = folder / f"{SERVER}.key"
    key = _read_key(path) if path.exists() else _write_key(path, ec.generate_private_key(ec.SECP256R1()))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _plain(names[0])[:64])])
    until = min(now + timedelta(days=SERVER_DAYS) - CLOCK_SLACK, authority.not_valid_after_utc)
    certificate = (
        _bare(subject, authority.subject, key, now)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    write_whole(folder / f"{SERVER}.crt", certificate.public_bytes(serialization.Encoding.PEM), PUBLIC)
    return certificate


def _bare(subject: x509.Name, issuer: x509.Name, key: PrivateKey, now: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write_key(path: Path, key: PrivateKey) -> PrivateKey:
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_whole(path, plain, PRIVATE)
    return key


def _read_key(path: Path) -> PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadInput("ca.unreadable", path=path)
    return key
