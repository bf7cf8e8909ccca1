"""A main thread that takes its work from a queue and does all of it."""

import queue

import lines

asked = queue.Queue()


def ask(line):
    answers = queue.Queue()
    asked.put((line, answers))
    return answers.get()


lines.serve_each(ask)
while True:
    line, answers = asked.get()
    answers.put(line)
