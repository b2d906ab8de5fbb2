from __future__ import annotations

import threading

from suyuan.store.writing import Turn


def test_whoever_asked_first_writes_first():
    """Threads get the turn in the order of asking, and the holder may take it again."""
    turn, order, waiting = Turn(), [], []
    turn.take()
    turn.take()

    def write(n: int) -> None:
        turn.take()
        order.append(n)
        turn.give()

    for n in range(8):
        thread = threading.Thread(target=write, args=(n,))
        thread.start()
        waiting.append(thread)
        while len(turn._waiting) <= n:
            threading.Event().wait(0.001)
    turn.give()
    assert order == []
    turn.give()
    for thread in waiting:
        thread.join(60)
    assert order == list(range(8))


def test_nobody_writes_beside_another():
    """Never two threads hold the turn at once."""
    turn, inside, most = Turn(), 0, 0

    def write() -> None:
        nonlocal inside, most
        for _ in range(200):
            turn.take()
            inside += 1
            most = max(most, inside)
            inside -= 1
            turn.give()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == 1
    assert turn._holder == 0
