"""Where the memory is: planted blocks show up in their place, to a part in a hundred, and nowhere else."""

from __future__ import annotations

import ctypes
import re
import sys
import time
from dataclasses import replace

import pytest

from pdbleak.analyses import mappings
from pdbleak.analyses.allocators import (
    Arenas,
    Malloc,
    malloc_name,
    parse_arenas,
    parse_malloc,
    read_arenas,
    read_malloc,
)
from pdbleak.analyses.ledger import balance, compare, take_ledger, with_objects
from pdbleak.analyses.mappings import Mappings, read_mappings, sort_mappings
from pdbleak.analyses.memory import judge, report
from pdbleak.commands.memory import memory

pytestmark = pytest.mark.skipif(read_malloc() is None, reason="malloc is not glibc's")
MIB = 1 << 20
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]


@pytest.fixture
def plant():
    """Return a function that takes bytes from malloc, behind Python's back, and writes to them."""
    blocks = []

    def take(size, *, each=64 * 1024):
        for _ in range(size // each):
            block = libc.malloc(each)
            libc.memset(block, 1, each)
            blocks.append(block)
        return blocks

    yield take
    for block in blocks:
        libc.free(block)
    libc.malloc_trim(0)


def changes(before, after):
    return {place.key: place.change for place in compare(before, after)}


def test_the_places_add_up_to_the_resident_memory():
    ledger = take_ledger()
    places = {place.key: place.size or 0 for place in compare(None, ledger)}
    assert sum(places.values()) == ledger.rss


def test_what_c_code_takes_is_found_in_the_c_heap(plant):
    before = take_ledger()
    plant(86 * MIB)
    found = changes(before, take_ledger())
    assert found["c_heap"] == pytest.approx(86 * MIB, rel=0.01)
    assert [key for key, new in found.items() if (new or 0) > MIB] == ["c_heap"]


def test_big_blocks_that_malloc_maps_are_found_in_the_c_heap(plant):
    before = take_ledger()
    plant(64 * MIB, each=32 * MIB)
    assert changes(before, take_ledger())["c_heap"] == pytest.approx(64 * MIB, rel=0.01)


def test_what_was_freed_is_kept_and_trimming_returns_it(session, plant):
    memory(session)
    blocks = plant(96 * MIB)
    last = blocks.pop()
    while blocks:
        libc.free(blocks.pop())
    found = memory(session, trim=True)
    blocks.append(last)
    assert found.verdict == "fragmentation"
    assert found.basis == pytest.approx(96 * MIB, rel=0.02)
    (tried,) = found.experiments
    assert tried.name == "trim"
    assert tried.rss_before - tried.rss_after >= 94 * MIB
    assert {place.key for place in tried.moved} == {"kept"}
    assert found.next == "c, then later: leak memory"


def test_the_verdict_names_the_c_heap(session, plant):
    memory(session)
    plant(30 * MIB)
    found = memory(session)
    assert (found.verdict, found.next) == ("C heap", "leak orphans")
    assert found.basis == pytest.approx(30 * MIB, rel=0.02)


def test_small_and_big_python_objects_are_told_apart_from_c(session):
    memory(session)
    small = [object() for _ in range(500_000)]
    big = [bytes(3_000) for _ in range(5_000)]
    session.forget_heap()
    found = memory(session)
    changed = {place.key: place.change for place in found.places}
    assert changed["small"] == pytest.approx(500_000 * sys.getsizeof(object()), rel=0.03)
    assert changed["large"] == pytest.approx(
        5_000 * 3_033 + sys.getsizeof(small) + sys.getsizeof(big), rel=0.03
    )
    assert abs(changed["c_heap"]) < MIB
    assert (found.verdict, found.next) == ("Python objects", "leak types 20 --by size")


def test_objects_that_died_leave_holes():
    kept = [[object() for _ in range(50)] for _ in range(20_000)]
    before = take_ledger()
    for each in kept:
        del each[1:]
    found = changes(before, take_ledger())
    assert found["holes"] > 8 * MIB
    assert found["small"] == pytest.approx(-found["holes"], rel=0.05)


def test_without_growth_no_place_is_named(session):
    memory(session)
    found = memory(session)
    assert found.verdict == "steady"
    assert abs(found.change) < MIB


def test_a_collection_gives_back_what_it_frees(session):
    import gc

    for _ in range(200):
        cycle = [bytearray(100_000)]
        cycle.append(cycle)
    del cycle
    found = memory(session, gc=True)
    assert [each.name for each in found.experiments] == ["gc"]
    moved = {place.key: place.change for place in found.experiments[0].moved}
    assert moved["c_heap"] == pytest.approx(-200 * 100_000, rel=0.02)
    assert session.captured is None
    assert gc.collect() < 200


def test_without_a_capture_the_ledger_takes_a_few_milliseconds():
    fastest = min(timed(take_ledger) for _ in range(5))
    assert fastest < 0.05


def timed(function):
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def test_the_captures_own_memory_is_no_growth(session):
    before = take_ledger()
    keep = session.heap()
    own = changes(before, take_ledger(own=keep.nbytes))
    assert own["own"] == keep.nbytes
    assert abs(own["other"]) < MIB


def test_the_kernels_sum_is_the_rss():
    from pdbleak.analyses.resident import resident_bytes

    assert read_mappings().rss == pytest.approx(resident_bytes(), rel=0.02)


def test_a_blocked_threads_stack_is_a_stack():
    import threading

    release, ready = threading.Event(), threading.Event()

    def deep(depth):
        buffer = ctypes.create_string_buffer(1)
        return deep(depth - 1) if depth else (ready.set(), release.wait(), buffer)

    thread = threading.Thread(target=deep, args=(10,))
    before = read_mappings().stacks
    thread.start()
    ready.wait()
    for _ in range(100):
        after = read_mappings().stacks
        if after > before:
            break
        time.sleep(0.01)
    release.set()
    thread.join()
    assert after > before


def test_malloc_reports_what_mallinfo2_says():
    fields = (
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keep",
    )

    class Info(ctypes.Structure):
        _fields_ = tuple((name, ctypes.c_size_t) for name in fields)

    ask = getattr(libc, "mallinfo2", None)
    if ask is None:
        pytest.skip("glibc before 2.33")
    ask.restype = Info
    found, truth = read_malloc(), ask()
    assert found.used == pytest.approx(truth.uordblks, rel=0.01)
    assert found.mapped == truth.hblkhd
    assert found.free == pytest.approx(truth.fordblks, rel=0.2, abs=200_000)
    assert malloc_name() == "malloc"


def test_arenas_report_what_the_interpreter_prints(capfd):
    found = read_arenas()
    assert capfd.readouterr() == ("", "")
    sys._debugmallocstats()
    printed = capfd.readouterr().err
    truth = parse_arenas(printed)
    assert found.used == pytest.approx(truth.used, rel=0.01)
    assert found.used + found.holes == int(re.search(r"(\d+) arenas \*", printed)[1]) * MIB


SMAPS = b"""\
55e000000000-55e000001000 r-xp 00000000 fe:00 86389                      /usr/bin/python3
Rss:                   4 kB
55e001000000-55e001100000 rw-p 00000000 00:00 0                          [heap]
Rss:                1000 kB
Swap:                 24 kB
7f0000000000-7f0000100000 rw-p 00000000 00:00 0
Rss:                 300 kB
7f0000100000-7f0004000000 ---p 00000000 00:00 0
Rss:                   0 kB
7f0008000000-7f0008100000 rw-p 00000000 00:00 0
Rss:                 500 kB
7f0010000000-7f0010800000 rw-p 00000000 00:00 0
Rss:                  16 kB
7f0020000000-7f0020800000 rw-p 00000000 00:00 0                          [anon: glibc: pthread stack: 7]
Rss:                   8 kB
7fff00000000-7fff00100000 rw-p 00000000 00:00 0                          [stack]
Rss:                  64 kB
VmFlags: rd wr mr mw me ac
"""


def test_mappings_are_sorted_by_what_they_are():
    found = sort_mappings(SMAPS.splitlines(keepends=True), [0x7F00_1000_0010])
    assert found == Mappings(
        files=4 << 10, stacks=88 << 10, malloc=1300 << 10, anonymous=500 << 10, swapped=24 << 10
    )


def test_a_process_without_reports_has_unknown_places_and_no_wrong_ones():
    ledger = balance(None, None, None)
    assert {place.key for place in compare(None, ledger) if place.size is not None} <= {"other"}
    assert judge(None, ledger) == ("", 0)
    found = report(None, ledger)
    assert found.notes == (
        "Python's own allocator is off or silent: small objects are malloc's",
        f"{ledger.allocator} does not report what is in use: the C heap is in 'other'",
        "this system does not tell what the pages are mapped from",
    )


def test_what_was_asked_for_and_never_written_is_not_resident():
    ledger = balance(None, Malloc(10 * MIB, 1_000 * MIB, 0, 1), Mappings(0, 0, 10 * MIB, 4 * MIB, 0))
    places = {place.key: place.size for place in compare(None, ledger)}
    assert (places["c_heap"], places["untouched"]) == (1_010 * MIB, -996 * MIB)
    assert sum(size or 0 for size in places.values()) == ledger.rss == 14 * MIB


def test_objects_known_on_one_side_only_are_compared_as_mallocs():
    before = balance(Arenas(MIB, 0), Malloc(10 * MIB, 0, 0, 1), Mappings(0, 0, 11 * MIB, 0, 0))
    after = replace(
        balance(Arenas(MIB, 0), Malloc(15 * MIB, 0, 0, 1), Mappings(0, 0, 16 * MIB, 0, 0)), large=9 * MIB
    )
    found = changes(before, after)
    assert (found["large"], found["c_heap"]) == (None, 5 * MIB)


def test_reports_in_another_form_are_unknown():
    assert (parse_arenas(""), parse_arenas("mimalloc: 3 heaps")) == (None, None)
    assert (parse_malloc(""), parse_malloc("<malloc></heap></malloc>")) == (None, None)


def test_where_the_kernel_tells_nothing_the_mappings_are_unknown(monkeypatch, tmp_path):
    monkeypatch.setattr(mappings, "SMAPS", str(tmp_path / "none"))
    assert read_mappings() is None
    assert take_ledger().files is None


def test_all_python_objects_are_mallocs_where_pythons_allocator_is_off(session):
    ledger = balance(None, Malloc(1 << 40, 0, 0, 1), None)
    heap = session.heap()
    assert with_objects(ledger, heap).large == sum(size for _, size in heap.tally().values())
