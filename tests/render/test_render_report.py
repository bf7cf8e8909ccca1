"""A report is one page: it needs no network, no text of the program runs, and a browser shows it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
import render_samples as samples

from pdbleak import render
from pdbleak.analyses.retained_census import RetainedCensus, RetainedCount
from pdbleak.render.report import report_lines

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
EVIL = "</script></iframe><img src=x onerror=alert(1)>\"'@@DATA@@@TITLE@"
# What a person does, and what is there to be seen then; errors of the page come first.
DRIVE = """
<script>
const told = {errors: []};
window.onerror = (text) => told.errors.push(String(text));
const cells = column => [...document.querySelectorAll("#types tbody tr:not([hidden])")]
  .map(row => row.cells[column].textContent);
window.onload = () => {
  const heads = document.querySelectorAll("#types th button");
  told.first = cells(0);
  heads[1].click(); told.byCount = cells(0);
  heads[1].click(); told.byCountUp = cells(0);
  heads[0].click(); told.byName = cells(0);
  const filter = document.getElementById("filter");
  filter.value = "CHANNEL"; filter.dispatchEvent(new Event("input"));
  told.filtered = cells(0);
  const folded = document.querySelector("details.type details");
  told.before = folded.querySelector("ol").checkVisibility();
  folded.querySelector("summary").click();
  told.after = folded.querySelector("ol").checkVisibility();
  told.pictures = [...document.images].map(each => each.naturalWidth > 0);
  const inner = document.querySelector("iframe").contentDocument;
  told.boxes = inner.querySelectorAll("#chart div").length;
  inner.querySelector("#chart div:nth-child(2)").click();
  told.way = inner.querySelectorAll("#way button").length;
  const textContent = JSON.stringify(told);
  document.body.append(Object.assign(document.createElement("pre"), {id: "told", textContent}));
};
</script>
"""


def page(value):
    return "\n".join(report_lines(value))


def test_it_says_all_that_its_answers_say():
    text = html.unescape(page(samples.REPORT))
    for words in ("RSS", "per minute", "broker.Channel", "131,876", "312,345 objects"):
        assert words in text
    assert 'data-n="74000123"' in text
    without = page(samples.SAVED_REPORT)
    assert "<h2>Memory" not in without
    assert "<h2>History" not in without


def test_it_needs_no_network():
    text = html.unescape(page(samples.REPORT))
    assert not re.search(r"(?:src|href)=.?https?:|@import|url\(", text)
    assert "@@" not in page(samples.REPORT)
    assert "default-src 'none'" in text


def test_no_text_of_the_program_runs():
    types = RetainedCensus((RetainedCount(EVIL, 1, 1, 1),), 1, 1, 0, "")
    row = samples.retainer(1, EVIL, 10, 1, reference=EVIL, form=EVIL)
    paths = tuple(
        replace(
            samples.PATHS,
            subject=EVIL,
            rows=tuple(replace(each, path=EVIL, root=EVIL) for each in samples.PATHS.rows),
        )
        for _ in range(2)
    )
    evil = replace(samples.SAVED_REPORT, program=EVIL, types=types, top=samples.top(row), paths=paths)
    text = page(evil)
    assert text.count("<script>") == text.count("</script>") == 1
    assert text.count("<iframe") == text.count("</iframe>") == 1
    assert not re.search(r"<img[^>]*onerror", text)
    inner = html.unescape(re.search(r'srcdoc="([^"]*)"', text)[1])
    assert inner.count("<script>") == inner.count("</script>") == 1


def test_it_is_written_where_its_suffix_says(tmp_path):
    render.write(samples.REPORT, str(tmp_path / "x.html"))
    assert (tmp_path / "x.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_a_browser_sorts_and_unfolds_it(tmp_path):
    path = tmp_path / "x.html"
    path.write_text(page(samples.REPORT).replace("</html>", DRIVE + "</html>"), encoding="utf-8")
    browser = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    done = subprocess.run(
        [*browser, "--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert ":CONSOLE" not in done.stderr, done.stderr
    told = json.loads(html.unescape(re.search(r'<pre id="told">(.*?)</pre>', done.stdout)[1]))
    names = [row.type for row in samples.CENSUS_RETAINED.rows]
    assert told["errors"] == []
    assert told["first"] == names == ["dict", "broker.Channel"]
    assert told["byCount"] == names
    assert told["byCountUp"] == names[::-1]
    assert told["byName"] == names[::-1]
    assert told["filtered"] == ["broker.Channel"]
    assert (told["before"], told["after"]) == (False, True)
    assert told["pictures"] == [True]
    assert told["boxes"] > 5
    assert told["way"] == 2
