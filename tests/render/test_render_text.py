"""Text by equality on lines; whole answers by golden file.

`PDBLEAK_REGENERATE=1 python -m pytest tests/render` writes the golden files anew; read the difference
before it is kept.
"""

import os
import re
from pathlib import Path

import pytest
import render_samples as samples
from render_samples import branch, tree

from pdbleak import render
from pdbleak.analyses.census import Census, TypeCount
from pdbleak.analyses.chain import Chain
from pdbleak.analyses.cycles import Cycles, CycleShape
from pdbleak.analyses.opinion import Opinion
from pdbleak.render.clean import columns
from pdbleak.render.text import TEXT

GOLDEN = Path(__file__).parent / "golden"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def text(value, width=80, **options):
    return list(render.lines(value, width=width, **options))


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", samples.SAMPLES)
def test_an_answer_reads_as_its_golden_file(name, width):
    path = GOLDEN / f"{name}-{width}.txt"
    answer = "".join(f"{line}\n" for line in text(samples.SAMPLES[name], width))
    if os.environ.get("PDBLEAK_REGENERATE"):
        path.write_text(answer, encoding="utf-8")
    assert answer == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", samples.SAMPLES)
def test_only_lines_to_be_copied_are_wider_than_the_page(name, width):
    copied = ("next: ", "picture: ", "leak ", "  types [N]")
    wide = [line for line in text(samples.SAMPLES[name], width) if columns(line) > width]
    assert [line for line in wide if not line.startswith(copied)] == []


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_colour_adds_nothing_but_colour(name):
    value = samples.SAMPLES[name]
    assert [ESCAPE.sub("", line).rstrip() for line in text(value, colour=True)] == text(value)


def test_every_kind_of_result_has_a_sample():
    assert {type(value) for value in samples.SAMPLES.values()} == set(TEXT)


def test_the_last_line_is_the_next_command():
    assert text(samples.CENSUS)[-1] == "next: leak random Message"


def test_a_long_next_command_is_not_cut():
    command = "leak backrefs (" + "x" * 300 + ") 10"
    value = Census("Foo", "count", (), 0, 0, 0, command)
    assert text(value) == ["no live objects of type 'Foo'", f"next: {command}"]


def test_columns_align_and_the_end_of_a_long_type_is_kept():
    value = Census(
        "", "size", (TypeCount("a" * 90 + ".End", 1, 5), TypeCount("b", 12_345, 2_097_152)), 3, 4, 0, ""
    )
    assert text(value, 60) == [
        "3 objects, 4 B, by size",
        " count    bytes        share  type",
        f"     1      5 B       125.0%  …{'a' * 25}.End",
        "12,345  2.0 MiB  52428800.0%  b",
    ]


def test_branches_are_drawn_with_their_references_first():
    top = branch(
        1, "A", "", branch(2, "B", ".b", branch(3, "C", "[0]", form="")), branch(4, "D", "['d']", form="")
    )
    assert text(tree(top, next=""))[2:] == [
        "├─ .b ← B  <B at 0x7f3a12c04020>",
        "│  └─ [0] ← C",
        "└─ ['d'] ← D",
    ]


def test_left_out_branches_are_announced_after_their_siblings():
    top = branch(1, "A", "", branch(2, "B", ".b", form="", omitted=1), omitted=1_234)
    assert text(tree(top, direction="refs", next=""))[2:] == [
        "├─ .b → B",
        "│  └─ … 1 more referent",
        "└─ … 1,234 more referents",
    ]


def test_a_note_is_kept_where_the_form_is_cut():
    top = branch(1, "A", "", branch(2, "B", ".b", form="x" * 200, note="root: module broker"))
    line = text(tree(top))[2]
    assert line == "└─ .b ← B  " + "x" * 47 + "…  root: module broker"
    assert columns(line) == 80


def test_a_tree_deeper_than_the_recursion_limit_is_drawn():
    deep = branch(0, "Leaf", ".leaf")
    for _ in range(5_000):
        deep = branch(1, "Node", ".next", deep)
    lines = text(tree(deep))
    assert len(lines) == 5_000 + 3
    assert max(map(columns, lines)) <= 80
    assert lines[-2].endswith(" .leaf ← Leaf  <Leaf at 0x7f3a12c04000>")


def test_a_long_way_round_a_cycle_is_shortened_in_its_middle():
    ring = tuple(samples.step(number, "Node", f"[{number}]", "") for number in range(100))
    shape = CycleShape(1, 0, 100, 4_800, (TypeCount("Node", 100, 4_800),), (), ring)
    lines = text(Cycles("", (shape,), 1, 0, 0, ""))
    assert "   │ … 84 more objects" in lines
    assert lines[-2:] == ["   │ [99] → Node", "   ╰ [0] → back to Node"]


def test_nothing_holding_an_object_is_said_in_words():
    assert text(Chain("_1", "_1", "", (), "", "")) == ["nothing holds _1"]


def test_a_line_of_another_tool_cannot_move_the_cursor():
    value = Opinion("heapy", "hp.heap()", "", "a\x1b[2Jb\rc", "", "")
    assert text(value) == ["heapy: hp.heap()", r"a\x1b[2Jb", "c"]
