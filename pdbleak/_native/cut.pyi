from pdbleak._native.algorithms import Array

def minimum_cut(
    offsets: Array,
    targets: Array,
    back_offsets: Array,
    back_targets: Array,
    subject: int,
    roots: Array,
    types: Array,
    firm_types: Array,
    type_nodes: Array,
    flags: Array,
    firm_from: int,
    firm_to: int,
    pinned: Array,
    limit: int,
) -> tuple[int, list[tuple[int, int, int]], list[int]]: ...
def choke_point(back_offsets: Array, back_targets: Array, subject: int, roots: Array) -> int: ...
