"""The rows of a result as a table of plain cells, generic over its dataclasses; knows no form."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.census import Census, TypeCount
from pdbleak.analyses.chain import Chain, Step
from pdbleak.analyses.cut import Cut, CutReference
from pdbleak.analyses.cycles import Cycles, CycleShape
from pdbleak.analyses.deferred import Deferral, Deferrals
from pdbleak.analyses.growth import Grown, Growth
from pdbleak.analyses.listing import Listed, Listing
from pdbleak.analyses.manual import Entry, Manual
from pdbleak.analyses.otherholders import OtherHolder
from pdbleak.analyses.pathnames import PathStep
from pdbleak.analyses.paths import Path, Paths
from pdbleak.analyses.query import QueryResult
from pdbleak.analyses.retained_census import RetainedCensus, RetainedCount
from pdbleak.analyses.severed import Died, Severed
from pdbleak.analyses.tasks import WaitCensus, Waiters
from pdbleak.analyses.top import Retainer, Top
from pdbleak.analyses.via import Via, ViaRow
from pdbleak.analyses.why import JudgedStep, Why
from pdbleak.analyses.zombies import ZombieCensus, Zombies
from pdbleak.command import CommandError
from pdbleak.render.graphs import DIAGRAMS

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell = str | int | float | None


ROWS: dict[type, type] = {
    Census: TypeCount,
    Chain: Step,
    Cut: CutReference,
    Cycles: CycleShape,
    Deferrals: Deferral,
    Growth: Grown,
    Listing: Listed,
    Manual: Entry,
    RetainedCensus: RetainedCount,
    Top: Retainer,
    WaitCensus: Waiters,
    ZombieCensus: Zombies,
    Paths: Path,
    Severed: Died,
    Via: ViaRow,
    Why: JudgedStep,
}


def columns_of(value: Any, suffix: str) -> list[str]:
    """Return the names of a result's columns; `CommandError` where it has no rows."""
    if type(value) is QueryResult:
        return list(value.columns)
    if type(value) not in ROWS:
        forms = ".json, .txt, .dot, .svg or .png" if type(value) in DIAGRAMS else ".json or .txt"
        raise CommandError(f"this answer has no rows for {suffix}; type -o with a file that ends in {forms}")
    return [field.name for field in dataclasses.fields(ROWS[type(value)])]


def rows_of(value: Any) -> Iterator[list[Cell]]:
    """Yield a result's rows, each a list of cells in the order of its columns."""
    if type(value) is QueryResult:
        yield from map(list, value.rows)
        return
    for row in value.steps if isinstance(value, Chain | Why) else value.rows:
        yield [_cell(field.name, getattr(row, field.name)) for field in dataclasses.fields(row)]


def _cell(name: str, item: Any) -> Cell:
    if isinstance(item, tuple):
        return ", ".join(_nested(each) for each in item)
    return f"{item:#x}" if name.endswith("address") else item


def _nested(item: Any) -> str:
    if isinstance(item, TypeCount):
        return f"{item.type} x{item.count}"
    if isinstance(item, Retainer):
        return f"{item.reference} {item.type} x{item.count} {item.retained}"
    if isinstance(item, Step):
        return f"{item.reference} {item.type}"
    if isinstance(item, PathStep):
        return f"{item.reference} {item.type}"
    if isinstance(item, OtherHolder):
        return f"{item.count} {item.path}"
    return str(item)
