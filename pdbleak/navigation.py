"""Which prompt lines leave the program as it is, so that a captured heap stays true; knows no session."""

from __future__ import annotations

MOVES = frozenset(
    {
        *("w", "where", "bt", "u", "up", "d", "down", "t", "top", "bo", "bottom", "f", "frame"),
        *("l", "list", "ll", "longlist", "a", "args", "source", "h", "help", "?"),
        *("b", "break", "tbreak", "condition", "ignore", "disable", "enable", "cl", "clear"),
        *("alias", "unalias", "undisplay", "sticky", "hf_list", "hf_hide", "hf_unhide", "leak"),
    }
)
# Commands of a debugger that run code and look like a plain name.
RUNNERS = frozenset({"interact", "debug", "commands", "display", "ed", "edit", "paste", "run", "restart"})
PRINTS = ("p", "pp", "whatis", "!")


def keeps_heap(line: str) -> bool:
    """Tell whether a line is navigation, `leak`, or a plain name; all else may have changed the heap."""
    line = line.strip()
    if not line or line.isidentifier():
        return line not in RUNNERS
    word, _, rest = line.partition(" ")
    if line[0] == "!":
        return line[1:].strip().isidentifier()
    if word in PRINTS:
        return rest.strip().isidentifier()
    return word in MOVES and not rest.lstrip().startswith("=")
