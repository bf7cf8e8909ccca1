"""What another tool says of the same heap, guppy3's heapy or objgraph; imports them only when asked."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from importlib import import_module
from typing import Any

PACKAGES = {"guppy": "guppy3", "objgraph": "objgraph"}


class UnansweredError(Exception):
    """The other tool gave no answer: it is missing, raised, or would crash the program; in one line."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """Another tool's own answer as text, with what asking it did to the program, and its picture's file."""

    tool: str
    call: str
    warning: str
    text: str
    picture: str
    next: str


def load(module: str) -> Any:
    """Return another tool's module; UnansweredError says how to install it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise UnansweredError(f"{module}: {error}; in a shell: pip install {PACKAGES[module]}") from error


class Late:
    """A tool as a name at the prompt: it is imported when one of its attributes is read."""

    __slots__ = ("_module", "_tool")

    def __init__(self, module: str) -> None:
        """Remember what to import, and import nothing."""
        self._module = module
        self._tool: Any = None

    def _loaded(self) -> Any:
        if self._tool is None:
            module = load(self._module)
            self._tool = module.hpy() if self._module == "guppy" else module
        return self._tool

    def __getattr__(self, name: str) -> Any:
        """Read an attribute of the tool, unless what it leads to would crash the program."""
        if name.startswith("__"):
            raise AttributeError(name)
        from pdbleak.analyses.dead import refuse_dead, touches_referents  # noqa: PLC0415 - loads the core

        if touches_referents(self._module, name):
            refuse_dead()
        return getattr(self._loaded(), name)

    def __dir__(self) -> list[str]:
        return [name for name in dir(self._loaded()) if not name.startswith("_")]

    def __repr__(self) -> str:
        return f"<{PACKAGES[self._module]}, loaded when used>" if self._tool is None else repr(self._tool)

    def _forget(self) -> bool:
        had, self._tool = self._tool is not None, None
        return had


HEAPY = Late("guppy")
OBJGRAPH = Late("objgraph")


def prompt_names() -> dict[str, object]:
    """Return the other tools by the names that they have at the prompt."""
    return {"hp": HEAPY, "objgraph": OBJGRAPH}


def forget_prompt_names() -> None:
    """Let go of what heapy's sets hold of the program; they are in cycles, so it takes a collection."""
    OBJGRAPH._forget()  # noqa: SLF001 - a public name would hide one of the tool's
    if HEAPY._forget():  # noqa: SLF001
        gc.collect()
