"""A sensor gateway over TCP: sensors send readings, a display reads the last batches from shared memory.

A sensor connects and writes lines: its name, then one reading a line. An empty line asks for the numbers of
readings and of sensors online. The display driver is native code: its ring holds pointers to batches.

    python sensors.py --port 9100
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import selectors
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH = 16
RING = 64


class Batch:
    """Readings of one sensor, as the display draws them."""

    def __init__(self, sensor: str, readings: list[float]) -> None:
        self.sensor = sensor
        self.readings = readings
        self.mean = sum(readings) / len(readings)


class Ring:
    """The last batches, as an array of pointers for the display driver; every slot owns a reference."""

    def __init__(self, size: int) -> None:
        self.slots = (ctypes.c_void_p * size)()
        self.written = 0

    def write(self, batch: Batch) -> None:
        # LEAK: the slot takes a reference, and the batch that was in it before is never given its own back
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(batch))
        self.slots[self.written % len(self.slots)] = id(batch)
        self.written += 1


class Decoder:
    """Lines from a stream of bytes; calls back for each."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self.on_line = on_line
        self.rest = b""

    def feed(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.on_line(line.decode("utf-8", "replace").strip())


class Link:
    """A sensor's connection: the lines it sent, gathered into batches."""

    online = 0

    def __init__(self, gateway: Gateway, connection: socket.socket) -> None:
        self.gateway = gateway
        self.connection = connection
        self.sensor = ""
        self.readings: list[float] = []
        # LEAK: link -> decoder -> bound method -> link: a cycle, so __del__ waits for a collection
        self.decoder = Decoder(self.accept_line)
        Link.online += 1

    def __del__(self) -> None:
        Link.online -= 1

    def accept_line(self, line: str) -> None:
        if not line:
            self.connection.sendall(b"%d readings, %d sensors\n" % (self.gateway.readings, Link.online))
        elif not self.sensor:
            self.sensor = line
        else:
            self.readings.append(float(line))
            self.gateway.readings += 1
        if len(self.readings) == BATCH:
            self.gateway.ring.write(Batch(self.sensor, self.readings))
            self.readings = []


class Gateway:
    """All links on one selector."""

    def __init__(self, port: int) -> None:
        self.ring = Ring(RING)
        self.readings = 0
        self.selector = selectors.DefaultSelector()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.selector.register(self.listener, selectors.EVENT_READ)

    def serve(self) -> None:
        while True:
            self.answer(self.selector.select())

    def answer(self, ready: list[tuple[selectors.SelectorKey, int]]) -> None:
        for key, _ in ready:
            if key.data is None:
                self.admit()
            else:
                self.read(key.data)

    def admit(self) -> None:
        connection, _ = self.listener.accept()
        self.selector.register(connection, selectors.EVENT_READ, Link(self, connection))

    def read(self, link: Link) -> None:
        try:
            data = link.connection.recv(4096)
            link.decoder.feed(data)
        except (OSError, ValueError):  # reset, or not a number
            data = b""
        if not data:
            self.selector.unregister(link.connection)
            link.connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="A sensor gateway over TCP.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    # A collection in the middle of a burst loses readings of sensors that do not wait.
    gc.set_threshold(200_000, 50, 50)
    gateway = Gateway(parser.parse_args().port)
    print("listening on {}:{}".format(*gateway.listener.getsockname()), flush=True)
    gateway.serve()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
