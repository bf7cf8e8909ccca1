"""The sensor gateway: cycles that wait with their finalizers, and references that C never gave back."""

from __future__ import annotations

import pytest
from answers import count_of

ROUNDS = 100
BATCHES = 6 * ROUNDS
ONLINE = "p __import__('__main__').Link.online"


@pytest.fixture
def sensors(start):
    daemon = start("sensors")
    daemon.drive(ROUNDS)
    daemon.press_ctrl_c()
    return daemon


def test_cycles_with_finalizers_are_garbage_until_a_collection(sensors):
    cycles = sensors.type("leak cycles Link")
    assert "garbage" in cycles
    assert "__del__" in cycles
    assert "decoder" in cycles
    assert int(sensors.type(ONLINE)) == ROUNDS

    # The key may meet the gateway while it is still closing the last connection.
    collection = sensors.type("leak gc")
    freed = count_of(collection, "Link")
    assert freed in (ROUNDS, ROUNDS - 1)
    assert count_of(collection, "Decoder") == freed
    assert int(sensors.type(ONLINE)) == ROUNDS - freed
    assert count_of(sensors.type("leak count Link"), "Link") == ROUNDS - freed


def test_what_only_c_holds_is_said_to_be_held_by_c(sensors):
    sensors.type("leak gc")
    assert count_of(sensors.type("leak count Batch"), "Batch") == BATCHES
    sensors.type("leak random Batch")
    assert "held by C" in sensors.type("leak chain _1")


def test_it_goes_on_serving(sensors):
    sensors.type("leak gc")
    sensors.resume()
    sensors.drive(10)
    sensors.press_ctrl_c()
    assert count_of(sensors.type("leak count Batch"), "Batch") == BATCHES + 60
    assert sensors.quit_cleanly()
