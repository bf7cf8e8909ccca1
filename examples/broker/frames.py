"""The frames that the broker and its clients exchange: AMQP's envelope, JSON methods; knows neither end."""

from __future__ import annotations

import json
import struct
from typing import Any

METHOD, HEARTBEAT = 1, 8
HEADER = struct.Struct(">BHI")
END = b"\xce"
LONGEST = 1 << 20
BEAT = HEADER.pack(HEARTBEAT, 0, 0) + END


def encode(channel: int, arguments: dict[str, Any]) -> bytes:
    """Return a method frame: type, channel, length, JSON, end."""
    payload = json.dumps(arguments).encode()
    return HEADER.pack(METHOD, channel, len(payload)) + payload + END


def take_frame(buffer: bytearray) -> tuple[int, dict[str, Any]] | None:
    """Remove the buffer's first whole frame; return its channel and arguments (none for a heartbeat)."""
    if len(buffer) < HEADER.size:
        return None
    kind, channel, length = HEADER.unpack_from(buffer)
    if length > LONGEST:
        raise ValueError(f"a frame of {length} bytes")
    last = HEADER.size + length
    if len(buffer) <= last:
        return None
    payload, end = bytes(buffer[HEADER.size : last]), bytes(buffer[last : last + 1])
    if end != END:
        raise ValueError("a frame without its end")
    del buffer[: last + 1]
    return channel, (json.loads(payload) if kind == METHOD else {})
