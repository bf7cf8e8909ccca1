"""Work is submitted faster than the pool does it, and the executor's queue has no limit.

leaks: _work_queue | _WorkItem
kept: _WorkItem
issue: https://github.com/antonioterpin/tinyros/issues/15
"""

import time
from concurrent.futures import ThreadPoolExecutor

from steady import rounds

pool = ThreadPoolExecutor(1)


def resize(name, pixels):
    time.sleep(0.2)
    return name, len(pixels)


for number in rounds(60):
    pool.submit(resize, f"image {number}", [number] * 100)
