"""Marks drawn from a few lines: paths with their objects and bytes at some seconds."""

from array import array

from pdbleak.analyses.ledger import Ledger
from pdbleak.analyses.mark import CONTAINER, TOP, Mark, MarkRows, TypeColumns

MIB = 1 << 20
CONTAINERS = ("dict", "list", "set", "collections.deque")


def ledger(taken, *, c_heap=2 * MIB, small=20 * MIB, rss=60 * MIB):
    return Ledger(
        taken=taken,
        rss=rss,
        small=small,
        large=0,
        in_use=c_heap,
        other=0,
        holes=MIB,
        kept=MIB,
        files=0,
        stacks=0,
        own=0,
        untouched=0,
        swapped=0,
        allocator="malloc",
        arenas=1,
    )


def columns_of(tally):
    counts, sizes = (array("Q", (each[place] for each in tally.values())) for place in (0, 1))
    return TypeColumns(tuple(tally), counts, sizes)


def drawn(taken, paths, *, garbage=None, types=None, size=20 * MIB, oldest=None, **places):
    """Make a mark of `{"module app/.ORDERS dict/{str} Order": (count, bytes)}`; steps above are made."""
    rows = {}
    for text in paths:
        steps = text.split("/")
        for depth in range(1, len(steps) + 1):
            rows.setdefault("/".join(steps[:depth]), len(rows))
    columns = {name: array("Q", [0] * len(rows)) for name in ("count", "size", "references", "fingerprint")}
    above, reference, kinds, traits = array("i"), [], [], bytearray()
    for text, row in rows.items():
        parent, _, step = text.rpartition("/")
        above.append(rows[parent] if parent else TOP)
        name, _, kind = step.rpartition(" ") if parent else (step, "", "module")
        reference.append(name)
        kinds.append(kind)
        traits.append(CONTAINER if kind in CONTAINERS else 0)
        count, bytes_ = paths.get(text, (1, 64))
        columns["count"][row], columns["size"][row] = count, bytes_
        if parent:
            columns["references"][rows[parent]] += count
    since = 0 if oldest is None else int(oldest * taken)
    kept = [since + sum(map(ord, text.rpartition("/")[2])) for text in rows]
    ends = array("Q", [number for each in kept for number in (each, int(1000 * taken) + each)])
    marked = MarkRows(above, tuple(reference), tuple(kinds), **columns, traits=bytes(traits), ends=ends)
    return Mark(
        name="",
        taken=taken,
        clock=taken,
        pause=0.0,
        cost=0.0,
        objects=100_000,
        size=size,
        living=columns_of(types or {}),
        dead=columns_of(garbage or {}),
        ledger=ledger(taken, **places),
        rows=marked,
    )


def over_time(series, *, apart=20.0, **more):
    """Make marks, `apart` seconds each, of `{path: [counts]}`; an object weighs 100 bytes."""
    number = len(next(iter(series.values())))
    return [
        drawn(
            apart * place,
            {path: (values[place], 100 * values[place]) for path, values in series.items()},
            **more,
        )
        for place in range(number)
    ]
