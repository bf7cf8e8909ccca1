"""Results as the analyses would return them; addresses are made up, so that they never change."""

from dataclasses import replace

from verdict_samples import HISTORY, TRIAGE, VERDICTS

from pdbleak.analyses.captured import Captured
from pdbleak.analyses.census import Census, TypeCount
from pdbleak.analyses.chain import Chain, Step
from pdbleak.analyses.collection import Collection
from pdbleak.analyses.cut import ChokePoint, Cut, CutReference
from pdbleak.analyses.cycles import Cycles, CycleShape
from pdbleak.analyses.deferred import Deferral, Deferrals
from pdbleak.analyses.difference import Change, Difference
from pdbleak.analyses.growth import Grown, Growth
from pdbleak.analyses.ledger import Place
from pdbleak.analyses.listing import Listed, Listing
from pdbleak.analyses.manual import Entry, Manual, ManualPage
from pdbleak.analyses.marked import KeptMark, Marked
from pdbleak.analyses.memory import Experiment, Memory
from pdbleak.analyses.opinion import Opinion
from pdbleak.analyses.orphans import Orphan, Orphans
from pdbleak.analyses.otherholders import OtherHolder
from pdbleak.analyses.pathnames import PathStep
from pdbleak.analyses.paths import Path, Paths
from pdbleak.analyses.portrait import Neighbour, Portrait
from pdbleak.analyses.query import QueryResult
from pdbleak.analyses.report import Report
from pdbleak.analyses.retained_census import RetainedCensus, RetainedCount
from pdbleak.analyses.saving import Saved
from pdbleak.analyses.severed import Died, Severed
from pdbleak.analyses.tasks import WaitCensus, Waiters
from pdbleak.analyses.top import Retainer, Top
from pdbleak.analyses.tracing import Tracing
from pdbleak.analyses.tree import Branch, ReferenceTree
from pdbleak.analyses.via import Via, ViaRow
from pdbleak.analyses.weakening import Weakening
from pdbleak.analyses.weight import Weight
from pdbleak.analyses.why import JudgedStep, Why
from pdbleak.analyses.zombies import ZombieCensus, Zombies
from pdbleak.limits import Limit

BASE = 0x7F3A_12C0_4000


def branch(
    node,
    type_,
    reference="",
    *children,
    form=None,
    count=1,
    note="",
    omitted=0,
    size=48,
):
    short = type_.rpartition(".")[2]
    form = f"<{short} at {BASE + 16 * node:#x}>" if form is None else form
    return Branch(node, BASE + 16 * node, type_, size, form, reference, count, note, omitted, children)


def tree(top, *, direction="backrefs", **options):
    given = {
        "direction": direction,
        "subject": "Channel",
        "handle": "_1",
        "depth": 10,
        "top": top,
        "objects": 12,
        "population": 257,
        "picture": "",
        "next": "leak cycles Channel",
    }
    return ReferenceTree(**(given | options))


def step(node, type_, reference, form=None, size=48):
    short = type_.rpartition(".")[2]
    return Step(
        node,
        BASE + 16 * node,
        type_,
        size,
        f"<{short} at {BASE + 16 * node:#x}>" if form is None else form,
        reference,
    )


