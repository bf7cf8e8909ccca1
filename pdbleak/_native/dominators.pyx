# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Dominators of the heap graph and what they retain: ints in, ints out; knows no object.

Semi-NCA (Georgiadis 2005) over a virtual root, without recursion: depth-first numbers, semidominators
by Lengauer and Tarjan's link-eval with path compression, then the nearest common ancestors. The search
meets every reference once, and notes it with the numbers of both its ends: after it nothing but arrays in
the order of the search is read, in which neighbours of the graph are neighbours in memory.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from pdbleak._native.ints cimport Ints, allocate
from pdbleak._native.stop cimport asked

cdef extern from "memory.h":
    void *leak_map(size_t size) nogil
    void leak_unmap(void *memory, size_t size) nogil
    void __builtin_prefetch(const void *address) nogil

cdef enum:
    POLL_MASK = 0xFFFFF
    # Of a node's number: it is a root; it is a leaf with one referrer, and not searched.
    IS_ROOT = 0x80000000
    IS_LEAF = 0xFFFFFFFF
    NUMBER = 0x7FFFFFFF
    # How many nodes ahead memory is fetched; how many references of a row, and how many rows of a stack.
    AHEAD = 24
    WIDE = 16
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


cdef class Scratch:
    """Memory for the length of one call."""

    cdef void *data
    cdef size_t size

    def __cinit__(self, size_t size):
        self.size = size
        self.data = leak_map(size)
        if self.data == NULL:
            raise MemoryError(f"no room for {size} bytes")

    def __dealloc__(self):
        leak_unmap(self.data, self.size)


cdef bint interrupted() noexcept nogil:
    cdef bint pressed
    with gil:
        pressed = asked()
    return pressed


cdef void set_leaves_aside(Search *search, const uint32_t *offsets) noexcept nogil:
    """Mark what needs no search: leaves that are roots, or with at most one reference to them."""
    cdef uint32_t node
    cdef Mark *mark
    search.marks[search.nodes].offset = offsets[search.nodes]
    for node in range(search.nodes):
        mark = &search.marks[node]
        mark.offset = offsets[node]
        if mark.offset == offsets[node + 1] and (
                mark.number or search.back_offsets[node + 1] - search.back_offsets[node] < 2):
            mark.number = IS_LEAF


cdef bint descend(Search *search, size_t height) noexcept nogil:
    """Number what the nodes on the stack lead to, in preorder of a depth-first search; False: interrupted.

    A reference to what was numbered meanwhile, below the referrer, is a semidominator at once; one to what was
    numbered before is noted, but for references of garbage to what is alive: those are no way there.
    """
    cdef uint32_t node, target, number
    cdef uint32_t used = search.used
    cdef uint32_t alive = search.alive
    cdef uint32_t edge, end
    cdef Mark *marks = search.marks
    cdef const uint32_t *targets = search.targets
    cdef Entry entry
    while height:
        height -= 1
        entry = search.stack[height]
        node = entry.node
        if height > 4:
            __builtin_prefetch(&targets[marks[search.stack[height - 4].node].offset])
        if height > 2:
            target = search.stack[height - 2].node
            if not marks[target].number & NUMBER:
                edge = marks[target].offset
                end = min(marks[target + 1].offset, edge + 8)
                for edge in range(edge, end):
                    __builtin_prefetch(&marks[targets[edge]])
        number = marks[node].number
        if number & NUMBER:
            if not number & IS_ROOT and entry.parent < search.semis[number]:
                search.semis[number] = entry.parent
            continue
        used += 1
        if not used & POLL_MASK and interrupted():
            return False
        marks[node].number = number | used
        search.order[used] = node
        search.parents[used] = entry.parent
        search.semis[used] = 0 if number & IS_ROOT else entry.parent
        edge = marks[node].offset
        end = marks[node + 1].offset
        for target in range(edge, min(end, edge + WIDE)):
            __builtin_prefetch(&marks[targets[target]])
        for edge in range(edge, end):
            if edge + WIDE < end:
                __builtin_prefetch(&marks[targets[edge + WIDE]])
            target = targets[edge]
            number = marks[target].number
            if not number & NUMBER:
                __builtin_prefetch(&targets[marks[target].offset])
                search.stack[height].node = target
                search.stack[height].parent = used
                height += 1
            elif alive < number < used:
                search.noted -= 1
                search.stack[search.noted].node = number
                search.stack[search.noted].parent = used
                search.starts[number] += 1
    search.used = used
    return True


cdef bint descend_from(Search *search, uint32_t node) noexcept nogil:
    search.stack[0].node = node
    search.stack[0].parent = 0
    search.marks[node].number |= IS_ROOT
    return descend(search, 1)


