"""Well-known causes of leaks: a table of them, recognised by merged paths; imports no library."""

from __future__ import annotations

from pdbleak.analyses.holders.hidden import find_hidden
from pdbleak.analyses.holders.known import Known, KnownHolder
from pdbleak.analyses.holders.matching import explain, find_known
from pdbleak.analyses.holders.table import KNOWN_HOLDERS

__all__ = ["KNOWN_HOLDERS", "Known", "KnownHolder", "explain", "find_hidden", "find_known"]
