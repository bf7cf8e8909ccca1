"""Every kind of daemon under load: the prompt opens, nobody is dropped, and `interrupt` is its Ctrl+C."""

from __future__ import annotations

import importlib.util
import sys

import pytest
from kinds import BY_NAME, KINDS
from matrix import FRONTS, end_plainly, measure

# pdb++ cannot be imported on CPython 3.13.0 exactly.
FRONT_ENDS = [
    front
    for front in FRONTS
    if front == "pdb" or (importlib.util.find_spec("pdbpp") and sys.version_info[:3] != (3, 13, 0))
]


@pytest.mark.parametrize(
    ("name", "front"),
    [
        pytest.param(kind.name, front, marks=pytest.mark.xdist_group(kind.name))
        for kind in KINDS
        for front in FRONT_ENDS
    ],
)
def test_the_daemon_does_not_notice(name, front, rows, endings, tmp_path):
    kind = BY_NAME[name]
    if name not in endings:
        endings[name] = end_plainly(kind, tmp_path / "plain")
    row = measure(kind, front, endings[name], tmp_path / "pdbleak")
    row.save(rows)
    assert row.complaints == []
