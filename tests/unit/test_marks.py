"""Which marks are kept: few, spread over the time, each under one name."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest

from pdbleak.command import CommandError
from pdbleak.marks import MOST, Marks, thin


@dataclass(frozen=True)
class Mark:
    """What the store knows of a mark."""

    name: str
    taken: float


def names(marks):
    return [mark.name for mark in marks]


def test_marks_without_a_name_are_numbered():
    marks = Marks()
    for taken in range(3):
        marks.add(Mark("", taken))
    marks.add(Mark("before", 3))
    marks.add(Mark("", 4))
    assert names(marks) == ["1", "2", "3", "before", "4"]


def test_a_name_belongs_to_the_last_mark_that_was_given_it():
    marks = Marks()
    marks.add(Mark("before", 1))
    marks.add(Mark("before", 2))
    assert [(mark.name, mark.taken) for mark in marks] == [("before", 2)]


def test_a_mark_is_found_by_its_name_and_a_wrong_name_says_which_there_are():
    marks = Marks()
    with pytest.raises(CommandError, match="type: leak mark"):
        marks.find("before")
    marks.add(Mark("before", 1))
    kept = marks.add(Mark("", 2))
    assert marks.find("1") is kept
    with pytest.raises(CommandError, match=r"did you mean 'before'.*there are: before, 1"):
        marks.find("befor")


def test_a_renamed_mark_is_one_mark():
    marks = Marks()
    marks.add(Mark("", 1))
    second = marks.add(Mark("", 2))
    marks.rename(second, "after")
    assert names(marks) == ["1", "after"]


def test_the_first_and_the_last_stay_and_the_time_between_is_covered_evenly():
    marks = Marks()
    for taken in range(1000):
        marks.add(Mark("", float(taken)))
    kept = list(marks)
    assert len(kept) == MOST
    assert kept[0].taken == 0
    assert [mark.taken for mark in kept[-2:]] == [998, 999]
    gaps = [after.taken - before.taken for before, after in pairwise(kept[:-1])]
    assert max(gaps) < 500


def test_named_marks_stay_as_long_as_there_are_others():
    marks = [Mark(f"name {place}" if place % 2 else str(place), float(place)) for place in range(20)]
    left = thin(marks, 12)
    assert sum(not mark.name.isdigit() for mark in left) == 10
    assert len(thin([Mark(f"name {place}", float(place)) for place in range(20)], 12)) == 12
