"""`schedule` in its usual loop: a job every now and then does what was asked for meanwhile."""

import queue
import time

import lines
import schedule

asked = queue.Queue()


def ask(line):
    answers = queue.Queue()
    asked.put((line, answers))
    return answers.get()


def work():
    while not asked.empty():
        line, answers = asked.get()
        answers.put(line)


schedule.every(0.02).seconds.do(work)
lines.serve_each(ask)
while True:
    schedule.run_pending()
    time.sleep(0.01)
