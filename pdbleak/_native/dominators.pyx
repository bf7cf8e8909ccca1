# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Dominators of the heap graph and what they retain: ints in, ints out; knows no object.

Semi-NCA (Georgiadis 2005) over a virtual root, without recursion: depth-first numbers, semidominators
by Lengauer and Tarjan's link-eval with path compression, then the nearest common ancestors. The search
meets every reference once, and notes it with the numbers of both its ends: after it nothing but arrays in
the order of the search is read, in which neighbours of the graph are neighbours in memory. What refers to
nothing, half of a heap, is not searched: the nearest common ancestor of all that refer to it dominates it.
"""

include "arrays.pxi"

cdef enum:
    # Of a node's number: it is a root.
    IS_ROOT = 0x80000000
    NUMBER = 0x7FFFFFFF
    # How many nodes ahead memory is fetched; how many references of a row; how far down the stack.
    AHEAD = 24
    WIDE = 16
    ROWS_AHEAD = 4
    MARKS_AHEAD = 2
    # Steps to common ancestors per node, after which shortcuts pay.
    PATIENCE = 4


cdef struct Link:
    # In the forest of finished nodes: a node above, and the least semidominator on the way to it.
    uint32_t above
    uint32_t least


cdef struct Entry:
    uint32_t node
    uint32_t parent


cdef struct Mark:
    # A node's number, 0 before it is met, and where its references begin: they are read together.
    uint32_t number
    uint32_t offset


cdef struct Search:
    # The graph.
    const uint32_t *targets
    const uint32_t *back_offsets
    const uint32_t *back_targets
    uint32_t nodes
    # A bit by node: it refers to nothing. So few bytes stay in the cache.
    uint64_t *leaves
    # By node, and one more.
    Mark *marks
    # By number: the node, its parent in the search and then its dominator, its semidominator, its link.
    uint32_t *order
    uint32_t *parents
    uint32_t *semis
    Link *links
    # Of a node far from its common ancestors: a number further up, and its depth.
    uint32_t *jumps
    uint32_t *depths
    # Shortcuts are made up to that number; steps to common ancestors so far.
    uint32_t known
    uint64_t steps
    # Numbered nodes; those up to `alive` are reached from the roots.
    uint32_t used
    uint32_t alive
    # The stack grows up from the bottom. References to what was numbered already, as (referent, referrer), grow
    # down from `noted` = `room`: each reference is at most in one of the two.
    Entry *stack
    size_t room
    size_t noted
    # By number: how many of them, then where they begin in `sources`, which has the referrers.
    uint32_t *starts
    uint32_t *sources
    uint32_t *path
    bint stopped


include "numbering.pxi"
include "ancestors.pxi"
include "leaves.pxi"


def dominate(const uint32_t[::1] offsets, const uint32_t[::1] targets, const uint32_t[::1] back_offsets,
             const uint32_t[::1] back_targets, const uint32_t[::1] roots):
    """Return (immediate dominator of every node, order), over a virtual root above all roots. O(E log V).

    The virtual root is numbered as the count of nodes. `order` has it first, then all nodes, each after
    its dominator. What no root leads to hangs on the virtual root too: each node that nothing refers to,
    and of a cycle the first met; its references to what is alive do not count.
    """
    cdef size_t nodes = offsets.shape[0] - 1
    cdef size_t room = nodes + 1
    cdef Search search
    cdef Ints dominators, order
    cdef Scratch columns, stack, jumps, sources, leaves
    cdef Py_ssize_t place
    cdef size_t height = 0
    if nodes >= NUMBER:
        raise OverflowError(f"more than {NUMBER:,} nodes")
    dominators = allocate(nodes, 4)
    order = allocate(room, 4)
    columns = Scratch((room + 1) * 32)
    search.room = search.noted = <size_t>targets.shape[0] + roots.shape[0] + 1
    stack = Scratch(search.room * sizeof(Entry))
    jumps = Scratch(room * 8)
    leaves = Scratch(room // 8 + 8)
    search.leaves = <uint64_t *>leaves.data
    search.targets = &targets[0] if targets.shape[0] else NULL
    search.back_offsets = &back_offsets[0]
    search.back_targets = &back_targets[0] if back_targets.shape[0] else NULL
    search.nodes = <uint32_t>nodes
    search.links = <Link *>columns.data
    search.marks = <Mark *>(search.links + room + 1)
    search.parents = <uint32_t *>(search.marks + room + 1)
    search.semis = search.parents + room + 1
    search.path = search.semis + room + 1
    search.starts = search.path + room + 1
    search.jumps = <uint32_t *>jumps.data
    search.depths = search.jumps + room
    search.stack = <Entry *>stack.data
    search.order = <uint32_t *>order.data
    search.used = search.alive = 0
    for place in range(roots.shape[0]):
        if roots[place] >= nodes:
            raise IndexError(f"no node {roots[place]}")
    with nogil:
        for place in range(roots.shape[0]):
            search.marks[roots[place]].number = IS_ROOT
            (<uint32_t *>dominators.data)[roots[place]] = search.nodes
        set_leaves_aside(&search, &offsets[0])
        for place in range(roots.shape[0] - 1, -1, -1):
            if not is_leaf(&search, roots[place]):
                search.stack[height].node = roots[place]
                search.stack[height].parent = 0
                height += 1
        search.stopped = not descend(&search, height)
        search.alive = search.used
        search.stopped = search.stopped or not descend_into_garbage(&search)
    if search.stopped:
        raise KeyboardInterrupt
    sources = Scratch((search.room - search.noted + 1) * 4)
    search.sources = <uint32_t *>sources.data
    with nogil:
        sort_references(&search)
        search.stopped = not (find_semidominators(&search) and find_dominators(&search))
        if not search.stopped:
            hand_out(&search, <uint32_t *>dominators.data)
            search.stopped = not find_above_leaves(&search, <uint32_t *>dominators.data)
    if search.stopped:
        raise KeyboardInterrupt
    return dominators, order


def retain(const uint32_t[::1] dominators, const uint32_t[::1] order, const uint32_t[::1] sizes, dict large):
    """Return (bytes, objects) that every node retains, itself included; the last is the virtual root's. O(V).

    `large` has the sizes of the nodes whose size does not fit.
    """
    cdef Py_ssize_t nodes = dominators.shape[0]
    cdef Ints weights = allocate(nodes + 1, 8)
    cdef Ints counts = allocate(nodes + 1, 4)
    cdef uint64_t *weight = <uint64_t *>weights.data
    cdef uint32_t *count = <uint32_t *>counts.data
    cdef uint32_t node, above
    cdef Py_ssize_t place
    with nogil:
        for place in range(nodes):
            weight[place] = sizes[place]
            count[place] = 1
    for key, size in large.items():
        weight[<uint32_t>key] = size
    with nogil:
        for place in range(nodes, 0, -1):
            if place > 2 * AHEAD:
                node = order[place - 2 * AHEAD]
                __builtin_prefetch(&dominators[node])
                __builtin_prefetch(&weight[node])
                __builtin_prefetch(&count[node])
                above = dominators[order[place - AHEAD]]
                __builtin_prefetch(&weight[above])
                __builtin_prefetch(&count[above])
            node = order[place]
            above = dominators[node]
            weight[above] += weight[node]
            count[above] += count[node]
    return weights, counts
