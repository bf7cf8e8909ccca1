"""The verdict on a real heap: what grew is named where it is held, and a cut frees what was said."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import drawing
import pytest

from pdbleak.command import CommandError
from pdbleak.commands.ignore import ignore
from pdbleak.commands.triage import triage
from pdbleak.commands.why import why


class Parcel:
    """What piles up."""

    def __init__(self, number):
        self.number = number
        self.labels = [f"label {number} {line}" for line in range(3)]


class Office:
    """What holds it: by its class, and by an object."""

    seen: ClassVar[list[Parcel]] = []

    def __init__(self):
        self.shelf = {}


def grow(session, put, *, marks=4, each=50):
    """Take marks with a second of the program between them, and `each` more calls of `put`."""
    number = 0
    for place in range(marks):
        for _ in range(each):
            put(number)
            number += 1
        mark = session.mark(fresh=True)
        later(session, mark, 10.0 * place)
    return triage(session, limit=5)


def later(session, mark, ran) -> None:
    """Let the program have run for so long by then."""
    moved = replace(mark, ran=1000.0 + ran)
    session.marks._kept = [moved if each is mark else each for each in session.marks]
    session.captured._cache["mark"] = moved


def test_growth_is_named_by_the_container_and_what_a_cut_frees_dies(session):
    office = drawing.HELD["office"] = Office()
    answer = grow(session, lambda number: office.shelf.__setitem__(number, Parcel(number)))
    finding = answer.findings[0]
    assert finding.type.endswith("Parcel")
    assert ".shelf → dict {int} → " in finding.path
    assert finding.confidence == "high", finding.basis
    assert "the oldest are all still there" in finding.basis
    assert answer.next == finding.then == f"leak why {finding.handle}"
    # Each has a list and three labels; their numbers are the interpreter's own.
    assert finding.frees_objects == 5 * len(office.shelf)
    session.handles.clear()
    office.shelf.clear()
    assert len(session.fresh().nodes_of([finding.type])) == 0


def test_a_class_attribute_is_named_exactly(session):
    drawing.HELD["class"] = Office
    try:
        finding = grow(session, lambda number: Office.seen.append(Parcel(number))).findings[0]
        assert ".seen → list [*] → " in finding.path
        assert ".*" not in finding.path
    finally:
        Office.seen.clear()


def test_what_stays_as_it_is_is_no_finding(session):
    drawing.HELD["shelf"] = shelf = [Parcel(number) for number in range(200)]
    answer = grow(session, lambda number: shelf.__setitem__(number % 200, Parcel(number)))
    assert answer.findings == ()
    assert "paths do not grow" in answer.checked[0]


def test_without_history_nothing_is_accused(session):
    drawing.HELD["shelf"] = [Parcel(number) for number in range(2000)]
    answer = triage(session, limit=5)
    assert answer.findings == ()
    assert answer.next == "leak auto 3 20"


def test_what_a_cut_frees_may_be_larger_than_four_gibibytes(session):
    office = drawing.HELD["office"] = Office()
    before = grow(session, lambda number: office.shelf.__setitem__(number, Parcel(number))).findings[0]
    heap = session.captured
    # As if one of them had this size, which many a machine has no room for.
    node = next(node for node in range(heap.graph.nodes) if heap.type_name(node).endswith(".Parcel"))
    less = heap.size(node)
    heap.large[node] = 5 << 30
    assert triage(session).findings[0].frees_size == before.frees_size - less + (5 << 30)


def test_an_ignored_finding_stays_away_until_it_is_wanted_again(session):
    office = drawing.HELD["office"] = Office()
    shown = grow(session, lambda number: office.shelf.__setitem__(number, Parcel(number))).findings
    with pytest.raises(CommandError, match="the findings are"):
        ignore(session, step=99)
    left = ignore(session, step=1)
    assert [each.path for each in left.findings] == [each.path for each in shown[1:]]
    assert "1 finding is ignored" in left.checked[-1]
    assert [each.path for each in triage(session).findings] == [each.path for each in left.findings]
    assert ignore(session, none=True).findings[0].path == shown[0].path
    ignore(session, step=1)
    evaluated = session.evaluate
    session.close()
    session.evaluate = evaluated
    assert (len(session.dismissed), session.told) == (1, ())
    drawing.HELD["parcel"] = Parcel(0)
    why(session, subject="drawing.HELD['parcel']")
    assert ignore(session).ignored == 1
