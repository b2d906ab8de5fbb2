"""Is this somebody we know? Keys that bring likely records together, and the weight of what two records share.

Three steps. ``stored_keys`` go through the blind index into a table when a person is written. For a newcomer
``blocking_keys`` are looked up there; whoever shares one is a candidate. ``score`` weighs the newcomer against each
candidate and names its reasons; only a person merges what is not ``Band.CERTAIN``. ``typed_keys`` serve the search box.
"""

from suyuan.store.likeness.details import Details, Prepared, prepare
from suyuan.store.likeness.keys import MOST_CANDIDATES, Key, blocking_keys, stored_keys, typed_keys
from suyuan.store.likeness.score import Band, Match, Reason, score

__all__ = [
    "MOST_CANDIDATES",
    "Band",
    "Details",
    "Key",
    "Match",
    "Prepared",
    "Reason",
    "blocking_keys",
    "prepare",
    "score",
    "stored_keys",
    "typed_keys",
]
