"""Dominators equal brute force and networkx on random graphs, and no shape makes them slow."""

from __future__ import annotations

import sys
import time
from itertools import chain

import networkx as nx
import pytest
import twins
from arrows import drawings, graph
from hypothesis import given, strategies

from pdbleak._native import algorithms, subtrees
from pdbleak._native import dominators as core
from pdbleak._native.ints import from_values
from pdbleak.graph import Graph, from_edges

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


# The same as rows, for a million nodes: (offsets, targets).


def rows_of_linked():
    return [*range(MILLION), MILLION - 1], range(1, MILLION)


def rows_of_doubly_linked():
    inner = chain.from_iterable((node - 1, node + 1) for node in range(1, MILLION - 1))
    return [0, *range(1, 2 * MILLION - 2, 2), 2 * MILLION - 2], [1, *inner, MILLION - 2]


def rows_of_a_dict():
    return [0, *[MILLION - 1] * MILLION], range(1, MILLION)


def rows_of_two_lists(*, loop):
    """As `two_lists_of_the_same`: each node refers to the next one and to the third in its place."""
    targets = []
    for start in (0, SIXTH):
        following = zip(range(start + 1, start + SIXTH), range(2 * SIXTH, 3 * SIXTH), strict=False)
        targets += [*chain.from_iterable(following), 3 * SIXTH - 1]
    offsets = [*range(0, 2 * SIXTH, 2), *range(2 * SIXTH - 1, 4 * SIXTH - 1, 2)]
    if loop:
        targets += range(2 * SIXTH, 3 * SIXTH)
        return [*offsets, *range(4 * SIXTH - 2, 5 * SIXTH - 1)], targets
    return [*offsets, *[4 * SIXTH - 2] * (SIXTH + 1)], targets


SIXTH = MILLION // 6
IN_A_ROW = lambda: [MILLION, *range(MILLION - 1)]
SAME = lambda: [3 * SIXTH, *range(SIXTH - 1), 3 * SIXTH, *range(SIXTH, 2 * SIXTH - 1), *[3 * SIXTH] * SIXTH]
SHAPES = {
    "a linked list": (rows_of_linked, [0], IN_A_ROW),
    "a doubly linked list": (rows_of_doubly_linked, [0], IN_A_ROW),
    "one entered from both ends": (rows_of_doubly_linked, [0, MILLION - 1], lambda: [MILLION] * MILLION),
    "a dict of dicts": (rows_of_a_dict, [0], lambda: [MILLION, *[0] * (MILLION - 1)]),
    "two lists of the same leaves": (lambda: rows_of_two_lists(loop=False), [0, SIXTH], SAME),
    "two lists of the same": (lambda: rows_of_two_lists(loop=True), [0, SIXTH], SAME),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_is_deep_or_quadratic(shape):
    build, roots, expected = SHAPES[shape]
    offsets, targets = map(words, build())
    back = map(memoryview, algorithms.reverse(offsets, targets))
    drawn = Graph(offsets, targets, *back)
    nodes = drawn.nodes
    limit, started = sys.getrecursionlimit(), time.process_time()
    parents, order = drawn.dominators(words(roots))
    weights, counts = core.retain(parents, order, words([1] * nodes), {})
    subtrees.by_kind(
        *map(memoryview, subtrees.children(parents)), words([0] * nodes), words([0]), weights, counts
    )
    # The quadratic way takes minutes.
    assert time.process_time() - started < 10
    assert sys.getrecursionlimit() == limit
    assert parents == words(expected())
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
