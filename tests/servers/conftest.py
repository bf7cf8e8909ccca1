"""Where the rows leave their figures; nothing is collected where a server is missing."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))

NEEDED = (
    "uvloop hypercorn aiohttp gunicorn uvicorn_worker flask waitress tornado twisted celery schedule uvicorn"
)
MISSING = [name for name in NEEDED.split() if find_spec(name) is None]
collect_ignore_glob = ["test_*.py"] if MISSING else []


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker that keeps the rows of one kind together, also where nothing runs side by side."""
    config.addinivalue_line("markers", "xdist_group(name): run in the same process as others of the name")


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the figures: PDBLEAK_ROWS, or one beside the tests' temporary files."""
    return Path(os.environ.get("PDBLEAK_ROWS") or tmp_path_factory.getbasetemp() / "rows")


@pytest.fixture(scope="session")
def endings() -> dict[str, object]:
    """Return what is known of how kinds end under plain Python."""
    return {}
