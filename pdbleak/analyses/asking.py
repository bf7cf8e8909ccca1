"""Asking a tool that runs code of its own and of the program; knows neither tool, and prints nothing."""

from __future__ import annotations

import ast
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from threading import get_ident
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.opinion import UnansweredError
from pdbleak.analyses.resident import resident_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pdbleak.heap import Heap


@dataclass(slots=True)
class Asked:
    """What a tool answered: its text, or in `failure` what went wrong; seconds and bytes that asking took."""

    text: str = ""
    failure: str = ""
    error: str = ""
    seconds: float = 0.0
    grown: int = 0

    @property
    def cost(self) -> str:
        """What asking took: time, and memory that the process has not given back."""
        grown = f", +{self.grown / 2**20:.1f} MiB" if self.grown >= 2**17 else ""
        return f"{self.seconds * 1000:,.0f} ms{grown}"


def ask(question: Callable[[StringIO], str]) -> Asked:
    """Put a question; what it prints comes before its answer, what it raises becomes one line.

    Nothing that the question held is held by the result: no traceback is kept.
    """
    asked = Asked()
    before, started = resident_bytes(), time.perf_counter()
    with aside() as printed:
        try:
            answer = question(printed)
            asked.text = printed.getvalue() + answer
        except UnansweredError as error:
            asked.failure = str(error)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the tool runs the program's code
            asked.error = type(error).__name__
            asked.failure = f"{asked.error}: {_message(error)}"
    asked.seconds = time.perf_counter() - started
    asked.grown = resident_bytes() - before
    return asked


@contextmanager
def aside() -> Iterator[StringIO]:
    """Take what this thread prints; the program's other threads print where they did."""
    printed = StringIO()
    ours: dict[str, Any] = {}
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is not None:
            ours[name] = Aside(getattr(sys, name), printed)
            setattr(sys, name, ours[name])
    try:
        yield printed
    finally:
        for name, stream in ours.items():
            if getattr(sys, name) is stream:
                setattr(sys, name, stream.inner)


class Aside:
    """A stream that takes one thread's text and lets everything else through."""

    def __init__(self, inner: Any, printed: StringIO) -> None:
        """Take the text of the thread that makes it."""
        self.inner = inner
        self._printed = printed
        self._thread = get_ident()

    def _stream(self) -> Any:
        return self._printed if get_ident() == self._thread else self.inner

    def write(self, text: str) -> Any:
        """Write a text to where the thread's texts go."""
        return self._stream().write(text)

    def flush(self) -> None:
        """Flush what was written."""
        self._stream().flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def names_in(expression: str) -> set[str]:
    """Return the names that an expression reads; UnansweredError if it is none."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError as error:
        raise UnansweredError(f"{expression!r} is no expression ({error.msg})") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnansweredError(f"that is no expression ({_message(error)})") from None
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def value_of(expression: str, space: Mapping[str, Any]) -> Any:
    """Return an expression's value, with one dict for all its names so that comprehensions see them."""
    return eval(compile(expression.strip(), "<leak>", "eval"), dict(space))  # noqa: S307 - the user typed it


def live_classes(heap: Heap, types: Iterable[str]) -> list[type]:
    """Return the live classes that have one of the names. O(types)."""
    wanted = frozenset(types)
    addresses = [
        address for name, address in zip(heap.types, heap.type_addresses, strict=True) if name in wanted
    ]
    nodes = [node for node in map(heap.node_at, addresses) if node is not None]
    return [item for item in heap.resolve(nodes).values() if issubclass(type(item), type)]


def _message(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())[:200]
    except Exception:  # noqa: BLE001 - an exception's text may be the program's code too
        return "(no text)"
