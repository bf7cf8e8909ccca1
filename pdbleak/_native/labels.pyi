from collections.abc import Callable
from typing import Any

from pdbleak._native.algorithms import Array
from pdbleak._native.ints import Ints

IS_PLACE: int

class Labels:
    codes: Ints
    def __init__(self, offsets: Array, targets: Array, addresses: Array) -> None: ...
    def sequence(self, node: int, item: object) -> bool: ...
    def mapping(
        self,
        node: int,
        item: dict[Any, Any],
        code_of: Callable[[Any], int],
        code_of_key: Callable[[Any], int],
    ) -> bool: ...
    def put(self, node: int, code_at: dict[int, int]) -> None: ...
    def leads_to_unmarked(self, node: int, marks: Array) -> bool: ...
