"""Numbers as people read them: `12,345`, `1.2 MiB`, `340 ms`; knows no result and no terminal."""

from __future__ import annotations

UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
STEP = 1024
LONG_SECONDS = 120.0
LONG_MINUTES = 7200.0


def count(number: int) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}"


def size(number: int) -> str:
    """Return bytes in the largest unit that leaves at least one whole, with one decimal."""
    if abs(number) < STEP:
        return f"{number:,} B"
    amount = float(number)
    unit = 0
    # the rounded amount decides, so that 1,048,575 is 1.0 MiB and not 1024.0 KiB
    while round(abs(amount), 1) >= STEP and unit < len(UNITS) - 1:
        amount /= STEP
        unit += 1
    return f"{amount:,.1f} {UNITS[unit]}"


def more(number: int) -> str:
    """Return a difference with its sign; none is `0`."""
    return f"{number:+,}" if number else "0"


def more_bytes(number: int) -> str:
    """Return a difference in bytes with its sign; none is `0`."""
    return f"{'+' if number > 0 else ''}{size(number)}" if number else "0"


def share(part: int, whole: int) -> str:
    """Return a part of a whole in percent, empty where there is no whole."""
    return f"{100 * part / whole:.1f}%" if whole > 0 else ""


def times(number: int) -> str:
    """Return how many times something stands, empty for once."""
    return f"×{number:,}" if number > 1 else ""  # noqa: RUF001  the sign of multiplication is meant


def plural(number: int, word: str) -> str:
    """Return a number with its noun: `1 object`, `12,345 objects`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    if seconds < 0.001:  # noqa: PLR2004  one millisecond
        return f"{seconds * 1_000_000:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < LONG_SECONDS:
        return f"{seconds:.1f} s"
    if seconds < LONG_MINUTES:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
