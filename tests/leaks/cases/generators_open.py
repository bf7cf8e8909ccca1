"""Streams of rows are begun and not read to the end, and the table of cursors keeps them.

leaks: CURSORS | generators
kept: generator
issue: https://github.com/mesa/mesa/issues/3313
"""

from steady import rounds

CURSORS = {}


def read_rows(number):
    rows = [(number, column) for column in range(50)]
    yield from rows


for number in rounds(60):
    cursor = CURSORS[number] = read_rows(number)
    next(cursor)