CENSUS = Census(
    subject="",
    by="count",
    rows=(
        TypeCount("dict", 131_876, 30_700_123),
        TypeCount("broker.Message", 31_876, 3_570_112),
        TypeCount("collections.deque", 2_571, 1_604_304),
        TypeCount("broker.Channel", 257, 80_184),
        TypeCount(
            "enterprise.messaging.transport.layers.connection.BufferedConnectionStateMachineFactory", 9, 432
        ),
    ),
    objects=312_345,
    size=84_934_656,
    omitted=412,
    next="leak random Message",
)
EMPTY_CENSUS = Census("Foo", "count", (), 0, 0, 0, "leak types 20")
GROWTH = Growth(
    (
        Grown("broker.Message", 31_876, 1_204, 3_570_112, 134_848),
        Grown("dict", 131_876, 1_210, 30_700_123, 1_048_575),
        Grown("list", 900, 1, 1_000, -40),
    ),
    12.5,
    3,
    "leak random Message",
)
FIRST_GROWTH = Growth((), None, 0, "c")
NO_GROWTH = Growth((), 3.0, 0, "c")
LISTING = Listing(
    "*Channel",
    (
        Listed("_1", BASE, "broker.Channel", 312, "<Channel number=7 at 0x7f3a12c04000>"),
        Listed("", BASE + 64, "broker.Channel", 312, "<Channel number=8 at 0x7f3a12c04040>"),
        Listed("", BASE + 128, "amqp.Channel", 1_312, "<Channel at 0x7f3a12c04080>"),
    ),
    257,
    "leak backrefs Channel 10",
)
EMPTY_LISTING = Listing("Foo", (), 0, "leak types 20")
BACKREFS = tree(
    branch(
        1,
        "broker.Channel",
        "",
        branch(
            2,
            "broker.Message",
            ".channel",
            branch(
                3,
                "collections.deque",
                "[*]",
                branch(1, "broker.Channel", ".unacked", note="seen above"),
                form="deque of 12: <Message at 0x7f3a12c04020>, <Message at 0x7f3a12c04120>, …",
            ),
            count=12,
        ),
        branch(
            4,
            "dict",
            "['7']",
            branch(
                5,
                "broker.Connection",
                ".channels",
                branch(
                    6,
                    "dict",
                    "['10.0.0.7:51234']",
                    branch(
                        7,
                        "broker.Broker",
                        ".connections",
                        note="root: module broker",
                        form="<Broker name='main' at 0x7f3a12c04070>",
                    ),
                    form="dict of 311: '10.0.0.7:51234', '10.0.0.7:51235', '10.0.0.7:51236', …",
                ),
                branch(8, "method", "__self__", note="depth limit"),
                omitted=3,
            ),
            form="dict of 3: '7', '8', '9'",
        ),
        branch(
            9, "frame", "local 'channel'", note="root: frame of serve()", form="frame serve (server.py:88)"
        ),
        omitted=12,
        size=312,
    ),
    picture="backrefs-Channel.svg",
)
REFS = tree(
    branch(
        1,
        "broker.Channel",
        "",
        branch(2, "str", ".name", form="'7'"),
        branch(
            3,
            "collections.deque",
            ".unacked",
            branch(4, "broker.Message", "[*]", count=12),
            form="deque of 12",
        ),
    ),
    direction="refs",
    next="leak backrefs _1",
)
LONELY = tree(branch(1, "broker.Channel"), objects=1, population=1, next="")
NOBODY = tree(branch(0, ""), subject="Foo", handle="", objects=0, population=0, next="leak types 20")
CHAIN = Chain(
    "_1",
    "_1",
    "module broker",
    (
        step(10, "broker.Broker", ".BROKER", "<Broker name='main' at 0x7f3a12c040a0>"),
        step(11, "dict", ".connections", "dict of 311: '10.0.0.7:51234', …", 18_520),
        step(12, "broker.Connection", "['10.0.0.7:51234']"),
        step(13, "dict", ".channels", "dict of 3: '7', '8', '9'", 232),
        step(1, "broker.Channel", "['7']", size=312),
    ),
    "",
    "leak backrefs _1 10",
)
NO_CHAIN = Chain(
    "_1", "_1", "", (), "no root reaches it: it is garbage and waits for a collection", "leak cycles Channel"
)


def judged(number, type_, reference, verdict, reason="", *, suspect=False, form=None):
    known = step(number, type_, reference, form)
    return JudgedStep(
        number=number,
        reference=reference,
        type=type_,
        form=known.form,
        size=known.size,
        address=known.address,
        node=known.node,
        holder_address=known.address - 16,
        verdict=verdict,
        reason=reason,
        suspect=suspect,
    )


