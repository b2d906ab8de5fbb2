"""`suyuan demo`: an operations room on a simulated outbreak; with --report-only its tracing and score in a minute."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Any

import click

from suyuan.cli.demo_report import make_report
from suyuan.cli.demo_room import make_room
from suyuan.cli.options import FILE, Answer, answering


@click.command()
@click.option("--people", type=int, default=100_000, show_default=True, help="Size of the city / 人数.")
@click.option("--out", type=FILE, default=Path("demo"), show_default=True, metavar="DIR", help="Where / 目录.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same city / 随机种子.")
@click.option("--open/--no-open", "show", default=False, show_default=True, help="Open what was made / 打开结果.")
@click.option("--report-only", is_flag=True, help="No room: trace, score, write the report / 只生成报告.")
@click.option("--serve/--no-serve", default=True, show_default=True, help="Run the room / 启动指挥室.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port / 端口.")
@answering
def demo(people: int, out: Path, seed: int, answer: Answer, **given: Any) -> None:
    """Make a city and its outbreak, and run an operations room on it; nothing in it is real / 演示."""
    if given["report_only"]:
        make_report(people, out, seed, answer, show=given["show"])
        return
    home = make_room(people, out, seed, answer, port=given["port"] if given["serve"] else 0)
    if given["serve"]:
        _serve(home, answer, port=given["port"], show=given["show"])


def _serve(home: Path, answer: Answer, *, port: int, show: bool) -> None:
    from suyuan.cli.home import alone
    from suyuan.cli.up import Where, serve, set_hosts
    from suyuan.terms import say

    with alone(home):
        set_hosts("127.0.0.1", (), tls=False)
        address = f"http://localhost:{port}"

        def ready() -> None:
            answer.text(say("up.ready", answer.lang, address=address))
            if show:
                webbrowser.open(address)

        serve(Where("127.0.0.1", port), (1, 16), ready)
        answer.text(say("up.ended", answer.lang))
