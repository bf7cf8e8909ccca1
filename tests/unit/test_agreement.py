"""One heap, four counts: ours, objgraph's, heapy's and Pympler's. What differs, differs by a rule.

The rules stand in docs/agreement.md. A program of its own is measured, so that no test runner is in the
heap; ours comes first, because heapy changes what it looks at.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("guppy")
pytest.importorskip("objgraph")
pytest.importorskip("pympler")

PROGRAM = """
import gc, json, sys, threading
import objgraph
from guppy import hpy
from pympler import muppy, summary
from pdbleak._native import referents
from pdbleak.heap import TRACKED, is_debugger, take_capture

gc.disable()

class Plain:
    def __init__(self, number):
        self.number = number
        self.name = f"plain {number}"

class Slotted:
    __slots__ = ("one",)
    def __init__(self):
        self.one = [self]

class Text(str):
    pass

class Boastful:
    __slots__ = ()
    def __sizeof__(self):
        return 1_000_000

class Circular:
    def __init__(self):
        self.me = self

class Local:
    pass

class Frozen:
    pass

class Homonym:
    pass

def with_constant():
    return ("a constant", 123_456_789, "of code")

Other = type("Homonym", (), {"__module__": "elsewhere"})

def wait(started, end):
    kept = Local()
    started.set()
    end.wait()
    return kept

held = {
    "Plain": [Plain(number) for number in range(100)],
    "Slotted": [Slotted() for _ in range(50)],
    "Text": [Text(number) for number in range(10)],
    "tuple": [(number, "atom") for number in range(1000, 1030)],
    "dict": [{"key": number} for number in range(40)],
    "set": [{number} for number in range(20)],
    "bytes": [bytes([65 + number]) * (number + 9) for number in range(15)],
    "float": [number * 1.5 for number in range(25)],
    "int": [10**6 + number for number in range(35)],
    "generator": [(each for each in [1]) for _ in range(5)],
    "Boastful": [Boastful() for _ in range(3)],
    "Frozen": [Frozen() for _ in range(7)],
    "Homonym": [Homonym(), Homonym(), Other()],
}
COUNTED = ("Plain", "Slotted", "Text", "Circular", "Boastful", "generator", "Local")
KINDS = {"Plain": Plain, "Slotted": Slotted, "Text": Text, "Circular": Circular, "Boastful": Boastful,
         "generator": type(held["generator"][0]), "Local": Local}


def addresses_of(heap, flag=0):
    return {a for node, a in enumerate(heap.addresses) if not flag or heap.has(node, flag)}


def only_of_debuggers(seen):
    # What the modules of debuggers lead to, without passing what we captured.
    found = {}
    waiting = [module for name, module in list(sys.modules.items()) if is_debugger(name)]
    while waiting:
        item = waiting.pop()
        if id(item) in found or id(item) in seen:
            continue
        found[id(item)] = item
        waiting += referents(item)
    return found.keys()


def main():
    report = {}
    started, end = threading.Event(), threading.Event()
    thread = threading.Thread(target=wait, args=(started, end))
    thread.start()
    started.wait()
    for _ in range(6):
        Circular()

    before = set(map(id, gc.get_objects()))
    heap = take_capture()
    tally = heap.tally()
    report["counts"] = {name: {"ours": tally.get(name, (0, 0))[0]} for name in COUNTED}
    report["homonyms"] = {"ours": [tally["Homonym"][0], tally["elsewhere.Homonym"][0]],
                          "objgraph": objgraph.count("Homonym")}
    report["sizes"] = {name: {"ours": heap.size(heap.node_of(items[0]))} for name, items in held.items()}

    tracked, everything = addresses_of(heap, TRACKED), addresses_of(heap)
    items = {id(item): type(item).__name__ for item in gc.get_objects() if id(item) != id(everything)}
    theirs = items.keys()
    debuggers = only_of_debuggers(everything)
    report["only_ours"] = len(tracked - theirs)
    report["tools"] = len((theirs & before) - tracked)
    missed = map(objgraph.at, (theirs & before) - tracked - debuggers)
    # The compiled core keeps instances of its own classes in C.
    report["unexplained"] = [repr(item) for item in missed if not is_debugger(type(item).__module__)]

    statistics = objgraph.typestats()
    for name in COUNTED:
        report["counts"][name]["objgraph"] = statistics.get(name, 0)
    every = muppy.get_objects()
    for name in COUNTED:
        report["counts"][name]["pympler"] = sum(type(item) is KINDS[name] for item in every)
    del every
    report["untracked"] = {}
    for name in ("tuple", "dict", "bytes", "float", "int"):
        planted = {id(item) for item in held[name]}
        report["untracked"][name] = {
            "planted": len(planted), "ours": len(planted & everything),
            "objgraph": len(planted & {id(item) for item in objgraph.by_type(name)}),
        }

    report["referrers"] = {}
    for name, which in (("Plain", 0), ("Slotted", 0), ("set", 3), ("Homonym", 2)):
        item = held[name][which]
        node = heap.node_of(item)
        mine = {heap.addresses[each] for each in heap.graph.referrers(node)}
        referrers = {id(each) for each in gc.get_referrers(item)}
        report["referrers"][name] = [len(mine), mine == referrers]
    atom, constants = held["tuple"][0], with_constant.__code__.co_consts
    for name, item, holder in (("atoms", atom[0], atom), ("constants", constants, with_constant.__code__)):
        node = heap.node_of(item)
        report[name] = {
            "ours": [heap.type_name(each) for each in heap.graph.referrers(node)],
            "objgraph": sum(each is holder for each in gc.get_referrers(item)),
        }
    del item, holder, atom, constants

    rows = {row[0]: row for row in summary.summarize(held["Plain"])}
    report["pympler_plain"] = next(row[2] for name, row in rows.items() if "Plain" in name)
    for name, items in held.items():
        report["sizes"][name]["getsizeof"] = sys.getsizeof(items[0])
    del heap

    hp = hpy()
    whole = hp.heap()
    for name in COUNTED:
        report["counts"][name]["heapy"] = (whole & hp.Type(KINDS[name])).count
    report["heapy_atoms"] = {
        name: len({id(each) for each in held[name]} & {id(each) for each in (whole & hp.Type(kind)).nodes})
        for name, kind in (("tuple", tuple), ("dict", dict), ("bytes", bytes), ("float", float), ("int", int))
    }
    report["heapy_referrers"] = hp.iso(held["Slotted"][0]).referrers.count
    for name, items in held.items():
        report["sizes"][name]["heapy"] = hp.iso(items[0]).size
    del whole, hp
    gc.collect()

    heap = take_capture()
    report["plain_after_heapy"] = heap.size(heap.node_of(held["Plain"][0]))
    del heap
    gc.freeze()
    report["frozen"] = {"objgraph": objgraph.count("Frozen"), "ours": take_capture().tally()["Frozen"][0]}
    gc.unfreeze()
    end.set()
    thread.join()
    print(json.dumps(report))


