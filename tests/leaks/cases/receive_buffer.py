"""One connection's receive buffer only grows: what was parsed is never cut off.

leaks: received | bytearray
kept: bytearray
issue: https://github.com/ghostdogpr/sage/issues/185
"""

from steady import rounds


class Connection:
    def __init__(self):
        self.received = bytearray()
        self.parsed = 0

    def feed(self, data):
        self.received += data
        self.parsed = len(self.received)


connection = Connection()
for _ in rounds(60):
    connection.feed(bytes(8192))
