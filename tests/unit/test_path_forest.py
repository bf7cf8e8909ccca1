"""The forest of paths and its merging equal their naive twins, whatever the numbers of the nodes."""

from __future__ import annotations

import time
from random import Random

import pytest
import twins
from arrows import drawings, subsets
from hypothesis import given, strategies

from pdbleak._native import paths
from pdbleak._native.ints import from_values
from pdbleak.graph import from_edges

NOWHERE = 0xFFFFFFFF
NAMESPACE, TYPE = 16, 32


def words(values):
    return from_values(list(values), 4)


def grow(graph, ranks, deferred, patient=None):
    seeds = [node for rank in ranks for node in rank]
    ends = [sum(map(len, ranks[: place + 1])) for place in range(len(ranks))]
    labels = range(len(seeds))
    patient = len(ranks) if patient is None else patient
    grown = paths.grow_forest(
        graph.offsets, graph.targets, words(seeds), words(labels), words(ends), patient, deferred
    )
    return [memoryview(each).tolist() for each in grown]


def merge(graph, grown, types, kinds, *, flags=None, furniture=None, names=None, roles=None):
    count = max(types) + 1
    merged = paths.merge_paths(
        *(words(each) for each in (grown[2], grown[0], grown[1])),
        graph.offsets,
        words(types),
        words(range(len(types))),
        bytes(flags or len(types)),
        NAMESPACE,
        TYPE,
        graph.targets,
        words(names or range(count)),
        bytes(kinds),
        bytes(furniture or count),
        bytes(roles or count),
    )
    return {name: memoryview(array).tolist() for name, array in merged.items()}


@strategies.composite
def forests(draw, most=24):
    nodes, edges = draw(drawings(most))
    node = strategies.integers(0, nodes - 1)
    ranks = draw(strategies.lists(strategies.lists(node, max_size=4), min_size=1, max_size=4))
    return nodes, edges, ranks, subsets(draw, nodes), draw(strategies.integers(0, len(ranks)))


@given(forests())
def test_the_forest_is_its_twin(drawn):
    nodes, edges, ranks, deferred, patient = drawn
    graph = from_edges(nodes, edges)
    rows = [list(graph.referents(node)) for node in range(nodes)]
    assert grow(graph, ranks, deferred, patient) == list(twins.forest(rows, ranks, deferred, patient))


@given(forests())
def test_every_node_that_a_seed_leads_to_has_a_path_and_no_other(drawn):
    nodes, edges, ranks, deferred, patient = drawn
    parents, places, order = grow(from_edges(nodes, edges), ranks, deferred, patient)
    seeds = {node for rank in ranks for node in rank}
    assert {node for node in range(nodes) if parents[node] != NOWHERE} == twins.reach(
        edges, seeds, bytes(nodes)
    )
    assert sorted(order) == [node for node in range(nodes) if parents[node] != NOWHERE]
    graph = from_edges(nodes, edges)
    for node in order:
        if parents[node] != node:
            assert graph.referents(parents[node])[places[node]] == node
            assert order.index(parents[node]) < order.index(node)
        else:
            assert node in seeds


@given(forests())
def test_no_path_passes_more_deferred_nodes_than_it_must(drawn):
    nodes, edges, ranks, deferred, _ = drawn
    ranks = [[node for rank in ranks for node in rank]]
    parents, _, order = grow(from_edges(nodes, edges), ranks, deferred)
    turned = [(below, above) for above, below in edges]
    ends = bytes(node in ranks[0] for node in range(nodes))
    for node in order:
        passed, above = 0, node
        while parents[above] != above:
            above = parents[above]
            passed += deferred[above] and parents[above] != above
        if not any(deferred[seed] for seed in ranks[0]):
            assert passed == twins.fewest_deferred(nodes, turned, node, ends, deferred)


@strategies.composite
def typed_forests(draw, most=24):
    drawn = draw(forests(most))
    nodes = drawn[0]
    few = strategies.integers(0, 3)
    types = draw(strategies.lists(few, min_size=nodes, max_size=nodes))
    kinds = draw(strategies.lists(strategies.sampled_from([0, 1, 2]), min_size=4, max_size=4))
    flags = draw(strategies.lists(strategies.sampled_from([0, 0, 16, 32]), min_size=nodes, max_size=nodes))
    furniture = subsets(draw, 4)
    names = draw(strategies.lists(few, min_size=4, max_size=4))
    roles = draw(strategies.lists(strategies.integers(0, 2), min_size=4, max_size=4))
    return *drawn, types, kinds, flags, furniture, names, roles


@given(typed_forests())
def test_merging_is_its_twin(drawn):
    nodes, edges, ranks, deferred, patient, types, kinds, flags, furniture, names, roles = drawn
    types = [*types[:-1], 3]
    graph = from_edges(nodes, edges)
    grown = grow(graph, ranks, deferred, patient)
    merged = merge(graph, grown, types, kinds, flags=flags, furniture=furniture, names=names, roles=roles)
    rows = [list(graph.referents(node)) for node in range(nodes)]
    assert merged["group"] == twins.merged(rows, grown, types, kinds, flags, furniture, names, roles)


