"""What changed between drawn marks: each path has the verdict that its numbers deserve."""

import random
from array import array

import pytest
from drawn_marks import MIB, drawn, over_time

from pdbleak.analyses.diff import compare_marks
from pdbleak.analyses.series import line_up
from pdbleak.analyses.verdicts import judge

ORDERS = "module app/.ORDERS dict/{str} Order"
SAME = (7, 7, 7, 7)
OTHERS = (1, 2, 3, 4)


def judged(counts, fingerprints=None, sizes=None):
    times = [20.0 * place for place in range(len(counts))]
    return judge(
        times, counts, sizes or [100 * count for count in counts], fingerprints or range(len(counts))
    )


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((100, 200, 300, 400), "only grows"),
        ((100, 190, 310, 400), "only grows"),
        ((100, 800), "grew"),
        ((0, 800), "new path"),
        ((0, 0, 0, 800), "new path"),
        ((0, 800, 800, 800), "warm-up"),
        ((100, 800, 900, 905), "warm-up"),
        ((100, 150, 1000, 1100, 2500), "grew"),
        ((800, 300, 90, 20), "drained"),
        ((0, 900, 400, 30), "drained"),
        ((500, 900, 400, 600), "churn"),
        ((900, 700, 500, 400), "noise"),
        ((5, 6, 5, 7), "noise"),
    ],
)
def test_the_numbers_decide(counts, verdict):
    assert judged(counts) == verdict


def test_as_many_others_are_churn_and_the_same_ones_are_steady():
    assert judged((500, 500, 500, 500), OTHERS) == "churn"
    assert judged((500, 500, 500, 500), SAME) == "steady"
    assert judged((5, 5, 5, 5), OTHERS) == "noise"


def test_an_object_that_grows_by_itself_only_grows():
    assert judged((1, 1, 1, 1), SAME, [1000, 200_000, 400_000, 600_000]) == "only grows"
    assert judged((1, 1, 1, 1), SAME, [1000, 1200, 1300, 1400]) == "noise"


def rows(marks, limit=100):
    return {(row.path, row.verdict): row for row in compare_marks(marks, limit=limit).rows}


def test_what_hangs_on_what_grows_is_told_with_it():
    counts = [100, 200, 300, 400]
    found = rows(
        over_time({ORDERS: counts, f"{ORDERS}/.lines list": counts, f"{ORDERS}/.lines list/[*] Line": counts})
    )
    assert list(found) == [("module app .ORDERS → dict {str} → Order", "only grows")]
    (row,) = found.values()
    assert (row.count_change, row.size_change) == (300, 3 * 100 * 300)
    assert row.count_rate == 300
    assert row.counts == (100, 200, 300, 400)


def test_what_changes_inside_of_what_is_steady_is_told_by_itself():
    found = rows(
        over_time({"module app/.A dict/{str} New": [1000, 800, 20, 5], "module app/.B list/[*] Old": [7] * 4})
    )
    assert list(found) == [("module app .A → dict {str} → New", "drained")]


def test_a_key_that_becomes_one_of_many_is_no_new_path():
    single, many = "module app/.JOBS dict/['new'] Job", "module app/.JOBS dict/{str} Job"
    marks = [
        drawn(0.0, {single: (100, 800), f"{single}/.rows list": (100, 5600)}),
        drawn(20.0, {many: (101, 808), f"{many}/.rows list": (101, 5656)}),
        drawn(40.0, {many: (102, 816), f"{many}/.rows list": (102, 5712)}),
    ]
    assert rows(marks) == {}
    line = next(each for each in line_up(marks, [0.0, 20.0, 40.0]).lines if each.type == "Job")
    assert line.reference == "{str}"
    assert line.count == [100, 101, 102]
    assert line.below_size == [6400, 6464, 6528]


