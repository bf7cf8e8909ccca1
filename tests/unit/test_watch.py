"""What is due while the program runs: when the timer is set, how often marks are taken, and when it ends."""

import atexit
import sys

import pytest

from pdbleak import watch as watching
from pdbleak.analyses.trend import GROWS, find_trend
from pdbleak.watch import Watch


class Clock:
    """Time that passes when it is told to."""

    def __init__(self):
        self.now = 1000.0
        self.alarms = []

    def monotonic(self):
        return self.now

    def alarm(self, seconds):
        self.alarms.append(seconds)


@pytest.fixture
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(watching, "monotonic", found.monotonic)
    return found


def taken_by(clock, cost=0.0):
    marks = []

    def mark(_frame):
        marks.append(clock.now)
        clock.now += cost

    return marks, mark


def run(watch, clock, seconds):
    """Let time pass, with the timer ringing as it is set."""
    end = clock.now + seconds
    while watch.due and watch.due <= end:
        clock.now = max(clock.now, watch.due)
        watch.look(0, sys._getframe())
    clock.now = end


def test_a_mark_every_so_often(clock):
    marks, mark = taken_by(clock)
    watch = Watch(mark, clock.alarm)
    watch.repeat(10)
    run(watch, clock, 35)
    assert marks == pytest.approx([1010, 1020, 1030], abs=2.5)
    run(watch, clock, 1000)
    assert len(marks) == pytest.approx(103, abs=1)


def test_marks_take_at_most_a_fiftieth_of_the_time(clock):
    marks, mark = taken_by(clock, cost=1.0)
    watch = Watch(mark, clock.alarm)
    watch.repeat(2)
    run(watch, clock, 5000)
    assert len(marks) <= watching.FREE + 5000 * watching.MOST + 1
    assert len(marks) >= 5000 * watching.MOST - 1


def test_the_prompt_is_asked_for_after_the_last_awaited_mark(clock):
    marks, mark = taken_by(clock)
    watch = Watch(mark, clock.alarm)
    asked = []
    watch.await_marks(3, 20, lambda _frame: asked.append(clock.now))
    run(watch, clock, 1000)
    assert marks == pytest.approx([1020, 1040, 1060], abs=5)
    assert asked == pytest.approx([1060])
    assert not watch.due


def test_marks_go_on_after_those_that_were_awaited(clock):
    marks, mark = taken_by(clock)
    watch = Watch(mark, clock.alarm)
    watch.repeat(100)
    watch.await_marks(2, 5, lambda _frame: None)
    run(watch, clock, 280)
    assert marks == pytest.approx([1005, 1010, 1110, 1210], abs=25)
    assert marks[1] == pytest.approx(1010)


@pytest.mark.parametrize("period", [0.5, 1.0, 2.0, 4.0])
@pytest.mark.parametrize("cost", [0.01, 0.03, 0.07])
@pytest.mark.parametrize("number", [3, 4, 8])
def test_what_is_drained_in_step_with_the_marks_does_not_seem_to_grow(clock, number, cost, period):
    marks, mark = taken_by(clock, cost)
    watch = Watch(mark, clock.alarm)
    watch.await_marks(number, 2, lambda _frame: None)
    run(watch, clock, 100)
    times = [1000.0, *marks]
    assert find_trend(times, [200 * (at % period) / period for at in times]).verdict != GROWS


def test_what_is_called_off_asks_for_nothing(clock):
    marks, mark = taken_by(clock)
    watch = Watch(mark, clock.alarm)
    watch.await_marks(3, 20, lambda _frame: pytest.fail("nobody waits any more"))
    watch.call_off()
    run(watch, clock, 1000)
    assert marks == []


def test_a_timer_that_rings_early_is_set_again(clock):
    marks, mark = taken_by(clock)
    watch = Watch(mark, clock.alarm)
    watch.repeat(10)
    clock.now += 4
    watch.look(0, sys._getframe())
    assert marks == []
    assert clock.alarms == pytest.approx([10, 6], abs=2.5)
    assert clock.alarms[0] - clock.alarms[1] == pytest.approx(4)


def test_a_mark_that_fails_is_the_last_one(clock, capfd):
    def mark(_frame):
        raise ValueError("no")

    watch = Watch(mark, clock.alarm)
    watch.repeat(10)
    run(watch, clock, 100)
    assert capfd.readouterr().err.count("no mark could be taken") == 1
    assert not watch.due


def test_a_trace_function_is_put_back(clock):
    marks, mark = taken_by(clock)
    watch = Watch(mark, clock.alarm)
    watch.repeat(10)
    clock.now += 13

    def trace(_frame, _event, _argument):
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        watch.look(0, sys._getframe())
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)
    assert marks == [1013]


def test_a_watch_is_gone_with_the_wait(clock):
    before = atexit._ncallbacks()
    watch = Watch(lambda _frame: None, clock.alarm)
    watch.await_marks(1, 1, lambda _frame: None)
    run(watch, clock, 10)
    assert atexit._ncallbacks() == before
