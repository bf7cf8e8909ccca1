"""Marks of a live heap: what is said to have grown did grow, and what is said to be younger is."""

from __future__ import annotations

import gc

import drawing
import pytest

from pdbleak.command import CommandError
from pdbleak.commands.diff import diff
from pdbleak.commands.mark import mark
from pdbleak.commands.random import random


class Order:
    """What is kept in containers."""

    def __init__(self, number):
        self.number = number
        self.lines = [number, str(number)]


def rows_below(found, text):
    return [row for row in found.rows if text in row.path]


def test_a_dict_that_grows_is_named_with_all_that_hangs_on_its_entries(session):
    orders = drawing.HELD["orders"] = {}
    for step in range(3):
        orders.update({f"order {step} {number}": Order(number) for number in range(500)})
        mark(session, subject="")
    found = diff(session, subject="", all=True)
    (row,) = rows_below(found, "HELD")
    # Marks that were taken in no time are one interval.
    assert row.verdict in ("grew", "only grows")
    assert row.path == "module drawing .HELD → dict ['orders'] → dict {str} → test_marks.Order"
    assert (row.counts[0], row.counts[-1]) == (500, 1500)
    assert row.size_change > 500 * (48 + 72)
    assert (found.before, found.after, found.marks) == ("1", "3", 3)


def test_what_dies_is_drained(session):
    # What is left are enough to have a row of their own in any process.
    drawing.HELD["queue"] = [Order(number) for number in range(2000)]
    mark(session, subject="full")
    del drawing.HELD["queue"][80:]
    gc.collect()
    (row,) = rows_below(diff(session, subject="full", all=True), "Order")
    assert (row.verdict, row.count, row.count_change) == ("drained", 80, -1920)


def test_a_mark_is_taken_under_its_name_and_again(session):
    assert mark(session, subject="before").name == "before"
    taken = mark(session, subject="before")
    assert [each.name for each in taken.marks] == ["before"]
    assert taken.marks[0].ago == 0


@pytest.mark.parametrize("wrong", ["3", "two words", "1st", "a" * 50])
def test_what_is_no_name_says_so(session, wrong):
    with pytest.raises(CommandError, match="type a word: leak mark before"):
        mark(session, subject=wrong)


def test_marks_that_cannot_be_compared_say_so(session):
    mark(session, subject="one")
    mark(session, subject="two")
    with pytest.raises(CommandError, match="mark two is not older than mark one"):
        diff(session, subject="two one", all=False)
    with pytest.raises(CommandError, match="two marks are compared, not 3"):
        diff(session, subject="a b c", all=False)
    with pytest.raises(CommandError, match="no mark 'on'; did you mean 'one'"):
        diff(session, subject="on", all=False)


def test_a_random_new_one_is_younger_than_the_mark(session):
    drawing.HELD["old"] = [Order(number) for number in range(500)]
    with pytest.raises(CommandError, match="no mark to be younger than"):
        random(session, subject="Order", new=True)
    mark(session, subject="before")
    with pytest.raises(
        CommandError, match="none of the 500 objects of type 'Order' is younger than mark before"
    ):
        random(session, subject="Order", new=True)
    drawing.HELD["new"] = [Order(-number) for number in range(1, 4)]
    session.forget_heap()
    for _ in range(5):
        random(session, subject="Order", new=True)
    assert all(picked.number < 0 for picked in session.handles.values())


def test_a_mark_that_a_prompt_left_counts_from_the_next_one_on(session):
    drawing.HELD["old"] = [Order(number) for number in range(50)]
    session.heap()
    session.leave_mark()
    with pytest.raises(CommandError, match="no mark to be younger than"):
        random(session, subject="Order", new=True)
    session.close()
    drawing.HELD["new"] = [Order(-1)]
    random(session, subject="Order", new=True)
    assert session.handles["_1"].number == -1


def test_captures_leave_a_mark_now_and_then(session):
    session.leave_mark()
    assert len(session.marks) == 0
    for _ in range(3):
        session.fresh()
        session.leave_mark()
    assert len(session.marks) == 1
