"""The program's own traffic: so many rounds a second, after a warm-up, and a word about it each second.

    for number in rounds(100):              async for number in steps(100):
        serve(number)                           await serve(number)

It says `ready` after a warm-up of 200 rounds, or of as many as told, then `worked 1 s`, `worked 2 s` and so
on. The rounds keep to the clock as long as the machine can: what was missed while a prompt was open is not
made up.
"""

from __future__ import annotations

import asyncio
import threading
import time

WARM_UP = 200
READY = threading.Event()


class Pace:
    """Counts rounds, and says how long to wait before each next one."""

    def __init__(self, rate: float, warm_up: int = WARM_UP) -> None:
        self.warm_up = warm_up
        self.interval = 1 / rate
        self.number = 0
        self.seconds = 0
        self.due = 0.0

    def wait(self) -> float:
        """Return the seconds until the next round is due; none while warming up."""
        self.number += 1
        if self.number < self.warm_up:
            return 0.0
        now = time.monotonic()
        if self.number == self.warm_up:
            print("ready", flush=True)
            READY.set()
            self.due = now
        worked = int((self.number - self.warm_up) * self.interval)
        if worked > self.seconds:
            self.seconds = worked
            print(f"worked {worked} s", flush=True)
        self.due = max(self.due + self.interval, now - 10 * self.interval)
        return max(0.0, self.due - now)


def rounds(rate: float, warm_up: int = WARM_UP):
    """Yield 0, 1, 2 … at this rate per second."""
    pace = Pace(rate, warm_up)
    while True:
        yield pace.number
        if seconds := pace.wait():
            time.sleep(seconds)


async def steps(rate: float, warm_up: int = WARM_UP):
    """Yield 0, 1, 2 … at this rate per second, on an event loop."""
    pace = Pace(rate, warm_up)
    while True:
        yield pace.number
        await asyncio.sleep(pace.wait())
