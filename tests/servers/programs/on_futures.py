"""A pool of threads or processes does the work, and the main thread waits for the futures."""

import concurrent.futures
import queue
import sys

import lines


def same(line):
    return line


if __name__ == "__main__":
    pools = {
        "threads": concurrent.futures.ThreadPoolExecutor,
        "processes": concurrent.futures.ProcessPoolExecutor,
    }
    asked = queue.Queue()

    def ask(line):
        answers = queue.Queue()
        asked.put((line, answers))
        return answers.get()

    with pools[sys.argv[2]](2) as pool:
        pool.submit(same, b"").result()
        lines.serve_each(ask)
        while True:
            line, answers = asked.get()
            answers.put(pool.submit(same, line).result())
