"""The registry: a global dict, a default argument and closures that only grow, beside threads that go on."""

from __future__ import annotations

import pytest
from answers import count_of

ROUNDS = 100
WATCHERS = ROUNDS // 5


@pytest.fixture
def registry(start):
    daemon = start("registry")
    daemon.drive(ROUNDS)
    daemon.press_ctrl_c()
    return daemon


def test_a_global_dict_is_named(registry):
    assert count_of(registry.type("leak count Lease"), "Lease") == ROUNDS
    registry.type("leak random Lease")
    chain = registry.type("leak chain _1")
    assert "leases" in chain
    assert "running main()" in chain or "module __main__" in chain


def test_a_default_argument_is_named(registry):
    assert count_of(registry.type("leak count Change"), "Change") == 2 * ROUNDS
    registry.type("leak random Change")
    chain = registry.type("leak chain _1")
    assert "publish" in chain
    assert "__defaults__" in chain


def test_a_closure_is_named(registry):
    assert count_of(registry.type("leak count Snapshot"), "Snapshot") == WATCHERS
    registry.type("leak random Snapshot")
    chain = registry.type("leak chain _1")
    assert "function tell" in chain
    assert "__closure__" in chain
    assert "watchers" in chain


def test_it_goes_on_serving(registry):
    registry.type("leak types")
    registry.resume()
    registry.drive(10)
    registry.press_ctrl_c()
    assert count_of(registry.type("leak count Lease"), "Lease") == ROUNDS + 10
    assert registry.quit_cleanly()
