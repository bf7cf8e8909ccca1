"""weakref.finalize with a bound method keeps the object that it should watch.

leaks: finalize | _registry
kept: Device
issue: https://github.com/bluesky/ophyd/pull/865
"""

import weakref

from steady import rounds


class Device:
    def __init__(self, number):
        self.name = f"device {number}"
        self.readings = [f"{self.name} {reading}" for reading in range(30)]
        self._finalizer = weakref.finalize(self, self.close)

    def close(self):
        self.readings.clear()


for number in rounds(60):
    Device(number)
