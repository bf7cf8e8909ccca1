"""What the prompt remembers: the heap, handles, the last census; only numbers of it outlive the prompt."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from pdbleak.command import CommandError
from pdbleak.limits import estimate_capture, read_limits
from pdbleak.marks import Marks
from pdbleak.standing import STANDING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pdbleak.analyses.ledger import Ledger
    from pdbleak.analyses.mark import Mark
    from pdbleak.analyses.orphans import OrphanMark
    from pdbleak.command import Command
    from pdbleak.heap import Heap

Tally = dict[str, tuple[int, int]]
# Seconds between two marks that are left by captures: while one stands at a prompt, all are alike.
APART = 10.0


class Seen(NamedTuple):
    """Which addresses were taken at a mark, packed: about a byte for each."""

    name: str
    taken: float
    addresses: memoryview


class Session:
    """The one memory of a process's prompts.

    The plug-in sets `evaluate` (an expression's value in the current frame), `own` (objects of the
    debugger, hidden from every answer), `progress` (a terminal's file descriptor, or -1) and `tell`
    (which tells it the share of the work that is done) for the time of a command, and calls `close` when
    the prompt ends.
    """

    def __init__(
        self,
        commands: Sequence[Command[Any]] = (),
        *,
        seed: int | None = None,
        saved: Heap | None = None,
        saved_path: str = "",
        saved_marks: Iterable[Mark] = (),
        saved_facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Start with no heap, or with that of a file for good; `seed` makes random picks repeatable."""
        self.commands = tuple(commands)
        self.random = Random(seed)
        self.evaluate: Callable[[str], Any] | None = None
        self.ask: Callable[[Any], bool] | None = None
        # Lets the program run for some marks, and returns whether it is back already.
        self.wait: Callable[[int, int], bool] | None = None
        self.own: tuple[Any, ...] = ()
        self.progress = -1
        self.tell: Callable[[str, float], None] = lambda _what, _share: None
        # Whether the program's automatic collections are on; they are off during a command.
        self.collecting = True
        self.own_repr = False
        # Seconds since the capture that the running command answers from; 0 for one of its own.
        self.age = 0.0
        # Seconds for which captures made the program stand still; whoever asks sets it back.
        self.paused = 0.0
        self.handles: dict[str, Any] = {}
        # What `leak why` passes over, by handle as (address, address); and the steps that it showed last.
        self.ignored: dict[str, list[tuple[int, int]]] = {}
        self.explained: tuple[str, tuple[tuple[int, int, bool], ...]] = ("", ())
        # Findings as text: what `leak` passes over in this process; what it showed last, if it was the last.
        self.dismissed: list[tuple[str, ...]] = []
        self.told: tuple[tuple[str, ...], ...] = ()
        self.saved = saved
        self.saved_path = saved_path
        self.saved_facts = dict(saved_facts or {})
        # The process whose heap it is, where a child answers for it.
        self.stands_for = 0
        # References that the user wants followed last.
        self.deferred: tuple[str, ...] = ()
        self._configured: tuple[str, ...] = ()
        # What was there at the last mark; at the one that this prompt has left by itself.
        self._seen: Seen | None = None
        self._left: Seen | None = None
        self.marks = Marks()
        for each in saved_marks:
            self.marks.add(each)
        # Names of references, from one mark to the next: most of a program stays as it is.
        self._steps: dict[int, str] = {}
        self._heap: Heap | None = None
        self._counted: tuple[float, Tally] | None = None
        self._reckoned: Ledger | None = None
        self._orphans: OrphanMark | None = None
        # When `leak trace on` was typed, in monotonic seconds; None where tracing is not ours.
        self.traced: float | None = None
        self._forced = False

    def heap(self) -> Heap:
        """Return the captured heap; capture it where there is none since the program ran."""
        if self.saved is not None:
            return self.saved
        if self._heap is None:
            return self.fresh()
        self.age = time.monotonic() - self._heap.taken
        return self._heap

    def heap_with_states(self) -> Heap:
        """Return the heap as `heap` does; CommandError where a saved one does not tell what has finished."""
        heap = self.heap()
        if heap.recall is not None and heap.recall.judged is None:
            raise CommandError(
                "this file is of an older pdbleak, and does not tell what has finished; type: leak chain ..."
            )
        return heap

    @property
    def captured(self) -> Heap | None:
        """The captured heap where there is one since the program ran; captures nothing."""
        return self._heap

    def fresh(self, *, force: bool = False) -> Heap:
        """Capture the heap anew; a saved one stays as it is. Pauses the program while it walks.

        Raises CommandError where the capture would not fit into what memory is left, unless it is, or has
        been, forced at this prompt; and where there was no room after all. Nothing is kept then.
        """
        if self.saved is not None:
            return self.saved
        from pdbleak.analyses.deferred import configured  # noqa: PLC0415 - loaded with the first command
        from pdbleak.heap import take_capture  # noqa: PLC0415

        # The old one goes first: two of a large heap may not fit.
        self._heap = None
        self.age = 0.0
        # What reading it imports must be there before the capture, not be seen as new in the next one.
        self._configured = configured()
        self._forced = self._forced or force
        if not self._forced:
            _refuse_what_does_not_fit(estimate_capture())
        try:
            heap = take_capture(
                own=(self, *self.own), picked=tuple(self.handles.values()), progress=self.progress
            )
        except MemoryError:
            raise CommandError(
                f"no memory for a capture, which takes about {estimate_capture() >> 20:,} MiB; "
                "nothing is kept; type: leak memory"
            ) from None
        self._heap = heap
        self.paused += heap.pause
        return heap

    def mark(self, name: str = "", *, fresh: bool = False) -> Mark:
        """Keep a mark of the captured heap, or of a new one; one capture leaves one mark. O(V + E)."""
        from pdbleak.analyses.marking import take_mark  # noqa: PLC0415

        heap = self.fresh() if fresh else self.heap()
        known: Mark | None = heap._cache.get("mark")  # noqa: SLF001 - the place for it
        if known is None and self.saved is not None:
            known = self._mark_of_saved(heap)
        elif known is None:
            extra = self.followed_last
            mark = take_mark(heap, name=name, extra=extra, memory=self._steps, ran=STANDING.ran)
            known = self.marks.add(mark)
        elif name and known.name != name:
            known = self.marks.rename(known, name)
        heap._cache["mark"] = known  # noqa: SLF001
        if self.saved is None and (fresh or self._left is None):
            self._remember(heap, known, ours=not fresh)
        return known

    def _mark_of_saved(self, heap: Heap) -> Mark:
        """Return the mark that the file has of its heap; where it has none, one without a ledger."""
        from pdbleak.analyses.ledger import unknown_ledger  # noqa: PLC0415
        from pdbleak.analyses.marking import adopt_mark, take_mark  # noqa: PLC0415

        kept = list(self.marks)
        if kept:
            return adopt_mark(heap, kept[-1], extra=self.followed_last)
        return self.marks.add(take_mark(heap, extra=self.followed_last, ledger=unknown_ledger()))

    def _remember(self, heap: Heap, mark: Mark, *, ours: bool) -> None:
        """Keep which addresses were taken at a mark; one that a prompt left counts once that has ended."""
        seen = Seen(mark.name, mark.taken, heap.packed_addresses())
        if ours:
            self._left = seen
        else:
            self._seen = seen

    def newer(self) -> tuple[str, memoryview]:
        """Return the name of the last mark, and a byte per node: 1 for what is younger. O(V).

        What lies where another object has lain before it counts as old. Raises CommandError without a mark
        that is older than this prompt, or has been taken by name.
        """
        if self._seen is None:
            raise CommandError("there is no mark to be younger than; type: leak mark, and later this again")
        return self._seen.name, self.heap().newer(self._seen.addresses)

    @property
    def followed_last(self) -> tuple[str, ...]:
        """References that the user wants followed last, here or in the configuration."""
        return (*self.deferred, *self._configured)

    def leave_mark(self) -> None:
        """Keep a mark of what was captured at this prompt, unless the newest one is of just now."""
        newest = max((mark.taken for mark in self.marks), default=-APART)
        if self._heap is not None and self._heap.taken - newest >= APART:
            self.mark()

    def form(self, item: object) -> str:
        """Return an object's one-line form: the safe one, or its own repr where the line asked for that."""
        from pdbleak import names  # noqa: PLC0415

        return names.repr_form(item) if self.own_repr else names.form(item)

    def bind(self, item: object) -> str:
        """Bind an object to the next handle (`_1`, `_2`, …) and return its name; the same one again."""
        for name, bound in self.handles.items():
            if bound is item:
                return name
        # A cut drops the handles of what dies: the names that stay must not be given again.
        name = f"_{max((int(each[1:]) for each in self.handles), default=0) + 1}"
        self.handles[name] = item
        return name

    def recount(self, tally: Tally) -> tuple[float | None, Tally]:
        """Remember counts by type for the next call; return (seconds since the last call, its counts)."""
        now = time.monotonic()
        before = self._counted
        self._counted = now, tally
        return (None, {}) if before is None else (now - before[0], before[1])

    def reckon(self, ledger: Ledger) -> Ledger | None:
        """Remember a memory ledger for the next call; return the last one."""
        before, self._reckoned = self._reckoned, ledger
        return before

    def look_for_orphans(self, now: OrphanMark) -> OrphanMark | None:
        """Remember what C held for the next call; return the last one."""
        before, self._orphans = self._orphans, now
        return before

    def type_names(self) -> Iterable[str]:
        """Return names of live types for completion: of the capture if there is one, else of all classes."""
        heap = self.saved or self._heap
        if heap is not None:
            return sorted(heap.tally())
        from pdbleak.names.types import all_classes, type_name  # noqa: PLC0415

        return sorted({type_name(each) for each in all_classes()})

    def forget_heap(self) -> None:
        """Drop the captured heap; the next command captures anew."""
        self._heap = None

    def close(self) -> None:
        """Let go of everything that is the program's."""
        self._heap = None
        self._seen, self._left = self._left or self._seen, None
        self._forced = False
        self.evaluate = None
        self.wait = None
        self.own = ()
        self.ignored.clear()
        self.explained = ("", ())
        self.told = ()
        self.handles.clear()


def _refuse_what_does_not_fit(needed: int) -> None:
    """Raise CommandError if fewer bytes are left to the process than a capture needs."""
    tightest = next(iter(read_limits()), None)
    if tightest is not None and needed > tightest.left:
        raise CommandError(
            f"a capture needs about {needed >> 20:,} MiB, and {tightest.left >> 20:,} MiB are left of "
            f"{tightest.name} ({tightest.limit >> 20:,} MiB); to take it anyway, type: leak fresh --force"
        )
