"""Every algorithm of the core equals its naive twin on random graphs."""

from __future__ import annotations

from itertools import pairwise

import pytest
import twins
from arrows import drawings, graph, subsets
from hypothesis import given, strategies

from pdbleak._native import algorithms
from pdbleak._native.columns import Filling
from pdbleak._native.ints import from_values
from pdbleak.graph import from_edges

PLACES = strategies.sets(strategies.integers(0, 60))


def words(values):
    return memoryview(from_values(list(values), 4))


@given(drawings())
def test_reversing_turns_every_reference_round_in_the_order_of_referrers(drawn):
    nodes, edges = drawn
    turned = from_edges(nodes, edges)
    for node in range(nodes):
        assert list(turned.referrers(node)) == sorted(above for above, below in edges if below == node)


@given(drawings())
def test_reversing_twice_gives_the_same_graph(drawn):
    nodes, edges = drawn
    once = from_edges(nodes, edges)
    offsets, targets = algorithms.reverse(once.back_offsets, once.back_targets)
    again, _ = algorithms.reverse(offsets, targets)
    assert list(memoryview(offsets)) == list(once.offsets)
    assert list(memoryview(again)) == list(once.back_offsets)
    assert sorted(memoryview(targets)) == sorted(once.targets)


@given(drawings(), strategies.data())
def test_reach_is_the_closure_that_enters_no_blocked_node(drawn, data):
    nodes, edges = drawn
    starts = data.draw(strategies.lists(strategies.integers(0, nodes - 1)))
    blocked = data.draw(strategies.composite(subsets)(nodes))
    found = from_edges(nodes, edges).reach(starts, blocked=blocked)
    assert {node for node in range(nodes) if found[node]} == twins.reach(edges, starts, blocked)


@given(drawings(), strategies.data())
def test_components_are_the_sets_that_lead_to_each_other(drawn, data):
    nodes, edges = drawn
    barrier = data.draw(strategies.composite(subsets)(nodes))
    component, count = from_edges(nodes, edges).components(barrier=barrier)
    groups = {
        frozenset(node for node in range(nodes) if component[node] == number)
        for number in range(1, count + 1)
    }
    assert groups == twins.components(nodes, edges, barrier)
    assert max(component) == count


@given(drawings(), strategies.data())
def test_a_nearest_path_passes_the_fewest_deferred_nodes(drawn, data):
    nodes, edges = drawn
    start = data.draw(strategies.integers(0, nodes - 1))
    ends = data.draw(strategies.composite(subsets)(nodes))
    deferred = data.draw(strategies.composite(subsets)(nodes))
    drawn_graph = from_edges(nodes, edges)
    path = algorithms.nearest(drawn_graph.offsets, drawn_graph.targets, start, ends, deferred)
    fewest = twins.fewest_deferred(nodes, edges, start, ends, deferred)
    assert bool(path) == (fewest is not None)
    if path:
        assert path[0] == start
        assert ends[path[-1]]
        assert set(pairwise(path)) <= set(edges)
        assert sum(deferred[node] for node in path[1:-1]) == fewest


@given(drawings(), strategies.data())
def test_a_nearest_path_without_deferred_nodes_is_a_shortest_one(drawn, data):
    nodes, edges = drawn
    start = data.draw(strategies.integers(0, nodes - 1))
    ends = data.draw(strategies.composite(subsets)(nodes))
    drawn_graph = from_edges(nodes, edges)
    path = algorithms.nearest(drawn_graph.offsets, drawn_graph.targets, start, ends, bytes(nodes))
    met, steps = {start}, 0
    while met and not any(ends[node] for node in met):
        more = met | {below for above, below in edges if above in met}
        if more == met:
            break
        met, steps = more, steps + 1
    assert len(path) == (steps + 1 if any(ends[node] for node in met) else 0)


def test_a_detour_is_preferred_to_a_deferred_node():
    drawn = graph("end -> type -> start; end -> a -> b -> c -> start")
    path = drawn.graph.path_from(drawn.marks("end"), drawn["start"], deferred=drawn.marks("type"))
    assert drawn(path) == "end a b c start"


