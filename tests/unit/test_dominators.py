"""Dominators equal brute force and networkx on random graphs, and no shape makes them slow."""

from __future__ import annotations

import sys
import time

import networkx as nx
import pytest
import twins
from arrows import drawings, graph
from hypothesis import given, strategies

from pdbleak._native import dominators as core
from pdbleak._native import subtrees
from pdbleak._native.ints import from_values
from pdbleak.graph import from_edges

MILLION = 1_000_000


def words(values):
    return memoryview(from_values(list(values), 4))


def dominate(drawn, roots):
    nodes, edges = drawn
    return from_edges(nodes, edges).dominators(words(sorted(roots)))


def retain(parents, order, sizes, large=None):
    weights, counts = core.retain(parents, order, words(sizes), large or {})
    return list(memoryview(weights)), list(memoryview(counts))


@strategies.composite
def rooted(draw, most=24):
    nodes, edges = draw(drawings(most))
    return (nodes, edges), draw(strategies.sets(strategies.integers(0, nodes - 1), max_size=4))


@given(rooted())
def test_dominators_are_those_of_networkx(case):
    (nodes, edges), roots = case
    parents, _ = dominate(case[0], roots)
    alive = twins.reach(edges, roots, bytes(nodes))
    # What garbage refers to is not held by it.
    drawn = nx.DiGraph([(above, below) for above, below in edges if above in alive])
    drawn.add_edges_from((nodes, root) for root in roots)
    drawn.add_node(nodes)
    expected = nx.immediate_dominators(drawn, nodes)
    assert {node: parents[node] for node in alive} == {node: expected[node] for node in alive}


@given(rooted())
def test_a_node_retains_what_is_unreachable_without_it(case):
    (nodes, edges), roots = case
    weights, counts = retain(*dominate(case[0], roots), [1 << node for node in range(nodes)])
    for node in twins.reach(edges, roots, bytes(nodes)):
        dead = twins.retained(nodes, edges, node, roots)
        assert counts[node] == len(dead)
        assert weights[node] == sum(1 << other for other in dead)


@given(rooted())
def test_every_node_is_under_the_virtual_root_and_after_its_dominator(case):
    (nodes, _), roots = case
    parents, order = dominate(case[0], roots)
    assert order[0] == nodes
    assert sorted(order) == list(range(nodes + 1))
    place = {node: index for index, node in enumerate(order)}
    assert all(place[parents[node]] < place[node] for node in range(nodes))
    _, counts = retain(parents, order, [1] * nodes)
    assert counts[nodes] == nodes


@given(drawings())
def test_what_is_retained_within_garbage_dies_together(drawn):
    nodes, edges = drawn
    _, counts = retain(*dominate(drawn, ()), [1] * nodes)
    for node in range(nodes):
        assert counts[node] <= len(twins.reach(edges, [node], bytes(nodes)))


def test_a_diamond_is_dominated_by_its_top():
    drawn = graph("root -> top -> left -> bottom -> leaf; top -> right -> bottom")
    parents, _ = drawn.graph.dominators(words([drawn["root"]]))
    assert drawn([parents[drawn[name]] for name in ("bottom", "leaf", "left")]) == "top bottom top"


def test_what_two_roots_lead_to_hangs_on_the_virtual_root():
    drawn = graph("one -> shared -> below; two -> shared")
    parents, _ = drawn.graph.dominators(words([drawn["one"], drawn["two"]]))
    assert parents[drawn["shared"]] == drawn.graph.nodes
    assert parents[drawn["below"]] == drawn["shared"]


def test_garbage_takes_nothing_from_what_is_alive():
    drawn = graph("root -> kept -> leaf; lost -> leaf; lost -> kept; lost -> lost")
    parents, order = drawn.graph.dominators(words([drawn["root"]]))
    assert drawn([parents[drawn["kept"]], parents[drawn["leaf"]]]) == "root kept"
    assert retain(parents, order, [1] * 4)[1][drawn["root"]] == 3


