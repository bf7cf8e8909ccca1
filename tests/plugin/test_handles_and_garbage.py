"""What is picked out of the garbage stays garbage: its handle is the prompt's, not the program's."""

import gc
import io
import pdb  # noqa: T100 - the debugger itself is tested
import sys

import pdbleak
from pdbleak import plugin


class Straggler:
    def __init__(self):
        self.me = self


def test_a_picked_piece_of_garbage_is_still_garbage_to_the_next_command():
    pdbleak.install()
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            Straggler()
        output = io.StringIO()
        lines = [
            "leak random Straggler",
            "p type(_1).__name__",
            "leak random Straggler",
            "leak cycles Straggler",
            "c",
        ]
        prompt = pdb.Pdb(
            stdin=io.StringIO("\n".join(lines) + "\n"), stdout=output, nosigint=True, readrc=False
        )
        prompt.use_rawinput = False
        prompt.reset()
        prompt.interaction(sys._getframe(), None)
    finally:
        gc.enable()
    answer = output.getvalue()
    assert "'Straggler'" in answer
    assert answer.count("\ngarbage") + answer.count("garbage,") >= 2, answer
    assert "3 cycles through objects of type 'Straggler' in 1 shape: all garbage" in answer
    assert plugin.SESSION.handles == {}
    gc.collect()
    assert not [item for item in gc.get_objects() if type(item) is Straggler]
