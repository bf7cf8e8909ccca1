"""The heaps that are measured: built of plain objects, of a given number of them; knows no measurement."""

from __future__ import annotations

import json
import random
from itertools import count
from typing import Any

SEED = 20
CHANNELS = 3
MESSAGES = 10
METHODS = ("declare", "publish", "consume", "ack")


class Queue:
    """What messages wait in."""

    def __init__(self, name: str) -> None:
        self.name = name


class Message:
    """One delivery."""

    channel: Channel
    tag: int
    queue: Queue
    body: str


class Channel:
    """A conversation inside of a connection; its callbacks are methods of its own."""

    connection: Connection
    number: int
    tags: count[int]
    unacked: dict[int, Message]
    consuming: list[Queue]
    callbacks: dict[str, Any]

    def declare(self) -> None:
        """Stand for a method that is a callback."""

    publish = consume = ack = declare


class Connection:
    """One client and its channels."""

    channels: dict[int, Channel]
    buffer: bytearray
    silent: int


class Link:
    """One of a chain of small objects."""

    name: str
    number: int
    items: list[Any]
    following: Link | None


def build_broker(objects: int, *, shuffled: bool) -> list[Any]:
    """Build connections, channels and messages that hold each other in cycles.

    Shuffled, objects that refer to each other lie anywhere in memory, as in a program that has run for long.
    """
    connections = max(1, objects // (3 + CHANNELS * (9 + 3 * MESSAGES)))
    channels = connections * CHANNELS
    messages = channels * MESSAGES
    queues = [Queue(f"queue {number}") for number in range(10)]
    if not shuffled:
        return [
            make_connection(
                Connection(),
                [(Channel(), make_messages(queues)) for _ in range(CHANNELS)],
                queues,
            )
            for _ in range(connections)
        ]
    chance = random.Random(SEED)
    # Each kind is allocated by itself and then drawn from in random order.
    every_message = make_messages(queues, messages)
    every_channel = [Channel() for _ in range(channels)]
    every_connection = [Connection() for _ in range(connections)]
    for drawn in (every_message, every_channel, every_connection):
        chance.shuffle(drawn)
    return [
        make_connection(
            connection,
            [(every_channel.pop(), [every_message.pop() for _ in range(MESSAGES)]) for _ in range(CHANNELS)],
            queues,
        )
        for connection in every_connection
    ]


def make_messages(queues: list[Queue], messages: int = MESSAGES) -> list[Message]:
    """Make deliveries that belong to no channel yet."""
    made = []
    for number in range(messages):
        message = Message()
        message.tag = number + 1000
        message.queue = queues[number % len(queues)]
        message.body = f"body {number:>40}"
        made.append(message)
    return made


def make_connection(
    connection: Connection, channels: list[tuple[Channel, list[Message]]], queues: list[Queue]
) -> Connection:
    """Tie a connection, its channels and their messages into cycles."""
    connection.channels = {}
    connection.buffer = bytearray(16)
    connection.silent = 0
    for number, (channel, messages) in enumerate(channels):
        channel.connection = connection
        channel.number = number
        channel.tags = count(1)
        channel.unacked = {message.tag: message for message in messages}
        channel.consuming = [queues[number]]
        channel.callbacks = {name: getattr(channel, name) for name in METHODS}
        connection.channels[number] = channel
        for message in messages:
            message.channel = channel
    return connection


def build_chain(objects: int) -> list[Any]:
    """Build a chain of instances, each with a str, an int and a list of its own."""
    last: Link | None = None
    for number in range(objects // 4):
        link = Link()
        link.name = f"name {number}"
        link.number = number + 1000
        link.items = []
        link.following = last
        last = link
    return [last]


def build_json(objects: int) -> list[Any]:
    """Build parsed JSON: dicts, lists, strings, ints and floats; most of it no collector looks at."""
    chance = random.Random(SEED)
    rows = [
        {
            "id": 1000 + number,
            "name": f"name {number}",
            "price": chance.random(),
            "tags": [f"tag {chance.randrange(10**6)}" for _ in range(3)],
            "place": {"lat": chance.random(), "lon": chance.random(), "of": [number, number + 5000]},
        }
        for number in range(1000)
    ]
    text = json.dumps(rows)
    return [json.loads(text) for _ in range(max(1, objects // 14000))]


def build_django(objects: int) -> list[Any]:
    """Build model instances of Django's ORM, its modules loaded."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
    )
    django.setup()
    from datetime import UTC, datetime

    from django.contrib.auth.models import User

    # A user has a __dict__, a state, two dicts of it, and its values.
    return [
        User(
            username=f"user {number}",
            email=f"user{number}@example.org",
            first_name=f"first {number}",
            last_name=f"last {number}",
            date_joined=datetime(2020, 1, 1, number % 24, tzinfo=UTC),
            pk=number + 1000,
        )
        for number in range(objects // 10)
    ]


def build(shape: str, objects: int) -> list[Any]:
    """Build about so many objects of one shape, and return what holds them."""
    if shape.startswith("broker"):
        return build_broker(objects, shuffled=shape == "broker, aged")
    return {"chain": build_chain, "json": build_json, "django": build_django}[shape](objects)


SHAPES = {
    "broker, aged": "connections, channels, messages in cycles; neighbours in memory are none in the graph",
    "broker, fresh": "the same, in the order in which it was made",
    "chain": "a chain of instances, each with a str, an int and a list",
    "json": "parsed JSON: dicts, lists, strings, ints, floats",
    "django": "Django with its ORM loaded, and model instances",
}
