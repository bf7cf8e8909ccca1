import re

import pytest
import render_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from pdbleak import render
from pdbleak.analyses.census import Census, TypeCount
from pdbleak.analyses.listing import Listed, Listing
from pdbleak.analyses.portrait import Neighbour, Portrait
from pdbleak.render.amounts import duration, share, size
from pdbleak.render.clean import clean, columns, cut

HOSTILE = st.text(
    st.one_of(
        st.characters(exclude_categories=[]),
        st.sampled_from(
            "\x1b\n\r\t\x00\x7f\x9b\u202e\u2066\u200d\u0301\u20dd\ud800\udcff\ufeff\uffff漢한…\\'\"<&>|"
        ),
    ),
    max_size=200,
)
UPSETTING = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("plain", "plain"),
        ("a\nb", r"a\nb"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\u202edrowssap", r"\u202edrowssap"),
        ("\udcff", r"\udcff"),
        ("\x9b2J", r"\x9b2J"),
        ("日本", "日本"),
        ("e\u0301", "e\u0301"),
        ("\u0301", r"\u0301"),
        ("e" + "\u0301" * 4, "e\u0301\u0301" + r"\u0301\u0301"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_a_terminal_acts_on_becomes_an_escape(raw, expected):
    assert clean(raw) == expected


@given(HOSTILE)
def test_clean_text_is_one_harmless_line_and_stays_as_it_is(raw):
    text = clean(raw)
    assert not UPSETTING.search(text)
    assert len(text.splitlines()) <= 1
    assert text.encode().decode() == text
    assert clean(text) == text


@given(HOSTILE, st.integers(0, 40), st.booleans())
def test_a_cut_fits_its_width(raw, width, tail):
    assert columns(cut(raw, width, tail=tail)) <= width


@given(HOSTILE, st.booleans())
def test_what_fits_is_not_cut(raw, tail):
    text = clean(raw)
    assert cut(raw, columns(text), tail=tail) == text


def test_wide_characters_take_two_columns():
    assert columns("日本") == 4
    assert cut("日本語", 5) == "日本…"
    assert cut("日本語", 4) == "日…"
    assert cut("日本語", 5, tail=True) == "…本語"


def test_a_huge_text_costs_no_more_than_its_cut():
    assert cut("\u0301" * 50_000_000, 10) == r"\u0301\u0…"


@given(HOSTILE, st.sampled_from([40, 80, 120]))
def test_no_text_of_the_program_upsets_a_line(raw, width):
    top = samples.branch(
        1, raw, raw, samples.branch(2, raw, raw, form=raw, note=raw, count=3), form=raw, omitted=2
    )
    step = samples.step(1, raw, raw, raw)
    values = [
        Census(raw, "count", (TypeCount(raw, 1, 1),), 1, 1, 1, raw),
        Listing(raw, (Listed(raw, 1, raw, 1, raw), Listed(raw, 1, "x", 1, raw)), 3, raw),
        samples.tree(top, subject=raw, handle=raw, picture=raw, next=raw),
        samples.Chain(raw, raw, raw, (step, step), raw, raw),
        samples.Cycles(
            raw, (samples.CycleShape(1, 0, 1, 1, (TypeCount(raw, 1, 1),), (raw,), (step,)),), 1, 0, 0, raw
        ),
        Portrait(
            raw, 1, raw, 1, 1, 1, raw, raw, 1, (Neighbour(raw, raw, 1, raw, 1),), 1, (), 0, 0, raw, raw, raw
        ),
    ]
    for value in values:
        for line in render.lines(value, width=width):
            assert not UPSETTING.search(line)
            assert line.encode().decode() == line
        for line in render.json_lines(value):
            assert line.isascii()
            assert not UPSETTING.search(line)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 B"),
        (1_023, "1,023 B"),
        (1_024, "1.0 KiB"),
        (1_048_575, "1.0 MiB"),
        (1_258_291, "1.2 MiB"),
        (-2_048, "-2.0 KiB"),
        (2**60, "1,024.0 PiB"),
    ],
)
def test_sizes_have_the_unit_that_suits_them(number, expected):
    assert size(number) == expected


def test_times_and_shares_are_short():
    assert [duration(each) for each in (0.000_4, 0.012, 1.25, 600, 36_000)] == [
        "400 µs",
        "12 ms",
        "1.2 s",
        "10 min",
        "10.0 h",
    ]
    assert share(1, 3) == "33.3%"
    assert share(1, 0) == ""