cdef bint descend_into_garbage(Search *search) noexcept nogil:
    """Number what no root leads to: first from the nodes that nothing refers to, then from any."""
    cdef uint32_t node
    for node in range(search.nodes):
        if not search.marks[node].number and search.back_offsets[node] == search.back_offsets[node + 1]:
            if not descend_from(search, node):
                return False
    for node in range(search.nodes):
        if not search.marks[node].number and not descend_from(search, node):
            return False
    return True


cdef void sort_references(Search *search) noexcept nogil:
    """Bring the noted references into the order of their referents' numbers."""
    cdef uint32_t number
    cdef uint32_t end = 0
    cdef size_t place
    for number in range(1, search.used + 1):
        end += search.starts[number]
        search.starts[number] = end
    search.starts[search.used + 1] = end
    for place in range(search.noted, search.room):
        number = search.stack[place].node
        search.starts[number] -= 1
        search.sources[search.starts[number]] = search.stack[place].parent


cdef inline uint32_t evaluate(Search *search, uint32_t number, uint32_t last) noexcept nogil:
    """The least semidominator on the way from a number up to one that is not linked yet (at most `last`)."""
    cdef Link *links = search.links
    cdef size_t length = 0
    cdef uint32_t top = number
    cdef uint32_t above, least
    if links[number].above <= last:
        return links[number].least
    while links[top].above > last:
        search.path[length] = top
        length += 1
        top = links[top].above
    above = links[top].above
    least = links[top].least
    while length:
        length -= 1
        top = search.path[length]
        links[top].above = above
        if links[top].least < least:
            least = links[top].least
        else:
            links[top].least = least
    return least


cdef bint find_semidominators(Search *search) noexcept nogil:
    """Find every node's semidominator, the last met first. False: interrupted."""
    cdef uint32_t number = search.used
    cdef uint32_t least, known
    cdef uint32_t edge
    cdef uint64_t steps = 0
    while number:
        least = search.semis[number]
        # A root's is the virtual root.
        if least:
            steps += search.starts[number + 1] - search.starts[number] + 1
            if steps > POLL_MASK:
                steps = 0
                if interrupted():
                    return False
            for edge in range(search.starts[number], search.starts[number + 1]):
                known = evaluate(search, search.sources[edge], number)
                if known < least:
                    least = known
        search.semis[number] = least
        search.links[number].above = search.parents[number]
        search.links[number].least = least
        number -= 1
    return True


cdef inline void add_jump(Search *search, uint32_t number, uint32_t dominator) noexcept nogil:
    """Note a number further up (Myers 1983): any ancestor is then at O(log V) steps."""
    cdef uint32_t jump = search.jumps[dominator]
    cdef uint32_t next_jump = search.jumps[jump]
    search.depths[number] = search.depths[dominator] + 1
    if search.depths[dominator] - search.depths[jump] == search.depths[jump] - search.depths[next_jump]:
        search.jumps[number] = next_jump
    else:
        search.jumps[number] = dominator


cdef bint find_dominators(Search *search) noexcept nogil:
    """Turn parents into dominators: the nearest ancestor not below the semidominator. False: interrupted.

    Common ancestors are near, most often. Where they are not (two long lists of the same objects), walking
    there step by step would be quadratic, and shortcuts are made.
    """
    cdef uint32_t number, above, semi
    cdef uint32_t known = 0
    cdef uint64_t steps = 0
    cdef uint64_t most = PATIENCE * <uint64_t>search.used
    for number in range(1, search.used + 1):
        above = search.parents[number]
        semi = search.semis[number]
        if not number & POLL_MASK and interrupted():
            return False
        if steps <= most:
            while above > semi:
                above = search.parents[above]
                steps += 1
        else:
            while known + 1 < number:
                known += 1
                add_jump(search, known, search.parents[known])
            while above > semi:
                above = search.jumps[above] if search.jumps[above] >= semi else search.parents[above]
        search.parents[number] = above
    return True


cdef void hand_out(Search *search, uint32_t *dominators) noexcept nogil:
    """Write the dominators by node, and bring the leaves that were set aside into the order."""
    cdef uint32_t number, node
    cdef uint32_t place = search.used
    # The virtual root's node.
    search.order[0] = search.nodes
    for number in range(1, search.used + 1):
        if number + AHEAD <= search.used:
            __builtin_prefetch(&dominators[search.order[number + AHEAD]])
        dominators[search.order[number]] = search.order[search.parents[number]]
    for node in range(search.nodes):
        if search.marks[node].number == IS_LEAF:
            place += 1
            search.order[place] = node
            if dominators[node] != search.nodes:
                dominators[node] = (search.back_targets[search.back_offsets[node]]
                                    if search.back_offsets[node] < search.back_offsets[node + 1]
                                    else search.nodes)


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
    cdef Scratch columns, stack, jumps, sources
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
            if not search.marks[roots[place]].number & NUMBER:
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
