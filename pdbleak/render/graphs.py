"""Results that are graphs, as boxes and arrows; knows no drawing program and no file."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.chain import Chain, Step
from pdbleak.analyses.cycles import Cycles, CycleShape
from pdbleak.analyses.tree import Branch, ReferenceTree
from pdbleak.analyses.why import JudgedStep, Why
from pdbleak.command import CommandError
from pdbleak.render.amounts import count, plural, size
from pdbleak.render.diagram import Box, Diagram, box, join

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.render.palette import Mood

ROOT = "root: "
QUESTIONS = {"backrefs": "what refers to", "refs": "what is referred to by"}


def diagram(value: Any) -> Diagram:
    """Return the boxes and arrows of a result; `CommandError` for one that is no graph, or an empty one."""
    if type(value) not in DIAGRAMS:
        raise CommandError(
            "this answer is no graph to draw; type -o with a .json or .txt file, or draw leak backrefs, "
            "refs, chain or cycles"
        )
    return DIAGRAMS[type(value)](value)


def _tree(value: ReferenceTree) -> Diagram:
    if not value.objects:
        raise CommandError(f"nothing to draw: no live objects of type '{value.subject}'; type leak types 20")
    shown: dict[int, Branch] = {}
    omitted: dict[int, int] = {}
    references: list[tuple[str, str, str]] = []
    backwards = value.direction == "backrefs"
    queue = deque([value.top])
    while queue:  # nearest first, so that a limit leaves out the farthest
        branch = queue.popleft()
        known = shown.get(branch.node)
        if known is None or (branch.note.startswith(ROOT) and not known.note) or branch.count > known.count:
            shown[branch.node] = branch
        omitted[branch.node] = max(branch.omitted, omitted.get(branch.node, 0))
        for child in branch.children:
            pair = (child, branch) if backwards else (branch, child)
            references.append((f"n{pair[0].node}", f"n{pair[1].node}", child.reference))
            queue.append(child)
    boxes: list[Box] = []
    for node, branch in shown.items():
        boxes.append(_object(branch, top=node == value.top.node))
        if omitted[node]:
            boxes.append(box(f"m{node}", f"… {count(omitted[node])} more", mood="stub"))
            ends = (f"m{node}", f"n{node}")
            references.append((*(ends if backwards else ends[::-1]), ""))
    title = f"{QUESTIONS[value.direction]} {value.top.type} {value.top.form}, to depth {value.depth}"
    return join(title, boxes, references)


def _object(branch: Branch, *, top: bool) -> Box:
    mood: Mood = "subject" if top else "root" if branch.note.startswith(ROOT) else "plain"
    note = "" if branch.note == "seen above" else branch.note
    lines = [branch.form, size(branch.size) if top else "", note]
    return box(f"n{branch.node}", branch.type, lines, mood=mood, number=branch.count)


def _chain(value: Chain | Why) -> Diagram:
    if not value.steps:
        raise CommandError(
            f"nothing to draw: {value.note or 'no path from a root'}; type {value.next or 'leak gc'}"
        )
    steps: tuple[Step | JudgedStep, ...] = value.steps
    keys = ["root", *(f"n{step.node}" for step in steps)]
    last = len(steps) - 1
    boxes = [box("root", value.root or "root", mood="root")]
    boxes += [
        box(
            f"n{step.node}",
            step.type,
            (step.form, step.reason if isinstance(step, JudgedStep) else ""),
            mood="subject" if index == last else "plain",
        )
        for index, step in enumerate(steps)
    ]
    references = [
        (source, target, _label(step)) for source, target, step in zip(keys, keys[1:], steps, strict=False)
    ]
    return join(f"what keeps {value.steps[-1].type} {value.steps[-1].form} alive", boxes, references)


def _label(step: Step | JudgedStep) -> str:
    return f"{step.reference} ?" if isinstance(step, JudgedStep) and step.suspect else step.reference


def _cycles(value: Cycles) -> Diagram:
    if not value.rows:
        raise CommandError("nothing to draw: no cycles; type leak cycles without a type")
    boxes: list[Box] = []
    references: list[tuple[str, str, str]] = []
    for number, shape in enumerate(value.rows, 1):
        group = _caption(number, shape)
        keys = [f"c{number}n{step.node}" for step in shape.example]
        for key, step in zip(keys, shape.example, strict=True):
            has = "has __del__" if step.type in shape.finalizers else ""
            boxes.append(_step(step, key, mood="subject" if has else "plain", group=group, remark=has))
        references += [
            (keys[index - 1], keys[index], step.reference) for index, step in enumerate(shape.example)
        ]
    more = f", {count(value.omitted)} more shapes not drawn" if value.omitted else ""
    return join(f"{plural(value.cycles, 'cycle')}{more}", boxes, references)


def _caption(number: int, shape: CycleShape) -> str:
    return (
        f"{number}. {plural(shape.count, 'cycle')}, {count(shape.garbage)} garbage, "
        f"{count(shape.count - shape.garbage)} held, {size(shape.size)}"
    )


def _step(step: Step, key: str, *, mood: Mood = "plain", group: str = "", remark: str = "") -> Box:
    return box(key, step.type, (step.form, remark), mood=mood, group=group)


DIAGRAMS: dict[type, Callable[[Any], Diagram]] = {
    ReferenceTree: _tree,
    Chain: _chain,
    Why: _chain,
    Cycles: _cycles,
}
