"""What is left of cycles without some references equals a recount with networkx on random graphs."""

from __future__ import annotations

import networkx as nx
from arrows import drawings
from hypothesis import given, strategies

from pdbleak._native import algorithms, weaken
from pdbleak._native.ints import from_values
from pdbleak.graph import from_edges

CLASSES = strategies.lists(strategies.integers(0, 3), min_size=1, max_size=400)


def words(values):
    return memoryview(from_values(list(values), 4))


def look_inside(graph, roots=()):
    component, count = graph.components()
    members = memoryview(algorithms.select(component, bytes([0]) + bytes([1]) * count))
    marks = bytes(node in roots for node in range(graph.nodes))
    found = weaken.inside(
        graph.offsets, graph.targets, graph.back_offsets, graph.back_targets, component, members, marks
    )
    return component, count, members, [memoryview(each) for each in found]


def pairs(offsets, targets):
    """Return the (referrer, referent) pairs of the rows."""
    return [
        (node, targets[place])
        for node in range(len(offsets) - 1)
        for place in range(offsets[node], offsets[node + 1])
    ]


def cyclic(edges):
    """Return the sets of nodes on cycles, with networkx."""
    graph = nx.DiGraph(edges)
    return [
        part
        for part in nx.strongly_connected_components(graph)
        if len(part) > 1 or any(graph.has_edge(node, node) for node in part)
    ]


@given(drawings(), strategies.sets(strategies.integers(0, 60)))
def test_inside_are_the_references_within_a_component(drawn, roots):
    nodes, edges = drawn
    graph = from_edges(nodes, edges)
    component, _, members, (offsets, targets, sources, places, entries) = look_inside(graph, roots)
    within = [(above, below) for above, below in edges if component[above] == component[below] != 0]
    found = pairs(offsets, targets)
    assert sorted((members[above], members[below]) for above, below in found) == sorted(within)
    assert [above for above, _ in found] == list(sources)
    for (above, below), place in zip(found, places, strict=True):
        assert graph.referents(members[above])[place] == members[below]
    outside = {below for above, below in edges if component[above] != component[below]}
    assert [bool(entry) for entry in entries] == [node in roots or node in outside for node in members]


@given(drawings(), CLASSES, strategies.sets(strategies.integers(1, 3)))
def test_what_is_left_is_what_networkx_finds_without_the_classes(drawn, classes, removed):
    graph = from_edges(*drawn)
    component, count, members, (offsets, targets, *_) = look_inside(graph)
    class_of = [classes[place % len(classes)] for place in range(len(targets))]
    marks = bytes(number in removed for number in range(4))
    left = weaken.left_without(offsets, targets, members, component, count, words(class_of), marks)
    kept = [
        (above, below)
        for (above, below), each in zip(pairs(offsets, targets), class_of, strict=True)
        if each not in removed
    ]
    parts = cyclic(kept)
    nodes = [node for part in parts for node in part]
    assert left == (len({component[members[node]] for node in nodes}), len(nodes))


@given(drawings(), CLASSES, strategies.sets(strategies.integers(0, 60)))
def test_traits_are_counted_one_reference_at_a_time(drawn, classes, roots):
    graph = from_edges(*drawn)
    _, _, _, (offsets, targets, _, _, entries) = look_inside(graph, roots)
    class_of = [classes[place % len(classes)] for place in range(len(targets))]
    referents, firsts = weaken.count_traits(offsets, targets, entries, words(class_of), 4)
    counts = weaken.count_each(words(class_of), 4)
    for number in range(4):
        ends = [end for end, each in zip(targets, class_of, strict=True) if each == number]
        assert counts[number] == len(ends)
        if number:
            assert referents[number] == len(set(ends))
    met = {node for node in range(len(entries)) if entries[node]}
    queue, first = sorted(met), [0] * 4
    for node in queue:
        for place in range(offsets[node], offsets[node + 1]):
            if targets[place] not in met:
                met.add(targets[place])
                queue.append(targets[place])
                first[class_of[place]] += 1
    assert list(firsts)[1:] == first[1:]


@given(drawings(), strategies.lists(strategies.integers(0, 2), min_size=61, max_size=61))
def test_references_of_one_key_stand_at_one_place_between_the_same_types(drawn, types):
    graph = from_edges(*drawn)
    _, _, members, (offsets, targets, sources, places, _) = look_inside(graph)
    type_of = words(types[: graph.nodes] + [0] * max(0, graph.nodes - 61))
    keys, count = weaken.sort_references(
        offsets, targets, sources, places, members, graph.offsets, type_of, bytes(3)
    )
    told = {
        (
            type_of[members[source]],
            type_of[members[target]],
            len(graph.referents(members[source])),
            place,
        )
        for source, target, place in zip(sources, targets, places, strict=True)
    }
    assert count == len(told)
    assert sorted(set(keys)) == list(range(1, count + 1))


def test_elements_have_one_key_for_each_attribute_that_holds_their_container():
    # 0 and 1 of type 0 each hold a container of type 1 in two places; four elements refer back.
    edges = [(0, 2), (0, 3), (1, 4), (1, 5)]
    for number, container in enumerate((2, 3, 4, 5)):
        edges += [(container, 6 + 2 * number), (container, 7 + 2 * number)]
        edges += [(6 + 2 * number, container // 4), (7 + 2 * number, container // 4)]
    graph = from_edges(14, edges)
    _, _, members, (offsets, targets, sources, places, _) = look_inside(graph)
    type_of = words([0, 0, 1, 1, 1, 1] + [2] * 8)
    kinds = bytes([weaken.RECORD, weaken.CONTAINER, weaken.RECORD])
    keys, _ = weaken.sort_references(
        offsets, targets, sources, places, members, graph.offsets, type_of, kinds
    )
    key = {
        (members[source], members[target]): keys[place]
        for place, (source, target) in enumerate(zip(sources, targets, strict=True))
    }
    assert key[2, 6] == key[2, 7] == key[4, 10]
    assert key[3, 8] == key[5, 12] != key[2, 6]
    assert key[0, 2] == key[1, 4] != key[0, 3]


def test_no_cycle_has_no_reference_inside():
    graph = from_edges(3, [(0, 1), (1, 2)])
    component, count, members, (offsets, targets, sources, places, _) = look_inside(graph)
    assert (count, len(members), len(targets)) == (0, 0, 0)
    keys, found = weaken.sort_references(
        offsets, targets, sources, places, members, graph.offsets, words([0, 0, 0]), bytes(1)
    )
    assert (len(keys), found) == (0, 0)
    assert weaken.left_without(offsets, targets, members, component, count, words([]), bytes(1)) == (0, 0)
