"""The `leak` command at the prompt of a real pdb, on StringIO streams."""

from __future__ import annotations

import builtins
import gc
import io
import sys
import weakref
from typing import TYPE_CHECKING

import pytest

import pdbleak
from pdbleak import frontend, handles, plugin, seam
from pdbleak.command import CommandError, command, subject
from pdbleak.commands import COMMANDS
from pdbleak.marks import Marks
from pdbleak.navigation import keeps_heap

if TYPE_CHECKING:
    from pdbleak.session import Session

PDB = frontend.standard_pdb()
seam.install()


@command(subject("SUBJECT", "an object"))
def bind(session: Session, *, subject: str) -> object:
    """Bind what an expression is."""
    session.bind(session.evaluate(subject))
    return next(each for each in COMMANDS if each.name == "help")(session)


@command(subject("SUBJECT", "what to raise"))
def fail(session: Session, *, subject: str) -> object:
    """Raise what the subject names."""
    raise {
        "error": KeyError("x\ny"),
        "mistake": CommandError("type:\n something"),
        "key": KeyboardInterrupt(),
    }[subject]


@pytest.fixture(autouse=True)
def commands(monkeypatch):
    monkeypatch.setattr(plugin, "COMMANDS", (*COMMANDS, bind, fail))
    yield
    assert plugin._open == []
    assert plugin.SESSION.handles == {}
    assert plugin.SESSION.evaluate is None
    assert plugin.SESSION.own == ()
    assert not any(name.startswith("_") and name[1:].isdigit() for name in vars(builtins))


def typed(*lines, frame=None, cls=None):
    """Open a pdb in a frame, type lines, continue; return what it wrote."""
    output = io.StringIO()
    debugger = (cls or PDB.Pdb)(
        stdin=io.StringIO("\n".join([*lines, "c"]) + "\n"), stdout=output, nosigint=True, readrc=False
    )
    debugger.reset()
    debugger.interaction(frame or sys._getframe(1), None)
    sys.settrace(None)
    return output.getvalue()


def answers(*lines, **options):
    """Return the answers only, one for each line."""
    text = typed(*lines, frame=options.pop("frame", None) or sys._getframe(1), **options)
    return [each.strip() for each in text.split("(Pdb) ")[1:-1]]


def test_leak_answers_the_manual_and_help_leak_too():
    asked, of_pdb, page = answers("leak help", "help leak", "leak help help")
    assert asked == of_pdb
    assert "help [COMMAND]" in asked
    assert "leak help [COMMAND]" in page
    assert "-o FILE" in page


def test_leak_alone_says_what_leaks(monkeypatch):
    # Without the marks that other tests have left.
    monkeypatch.setattr(plugin.SESSION, "marks", Marks())
    (said,) = answers("leak")
    assert said.startswith("RSS ")
    assert "there is no history yet" in said
    assert said.endswith("next: leak auto 3 20")


def test_a_mistake_is_one_line_and_the_prompt_goes_on():
    unknown, near, more = answers("leak xyzzy", "leak hlep", "leak fail mistake")
    assert unknown == "*** unknown command 'xyzzy'; type: leak help"
    assert near == "*** unknown command 'hlep'; did you mean 'help'?; type: leak help"
    assert more == "*** type: something"


def test_our_own_fault_is_one_line_with_its_place():
    said, after = answers("leak fail error", "p 1")
    assert said.startswith("*** pdbleak: internal error KeyError(")
    assert "in test_prompt_lines.py:" in said
    assert said.endswith("the program is not affected")
    assert "\n" not in said
    assert after == "1"


def test_the_key_ends_a_command_only():
    said, after = answers("leak fail key", "p 1")
    assert said == "--KeyboardInterrupt--"
    assert after == "1"


def test_a_variable_named_leak_does_not_hide_the_command():
    leak = 5
    first, second, third = answers("leak help", "p leak", "leak")
    assert "help [COMMAND]" in first
    assert second == str(leak)
    assert third.startswith("RSS ")


def test_a_picked_object_is_a_name_of_every_later_expression():
    thing = ["the thing"]
    kept = answers(
        "leak bind thing",
        "p _1",
        "p [(_1, n) for n in range(1)]",
        "_1.append(2)",
        "p (lambda: _1)()",
        "leak bind _1[0]",
        "p _2",
        "x = _1 is thing",
        "p x",
    )
    assert kept[1] == "['the thing']"
    assert kept[2] == "[(['the thing'], 0)]"
    assert kept[4] == "['the thing', 2]"
    assert kept[6] == "'the thing'"
    assert kept[8] == "True"
    assert not hasattr(builtins, "_1")
    assert "_1" not in globals()
    assert "_1" not in locals()
    assert thing == ["the thing", 2]


def test_the_programs_own_name_wins_and_that_is_said():
    _1 = "mine"
    said, value = answers("leak bind 'other'", "p _1")
    assert "note: _1 is also a name of the program's own" in said
    assert value == "'mine'"
    assert _1 == "mine"


def test_an_expression_sees_comprehension_variables_and_what_was_assigned_at_the_prompt():
    numbers = [1, 2, 3]
    _, _, value = answers("made = 2", "leak bind [n for n in numbers if n > made]", "p _1")
    assert value == "[3]"
    assert numbers == [1, 2, 3]


