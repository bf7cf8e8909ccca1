"""Which arrows run backwards in a layered picture; knows only keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def feedback(keys: Sequence[str], ends: Sequence[tuple[str, str]]) -> set[int]:
    """Return the indexes of arrows that close a cycle, met by a depth-first search from the sources.

    Turning them leaves no cycle. O(V + E).
    """
    below: dict[str, list[tuple[int, str]]] = {key: [] for key in keys}
    entered = set()
    for index, (source, target) in enumerate(ends):
        below[source].append((index, target))
        entered.add(target)
    open_, done = set[str](), set[str]()
    back: set[int] = set()
    for start in sorted(keys, key=lambda key: key in entered):
        if start in done:
            continue
        stack = [(start, iter(below[start]))]
        open_.add(start)
        while stack:
            key, arrows = stack[-1]
            for index, target in arrows:
                if target in open_:
                    back.add(index)
                elif target not in done:
                    open_.add(target)
                    stack.append((target, iter(below[target])))
                    break
            else:
                stack.pop()
                open_.discard(key)
                done.add(key)
    return back
