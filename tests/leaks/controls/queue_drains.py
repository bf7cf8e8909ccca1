"""A queue fills for a second and is drained in the next."""

import queue

from steady import rounds

JOBS = queue.Queue()


def drain():
    while not JOBS.empty():
        JOBS.get()


for number in rounds(200):
    JOBS.put({"job": number, "steps": [f"step {step}" for step in range(5)]})
    if number % 200 == 199:
        drain()
