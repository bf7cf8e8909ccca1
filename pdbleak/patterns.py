"""Regular expressions that leave nothing in the library's cache, the program's; knows no text."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re

# What `re.compile` itself calls when a pattern is not in its cache (CPython 3.11 to 3.14).
_compiler: Any = import_module("re._compiler")


def compile_apart(pattern: str) -> re.Pattern[str]:
    """Compile a pattern while the program may look on: `re.compile` would keep it, and drop one of its own.

    For patterns that are made when a command runs; those of a module are there before the first capture.
    """
    compiled: re.Pattern[str] = _compiler.compile(pattern, 0)
    return compiled
