"""The graph over numbers: both directions agree, and what a node retains dies with it."""

from __future__ import annotations

import networkx as nx
import pytest
import twins
from arrows import drawings, graph
from hypothesis import given, strategies
from refcycle.directed_graph import DirectedGraph

from pdbleak._native.ints import from_values
from pdbleak.graph import from_edges


def test_referents_and_referrers_are_the_drawn_ones():
    drawn = graph("root -> a -> b; a -> c; b -> c")
    assert drawn(drawn.graph.referents(drawn["a"])) == "b c"
    assert drawn(drawn.graph.referrers(drawn["c"])) == "a b"
    assert (drawn.graph.nodes, drawn.graph.references) == (4, 4)


def test_a_repeated_reference_counts_twice():
    drawn = graph("a -> b; a -> b")
    assert drawn(drawn.graph.referents(drawn["a"])) == "b b"
    assert drawn(drawn.graph.referrers(drawn["b"])) == "a a"


def test_a_blocked_node_hides_what_only_it_leads_to():
    drawn = graph("root -> a -> b; root -> c -> d; a -> d")
    met = drawn.graph.reach([drawn["root"]], blocked=drawn.marks("a"))
    assert drawn(node for node in range(drawn.graph.nodes) if met[node]) == "root c d"


def test_a_path_is_a_shortest_one_from_a_root():
    drawn = graph("root -> a -> b -> c -> d; root -> x -> d; other -> y -> z -> d")
    assert drawn(drawn.graph.path_from(drawn.marks("root other"), drawn["d"])) == "root x d"


def test_there_is_no_path_to_what_no_root_leads_to():
    drawn = graph("root -> a; b -> c -> b")
    assert drawn.graph.path_from(drawn.marks("root"), drawn["c"]) == []


def test_a_root_is_its_own_path():
    drawn = graph("root -> a -> root")
    assert drawn(drawn.graph.path_from(drawn.marks("root"), drawn["root"])) == "root"


def test_a_self_reference_is_a_cycle_and_a_lone_node_is_none():
    drawn = graph("a -> a; b; c -> d -> c")
    component, count = drawn.graph.components()
    assert count == 2
    assert component[drawn["b"]] == 0
    assert component[drawn["c"]] == component[drawn["d"]] != component[drawn["a"]]


def test_a_barrier_breaks_the_cycles_through_it():
    drawn = graph("a -> type -> b -> a; b -> c -> b")
    component, count = drawn.graph.components(barrier=drawn.marks("type"))
    assert count == 1
    assert drawn(node for node in range(4) if component[node]) == "b c"


def test_a_diamond_is_retained_by_its_top_and_not_by_its_sides():
    drawn = graph("root -> top -> left -> bottom; top -> right -> bottom")
    assert drawn(drawn.graph.retained(drawn["top"], [drawn["root"]])) == "top left bottom right"
    assert drawn(drawn.graph.retained(drawn["left"], [drawn["root"]])) == "left"


def test_garbage_retains_what_only_it_leads_to():
    drawn = graph("root -> a; b -> c -> b; c -> a; c -> d")
    assert drawn(drawn.graph.retained(drawn["b"], [drawn["root"]])) == "b c d"


@given(drawings(), strategies.data())
def test_what_a_node_retains_is_what_dies_when_it_is_removed(drawn, data):
    nodes, edges = drawn
    roots = data.draw(strategies.lists(strategies.integers(0, nodes - 1), unique=True))
    tangle = from_edges(nodes, edges)
    for node in range(nodes):
        assert set(tangle.retained(node, roots)) == twins.retained(nodes, edges, node, roots)


@given(drawings())
def test_components_are_those_that_networkx_and_refcycle_find(drawn):
    nodes, edges = drawn
    component, count = from_edges(nodes, edges).components()
    own = {
        frozenset(node for node in range(nodes) if component[node] == number)
        for number in range(1, count + 1)
    }
    known = nx.DiGraph(edges)
    assert own == {
        frozenset(group)
        for group in nx.strongly_connected_components(known)
        if len(group) > 1 or known.has_edge(*group, *group)
    }
    below = {node: [end for start, end in edges if start == node] for node in range(nodes)}
    cyclic = DirectedGraph.from_out_edges(range(nodes), below).strongly_connected_components()
    assert {group for group in own if len(group) > 1} == {
        frozenset(group.vertices) for group in cyclic if len(group) > 1
    }


@given(drawings(), strategies.integers(min_value=0))
def test_behind_a_barrier_the_components_are_those_of_the_graph_without_it(drawn, bits):
    nodes, edges = drawn
    barrier = bytes(bits >> node & 1 for node in range(nodes))
    component, count = from_edges(nodes, edges).components(barrier=barrier)
    left = nx.DiGraph([edge for edge in edges if not any(barrier[node] for node in edge)])
    assert {
        frozenset(node for node in range(nodes) if component[node] == number)
        for number in range(1, count + 1)
    } == {
        frozenset(group)
        for group in nx.strongly_connected_components(left)
        if len(group) > 1 or left.has_edge(*group, *group)
    }


def test_a_long_chain_needs_no_stack():
    count = 300_000
    ring = from_edges(count, [(node, (node + 1) % count) for node in range(count)])
    component, found = ring.components()
    assert found == 1
    assert component[0] == component[-1] == 1
    assert sum(ring.reach([0])) == count


def test_the_arrays_of_a_graph_cannot_be_written():
    drawn = graph("a -> b")
    with pytest.raises(TypeError):
        drawn.graph.targets[0] = 1


def test_a_node_beyond_the_graph_is_refused():
    drawn = graph("a -> b")
    with pytest.raises(IndexError):
        drawn.graph.reach([2])
    with pytest.raises(IndexError):
        drawn.graph.path_from(bytes(2), 2)


def test_a_number_that_does_not_fit_is_refused():
    with pytest.raises(OverflowError):
        from_values([1 << 32], 4)
    with pytest.raises(OverflowError):
        from_values([-1], 8)
