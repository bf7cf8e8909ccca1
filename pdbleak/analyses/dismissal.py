"""Which findings the user has had enough of, in this process; compares text, knows no heap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.finding import Finding
    from pdbleak.analyses.triage import Ranking

KEY = compile_apart(r"\['[^']*'\]")
UNDO = "leak ignore --none takes that back"


def identity(finding: Finding) -> tuple[str, ...]:
    """Return what says that two findings of different marks are one: the type, and the path in general.

    To be asked before the path gets its exact names. Of several keys another one may be first next time.
    """
    return finding.type, KEY.sub("{str}", finding.path) if finding.keys else finding.path


def without_dismissed(ranking: Ranking, dismissed: Sequence[tuple[str, ...]]) -> Ranking:
    """Return a ranking without what the user ignores, which is said. O(findings x dismissed)."""
    left = tuple(each for each in ranking.ranked if identity(each.finding) not in dismissed)
    number = len(ranking.ranked) - len(left)
    if not number:
        return ranking
    what = "1 finding is" if number == 1 else f"{number:,} findings are"
    return replace(ranking, ranked=left, checked=(*ranking.checked, f"{what} ignored; {UNDO}"))
