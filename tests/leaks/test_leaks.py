"""Real leaks are named among the first three findings, healthy programs are accused of nothing."""

from __future__ import annotations

import os

import pytest
from broken_into import KNOWN_WAYS, measure
from case import read_cases
from compared import PACKAGES, compare, is_installed
from score import succeeded

QUICK = {
    ("logging_per_request", "--every"),
    ("asyncio_tasks", "leak auto"),
    ("django_queries", "leak auto"),
    ("asyncio_tasks", "leak growth"),
}
CHOICE = os.environ.get("PDBLEAK_LEAKS", "")
TOOLS = [tool for tool in PACKAGES if tool in os.environ.get("PDBLEAK_TOOLS", "").split(",")]
CASES = read_cases("cases")
CONTROLS = read_cases("controls")


def is_chosen(name: str, way: str) -> bool:
    """Tell whether a program is run in this way."""
    return CHOICE == "all" or (name in CHOICE.split(",") if CHOICE else (name, way) in QUICK)


def chosen(programs):
    """Return the programs to run, each with the way to ask."""
    return [
        pytest.param(program, way, id=f"{program.name}, {way}")
        for program in programs
        for way in KNOWN_WAYS
        if is_chosen(program.name, way)
    ]


def ask(program, way, rows, tmp_path):
    """Run a program, leave its row whatever it says, and return it."""
    if missing := program.missing():
        pytest.skip(f"needs {', '.join(missing)}")
    row, screen = measure(program, way, tmp_path)
    print(screen)
    row.save(rows)
    return row


@pytest.mark.parametrize(("case", "way"), chosen(CASES))
def test_the_culprit_is_named(case, way, rows, tmp_path):
    row = ask(case, way, rows, tmp_path)
    if way == "leak growth":
        assert row.findings
    else:
        assert succeeded(row.verdict), row.verdict


@pytest.mark.parametrize(("control", "way"), chosen(CONTROLS))
def test_a_healthy_program_is_not_accused(control, way, rows, tmp_path):
    row = ask(control, way, rows, tmp_path)
    assert way == "leak growth" or succeeded(row.verdict), row.verdict


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("program", CASES + CONTROLS, ids=lambda case: case.name)
def test_another_tool_is_asked(program, tool, rows, tmp_path):
    if program.missing() or not is_installed(tool):
        pytest.skip("needs more packages")
    row, written = compare(program, tool, tmp_path)
    print(written)
    row.save(rows)
    # What it answers is its own affair; but it was asked of a program that worked.
    assert "ready" in written
    assert row.findings or row.verdict in {"no answer", "failed", "broke it", "missed", "silent"}
