"""The harness itself: what the programs say of themselves, and how answers are scored; runs no program."""

from __future__ import annotations

import json

import pytest
from broken_into import Row
from case import Case, read_case, read_cases
from score import find_findings, place, succeeded, verdict
from table import page

LEAK = Case("x", None, "", leaks=(("queries_log",), ("Connection", "queries")))
PROGRAMS = read_cases("cases") + read_cases("controls")


@pytest.mark.parametrize("case", read_cases("cases"), ids=lambda case: case.name)
def test_every_case_says_what_leaks_and_where_it_was_reported(case):
    assert case.leaks
    assert case.issue.startswith("https://")


@pytest.mark.parametrize("control", read_cases("controls"), ids=lambda case: case.name)
def test_no_control_says_that_it_leaks(control):
    assert control.control


def test_no_two_programs_have_one_name():
    assert len({program.name for program in PROGRAMS}) == len(PROGRAMS)


def test_a_header_is_read(tmp_path):
    program = tmp_path / "a_leak.py"
    program.write_text(
        '"""What it does.\n\nleaks: one two | three\nissue: https://x\nneeds: Django, numpy\n"""\n'
    )
    case = read_case(program)
    assert (case.name, case.title, case.leaks) == ("a_leak", "What it does.", (("one", "two"), ("three",)))
    assert case.needs == ("Django", "numpy")


def test_a_field_that_nobody_knows_is_refused(tmp_path):
    program = tmp_path / "a_leak.py"
    program.write_text('"""What it does.\n\nleak: one\n"""\n')
    with pytest.raises(ValueError, match="leak"):
        read_case(program)


@pytest.mark.parametrize(
    ("finding", "found"),
    [
        ({"path": "module db.connection.queries_log[*]"}, 1),
        ({"path": "a.queries_logs"}, 0),
        ({"steps": [{"name": ".queries"}, {"type": "Connection"}]}, 1),
        ({"steps": [{"name": ".queries"}]}, 0),
        ({"next": "leak paths queries_log"}, 0),
        ({"also": ["module db.queries_log"]}, 0),
    ],
)
def test_a_finding_names_the_culprit_if_all_words_of_an_alternative_stand_in_it(finding, found):
    assert place([finding], LEAK.leaks) == found


@pytest.mark.parametrize(("before", "said"), [(0, "first"), (2, "in three"), (3, "later"), (-1, "missed")])
def test_the_place_decides(before, said):
    findings = [{"path": "other"}] * max(before, 1)
    if before >= 0:
        findings = [{"path": "other"}] * before + [{"path": "queries_log"}]
    assert verdict(LEAK, findings) == said


def test_a_control_is_accused_by_any_finding():
    assert verdict(Case("x", None, ""), []) == "silent"
    assert verdict(Case("x", None, ""), [{"path": "a"}]) == "accused"


def test_findings_are_found_in_every_kind_of_answer():
    assert find_findings({"kind": "leak", "findings": [1]}) == [1]
    assert find_findings({"kind": "growth", "rows": [2]}) == [2]


def test_what_was_missed_stays_in_the_table(tmp_path):
    for name, way, said in [
        ("a", "--every", "first"),
        ("a", "leak auto", "missed"),
        ("b", "--every", "silent"),
    ]:
        Row(name, way, said, "What.", "" if name == "b" else "https://x", control=name == "b").save(tmp_path)
    rows = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
    text = page(rows)
    assert "| a | [What.](https://x) | first | **missed** | not run |" in text
    assert "| b | What. | silent | not run |" in text
    assert not succeeded("missed")
