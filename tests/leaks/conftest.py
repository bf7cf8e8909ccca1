"""Which programs are run, and where their rows are left.

A run of the part takes the QUICK ones. PDBLEAK_LEAKS=all takes all of them, as `make leaks` does;
PDBLEAK_LEAKS=django_queries,jinja2_templates takes these. PDBLEAK_TOOLS=objgraph,leak-hunter,memalot
asks these, too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the rows: PDBLEAK_ROWS, or one beside the tests' temporary files."""
    return Path(os.environ.get("PDBLEAK_ROWS") or tmp_path_factory.getbasetemp() / "rows")
