"""The core of a cut: the fewest references, the choke point, and what dies, against naive twins."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise

import networkx as nx
import pytest
import twins
from arrows import drawings, graph, subsets
from hypothesis import given, strategies

from pdbleak._native import cut, dying
from pdbleak._native.ints import from_values
from pdbleak.graph import from_edges

NOWHERE = 0xFFFFFFFF
FIRM_FROM, FIRM_TO = 1, 2


def words(values):
    return memoryview(from_values(list(values), 4))


def longs(values):
    return memoryview(from_values(list(values), 8))


def minimum_cut(drawn, subject, roots, *, flags=None, types=None, firm=b"\0", homes=None, pinned=(), limit=6):
    return cut.minimum_cut(
        *(drawn.offsets, drawn.targets, drawn.back_offsets, drawn.back_targets, subject, roots),
        words(types or [0] * drawn.nodes),
        firm,
        words(homes or [NOWHERE] * len(firm)),
        flags or bytes(drawn.nodes),
        *(FIRM_FROM, FIRM_TO),
        longs(sorted(above << 32 | below for above, below in pinned)),
        limit,
    )


def leads(edges, roots, subject):
    starts = [node for node, mark in enumerate(roots) if mark]
    return subject in twins.reach(edges, starts, bytes(len(roots)))


def flow_of(nodes, edges, roots, subject, firm):
    """What networkx says: the capacity of a minimum cut, None where it is unbounded."""
    net = nx.DiGraph()
    net.add_nodes_from([*range(nodes), "root"])
    for (above, below), count in Counter(edges).items():
        if firm(above, below):
            net.add_edge(above, below)
        else:
            net.add_edge(above, below, capacity=count)
    for node in range(nodes):
        if roots[node]:
            net.add_edge("root", node)
    try:
        return nx.maximum_flow_value(net, "root", subject)
    except nx.NetworkXUnbounded:
        return None


@given(drawings(16), strategies.data())
def test_the_fewest_references_are_as_many_as_networkx_says_and_cut_the_way(drawn, data):
    nodes, edges = drawn
    subject = data.draw(strategies.integers(0, nodes - 1))
    roots = data.draw(strategies.composite(subsets)(nodes))
    types = data.draw(strategies.lists(strategies.integers(0, 2), min_size=nodes, max_size=nodes))
    flags = bytes(
        data.draw(strategies.sampled_from((0, 0, 0, 0, FIRM_FROM, FIRM_TO, 3))) for _ in range(nodes)
    )
    firm = bytes(data.draw(strategies.sampled_from((0, 0, 1))) for _ in range(3))
    homes = [data.draw(strategies.sampled_from((NOWHERE, *range(nodes)))) for _ in range(3)]
    pinned = set(data.draw(strategies.lists(strategies.sampled_from(edges), max_size=3))) if edges else set()

    def is_firm(above, below):
        return bool(
            firm[types[above]]
            or flags[above] & FIRM_FROM
            or flags[below] & FIRM_TO
            or homes[types[above]] == below
            or (above, below) in pinned
        )

    drawn_graph = from_edges(nodes, edges)
    number, pairs, way = minimum_cut(
        drawn_graph, subject, roots, flags=flags, types=types, firm=firm, homes=homes, pinned=pinned
    )
    fewest = None if roots[subject] else flow_of(nodes, edges, roots, subject, is_firm)
    if fewest is None:
        assert number == -1
        assert roots[way[0]]
        assert way[-1] == subject
        assert all(pair in edges and is_firm(*pair) for pair in pairwise(way))
        return
    assert (number, way) == (min(fewest, 7), [])
    if number > 6:
        assert pairs == []
        return
    assert sum(count for *_, count in pairs) == number
    assert all(edges.count((above, below)) == count for above, below, count in pairs)
    assert not any(is_firm(above, below) for above, below, _ in pairs)
    assert not leads([edge for edge in edges if edge not in {pair[:2] for pair in pairs}], roots, subject)


@given(drawings(7), strategies.data())
def test_of_all_smallest_cuts_the_nearest_is_taken(drawn, data):
    nodes, edges = drawn
    subject = data.draw(strategies.integers(0, nodes - 1))
    roots = data.draw(strategies.composite(subsets)(nodes))
    number, pairs, _ = minimum_cut(from_edges(nodes, edges), subject, roots)
    if not 0 < number <= 3:
        return
    alive = twins.reach(edges, [node for node in range(nodes) if roots[node]], bytes(nodes))
    kept = [edge for edge in edges if edge not in {pair[:2] for pair in pairs}]
    freed = {node for node in alive if subject in twins.reach(kept, [node], bytes(nodes))}
    for places in combinations(range(len(edges)), number):
        rest = [edge for place, edge in enumerate(edges) if place not in places]
        if not leads(rest, roots, subject):
            side = {node for node in alive if subject in twins.reach(rest, [node], bytes(nodes))}
            assert freed <= side


@given(drawings(), strategies.data())
def test_the_choke_point_is_the_immediate_dominator(drawn, data):
    nodes, edges = drawn
    subject = data.draw(strategies.integers(0, nodes - 1))
    roots = data.draw(strategies.composite(subsets)(nodes))
    drawn_graph = from_edges(nodes, edges)
    found = cut.choke_point(drawn_graph.back_offsets, drawn_graph.back_targets, subject, roots)
    net = nx.DiGraph(edges)
    net.add_edges_from(("root", node) for node in range(nodes) if roots[node])
    net.add_nodes_from([*range(nodes), "root"])
    above = nx.immediate_dominators(net, "root").get(subject, "root")
    assert found == (-1 if above == "root" else above)


def test_references_that_stand_side_by_side_count_each():
    drawn = graph("root -> list -> a; root -> list")
    graph_ = from_edges(3, [(0, 1), (1, 2), (1, 2), (1, 2)])
    assert minimum_cut(graph_, 2, b"\1\0\0") == (1, [(0, 1, 1)], [])
    assert minimum_cut(graph_, 2, b"\0\1\0") == (3, [(1, 2, 3)], [])
    assert minimum_cut(drawn.graph, drawn["a"], drawn.marks("root"))[0] == 1


def test_a_way_found_before_is_led_another_way_round():
    drawn = graph("r -> a -> b -> s; r -> c -> b; a -> d -> s; r -> b")
    number, pairs, _ = minimum_cut(drawn.graph, drawn["s"], drawn.marks("r"))
    assert (number, [drawn(pair[:2]) for pair in pairs]) == (2, ["b s", "d s"])


@pytest.mark.parametrize("limit", [1, 6])
def test_more_than_the_limit_ends_the_search(limit):
    edges = [(0, 1 + each) for each in range(20)] + [(1 + each, 21) for each in range(20)]
    assert minimum_cut(from_edges(22, edges), 21, b"\1" + bytes(21), limit=limit) == (limit + 1, [], [])


def test_a_long_list_entered_from_both_ends_takes_two_cuts_and_no_recursion():
    count = 300_000
    edges = [(each, each + 1) for each in range(count - 1)] + [(each + 1, each) for each in range(count - 1)]
    drawn = from_edges(count + 1, [*edges, (count, 0), (count, count - 1)])
    roots = bytes(count) + b"\1"
    middle = count // 2
    assert minimum_cut(drawn, middle, roots) == (
        2,
        [(middle - 1, middle, 1), (middle + 1, middle, 1)],
        [],
    )
    assert cut.choke_point(drawn.back_offsets, drawn.back_targets, middle, roots) == count


# ---- what dies ----


def naive_deaths(nodes, edges, roots, removed, rules):
    """Count references as the interpreter does, then collect, and again while weak containers let go."""
    gone = set(removed)
    starts = [node for node in range(nodes) if roots[node]]
    lived = twins.reach(edges, starts, bytes(nodes))
    died = {}

    def references(node):
        return [
            place
            for place, (above, below) in enumerate(edges)
            if below == node and place not in gone and above not in died
        ]

    def cascade(phase):
        fired = False
        while True:
            for trigger, place in rules:
                if trigger in died and place not in gone and edges[place][0] not in died:
                    gone.add(place)
                    fired = True
            touched = {edges[place][1] for place in gone} | {below for above, below in edges if above in died}
            more = [node for node in touched if node not in died and not roots[node] and not references(node)]
            if not more:
                return fired
            died[more[0]] = phase

    cascade(1)
    phase = 2
    while True:
        kept = [edge for place, edge in enumerate(edges) if place not in gone]
        alive = twins.reach(kept, starts, bytes(nodes))
        trash = [node for node in range(nodes) if node not in alive and node not in died]
        for node in trash:
            died[node] = phase
        fired = cascade(phase)
        if not fired:
            return [died.get(node, 0) if node in lived else 0 for node in range(nodes)]
        phase = 4


@given(drawings(14), strategies.data())
def test_what_dies_and_when_is_as_if_references_were_counted_one_by_one(drawn, data):
    nodes, edges = drawn
    roots = data.draw(strategies.composite(subsets)(nodes))
    drawn_graph = from_edges(nodes, edges)
    # The places of edges in the graph: sorted by referrer, in the order in which they were given.
    ordered = sorted(edges, key=lambda edge: edge[0])
    places = strategies.integers(0, len(edges) - 1)
    removed = data.draw(strategies.lists(places, max_size=4)) if edges else []
    rules = (
        data.draw(strategies.lists(strategies.tuples(strategies.integers(0, nodes - 1), places), max_size=4))
        if edges
        else []
    )
    rules.sort()
    phases, settled = dying.dying(
        *(drawn_graph.offsets, drawn_graph.targets, drawn_graph.back_offsets, roots, words(removed)),
        words(trigger for trigger, _ in rules),
        words(ordered[place][0] for _, place in rules),
        words(place for _, place in rules),
        100,
    )
    assert settled
    alive = twins.reach(ordered, [node for node in range(nodes) if roots[node]], bytes(nodes))
    died = naive_deaths(nodes, ordered, roots, removed, rules)
    expected = [died[node] or (8 if node in alive and not roots[node] else 0) for node in range(nodes)]
    assert list(memoryview(phases)) == expected


def test_a_long_list_dies_without_recursion():
    count = 300_000
    drawn = from_edges(count, [(each, each + 1) for each in range(count - 1)])
    none = words([])
    phases, _ = dying.dying(
        *(drawn.offsets, drawn.targets, drawn.back_offsets, b"\1" + bytes(count - 1), words([0])),
        *(none, none, none, 8),
    )
    assert bytes(memoryview(phases)) == b"\0" + b"\1" * (count - 1)
