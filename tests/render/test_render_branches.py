"""What retains most as a page and as collapsed stacks: no byte is lost, and no text of the program is run."""

import json
import re

import pytest
import render_samples as samples

from pdbleak import render
from pdbleak.command import CommandError
from pdbleak.render.folded import folded_lines
from pdbleak.render.icicle import icicle_lines


def data(value):
    page = "\n".join(icicle_lines(value))
    return page, json.loads(re.search(r"^const rows = (.*);$", page, re.MULTILINE)[1])


def test_the_stacks_sum_to_the_bytes_of_the_rows():
    lines = [line.rpartition(" ") for line in folded_lines(samples.TOP)]
    first = samples.TOP.rows[0]
    below = [
        int(size) for path, _, size in lines if path.startswith("heap;module broker .broker: broker.Broker")
    ]
    assert sum(below) == first.retained
    smaller = samples.TOP.omitted_retained
    assert sum(int(size) for *_, size in lines) == smaller + sum(row.retained for row in samples.TOP.rows)


def test_a_name_with_a_semicolon_is_one_frame():
    row = samples.retainer(1, "a;b", 10, 1, reference="['x;y']")
    assert list(folded_lines(samples.top(row))) == ["heap;['x,y']: a,b 10"]


def test_the_page_has_every_branch_under_its_parent():
    _, rows = data(samples.TOP)
    assert rows[0][0] == -1
    assert all(0 <= row[0] < place for place, row in enumerate(rows) if place)
    kept = [row for row in rows if "broker.Channel x31876" in row[1]]
    assert [(row[2], rows[row[0]][1]) for row in kept] == [(54_000_123, ".channels: dict")]


def test_the_page_needs_no_network():
    page, _ = data(samples.TOP)
    assert not re.search(r"https?://|@[A-Z]+@|src=|@import|url\(", page)
    assert "default-src 'none'" in page


def test_text_of_the_program_cannot_leave_the_data():
    evil = "</script><script>alert(1)</script>\u2028"
    row = samples.retainer(1, evil, 10, 1, reference=evil, form=evil)
    page, rows = data(samples.top(row, subject=evil, population=1))
    assert page.count("<script>") == 1
    assert page.count("</script>") == 1
    assert "alert(1)" in rows[1][1]


@pytest.mark.parametrize("form", ["html", "folded"])
def test_only_branches_have_these_forms(tmp_path, form):
    path = str(tmp_path / f"top.{form}")
    assert render.write(samples.TOP, path) == path
    with pytest.raises(CommandError, match="only leak top"):
        render.write(samples.CENSUS, str(tmp_path / f"census.{form}"))
    assert [each.name for each in tmp_path.iterdir()] == [f"top.{form}"]