WHY = Why(
    subject="_1",
    handle="_1",
    root="module broker",
    root_reason="a module",
    steps=(
        judged(1, "threading.Thread", ".READER", "alive", "a thread that runs"),
        judged(2, "broker.Broker", ".broker", "unknown", suspect=True),
        judged(3, "dict", ".connections", "unknown", form="dict of 311: '10.0.0.7:51234', …", suspect=True),
        judged(
            4,
            "broker.Connection",
            "['10.0.0.7:51234', 'a key that is long']",
            "leaking",
            "a transport whose socket is closed",
            suspect=True,
        ),
        judged(5, "broker.Channel", ".channel", "leaking", "it is held by what has finished"),
    ),
    suspects=3,
    alike=256,
    at_least=False,
    population=312,
    ignored=1,
    note="",
    next="leak cut _1",
)
LONG_WHY = replace(
    WHY,
    steps=tuple(
        judged(number, "broker.Entry", "…" if number == 100 else ".next", "unknown", suspect=True)
        for number in range(1, 200)
    ),
    suspects=999_999,
    alike=0,
    ignored=0,
    note="999,800 steps in the middle are left out",
    omitted=999_800,
)
NO_WHY = replace(
    WHY,
    root="",
    root_reason="",
    steps=(),
    suspects=0,
    ignored=2,
    note="no other path: what is ignored is all that holds it",
)
CYCLES = Cycles(
    "",
    (
        CycleShape(
            600,
            580,
            2_400,
            1_258_291,
            (
                TypeCount("dict", 2, 464),
                TypeCount("broker.Connection", 1, 48),
                TypeCount("broker.Channel", 1, 312),
            ),
            ("broker.Channel",),
            (
                step(12, "broker.Connection", ".connection"),
                step(13, "dict", ".channels", "dict of 3: '7', '8', '9'"),
                step(1, "broker.Channel", "['7']"),
            ),
            hanging=12_345,
            hanging_size=3_145_728,
            weakenings=(
                Weakening(("broker.Channel.connection",), "weak", 600, 0, 600, 0, back=True),
                Weakening(("broker.Connection.channels[*]",), "weak", 600, 0, 600, 0, back=False),
                Weakening(
                    ("broker.Connection.last", "local 'error' of serve()"),
                    "clear",
                    30,
                    590,
                    600,
                    2_360,
                    back=False,
                    note="broker.Channel needs '__weakref__' in its __slots__ for that",
                ),
            ),
            untried=2,
        ),
        CycleShape(1, 1, 1, 56, (TypeCount("list", 1, 56),), (), (step(20, "list", "[0]", "list of 1"),)),
    ),
    1_204,
    1_180,
    3,
    "leak gc",
)
HELD_TWICE = (
    CutReference(
        "module broker .BROKER.connections['10.0.0.7:51234'].channels['7']",
        *("['7']", "dict", BASE + 208, "broker.Channel", 1, ""),
    ),
    CutReference("module broker .BROKER.waiting[0]", "[0]", "list", BASE + 32, "tuple", 3, ""),
)
IN_A_TUPLE = CutReference(
    *("module broker .BROKER.waiting[0][1]", "[1]", "tuple", BASE + 48, "broker.Channel", 1),
    "a tuple's entries cannot be removed",
)
BROKER = ChokePoint(
    *("_2", "broker.Broker", BASE + 160, "<Broker name='main' at 0x7f3a12c040a0>"),
    *("module broker .BROKER", 43_210, 4_258_291),
)
CHANNEL = ("broker.Channel", "_1", "<Channel number=7 at 0x7f3a12c04000>")
CUT = Cut(
    *(*CHANNEL, 4, 6, HELD_TWICE, (IN_A_TUPLE,)),
    *(12_345, 1_258_291, 12_000, 1_200_000, 345, 58_291, 0, 0),
    (
        TypeCount("broker.Message", 9_600, 1_000_000),
        *(TypeCount(f"broker.Part{number}", 20 - number, 1_000) for number in range(9)),
    ),
    *(2, 1, BROKER, "", "leak cut _1 --apply"),
)
SOLE_CUT = Cut(
    *(*CHANNEL, 1, 6, HELD_TWICE[:1], (), 1, 312, 1, 312, 0, 0, 0, 0),
    *((TypeCount("broker.Channel", 1, 312),), 0, 0, None, "", "leak cut _1 --apply"),
)
HELD_BY_MANY = Cut(
    *(*CHANNEL, 7, 6, (), (), 0, 0, 0, 0, 0, 0, 0, 0, (), 0, 0, BROKER, "", "leak cut _2"),
)
UNCUT = Cut(
    *("module", "_1", "module broker", 0, 6, (), (), 0, 0, 0, 0, 0, 0, 0, 0, (), 0, 0, None),
    "a module: sys.modules and every import of it hold it; cut what it holds",
    "leak chain _1",
)
SEVERED = Severed(
    *("broker.Channel", ("['7']",), ("[0] is not there any more",)),
    (
        Died("broker.Message", 9_600, 9_600, 1_000_000),
        *(Died(f"broker.Part{number}", 20 - number, 19 - number, 1_000) for number in range(9)),
    ),
    *(9_744, 1_009_000, 9_735, 1_008_000, 3, False, 345, 58_291, "", "leak gc"),
)
NOT_SEVERED = Severed(
    *("broker.Channel", (), (), (), 0, 0, 0, 0, 0, False, 0, 0, "nothing was removed", "leak chain _1"),
)
LONG_CHAIN = Chain(
    "_1",
    "_1",
    "module broker",
    (
        step(0, "dict", ".QUEUE", "dict of 1: 'first'"),
        step(1, "broker.Entry", "['first']"),
        *(step(number, "broker.Entry", ".next") for number in range(2, 100)),
        step(100, "broker.Entry", "…"),
        *(step(number, "broker.Entry", ".next") for number in range(101, 200)),
    ),
    "999,800 steps in the middle are left out",
    "leak backrefs _1 10",
    999_800,
)
NO_CYCLES = Cycles("Channel", (), 0, 0, 0, "leak chain Channel")
COLLECTION = Collection(
    2,
    12_345,
    1_258_291,
    (TypeCount("broker.Message", 9_600, 1_000_000), TypeCount("broker.Channel", 600, 187_200)),
    12_305,
    1_258_000,
    (TypeCount("sensors.Probe", 40, 1_920),),
    12_305,
    (),
    120_123_392,
    118_001_664,
    0.0123,
    "finalizers ran: broker.Channel.__del__",
    "leak types 20",
)
CLEAN_COLLECTION = Collection(2, 0, 0, (), 0, 0, (), 0, (), 0, 0, 0.0004, "", "leak types 20")
PORTRAIT = Portrait(
    "_1",
    BASE,
    "broker.Channel",
    312,
    12_345,
    57,
    "<Channel number=7 at 0x7f3a12c04000>",
    "reachable",
    257,
    (
        Neighbour(".channel", "broker.Message", BASE + 32, "<Message at 0x7f3a12c04020>", 12),
        Neighbour("['7']", "dict", BASE + 64, "dict of 3: '7', '8', '9'", 1),
    ),
    16,
    (Neighbour(".unacked", "collections.deque", BASE + 96, "deque of 12", 1),),
    1,
    2,
    "broker.py:31",
    "",
    "leak backrefs Channel 10",
)
ORPHAN = Portrait(
    "_2",
    BASE,
    "list",
    56,
    56,
    1,
    "list of 0",
    "held by C",
    1,
    (),
    0,
    (),
    0,
    0,
    "",
    "one reference is not visible",
    "",
)


