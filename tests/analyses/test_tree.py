"""The trees of references: every edge is real, names lead along it, nothing is left out in silence."""

from __future__ import annotations

import gc
import time
from random import Random

import drawing
import pytest
from drawing import Node, build_mesh, build_random, hold

from pdbleak.analyses import tree as trees
from pdbleak.commands.backrefs import backrefs
from pdbleak.commands.refs import refs


def lines(branch, depth=0):
    """Yield (depth, reference, type, count, note) of a branch and all below it."""
    for each in branch.children:
        yield depth, each.reference, each.type, each.count, each.note
        yield from lines(each, depth + 1)


def edges(branch):
    for each in branch.children:
        yield branch, each
        yield from edges(each)


def held_by(item):
    """Return what an object refers to: the collector passes over keys where all are strings."""
    return [*gc.get_referents(item), *(dict.keys(item) if isinstance(item, dict) else ())]


def objects_of(session, tree):
    found = {branch.node for pair in edges(tree.top) for branch in pair}
    return session.heap().resolve(found)


def test_a_chain_of_referrers_is_a_line_up_to_the_module(session):
    hold("a -> b -> c", "a")
    tree = backrefs(session, subject="drawing.HELD['a'].b.c", depth=9)
    assert list(lines(tree.top)) == [
        (0, ".c", "drawing.Node", 1, ""),
        (1, ".b", "drawing.Node", 1, ""),
        (2, "['a']", "dict", 1, ""),
        (3, "['HELD']", "dict", 1, ""),
        (4, ".__dict__", "module", 1, "root: module drawing"),
    ]
    assert (tree.subject, tree.population, tree.objects) == ("drawing.Node", 3, 6)


def test_siblings_of_one_type_are_merged_and_counted(session):
    hold("a", "a")
    drawing.HELD["boxes"] = [[drawing.HELD["a"]] for _ in range(50)]
    tree = backrefs(session, subject="drawing.HELD['a']", depth=1)
    assert sorted(each[1:] for each in lines(tree.top)) == [
        ("['a']", "dict", 1, "depth limit"),
        ("[0]", "list", 50, "depth limit"),
    ]


def test_what_stands_above_ends_a_branch(session):
    hold("a -> b -> a", "a")
    tree = backrefs(session, subject="drawing.HELD['a'].b", depth=5)
    assert (1, ".a", "drawing.Node", 1, "seen above") in list(lines(tree.top))


def test_the_depth_is_kept_and_its_limit_announced(session):
    hold("a -> b -> c -> d -> e", "a")
    tree = refs(session, subject="drawing.HELD['a']", depth=2)
    assert [each for each in lines(tree.top) if each[2] == "drawing.Node"] == [
        (0, ".b", "drawing.Node", 1, ""),
        (1, ".c", "drawing.Node", 1, "depth limit"),
    ]


@pytest.mark.parametrize("direction", ["backrefs", "refs"])
@pytest.mark.parametrize("seed", range(3))
def test_every_edge_exists_and_its_name_leads_along_it(session, direction, seed):
    build_random(Random(seed))
    command = backrefs if direction == "backrefs" else refs
    tree = command(session, subject="drawing.HELD['top']", depth=4)
    objects = objects_of(session, tree)
    seen = 0
    for above, below in edges(tree.top):
        if above.node not in objects or below.node not in objects:
            continue
        if "code" in (above.type, below.type):
            continue  # the collector does not tell what code refers to
        referrer, referent = (below, above) if direction == "backrefs" else (above, below)
        assert any(each is objects[referent.node] for each in held_by(objects[referrer.node]))
        name = below.reference
        if below.count == 1 and ", " not in name and "(" not in name and "*" not in name and "{" not in name:
            if name.startswith("[key"):
                assert any(each is objects[referent.node] for each in objects[referrer.node])
            elif name.startswith((".", "[")) and objects[referent.node] is not objects[referrer.node]:
                found = eval(f"it{name}", {"it": objects[referrer.node]})
                if name == ".__annotations__" and type(objects[referent.node]) is tuple:
                    # A function keeps them as a flat tuple until somebody asks, as was done just now.
                    flat = objects[referent.node]
                    found = flat if found == dict(zip(flat[::2], flat[1::2], strict=True)) else None
                same = found is objects[referent.node] or found == objects[referent.node]
                assert same, name
                seen += 1
    assert seen


@pytest.mark.parametrize("many", [1, 7, 500, 5000])
def test_the_counts_add_up_to_all_distinct_referrers(session, many):
    hold("a", "a")
    kinds = [type(f"Kind{index}", (Node,), {"__slots__": ("it",)}) for index in range(20)]
    drawing.HELD["boxes"] = boxes = []
    for index in range(many):
        box = kinds[index % 20]() if index % 2 else [drawing.HELD["a"], drawing.HELD["a"]]
        if index % 2:
            box.it = drawing.HELD["a"]
        boxes.append(box)
    tree = backrefs(session, subject="drawing.HELD['a']", depth=1)
    heap = session.heap()
    referrers = set(heap.graph.referrers(heap.node_of(drawing.HELD["a"])))
    assert len(referrers) == many + 1
    assert sum(each.count for each in tree.top.children) + tree.top.omitted == len(referrers)


def test_what_is_left_out_is_announced_at_every_branch(session):
    drawing.HELD["mesh"] = build_mesh(300, 40)
    tree = refs(session, subject="drawing.HELD['mesh'].near", depth=2)
    heap = session.heap()
    for branch in {id(each): each for pair in edges(tree.top) for each in pair}.values():
        if branch.note == "" and branch.children:
            referents = set(heap.graph.referents(branch.node))
            assert sum(each.count for each in branch.children) + branch.omitted == len(referents)


def test_a_mesh_is_cut_at_once_and_says_so(session):
    drawing.HELD["mesh"] = build_mesh(20_000, 10)
    session.heap()
    started = time.perf_counter()
    tree = backrefs(session, subject="drawing.HELD['mesh']", depth=10)
    assert time.perf_counter() - started < 10
    branches = [branch for pair in edges(tree.top) for branch in pair]
    assert tree.objects <= trees.MOST_BRANCHES
    assert sum(each.count for each in tree.top.children) + tree.top.omitted == 10 + 1
    assert all(each.children or each.note or each.omitted or each.type == "list" for each in branches)


def test_a_million_referrers_take_no_second(session):
    drawing.HELD["a"] = Node()
    drawing.HELD["many"] = [(drawing.HELD["a"],) for _ in range(1_000_000)]
    session.heap()
    started = time.perf_counter()
    tree = backrefs(session, subject="drawing.HELD['a']", depth=2)
    assert time.perf_counter() - started < 10
    assert sum(each.count for each in tree.top.children) + tree.top.omitted == 1_000_001


def test_one_seed_picks_one_object(session):
    drawing.HELD["many"] = [Node() for _ in range(100)]
    picks = []
    for _ in range(2):
        session.random.seed(7)
        picks.append([backrefs(session, subject="Node", depth=1).top.address for _ in range(5)])
    assert picks[0] == picks[1]
    assert len(set(picks[0])) > 2


def test_a_deep_tree_needs_no_deep_stack(session):
    item = drawing.draw("a")["a"]
    for _ in range(3000):
        item = [item]
    drawing.HELD["deep"] = item
    item = None
    assert refs(session, subject="drawing.HELD['deep']", depth=100).objects >= 90