def test_a_convenience_variable_reaches_the_command():
    if sys.version_info < (3, 12):
        pytest.skip("pdb has $name since CPython 3.12")
    _, _, value = answers("$mine = 41", "leak bind $mine + 1", "p _1")
    assert value == "42"


@pytest.mark.parametrize("expression", ["1/0", "nobody", "raise_", "x y", "__import__('sys').exit(3)"])
def test_an_expression_that_raises_is_a_mistake(expression):
    (said,) = answers(f"leak bind {expression}")
    assert said.startswith(f"*** {expression}: ")
    assert "internal" not in said
    assert "\n" not in said


def test_nothing_is_held_after_c():
    class Thing:
        pass

    def serve():
        thing = Thing()
        answers("leak bind thing", "p _1", frame=sys._getframe())
        return weakref.ref(thing)

    found = serve()
    gc.collect()
    assert found() is None


def test_a_nested_prompt_keeps_the_outer_ones_handles():
    class Nested(PDB.Pdb):
        def do_nest(self, _arg):
            self.message(typed("leak bind 'inner'", "p _1, _2", frame=self.curframe))

    said = typed("leak bind 'outer'", "nest", "p _1, 'after'", cls=Nested)
    assert "('outer', 'inner')" in said
    assert "('outer', 'after')" in said


def test_what_may_change_the_heap_drops_it(monkeypatch):
    dropped = []
    monkeypatch.setattr(plugin.SESSION, "forget_heap", lambda: dropped.append(1), raising=False)
    thing = []
    assert thing == []
    for line in ("w", "l", "p thing", "thing", "up", "leak help", "a", "", "!thing"):
        answers("leak help", line)
        assert not dropped, line
    for line in ("p len(thing)", "thing.append(1)", "x = 1", "!x = 2", "import gc", "p thing + thing"):
        answers("leak help", line)
        assert dropped, line
        dropped.clear()


@pytest.mark.parametrize(
    ("line", "keeps"),
    [
        ("u 3", True),
        ("l = 3", False),
        ("pp x", True),
        ("pp x.y", False),
        ("interact", False),
        ("display x", False),
    ],
)
def test_navigation_keeps_the_heap(line, keeps):
    assert keeps_heap(line) is keeps


def test_rc_lines_that_continue_leave_nothing(tmp_path, monkeypatch):
    (tmp_path / ".pdbrc").write_text("leak bind [1]\nc\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    output = io.StringIO()
    debugger = PDB.Pdb(stdin=io.StringIO(), stdout=output, nosigint=True)
    debugger.reset()
    debugger.interaction(sys._getframe(), None)
    assert "help" in output.getvalue()


def test_the_function_for_other_prompts_prints_and_evaluates_in_the_callers_frame(capsys):
    mine = "here"
    assert pdbleak.leak("help") is None
    assert "help [COMMAND]" in capsys.readouterr().out
    pdbleak.leak("bind mine.nothing")
    assert (
        capsys.readouterr().out
        == "*** mine.nothing: AttributeError: 'str' object has no attribute 'nothing'\n"
    )
    pdbleak.leak("no such")
    assert capsys.readouterr().out.startswith("*** unknown command 'no'")
    assert mine == "here"


def test_json_and_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    as_json, to_file, nowhere = answers("leak help --json", "leak help -o x.json", "leak help -o none/x.json")
    assert '"kind": "manual"' in as_json
    assert "x.json" in to_file
    assert (tmp_path / "x.json").read_text().strip().startswith("{")
    assert nowhere.startswith("*** ")
    assert "none" in nowhere


def test_tab_offers_commands_options_types_and_names():
    local_marker = 1
    debugger = PDB.Pdb(stdin=io.StringIO(), stdout=io.StringIO(), nosigint=True, readrc=False)
    debugger.reset()
    debugger.setup(sys._getframe(), None)

    def tab(line):
        word = line.rpartition(" ")[2].rpartition("=")[2]
        return debugger.complete_leak(word, line, len(line) - len(word), len(line))

    assert tab("leak hel") == ["help"]
    assert tab("leak help bi") == ["bind"]
    assert tab("leak bind --j") == ["--json"]
    assert "local_marker" in tab("leak bind local_m")
    assert "OrderedDict" in tab("leak bind Ordered")
    assert "collections.OrderedDict" in tab("leak bind collections.Ord")
    assert tab("leak nothing x") == []
    assert local_marker
    debugger.forget()


def test_hidden_names_are_found_in_builtins_as_well():
    with handles.readable({"_7": 1}):
        assert handles.hidden({"_7": 2, "_8": 3}, sys._getframe(), {}) == ["_7"]
        with handles.readable({"_7": 2}):
            assert builtins._7 == 1
        assert builtins._7 == 1


def test_every_prompt_line_that_dies_of_an_exception_lets_go():
    class Broken(PDB.Pdb):
        def do_broken(self, _arg):
            raise RuntimeError("a debugger's own error")

    with pytest.raises(RuntimeError, match="own error"):
        answers("leak bind [1]", "broken", cls=Broken)
