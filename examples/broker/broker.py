"""A message broker over TCP: clients open channels, declare queues, publish, consume and acknowledge.

What a consumer has not acknowledged when its connection ends goes back to the head of its queue. A client
that leaves three heartbeats unanswered is disconnected. The frames are AMQP's, the methods in them JSON.

    python broker.py --port 5672
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
from collections import deque
from itertools import count
from typing import TYPE_CHECKING, Any

import frames

if TYPE_CHECKING:
    from collections.abc import Callable

HEARTBEAT_SECONDS = 10.0
SILENT_HEARTBEATS = 3


class Queue:
    """Bodies in the order they are delivered, and the consumers that take turns."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.bodies: deque[str] = deque()
        self.consumers: deque[Callable[[Queue, str], None]] = deque()

    def dispatch(self) -> None:
        while self.bodies and self.consumers:
            self.consumers[0](self, self.bodies.popleft())
            self.consumers.rotate(-1)


class Message:
    """One delivery, until it is acknowledged."""

    def __init__(self, channel: Channel, tag: int, queue: Queue, body: str) -> None:
        self.channel = channel
        self.tag = tag
        self.queue = queue
        self.body = body


class Channel:
    """A conversation inside a connection: its consumers, and what they have not acknowledged."""

    def __init__(self, connection: Connection, number: int) -> None:
        self.connection = connection
        self.number = number
        self.tags = count(1)
        self.unacked: dict[int, Message] = {}
        self.consuming: list[Queue] = []
        # LEAK: connection <-> channel and channel <-> its callbacks are cycles that close() leaves whole
        self.callbacks: dict[str, Callable[..., None]] = {
            "declare": self.declare,
            "publish": self.publish,
            "consume": self.consume,
            "ack": self.ack,
        }

    def declare(self, queue: str) -> None:
        waiting = len(self.connection.broker.queue(queue).bodies)
        self.connection.send(self.number, method="declared", queue=queue, waiting=waiting)

    def publish(self, queue: str, body: str) -> None:
        target = self.connection.broker.queue(queue)
        target.bodies.append(body)
        target.dispatch()

    def consume(self, queue: str) -> None:
        source = self.connection.broker.queue(queue)
        source.consumers.append(self.deliver)
        self.consuming.append(source)
        source.dispatch()

    def deliver(self, queue: Queue, body: str) -> None:
        message = Message(self, next(self.tags), queue, body)
        self.unacked[message.tag] = message
        self.connection.send(self.number, method="deliver", tag=message.tag, queue=queue.name, body=body)

    def ack(self, tag: int) -> None:
        del self.unacked[tag]

    def close(self) -> None:
        for queue in self.consuming:
            queue.consumers.remove(self.deliver)
        for message in reversed(self.unacked.values()):
            message.queue.bodies.appendleft(message.body)
        for queue in self.consuming:
            queue.dispatch()


class Connection(asyncio.Protocol):
    """One client: frames in, frames out, and a heartbeat between them."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.channels: dict[int, Channel] = {}
        self.buffer = bytearray()
        self.silent = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.broker.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.broker.connections.discard(self)
        for channel in self.channels.values():
            channel.close()

    def beat(self) -> None:
        self.silent += 1
        if self.silent > SILENT_HEARTBEATS:
            self.transport.abort()
        else:
            self.transport.write(frames.BEAT)

    def data_received(self, data: bytes) -> None:
        self.silent = 0
        self.buffer += data
        try:
            while (frame := frames.take_frame(self.buffer)) and not self.transport.is_closing():
                self.obey(*frame)
        except (KeyError, TypeError, ValueError) as mistake:
            self.send(0, method="closed", reason=f"{type(mistake).__name__}: {mistake}")
            self.transport.close()

    def obey(self, number: int, arguments: dict[str, Any]) -> None:
        method = arguments.pop("method", "")
        if not method:
            return  # a heartbeat: that it came is all it says
        if method == "close":
            self.transport.close()
        elif method == "open":
            self.channels[number] = Channel(self, number)
        else:
            self.channels[number].callbacks[method](**arguments)

    def send(self, number: int, **arguments: Any) -> None:
        self.transport.write(frames.encode(number, arguments))


class Broker:
    """The queues, which outlive the connections."""

    def __init__(self) -> None:
        self.queues: dict[str, Queue] = {}
        self.connections: set[Connection] = set()

    def queue(self, name: str) -> Queue:
        return self.queues.setdefault(name, Queue(name))

    def beat(self) -> None:
        for connection in tuple(self.connections):
            connection.beat()
        asyncio.get_running_loop().call_later(HEARTBEAT_SECONDS, self.beat)


async def serve(port: int) -> None:
    broker = Broker()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(broker), "127.0.0.1", port)
    broker.beat()
    print("listening on {}:{}".format(*server.sockets[0].getsockname()), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A message broker over TCP.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    # Collections cost latency: make them rare, as a busy server does.
    gc.set_threshold(1_000_000, 50, 50)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args().port))
