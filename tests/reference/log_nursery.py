"""Starts writers that are there to be killed: one process that has everything loaded forks one for each order.

An order is a line ``folder seed number``: do deeds from that number on, without end, and say ``ack n`` after each.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from plain_log import TIMEZONE, PlainLog, do_packed, do_plainly

from suyuan.exposure.log import LogWriter, create_log


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def work(folder: str, seed: int, first: int, plain: PlainLog, upto: int | None = None) -> None:
    number = first
    while upto is None or number < upto:
        # the lock is given up between deeds, so that sweeping and locking are killed as well
        with LogWriter(folder) as writer:
            for _ in range(3):
                do_packed(number, plain, seed, writer)
                do_plainly(number, plain, seed)
                if upto is None:
                    say("ack", number)
                number += 1


def replay(seed: int, lost: set[int], upto: int) -> PlainLog:
    plain = PlainLog()
    for number in range(upto):
        if number not in lost:
            do_plainly(number, plain, seed)
    return plain


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:  # compile and load everything once, before the first fork
        create_log(folder, TIMEZONE)
        work(folder, 0, 0, PlainLog(), 60)
    say("ready")
    for line in sys.stdin:
        folder, seed, first = line.split("\t")
        child = os.fork()
        if child == 0:
            try:
                work(folder, int(seed), int(first), replay(int(seed), set(), int(first)))
            except BaseException as fault:  # noqa: BLE001 - the test must hear of any fault at all
                say("fault", type(fault).__name__, str(fault).replace("\n", " "))
            os._exit(1)
        say("child", child)
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()