def test_a_size_that_does_not_fit_is_counted_whole():
    drawn = graph("root -> big")
    order = drawn.graph.dominators(words([drawn["root"]]))
    weights, _ = retain(*order, [1, 0xFFFFFFFF], {drawn["big"]: 7 << 32})
    assert weights[drawn["root"]] == (7 << 32) + 1


def test_no_nodes_and_no_roots_are_no_mistake():
    parents, order = from_edges(0, []).dominators(words([]))
    assert (list(parents), list(order)) == ([], [0])
    with pytest.raises(IndexError, match="no node 3"):
        from_edges(1, []).dominators(words([3]))


def linked(count):
    return [(node, node + 1) for node in range(count - 1)]


def two_lists_of_the_same(count):
    """Two chains whose nodes in one place refer to the same third node: common ancestors are far."""
    third = range(2 * count, 3 * count)
    chains = linked(count) + [(count + above, count + below) for above, below in linked(count)]
    return chains + [
        (chain * count + place, shared) for chain in (0, 1) for place, shared in enumerate(third)
    ]


def loops(first, end):
    """References of nodes to themselves: such a node is no leaf."""
    return [(node, node) for node in range(first, end)]


def doubly_linked():
    return linked(MILLION) + [(below, above) for above, below in linked(MILLION)]


def in_a_row(node):
    return node - 1 if node else MILLION


def same(node):
    half = MILLION // 6
    return 3 * half if node % half == 0 or node >= 2 * half else node - 1


SHAPES = {
    "a linked list": (lambda: linked(MILLION), [0], in_a_row),
    "a doubly linked list": (doubly_linked, [0], in_a_row),
    "one entered from both ends": (doubly_linked, [0, MILLION - 1], lambda _: MILLION),
    "a dict of dicts": (
        lambda: [(0, node) for node in range(1, MILLION)],
        [0],
        lambda node: 0 if node else MILLION,
    ),
    "two lists of the same leaves": (lambda: two_lists_of_the_same(MILLION // 6), [0, MILLION // 6], same),
    "two lists of the same": (
        lambda: two_lists_of_the_same(MILLION // 6) + loops(2 * (MILLION // 6), 3 * (MILLION // 6)),
        [0, MILLION // 6],
        same,
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_is_deep_or_quadratic(shape):
    build, roots, parent = SHAPES[shape]
    edges = build()
    nodes = 1 + max(below for _, below in edges)
    drawn = from_edges(nodes, edges)
    limit, started = sys.getrecursionlimit(), time.process_time()
    parents, order = drawn.dominators(words(roots))
    weights, counts = core.retain(parents, order, words([1] * nodes), {})
    subtrees.by_kind(
        *map(memoryview, subtrees.children(parents)), words([0] * nodes), words([0]), weights, counts
    )
    # The quadratic way takes minutes.
    assert time.process_time() - started < 10
    assert sys.getrecursionlimit() == limit
    assert all(parents[node] == parent(node) for node in range(nodes))
    assert memoryview(counts)[nodes] == nodes


@given(strategies.randoms(use_true_random=False))
def test_shortcuts_to_far_ancestors_lead_to_the_same_dominators(rng):
    count = 60
    edges = two_lists_of_the_same(count) + loops(2 * count, rng.randrange(2 * count, 3 * count + 1))
    edges += [(rng.randrange(3 * count), rng.randrange(3 * count)) for _ in range(rng.randrange(6))]
    parents, _ = dominate((3 * count, edges), [0, count])
    expected = nx.immediate_dominators(nx.DiGraph([*edges, (3 * count, 0), (3 * count, count)]), 3 * count)
    assert list(parents) == [expected[node] for node in range(3 * count)]


def test_in_a_complete_graph_all_hang_on_the_one_that_is_entered():
    count = 3000
    row = list(range(count))
    offsets = words(range(0, count * count + 1, count))
    targets = words(row * count)
    parents, _ = core.dominate(offsets, targets, offsets, targets, words([0]))
    assert list(memoryview(parents)) == [count] + [0] * (count - 1)
