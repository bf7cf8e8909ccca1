# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Questions to the dominator tree: ints in, ints out; knows no object and no graph.

`dominators` has every node's immediate dominator, the virtual root numbered as the count of nodes; `order`
lists every node after its dominator. `kinds` are numbers of types, `weights` and `counts` what is retained.
"""

include "arrays.pxi"


def children(const uint32_t[::1] dominators):
    """Return (offsets, nodes): node v dominates nodes[offsets[v]:offsets[v + 1]] immediately. O(V).

    The virtual root's row is the last one.
    """
    cdef Py_ssize_t nodes = dominators.shape[0]
    cdef Ints offsets = allocate(nodes + 2, 4)
    cdef Ints rows = allocate(nodes, 4)
    cdef uint32_t *ends = <uint32_t *>offsets.data
    cdef uint32_t *row = <uint32_t *>rows.data
    cdef uint32_t total = 0
    cdef uint32_t count
    cdef Py_ssize_t node
    with nogil:
        for node in range(nodes):
            ends[dominators[node] + 1] += 1
        for node in range(nodes + 1):
            count = ends[node + 1]
            ends[node + 1] = total
            total += count
        for node in range(nodes):
            row[ends[dominators[node] + 1]] = <uint32_t>node
            ends[dominators[node] + 1] += 1
    return offsets, rows


def below(const uint32_t[::1] nodes, const uint32_t[::1] offsets, const uint32_t[::1] rows):
    """Return the children of all of some nodes, as one array. O(children)."""
    cdef Py_ssize_t place
    cdef Py_ssize_t count = 0
    cdef uint32_t child
    cdef Ints found
    cdef uint32_t *items
    for place in range(nodes.shape[0]):
        count += offsets[nodes[place] + 1] - offsets[nodes[place]]
    found = allocate(count, 4)
    items = <uint32_t *>found.data
    with nogil:
        count = 0
        for place in range(nodes.shape[0]):
            for child in range(offsets[nodes[place]], offsets[nodes[place] + 1]):
                items[count] = rows[child]
                count += 1
    return found


def under(const uint32_t[::1] dominators, const uint32_t[::1] order, const uint8_t[::1] passed,
          const uint8_t[::1] left_out):
    """Return the nodes under the virtual root, or under nodes marked in `passed` that are. O(V).

    What is passed does not count itself, nor what is marked in `left_out`.
    """
    cdef Py_ssize_t nodes = dominators.shape[0]
    cdef Scratch memory = Scratch(nodes + 1)
    cdef uint8_t *through = <uint8_t *>memory.data
    cdef Ints found
    cdef uint32_t *items
    cdef Py_ssize_t place
    cdef Py_ssize_t count = 0
    cdef uint32_t node
    with nogil:
        through[nodes] = 1
        for place in range(1, nodes + 1):
            node = order[place]
            if through[dominators[node]]:
                if passed[node]:
                    through[node] = 1
                elif not left_out[node]:
                    count += 1
    found = allocate(count, 4)
    items = <uint32_t *>found.data
    with nogil:
        count = 0
        for place in range(nodes):
            if through[dominators[place]] and not through[place] and not left_out[place]:
                items[count] = <uint32_t>place
                count += 1
    return found


def outermost(const uint32_t[::1] dominators, const uint32_t[::1] order, const uint32_t[::1] nodes):
    """Return those of some nodes that none of the others dominates. O(V)."""
    cdef Py_ssize_t total = dominators.shape[0]
    cdef Scratch memory = Scratch(total + 1)
    cdef uint8_t *inside = <uint8_t *>memory.data
    cdef Ints found = allocate(nodes.shape[0], 4)
    cdef uint32_t *items = <uint32_t *>found.data
    cdef Py_ssize_t place
    cdef Py_ssize_t count = 0
    cdef uint32_t node
    with nogil:
        # 1: one of the nodes; 2: below one of them.
        for place in range(nodes.shape[0]):
            inside[nodes[place]] = 1
        for place in range(1, total + 1):
            node = order[place]
            if inside[dominators[node]]:
                inside[node] |= 2
        for place in range(nodes.shape[0]):
            if inside[nodes[place]] == 1:
                items[count] = nodes[place]
                count += 1
    return memoryview(found)[:count]


def partition(const uint32_t[::1] nodes, const uint32_t[::1] types, const uint32_t[::1] kinds,
              const uint64_t[::1] weights, const uint32_t[::1] counts):
    """Return (offsets, nodes, bytes, objects) by kind: the nodes of each, and what they retain. O(nodes + kinds).

    `kinds` translates a type's number; kind k has nodes[offsets[k]:offsets[k + 1]].
    """
    cdef Py_ssize_t total = kinds.shape[0]
    cdef Ints offsets = allocate(total + 2, 4)
    cdef Ints sorted_nodes = allocate(nodes.shape[0], 4)
    cdef Ints weighed = allocate(total, 8)
    cdef Ints counted = allocate(total, 8)
    cdef uint32_t *ends = <uint32_t *>offsets.data
    cdef uint32_t *items = <uint32_t *>sorted_nodes.data
    cdef uint64_t *weight = <uint64_t *>weighed.data
    cdef uint64_t *count = <uint64_t *>counted.data
    cdef uint32_t kind, number
    cdef uint32_t used = 0
    cdef Py_ssize_t place
    with nogil:
        for place in range(nodes.shape[0]):
            kind = kinds[types[nodes[place]]]
            ends[kind + 1] += 1
            weight[kind] += weights[nodes[place]]
            count[kind] += counts[nodes[place]]
        for place in range(total):
            number = ends[place + 1]
            ends[place + 1] = used
            used += number
        for place in range(nodes.shape[0]):
            kind = kinds[types[nodes[place]]]
            items[ends[kind + 1]] = nodes[place]
            ends[kind + 1] += 1
    return offsets, sorted_nodes, weighed, counted


def weigh(const uint32_t[::1] nodes, const uint64_t[::1] weights, const uint32_t[::1] counts):
    """Return (bytes, objects) that some nodes retain, of which none dominates another. O(nodes)."""
    cdef uint64_t weight = 0
    cdef uint64_t count = 0
    cdef Py_ssize_t place
    with nogil:
        for place in range(nodes.shape[0]):
            weight += weights[nodes[place]]
            count += counts[nodes[place]]
    return weight, count


def heavier(const uint32_t[::1] nodes, const uint64_t[::1] weights, uint64_t least):
    """Return (nodes that retain at least so many bytes, the others), each in their order. O(nodes)."""
    cdef Ints above = allocate(nodes.shape[0], 4)
    cdef Ints others = allocate(nodes.shape[0], 4)
    cdef uint32_t *heavy = <uint32_t *>above.data
    cdef uint32_t *light = <uint32_t *>others.data
    cdef Py_ssize_t place
    cdef Py_ssize_t count = 0
    cdef Py_ssize_t rest = 0
    with nogil:
        for place in range(nodes.shape[0]):
            if weights[nodes[place]] >= least:
                heavy[count] = nodes[place]
                count += 1
            else:
                light[rest] = nodes[place]
                rest += 1
    return memoryview(above)[:count], memoryview(others)[:rest]


def follow(uint32_t node, const uint32_t[::1] offsets, const uint32_t[::1] rows, const uint64_t[::1] weights,
           double share):
    """Return the nodes from a node down by the heaviest child, as long as it keeps that share. O(children)."""
    cdef Scratch memory = Scratch(weights.shape[0] * 4)
    cdef uint32_t *way = <uint32_t *>memory.data
    cdef Py_ssize_t length = 0
    cdef uint32_t place, best
    with nogil:
        while True:
            way[length] = node
            length += 1
            best = node
            for place in range(offsets[node], offsets[node + 1]):
                if best == node or weights[rows[place]] > weights[best]:
                    best = rows[place]
            if best == node or <double>weights[best] < share * <double>weights[node]:
                break
            node = best
    found = adopt(way, memory.size, length, 4)
    memory.data = NULL
    return found


def by_kind(const uint32_t[::1] offsets, const uint32_t[::1] rows, const uint32_t[::1] types,
            const uint32_t[::1] kinds, const uint64_t[::1] weights, const uint32_t[::1] counts):
    """Return (bytes, objects) that each kind retains, one inside of another of its kind not counted again. O(V).

    A walk through the tree that knows which kinds it is in.
    """
    cdef Py_ssize_t total = kinds.shape[0]
    cdef Py_ssize_t nodes = types.shape[0]
    cdef Ints weighed = allocate(total, 8)
    cdef Ints counted = allocate(total, 8)
    cdef Ints depths = allocate(total, 4)
    cdef Ints stacked = allocate(nodes + 1, 4)
    cdef Ints cursors = allocate(nodes + 1, 4)
    cdef uint64_t *weight = <uint64_t *>weighed.data
    cdef uint64_t *count = <uint64_t *>counted.data
    cdef uint32_t *inside = <uint32_t *>depths.data
    cdef uint32_t *stack = <uint32_t *>stacked.data
    cdef uint32_t *cursor = <uint32_t *>cursors.data
    cdef uint32_t node, kind
    cdef Py_ssize_t height = 1
    with nogil:
        stack[0] = <uint32_t>nodes
        cursor[0] = offsets[nodes]
        while height:
            node = stack[height - 1]
            if cursor[height - 1] == offsets[node + 1]:
                height -= 1
                if node < nodes:
                    inside[kinds[types[node]]] -= 1
                continue
            node = rows[cursor[height - 1]]
            cursor[height - 1] += 1
            kind = kinds[types[node]]
            if not inside[kind]:
                weight[kind] += weights[node]
                count[kind] += counts[node]
            if offsets[node] != offsets[node + 1]:
                inside[kind] += 1
                stack[height] = node
                cursor[height] = offsets[node]
                height += 1
    return weighed, counted
