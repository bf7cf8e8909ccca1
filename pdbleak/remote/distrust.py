"""What a client takes from a process that may be hostile: text and file names; knows no connection."""

from __future__ import annotations

import re

# All control characters but tab, newline, carriage return and the sequences that colour text.
CONTROL = re.compile(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Return a text that does nothing to a terminal but write and colour; the rest as escapes."""
    return CONTROL.sub(lambda found: found[0] if len(found[0]) > 1 else escape(found[0]), text)


def one_line(text: str) -> str:
    """Return a text as one harmless line without colours."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda found: escape(found[0]), harmless(text.strip()))


def escape(character: str) -> str:
    """Return a character as Python writes it."""
    return character.encode("unicode_escape").decode("ascii")


def was_typed(name: str, line: str) -> bool:
    """Tell whether a file's name stands in a line as a word, perhaps with another ending.

    A picture has another one where the wanted kind could not be drawn.
    """
    words = [name] if "." not in name.rpartition("/")[2] else [name, f"{name.rpartition('.')[0]}."]
    return any(
        re.search(rf"(?:^|[\s=]){re.escape(word)}{'' if word == name else '[a-z]+'}(?:\s|$)", line)
        for word in words
        if word.strip(". ")
    )
