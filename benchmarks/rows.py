"""Measured seconds as rows: a ratio, its noise, its target, whether it is reached; measures nothing."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


TIMES = "\N{MULTIPLICATION SIGN}"
TO = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its target: `reached` as text, `passed` None where there is no target."""

    what: str
    on: str
    target: str
    reached: str
    passed: bool | None


def ratios(numerators: Iterable[float], denominators: Iterable[float]) -> list[float]:
    """Divide what was measured in one round by what was measured in the same."""
    return [above / below for above, below in zip(numerators, denominators, strict=True)]


def figure(values: Sequence[float], unit: str = "") -> str:
    """Return the median and, in brackets, the lowest and the highest."""
    end = f" {unit}" if unit else ""
    if len(values) == 1:
        return short(values[0]) + end
    return f"{short(median(values))} ({short(min(values))}{TO}{short(max(values))}){end}"


def short(value: float) -> str:
    """Return a number with two digits that mean something."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def at_most(what: str, on: str, values: Sequence[float], limit: float | None, unit: str = TIMES) -> Row:
    """Make a row whose median is to stay below a limit, if there is one."""
    target = "—" if limit is None else f"≤ {limit:g} {unit}".rstrip()
    return Row(what, on, target, figure(values, unit), None if limit is None else median(values) <= limit)


def at_least(what: str, on: str, values: Sequence[float], limit: float, unit: str = f"{TIMES} faster") -> Row:
    """Make a row whose median is to reach a limit."""
    return Row(what, on, f"≥ {limit:g} {unit}".rstrip(), figure(values, unit), median(values) >= limit)


def table(rows: Iterable[Row]) -> list[str]:
    """Return rows as the lines of a Markdown table."""
    lines = ["| what | on | target | reached | |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        verdict = "" if row.passed is None else "yes" if row.passed else "**no**"
        lines.append(f"| {row.what} | {row.on} | {row.target} | {row.reached} | {verdict} |")
    return lines
