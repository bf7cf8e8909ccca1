# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Dominators of the heap graph and what they retain: ints in, ints out; knows no object.

Semi-NCA (Georgiadis 2005) over a virtual root, without recursion: depth-first numbers, semidominators
by Lengauer and Tarjan's link-eval with path compression, then the nearest common ancestors. The search
meets every reference once, and notes it with the numbers of both its ends: after it nothing but arrays in
the order of the search is read, in which neighbours of the graph are neighbours in memory. What refers to
nothing, half of a heap, is not searched: the nearest common ancestor of all that refer to it dominates it.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from pdbleak._native.ints cimport Ints, allocate

include "polling.pxi"
include "scratch.pxi"

cdef extern from "memory.h":
    void __builtin_prefetch(const void *address) nogil

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


cdef inline bint is_leaf(const Search *search, uint32_t node) noexcept nogil:
    return search.leaves[node >> 6] >> (node & 63) & 1


cdef void set_leaves_aside(Search *search, const uint32_t *offsets) noexcept nogil:
    """Mark what refers to nothing, and bring the beginnings of the others' rows beside their numbers."""
    cdef uint32_t node
    for node in range(search.nodes):
        search.marks[node].offset = offsets[node]
        search.leaves[node >> 6] |= <uint64_t>(offsets[node] == offsets[node + 1]) << (node & 63)
    search.marks[search.nodes].offset = offsets[search.nodes]


