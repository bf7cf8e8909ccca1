"""Whether one live object is in use or has finished: the rules of every command; runs none of its code."""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from weakref import ReferenceType

from pdbleak._native import run_state
from pdbleak.analyses.stored_states import STATES, WRAPPED, Stored, is_stored_true, stored
from pdbleak.names.attributes import read
from pdbleak.names.code import called
from pdbleak.names.devices import call_plain, file_below
from pdbleak.names.traits import is_remembered, remembered_state
from pdbleak.names.types import bases_of, is_c_type, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Rule = Callable[[Any], "Judgement | None"]

_follow = ReferenceType.__dict__["__call__"].__get__
_CLOSED = -1
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an object itself tells: *alive*, rightly in use, or *finished*, of no more use; why, in words."""

    verdict: Literal["alive", "finished"]
    reason: str


def judge(item: object) -> Judgement | None:
    """Return whether an object is in use or has finished, None where it does not tell. O(its attributes).

    Read is what C keeps, and plain values that library classes store in their instances; of a saved heap's
    object what was written down.
    """
    if is_remembered(item):
        verdict, reason = remembered_state(item)
        return Judgement(verdict, reason) if verdict else None
    return _judge(item, _DEEPEST)


def _judge(item: object, depth: int) -> Judgement | None:
    rule = _rule_of(type(item), depth)
    return None if rule is None else rule(item)


def rule_for(cls: type) -> Rule | None:
    """Return what judges the instances of a type, None if nothing does: for who judges many. O(its bases)."""
    return _rule_of(cls, _DEEPEST)


def _rule_of(cls: type, depth: int) -> Rule | None:
    """Go by the first rule of a base that answers; what speaks for another is asked `depth` times."""
    rules = [rule for base in bases_of(cls) for rule in _rules_of_base(base, depth)]

    def judge_one(item: object) -> Judgement | None:
        try:
            for rule in rules:
                found = rule(item)
                if found is not None:
                    return found
        except Exception:  # noqa: BLE001, S110  one object's state must not end an answer
            pass
        return None

    return judge_one if rules else None


def _rules_of_base(base: type, depth: int) -> Iterator[Rule]:
    if id(base) in _BY_TYPE:
        yield _BY_TYPE[id(base)]
        return
    name = type_name(base)
    # A class of the program may have the name of one that C made.
    if name in _BY_NAME and (is_c_type(base) or name in _MUTABLE):
        yield lambda item: _BY_NAME[name](item, base)
    for line in STATES.get(name, ()):
        yield partial(_judge_stored, line=line)
    if name in WRAPPED and depth:
        yield lambda item: _judge(stored(item, WRAPPED[name]), depth - 1)


def _judge_stored(item: object, *, line: Stored) -> Judgement | None:
    return Judgement(line.verdict, line.reason) if line.means(stored(item, line.attribute)) else None


def _finished(reason: str) -> Judgement:
    return Judgement("finished", reason)


def _judge_module(_item: object) -> Judgement:
    return Judgement("alive", "a module")


def _judge_class(_item: object) -> Judgement:
    return Judgement("alive", "a class")


def _judge_running(item: object) -> Judgement | None:
    """Judge a frame, a generator, a coroutine: one that waits may go on or not."""
    state = run_state(item)
    if state == "running":
        return Judgement("alive", f"{called(item)}() is running")
    what = "frame" if type(item) is types.FrameType else type_name(type(item)).replace("_", " ")
    return _finished(f"a {what} whose {called(item)}() has ended") if state == "ended" else None


def _judge_weakref(item: object) -> Judgement | None:
    return _finished("a weakref to what is dead") if _follow(item)() is None else None


def _judge_file(item: object, base: type) -> Judgement | None:
    file = item if base is type(item) and type_name(base) == "_io.FileIO" else file_below(item)
    closed = file is not None and is_stored_true(read(file, type(file), "closed"))
    return _finished("a file that is closed") if closed else None


def _judge_closed(what: str) -> Callable[[Any, type], Judgement | None]:
    """Make the rule for what has a getter `closed` in C."""
    closed = _finished(f"{what} that is closed")
    return lambda item, base: closed if is_stored_true(read(item, base, "closed")) else None


def _judge_socket(item: object, base: type) -> Judgement | None:
    return _finished("a socket that is closed") if call_plain(item, base, "fileno") == _CLOSED else None


def _judge_done(what: str) -> Callable[[Any, type], Judgement | None]:
    """Make the rule for futures, of which tasks are a kind: C's `_asyncio.Task` inherits `done`."""
    done = _finished(f"a {what} that is done")
    return lambda item, base: (
        done if any(call_plain(item, each, "done") is True for each in bases_of(base)[:2]) else None
    )


def _judge_database(item: object, base: type) -> Judgement | None:
    # Its getters raise once it is closed; an open one always has a number.
    return None if read(item, base, "total_changes") is not None else _finished("a database that is closed")


def _judge_thread(item: object, _base: type) -> Judgement | None:
    """Judge a started `threading.Thread` by what the interpreter sets when it ends."""
    if not is_stored_true(stored(stored(item, "_started"), "_flag")):
        return None
    ended = is_stored_true(stored(item, "_is_stopped"))
    # From 3.13 on a handle of C's; before, a lock that is open once the thread has gone.
    for name, method, when in (("_handle", "is_done", True), ("_tstate_lock", "locked", False)):
        kept = stored(item, name)
        ended = ended or (is_c_type(type(kept)) and call_plain(kept, type(kept), method) is when)
    return _finished("a thread that has ended") if ended else Judgement("alive", "a thread that runs")


# Their rules read nothing but what is stored, whoever made the class.
_MUTABLE = ("threading.Thread", "select.epoll")
_BY_TYPE: dict[int, Callable[[Any], Judgement | None]] = {
    id(types.ModuleType): _judge_module,
    id(type): _judge_class,
    id(types.FrameType): _judge_running,
    id(types.GeneratorType): _judge_running,
    id(types.CoroutineType): _judge_running,
    id(types.AsyncGeneratorType): _judge_running,
    id(ReferenceType): _judge_weakref,
}
_BY_NAME: dict[str, Callable[[Any, type], Judgement | None]] = {
    "_io.FileIO": _judge_file,
    "_io.TextIOWrapper": _judge_file,
    "_io.BufferedReader": _judge_file,
    "_io.BufferedWriter": _judge_file,
    "_io.BufferedRandom": _judge_file,
    "_io.BytesIO": _judge_closed("a buffer"),
    "_io.StringIO": _judge_closed("a buffer"),
    "mmap.mmap": _judge_closed("a memory map"),
    "select.epoll": _judge_closed("an epoll object"),
    "_socket.socket": _judge_socket,
    "_asyncio.Task": _judge_done("task"),
    "_asyncio.Future": _judge_done("future"),
    "sqlite3.Connection": _judge_database,
    "threading.Thread": _judge_thread,
}
