from pdbleak._native.algorithms import Array
from pdbleak._native.ints import Ints

RECORD: int
CONTAINER: int
MAPPING: int
SUSPENDED: int
CODE: int
ANY: int
SAME: int

def grow_forest(
    offsets: Array, targets: Array, seeds: Array, labels: Array, ends: Array, patient: int, deferred: Array
) -> tuple[Ints, Ints, Ints]: ...
def never_enter(marks: bytearray, nodes: Array) -> None: ...
def merge_paths(
    order: Array,
    parents: Array,
    places: Array,
    offsets: Array,
    type_of: Array,
    sizes: Array,
    flags: Array,
    namespace: int,
    kind_of_type: int,
    targets: Array,
    names: Array,
    kinds: Array,
    furniture: Array,
    roles: Array,
) -> dict[str, Ints]: ...
def count_members(
    order: Array, group: Array, groups: int, type_of: Array, sizes: Array, wanted: Array
) -> tuple[Ints, Ints, Ints, Ints]: ...
def lineage(parents: Array, group: Array, node: int, path: list[int]) -> list[int]: ...
def leads_through(parents: Array, node: int, marks: Array) -> bool: ...
def other_holders(
    back_offsets: Array,
    back_targets: Array,
    parents: Array,
    group: Array,
    members: Array,
    wanted: int,
    holders: Array,
    groups: int,
    alive: Array,
) -> list[tuple[int, int, int, int, int, int]]: ...
def weigh(marks: Array, sizes: Array) -> tuple[int, int]: ...
def mark_members(members: Array, group: Array, wanted: Array) -> Ints: ...
def sum_groups(
    order: Array, group: Array, groups: int, offsets: Array, addresses: Array
) -> tuple[Ints, Ints]: ...
