"""Several answers as one page that needs no network; knows no heap."""

from __future__ import annotations

import base64
import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pdbleak.command import CommandError
from pdbleak.render.amounts import count, duration, more, more_bytes, plural, size
from pdbleak.render.clean import clean
from pdbleak.render.graphs import diagram
from pdbleak.render.icicle import icicle_lines
from pdbleak.render.page import Page
from pdbleak.render.picture import draw
from pdbleak.render.text import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdbleak.analyses.history import Course, History
    from pdbleak.analyses.memory import Memory
    from pdbleak.analyses.paths import Path as HeapPath
    from pdbleak.analyses.paths import Paths
    from pdbleak.analyses.report import Report
    from pdbleak.analyses.tree import ReferenceTree

WIDE = Page(110)
CHART = 240, 36  # pixels of a sparkline


def report_lines(value: Report) -> Iterator[str]:
    """Yield the lines of an HTML document. O(rows), and a picture drawn in a child for every tree."""
    template = Path(__file__).with_name("report.html").read_text(encoding="utf-8")
    parts = {
        "TITLE": _text(f"The heap of {value.program}" if value.program else "A heap"),
        "ABOUT": _text(_about(value)),
        "FINDINGS": _pre(value.triage),
        "MEMORY": _memory(value.memory) if value.memory else "",
        "HISTORY": _history(value.history) if value.history and value.history.totals else "",
        "TYPES": "\n".join(_type_rows(value)),
        "OMITTED": _omitted(value),
        "ICICLE": html.escape("\n".join(icicle_lines(value.top)), quote=True),
        "PATHS": "\n".join(_paths(each) for each in value.paths),
        "TREES": "\n".join(_tree(each) for each in value.trees),
    }
    # In one pass: a part may hold what looks like the place of another.
    pieces = template.split("@@")
    filled = (parts[piece] if place % 2 else piece for place, piece in enumerate(pieces))
    yield from "".join(filled).splitlines()


def _about(value: Report) -> str:
    seen = value.captured
    unseen = f"; {plural(seen.unseen, 'frozen object')} not met" if seen.unseen else ""
    garbage = f"; {plural(seen.garbage, 'object')} are garbage" if seen.garbage else ""
    return (
        f"{plural(seen.objects, 'object')}, {plural(seen.references, 'reference')}, {size(seen.size)}; "
        f"the capture took {duration(seen.pause)}{garbage}{unseen}"
    )


def _omitted(value: Report) -> str:
    return _text(f"{plural(value.types.omitted, 'smaller type')} left out") if value.types.omitted else ""


def _text(text: str) -> str:
    return html.escape(clean(text))


def _pre(value: Any) -> str:
    return f"<pre>{html.escape(chr(10).join(text_lines(value, WIDE)))}</pre>"


def _memory(memory: Memory) -> str:
    """Return where the resident memory is, as bars."""
    rows = []
    for place in memory.places:
        if place.size is None:
            continue
        share = 100 * max(0, place.size) / max(1, memory.rss)
        change = more_bytes(place.change) if place.change else ""
        rows.append(
            f'<tr><th scope="row">{_text(place.name)}</th><td class="n">{size(place.size)}</td>'
            f'<td class="n">{change}</td>'
            f'<td class="bar"><i style="width:{min(100.0, share):.1f}%"></i></td></tr>'
        )
    verdict = next(text_lines(memory, WIDE))
    return f"<h2>Memory</h2><p>{_text(verdict)}</p><table>{''.join(rows)}</table>"


def _history(history: History) -> str:
    """Return the series of the marks, as sparklines."""
    head = f"{plural(len(history.times), 'mark')} over {duration(history.times[-1])} of the program's time"
    rows = [_course(course, history.times) for course in (*history.totals, *history.places)]
    return f"<h2>History</h2><p>{_text(head)}</p><table>{''.join(rows)}</table>"


def _course(course: Course, times: Sequence[float]) -> str:
    shown = size if course.unit == "bytes" else count
    rate = round(course.per_minute)
    slope = f"{more_bytes(rate) if course.unit == 'bytes' else more(rate)} per minute"
    return (
        f'<tr><th scope="row">{_text(course.name)}</th><td>{_chart(course.values, times)}</td>'
        f'<td class="n">{shown(course.values[-1])}</td><td class="n">{slope}</td>'
        f"<td>{_text(course.verdict)}</td></tr>"
    )


def _chart(values: Sequence[int], times: Sequence[float]) -> str:
    width, height = CHART
    low, high, last = min(values), max(values), times[-1] or 1.0
    across, up = (width - 4) / last, (height - 6) / ((high - low) or 1)
    points = " ".join(
        f"{2 + across * at:.1f},{height - 3 - up * (each - low):.1f}"
        for at, each in zip(times, values, strict=False)
    )
    return f'<svg width="{width}" height="{height}" role="img"><polyline points="{points}"/></svg>'


def _type_rows(value: Report) -> Iterator[str]:
    for row in value.types.rows:
        share = 100 * row.size / max(1, value.types.size)
        yield (
            f'<tr><td>{_text(row.type)}</td><td class="n" data-n="{row.count}">{count(row.count)}</td>'
            f'<td class="n" data-n="{row.size}">{size(row.size)}</td>'
            f'<td class="n" data-n="{share:.3f}">{share:.1f} %</td>'
            f'<td class="n" data-n="{row.retained}">{size(row.retained)}</td></tr>'
        )


def _paths(paths: Paths) -> str:
    """Return the paths of a type; each unfolds to its steps."""
    omitted = f"; {plural(paths.omitted, 'more path')}" if paths.omitted else ""
    head = f"{plural(paths.objects, 'object')}, {size(paths.size)}, retaining {size(paths.retained)}{omitted}"
    rows = "".join(_path(path) for path in paths.rows)
    about = f"<summary><b>{_text(paths.subject)}</b> {_text(head)}</summary>"
    return f'<details class="type" open>{about}{rows}</details>'


def _path(path: HeapPath) -> str:
    retained = "" if path.retained is None else f", retaining {size(path.retained)}"
    steps = "".join(
        f"<li><code>{_text(step.reference)}</code> {_text(step.type)}"
        f"{f' <small>{count(step.objects)} of them</small>' if step.objects > 1 else ''}</li>"
        for step in path.steps
    )
    told = {"oldest": path.oldest, "newest": path.newest}
    ends = "".join(f"<p>{name}: {_text(form)}</p>" for name, form in told.items() if form)
    also = "".join(f"<p>also held by {_text(each.path)} ({count(each.count)})</p>" for each in path.also)
    return (
        f"<details><summary>{count(path.count)} &times; <code>{_text(path.path)}</code> "
        f"<small>{size(path.size)}{retained}</small></summary><p>{_text(path.root)}</p><ol>{steps}</ol>{ends}{also}"
        "</details>"
    )


def _tree(tree: ReferenceTree) -> str:
    """Return what refers to one object: as text, and as a picture where one can be drawn."""
    picture = ""
    try:
        drawn = draw(diagram(tree), "svg")
        data = base64.b64encode(drawn.content).decode("ascii")
        picture = f'<div class="picture"><img alt="" src="data:image/svg+xml;base64,{data}"></div>'
    except CommandError:
        pass  # the text says the same
    return f"<details><summary>one <b>{_text(tree.subject)}</b></summary>{picture}{_pre(tree)}</details>"