@pytest.mark.parametrize("flip", [False, True])
def test_joined_paths_keep_all_that_is_below_them(flip):
    first, second, many = (f"module app/.JOBS dict/{key} Job" for key in ("['a']", "['b']", "{str}"))
    marks = [
        drawn(0.0, {f"{first}/.x X": (10, 80), f"{second}/.x X": (20, 160), f"{second}/.y Y": (5, 40)}),
        drawn(20.0, {f"{many}/.x X": (33, 264), f"{many}/.y Y": (6, 48), f"{many}/.z Z": (9, 72)}),
    ]
    if flip:
        marks.reverse()
    series = line_up(marks, [0.0, 20.0])
    now = {line.type: line.count[not flip] for line in series.lines if any(line.count)}
    assert (now["X"], now["Y"], now["Z"]) == (33, 6, 9)
    before = {line.type: line.count[flip] for line in series.lines if any(line.count)}
    assert (before["X"], before["Y"], before["Z"]) == (30, 5, 0)
    for number, line in enumerate(series.lines):
        assert line.above < number
        assert all(series.lines[child].above == number for child in line.children)
    root = series.lines[0]
    assert root.below_size[not flip] == sum(marks[not flip].rows.size)


def test_two_keys_beside_each_other_stay_two_paths():
    one, many = "module app/.JOBS dict/['new'] Job", "module app/.JOBS dict/{str} Job"
    series = line_up(over_time({one: [10, 10], many: [50, 50]}), [0.0, 20.0])
    assert {line.reference: line.count for line in series.lines if line.type == "Job"} == {
        "['new']": [10, 10],
        "{str}": [50, 50],
    }


def test_garbage_that_becomes_more_is_told_by_its_type():
    marks = [
        drawn(20.0 * place, {ORDERS: (5, 500)}, garbage={"dict": (3, 90), "Request": (9 * place, 900)})
        for place in range(3)
    ]
    (row,) = compare_marks(marks).rows
    assert (row.verdict, row.type, row.count_change) == ("cycle garbage", "Request", 18)
    assert compare_marks(marks).next == "leak cycles"


def test_a_c_heap_that_grows_is_told_without_a_path():
    marks = [drawn(20.0 * place, {ORDERS: (5, 500)}, c_heap=(2 + 30 * place) * MIB) for place in range(4)]
    (row,) = compare_marks(marks).rows
    assert (row.verdict, row.path) == ("C heap", "")
    assert row.size_change > 60 * MIB
    assert compare_marks(marks).next == "leak memory"


def test_growth_comes_first_and_what_is_left_out_is_counted():
    paths = {f"module app/.L{place} list/[*] T{place}": [100, 100 * (place + 2)] for place in range(12)}
    found = compare_marks(over_time(paths | {"module app/.Q list/[*] Q": [5000, 100]}), limit=5)
    assert [row.type for row in found.rows] == ["T11", "T10", "T9", "T8", "T7"]
    assert found.omitted == 8


def test_one_mark_compares_with_nothing():
    found = compare_marks(over_time({ORDERS: [100]}))
    assert (found.seconds, found.rows) == (None, ())


def test_marks_close_to_each_other_are_compared_all_the_same():
    (row,) = compare_marks(over_time({ORDERS: [100, 900]}, apart=0.001)).rows
    assert row.verdict == "grew"


def test_many_marks_are_compared_in_no_time():
    paths = {f"module app{place % 50}/.L{place} list/[*] T{place}": [100] * 12 for place in range(1500)}
    marks = over_time(paths)
    assert compare_marks(marks).steady > 3000
    assert isinstance(marks[0].rows.count, array)


@pytest.mark.parametrize("seed", range(40))
def test_joining_loses_nothing_and_keeps_parents_first(seed):
    rng = random.Random(seed)
    keys = ["['a']", "['b']", "{str}", ".x", ".*", "[*]"]

    def draw(taken):
        paths = {}
        for _ in range(rng.randint(1, 25)):
            steps = [f"{rng.choice(keys)} {rng.choice('PQ')}" for _ in range(rng.randint(1, 4))]
            paths["/".join(["module app", *steps])] = (rng.randint(1, 9), rng.randint(1, 99))
        return drawn(taken, paths)

    marks = [draw(20.0 * place) for place in range(rng.randint(2, 4))]
    lines = line_up(marks, [mark.taken for mark in marks]).lines
    for place, mark in enumerate(marks):
        assert sum(line.count[place] for line in lines) == sum(mark.rows.count)
        assert lines[0].below_size[place] == sum(mark.rows.size)
    assert all(line.above < number for number, line in enumerate(lines))
    reached = [child for line in lines for child in line.children]
    assert len(reached) == len(set(reached))
    assert all(lines[child].above == number for number, line in enumerate(lines) for child in line.children)
