"""functools.lru_cache on a method keeps every instance that it was called on.

leaks: lru_cache | render | Page
kept: Page
issue: https://github.com/python/cpython/issues/64058
"""

from functools import lru_cache

from steady import rounds


class Page:
    def __init__(self, number):
        self.title = f"page {number}"
        self.lines = [f"line {line} of page {number}" for line in range(20)]

    @lru_cache(maxsize=None)  # noqa: UP033 - as it is written there
    def render(self):
        return "".join(self.lines)


for number in rounds(100):
    Page(number).render()