def retainer(node, type_, retained, objects, *children, **options):
    short = type_.rpartition(".")[2]
    given = {
        "handle": "",
        "where": "",
        "reference": "",
        "form": f"<{short} at {BASE + 16 * node:#x}>",
        "count": 1,
        "size": 48,
        "gathers": True,
        "skipped": 0,
        "deeper": 0,
        "omitted": 0,
        "omitted_retained": 0,
    }
    return Retainer(
        node=node,
        address=BASE + 16 * node,
        type=type_,
        retained=retained,
        objects=objects,
        children=children,
        **(given | options),
    )


def top(*rows, **options):
    given = {
        "subject": "",
        "handle": "",
        "population": 0,
        "limit": 10,
        "rows": rows,
        "retained": 84_934_656,
        "objects": 312_345,
        "whole": 84_934_656,
        "garbage": 0,
        "omitted": 0,
        "omitted_retained": 0,
        "note": "",
        "next": "leak chain _1",
    }
    return Top(**(given | options))


TOP = top(
    retainer(
        1,
        "broker.Broker",
        61_234_567,
        204_331,
        retainer(
            2,
            "dict",
            60_123_456,
            204_101,
            retainer(3, "broker.Channel", 54_000_123, 190_000, reference="[*]", count=31_876),
            retainer(4, "broker.Message", 4_000_123, 9_000, reference="[*]", count=257),
            retainer(5, "broker.Connection", 1_000_123, 900, reference="['last']"),
            retainer(6, "collections.deque", 800_123, 90, reference="['late']"),
            reference=".channels",
            handle="_1",
            form="dict of 32135: 0, 1, 2, 3, 4, 5, 6, 7, …",
            omitted=12,
            omitted_retained=12_345,
        ),
        where="module broker",
        reference=".broker",
        gathers=False,
    ),
    retainer(
        7,
        "broker.Link",
        9_123_456,
        40_000,
        retainer(
            8, "broker.Link", 5_123_456, 20_001, skipped=19_997, deeper=20_000, reference="", handle="_2"
        ),
        where="local 'head' of serve() at broker.py:17",
        gathers=False,
    ),
    retainer(9, "type", 1_234_567, 12_452, where="held from several sides", count=560),
    retainer(10, "function", 934_567, 2_452, where="modules", count=802),
    limit=3,
    garbage=45_678,
    omitted=1_234,
    omitted_retained=456_789,
)
TOP_OF_ONE = top(
    retainer(3, "broker.Channel", 54_000_123, 190_000, reference="[*]", count=31_876),
    subject="dict",
    handle="_1",
    population=1,
    retained=60_123_456,
    objects=204_101,
)
TOP_OF_MANY = top(
    subject="*Channel",
    population=31_876,
    retained=54_000_123,
    objects=190_000,
    note="what only several of them together keep is in no row",
)
TOP_OF_NONE = top(subject="Foo", next="leak types 20")
WEIGHT = Weight(
    "broker.Channel",
    "_1",
    BASE,
    "<Channel number=7 at 0x7f3a12c04000>",
    1,
    0,
    312,
    12_345,
    57,
    12_345,
    84_934_656,
    "leak top _1",
)
WEIGHT_OF_MANY = Weight(
    "*Channel", "", 0, "", 257, 12, 80_184, 54_000_123, 190_000, 51_000_123, 84_934_656, "leak top *Channel"
)
WEIGHT_OF_NONE = Weight("Foo", "", 0, "", 0, 0, 0, 0, 0, 0, 84_934_656, "leak types 20")
CENSUS_RETAINED = RetainedCensus(
    (
        RetainedCount("dict", 131_876, 30_700_123, 74_000_123),
        RetainedCount("broker.Channel", 257, 80_184, 54_000_123),
    ),
    312_345,
    84_934_656,
    412,
    "leak top broker.Channel",
)
CAPTURED = Captured(312_345, 1_203_444, 84_934_656, 12_345, 0.213, 15_000_000, 1_234, 2, "leak types 20")
SAVED = Saved(
    path="/var/tmp/heap.leak",
    size=13_002_000,
    objects=1_234_567,
    references=3_000_000,
    forms=312_450,
    missed=3,
    redacted=False,
    seconds=7.25,
    next="python -m pdbleak --load /var/tmp/heap.leak",
)
QUERY = QueryResult(
    columns=("file", "type", "address", "bytes", "share", "garbage", "form"),
    rows=(
        ("worker-1.leak", "broker.Channel", "0x7f12a4c81d30", 1_234_567, 0.25, False, "<Channel id=3>"),
        ("worker-2.leak", "broker.Channel", "0x7f12a4c81d40", 56, None, True, None),
    ),
    files=2,
    more=True,
    seconds=1.25,
    next="leak save heap.leak",
)
NO_ROWS = QueryResult((), (), 1, False, 0.5, "")
REDACTED = replace(SAVED, forms=812, missed=0, redacted=True)
OPINION = Opinion(
    "heapy",
    "hp.heap().byvia",
    "heapy materialises the dict of every instance: the process grows",
    "Partition of a set of 36 objects.\n Index\tCount   %\n     0     10  28",
    "",
    "leak via str",
)
PATHS = Paths(
    "Message",
    31_900,
    3_572_800,
    285_212_672,
    24,
    2_688,
    (
        Path(
            "module broker .BROKER → broker.Broker .queues → dict {str} → broker.Queue .messages → "
            "collections.deque [*] → broker.Message",
            31_620,
            3_541_440,
            285_000_000,
            "module broker",
            (
                PathStep(".BROKER", "broker.Broker", 1),
                PathStep(".queues", "dict", 1),
                PathStep("{str}", "broker.Queue", 12, ("['sql']", "['mail']")),
                PathStep(".messages", "collections.deque", 12),
                PathStep("[*]", "broker.Message", 31_620, ("[0]", "[2047]")),
            ),
            "",
            "",
            (OtherHolder(31_000, "module broker .INDEX → dict {int}"),),
        ),
        Path(
            "local 'kept' of serve() at server.py:88 → list [*] → broker.Message",
            250,
            28_000,
            None,
            "local 'kept' of serve() at server.py:88",
            (PathStep("", "list", 1), PathStep("[*]", "broker.Message", 250)),
            "<Message at 0x7f3a12c04020>",
            "<Message at 0x7f3a12c04120>",
            (),
        ),
    ),
    2,
    6,
    keys=True,
    next="leak via Message",
)
NO_PATHS = Paths("Foo", 0, 0, 0, 0, 0, (), 0, 0, keys=False, next="leak types 20")
VIA = Via(
    "Message",
    (
        ViaRow("broker.Channel .unacked, collections.deque [*]", 31_620, 3_541_440),
        ViaRow("dict ['sql']", 250, 28_000),
        ViaRow("local 'message' of deliver() at broker.py:88", 6, 672),
    ),
    31_900,
    3_572_800,
    3,
    24,
    "leak paths Message",
)
NO_VIA = Via("Foo", (), 0, 0, 0, 0, "leak types 20")
DEFERRALS = Deferrals(
    (
        Deferral("myapp.CACHE", "you said so", "yours"),
        Deferral("types", "leads everywhere: every instance refers to it"),
        Deferral("functools._lru_cache_wrapper", "a cache: it holds what others use"),
    ),
    "leak types 20",
)
MANUAL = Manual(
    (
        Entry("gc [GEN]", "Collect the garbage and say what was freed."),
        Entry("types [N] [--by count|size|retained]", "Show the most common types on the heap."),
        Entry(
            "backrefs SUBJECT [DEPTH]",
            "Show the tree of what refers to an object, to a depth, as text and as a picture beside it.",
        ),
    ),
    "leak help types",
)
MANUAL_PAGE = ManualPage(
    "types",
    "types [N] [--by count|size]",
    "Show the most common types on the heap.\n\nTypes are counted from the capture, untracked ones included, "
    "and sorted by their\nnumber or by their shallow bytes.\n\n    leak types 20\n    leak types --by size",
    (Entry("[N]", "how many types"), Entry("[--by count|size]", "what to sort by")),
    "leak types 20",
)
ZOMBIES = ZombieCensus(
    (
        Zombies(
            "_asyncio.Task",
            "a task that is done",
            812,
            3,
            1,
            89_128_960,
            9_744,
            "broker.Broker.sessions[*]",
            0.92,
            "Task-3 to Task-1204",
            "_1",
            "_asyncio.Task Task-3 of serve, done",
        ),
        Zombies(
            "enterprise.messaging.transport.layers.connection.BufferedConnectionSocket",
            "a socket that is closed",
            2,
            0,
            0,
            1_204,
            4,
            "",
            1.0,
            "",
            "_2",
            "enterprise.messaging.transport.layers.connection.BufferedCon…",
        ),
    ),
    5_310,
    820,
    3,
    "leak chain _1",
)
WAITING = WaitCensus(
    (
        Waiters(
            "task",
            812,
            "fetch()",
            "reads() at app.py:31",
            "Queue.get() at queues.py:158",
            "_asyncio.Future",
            "Task-3 to Task-1204",
            89_128_960,
            9_744,
            True,
            "_1",
            "_asyncio.Task Task-3 of fetch, pending",
        ),
        Waiters(
            "thread",
            8,
            "Thread._bootstrap()",
            "_worker() at thread.py:89",
            "",
            "",
            "ThreadPoolExecutor-0_0 and 7 more",
            4_204,
            40,
            False,
            "_2",
            "<threading.Thread at 0x7f3a12c04000>",
        ),
        Waiters(
            "coroutine", 2, "fetch()", "fetch()", "", "", "", 768, 8, False, "", "coroutine fetch (app.py:29)"
        ),
    ),
    9,
    812,
    2,
    0,
    134_217_728,
    4,
    "leak show _1",
)
NOBODY_WAITS = WaitCensus((), 0, 0, 0, 0, 1_000, 0, "leak zombies")
NO_ZOMBIES = ZombieCensus((), 1_262, 4, 0, "leak types 20")

