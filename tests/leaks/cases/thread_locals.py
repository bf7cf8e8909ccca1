"""Each connection has a thread that stays, with a session in a threading.local.

leaks: local | thread_data
kept: Session
issue: https://github.com/cherrypy/cherrypy/issues/496
"""

import threading

from steady import rounds

threading.stack_size(64 << 10)
thread_data = threading.local()
closed = threading.Event()


class Session:
    def __init__(self, number):
        self.rows = [f"session {number} row {row}" for row in range(100)]


def serve(number):
    thread_data.session = Session(number)
    closed.wait()


for number in rounds(25, warm_up=30):
    threading.Thread(target=serve, args=(number,), daemon=True).start()
