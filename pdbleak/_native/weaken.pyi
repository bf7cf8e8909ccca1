from pdbleak._native.algorithms import Array
from pdbleak._native.ints import Ints

RECORD: int
CONTAINER: int
MAPPING: int

def inside(
    offsets: Array,
    targets: Array,
    back_offsets: Array,
    back_targets: Array,
    component: Array,
    members: Array,
    roots: Array,
) -> tuple[Ints, Ints, Ints, Ints, Ints]: ...
def sort_references(
    offsets: Array,
    targets: Array,
    sources: Array,
    places: Array,
    members: Array,
    graph_offsets: Array,
    type_of: Array,
    kind_of_type: Array,
) -> tuple[Ints, int]: ...
def assign(keys: Array, class_of_key: Array) -> Ints: ...
def count_each(class_of: Array, classes: int) -> Ints: ...
def count_traits(
    offsets: Array, targets: Array, entries: Array, class_of: Array, classes: int
) -> tuple[Ints, Ints]: ...
def left_without(
    offsets: Array,
    targets: Array,
    members: Array,
    component: Array,
    count: int,
    class_of: Array,
    removed: Array,
) -> tuple[int, int]: ...
