from pdbleak._native.algorithms import Array
from pdbleak._native.ints import Ints

AT_ONCE: int
NEXT_COLLECTION: int
FURTHER_COLLECTIONS: int
LIVES_ON: int

def dying(
    offsets: Array,
    targets: Array,
    back_offsets: Array,
    roots: Array,
    removed: Array,
    triggers: Array,
    sources: Array,
    edges: Array,
    rounds: int,
) -> tuple[Ints, bool]: ...