MEMORY = Memory(
    rss=118_172_467,
    change=99_090_432,
    seconds=61.2,
    verdict="C heap",
    basis=90_072_678,
    places=(
        Place("small", "Python objects up to 512 B", 5_452_595, 249_856),
        Place("large", "Python objects over 512 B", 11_010_048, None),
        Place("c_heap", "C heap besides", 91_540_684, 90_072_678),
        Place("other", "other anonymous memory", 0, 0),
        Place("holes", "holes in Python's arenas", None, None),
        Place("files", "files: code, libraries, mmap", 10_066_329, 49_152),
        Place("untouched", "in use, not resident", -81_920, 0),
    ),
    swapped=4_096,
    allocator="malloc",
    arenas=2,
    limits=(
        Limit("the container's memory.max", 134_217_728, 4_194_304),
        Limit("the machine", 25_276_514_304, 24_390_041_600),
    ),
    experiments=(
        Experiment("gc", 0.010, 118_172_467, 118_172_467, (), "nothing was freed"),
        Experiment(
            "trim",
            0.024,
            118_172_467,
            28_172_467,
            (Place("kept", "freed, kept by malloc", 131_072, -90_000_000),),
            "",
        ),
    ),
    notes=("Python's own allocator is off or silent: small objects are malloc's",),
    next="leak orphans",
)
DIFFERENCE = Difference(
    before="1",
    after="before",
    seconds=140.0,
    marks=6,
    rss=21_233_664,
    objects=170_000,
    size=17_000_000,
    rows=(
        Change(
            verdict="only grows",
            path="module broker .BROKER → Broker .queues → dict {str} → Queue .messages → "
            "collections.deque [*] → Message",
            type="broker.Message",
            count=180_000,
            count_change=170_000,
            size=18_000_000,
            size_change=17_000_000,
            count_rate=72_857.1,
            size_rate=7_285_714.3,
            counts=(10_000, 40_000, 90_000, 110_000, 130_000, 150_000, 180_000),
            sizes=(1_000_000, 18_000_000),
        ),
        Change("grew", "module app .BUFFER → bytearray", "bytearray", 1, 0, 4_000_000, 3_000_000, 0.0,
               1_285_714.3, (1, 1, 1), (1_000_000, 2_000_000, 4_000_000)),
        Change("cycle garbage", "", "app.Request", 1_200, 1_100, 90_000, 80_000, 471.4, 34_285.7,
               (100, 700, 1_200), (10_000, 50_000, 90_000)),
        Change("C heap", "", "", 0, 0, 90_000_000, 60_000_000, 0.0, 25_714_285.7, (),
               (30_000_000, 90_000_000)),
        Change("drained", "module app .QUEUE → list [*] → Job", "app.Job", 20, -2_980, 2_000, -298_000,
               -1_277.1, -127_714.3, (3_000, 20), (300_000, 2_000)),
        Change("churn", "module app .POOL → list [*] → Row", "app.Row", 500, 0, 50_000, 0, 0.0, 0.0,
               (500, 500), (50_000, 50_000)),
    ),
    steady=7_301,
    noise=18,
    omitted=3,
    next="leak paths broker.Message",
)  # fmt: skip
NO_DIFFERENCE = Difference("1", "2", 20.0, 2, 0, 0, 0, (), 7_412, 0, 0, "c, then later: leak diff")
TWO_PROCESSES = Difference(
    before="fleet/worker-1.leak",
    after="fleet/worker-2.leak",
    seconds=None,
    marks=2,
    rss=-3_145_728,
    objects=23_000,
    size=1_900_000,
    rows=(
        Change("more", "module shop .ORDERS → dict {int} → Order", "shop.Order", 5_000, 4_000, 1_000_000,
               900_000, 0.0, 0.0, (1_000, 5_000), (100_000, 1_000_000)),
        Change("only in the first", "module shop .LATE → list", "list", 0, -1, 0, -80_000, 0.0, 0.0, (1, 0),
               (80_000, 0)),
    ),
    steady=4_604,
    noise=2,
    omitted=0,
    next="python -m pdbleak --load fleet/worker-2.leak",
)  # fmt: skip
NOTHING_TO_COMPARE = Difference("1", "1", None, 1, 0, 0, 0, (), 7_412, 0, 0, "c, then later: leak diff")
MARKED = Marked(
    name="2",
    objects=812_345,
    size=96_468_992,
    paths=7_412,
    pause=0.312,
    cost=0.287,
    marks=(
        KeptMark("1", 140.0, 612_345, 76_468_992, 0, 131_072_000),
        KeptMark("before", 20.0, 782_345, 93_468_992, 1_200, 150_072_000),
        KeptMark("2", 0.0, 812_345, 96_468_992, 44, 151_072_000),
    ),
    next="leak diff",
)
FIRST_MARK = Marked(
    name="before",
    objects=612_345,
    size=76_468_992,
    paths=7_311,
    pause=0.312,
    cost=0.287,
    marks=(KeptMark("before", 0.0, 612_345, 76_468_992, 0, 131_072_000),),
    next="c, then later: leak diff",
)
ORPHANS = Orphans(
    rows=(
        Orphan("fastproto.Frame", "", 1_500, 1_500, 108_000, 1_500, 1_500, "_1", "<Frame at 0x7f3a12c04000>"),
        Orphan("fastproto.Schema", "", 1, 4_000, 64, 0, 4_000, "_2", "<Schema at 0x7f3a12c04010>"),
        Orphan("method", "atexit", 20, 20, 1_280, 20, 20, "_3", "method close of Frame"),
    ),
    objects=2_303,
    new=1_500,
    constant=783,
    seconds=30.0,
    c_heap=90_072_678,
    unmet=1_990_000,
    omitted=2,
    notes=("of the largest object arrays not all elements were looked at",),
    next="leak show _1",
)
FIRST_ORPHANS = Orphans(
    rows=(Orphan("dict", "", 356, 356, 154_624, 0, 0, "", "dict of 1: 94264813199872"),),
    objects=805,
    new=0,
    constant=805,
    seconds=None,
    c_heap=None,
    unmet=None,
    omitted=0,
    notes=(),
    next="c, then later: leak orphans",
)
NO_ORPHANS = Orphans((), 805, 0, 805, 30.0, 0, 0, 0, (), "c, then later: leak orphans")
TRACING = Tracing(5, 62.0, 12_582_912, 3_145_728, stopped=False, next="c, then later: leak growth")
TRACING_PROGRAMS = Tracing(1, None, 12_582_912, 3_145_728, stopped=False, next="c, then later: leak growth")
TRACING_ENDED = Tracing(0, 62.0, 12_582_912, 3_145_728, stopped=True, next="leak memory")
NO_TRACING = Tracing(0, None, 0, 0, stopped=False, next="leak trace on")
FIRST_MEMORY = Memory(
    rss=19_000_000,
    change=None,
    seconds=None,
    verdict="files",
    basis=9_961_472,
    places=(Place("files", "files: code, libraries, mmap", 9_961_472, None),),
    swapped=0,
    allocator="malloc",
    arenas=1,
    limits=(),
    experiments=(),
    notes=(),
    next="c, then later: leak memory",
)
REPORT = Report(
    path="/var/tmp/heap.html",
    program="broker.py --port 5672",
    captured=CAPTURED,
    triage=TRIAGE,
    memory=MEMORY,
    history=HISTORY,
    types=CENSUS_RETAINED,
    top=TOP,
    paths=(PATHS,),
    trees=(BACKREFS,),
    redacted=False,
    seconds=1.5,
    next="leak",
)
SAVED_REPORT = replace(REPORT, memory=None, history=None, paths=(), trees=(), redacted=True)

