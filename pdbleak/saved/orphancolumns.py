"""Who holds what no walk shows, as columns of a file, and back, each number checked; knows no live object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak._native.columns import all_below, rises
from pdbleak._native.ints import from_values
from pdbleak.analyses.orphans import Unowned
from pdbleak.saved.container import BadFileError
from pdbleak.saved.recall import harmless

if TYPE_CHECKING:
    from pdbleak.saved.container import Reader, Writer


def write_unowned(out: Writer, unowned: Unowned) -> None:
    """Write the objects with references that nobody visible owns, and the names of known holders."""
    nodes = sorted(unowned.found)
    holders = sorted({unowned.found[node][0] for node in nodes})
    number = {holder: place for place, holder in enumerate(holders)}
    out.add("orphan_nodes", from_values(nodes, 4), rising=True)
    out.add("orphan_holders", from_values([number[unowned.found[node][0]] for node in nodes], 4))
    out.add("orphan_references", from_values([unowned.found[node][1] for node in nodes], 4))
    out.add_json("orphans", {"holders": holders, "complete": unowned.complete})


def read_unowned(reader: Reader, nodes: int) -> Unowned | None:
    """Return what `write_unowned` wrote, None for a file that does not tell; BadFileError for nonsense."""
    if "orphans" not in reader.columns:
        return None
    held = memoryview(reader.read("orphan_nodes", 4))
    which = memoryview(reader.read("orphan_holders", 4, len(held)))
    references = memoryview(reader.read("orphan_references", 4, len(held)))
    facts = reader.read_json("orphans")
    _check(len(held) <= nodes and rises(held) and all_below(held, nodes))
    _check(isinstance(facts, dict) and type(facts.get("complete")) is bool)
    holders = facts.get("holders")
    _check(isinstance(holders, list) and all(type(each) is str for each in holders))
    _check(all_below(which, len(holders)))
    named = [harmless(each) for each in holders]
    rows = zip(held, which, references, strict=True)
    return Unowned({node: (named[holder], count) for node, holder, count in rows}, facts["complete"])


def _check(holds: bool) -> None:  # noqa: FBT001 - reads as an assertion
    if not holds:
        raise BadFileError("it has an object of C's that is none")
