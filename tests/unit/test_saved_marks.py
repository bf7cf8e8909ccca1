"""Marks come back from a file as they were, and files are compared as their marks are."""

from __future__ import annotations

import io
import json
import os
import random
from dataclasses import replace

import pytest
from drawn_marks import columns_of, drawn, over_time
from live import run

from pdbleak.analyses.diff import compare_marks
from pdbleak.analyses.ledger import unknown_ledger
from pdbleak.analyses.mark import TOP
from pdbleak.analyses.sidebyside import compare_heaps
from pdbleak.analyses.withoutvalues import without_values
from pdbleak.saved.container import BadFileError, Reader, Writer
from pdbleak.saved.markcolumns import read_marks, write_marks
from pdbleak.saved.sides import Side, alike, marks_between
from pdbleak.saved.whose import process_number

ORDERS = "module app/.ORDERS dict/{str} Order"
BY_NAME = "module app/.__dict__ dict/['BY_NAME'] dict/"


def written(marks, *, changed=None):
    """The bytes of a file of marks alone; `changed` has other values for its columns."""

    class Changing(Writer):
        def add(self, name, values, *, rising=False):
            instead = values if name == "marks" else (changed or {}).get(name, values)
            super().add(name, instead, rising=rising)

        def add_json(self, name, value):
            if name in (changed or {}):
                value = changed[name](value)
            super().add_json(name, value)

    out = io.BytesIO()
    writer = Changing(out)
    write_marks(writer, marks)
    writer.end({})
    return memoryview(out.getvalue())


def some_marks():
    paths = {ORDERS: (100, 200, 300), "held by C/[0] str": (5, 5, 6), BY_NAME + "['pending'] Job": (1, 2, 3)}
    marks = over_time(paths, types={"Order": (300, 30_000)}, garbage={"Node": (3, 300)})
    unknown = replace(marks[1], ledger=unknown_ledger(), clock=1e9, ran=3.5, name="before lunch")
    bare = replace(drawn(90, {}), rest_count=5, living=columns_of({}), dead=columns_of({}), name="empty")
    return (
        *(replace(each, name=f"{place}") for place, each in enumerate(marks)),
        replace(unknown, taken=70.0),
        bare,
    )


def test_marks_come_back_as_they_were():
    marks = some_marks()
    assert read_marks(Reader(written(marks))) == marks
    assert read_marks(Reader(written(()))) == ()


def test_a_file_of_an_older_format_has_no_marks():
    out = io.BytesIO()
    Writer(out).end({})
    assert read_marks(Reader(memoryview(out.getvalue()))) == ()


def in_first(**facts):
    return lambda marks: [{**marks[0], **facts}, *marks[1:]]


WRONG = [
    {"mark_above": b"\0" * 4},
    {"mark_above": memoryview(b"\7\0\0\0" * 14).cast("I")},
    {"mark_reference": memoryview(b"\xff\xff\0\0" * 14).cast("I")},
    {"mark_type": memoryview(b"\xff\xff\0\0" * 14).cast("I")},
    {"mark_traits": b"\0" * 13},
    {"mark_text_ends": memoryview(b"\1" + b"\0" * 7).cast("Q")},
    {"marks": lambda _: {}},
    {"marks": lambda _: [1]},
    {"marks": lambda marks: marks * 40},
    {"marks": lambda marks: marks[1:]},
    *({"marks": in_first(**{key: value})} for key in ("taken", "ran") for value in ("1", None, True, 1e300)),
    *({"marks": in_first(taken=float(each))} for each in ("nan", "inf")),
    *({"marks": in_first(objects=value)} for value in (-1, 1 << 64, 1.5, "1")),
    *({"marks": in_first(rows=value)} for value in (-1, 3, 1 << 40, None)),
    *({"marks": in_first(name=value)} for value in (1, "", "x" * 41)),
    *({"marks": in_first(living=value)} for value in (None, [], [["a"], [1], []], [[1], [1], [1]])),
    {"marks": in_first(dead=[["a", "a"], [1, 1], [1, 1]])},
    *({"marks": in_first(ledger=value)} for value in (None, {}, {"rss": 1})),
    {"marks": lambda marks: in_first(ledger=marks[0]["ledger"] | {"rss": None})(marks)},
    {"marks": lambda marks: in_first(ledger=marks[0]["ledger"] | {"small": -1})(marks)},
]


@pytest.mark.parametrize("changed", WRONG, ids=range(len(WRONG)))
def test_a_mark_that_does_not_fit_together_is_refused(changed):
    with pytest.raises(BadFileError):
        read_marks(Reader(written(some_marks(), changed=changed)))


def test_what_is_redacted_has_no_key_and_all_objects():
    paths = {
        BY_NAME + "['secret'] Job": (4, 400),
        BY_NAME + "['other secret'] Job": (5, 500),
        BY_NAME + "['secret'] Order": (6, 600),
    }
    mark = drawn(1, paths)
    found = without_values(mark)
    rows = {found.rows.path(row).text: found.rows.count[row] for row in range(len(found.rows))}
    assert not [text for text in rows if "secret" in text]
    assert rows["module app .BY_NAME → dict {str} → Job"] == 9
    assert rows["module app .BY_NAME → dict {str} → Order"] == 6
    for name in ("count", "size", "references"):
        assert sum(getattr(found.rows, name)) == sum(getattr(mark.rows, name))
    assert sum(mark.rows.fingerprint) % 2**64 == sum(found.rows.fingerprint) % 2**64
    assert all(above < row for row, above in enumerate(found.rows.above))
    assert without_values(found) == found