SAMPLES = {
    **VERDICTS,
    "census": CENSUS,
    "census_empty": EMPTY_CENSUS,
    "growth": GROWTH,
    "growth_first": FIRST_GROWTH,
    "growth_none": NO_GROWTH,
    "listing": LISTING,
    "listing_empty": EMPTY_LISTING,
    "backrefs": BACKREFS,
    "refs": REFS,
    "tree_lonely": LONELY,
    "tree_empty": NOBODY,
    "chain": CHAIN,
    "chain_long": LONG_CHAIN,
    "chain_none": NO_CHAIN,
    "cycles": CYCLES,
    "cycles_none": NO_CYCLES,
    "cut": CUT,
    "cut_sole": SOLE_CUT,
    "cut_many": HELD_BY_MANY,
    "cut_none": UNCUT,
    "severed": SEVERED,
    "severed_none": NOT_SEVERED,
    "collection": COLLECTION,
    "collection_clean": CLEAN_COLLECTION,
    "portrait": PORTRAIT,
    "portrait_orphan": ORPHAN,
    "weight": WEIGHT,
    "weight_of_many": WEIGHT_OF_MANY,
    "weight_of_none": WEIGHT_OF_NONE,
    "top": TOP,
    "top_of_one": TOP_OF_ONE,
    "top_of_many": TOP_OF_MANY,
    "top_of_none": TOP_OF_NONE,
    "census_retained": CENSUS_RETAINED,
    "captured": CAPTURED,
    "memory": MEMORY,
    "memory_first": FIRST_MEMORY,
    "paths": PATHS,
    "paths_none": NO_PATHS,
    "via": VIA,
    "via_none": NO_VIA,
    "deferrals": DEFERRALS,
    "report": REPORT,
    "report_of_saved": SAVED_REPORT,
    "saved": SAVED,
    "query": QUERY,
    "query_none": NO_ROWS,
    "saved_redacted": REDACTED,
    "opinion": OPINION,
    "tracing": TRACING,
    "tracing_programs": TRACING_PROGRAMS,
    "tracing_ended": TRACING_ENDED,
    "tracing_none": NO_TRACING,
    "difference": DIFFERENCE,
    "difference_none": NO_DIFFERENCE,
    "difference_first": NOTHING_TO_COMPARE,
    "difference_processes": TWO_PROCESSES,
    "marked": MARKED,
    "marked_first": FIRST_MARK,
    "orphans": ORPHANS,
    "orphans_first": FIRST_ORPHANS,
    "orphans_none": NO_ORPHANS,
    "manual": MANUAL,
    "manual_page": MANUAL_PAGE,
    "waiting": WAITING,
    "waiting_none": NOBODY_WAITS,
    "zombies": ZOMBIES,
    "zombies_none": NO_ZOMBIES,
    "why": WHY,
    "why_long": LONG_WHY,
    "why_none": NO_WHY,
}
