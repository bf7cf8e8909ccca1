"""What stands for an object of a saved heap answers as the object would."""

import pytest

from pdbleak import names
from pdbleak.command import CommandError, command
from pdbleak.remembered import Remembered
from pdbleak.session import Session

QUEUE = Remembered(2, "list of 3", lambda _: ())
CHANNEL = Remembered(1, "<Channel at 0x10>", {2: (".queue", ".waiting")}.get, finalizer=True, weak=4)


def test_names_answer_from_what_was_written_down():
    assert names.form(CHANNEL) == names.repr_form(CHANNEL) == "<Channel at 0x10>"
    assert names.form(CHANNEL, limit=8) == "<Channe…"
    assert names.reference_names(CHANNEL, QUEUE) == [".queue", ".waiting"]
    assert (names.is_finalized(CHANNEL), names.weak_references(CHANNEL)) == (True, 4)
    assert (names.is_finalized(QUEUE), names.weak_references(QUEUE)) == (False, 0)


def test_a_command_that_asks_the_program_refuses_a_saved_heap():
    @command(live=True)
    def pulse(session):
        """Feel it."""
        return "alive"

    assert pulse(Session()) == "alive"
    with pytest.raises(CommandError, match="leak pulse asks the running program, and this is a saved heap"):
        pulse(Session(saved=object()))
