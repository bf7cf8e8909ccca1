"""An extension takes a reference to each result and never gives it back.

leaks: held C Reading | nobody Reading | Reading
kept: Reading
issue: https://github.com/eclipse-ecal/ecal/pull/1754
"""

import ctypes

from steady import rounds

take = ctypes.pythonapi.Py_IncRef
take.argtypes = [ctypes.py_object]
take.restype = None


class Reading:
    def __init__(self, number):
        self.values = [number + step / 10 for step in range(20)]


for number in rounds(100):
    take(Reading(number))
