"""A compressor per websocket, kept with the closed connection: 256 KiB each that no walk sees.

leaks: CONNECTIONS | deflate
kept: Connection
issue: https://github.com/python-websockets/websockets/issues/896
"""

import zlib

from steady import rounds

CONNECTIONS = {}


class Connection:
    def __init__(self):
        self.deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        self.closed = False

    def close(self):
        self.deflate.compress(b"bye" * 1000)
        self.closed = True


for number in rounds(15, warm_up=20):
    CONNECTIONS[number] = Connection()
    CONNECTIONS[number].close()
