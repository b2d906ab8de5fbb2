"""`suyuan ca`: TLS for a closed network: a local authority and the certificate of one server."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from suyuan.cli.options import FILE, Answer, answering
from suyuan.terms import say


@click.command()
@click.option(
    "--name",
    "names",
    multiple=True,
    required=True,
    metavar="HOST|IP",
    help="Of the server; may be repeated / 主机名或 IP.",
)
@click.option("--out", type=FILE, default=Path("tls"), show_default=True, metavar="DIR", help="Where / 目录.")
@answering
def ca(names: tuple[str, ...], out: Path, answer: Answer) -> None:
    """Make a local authority and a server certificate, so that phones can use the camera and work offline / 内网证书.

    An authority that is in DIR already is used again: run the command once a year to renew the server's certificate.
    """
    from suyuan.gateways.certificates import make_certificates

    made = make_certificates(list(names), out, datetime.now(UTC).replace(microsecond=0))
    answer.json(asdict(made))
    days = {"authority_until": f"{made.authority_until:%Y-%m-%d}", "server_until": f"{made.server_until:%Y-%m-%d}"}
    values = {**asdict(made), **days}
    first = "ca.made" if made.authority_made else "ca.used_again"
    for key in (first, "ca.signed", "ca.fingerprint", "ca.next_server", "ca.next_phones", "ca.next_renew"):
        answer.text(say(key, answer.lang, **values))