def test_a_deferred_node_is_passed_where_there_is_no_other_way():
    drawn = graph("end -> type -> start; a -> start")
    path = drawn.graph.path_from(drawn.marks("end"), drawn["start"], deferred=drawn.marks("type"))
    assert drawn(path) == "end type start"


@given(strategies.lists(strategies.tuples(*[strategies.integers(0, 5)] * 3), max_size=40))
def test_a_tally_counts_and_weighs_every_type(rows):
    types, sizes, flags = ([row[column] for row in rows] for column in range(3))
    for wanted in (0, 1, 2, 6):
        counts, weights = algorithms.tally(words(types), words(sizes), 6, bytes(flags), wanted)
        kept = [row for row in rows if not wanted or row[2] & wanted]
        assert list(memoryview(counts)) == [sum(row[0] == each for row in kept) for each in range(6)]
        assert list(memoryview(weights)) == [
            sum(row[1] for row in kept if row[0] == each) for each in range(6)
        ]


@given(strategies.lists(strategies.integers(0, 5), max_size=40), strategies.binary(min_size=6, max_size=6))
def test_selecting_keeps_the_nodes_of_wanted_types_in_order(types, wanted):
    found = algorithms.select(words(types), wanted)
    assert list(memoryview(found)) == [node for node, each in enumerate(types) if wanted[each]]


@given(strategies.binary(), strategies.integers(0, 255), strategies.integers(0, 255))
def test_masking_marks_what_has_a_wanted_flag_and_no_unwanted_one(flags, wanted, unwanted):
    marks = memoryview(algorithms.masked(flags, wanted, unwanted))
    assert list(marks) == [bool(flag & wanted and not flag & unwanted) for flag in flags]
    assert list(memoryview(algorithms.positions(marks))) == [node for node, mark in enumerate(marks) if mark]


@given(strategies.lists(strategies.integers(0, 5), max_size=40))
def test_grouping_lists_the_members_of_every_component(component):
    all_offsets, all_members = algorithms.grouped(words(component), 5)
    offsets, members = memoryview(all_offsets), memoryview(all_members)
    for number in range(1, 6):
        listed = list(members[offsets[number - 1] : offsets[number]])
        assert listed == [node for node, each in enumerate(component) if each == number]


@given(drawings(), strategies.data())
def test_two_components_have_one_signature_when_they_have_one_shape(drawn, data):
    nodes, edges = drawn
    types = data.draw(strategies.lists(strategies.integers(0, 2), min_size=2 * nodes, max_size=2 * nodes))
    order = data.draw(strategies.permutations(range(nodes)))
    if data.draw(strategies.booleans()):
        types[nodes:] = [types[order.index(node)] for node in range(nodes)]
    # A second copy with other numbers, whose types are the same half of the time.
    copied = [(nodes + order[above], nodes + order[below]) for above, below in edges]
    both = from_edges(2 * nodes, edges + copied)
    component, count = both.components()
    sizes = [3 * each + 1 for each in types]
    signed, weighed = algorithms.signatures(
        both.offsets, both.targets, component, count, words(types), words(sizes)
    )
    members = [[node for node in range(2 * nodes) if component[node] == each + 1] for each in range(count)]
    shapes = [twins.shape(edges + copied, group, types) for group in members]
    for left in range(count):
        assert weighed[left] == sum(sizes[node] for node in members[left])
        for right in range(left):
            assert (signed[left] == signed[right]) == (shapes[left] == shapes[right])


@given(PLACES, PLACES, strategies.data())
def test_common_are_the_marked_nodes_whose_address_is_among_the_others(left, right, data):
    addresses, others = sorted(left), sorted(right)
    marks = data.draw(strategies.composite(subsets)(len(addresses)))
    found = algorithms.common(
        memoryview(from_values(addresses, 8)), marks, memoryview(from_values(others, 8))
    )
    assert list(found) == [node for node, each in enumerate(addresses) if marks[node] and each in right]


def test_an_array_whose_bytes_no_number_can_tell_is_refused():
    with pytest.raises(MemoryError):
        Filling(2**61 + 512, 8)
