"""The harness itself, on a prompt that has nothing to do with pdbleak."""

from __future__ import annotations

import sys

import pytest
from answers import count_of, numbers_in, rows_of
from terminal import PROMPT, Terminal, strip_ansi


@pytest.fixture(params=[80, 120])
def terminal(request, tmp_path):
    terminal = Terminal(
        [sys.executable, "-c", "import pdb; pdb.set_trace()"], tmp_path, columns=request.param
    )
    terminal.wait_for(PROMPT)
    yield terminal
    terminal.close()


def test_an_answer_is_what_stands_between_the_echo_and_the_next_prompt(terminal):
    assert terminal.type("p 6 * 7") == "42\n"
    assert terminal.type("import os; print(os.get_terminal_size().columns)").strip() in ("80", "120")


def test_escape_sequences_are_not_read():
    assert strip_ansi("\x1b[?2004l\x1b[1;31mred\x1b[0m\r\n\x1b]0;title\x07plain") == "red\nplain"


def test_a_row_is_found_by_its_word_and_read_by_its_numbers():
    answer = "Channel      1,200  4.2 MiB\nChannelPool      7\nold Channel at 0x7f32"
    assert rows_of(answer, "Channel") == ["Channel      1,200  4.2 MiB", "old Channel at 0x7f32"]
    assert numbers_in("_1  +3  1,200  4.2 MiB  0x7f32  12") == [3, 1200, 12]
    assert count_of(answer, "Channel") == 1200
    assert count_of(answer, "Message") == 0
