"""Messages on a stream: JSON objects with their length before them; knows nothing of what they say.

No pickle, no code: what comes from the other side is text and numbers, within a limit.
"""

from __future__ import annotations

import json
from typing import Any

Message = dict[str, Any]

PROTOCOL = 1
HEAD = 4
# A line that somebody typed, or a word to complete.
TO_PROGRAM = 1 << 16
TO_CLIENT = 1 << 20
# A piece of a file or of an answer: as base64 and with its frame it stays below the limit.
PIECE = 1 << 18


class WireError(Exception):
    """What came is no message: too large, no JSON, or cut off."""


def frame(message: Message) -> bytes:
    """Return a message as it goes over the wire; any text, lone surrogates included, as ASCII."""
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    return len(body).to_bytes(HEAD, "big") + body


class Parser:
    """Collects bytes into messages of at most `limit` bytes each."""

    __slots__ = ("limit", "rest")

    def __init__(self, limit: int) -> None:
        """Start between two messages."""
        self.limit = limit
        self.rest = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages that are complete with `data`. Raises WireError."""
        self.rest += data
        found = []
        while len(self.rest) >= HEAD:
            length = int.from_bytes(self.rest[:HEAD], "big")
            if length > self.limit:
                raise WireError(f"a message of {length:,} bytes; at most {self.limit:,} are taken")
            if len(self.rest) < HEAD + length:
                break
            body = bytes(self.rest[HEAD : HEAD + length])
            del self.rest[: HEAD + length]
            found.append(parsed(body))
        return found


def parsed(body: bytes) -> Message:
    """Return the object that a body describes. Raises WireError."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError("a message that is no JSON") from error
    if type(message) is not dict:
        raise WireError("a message that is no JSON object")
    return message


def text(message: Message, key: str) -> str:
    """Return a text of a message, '' where there is none. Raises WireError for anything else."""
    value = message.get(key, "")
    if type(value) is not str:
        raise WireError(f"{key!r} is no text")
    return value


def number(message: Message, key: str, least: int, most: int) -> int:
    """Return a number of a message within limits, `least` where there is none. Raises WireError."""
    value = message.get(key, least)
    if type(value) is not int:
        raise WireError(f"{key!r} is no whole number")
    return min(max(value, least), most)
