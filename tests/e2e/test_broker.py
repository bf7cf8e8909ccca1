"""The session of the tutorial on the broker: cycles of closed connections, found in five commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from answers import count_of, numbers_in, overlong, rows_of

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 60
CHANNELS = 2 * ROUNDS
UNACKED = 3 * ROUNDS
STAYING = 3


@pytest.fixture(params=[80, 120], ids=["80 columns", "120 columns"])
def broker(request, start):
    daemon = start("broker", columns=request.param)
    daemon.drive_on(ROUNDS, "--stay", str(STAYING))
    return daemon


def test_the_session_leads_from_garbage_to_the_cycle_and_back_to_work(broker, tmp_path):
    broker.press_ctrl_c()

    collection = broker.type("leak gc")
    # The key may meet the broker while it is still closing the last connection.
    assert count_of(collection, "Channel") in (CHANNELS, CHANNELS - 2)
    assert count_of(collection, "Connection") in (ROUNDS + 1, ROUNDS, ROUNDS - 1)
    assert count_of(collection, "Message") in (UNACKED, UNACKED - 3)

    census = broker.type("leak types 20")
    assert len(census.splitlines()) >= 20
    assert rows_of(census, "dict")

    picked = broker.type("leak random Message")
    assert "_1" in picked
    assert rows_of(picked, "Message")

    tree = broker.type("leak backrefs Channel 10")
    assert "Channel" in tree
    assert "Connection" in tree
    assert ".channels" in tree or ".connection" in tree
    assert "root" in tree
    assert_picture(tree, tmp_path, "Channel")

    cycles = broker.type("leak cycles")
    assert rows_of(cycles, "Channel")
    assert "held" in cycles

    for answer in (collection, census, picked, tree, cycles):
        assert not overlong(answer, broker.columns)

    broker.resume()
    broker.drive(10)
    broker.press_ctrl_c()
    assert broker.quit_cleanly()


def test_before_the_collection_the_cycles_are_garbage(broker):
    broker.press_ctrl_c()
    answer = broker.type("leak cycles Channel")
    assert any({ROUNDS, ROUNDS - 1} & {*numbers_in(row)} for row in rows_of(answer, "garbage"))
    assert rows_of(answer, "Connection")
    assert ".channels" in answer or ".callbacks" in answer
    assert count_of(broker.type("leak count Channel"), "Channel") == CHANNELS + 2 * STAYING
    broker.type("leak gc")
    assert count_of(broker.type("leak count Channel"), "Channel") in (2 * STAYING, 2 * STAYING + 2)


def test_connections_survive_the_prompt(broker):
    """Those who stayed connected are served on, and what they had not acknowledged is still theirs."""
    for _ in range(2):
        broker.press_ctrl_c()
        assert count_of(broker.type("leak count Connection"), "Connection") >= STAYING
        broker.resume()
        broker.drive(1)
    assert all(client.poll() is None for client in broker.clients)


def assert_picture(answer: str, folder: Path, word: str) -> None:
    """Find the file that the answer names, and the word in it."""
    joined = answer.replace("\n", "")
    named = re.findall(r"[^\s'\"]+\.(?:svg|png|dot)\b", answer) or re.findall(
        r"/\S+?\.(?:svg|png|dot)\b", joined
    )
    assert named, answer
    picture = (folder / named[-1]).read_bytes()
    assert word.encode() in picture or picture.startswith(b"\x89PNG")
