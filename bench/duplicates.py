"""Measure duplicate finding in a made-up town: keys, candidates of a newcomer, weights, who is found and who mistaken.

    python bench/duplicates.py --people 1000000 --newcomers 20000 --json

The town and the ways in which second records go wrong are those of ``tests/unit/store/test_likeness_town.py``. Keys
stand in a dictionary instead of the database; times are CPU times of one core.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from suyuan.store.likeness import MOST_CANDIDATES, blocking_keys, prepare, score, stored_keys

TOWN = Path(__file__).parents[1] / "tests" / "unit" / "store" / "test_likeness_town.py"


def measure(n_people: int, n_newcomers: int) -> dict[str, Any]:
    """Store a town, let some of its people come again, and count."""
    sys.path.insert(0, str(TOWN.parent))
    town = importlib.import_module(TOWN.stem)
    rng = random.Random(7)
    people = town.town(rng, n_people)
    index, n_keys, begun = defaultdict(list), 0, time.process_time()
    for i, human in enumerate(people):
        keys = stored_keys(human.details)
        n_keys += len(keys)
        for key in keys:
            index[hash(key)].append(i)
    clock = Counter(stored=time.process_time() - begun)
    own, others, sizes = Counter(), Counter(), []
    for i in rng.sample(range(n_people), n_newcomers):
        typed = town.dirty(people[i], rng)
        begun = time.process_time()
        newcomer = prepare(typed)
        keys = blocking_keys(newcomer)
        clock["asked"] += time.process_time() - begun
        blocks = [index.get(hash(key), ()) for key in keys]
        candidates = {j for block in blocks if len(block) <= MOST_CANDIDATES for j in block}
        sizes.append(len(candidates))
        own["found"] += i in candidates
        begun = time.process_time()
        for j in candidates:
            (own if i == j else others)[score(newcomer, people[j].details).band.name] += 1
        clock["scored"] += time.process_time() - begun
    sizes.sort()
    return {
        "people": n_people,
        "newcomers": n_newcomers,
        "keys_per_person": round(n_keys / n_people, 2),
        "stored_keys_us": round(clock["stored"] / n_people * 1e6, 1),
        "blocking_keys_us": round(clock["asked"] / n_newcomers * 1e6, 1),
        "score_us": round(clock["scored"] / max(1, sum(sizes)) * 1e6, 1),
        "candidates_mean": round(sum(sizes) / n_newcomers, 2),
        "candidates_p99": sizes[int(n_newcomers * 0.99)],
        "candidates_max": sizes[-1],
        "found_share": round(own["found"] / n_newcomers, 5),
        "own": dict(own),
        "others": dict(others),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--newcomers", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = measure(given.people, given.newcomers)
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:20} {value}")


if __name__ == "__main__":
    main()
