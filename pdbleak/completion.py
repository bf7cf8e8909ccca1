"""What Tab offers in a `leak` line; knows declarations and names, and runs nothing of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pdbleak.command import Command

COMMON = ("--json", "--repr", "-o")


def complete(
    text: str, before: str, commands: Sequence[Command[Any]], names: Callable[[], Iterable[str]]
) -> list[str]:
    """Return what the word `text` may become; `before` is the line up to it, `leak` included.

    `names` gives type names and variables, and is asked only where a subject may stand.
    """
    words = before.replace("=", " ").split()[1:]
    if not words or words == ["help"]:
        return starting(text, (command.name for command in commands))
    command = next((each for each in commands if each.name == words[0]), None)
    if command is None:
        return []
    chosen = next((a for a in command.arguments if a.kind == "choice" and words[-1] == f"--{a.name}"), None)
    if chosen is not None:
        return starting(text, chosen.choices)
    options = [f"--{a.name}" for a in command.arguments if a.kind in ("choice", "flag")]
    if text.startswith("-"):
        return starting(text, (option for option in (*options, *COMMON) if option not in words))
    if any(a.kind == "subject" for a in command.arguments):
        return starting(text, with_short_forms(text, names()))
    return starting(text, options) if not text else []


def starting(text: str, words: Iterable[str]) -> list[str]:
    """Return the words that start so, sorted, each once."""
    return sorted({word for word in words if word.startswith(text)})


def with_short_forms(text: str, names: Iterable[str]) -> Iterable[str]:
    """Yield the names, and where no dot is typed their last parts: `Channel` for `amqp.Channel`."""
    for name in names:
        yield name
        if "." not in text:
            yield name.rpartition(".")[2]
