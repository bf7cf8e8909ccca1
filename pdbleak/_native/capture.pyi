from collections.abc import Callable
from typing import Any

TRACKED: int
GARBAGE: int
ROOT: int
MODULE: int
NAMESPACE: int
TYPE: int
FRAME_HELD: int
IMMORTAL: int

def take(
    own: list[Any],
    namespaces: list[dict[str, Any]],
    picked: list[Any],
    get_objects: Callable[[], list[Any]],
    progress: int = -1,
) -> dict[str, Any]: ...
def find(wanted: list[int], get_objects: Callable[[], list[Any]]) -> list[Any]: ...
