"""What a mark keeps: all objects, under names that say the same in every capture, and nothing of the heap."""

from __future__ import annotations

import re
import sys
from dataclasses import fields, is_dataclass

import drawing
import pytest
from drawing import Node, draw, hold

from pdbleak.analyses.mark import CONTAINER, FOLDED, TOP
from pdbleak.analyses.marking import take_mark


class Order:
    """What is kept in containers."""

    def __init__(self, number):
        self.number = number
        self.lines = [number]


def texts(mark):
    """Return {path: (row, type)}; the paths of a tree are as many as its rows."""
    rows = mark.rows
    return {(rows.path(row).text, rows.type[row]): row for row in range(len(rows))}


def row_of(mark, text):
    (row,) = (row for (path, _), row in texts(mark).items() if path == text)
    return row


def weigh(value, seen):
    """Return the bytes of a value with all it leads to."""
    if id(value) in seen:
        return 0
    seen.add(id(value))
    size = sys.getsizeof(value)
    if isinstance(value, tuple | list):
        size += sum(weigh(each, seen) for each in value)
    elif isinstance(value, dict):
        size += sum(weigh(key, seen) + weigh(each, seen) for key, each in value.items())
    elif is_dataclass(value):
        size += sum(weigh(getattr(value, field.name), seen) for field in fields(value))
    return size


def test_all_objects_are_accounted_for(session):
    drawing.HELD["orders"] = [Order(number) for number in range(300)]
    hold("a -> b -> a")
    mark = take_mark(session.fresh())
    assert sum(mark.rows.count) + mark.rest_count + mark.garbage_count == mark.objects
    assert sum(mark.rows.size) + mark.rest_size + mark.garbage_size == mark.size
    assert sum(count for count, _ in mark.types.values()) + mark.garbage_count == mark.objects
    assert mark.garbage == {"drawing.Node": (2, 2 * sys.getsizeof(Node()))}


def test_rows_are_a_tree_with_parents_first(session):
    rows = take_mark(session.fresh()).rows
    assert all(above == TOP or above < row for row, above in enumerate(rows.above))
    keys = list(zip(rows.above, rows.reference, rows.type, strict=True))
    assert len(set(keys)) == len(keys)


def test_what_has_no_row_is_small(session):
    mark = take_mark(session.fresh())
    assert mark.floor_count < 100
    assert mark.floor_size < 16 * 1024


def test_a_second_mark_has_the_same_rows(session):
    drawing.HELD["orders"] = {f"order {number}": Order(number) for number in range(100)}
    drawing.HELD["ring"] = draw("a -> b -> c -> a")["a"]
    first, second = (take_mark(session.fresh()) for _ in range(2))
    # What the test itself makes between the two is under its own frames.
    one, other = ({path for path in texts(mark) if "HELD" in path[0]} for mark in (first, second))
    assert one == other
    assert len(one) > 3


@pytest.mark.parametrize("count", [40, 400])
def test_changing_keys_are_generalised(session, count):
    drawing.HELD["jobs"] = {f"job {number}": Order(number) for number in range(count)}
    mark = take_mark(session.fresh())
    row = row_of(mark, "module drawing .HELD → dict ['jobs'] → dict {str} → test_marking.Order")
    assert mark.rows.count[row] == count


def test_a_word_is_a_name(session):
    drawing.HELD["jobs"] = {"pending": [Order(1) for _ in range(50)], "failed": [Order(2) for _ in range(70)]}
    mark = take_mark(session.fresh())
    above = "module drawing .HELD → dict ['jobs'] → dict"
    assert mark.rows.count[row_of(mark, f"{above} ['pending'] → list [*] → test_marking.Order")] == 50
    assert mark.rows.count[row_of(mark, f"{above} ['failed'] → list [*] → test_marking.Order")] == 70


def test_no_name_has_an_address(session):
    drawing.HELD["keyed"] = {Order(number): [number] * 200 for number in range(9)}
    mark = take_mark(session.fresh())
    assert not [text for text in mark.rows.reference if re.search(r"0x[0-9a-f]{4}", text)]


def test_a_container_says_how_long_it_is(session):
    drawing.HELD["orders"] = [Order(number) for number in range(300)]
    mark = take_mark(session.fresh())
    row = row_of(mark, "module drawing .HELD → dict ['orders'] → list")
    assert mark.rows.traits[row] & CONTAINER
    assert mark.rows.references[row] == 300
    below = row_of(mark, "module drawing .HELD → dict ['orders'] → list [*] → test_marking.Order")
    assert not mark.rows.traits[below] & CONTAINER


def test_equal_fingerprints_are_the_same_objects(session):
    drawing.HELD["orders"] = orders = [Order(number) for number in range(300)]
    text = "module drawing .HELD → dict ['orders'] → list [*] → test_marking.Order"

    def fingerprint():
        mark = take_mark(session.fresh())
        return mark.rows.fingerprint[row_of(mark, text)]

    first = fingerprint()
    orders.reverse()
    assert fingerprint() == first
    kept = orders[7]
    orders[7] = Order(7)
    assert fingerprint() != first
    orders[7] = kept
    assert fingerprint() == first


def test_a_linked_list_is_one_row_however_long(session):
    def depth(length):
        node = drawing.HELD["list"] = Node()
        for _ in range(length):
            node.a = Node()
            node = node.a
        mark = take_mark(session.fresh())
        return [row for (text, _), row in texts(mark).items() if "HELD → dict ['list']" in text], mark

    short, _ = depth(100)
    long, mark = depth(20_000)
    assert len(short) == len(long)
    assert max(mark.rows.count[row] for row in long) == 20_000
    assert any(mark.rows.traits[row] & FOLDED for row in long)


def test_a_mark_is_small_and_holds_nothing(session):
    drawing.HELD["deep"] = {
        f"{outer}": {f"{inner}": [Order(1)] for inner in range(40)} for outer in range(2000)
    }
    mark = take_mark(session.fresh())
    assert mark.objects > 200_000
    assert weigh(mark, set()) < 2 << 20
    allowed = {
        "Mark",
        "MarkRows",
        "TypeColumns",
        "Ledger",
        "array",
        "tuple",
        "dict",
        "str",
        "int",
        "float",
        "bytes",
        "NoneType",
    }

    def kinds(value):
        yield type(value).__name__
        parts = value if isinstance(value, tuple | list) else ()
        if isinstance(value, dict):
            parts = [*value, *value.values()]
        elif is_dataclass(value):
            parts = [getattr(value, field.name) for field in fields(value)]
        for part in parts:
            yield from kinds(part)

    assert set(kinds(mark)) - allowed == set()


def test_what_marks_keep_is_in_no_later_mark(session):
    for _ in range(5):
        session.mark(fresh=True)
    counts = [mark.types["str"] for mark in session.marks]
    assert counts[-1] == counts[-2] == counts[-3]
