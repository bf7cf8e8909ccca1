"""The verdict on drawn marks: leaks are named where they are held, healthy programs are left alone."""

import random
from array import array
from dataclasses import replace

import pytest
from drawn_marks import MIB, drawn, over_time

from pdbleak.analyses import growing
from pdbleak.analyses.diff import compare_marks
from pdbleak.analyses.dismissal import identity, without_dismissed
from pdbleak.analyses.history import find_history
from pdbleak.analyses.holders import Known
from pdbleak.analyses.holders.callbacks import AT_EXIT
from pdbleak.analyses.pathnames import UNKNOWN
from pdbleak.analyses.state import State
from pdbleak.analyses.triage import rank

ORDERS = "module app/.ORDERS dict/{str} Order"


def accused(marks, state=None):
    return [each.finding for each in rank(marks, state or State()).ranked if each.accuses]


def jittered(level, jitter, number=6, seed=3):
    rng = random.Random(seed)
    return [level + rng.randint(-jitter, jitter) for _ in range(number)]


# ---- healthy ----

HEALTHY = {
    "a cache that fills and stops": {ORDERS: [100, 900, 1000, 1000, 1000, 1000]},
    "a cache that fills ever more slowly": {ORDERS: [0, 600, 840, 936, 974, 990]},
    "a pool": {"module app/.POOL list/[*] Connection": [5, 20, 20, 20, 20, 20]},
    "a sliding window": {"module app/.LAST collections.deque/[*] Event": [500, 1000, 1000, 1000, 1000, 1000]},
    "steady traffic": {"module app/.ACTIVE set/{…} Request": jittered(200, 60)},
    "a queue that is drained": {"module app/.QUEUE list/[*] Job": [10, 4000, 9000, 3000, 20, 10]},
    "churn": {ORDERS: [5000] * 6},
    "warm-up": {"module lib/.CODE dict/{str} Template": [0, 3000, 3200, 3210, 3210, 3210]},
    "a sawtooth": {"module app/.BATCH list/[*] Row": [100, 600, 50, 500, 20, 700]},
    "a few objects more": {ORDERS: [1000, 1001, 1002, 1003, 1004, 1005]},
    "idle": {ORDERS: [0] * 6},
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_program_is_not_accused(name):
    assert accused(over_time(HEALTHY[name])) == []


@pytest.mark.parametrize("seed", range(20))
def test_traffic_that_wavers_is_not_accused(seed):
    rng = random.Random(seed)
    paths = {f"module app/.POOL{i} list/[*] Item": jittered(300, 100, 7, rng.random()) for i in range(20)}
    assert len(accused(over_time(paths))) <= 1


BURSTS = [0, 1000, 1300, 3300, 3900, 5400]
WATCHERS = "module app/.WATCHERS list/[*] Watcher"


def test_bursts_of_traffic_are_no_reason_to_doubt_where_another_place_has_them_too():
    (alone,) = rank(over_time({ORDERS: BURSTS}), State()).ranked
    assert not alone.accuses
    first, second = accused(over_time({ORDERS: BURSTS, WATCHERS: [each // 60 for each in BURSTS]}))
    assert first.type == "Order"
    assert "as fast and as slowly as the other growth" in first.basis
    assert second.type == "Watcher"


def test_a_steady_growth_is_no_witness_for_an_irregular_one():
    found = accused(over_time({ORDERS: BURSTS, WATCHERS: [100 * each for each in range(6)]}))
    assert [each.type for each in found] == ["Watcher"]


def test_one_mark_accuses_no_large_container():
    (mark,) = over_time({ORDERS: [100_000]})
    ranking = rank([mark], State())
    assert [each.accuses for each in ranking.ranked] == [False]
    assert "large is not leaking" in ranking.ranked[0].finding.basis


def test_one_interval_is_a_suspicion():
    ranking = rank(over_time({ORDERS: [100, 900]}), State())
    assert [(each.accuses, each.finding.type) for each in ranking.ranked] == [(False, "Order")]


# ---- leaks ----


def test_a_container_that_only_grows_is_named_by_its_path():
    (finding,) = accused(over_time({ORDERS: [100, 200, 310, 400]}))
    assert (finding.type, finding.path, finding.confidence) == (
        "Order",
        "module app .ORDERS → dict {str} → Order",
        "high",
    )
    assert finding.count_rate == pytest.approx(300)


def test_growth_after_warm_up_is_found():
    (finding,) = accused(over_time({ORDERS: [0, 5000, 5100, 5200, 5300, 5400, 5500]}))
    assert finding.type == "Order"


def test_what_hangs_on_the_elements_is_theirs():
    paths = {
        ORDERS: [100, 200, 300, 400],
        ORDERS + "/.lines list": [100, 200, 300, 400],
        ORDERS + "/.lines list/[*] str": [5000, 10_000, 15_000, 20_000],
    }
    (finding,) = accused(over_time(paths))
    assert finding.type == "Order"
    assert finding.size > 100 * 20_000


def test_a_queue_in_every_connection_is_the_queue():
    held = "module app/.connections dict/{int} Connection"
    paths = {
        held: [50, 50, 50, 50],
        held + "/.queue list": [50, 50, 50, 50],
        held + "/.queue list/[*] Message": [50, 1050, 2050, 3050],
    }
    (finding,) = accused(over_time(paths))
    assert finding.type == "Message"
    assert ".queue" in finding.path


def test_a_queue_that_grows_faster_than_its_connections_is_the_queue():
    held = "module app/.connections dict/{int} Connection"
    paths = {
        held: [50, 60, 70, 80],
        held + "/.queue list": [50, 60, 70, 80],
        held + "/.queue list/[*] Message": [50, 10_050, 20_050, 30_050],
    }
    assert accused(over_time(paths))[0].type == "Message"


def test_what_grows_below_several_keys_of_one_dict_is_one_finding():
    watchers = "module app/.__dict__ dict/['watchers'] dict/['{}'] list/[*] function"
    paths = {
        watchers.format("mail"): [10, 60, 120, 170],
        watchers.format("search"): [5, 35, 64, 95],
        watchers.format("billing"): [2, 22, 40, 62],
    }
    marks = over_time(paths)
    (finding,) = accused(marks)
    assert finding.keys == ("['mail']", "['search']", "['billing']")
    assert finding.path == "module app .watchers → dict ['mail'] → list [*] → function"
    assert (finding.count, finding.count_rate) == (327, 310)
    (course,) = find_history(marks).places
    assert (course.name, course.values[-1]) == (
        "module app .watchers → dict {str} → list [*] → function",
        327,
    )
    assert [row.path for row in compare_marks(marks).rows] == [course.name]


def test_what_grows_below_several_attributes_is_as_many_findings():
    paths = {
        "module app/.__dict__ dict/['first'] list/[*] Order": [10, 60, 120, 170],
        "module app/.__dict__ dict/['second'] list/[*] Order": [5, 35, 64, 95],
    }
    assert [each.keys for each in accused(over_time(paths))] == [(), ()]


def test_what_is_dismissed_stays_out_whichever_key_comes_first():
    jobs = "module app/.jobs dict/['{}'] list/[*] Job"
    one = {ORDERS: [10, 60, 120, 170], jobs.format("a"): [9, 50, 90, 130], jobs.format("b"): [9, 40, 70, 99]}
    other = one | {jobs.format("b"): [9, 90, 170, 250]}
    first, second = (rank(over_time(paths), State()) for paths in (one, other))
    told = {each.finding.type: identity(each.finding) for each in first.ranked}
    assert first.ranked[0].finding.path != second.ranked[0].finding.path
    left = without_dismissed(second, [told["Job"]])
    assert [each.finding.type for each in left.ranked] == ["Order"]
    assert left.checked[-1].startswith("1 finding is ignored")


def test_many_places_that_grow_take_no_quadratic_work(monkeypatch):
    asked = []
    compare = growing._are_in_step
    monkeypatch.setattr(growing, "_are_in_step", lambda one, other: asked.append(1) or compare(one, other))
    paths = {f"module app/.x{i} list/[*] T{i}": [10, 110 + i * i, 210 + 2 * i * i] for i in range(600)}
    assert len(find_history(over_time(paths)).places) == 10
    assert 600 <= len(asked) <= 600 * growing.MOST_COMPARED


def test_what_wavers_is_not_counted_with_what_grows_below_another_key():
    jobs = "module app/.jobs dict/['{}'] list/[*] Job"
    paths = {jobs.format("mail"): [10, 60, 120, 170], jobs.format("search"): [10, 300, 20, 250]}
    (finding,) = accused(over_time(paths))
    assert (finding.keys, finding.count) == ((), 170)


def test_two_places_that_grow_in_step_are_one_finding():
    paths = {ORDERS: [100, 200, 310, 400], "module app/.INDEX dict/{int} tuple": [100, 200, 310, 400]}
    (finding,) = accused(over_time(paths))
    assert len(finding.also) == 1


def test_an_object_that_grows_is_found_by_its_bytes():
    path = "module app/.BUFFER bytearray"
    marks = [drawn(20.0 * i, {path: (1, MIB * (i + 1))}) for i in range(4)]
    (finding,) = accused(marks)
    assert (finding.type, finding.kind) == ("bytearray", "one object grows")


def test_a_list_of_numbers_grows_by_its_length():
    path = "module app/.SEEN list"
    marks = [drawn(20.0 * i, {path: (1, 4000 * (i + 1))}) for i in range(4)]
    for i, mark in enumerate(marks):
        mark.rows.references[mark.rows.type.index("list")] = 500 * (i + 1)
    (finding,) = accused(marks)
    assert "SEEN" in finding.path


def test_garbage_is_a_finding_where_collections_are_off():
    garbage = {"Proto": (20_000, 4 * MIB)}
    marks = [drawn(0.0, {ORDERS: (1, 1)}), drawn(20.0, {ORDERS: (1, 1)}, garbage=garbage)]
    (finding,) = accused(marks, State(collecting=False))
    assert (finding.kind, finding.type) == ("garbage in cycles", "Proto")
    assert accused(marks) == []


def test_a_c_heap_that_grows_without_objects_is_a_finding():
    marks = [drawn(20.0 * i, {ORDERS: (1, 1)}, c_heap=(10 + 20 * i) * MIB) for i in range(4)]
    (finding,) = accused(marks)
    assert (finding.type, finding.then) == ("C heap", "leak orphans")


def test_the_biggest_leak_comes_first():
    paths = {ORDERS: [100, 200, 310, 400], "module app/.LOG list/[*] Line": [0, 5000, 10_300, 15_000]}
    assert [each.type for each in accused(over_time(paths))] == ["Line", "Order"]


# ---- known causes ----

QUERIES = "module shop/.connection Wrapper/.queries_log collections.deque/[*] dict"


def test_what_grows_by_a_known_cause_comes_with_its_advice():
    (finding,) = accused(over_time({QUERIES: [100, 1100, 2100, 3100, 4100, 5100]}))
    assert "Django keeps every SQL query" in finding.basis
    assert "DEBUG = False" in finding.advice
    assert finding.link.startswith("https://docs.djangoproject.com/")


def test_a_known_cause_is_mentioned_without_history_and_accused_of_nothing():
    ranking = rank(over_time({QUERIES: [6000]}), State())
    (mentioned,) = [each for each in ranking.ranked if each.finding.kind == "known cause"]
    assert not mentioned.accuses
    assert (mentioned.finding.count, mentioned.finding.then) == (6000, "leak auto 3 20")
    assert not any(each.finding.advice for each in rank(over_time({QUERIES: [60]}), State()).ranked)


def test_a_full_container_of_a_known_cause_is_told_to_be_fine_once_it_is_seen_not_to_grow():
    def told(counts):
        ranking = rank(over_time({QUERIES: counts}), State())
        fine = [line for line in ranking.checked if "Django keeps every SQL query" in line]
        return len(ranking.ranked), fine

    assert told([6000])[1] == []
    number, (line,) = told([9000] * 4)
    assert number == 0
    assert "9,000 objects that do not grow" in line
    assert told([6000, 7000, 8000, 9000])[1] == []
    assert told([60] * 4)[1] == []


def test_what_only_c_holds_is_atexits_when_atexit_has_as_many():
    marks = over_time({"held by C/ function": [10, 1010, 2010, 3010, 4010, 5010]})
    assert not accused(marks)[0].advice
    state = State(known=(Known(AT_EXIT, -1, "callbacks at exit", "function", 5000, 0),))
    assert "atexit.unregister" in accused(marks, state)[0].advice


@pytest.mark.parametrize("seed", range(30))
def test_a_few_intervals_of_traffic_accuse_nobody(seed):
    rng = random.Random(seed)
    paths = {f"module app/.POOL{i} list/[*] Item": jittered(300, 100, 4, rng.random()) for i in range(20)}
    assert accused(over_time(paths, oldest=1)) == []


def test_what_rotates_is_accused_after_many_intervals_only():
    rising = [1100, 1200, 1300, 1400, 1500, 1600, 1700, 1800, 1900]
    assert accused(over_time({ORDERS: rising[:5]}, oldest=1)) == []
    (finding,) = accused(over_time({ORDERS: rising}, oldest=1))
    assert "taken out meanwhile" in finding.basis


def test_a_coroutine_that_ran_in_some_marks_is_one_path():
    running = "local 'hub' of main() at hub.py"
    suspended = "local 'main' of run() at runners.py/local 'hub' of main() module"
    kept = "/.kept list/[*] Session"
    marks = [
        drawn(20.0 * place, {root + kept: (100 * place + 100, 10_000 * place + 10_000)})
        for place, root in enumerate((running, running, suspended, suspended))
    ]
    (finding,) = accused(marks)
    assert finding.type == "Session"


def test_c_memory_that_grows_with_objects_of_c_code_is_told_with_them():
    held = "module app/.CONNECTIONS dict/{int} Connection"
    counts = [20, 40, 60, 80]
    marks = [
        drawn(
            20.0 * i,
            {held: (count, 100 * count), held + "/.deflate zlib.Compress": (count, 64 * count)},
            c_heap=10 * count * MIB,
        )
        for i, count in enumerate(counts)
    ]
    (finding,) = accused(marks, State(opaque=frozenset({"zlib.Compress"})))
    assert finding.type == "Connection"
    assert "the C heap grows with it" in finding.basis
    assert accused(marks)[0].type == "C heap"


def test_a_queue_that_is_emptied_too_slowly_is_accused():
    (finding,) = accused(over_time({"module app/.QUEUE list/[*] Job": [250, 380, 510, 650]}, oldest=1))
    assert "taken out meanwhile" in finding.basis


def test_few_objects_and_weak_references_are_suspects():
    assert accused(over_time({"module app/.QUEUE list/[*] Job": [1, 11, 21, 32]})) == []
    assert accused(over_time({"module app/.REFS list/[*] weakref.ReferenceType": [60, 130, 190, 260]})) == []


# ---- what looks like growth ----


def with_lengths(marks, row_type, lengths):
    """Return marks in which the container of a type has so many references, whatever its elements are."""
    changed = []
    for mark, length in zip(marks, lengths, strict=True):
        references = array("Q", mark.rows.references)
        references[mark.rows.type.index(row_type)] = length
        changed.append(replace(mark, rows=replace(mark.rows, references=references)))
    return changed


def test_elements_that_others_held_before_make_no_container_longer():
    keys = over_time({"module app/.TABLE dict/{key} int": [100, 200, 300, 400, 500, 600]})
    assert accused(keys)
    assert accused(with_lengths(keys, "dict", [1000] * 6)) == []
    assert accused(with_lengths(keys, "dict", [1000, 1100, 1200, 1300, 1400, 1500]))


def test_what_fills_ever_more_slowly_is_less_sure():
    (linear,) = accused(over_time({ORDERS: [100, 600, 1100, 1600, 2100, 2600]}))
    assert linear.confidence == "high"
    (slower,) = accused(over_time({ORDERS: [100, 900, 1700, 2300, 2800, 3200]}))
    assert slower.confidence == "medium"
    assert "ever more slowly" in slower.basis
    many = [100, 1600, 3000, 4000, 4900, 5600, 6100, 6450, 6700]
    assert accused(over_time({ORDERS: many})) == []


def test_garbage_that_the_program_collects_by_itself_is_no_leak():
    def marks(sizes):
        types = [{"Request": (size // 100, size)} for size in sizes]
        return [drawn(20.0 * i, {ORDERS: (100, 1000)}, garbage=each) for i, each in enumerate(types)]

    state = State(collecting=False)
    assert accused(marks([MIB, 2 * MIB, 3 * MIB, 4 * MIB]), state)
    assert accused(marks([MIB, 3 * MIB, MIB, 3 * MIB]), state) == []
    fine = rank(marks([MIB, 3 * MIB, MIB, 3 * MIB]), state).checked
    assert any("which the program makes by itself" in line for line in fine)


def test_what_other_threads_put_anew_is_one_path_though_its_name_was_gone():
    named, nameless = (f"module app/.ROOM Room/{name} str" for name in (".text", UNKNOWN))
    marks = [
        drawn(20.0 * place, {name: (1, MIB * (place + 1))})
        for place, name in enumerate((nameless, nameless, nameless, nameless, nameless, named))
    ]
    (finding,) = accused(marks)
    assert finding.path.endswith("Room .text → str")


def test_a_few_new_blocks_with_many_in_each_are_told_by_what_is_in_them():
    block = "module app/.TEE Tee/.block Block"
    (finding,) = accused(
        over_time({block: [2, 3, 4, 5, 6, 7], block + "/[*] Event": [57 * n for n in range(2, 8)]})
    )
    assert finding.type == "Event"