@given(typed_forests())
def test_groups_have_every_member_once(drawn):
    nodes, edges, ranks, deferred, patient, types, kinds, flags, furniture, names, roles = drawn
    types = [*types[:-1], 3]
    graph = from_edges(nodes, edges)
    grown = grow(graph, ranks, deferred, patient)
    merged = merge(graph, grown, types, kinds, flags=flags, furniture=furniture, names=names, roles=roles)
    for number, count in enumerate(merged["count"]):
        members = [node for node in grown[2] if merged["group"][node] == number]
        assert len(members) == count
        assert (members[0], members[-1]) == (merged["first"][number], merged["last"][number])
        assert merged["size"][number] == sum(members)
        assert {names[types[node]] for node in members} == {merged["name"][number]}
    assert sum(merged["count"]) == len(grown[2])


@given(typed_forests(), strategies.randoms())
def test_other_numbers_for_the_same_nodes_give_the_same_groups(drawn, random):
    nodes, edges, ranks, deferred, patient, types, kinds, flags, furniture, names, roles = drawn
    types = [*types[:-1], 3]
    number = list(range(nodes))
    random.shuffle(number)
    places = sorted(range(nodes), key=lambda node: number[node])
    others = [types[node] for node in places], [flags[node] for node in places]
    found = []
    for edges_, ranks_, deferred_, (types_, flags_) in (
        (edges, ranks, deferred, (types, flags)),
        (
            [(number[above], number[below]) for above, below in edges],
            [[number[node] for node in rank] for rank in ranks],
            bytes(deferred[node] for node in places),
            others,
        ),
    ):
        graph = from_edges(nodes, edges_)
        grown = grow(graph, ranks_, deferred_, patient)
        padded = [*types_, 3]
        merged = merge(
            graph, grown, padded, kinds, flags=[*flags_, 0], furniture=furniture, names=names, roles=roles
        )
        found.append(merged)
    for column in ("above", "label", "name", "count", "folded"):
        assert found[0][column] == found[1][column]
    assert [found[1]["group"][number[node]] for node in range(nodes)] == found[0]["group"][:nodes]


def grow_and_merge(nodes, edges, types, kinds):
    graph = from_edges(nodes, edges)
    grown = grow(graph, [[0]], bytes(nodes))
    started = time.perf_counter()
    merged = merge(graph, grown, types, kinds)
    assert time.perf_counter() - started < 5
    return grown, merged


def test_a_long_linked_list_is_two_groups():
    count = 200_000
    _, merged = grow_and_merge(count, [(node, node + 1) for node in range(count - 1)], [0] * count, [0])
    assert merged["count"] == [1, count - 1]
    assert merged["folded"] == [0, 1]


def test_a_list_linked_both_ways_is_two_groups():
    count = 100_000
    edges = [pair for node in range(count - 1) for pair in ((node, node + 1), (node + 1, node))]
    _, merged = grow_and_merge(count, edges, [0] * count, [0])
    assert merged["count"] == [1, count - 1]


def test_a_tree_through_lists_is_folded():
    # A node of type 0 refers to a list of type 1, which refers to three nodes.
    edges, types, lists = [], [0], []
    while len(types) < 50_000:
        holder = lists.pop(0) if lists else None
        for _ in range(3 if holder is not None else 1):
            node = len(types) if holder is not None else 0
            if holder is not None:
                types.append(0)
                edges.append((holder, node))
            types.append(1)
            edges.append((node, len(types) - 1))
            lists.append(len(types) - 1)
    _, merged = grow_and_merge(len(types), edges, types, [0, 1])
    assert len(merged["count"]) == 3
    assert sum(merged["folded"]) > 0


def test_nested_mappings_are_folded():
    count = 100_000
    _, merged = grow_and_merge(count, [(node, node + 1) for node in range(count - 1)], [0] * count, [2])
    assert len(merged["count"]) <= 5


@pytest.mark.parametrize("kinds", [[0] * 6, [2] * 6])
def test_a_tangle_of_many_types_stays_small(kinds):
    random = Random(1)
    count = 30_000
    edges = [(random.randrange(node), node) for node in range(1, count)]
    edges += [(random.randrange(count), random.randrange(count)) for _ in range(count)]
    types = [random.randrange(6) for _ in range(count - 1)] + [5]
    grown, merged = grow_and_merge(count, edges, types, kinds)
    assert len(grown[2]) == count
    assert len(merged["count"]) <= count


def test_a_complete_graph_of_3000_is_quick():
    count = 3000
    edges = [(above, below) for above in range(count) for below in range(0, count, 3)]
    _, merged = grow_and_merge(count, edges, [0] * count, [0])
    assert sum(merged["count"]) == count // 3
