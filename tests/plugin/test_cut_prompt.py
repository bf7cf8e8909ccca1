"""`leak cut --apply` at a real prompt: it shows what it is going to do, and asks."""

from __future__ import annotations

import gc
import weakref

import pytest
from test_prompt_lines import typed


class Conn:
    """Somebody's connection."""


HELD: dict[str, object] = {}


@pytest.mark.parametrize(("reply", "lives"), [("y", False), ("yes", False), ("n", True), ("", True)])
def test_a_cut_is_made_after_a_yes_and_only_then(reply, lives):
    HELD["conn"] = Conn()
    alive = weakref.ref(HELD["conn"])
    gc.collect()
    written = typed("leak cut HELD['conn'] --apply", reply)
    assert "held by one reference" in written
    assert "do it? [y/N]" in written
    assert ("nothing was removed" in written) == lives
    assert ("1 object died" in written) != lives
    assert (alive() is not None) == lives
    HELD.clear()


def test_where_nobody_can_be_asked_the_yes_is_typed(capsys):
    import pdbleak

    HELD["conn"] = Conn()
    pdbleak.leak("cut HELD['conn'] --apply")
    assert "type: leak cut HELD['conn'] --apply --yes" in capsys.readouterr().out
    assert "conn" in HELD
    pdbleak.leak("cut HELD['conn'] --apply --yes")
    assert "1 object died" in capsys.readouterr().out
    assert HELD == {}
