from pdbleak._native.algorithms import Array
from pdbleak._native.ints import Ints

def group_by_holders(
    offsets: Array,
    targets: Array,
    back_offsets: Array,
    back_targets: Array,
    members: Array,
    type_of: Array,
    names: Array,
    sizes: Array,
    kinds: Array,
    flags: Array,
    namespace: int,
    framed: int,
) -> tuple[Ints, Ints, Ints]: ...
