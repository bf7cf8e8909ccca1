"""What `leak` found, as values: findings, suspects, and what was checked and found fine; judges nothing."""

from __future__ import annotations

from dataclasses import dataclass

HIGH = "high"
MEDIUM = "medium"
LOW = "low"
ORDER = (HIGH, MEDIUM, LOW)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that leaks, or may: `count` objects of `type`, `size` bytes with what hangs on them.

    `path` leads from a root to what holds them. Rates are per minute, None without history. `frees_objects`
    and `frees_size` are what removing them frees, exactly; None where that was not weighed. `confidence` is
    high, medium or low, `basis` says why, `advice` what to do where the cause is known. `also` are other
    places that rise together with it; `keys` those of one dict that hold what grows, where there are several:
    `path` leads through the first. `handle` is bound to one of them, and `origin` is where that was
    allocated, if that is traced; `then` is the command to type.
    """

    number: int
    kind: str
    type: str
    path: str
    count: int
    size: int
    count_rate: float | None
    size_rate: float | None
    confidence: str
    basis: str
    advice: str = ""
    link: str = ""
    also: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    frees_objects: int | None = None
    frees_size: int | None = None
    handle: str = ""
    origin: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Triage:
    """The answer of `leak`: `findings` accuse, `suspects` would need more marks; most important first.

    `marks` were compared over `seconds`; with one there is no history. `rss` bytes are resident, `change`
    of it, without pdbleak's own, since the first of the marks; None without history. `memory` names where
    most of it is, or went. `checked` are lines on what was looked at and found fine.
    """

    findings: tuple[Finding, ...]
    suspects: tuple[Finding, ...]
    omitted: int
    marks: int
    seconds: float
    rss: int
    change: int | None
    memory: str
    checked: tuple[str, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """Marks that are awaited while the program runs: how many, `seconds` apart."""

    marks: int
    seconds: int
    next: str
