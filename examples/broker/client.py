"""Traffic for the broker: connections that publish, consume, acknowledge most of what they get, and close.

    python client.py PORT [ROUNDS] [--stay N] [--pause SECONDS]

Every round is one connection with two channels. No ROUNDS, or 0, goes on until the broker ends. With --stay,
N more connections stay open with deliveries they never acknowledge, until the broker ends or the client does.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import threading
import time
from itertools import count
from typing import Any

import frames

MESSAGES, UNACKED = 12, 3
BODY = json.dumps({"order": "7f3a", "lines": ["one of the items in this order"] * 40})


class Client:
    """One connection to the broker."""

    def __init__(self, port: int) -> None:
        self.socket = connect(port)
        self.buffer = bytearray()

    def send(self, channel: int, **arguments: Any) -> None:
        self.socket.sendall(frames.encode(channel, arguments))

    def receive(self) -> dict[str, Any] | None:
        """Return the next method's arguments; None at the end. Heartbeats are answered."""
        while True:
            frame = frames.take_frame(self.buffer)
            if frame and frame[1]:
                return frame[1]
            if frame:
                self.socket.sendall(frames.BEAT)
            elif data := self.socket.recv(1 << 16):
                self.buffer += data
            else:
                return None

    def expect(self, method: str) -> dict[str, Any]:
        answer = self.receive()
        if answer is None or answer["method"] != method:
            raise ConnectionError(f"expected {method!r}, got {answer}")
        return answer

    def exchange(self, queue: str, messages: int) -> list[int]:
        """Publish on one channel, consume on another; return the tags of all deliveries."""
        self.send(1, method="open")
        self.send(2, method="open")
        self.send(1, method="declare", queue=queue)
        waiting = self.expect("declared")["waiting"]
        for _ in range(messages):
            self.send(1, method="publish", queue=queue, body=BODY)
        self.send(2, method="consume", queue=queue)
        return [self.expect("deliver")["tag"] for _ in range(messages + waiting)]

    def close(self) -> None:
        self.send(0, method="close")
        while self.receive():
            pass
        self.socket.close()


def connect(port: int, seconds: float = 20) -> socket.socket:
    """Connect, waiting for a broker that is still starting."""
    latest = time.monotonic() + seconds
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.1)
        else:
            # The frames are small, and the broker waits for each: they must not wait for each other.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection


def trade(port: int, queue: str) -> None:
    """Spend one connection: publish, consume, acknowledge all but the last, close."""
    client = Client(port)
    for tag in client.exchange(queue, MESSAGES)[:-UNACKED]:
        client.send(2, method="ack", tag=tag)
    client.close()


def linger(port: int, queue: str, ready: threading.Event) -> None:
    """Keep one connection and what was delivered to it, until the broker ends."""
    client = Client(port)
    client.exchange(queue, MESSAGES)
    ready.set()
    with contextlib.suppress(ConnectionError):
        while client.receive():
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description="Traffic for the broker.")
    parser.add_argument("port", type=int)
    parser.add_argument("rounds", type=int, nargs="?", default=0, help="connections to make; 0 goes on")
    parser.add_argument("--stay", type=int, default=0, help="connections that stay open")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between rounds")
    options = parser.parse_args()
    connect(options.port).close()
    staying = []
    for number in range(options.stay):
        ready = threading.Event()
        thread = threading.Thread(
            target=linger, args=(options.port, f"audit.{os.getpid()}.{number}", ready), daemon=True
        )
        thread.start()
        ready.wait()
        staying.append(thread)
    try:
        for _ in range(options.rounds) if options.rounds else count():
            trade(options.port, f"orders.{os.getpid()}")
            time.sleep(options.pause)
    except ConnectionError:
        if options.rounds:
            raise
    print(f"{options.rounds} rounds done", flush=True)
    for thread in staying:
        thread.join()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
