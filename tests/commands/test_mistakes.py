"""Mistakes and odd subjects: one line that says what to type, or a value that says there is nothing."""

from __future__ import annotations

import builtins
import pdb  # noqa: T100 - a subject
import sys

import drawing
import pytest

import pdbleak
from pdbleak import plugin

SUBJECT_COMMANDS = ("show", "backrefs", "refs", "chain")
ASKING_COMMANDS = ("count", "list", "random", *SUBJECT_COMMANDS)
TYPE_COMMANDS = ("count", "list", "random", "cycles")


def test_a_type_nobody_has_is_an_answer(prompt):
    for name in ASKING_COMMANDS:
        assert prompt(f"{name} Zyxwvutsrq") == ["no live objects of type 'Zyxwvutsrq'", "next: leak types 20"]


def test_a_near_name_is_the_next_command(prompt):
    drawing.HELD["it"] = type("Frobnicator", (), {"__module__": "broker"})()
    for name in ASKING_COMMANDS:
        after = "show" if name == "random" else name
        assert prompt(f"{name} Frobnicater") == [
            "no live objects of type 'Frobnicater'",
            f"next: leak {after} broker.Frobnicator",
        ]


def test_a_pattern_that_nothing_matches_is_an_answer(prompt):
    for name in ASKING_COMMANDS:
        assert prompt(f"{name} *Zyxw*")[0] == "no live objects of type '*Zyxw*'"


def test_cycles_of_what_nobody_has(prompt):
    assert prompt("cycles Zyxwvutsrq")[0] == "no cycles through objects of type 'Zyxwvutsrq'"


FAILING = [
    ("(1/0)", "(1/0): ZeroDivisionError: division by zero"),
    ("drawing.nothing", "drawing.nothing: AttributeError: module 'drawing' has no attribute 'nothing'"),
    ("drawing.HELD['x']", "drawing.HELD['x']: KeyError: 'x'"),
    ("_7", "no object is bound to _7; type: leak random TYPE"),
    ("a b", "a b: SyntaxError: invalid syntax (<leak>, line 1)"),
    ("(raise_)", "(raise_): NameError: name 'raise_' is not defined"),
    ("exit(3)", "exit(3): SystemExit: 3"),
]


def test_an_expression_that_fails_is_one_line(prompt):
    for subject, mistake in FAILING:
        for name in SUBJECT_COMMANDS:
            assert prompt(f"{name} {subject}") == [f"*** {mistake}"]


def test_what_is_no_types_name_is_a_mistake(prompt):
    for name in TYPE_COMMANDS:
        assert prompt(f"{name} (1, 2)") == [
            "*** '(1, 2)' is no type's name; type a name such as Channel, or a pattern: '*Channel'"
        ]


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("types 0", "N of types is 1 to 1,000,000, not 0; type: leak types [N] [--by count|size|retained]"),
        ("gc 3", "GEN of gc is 0 to 2, not 3; type: leak gc [GEN]"),
        ("gc -1", "GEN of gc is 0 to 2, not -1; type: leak gc [GEN]"),
        ("backrefs list 101", "DEPTH of backrefs is 1 to 100, not 101; type: leak backrefs SUBJECT [DEPTH]"),
        ("list list 0", "N of list is 1 to 1,000,000, not 0; type: leak list TYPE [N]"),
        ("types --by weight", "--by cannot be 'weight'; type: --by count|size|retained"),
        ("help tpyes", "no command 'tpyes'; did you mean 'types'?; type: leak help"),
    ],
)
def test_a_wrong_number_or_option_is_one_line(prompt, line, mistake):
    assert prompt(line) == [f"*** {mistake}"]


@pytest.mark.parametrize("path", ["/nowhere/x.json", "/", "x.xyz", "x", "folder.json"])
def test_a_file_that_cannot_be_written_is_one_line(prompt, tmp_path, path):
    (tmp_path / "folder.json").mkdir()
    (answer,) = prompt(f"count list -o {path}")
    assert answer.startswith("*** ")
    assert "; type" in answer


def test_a_variable_is_no_type_for_random(prompt):
    assert prompt("random drawing")[0] == "no live objects of type 'drawing'"


def test_a_live_type_wins_and_parentheses_force_the_expression(prompt):
    assert "_1  dict" in prompt("show dict")[0]
    assert "class dict" in prompt("show (dict)")[0]


def test_a_product_is_an_expression_where_no_type_matches(prompt):
    assert prompt("show 10**30")[0].startswith("_1  int  40 B  1000000000")


def test_an_expressions_value_can_be_new(prompt):
    lines = prompt("show [drawing, drawing]")
    assert lines[0].startswith("_1  list")
    assert [line for line in prompt("refs _1 1") if "→ module" in line] == ["└─ [*] → module  module drawing"]


ODD = {
    "None": None,
    "int": 7,
    "huge": 10**5000,
    "module": sys,
    "type": type,
    "modules": sys.modules,
    "builtins": builtins,
    "text": "x\n" * 100_000,
    "ellipsis": ...,
    "empty": (),
}
OURS = "is part of the debugger, or nothing that the capture can see; type another subject"


@pytest.mark.parametrize("name", ODD)
def test_an_odd_subject_has_one_clear_answer(prompt, name):
    drawing.HELD["odd"] = ODD[name]
    for command in SUBJECT_COMMANDS:
        lines = prompt(f"{command} (drawing.HELD['odd'])")
        assert not any("internal error" in line for line in lines), lines
        assert all("\n" not in line for line in lines)
        assert lines[0].startswith("_1  ")
        assert lines[-1].startswith("next: leak ")


def test_the_debugger_itself_is_no_subject(prompt):
    debugger = pdb.Pdb(nosigint=True, readrc=False)
    prompt.session.own = (debugger, prompt.session)
    for each in (debugger, prompt.session, plugin.COMMANDS[0], pdbleak, plugin, prompt.session.heap()):
        drawing.HELD["odd"] = each
        assert prompt("show (drawing.HELD['odd'])") == [f"*** (drawing.HELD['odd']) {OURS}"]
    assert prompt.session.handles == {}


def test_pdbleak_never_appears(prompt):
    assert not any("pdbleak" in line for line in prompt("types 1000000"))
    for command in TYPE_COMMANDS:
        assert prompt(f"{command} pdbleak*")[0].startswith("no ")
    prompt("growth")
    assert not any("pdbleak" in line for line in prompt("growth 1000"))
