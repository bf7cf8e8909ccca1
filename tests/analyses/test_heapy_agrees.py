"""`leak via` and `leak paths` beside heapy on one heap; docs/agreement.md has the rules."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("guppy")

PROGRAM = r"""
import json, re
from pdbleak.analyses.paths import find_paths
from pdbleak.analyses.via import group_via
from pdbleak.heap import take_capture


class Held:
    __slots__ = ("__weakref__",)


class Slotted:
    __slots__ = ("left", "right", "__weakref__")


class Plain:
    pass


def slotted(**values):
    made = Slotted()
    for name, value in values.items():
        setattr(made, name, value)
    return made


def plain():
    made = Plain()
    made.attr = Held()
    return made


KEPT = [slotted(left=Held()) for _ in range(30)]
KEPT += [slotted(right=Held()) for _ in range(20)]
for _ in range(10):
    KEPT += [slotted(left=(each := Held())), slotted(right=each)]
del each
KEPT += [{"k": Held()} for _ in range(5)]
KEPT += [plain() for _ in range(7)]
KEPT += [{Held() for _ in range(4)}, [Held() for _ in range(3)]]

heap = take_capture()
report = {
    "via": {row.reference: row.count for row in group_via(heap, "Held", ["Held"]).rows},
    "paths": {row.path: row.count for row in find_paths(heap, "Held", ["Held"]).rows},
}
del heap
from guppy import hpy

hp = hpy()
held = hp.heap() & hp.Type(Held)
report["byvia"] = {row.name: row.count for row in held.byvia.partition.get_rows()}
report["rp"] = str(held.get_rp(depth=3))
print(json.dumps(report))
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    program = tmp_path_factory.mktemp("heapy") / "program.py"
    program.write_text(PROGRAM)
    root = str(Path(__file__).resolve().parents[2])
    start = "import runpy, sys; sys.path.append(sys.argv[2]); runpy.run_path(sys.argv[1], None, '__main__')"
    command = [sys.executable, "-c", start, str(program), root]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_slots_and_keys_are_partitioned_alike(report):
    ours, theirs = report["via"], report["byvia"]
    assert ours["Slotted .left"] == theirs["'.left'"] == 30
    assert ours["Slotted .right"] == theirs["'.right'"] == 20
    assert ours["Slotted .left, Slotted .right"] == theirs["'.left', '.right'"] == 10
    assert ours["dict ['k']"] == theirs["\"['k']\""] == 5


def test_attributes_are_keys_of_a_dict_to_heapy(report):
    # From CPython 3.13 on heapy may see the values in the instance as well: one reference more in the name.
    (theirs,) = [count for name, count in report["byvia"].items() if name.startswith("\"['attr']\"")]
    assert report["via"]["Plain .attr"] == theirs == 7


def test_indices_are_one_row_to_us_and_each_its_own_to_heapy(report):
    assert report["via"]["list [*]"] == 3
    assert [report["byvia"][f"'[{index}]'"] for index in range(3)] == [1, 1, 1]


def test_an_element_of_a_set_has_no_name(report):
    assert report["via"]["set {…}"] == report["byvia"]["'list(_)[0]'"] == 4


def test_both_count_every_object(report):
    assert sum(report["via"].values()) == sum(report["byvia"].values()) == sum(report["paths"].values()) == 79


def test_paths_have_as_many_objects_behind_each_type_as_the_reference_pattern(report):
    pattern = {
        match[2].replace("dict (no owner)", "dict").replace("dict of ", ""): int(match[1])
        for match in re.finditer(r"(?m)^ *\d+: [a-z]\b.*?\] (\d+) ([^:\n]+):", report["rp"])
    }
    behind: dict[str, int] = {}
    for path, count in report["paths"].items():
        holder = path.split(" → ")[-2].split(" ")[0]
        behind[holder] = behind.get(holder, 0) + count
    # Ten objects are held by two Slotted each: heapy counts referrers, we count each object once.
    assert pattern.pop("__main__.Slotted") - 10 == behind.pop("Slotted") == 60
    assert pattern.pop("__main__.Plain") == behind.pop("Plain") == 7
    assert pattern.pop("dict") == behind.pop("dict") == 5
    assert behind == {"set": 4, "list": 3}
    # The list is on heapy's next page, and where instances are referrers beside their dicts, the set, too.
    assert pattern in ({"set": 1}, {})
