"""A slice of an array keeps the whole array: only the last row is wanted.

leaks: LAST_ROWS | views
kept: ndarray
issue: https://github.com/numpy/numpy/issues/19091
needs: numpy
"""

import numpy as np
from steady import rounds

LAST_ROWS = []
generator = np.random.default_rng(1)


def measure():
    return generator.random(300 * 40).reshape(300, 40)


for _ in rounds(40, warm_up=60):
    LAST_ROWS.append(measure()[-1])  # noqa: PERF401 - it never ends
