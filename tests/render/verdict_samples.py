"""Verdicts to render: a leak, a suspicion, a healthy program."""

from pdbleak.analyses.finding import Awaited, Finding, Triage
from pdbleak.analyses.history import Course, History

LEAK = Finding(
    number=1,
    kind="grows",
    type="amqp.Message",
    path="module broker .QUEUES → dict {str} → Queue .messages → collections.deque [*] → amqp.Message",
    count=31_876,
    size=15_204_352,
    count_rate=9_600.0,
    size_rate=4_580_000.0,
    confidence="high",
    basis="only ever rose, at a similar rate in 3 intervals: 22,276 → 31,876 in 60 s; 97% of what grew",
    also=("module broker .INDEX → dict {int} → tuple",),
    keys=("['orders']", "['mail']", "['sql']"),
    frees_objects=127_504,
    frees_size=15_204_352,
    handle="_1",
    then="leak why _1",
)
GROWN = Finding(
    number=2,
    kind="C heap",
    type="C heap",
    path="",
    count=0,
    size=42_000_000,
    count_rate=None,
    size_rate=3_000_000.0,
    confidence="medium",
    basis="malloc's blocks that are no Python object: C code allocates and does not free; "
    "it rose in 3 intervals",
    advice="look for extension types that new objects of the program wrap",
    then="leak orphans",
)
LARGE = Finding(
    number=1,
    kind="large",
    type="Row",
    path="module report .ROWS",
    count=120_000,
    size=48_000_000,
    count_rate=None,
    size_rate=None,
    confidence="low",
    basis="one container holds 61% of the heap; large is not leaking",
    then="leak auto 3 20",
)
FINE = (
    "5,046 paths do not grow, or stopped, waver or only warmed up",
    "garbage: 19 objects wait for a collection",
)
TRIAGE = Triage(
    findings=(LEAK, GROWN),
    suspects=(),
    omitted=3,
    marks=4,
    seconds=62.4,
    rss=96_468_992,
    change=5_000_000,
    memory="Python objects grew most, by 4.4 MiB",
    checked=FINE,
    next="leak why _1",
)
SUSPECTED = Triage(
    findings=(),
    suspects=(LARGE,),
    omitted=0,
    marks=1,
    seconds=0.0,
    rss=96_468_992,
    change=None,
    memory="most of it is Python objects, 61.0 MiB",
    checked=FINE[1:],
    next="leak auto 3 20",
)
HEALTHY = Triage(
    findings=(),
    suspects=(),
    omitted=0,
    marks=4,
    seconds=60.0,
    rss=96_468_992,
    change=0,
    memory="no place of it grew",
    checked=FINE,
    next="leak auto 3 20",
)
HISTORY = History(
    times=(0.0, 20.1, 40.3, 60.2, 80.4),
    totals=(
        Course(
            "resident memory", "bytes", (50 << 20, 55 << 20, 60 << 20, 65 << 20, 70 << 20), 1.5e7, "grows"
        ),
        Course("garbage", "objects", (3, 400, 20, 380, 10), 5.2, "goes up and down"),
    ),
    places=(
        Course("module broker .QUEUES → dict {str} → Queue", "Queue", (10, 20, 30, 40, 50), 30.0, "grows"),
        Course(
            "module log .TEXT → bytearray",
            "bytes",
            (1 << 20, 2 << 20, 3 << 20, 4 << 20, 5 << 20),
            3e6,
            "grows",
        ),
    ),
    omitted=2,
    next="leak",
)
NO_HISTORY = History((0.0,), (), (), 0, "c, then later: leak history")
VERDICTS = {
    "history": HISTORY,
    "history_none": NO_HISTORY,
    "triage": TRIAGE,
    "triage_suspected": SUSPECTED,
    "triage_healthy": HEALTHY,
    "awaited": Awaited(3, 20, ""),
}
