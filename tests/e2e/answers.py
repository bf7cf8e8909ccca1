"""How the tests read an answer on the screen: its rows and their numbers; knows no command."""

from __future__ import annotations

import re


def rows_of(answer: str, name: str) -> list[str]:
    """Return the lines in which a name stands as a word."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return [line for line in answer.splitlines() if word.search(line)]


def numbers_in(line: str) -> list[int]:
    """Return the whole numbers of a line; `12,345` is one, those of an address or a handle are not."""
    return [int(number.replace(",", "")) for number in re.findall(r"(?<![\w.,])\d[\d,]*(?![\w.])", line)]


def overlong(answer: str, columns: int) -> list[str]:
    """Return the lines that a terminal of so many columns would break, but for those that name a file."""
    return [line for line in answer.splitlines() if len(line) > columns and "/" not in line]


def count_of(answer: str, name: str) -> int:
    """Return the first number of the first row in which the name stands with a number; 0 without one."""
    return next((numbers[0] for row in rows_of(answer, name) if (numbers := numbers_in(row))), 0)
