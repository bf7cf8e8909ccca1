"""What instances of library classes keep of their own state under attributes; reads only what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pdbleak.names.attributes import attributes

if TYPE_CHECKING:
    from collections.abc import Callable

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Stored:
    """One line of the table: where the value of an attribute means this, an instance is in this state."""

    attribute: str
    means: Callable[[Any], bool]
    verdict: Literal["alive", "finished"]
    reason: str


def stored(item: object, name: str) -> Any:
    """Return what an object stores under an attribute's name, a mark of our own for nothing."""
    return next((value for own, value in attributes(item) if own == name), _MISSING)


def is_stored_true(value: object) -> bool:
    """Tell whether a value is exactly True."""
    return value is True


def _is_none(value: object) -> bool:
    return value is None


def _is_number(value: object) -> bool:
    return type(value) is int


def _among(*words: str) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and value in words


def _finished(attribute: str, means: Callable[[Any], bool], reason: str) -> Stored:
    return Stored(attribute, means, "finished", reason)


def _alive(attribute: str, means: Callable[[Any], bool], reason: str) -> Stored:
    return Stored(attribute, means, "alive", reason)


# By the class that first defines the attribute; the first line that fits answers.
STATES: dict[str, tuple[Stored, ...]] = {
    "asyncio.base_events.BaseEventLoop": (
        _finished("_closed", is_stored_true, "an event loop that is closed"),
        _alive("_thread_id", _is_number, "an event loop that is running"),
    ),
    "asyncio.base_events.Server": (_finished("_sockets", _is_none, "a server that is closed"),),
    "asyncio.base_subprocess.BaseSubprocessTransport": (
        _finished("_returncode", _is_number, "a process that has exited"),
    ),
    "asyncio.events.Handle": (_finished("_cancelled", is_stored_true, "a call that was cancelled"),),
    "asyncio.futures.Future": (
        _finished("_state", _among("FINISHED", "CANCELLED"), "a future that is done"),
    ),
    "asyncio.selector_events._SelectorTransport": (
        _finished("_sock", _is_none, "a transport whose socket is closed"),
    ),
    "asyncio.sslproto._SSLProtocolTransport": (
        _finished("_closed", is_stored_true, "a TLS transport that is closed"),
    ),
    "concurrent.futures._base.Future": (
        _finished(
            "_state", _among("FINISHED", "CANCELLED", "CANCELLED_AND_NOTIFIED"), "a future that is done"
        ),
        _alive("_state", _among("RUNNING"), "a future that is being computed"),
    ),
    "concurrent.futures.process.ProcessPoolExecutor": (
        _finished("_shutdown_thread", is_stored_true, "an executor that is shut down"),
    ),
    "concurrent.futures.thread.ThreadPoolExecutor": (
        _finished("_shutdown", is_stored_true, "an executor that is shut down"),
    ),
    "subprocess.Popen": (_finished("returncode", _is_number, "a process that has exited"),),
    "multiprocessing.connection._ConnectionBase": (
        _finished("_handle", _is_none, "a connection that is closed"),
    ),
    "multiprocessing.pool.Pool": (
        _finished("_state", _among("CLOSE", "TERMINATE"), "a pool that is closed"),
    ),
    "multiprocessing.popen_fork.Popen": (_finished("returncode", _is_number, "a process that has exited"),),
    "multiprocessing.process.BaseProcess": (
        _finished("_closed", is_stored_true, "a process that is closed"),
    ),
    "selectors._BaseSelectorImpl": (_finished("_map", _is_none, "a selector that is closed"),),
    "bz2.BZ2File": (_finished("_fp", _is_none, "a file that is closed"),),
    "gzip.GzipFile": (_finished("fileobj", _is_none, "a file that is closed"),),
    "lzma.LZMAFile": (_finished("_fp", _is_none, "a file that is closed"),),
    "tarfile.TarFile": (_finished("closed", is_stored_true, "an archive that is closed"),),
    "zipfile.ZipFile": (_finished("fp", _is_none, "an archive that is closed"),),
    "http.client.HTTPResponse": (_finished("fp", _is_none, "a response that was read or closed"),),
    "aiohttp.client.ClientSession": (_finished("_connector", _is_none, "a session that is closed"),),
    "aiohttp.connector.BaseConnector": (_finished("_closed", is_stored_true, "a connector that is closed"),),
}
# What speaks for an instance: it has finished when the object under this attribute has.
WRAPPED: dict[str, str] = {
    "asyncio.streams.StreamWriter": "_transport",
    "contextlib._GeneratorContextManagerBase": "gen",
    "multiprocessing.process.BaseProcess": "_popen",
    "tempfile.SpooledTemporaryFile": "_file",
    "tempfile._TemporaryFileWrapper": "file",
}
