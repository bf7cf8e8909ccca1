"""Lists and tuples that are being filled have places with nothing in them: every command passes them by."""

from __future__ import annotations

import pytest
from live import run

TUPLE = """
import pdbleak
class Thing: pass
def things():
    yield Thing()
    yield Thing()
    for line in LINES: pdbleak.leak(line)
tuple(things())
print("survived")
"""
# Its compiled stack is a list of twenty places, of which two are filled.
LIST = """
import xml.etree.ElementTree as trees
import pdbleak
class Thing: pass
builder = trees.TreeBuilder()
builder.start("thing", {})
thing = builder.start("below", {})
for line in LINES: pdbleak.leak(line)
print("survived")
"""
OF_BOTH = (
    *("", "types", "list tuple 100000", "list list 100000", "random list", "paths tuple", "via list"),
    *("cycles", "zombies", "top", "mark", "diff", "save {folder}/half.leak", "report {folder}/half.html"),
)
OF_TUPLE = (
    "backrefs Thing",
    "paths Thing",
    "via Thing",
    "chain Thing",
    "cut Thing",
    "why Thing",
    "show Thing",
)
OF_LIST = (
    *("show (builder)", "refs (builder) 3", "refs (builder) 3 -o {folder}/half.svg", "top (builder)"),
    *("size (builder)", "backrefs (thing)", "chain (thing)", "cut (thing)", "why (thing)"),
    *("paths Element", "via Element"),
)


@pytest.mark.parametrize(
    ("source", "lines"), [(TUPLE, OF_BOTH + OF_TUPLE), (LIST, OF_BOTH + OF_LIST)], ids=["tuple", "list"]
)
def test_what_is_half_filled_is_passed_by(source, lines, tmp_path):
    lines = tuple(line.replace("{folder}", str(tmp_path)) for line in lines)
    answer = run(source.replace("LINES", repr(lines)))
    assert answer.rstrip().endswith("survived"), answer[-2000:]
    assert "pdbleak: " not in answer
    assert {each.name for each in tmp_path.iterdir()} >= {"half.leak", "half.html"}
