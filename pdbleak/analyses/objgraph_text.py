"""objgraph's results as lines: counts, lists of objects, chains; knows no objgraph and keeps no object."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from pdbleak import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SHOWN = 10


def described(value: Any, *, limit: int = 0, form: Callable[[object], str] = names.form) -> Iterator[str]:
    """Yield a result as lines: a table of plain values in full, of other objects the first `limit`.

    An object is its type and its safe form; nothing of it is called.
    """
    if value is None:
        return
    if type(value) in (int, bool, str, float):
        yield str(value)
    elif type(value) is dict and all(type(count) is int for count in value.values()):
        yield from columns(sorted(value.items(), key=lambda item: -item[1]), limit)
    elif type(value) is dict:
        yield from columns([(key, len(ids)) for key, ids in value.items() if type(ids) is set], limit)
    elif type(value) is list and value and all(_is_row(row) for row in value):
        yield from columns(value, limit)
    elif type(value) is list:
        yield from objects(value, limit or SHOWN, form)
    else:
        yield one(value, form)


def columns(rows: Iterable[tuple[Any, ...]], limit: int) -> Iterator[str]:
    """Yield rows of a name and numbers, aligned."""
    rows = list(rows)
    shown = rows[: limit or None]
    width = max((len(row[0]) for row in shown), default=0)
    for name, *numbers in shown:
        yield " ".join([name.ljust(width), *(f"{number:>9,}" for number in numbers)])
    if len(rows) > len(shown):
        yield f"<{len(rows) - len(shown):,} more>"


def objects(items: list[Any], limit: int, form: Callable[[object], str]) -> Iterator[str]:
    """Yield how many objects there are, and the first of them."""
    yield f"{len(items):,} object{'' if len(items) == 1 else 's'}"
    yield from (one(item, form) for item in islice(items, limit))
    if len(items) > limit:
        yield f"<{len(items) - limit:,} more>"


def one(item: object, form: Callable[[object], str]) -> str:
    """Return an object's address, type and form."""
    return f"{id(item):#x}  {names.type_name(type(item))}  {form(item)}"


def _is_row(row: Any) -> bool:
    return (
        type(row) is tuple
        and len(row) > 1
        and type(row[0]) is str
        and all(type(number) is int for number in row[1:])
    )
