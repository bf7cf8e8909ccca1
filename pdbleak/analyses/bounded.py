"""Containers with a limit of their own: what fills one up to it is no leak; judges nothing else."""

from __future__ import annotations

import functools
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.finding import LOW
from pdbleak.analyses.marking import groups_of_rows, members_of_rows
from pdbleak.analyses.pathtree import NOWHERE
from pdbleak.analyses.triage import AUTO, Ranked, Ranking
from pdbleak.names.attributes import attributes

if TYPE_CHECKING:
    from pdbleak.heap import Heap

# What is stored under these names in a container's owner, or in the container itself.
LIMITS = frozenset({
    *("maxsize", "_maxsize", "max_size", "_max_size", "maxlen", "_maxlen", "max_entries", "_max_entries"),
    *("capacity", "_capacity", "_max_workers", "_MAXCACHE", "_Cache__maxsize"),
})  # fmt: skip
# An owner is so many references above its container: an instance's dict, the instance, what wraps it.
MOST_ABOVE = 3
MOST_CONTAINERS = 500
# Findings that are looked at.
MOST = 10
# A limit that lets so many bytes gather is none.
TOO_MUCH = 1 << 28
_LRU_CACHE: Any = type(functools.lru_cache(maxsize=1)(len))
_cache_info = _LRU_CACHE.__dict__["cache_info"]
_maxlen = deque.__dict__["maxlen"].__get__


def lower_bounded(heap: Heap, ranking: Ranking) -> Ranking:
    """Return a ranking that accuses nothing which is below a limit of its own. One search for the owners.

    The limits are read where they are stored, and by C: a deque's, an lru_cache's, and those of owners with
    an attribute of such a name. Of a saved heap they are not known.
    """
    known = groups_of_rows(heap)
    accused = [each for each in ranking.ranked if each.accuses and each.row >= 0][:MOST]
    if known is None or heap.recall is not None or not accused:
        return ranking
    chains = {each.row: _chains(heap, each.row) for each in accused}
    found = heap.resolve({node for rows in chains.values() for chain in rows for node in chain})
    lowered = [
        _lowered(each, _limit([[found.get(node) for node in chain] for chain in chains.get(each.row, ())]))
        if each in accused
        else each
        for each in ranking.ranked
    ]
    return replace(ranking, ranked=tuple(sorted(lowered, key=lambda each: not each.accuses)))


def _chains(heap: Heap, row: int) -> list[list[int]]:
    """Return the containers of a row, each with what is above it; none where they are too many."""
    known = groups_of_rows(heap)
    assert known is not None
    tree, groups = known
    members = members_of_rows(tree, groups, (row,))
    if len(members) > MOST_CONTAINERS:
        return []
    chains = []
    for node in members:
        chain = [node]
        while len(chain) <= MOST_ABOVE and tree.parents[chain[-1]] != NOWHERE:
            chain.append(tree.parents[chain[-1]])
        chains.append(chain)
    return chains


def _limit(chains: list[list[Any]]) -> int:
    """Return the sum of the limits of some containers, 0 where one has none."""
    limits = [next((limit for limit in map(limit_of, chain) if limit), 0) for chain in chains]
    return sum(limits) if limits and all(limits) else 0


def limit_of(item: object) -> int:
    """Return how many elements an object may have or lets its container have; 0 is no limit."""
    kind = type(item)
    if kind is deque:
        return _maxlen(item) or 0
    if kind is _LRU_CACHE:
        return _cache_info(item).maxsize or 0
    if kind is dict:
        stored = [(key, value) for key, value in list(item.items()) if type(key) is str]  # type: ignore[attr-defined]
    else:
        stored = list(attributes(item))
    return next((value for name, value in stored if name in LIMITS and type(value) is int and value > 0), 0)


def _lowered(ranked: Ranked, limit: int) -> Ranked:
    finding = ranked.finding
    large = finding.size / max(1, finding.count) * limit > TOO_MUCH
    if finding.count > limit or large or finding.advice:
        # A known cause is one at any number: Django's queries under DEBUG have a limit as well.
        return ranked
    basis = f"it fills up to its own limit of {limit:,}, and has {finding.count:,}; {finding.basis}"
    return replace(ranked, finding=replace(finding, basis=basis, confidence=LOW, then=AUTO), accuses=False)
