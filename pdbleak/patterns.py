"""Regular expressions that leave nothing in the library's cache, the program's; knows no text."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, AnyStr

if TYPE_CHECKING:
    import re

# What `re.compile` itself calls when a pattern is not in its cache (CPython 3.11 to 3.14).
_compiler: Any = import_module("re._compiler")


def compile_apart(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Compile a pattern of ours; `re.compile` would keep it beside the program's, and drop one of those."""
    compiled: re.Pattern[AnyStr] = _compiler.compile(pattern, flags)
    return compiled
