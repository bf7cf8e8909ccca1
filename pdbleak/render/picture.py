"""Pictures, drawn in a child so that no library is loaded into the program; knows no result and no file.

In order: pygraphviz, whose wheel ships Graphviz; `dot` on the PATH; a plain Python layout, which
makes SVG only.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.child import command_line
from pdbleak.command import CommandError
from pdbleak.render.dot import dot_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pdbleak.render.diagram import Diagram

SECONDS = 20.0
INSTEAD = "PNG needs Graphviz: pip install 'pdbleak[pictures]'"
SIGNS = {"svg": b"<svg", "png": b"\x89PNG"}
SIGN_WITHIN = 2000  # bytes; an SVG begins with its declarations
ADVICE = "type -o with a .dot or .txt file"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture: its bytes, the form they have, and a remark where that is not the form asked for."""

    content: bytes
    form: str
    note: str = ""


def draw(diagram: Diagram, form: str) -> Picture:
    """Return a picture by the first drawer that works; `CommandError` says why there is none.

    Takes at most `SECONDS` for each drawer; a slower one is ended.
    """
    failures: list[str] = []
    for name, drawer in DRAWERS.items():
        try:
            picture = drawer(diagram, form)
        except subprocess.TimeoutExpired:
            failures.append(f"{name} took over {SECONDS:.0f} s")
            continue
        except (OSError, ValueError) as error:
            failures.append(f"{name}: {getattr(error, 'strerror', None) or error}")
            continue
        if picture.form != form:
            slow = [failure for failure in failures if "took over" in failure]
            return dataclasses.replace(picture, note="; ".join(["SVG instead", *(slow or [INSTEAD])]))
        return picture
    raise CommandError(f"no picture: {'; '.join(dict.fromkeys(failures))}; {ADVICE}")


def _by_pygraphviz(diagram: Diagram, form: str) -> Picture:
    return Picture(_python("pdbleak.render.graphviz", _dot(diagram), form), form)


def _by_dot(diagram: Diagram, form: str) -> Picture:
    program = shutil.which("dot")
    if program is None:
        raise OSError(0, "not on the PATH")
    return Picture(_run([program, f"-T{form}"], _dot(diagram), form), form)


def _by_layout(diagram: Diagram, _form: str) -> Picture:
    text = json.dumps(dataclasses.asdict(diagram)).encode()
    return Picture(_python("pdbleak.render.layout", text, "svg"), "svg")


DRAWERS: dict[str, Callable[[Diagram, str], Picture]] = {
    "pygraphviz": _by_pygraphviz,
    "dot": _by_dot,
    "grandalf": _by_layout,
}


def _dot(diagram: Diagram) -> bytes:
    return "\n".join(dot_lines(diagram)).encode()


def _python(module: str, text: bytes, form: str) -> bytes:
    return _run(command_line(module, form), text, form)


def _run(arguments: Sequence[str], text: bytes, form: str) -> bytes:
    # a session of its own: Ctrl+C on the terminal ends the command, and the command ends its child
    child = subprocess.run(  # noqa: S603  a program found by us, never a text of the program's
        arguments, input=text, capture_output=True, timeout=SECONDS, start_new_session=True, check=False
    )
    # what came back decides, not the status: a program that reaps all children takes the status away
    if SIGNS[form] in child.stdout[:SIGN_WITHIN]:
        return child.stdout
    said = child.stderr.decode(errors="replace").strip().splitlines()
    raise ValueError(said[-1] if said else "drew nothing")
