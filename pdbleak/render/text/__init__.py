"""Results as lines of text: which renderer belongs to which result; knows no file and no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak.analyses.captured import Captured
from pdbleak.analyses.census import Census
from pdbleak.analyses.chain import Chain
from pdbleak.analyses.collection import Collection
from pdbleak.analyses.cut import Cut
from pdbleak.analyses.cycles import Cycles
from pdbleak.analyses.deferred import Deferrals
from pdbleak.analyses.difference import Difference
from pdbleak.analyses.finding import Awaited, Triage
from pdbleak.analyses.growth import Growth
from pdbleak.analyses.history import History
from pdbleak.analyses.listing import Listing
from pdbleak.analyses.manual import Manual, ManualPage
from pdbleak.analyses.marked import Marked
from pdbleak.analyses.memory import Memory
from pdbleak.analyses.opinion import Opinion
from pdbleak.analyses.orphans import Orphans
from pdbleak.analyses.paths import Paths
from pdbleak.analyses.portrait import Portrait
from pdbleak.analyses.query import QueryResult
from pdbleak.analyses.report import Report
from pdbleak.analyses.retained_census import RetainedCensus
from pdbleak.analyses.saving import Saved
from pdbleak.analyses.severed import Severed
from pdbleak.analyses.tasks import WaitCensus
from pdbleak.analyses.top import Top
from pdbleak.analyses.tracing import Tracing
from pdbleak.analyses.tree import ReferenceTree
from pdbleak.analyses.via import Via
from pdbleak.analyses.weight import Weight
from pdbleak.analyses.why import Why
from pdbleak.analyses.zombies import ZombieCensus
from pdbleak.render.page import Page, Style
from pdbleak.render.text.captured import captured
from pdbleak.render.text.census import census, growth, retained_census
from pdbleak.render.text.chain import chain
from pdbleak.render.text.collection import collection
from pdbleak.render.text.cut import cut
from pdbleak.render.text.cycles import cycles
from pdbleak.render.text.deferrals import deferrals
from pdbleak.render.text.difference import difference
from pdbleak.render.text.history import history
from pdbleak.render.text.listing import listing
from pdbleak.render.text.manual import manual, manual_page
from pdbleak.render.text.marks import marked
from pdbleak.render.text.memory import memory
from pdbleak.render.text.opinion import opinion
from pdbleak.render.text.orphans import orphans
from pdbleak.render.text.paths import paths
from pdbleak.render.text.portrait import portrait
from pdbleak.render.text.query import query
from pdbleak.render.text.report import report
from pdbleak.render.text.saving import saved
from pdbleak.render.text.severed import severed
from pdbleak.render.text.tasks import tasks
from pdbleak.render.text.top import top
from pdbleak.render.text.tracing import tracing
from pdbleak.render.text.tree import reference_tree
from pdbleak.render.text.triage import awaited, triage
from pdbleak.render.text.via import via
from pdbleak.render.text.weight import weight
from pdbleak.render.text.why import why
from pdbleak.render.text.zombies import zombies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEXT: dict[type, Callable[[Any, Page], Iterator[str]]] = {
    Awaited: awaited,
    Triage: triage,
    History: history,
    Captured: captured,
    Census: census,
    Chain: chain,
    Collection: collection,
    Cut: cut,
    Cycles: cycles,
    Deferrals: deferrals,
    Difference: difference,
    Growth: growth,
    Listing: listing,
    Manual: manual,
    ManualPage: manual_page,
    Marked: marked,
    Memory: memory,
    Opinion: opinion,
    Orphans: orphans,
    Paths: paths,
    Portrait: portrait,
    QueryResult: query,
    Report: report,
    ReferenceTree: reference_tree,
    RetainedCensus: retained_census,
    Top: top,
    Via: via,
    Weight: weight,
    Tracing: tracing,
    WaitCensus: tasks,
    Why: why,
    ZombieCensus: zombies,
    Severed: severed,
    Saved: saved,
}


def text_lines(value: Any, page: Page) -> Iterator[str]:
    """Yield an answer's lines; the last one is the useful next command."""
    yield from TEXT[type(value)](value, page)
    if value.next:
        yield page.whole((f"next: {value.next}", Style.QUIET))
