"""What known causes add to the verdict: advice for what grows, and a hint where nothing is compared; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdbleak.analyses.finding import LOW, MEDIUM, Finding
from pdbleak.analyses.holders import explain, find_known
from pdbleak.analyses.holders.callbacks import AT_EXIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.analyses.holders import Known, KnownHolder
    from pdbleak.analyses.mark import Mark
    from pdbleak.analyses.triage import Ranked

# What C holds is atexit's when so large a part of it is as many as atexit has.
AT_EXIT_PART = 0.5
AUTO = "leak auto 3 20"


def with_causes(found: Iterable[Ranked], mark: Mark, known: Iterable[Known]) -> list[Ranked]:
    """Return findings with the known causes of what stands in their rows, where there are. O(rows)."""
    children = mark.rows.children()
    explained = []
    for each in found:
        finding = each.finding
        rows = each.elements or (each.row,) * (each.row >= 0)
        holder = explain(mark.rows, rows, children) or _at_exit(finding, known)
        if holder is not None:
            basis = f"{holder.cause}; {finding.basis}"
            finding = replace(finding, basis=basis, advice=holder.advice, link=holder.link)
        explained.append(replace(each, finding=finding))
    return explained


def suspected_causes(mark: Mark, known: Iterable[Known], found: Iterable[Finding]) -> list[Finding]:
    """Return what known causes hold more of than healthy programs do, beside what was found."""
    told = {each.link for each in found}
    return [
        Finding(
            number=0,
            kind="known cause",
            type=each.type,
            path=each.path,
            count=each.count,
            size=each.size,
            count_rate=None,
            size_rate=None,
            confidence=MEDIUM if each.row >= 0 else LOW,
            basis=each.holder.cause,
            advice=each.holder.advice,
            link=each.holder.link,
            then=AUTO,
        )
        for each in (*find_known(mark), *known)
        if each.holder.link not in told
        and (each.count >= each.holder.least or each.size >= each.holder.least_size)
    ]


def _at_exit(finding: Finding, known: Iterable[Known]) -> KnownHolder | None:
    if not finding.path.startswith("held by C"):
        return None
    callbacks = sum(each.count for each in known if each.holder is AT_EXIT)
    return AT_EXIT if callbacks >= AT_EXIT_PART * max(1, finding.count) else None
