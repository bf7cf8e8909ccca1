"""A capture at any moment: in finalizers, callbacks, signal handlers, threads, children, and at the end."""

from __future__ import annotations

import gc
import threading
import weakref

from live import Node, held_by, run

from pdbleak.heap import GARBAGE, take_capture


def test_inside_of_a_finalizer_during_a_collection():
    heaps = []

    class Last:
        def __del__(self):
            heaps.append(take_capture())

    one, two = Last(), Node()
    one.other, two.other = two, one
    del one, two
    gc.collect()
    assert len(heaps) == 1
    assert heaps[0].graph.nodes > 10_000
    assert gc.collect() >= 0


def test_inside_of_a_collection_s_callback():
    heaps = []

    def look(phase, info):
        if len(heaps) < 2:
            heaps.append((phase, take_capture()))

    gc.callbacks.append(look)
    try:
        gc.collect()
    finally:
        gc.callbacks.remove(look)
    assert [phase for phase, _ in heaps] == ["start", "stop"]
    assert all(heap.graph.nodes > 10_000 for _, heap in heaps)


def test_inside_of_a_weak_reference_s_callback():
    heaps = []
    item = Node()
    weak = weakref.ref(item, lambda _: heaps.append(take_capture()))
    del item
    assert heaps[0].graph.nodes > 10_000
    assert weak() is None


def test_a_finalizer_of_a_dying_object_sees_itself_alive():
    heaps = []

    class Last:
        def __del__(self):
            heaps.append(take_capture())
            assert heaps[0].node_of(self) is not None
            assert not heaps[0].has(heaps[0].node_of(self), GARBAGE)
            assert {name for _, name in held_by(heaps[0], self)} >= {"self"}

    Last()
    assert len(heaps) == 1


def test_in_a_signal_handler():
    text = run(
        """
        import signal
        from pdbleak.heap import take_capture
        heaps = []
        def look(*_):
            heaps.append(take_capture().graph.nodes)
            signal.setitimer(signal.ITIMER_REAL, 0.01)
        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        held = []
        while len(heaps) < 40:
            held.append({"one": [len(held)], "two": (len(held), object())})
            if len(held) > 5000:
                held.clear()
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        print(min(heaps) > 5000)
        """
    )
    assert text == "True"


def test_at_the_end_of_the_program():
    text = run(
        """
        import atexit
        from pdbleak.heap import take_capture
        class Last:
            def __del__(self):
                print(self.take().graph.nodes > 1000)
        atexit.register(lambda: print(take_capture().graph.nodes > 5000))
        last = Last()
        Last.take = staticmethod(take_capture)
        """
    )
    assert text == "True\nTrue"


def test_in_a_forked_child():
    text = run(
        """
        import os
        from pdbleak.heap import take_capture
        kept = take_capture()
        child = os.fork()
        nodes = take_capture().graph.nodes
        if child == 0:
            os._exit(0 if nodes > 5000 and kept.resolve([kept.node_of(os)]) else 1)
        print(os.waitpid(child, 0)[1])
        """
    )
    assert text == "0"


def test_in_a_thread_that_python_did_not_start():
    text = run(
        """
        import _thread, threading
        from pdbleak.heap import take_capture
        done = threading.Lock()
        done.acquire()
        heaps = []
        def work():
            heaps.append(take_capture().graph.nodes)
            done.release()
        _thread.start_new_thread(work, ())
        done.acquire()
        print(heaps[0] > 5000)
        """
    )
    assert text == "True"


def test_from_several_threads_while_others_allocate_and_free():
    text = run(
        """
        import gc, random, sys, threading, time, weakref
        from pdbleak.heap import take_capture
        sys.setswitchinterval(1e-5)
        stop, wrong = time.monotonic() + 4, []
        shared = {}

        class Node:
            pass

        def churn(seed):
            rng, own = random.Random(seed), []
            while time.monotonic() < stop:
                node = Node()
                for index in range(rng.randrange(8)):
                    value = rng.choice([[], {}, (1, "a"), node, b"x" * 100, lambda: node])
                    setattr(node, f"name{index}", value)
                own.append(node)
                shared[rng.randrange(100)] = (node, own[-1], iter(own))
                if rng.random() < 0.1:
                    node.__dict__["late"] = weakref.ref(node)
                if len(own) > 200:
                    del own[: rng.randrange(200)]
                if rng.random() < 0.01:
                    type("Made", (Node,), {"made": node})().held = own
                if rng.random() < 0.003:
                    gc.collect(0)

        def look():
            while time.monotonic() < stop:
                heap = take_capture()
                if heap.graph.nodes < 5000 or len(heap.graph.targets) != len(heap.graph.back_targets):
                    wrong.append(heap.graph.nodes)
                found = heap.resolve(heap.nodes_of(["Node", "tuple", "list"])[:500])
                if any(type(item).__name__ not in ("Node", "tuple", "list") for item in found.values()):
                    wrong.append(found)

        def guard(work, *arguments):
            try:
                work(*arguments)
            except BaseException as error:
                wrong.append(error)
        threads = [threading.Thread(target=guard, args=(churn, seed)) for seed in range(3)]
        threads += [threading.Thread(target=guard, args=(look,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(wrong)
        """
    )
    assert text == "[]"


def test_two_threads_capture_at_once():
    heaps = {}

    def look(name):
        heaps[name] = take_capture()

    threads = [threading.Thread(target=look, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heaps) == 4
    assert max(heap.graph.nodes for heap in heaps.values()) > 10_000