main()
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    program = tmp_path_factory.mktemp("agreement") / "program.py"
    program.write_text(PROGRAM)
    root = str(Path(__file__).resolve().parents[2])
    # Not run as a script: the compiler keeps a list of a script's constants while that runs.
    start = "import runpy, sys; sys.path.append(sys.argv[2]); runpy.run_path(sys.argv[1], None, '__main__')"
    command = [sys.executable, "-c", start, str(program), root]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


TOOLS = ("ours", "objgraph", "heapy", "pympler")
# Who does not count what: the rule, and the row of docs/agreement.md.
EXCEPTIONS = {
    ("Circular", "heapy"): "collects garbage first",
    ("Circular", "pympler"): "collects garbage first",
    ("Local", "heapy"): "does not see the locals of another thread's running frames",
}
PLANTED = {
    "Plain": 100,
    "Slotted": 50,
    "Text": 10,
    "Circular": 6,
    "Boastful": 3,
    "generator": 5,
    "Local": 1,
}


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("tool", TOOLS)
def test_instances_are_counted_alike(report, tool, name):
    assert report["counts"][name][tool] == (0 if (name, tool) in EXCEPTIONS else PLANTED[name])


def test_we_have_every_object_that_the_collector_tracks_but_the_tools_own(report):
    assert report["only_ours"] == 0
    assert report["unexplained"] == []
    assert report["tools"] > 0


def test_atoms_and_containers_of_atoms_are_ours_and_heapys_but_not_objgraphs(report):
    dicts_are_tracked = sys.version_info >= (3, 14)
    for name, counts in report["untracked"].items():
        assert counts["ours"] == report["heapy_atoms"][name] == counts["planted"]
        assert counts["objgraph"] == (counts["planted"] if name == "dict" and dicts_are_tracked else 0)


def test_classes_of_one_name_are_told_apart_by_us_only(report):
    assert report["homonyms"] == {"ours": [2, 1], "objgraph": 3}


def test_sizes_differ_by_inline_values_and_by_boasts_only(report):
    sizes = report["sizes"]
    inline = ("Plain", "Frozen", "Homonym")
    for name in sizes.keys() - {*inline, "Boastful"}:
        assert sizes[name]["ours"] == sizes[name]["getsizeof"] == sizes[name]["heapy"], name
    for name in inline:
        assert sizes[name]["ours"] > sizes[name]["getsizeof"] == sizes[name]["heapy"]
    assert sizes["Boastful"]["getsizeof"] == sizes["Boastful"]["heapy"] > 1_000_000
    assert sizes["Boastful"]["ours"] < 100
    assert report["pympler_plain"] == 100 * sizes["Plain"]["getsizeof"]


def test_asking_heapy_moves_inline_values_into_dicts_up_to_3_12(report):
    size = report["sizes"]["Plain"]
    assert report["plain_after_heapy"] == size["getsizeof" if sys.version_info < (3, 13) else "ours"]


@pytest.mark.parametrize(("name", "count"), [("Plain", 1), ("Slotted", 2), ("set", 1), ("Homonym", 1)])
def test_back_references_are_those_of_get_referrers(report, name, count):
    assert report["referrers"][name] == [count, True]


def test_heapy_has_the_same_number_of_referrers(report):
    assert report["heapy_referrers"] == report["referrers"]["Slotted"][0]


def test_only_we_name_what_holds_an_atom_or_the_constants_of_code(report):
    assert report["atoms"] == {"ours": ["tuple"], "objgraph": 0}
    assert report["constants"] == {"ours": ["code"], "objgraph": 0}


def test_frozen_objects_are_ours_only(report):
    assert report["frozen"] == {"ours": 7, "objgraph": 0}
