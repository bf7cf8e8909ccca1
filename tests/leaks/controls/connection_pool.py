"""A pool of connections grows to what is needed at once, and stays."""

import queue

from steady import rounds


class Connection:
    def __init__(self):
        self.buffer = bytearray(4096)
        self.statements = {}

    def execute(self, text):
        self.statements[text] = text.split()
        return len(self.statements)


idle = queue.LifoQueue()


def serve(number):
    taken = []
    for _ in range(number % 7 + 1):
        try:
            taken.append(idle.get_nowait())
        except queue.Empty:
            taken.append(Connection())
    for connection in taken:
        connection.execute(f"select {number % 20}")
        idle.put(connection)


for number in rounds(100):
    serve(number)
