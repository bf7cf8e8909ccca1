from pdbleak._native.algorithms import Array
from pdbleak._native.ints import Ints

def dominate(
    offsets: Array, targets: Array, back_offsets: Array, back_targets: Array, roots: Array
) -> tuple[Ints, Ints]: ...
def retain(dominators: Array, order: Array, sizes: Array, large: dict[int, int]) -> tuple[Ints, Ints]: ...
