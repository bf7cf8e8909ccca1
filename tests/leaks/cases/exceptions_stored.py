"""A cache of failures keeps each exception, and so the frames of its traceback with their buffers.

leaks: FAILED | exceptions | traceback
kept: OSError
issue: https://github.com/python/mypy/issues/4807
"""

from steady import rounds

FAILED = {}


def stat(path):
    buffer = [f"{path} {block}" for block in range(50)]
    raise OSError(2, "no such file", path, None, str(len(buffer)))


for number in rounds(60):
    try:
        stat(f"/missing/{number}")
    except OSError as error:
        FAILED[number] = error