def test_random_marks_lose_nothing_but_keys():
    rng = random.Random(5)
    for _ in range(50):
        names = [f"['k{rng.randrange(4)}']", "[*]", ".x", "{str}", ".__dict__"]
        paths = {
            "module app/"
            + "/".join(f"{rng.choice(names)} {rng.choice(('dict', 'Job'))}" for _ in range(depth)): (
                rng.randrange(9),
                rng.randrange(99),
            )
            for depth in (rng.randrange(1, 5) for _ in range(8))
        }
        mark = drawn(1, paths)
        found = without_values(mark)
        twin = {}
        for row in range(len(mark.rows)):
            way = tuple(
                (
                    "{str}"
                    if "'" in mark.rows.reference[each] and not in_namespace(mark, each)
                    else mark.rows.reference[each],
                    mark.rows.type[each],
                )
                for each in mark.rows.way_to(row)
            )
            twin[way] = twin.get(way, 0) + mark.rows.count[row]
        ways = {
            tuple((found.rows.reference[each], found.rows.type[each]) for each in found.rows.way_to(row)): row
            for row in range(len(found.rows))
        }
        assert {way: found.rows.count[row] for way, row in ways.items()} == twin


def in_namespace(mark, row):
    above = mark.rows.above[row]
    return above != TOP and mark.rows.reference[above] == ".__dict__"


def test_two_heaps_are_compared_both_ways_and_without_rates():
    one = drawn(50, {ORDERS: (1000, 100_000), "module app/.LIST list/[*] Job": (30, 3000)})
    other = drawn(
        9,
        {
            ORDERS: (400, 40_000),
            "module app/.LIST list/[*] Job": (90, 9000),
            "module app/.NEW list/[*] Item": (50, 500_000),
        },
    )
    found = compare_heaps(one, other)
    assert found.seconds is None
    assert {(row.verdict, row.type, row.count_change, row.count) for row in found.rows} == {
        ("fewer", "Order", -600, 400),
        ("more", "Job", 60, 90),
        ("only in the second", "list", 1, 1),
    }
    assert all(row.count_rate == row.size_rate == 0 for row in found.rows)
    turned = compare_heaps(other, one)
    assert {(row.type, row.count_change, row.size_change) for row in turned.rows} == {
        (row.type, -row.count_change, -row.size_change) for row in found.rows
    }
    assert compare_heaps(one, one).rows == ()


def test_files_of_one_process_are_joined_by_the_time_of_their_marks():
    marks = tuple(
        replace(each, name=str(place))
        for place, each in enumerate(over_time({ORDERS: range(100, 1100, 200)}))
    )
    first, last = Side("a.leak", marks[:2], 7), Side("b.leak", (replace(marks[1], name="x"), *marks[2:]), 7)
    assert first.is_of_same_process(last)
    between = marks_between(first, last)
    assert [mark.taken for mark in between] == [mark.taken for mark in marks[1:]]
    assert compare_marks(between).rows == compare_marks(marks[1:]).rows
    assert not Side("c", marks, 0).is_of_same_process(Side("d", marks, 0))
    assert not first.is_of_same_process(Side("e", marks, 8))


def test_a_redacted_side_hides_the_keys_of_the_other_one():
    mark = drawn(1, {BY_NAME + "['secret'] Job": (4, 400)})
    plain, redacted = Side("a", (mark,), 1), Side("b", (without_values(mark),), 2, redacted=True)
    both = alike(plain, redacted, [plain.last, redacted.last])
    assert both[0] == both[1] == without_values(mark)
    assert alike(plain, plain, [mark]) == [mark]


PROGRAM = """
    import json, os, sys, pdbleak
    from pdbleak import plugin
    from pdbleak.saved.sides import read_side
    class Order: pass
    ORDERS = [Order() for _ in range(50)]
    for name in ("a", "b"):
        pdbleak.leak(f"save {folder}/{name}.leak")
        ORDERS += [Order() for _ in range(500)]
    pdbleak.leak("diff {names} --json")
    pdbleak.leak("diff {folder}/a.leak {folder}/b.leak --json")
    pdbleak.leak("diff {folder}/b.leak {folder}/a.leak")
    child = os.fork()
    if not child:
        pdbleak.leak(f"save {folder}/child.leak")
        os._exit(0)
    os.waitpid(child, 0)
    pdbleak.leak("diff {folder}/a.leak {folder}/child.leak --json")
    pdbleak.leak("diff {folder}/a.leak --json")
"""


def test_files_of_a_process_are_compared_like_its_marks_and_those_of_a_fork_without_time(tmp_path):
    text = run(PROGRAM.replace("{folder}", str(tmp_path)).replace("{names}", "1 2"))
    assert "b.leak is not older than" in text
    decoder = json.JSONDecoder()
    answers, place = [], 0
    while (place := text.find("{\n", place)) >= 0:
        answer, place = decoder.raw_decode(text, place)
        answers.append(answer)
    live, files, fork, now = (each.get("result", each) for each in answers)
    for name in ("rows", "rss", "objects", "size", "seconds", "marks", "steady", "noise"):
        assert live[name] == files[name]
    assert any(row["type"].endswith("Order") and row["count_change"] == 500 for row in files["rows"])
    assert fork["seconds"] is None
    assert ("more", 1000) in {(row["verdict"], row["count_change"]) for row in fork["rows"]}
    assert now["seconds"] > 0
    assert now["after"] == "now"


def test_a_process_has_one_number_while_it_lives():
    assert process_number(os.getpid()) == process_number(os.getpid())
    assert process_number(os.getpid()) != process_number(os.getppid())
