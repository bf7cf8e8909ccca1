"""Every command as a line: its text on a small known heap, as JSON, and in each file's form."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import drawing
import pytest
from drawing import Node, draw, hold

SUBJECTS = {
    "count": "Node",
    "list": "Node",
    "random": "Node",
    "show": "drawing.HELD['a']",
    "backrefs": "drawing.HELD['a'].b 3",
    "refs": "drawing.HELD['a'] 3",
    "chain": "drawing.HELD['a'].b",
    "cycles": "Node",
    "cut": "drawing.HELD['a'].b",
    "why": "drawing.HELD['a'].b",
}
PLAIN = ("gc", "types", "growth", "fresh", "help")
KINDS = {
    "gc": "collection",
    "types": "census",
    "count": "census",
    "list": "listing",
    "growth": "growth",
    "random": "portrait",
    "show": "portrait",
    "backrefs": "reference_tree",
    "refs": "reference_tree",
    "chain": "chain",
    "cycles": "cycles",
    "cut": "cut",
    "why": "why",
    "fresh": "captured",
    "help": "manual",
}
PICTURED = ("backrefs", "refs", "chain", "cycles", "why")
ROWS = ("types", "count", "list", "growth", "chain", "cycles", "cut", "why", "help")
LINES = [*PLAIN, *(f"{name} {subject}" for name, subject in SUBJECTS.items())]


ONE = sys.getsizeof(Node())
asked = []


class Loud:
    """Says so when it is asked for its repr."""

    def __repr__(self):
        asked.append(1)
        return "a loud one"


def test_count_answers(prompt):
    hold("a -> b", "a")
    assert prompt("count Node") == [
        f"2 objects of type 'Node', {2 * ONE} B, by count",
        "count  bytes   share  type",
        f"    2  {2 * ONE} B  100.0%  drawing.Node",
        "next: leak random drawing.Node",
    ]


def test_types_answers_with_what_is_left_out(prompt):
    first, head, *rows, left, after = prompt("types 3")
    assert re.fullmatch(r"[\d,]+ objects, .* MiB, by count", first)
    assert head.split() == ["count", "bytes", "share", "type"]
    assert len(rows) == 3
    assert re.fullmatch(r"… \d+ more types  \(leak types 6\)", left)
    assert after.startswith("next: leak random ")


def test_list_answers(prompt):
    hold("a; b; c", "a", "b", "c")
    assert prompt("list Node 2") == [
        "3 objects of type 'Node', 2 of them here",
        *[f"0x…  {ONE} B  <drawing.Node at 0x…>"] * 2,
        "… 1 more object  (leak list Node 3)",
        "next: leak list Node 3",
    ]


def test_show_answers(prompt):
    hold("a -> b", "a")
    assert prompt("show drawing.HELD['a'].b") == [
        f"_1  drawing.Node  {ONE} B  <drawing.Node at 0x…>",
        f"reachable, frees {ONE} B in 1 object, one of 2 of its type  0x…",
        "refers to it (1 reference)",
        "   .b  ←  drawing.Node  <drawing.Node at 0x…>",
        "it refers to (1 reference)",
        "   .__class__  →  type  class drawing.Node",
        "next: leak backrefs _1 10",
    ]


def test_random_picks_and_shows(prompt):
    hold("a", "a")
    lines = prompt("random Node")
    assert lines[0] == f"_1  drawing.Node  {ONE} B  <drawing.Node at 0x…>"
    assert lines[1] == f"reachable, frees {ONE} B in 1 object, the only one of its type  0x…"
    assert prompt.session.handles["_1"] is drawing.HELD["a"]
    assert prompt("show _1") == lines


def test_backrefs_answers_and_draws(prompt):
    hold("a -> b", "a")
    lines = prompt("backrefs drawing.HELD['a'].b 9")
    assert [
        re.sub(r"… \d+ more", "… N more", re.sub(r"dict of \d+.*", "dict …", line))
        for line in lines
        if not line.startswith("picture: ")
    ] == [
        f"_1  drawing.Node  {ONE} B  <drawing.Node at 0x…>",
        "what refers to it, to depth 9: 5 objects, one of 2 of its type",
        "└─ .b ← drawing.Node  <drawing.Node at 0x…>",
        "   └─ ['a'] ← dict  dict …",
        "      └─ ['HELD'] ← dict  dict …",
        "         ├─ .__dict__ ← module  module drawing  root: module drawing",
        "         └─ … N more referrers",
        "next: leak chain _1",
    ]


def test_refs_answers(prompt):
    hold("a -> b", "a")
    assert prompt("refs drawing.HELD['a'] 2") == [
        f"_1  drawing.Node  {ONE} B  <drawing.Node at 0x…>",
        "what it refers to, to depth 2: 3 objects, one of 2 of its type",
        "├─ .b → drawing.Node  <drawing.Node at 0x…>",
        "│  └─ .__class__ → type  class drawing.Node  seen above",
        "└─ .__class__ → type  class drawing.Node",
        "next: leak backrefs _1 10",
    ]


def test_chain_answers(prompt):
    hold("a -> b", "a")
    first, root, *steps, after = prompt("chain drawing.HELD['a'].b")
    assert first.startswith("_1  drawing.Node  is held through ")
    assert root == "module drawing"
    assert [line.split()[0] for line in steps if not line.split()[0].startswith("→")] == [
        ".HELD",
        "['a']",
        ".b",
    ]
    assert after == "next: leak backrefs _1 10"


def test_cycles_answers(prompt):
    hold("a -> b -> a", "a")
    assert prompt("cycles Node") == [
        "1 cycle through objects of type 'Node' in 1 shape: held",
        "",
        f"1. 1 cycle, 2 objects, {2 * ONE} B, held",
        "   of drawing.Node ×2",  # noqa: RUF001
        "   ╭ drawing.Node  <drawing.Node at 0x…>",
        "   │ " + prompt("cycles Node")[5].strip("│ "),
        "   ╰ " + prompt("cycles Node")[6].strip("╰ "),
        "   make drawing.Node.a weak: 0 of 1 left, it leads back",
        "   or make drawing.Node.b weak: 0 of 1 left",
        "next: leak chain drawing.Node",
    ]


def test_gc_answers(prompt):
    for line in ("gc", "fresh"):
        prompt(line)
    draw("a -> b -> a")
    lines = prompt("gc")
    assert lines[0] == f"freed 2 objects, {2 * ONE} B, of 2 garbage objects, {2 * ONE} B"
    assert re.fullmatch(r"generation 2 in .*, the collector counts 2", lines[1])
    assert lines[3:] == ["count  bytes  freed", f"    2  {2 * ONE} B  drawing.Node", "next: leak types 20"]


def test_growth_answers(prompt):
    assert prompt("growth") == [
        "the first look: growth is counted from now on",
        "next: c, then later: leak growth",
    ]
    drawing.HELD["many"] = [Node() for _ in range(1000)]
    lines = prompt("growth 1")
    assert lines[1].split() == ["new", "new", "bytes", "now", "bytes", "type"]
    kibibytes = f"{1000 * ONE / 1024:.1f}"
    assert lines[2].split() == ["+1,000", f"+{kibibytes}", "KiB", "1,000", kibibytes, "KiB", "drawing.Node"]
    assert lines[-1] == "next: leak chain drawing.Node"


def test_fresh_answers(prompt):
    lines = prompt("fresh")
    assert re.fullmatch(r"captured [\d,]+ objects, .*, [\d,]+ references", lines[0])
    assert lines[-1].startswith("next: leak ")


def test_json_tells_the_same_value(prompt):
    hold("a -> b -> a", "a")
    for line in LINES:
        value = json.loads("\n".join(prompt(f"{line} --json")))
        assert value["kind"] == KINDS[line.split()[0]]
        assert value["next"] or line == "help"


def test_every_answer_goes_to_a_file(prompt):
    hold("a -> b -> a", "a")
    for line in LINES:
        name = line.partition(" ")[0]
        for form in ("json", "txt"):
            assert prompt(f"{line} -o {name}.{form}") == [f"written to {name}.{form}"]
        assert json.loads(Path(f"{name}.json").read_text())["kind"] == KINDS[name]
        assert Path(f"{name}.txt").read_text().strip()


def test_only_answers_with_rows_are_tables(prompt):
    hold("a -> b -> a", "a")
    for line in LINES:
        name = line.partition(" ")[0]
        for form in ("csv", "md"):
            (answer,) = prompt(f"{line} -o {name}.{form}")
            if name in ROWS:
                assert answer == f"written to {name}.{form}"
            else:
                assert answer.startswith(
                    f"*** this answer has no rows for .{form}; type -o with a file that ends in"
                )
            assert Path(f"{name}.{form}").exists() == (name in ROWS)


@pytest.mark.parametrize("name", PICTURED)
def test_graphs_are_drawn(prompt, name):
    hold("a -> b -> a", "a")
    assert prompt(f"{name} {SUBJECTS[name]} -o answer.dot") == ["written to answer.dot"]
    assert Path("answer.dot").read_text().startswith("digraph")
    assert prompt(f"{name} {SUBJECTS[name]} -o answer.svg")[0].startswith("written to answer.svg")
    assert "<svg" in Path("answer.svg").read_text()


def test_what_is_no_graph_is_not_drawn(prompt):
    hold("a -> b", "a")
    for line in LINES:
        if line.split()[0] not in PICTURED:
            (answer,) = prompt(f"{line} -o answer.svg")
            assert answer.startswith("*** "), line
    assert not Path("answer.svg").exists()


def test_a_wide_answer_fits_a_narrow_terminal(prompt):
    hold("a -> b -> a", "a")
    prompt.width = 40
    for line in LINES:
        too_long = [
            each for each in prompt(line) if len(each) > 60 and not each.startswith(("next:", "picture:"))
        ]
        assert too_long == [], line


def test_the_objects_own_repr_is_asked_for_only_where_wanted(prompt):
    asked.clear()
    drawing.HELD["loud"] = Loud()
    quiet = ("show drawing.HELD['loud']", "list *Loud", "random *Loud", "backrefs *Loud", "chain *Loud")
    for line in quiet:
        prompt(line)
    assert asked == []
    for line in quiet:
        assert any("a loud one" in each for each in prompt(f"{line} --repr")), line
    before = len(asked)
    prompt("list *Loud")
    assert len(asked) == before, "the next line asks for nothing"
