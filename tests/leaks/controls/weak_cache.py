"""What is looked up is cached as long as somebody else needs it."""

import weakref
from collections import deque

from steady import rounds


class Document:
    def __init__(self, number):
        self.lines = [f"{number} {line}" for line in range(20)]


cache = weakref.WeakValueDictionary()
in_use = deque(maxlen=100)


def open_document(number):
    document = cache.get(number)
    if document is None:
        document = cache[number] = Document(number)
    in_use.append(document)


for number in rounds(150):
    open_document(number * 7 % 5000)
