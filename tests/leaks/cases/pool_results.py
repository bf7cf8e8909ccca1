"""Results of a multiprocessing pool come in faster than anybody reads them.

leaks: PENDING | ApplyResult
kept: ApplyResult
issue: https://github.com/cfe-lab/MiCall/issues/377
"""

from multiprocessing.pool import ThreadPool

from steady import rounds

PENDING = []
pool = ThreadPool(2)


def align(number):
    return [f"{number}: {base}" for base in range(40)]


for number in rounds(60):
    PENDING.append(pool.apply_async(align, (number,)))  # noqa: PERF401 - it never ends
