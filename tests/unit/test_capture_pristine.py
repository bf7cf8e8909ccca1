"""A capture leaves the interpreter as it found it and holds nothing, ended early or not."""

from __future__ import annotations

import gc
import resource
import sys

import pytest
from live import Node, known, run

from pdbleak.heap import GARBAGE, take_capture

HELD: dict[str, object] = {}


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - a kernel's file
        return int(file.read().split()[1]) * resource.getpagesize()


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_found(enabled):
    before = gc.isenabled(), gc.get_threshold(), list(gc.callbacks)
    runs = []
    gc.callbacks.append(lambda phase, info: runs.append(phase))
    (gc.enable if enabled else gc.disable)()
    try:
        # So that a collection is due at any time.
        gc.set_threshold(1_000_000)
        frozen = gc.get_freeze_count()
        generations = [entry["collections"] for entry in gc.get_stats()]
        heap = take_capture()
        assert gc.isenabled() is enabled
        assert gc.get_threshold()[0] == 1_000_000
        assert gc.get_freeze_count() == frozen
        assert [entry["collections"] for entry in gc.get_stats()] == generations
        assert runs == []
        assert heap.graph.nodes
    finally:
        gc.callbacks[:] = before[2]
        gc.set_threshold(*before[1])
        (gc.enable if before[0] else gc.disable)()


def test_no_audit_hook_hears_of_a_capture():
    text = run(
        """
        import sys
        from pdbleak.heap import take_capture
        take_capture()
        events = []
        sys.addaudithook(lambda event, _: events.append(event))
        take_capture()
        print(events)
        """
    )
    assert text == "[]"


def test_no_import_goes_through_the_program_s_import():
    text = run(
        """
        import builtins
        from pdbleak.heap import take_capture
        def refuse(*arguments, **options):
            raise AssertionError(arguments[0])
        builtins.__import__ = refuse
        print(take_capture().graph.nodes > 1000)
        """
    )
    assert text == "True"


@pytest.mark.usefixtures("quiet")
def test_a_profile_function_sees_nothing_called_inside_of_the_walk():
    seen = []
    sys.setprofile(lambda frame, event, argument: seen.append((event, frame.f_code.co_filename)))
    try:
        take_capture()
    finally:
        sys.setprofile(None)
    called = {file for event, file in seen if event == "call"}
    assert {file.rpartition("/")[2] for file in called} <= {"heap.py", "graph.py", "<string>"}


def test_every_reference_count_is_as_before():
    items = [item for item in gc.get_objects() if type(item) in (dict, list, tuple, type, Node)]
    before = [sys.getrefcount(item) for item in items]
    heap = take_capture()
    after = [sys.getrefcount(item) for item in items]
    changed = [type(items[place]) for place in range(len(items)) if before[place] != after[place]]
    assert heap.graph.nodes > len(items) > 1000
    # This frame's own, and the capture's result.
    assert len(changed) <= 3, changed


def test_two_captures_in_a_row_are_equal_to_the_address():
    text = run(
        """
        import gc
        from pdbleak.heap import take_capture
        def compare():
            one = take_capture()
            two = take_capture()
            rows = [
                {(address, heap.types[row]) for address, row in zip(heap.addresses, heap.type_of)}
                for heap in (one, two)
            ]
            return sorted(name for _, name in rows[0] ^ rows[1]), one.graph.references - two.graph.references
        gc.collect(); gc.disable()
        compare()
        print(compare())
        """
    )
    assert text == "([], 0)"


def test_nothing_of_the_heap_outlives_a_capture():
    text = run(
        """
        import gc, weakref
        from pdbleak.heap import take_capture
        held = [[number] for number in range(400_000)]
        take_capture()
        def resident():
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * 4096
        gc.collect()
        before = resident()
        heap = take_capture()
        during = resident()
        taken = heap.nbytes
        heap = None
        after = resident()
        gc.collect()
        kinds = [type(item) for item in gc.get_objects()]
        own = [kind.__name__ for kind in kinds if kind.__module__ in ("pdbleak.heap", "pdbleak.graph")]
        print(during - before > taken / 2, after - before < taken / 10, own)
        """
    )
    assert text == "True True []"


@pytest.mark.usefixtures("quiet")
def test_a_capture_keeps_no_garbage_from_being_collected():
    item = Node()
    item.own = item
    del item
    heap = take_capture()
    flagged = [node for node in heap.nodes_of([f"{Node.__module__}.Node"]) if heap.has(node, GARBAGE)]
    assert len(flagged) == 1
    assert gc.collect() >= 1
    assert heap.resolve(flagged) == {}


def test_ctrl_c_half_way_keeps_nothing():
    text = run(
        """
        import gc, os, signal, time
        from pdbleak.heap import take_capture
        held = [[number] for number in range(500_000)]
        gc.collect()
        take_capture()
        def resident():
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * 4096
        def maps():
            with open("/proc/self/maps") as file:
                return len(file.readlines())
        before, places = resident(), maps()
        ended = done = 0
        # A child presses the key, at another place of the walk each time.
        for step in range(15):
            if os.fork() == 0:
                time.sleep(0.01 + step / 140)
                os.kill(os.getppid(), signal.SIGINT)
                os._exit(0)
            try:
                heap = take_capture()
                done += 1
                time.sleep(5)
            except KeyboardInterrupt:
                ended += 1
            heap = None
            os.wait()
        gc.collect()
        assert gc.isenabled()
        assert resident() - before < 8_000_000, resident() - before
        assert maps() - places < 8, (maps(), places)
        assert take_capture().graph.nodes > 1_000_000
        print("clean", ended, done < 12)
        """
    )
    assert text == "clean 15 True"


def test_no_room_for_the_graph_is_a_clean_memory_error():
    text = run(
        """
        import gc, resource
        from pdbleak.heap import take_capture
        held = [[number] for number in range(150_000)]
        take_capture()
        def pages():
            with open("/proc/self/statm") as file:
                return int(file.read().split()[0]) * 4096
        before = pages()
        failed = 0
        for room in range(0, 48_000_000, 1_500_000):
            resource.setrlimit(resource.RLIMIT_AS, (before + room, resource.RLIM_INFINITY))
            try:
                heap = take_capture()
            except MemoryError:
                failed += 1
            heap = None
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            assert pages() - before < 4_000_000, (room, pages() - before)
        assert gc.isenabled()
        assert failed > 5
        print(take_capture().graph.nodes > 150_000)
        """
    )
    assert text == "True"


def test_the_debugger_itself_is_left_out():
    heap = take_capture()
    own = [name for name in heap.types if name.startswith("pdbleak.")]
    counted = {name: count for name, (count, _) in heap.tally().items() if name in own}
    assert counted == {}
    assert heap.node_of(sys.modules["pdbleak.heap"]) is None
    assert known(heap, HELD) >= 0
