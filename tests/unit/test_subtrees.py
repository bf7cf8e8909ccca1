"""Every question to the dominator tree equals its naive twin on random trees."""

from __future__ import annotations

from hypothesis import given, strategies

from pdbleak._native import subtrees
from pdbleak._native.ints import from_values

KINDS = 4


def words(values, width=4):
    return memoryview(from_values(list(values), width))


@strategies.composite
def trees(draw, most=24):
    """Draw (parents, order, kinds of nodes, their bytes, objects) of a tree under node `len(parents)`."""
    nodes = draw(strategies.integers(0, most))
    numbers = draw(strategies.permutations(range(nodes)))
    parents = [0] * nodes
    for place, node in enumerate(numbers):
        above = draw(strategies.integers(-1, place - 1))
        parents[node] = nodes if above < 0 else numbers[above]
    kinds = draw(strategies.lists(strategies.integers(0, KINDS - 1), min_size=nodes, max_size=nodes))
    weights = [1] * nodes + [0]
    for node in reversed(numbers):
        weights[parents[node]] += weights[node]
    return parents, [nodes, *numbers], kinds, weights


def ways(parents):
    """Return the dominators of every node, the nearest first."""
    found = []
    for start in range(len(parents)):
        way, node = [], parents[start]
        while node != len(parents):
            way.append(node)
            node = parents[node]
        found.append(way)
    return found


@given(trees())
def test_children_are_listed_under_their_dominator(tree):
    parents = tree[0]
    offsets, rows = map(memoryview, subtrees.children(words(parents)))
    for node in range(len(parents) + 1):
        listed = list(rows[offsets[node] : offsets[node + 1]])
        assert listed == [other for other, above in enumerate(parents) if above == node]


@given(trees(), strategies.data())
def test_below_some_nodes_are_all_their_children(tree, data):
    parents = tree[0]
    offsets, rows = subtrees.children(words(parents))
    some = data.draw(strategies.lists(strategies.integers(0, len(parents)), unique=True))
    found = list(memoryview(subtrees.below(words(some), offsets, rows)))
    assert found == [child for node in some for child, above in enumerate(parents) if above == node]


@given(trees(), strategies.data())
def test_under_the_root_are_those_to_whom_only_passed_nodes_lead(tree, data):
    parents, order, *_ = tree
    marks = strategies.binary(min_size=len(parents), max_size=len(parents))
    passed, left_out = (bytes(byte & 1 for byte in data.draw(marks)) for _ in range(2))
    found = list(memoryview(subtrees.under(words(parents), words(order), passed, left_out)))
    assert found == [
        node
        for node, way in enumerate(ways(parents))
        if not passed[node] and not left_out[node] and all(passed[above] for above in way)
    ]


@given(trees(), strategies.data())
def test_the_outermost_are_dominated_by_none_of_the_others(tree, data):
    parents, order, *_ = tree
    some = data.draw(strategies.sets(strategies.sampled_from(range(len(parents))))) if parents else set()
    found = list(subtrees.outermost(words(parents), words(order), words(sorted(some))))
    assert found == [node for node in sorted(some) if not some & set(ways(parents)[node])]


@given(trees(), strategies.data())
def test_a_partition_lists_and_weighs_each_kind(tree, data):
    parents, _, kinds, weights = tree
    alias = data.draw(strategies.permutations(range(KINDS)))
    some = sorted(data.draw(strategies.sets(strategies.sampled_from(range(len(parents)))))) if parents else []
    rows, nodes, sizes, objects = map(
        memoryview,
        subtrees.partition(words(some), words(kinds), words(alias), words(weights, 8), words(weights)),
    )
    for kind in range(KINDS):
        members = [node for node in some if alias[kinds[node]] == kind]
        assert list(nodes[rows[kind] : rows[kind + 1]]) == members
        assert sizes[kind] == objects[kind] == sum(weights[node] for node in members)


@given(trees(), strategies.integers(0, 8))
def test_the_heavier_retain_at_least_so_much(tree, least):
    weights = tree[3]
    nodes = range(len(weights))
    heavy, light = subtrees.heavier(words(nodes), words(weights, 8), least)
    assert list(heavy) == [node for node in nodes if weights[node] >= least]
    assert list(light) == [node for node in nodes if weights[node] < least]


@given(trees(), strategies.sampled_from([0.0, 0.5, 0.7, 1.0]))
def test_the_way_down_takes_the_heaviest_child_while_it_keeps_the_share(tree, share):
    parents, _, _, weights = tree
    offsets, rows = subtrees.children(words(parents))
    way = list(memoryview(subtrees.follow(len(parents), offsets, rows, words(weights, 8), share)))
    node, expected = len(parents), [len(parents)]
    while True:
        below = [other for other, above in enumerate(parents) if above == node]
        best = max(below, key=weights.__getitem__, default=None)
        if best is None or weights[best] < share * weights[node]:
            break
        expected.append(best)
        node = best
    assert way == expected


@given(trees(), strategies.data())
def test_a_kind_retains_what_one_of_it_dominates_once(tree, data):
    parents, _, kinds, weights = tree
    alias = data.draw(strategies.lists(strategies.integers(0, KINDS - 1), min_size=KINDS, max_size=KINDS))
    sizes, objects = subtrees.by_kind(
        *subtrees.children(words(parents)), words(kinds), words(alias), words(weights, 8), words(weights)
    )
    of = [alias[kind] for kind in kinds]
    inside = [{of[above] for above in [node, *way]} for node, way in enumerate(ways(parents))]
    expected = [sum(kind in around for around in inside) for kind in range(KINDS)]
    assert list(memoryview(sizes)) == list(memoryview(objects)) == expected
