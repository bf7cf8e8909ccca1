"""A quiet heap: no collection but the test's own, and none left to do at its start."""

from __future__ import annotations

import gc

import pytest
from hypothesis import settings

# A capture takes as long as the whole test run's heap is large.
settings.register_profile("core", deadline=None)
settings.load_profile("core")


@pytest.fixture
def quiet():
    """Collect, and keep the collector off for the length of a test."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
