"""The last words of a program, so that two runs compare; knows no program."""

from __future__ import annotations

import re

NUMBERS = re.compile(r"0x[0-9a-f]+|\d+")
TRACEBACK = "Traceback (most recent call last):"


def last_words(text: str, chance: str = "") -> list[str]:
    """Return the lines of an ending, sorted: numbers as N, a traceback as its last line.

    The order of lines from several processes is chance, and so are process ids, times and the place where an
    endless loop was. What pdbleak says itself is no word of the program; lines
    with `chance` in them are left out.
    """
    lines = [NUMBERS.sub("N", line.rstrip()) for line in folded(text)]
    return sorted(line for line in lines if not chance or chance not in line)


def folded(text: str) -> list[str]:
    """Return the lines without pdbleak's own, and without tracebacks but for what was raised.

    Whatever is indented goes: the frames of several processes stand mixed on a terminal.
    """
    return [
        line
        for line in text.replace("^C", "").replace(TRACEBACK, "").splitlines()
        if line.strip() and not line.startswith(("pdbleak:", "interrupt", " ", "|"))
    ]
