"""Results as JSON, generic over their dataclasses; knows no single result and no file."""

from __future__ import annotations

import dataclasses
from json import dumps
from typing import TYPE_CHECKING, Any

from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

INDENT = "  "
WORD_STARTS = compile_apart(r"(?<!^)(?=[A-Z])")


def document(value: Any) -> Iterator[str]:
    """Yield the lines of one ASCII document: the result's `kind`, then its fields in their order.

    Addresses are hexadecimal texts. A stack of its own, so that no tree is too deep. O(fields).
    """
    yield "{"
    stack = [("}", iter([("kind", kind(value)), *_fields(value)]))]
    line = ""  # held back until it is known whether a comma follows
    while stack:
        closing, items = stack[-1]
        entry = next(items, None)
        if entry is None:
            stack.pop()
            if line:
                yield line
            line = INDENT * len(stack) + closing
            continue
        key, item = entry
        if line:
            yield line if line[-1] in "{[" else line + ","
        line = INDENT * len(stack) + (f"{dumps(key)}: " if key else "")
        if not isinstance(item, tuple) and not dataclasses.is_dataclass(item):
            line += scalar(item)
        elif not item:
            line += "[]"
        elif isinstance(item, tuple):
            line += "["
            stack.append(("]", iter([("", each) for each in item])))
        else:
            line += "{"
            stack.append(("}", iter(_fields(item))))
    yield line


def kind(value: Any) -> str:
    """Return the name of a result's kind: `census`, `reference_tree`."""
    return WORD_STARTS.sub("_", type(value).__name__).lower()


def scalar(item: Any) -> str:
    r"""Return one JSON scalar in ASCII; lone surrogates stay as escapes, DEL becomes `\u007f`."""
    return dumps(item).replace("\x7f", "\\u007f")


def _fields(value: Any) -> list[tuple[str, Any]]:
    names = [field.name for field in dataclasses.fields(value)]
    return [(name, _plain(name, getattr(value, name))) for name in names]


def _plain(name: str, item: Any) -> Any:
    return f"{item:#x}" if name.endswith("address") else item
