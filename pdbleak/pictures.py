"""Where a picture goes that no `-o` names; knows nothing of what is drawn."""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from pdbleak.command import CommandError
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.analyses.tree import ReferenceTree

MOST_PICTURES = 1000
NO_WORD = compile_apart(r"[^\w-]+")


def draw_beside(
    tree: ReferenceTree, write: Callable[[ReferenceTree, str], str], path: str = ""
) -> ReferenceTree:
    """Draw a tree into `path`, or into a new file of this user's alone; return it with the file's name.

    Where that cannot be done, the reason stands in place of the name: the tree itself is an answer.
    """
    if not tree.objects:
        return tree
    try:
        path = path or free_path(directory(), stem(tree))
        return replace(tree, picture=write(tree, path))
    except (CommandError, OSError) as error:
        return replace(tree, picture=f"none ({' '.join(str(error).split())})")


def stem(tree: ReferenceTree) -> str:
    """Return how a tree's picture is called, without its ending."""
    return NO_WORD.sub("_", f"{tree.direction}-{tree.subject.rpartition('.')[2]}")[:60]


def directory() -> str:
    """Return the directory for pictures, made if need be: `pdbleak-UID` among the temporary files."""
    path = os.path.join(tempfile.gettempdir(), f"pdbleak-{os.getuid()}")  # noqa: PTH118 - no pathlib in the program
    try:
        os.mkdir(path, 0o700)  # noqa: PTH102
    except FileExistsError:
        found = os.lstat(path)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            # Somebody else's, or open to others: not a place to write to.
            return tempfile.mkdtemp(prefix="pdbleak-")
    return path


def free_path(directory: str, stem: str) -> str:
    """Return a path for an SVG that does not exist yet."""
    for number in count(1):
        path = os.path.join(directory, f"{stem}-{os.getpid()}-{number}.svg")  # noqa: PTH118
        if number >= MOST_PICTURES or not os.path.lexists(path):
            break
    return path
