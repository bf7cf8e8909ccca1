"""How a series of marks is judged: rates, not steps."""

from __future__ import annotations

import pytest

from pdbleak.analyses.trend import GROWS, WAVERS, find_trend


@pytest.mark.parametrize("rate", [3, 40, 210])
@pytest.mark.parametrize("last", [2, 8, 15, 60])
def test_a_steady_rise_grows_however_long_the_last_interval_was(rate, last):
    times = [0.0, 2.6, 4.6, 6.6, 6.6 + last]
    assert find_trend(times, [float(round(rate * moment)) for moment in times]).verdict == GROWS


@pytest.mark.parametrize("last", [2, 8, 15])
def test_what_rises_in_the_last_interval_only_does_not_grow(last):
    assert find_trend([0.0, 2.0, 4.0, 6.0, 6.0 + last], [7.0, 7.0, 7.0, 7.0, 81.0]).verdict == WAVERS


def test_a_jump_after_a_slow_rise_is_no_leak():
    assert find_trend([0.0, 2.0, 4.0, 6.0, 8.0], [0.0, 10.0, 20.0, 30.0, 500.0]).verdict == WAVERS


@pytest.mark.parametrize("number", range(1, 12))
@pytest.mark.parametrize("factor", [-1, 0, 1])
def test_marks_without_time_between_them_are_judged_too(number, factor):
    values = [100.0 + factor * place for place in range(number)]
    for times in ([0.0] * number, [place // 2 * 1.0 for place in range(number)]):
        assert find_trend(times, values).rise == values[-1] - values[-1 - find_trend(times, values).intervals]