cdef inline void fetch_marks(const Search *search, uint32_t edge, uint32_t end) noexcept nogil:
    for edge in range(edge, end):
        if not is_leaf(search, search.targets[edge]):
            __builtin_prefetch(&search.marks[search.targets[edge]])


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
        # What is next on the stack was fetched when it was put there; further down that is long ago.
        if height > ROWS_AHEAD:
            __builtin_prefetch(&targets[marks[search.stack[height - ROWS_AHEAD].node].offset])
        if height > MARKS_AHEAD:
            target = search.stack[height - MARKS_AHEAD].node
            if not marks[target].number & NUMBER:
                edge = marks[target].offset
                fetch_marks(search, edge, min(marks[target + 1].offset, edge + WIDE // 2))
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
        fetch_marks(search, edge, min(end, edge + WIDE))
        for edge in range(edge, end):
            if edge + WIDE < end:
                __builtin_prefetch(&marks[targets[edge + WIDE]])
            target = targets[edge]
            if is_leaf(search, target):
                continue
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
        if (not search.marks[node].number and search.back_offsets[node] == search.back_offsets[node + 1]
                and not is_leaf(search, node) and not descend_from(search, node)):
            return False
    for node in range(search.nodes):
        if not search.marks[node].number and not is_leaf(search, node) and not descend_from(search, node):
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


cdef void make_jumps(Search *search, uint32_t last) noexcept nogil:
    """Note a number further up for all numbers to `last` (Myers 1983): any ancestor is then at O(log V) steps."""
    cdef uint32_t dominator, jump
    cdef uint32_t *jumps = search.jumps
    cdef uint32_t *depths = search.depths
    while search.known < last:
        search.known += 1
        dominator = search.parents[search.known]
        jump = jumps[dominator]
        depths[search.known] = depths[dominator] + 1
        if depths[dominator] - depths[jump] == depths[jump] - depths[jumps[jump]]:
            jumps[search.known] = jumps[jump]
        else:
            jumps[search.known] = dominator


cdef bint find_dominators(Search *search) noexcept nogil:
    """Turn parents into dominators: the nearest ancestor not below the semidominator. False: interrupted.

    Common ancestors are near, most often. Where they are not (two long lists of the same objects), walking
    there step by step would be quadratic, and shortcuts are made.
    """
    cdef uint32_t number, above, semi
    cdef uint64_t most = PATIENCE * <uint64_t>search.used
    search.known = 0
    search.steps = 0
    for number in range(1, search.used + 1):
        above = search.parents[number]
        semi = search.semis[number]
        if not number & POLL_MASK and interrupted():
            return False
        if search.steps <= most:
            while above > semi:
                above = search.parents[above]
                search.steps += 1
        else:
            make_jumps(search, number - 1)
            while above > semi:
                above = search.jumps[above] if search.jumps[above] >= semi else search.parents[above]
        search.parents[number] = above
    return True


cdef uint32_t common_ancestor(Search *search, uint32_t one, uint32_t other) noexcept nogil:
    """The nearest number above both; step by step, and by the shortcuts where that has become slow."""
    while one != other and search.steps <= PATIENCE * <uint64_t>search.nodes:
        search.steps += 1
        if one > other:
            one = search.parents[one]
        else:
            other = search.parents[other]
    if one == other:
        return one
    make_jumps(search, search.used)
    if search.depths[one] < search.depths[other]:
        one, other = other, one
    while search.depths[one] > search.depths[other]:
        if search.depths[search.jumps[one]] >= search.depths[other]:
            one = search.jumps[one]
        else:
            one = search.parents[one]
    # At one depth, shortcuts are equally long.
    while one != other:
        if search.jumps[one] != search.jumps[other]:
            one, other = search.jumps[one], search.jumps[other]
        else:
            one, other = search.parents[one], search.parents[other]
    return one


cdef inline uint32_t above_leaf(Search *search, uint32_t edge, uint32_t end) noexcept nogil:
    """The node that dominates a leaf with some referrers: garbage is no way to it, unless all are garbage."""
    cdef uint32_t number, above
    cdef uint32_t node = search.back_targets[edge]
    cdef uint32_t found = NUMBER
    # Only garbage so far, and with nothing above it in common: what is alive may still be a way.
    cdef bint lost = False
    if end - edge == 1:
        return node
    for edge in range(edge, end):
        number = search.marks[search.back_targets[edge]].number & NUMBER
        above = found
        if found == NUMBER or (number <= search.alive and (lost or found > search.alive)):
            above = number
            lost = False
        elif not lost and (number <= search.alive or found > search.alive):
            above = common_ancestor(search, found, number)
            lost = not above and number > search.alive
        if above != found:
            found = above
            # Most often it is one of the referrers, and known without another look into memory.
            node = search.back_targets[edge] if found == number else search.order[found]
        # No way down leads further up again.
        if not found and not lost:
            break
    return node


cdef inline void fetch_numbers(const Search *search, uint32_t edge) noexcept nogil:
    """Have in the cache what the next leaves' referrers are asked: their numbers, then what is above these."""
    cdef uint32_t ahead
    if edge + 2 * AHEAD + 1 < search.back_offsets[search.nodes]:
        for ahead in range(edge + 2 * AHEAD, edge + 2 * AHEAD + 2):
            __builtin_prefetch(&search.marks[search.back_targets[ahead]])
        for ahead in range(edge + AHEAD, edge + AHEAD + 2):
            __builtin_prefetch(&search.parents[search.marks[search.back_targets[ahead]].number & NUMBER])


cdef bint find_above_leaves(Search *search, uint32_t *dominators) noexcept nogil:
    """Find the dominators of what was set aside, and bring it into the order. False: interrupted."""
    cdef uint32_t node, edge, end
    cdef uint32_t place = search.used
    cdef uint64_t steps = 0
    for node in range(search.nodes):
        if not is_leaf(search, node):
            continue
        place += 1
        search.order[place] = node
        edge = search.back_offsets[node]
        end = search.back_offsets[node + 1]
        if dominators[node] == search.nodes or edge == end:
            dominators[node] = search.nodes
            continue
        steps += end - edge
        if steps > POLL_MASK:
            steps = 0
            if interrupted():
                return False
        fetch_numbers(search, edge)
        dominators[node] = above_leaf(search, edge, end)
    return True


cdef void hand_out(Search *search, uint32_t *dominators) noexcept nogil:
    """Write the dominators by node."""
    cdef uint32_t number
    # The virtual root's node.
    search.order[0] = search.nodes
    for number in range(1, search.used + 1):
        if number + AHEAD <= search.used:
            __builtin_prefetch(&dominators[search.order[number + AHEAD]])
        dominators[search.order[number]] = search.order[search.parents[number]]


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
