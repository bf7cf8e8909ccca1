"""How good an answer is: where in it the culprit is named; knows findings as JSON, no program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from case import Case

# The lists that an answer's findings stand in, whichever command gave it.
LISTS = ("findings", "rows")
# A command to type next repeats words of the finding, and what rises together with it is not named by it.
NO_EVIDENCE = {"next", "then", "also"}
FEW = 3


def find_findings(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the findings of an answer, as ranked."""
    return next((answer[name] for name in LISTS if name in answer), [])


def texts_of(value: Any) -> Iterator[str]:
    """Yield all texts of a finding."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in NO_EVIDENCE:
                yield from texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)


def names(finding: Any, alternatives: Iterable[Iterable[str]]) -> bool:
    """Tell whether all words of one alternative stand in a finding, each as a word of its own."""
    text = "\n".join(texts_of(finding))
    return any(
        all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words) for words in alternatives
    )


def place(findings: list[Any], alternatives: Iterable[Iterable[str]]) -> int:
    """Return at which place, from 1, a finding names the culprit; 0 if none does."""
    alternatives = list(alternatives)
    return next((at for at, each in enumerate(findings, 1) if names(each, alternatives)), 0)


def verdict(case: Case, findings: list[Any]) -> str:
    """Say how an answer did: `first`, `in three`, `later`, `missed`; for a control `silent` or `accused`."""
    if case.control:
        return "accused" if findings else "silent"
    at = place(findings, case.leaks)
    if at == 0:
        return "missed"
    return "first" if at == 1 else "in three" if at <= FEW else "later"


def succeeded(verdict: str) -> bool:
    """Tell whether a verdict is one to be satisfied with."""
    return verdict in {"first", "in three", "silent"}
