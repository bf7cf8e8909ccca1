"""Every command stands in the table, is documented, completed and rendered."""

import pkgutil
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import pdbleak.commands
from pdbleak import analyses, render
from pdbleak.command import Command
from pdbleak.commands import COMMANDS
from pdbleak.completion import complete

ISSUED = (
    *("triage", "gc", "types", "count", "list", "growth", "random", "show", "size", "backrefs", "refs"),
    *("chain", "paths", "via", "cycles", "top", "cut", "why", "ignore", "heap", "objgraph", "zombies"),
    *("tasks", "memory", "orphans", "mark", "diff", "auto", "history", "trace", "defer", "save"),
    *("report", "sql", "fresh", "help"),
)


def test_the_table_has_every_command_that_was_promised():
    assert [command.name for command in COMMANDS] == list(ISSUED)


def test_every_file_of_commands_stands_in_the_table():
    files = {module.name for module in pkgutil.iter_modules(pdbleak.commands.__path__)}
    assert files == {command.name for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_is_documented(command):
    assert isinstance(command, Command)
    assert command.summary.endswith(".")
    assert all(argument.help for argument in command.arguments)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_and_its_options_are_completed(command):
    assert command.name in complete(command.name[:2], "leak ", COMMANDS, list)
    for argument in command.arguments:
        if argument.kind in ("choice", "flag"):
            assert f"--{argument.name}" in complete("--", f"leak {command.name} ", COMMANDS, list)


def result_types():
    for module in pkgutil.iter_modules(analyses.__path__, "pdbleak.analyses."):
        for value in vars(__import__(module.name, fromlist=["*"])).values():
            if (
                is_dataclass(value)
                and value.__module__ == module.name
                and any(f.name == "next" for f in fields(value))
            ):
                yield value


@pytest.mark.parametrize("result", list(result_types()), ids=lambda result: result.__name__)
def test_every_kind_of_result_is_frozen_and_has_a_text(result):
    from pdbleak.render.text import TEXT

    assert result.__dataclass_params__.frozen
    assert hasattr(result, "__slots__")
    assert result in TEXT, "no renderer in render/text"
    assert render.lines


def test_the_reference_page_names_every_command():
    page = Path(__file__).resolve().parents[2] / "docs" / "reference.md"
    text = page.read_text()
    assert [command.name for command in COMMANDS if f"leak {command.name}" not in text] == []
