"""Every client registers its close at exit, which keeps it until the program ends.

leaks: atexit | exit
kept: Client
issue: https://github.com/ARM-software/devlib/issues/676
"""

import atexit

from steady import rounds


class Client:
    def __init__(self, number):
        self.host = f"host{number}"
        self.buffer = [f"{self.host} {block}" for block in range(30)]
        atexit.register(self.close)

    def close(self):
        self.buffer.clear()


for number in rounds(60):
    Client(number)
