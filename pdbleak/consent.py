"""Asking for a yes where a debugger reads its lines; knows neither what is asked nor what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak import idle
from pdbleak.terminal import LineReader

if TYPE_CHECKING:
    from collections.abc import Callable


def asker(debugger: Any) -> Callable[[str], bool] | None:
    """Return a function that puts a question and tells whether the answer is a yes; None where it cannot.

    Over a socket the next line is a command, whoever asks.
    """
    if hasattr(debugger, "talk") or not hasattr(debugger, "stdin"):
        return None
    return lambda question: _reply(debugger, question).strip().lower() in ("y", "yes")


def _reply(debugger: Any, question: str) -> str:
    if isinstance(debugger.stdin, LineReader):
        try:
            with idle.Limit(debugger.timeout):
                return str(debugger.stdin.ask(question))
        except idle.Idle:
            return ""
    # The client of 3.14's `pdb -p` is asked by this.
    if hasattr(debugger, "_get_input"):
        return str(debugger._prompt_for_confirmation(question, "n"))  # noqa: SLF001
    if debugger.use_rawinput:
        try:
            return input(question)
        except EOFError:
            return ""
    debugger.stdout.write(question)
    debugger.stdout.flush()
    return str(debugger.stdin.readline())
