"""All known causes, the most special first: the first that matches a path explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.holders.callbacks import CALLBACKS
from pdbleak.analyses.holders.concurrency import CONCURRENCY
from pdbleak.analyses.holders.errors import ERRORS
from pdbleak.analyses.holders.libraries import LIBRARIES
from pdbleak.analyses.holders.registries import REGISTRIES

if TYPE_CHECKING:
    from pdbleak.analyses.holders.known import KnownHolder

KNOWN_HOLDERS: tuple[KnownHolder, ...] = (*LIBRARIES, *CALLBACKS, *REGISTRIES, *ERRORS, *CONCURRENCY)
