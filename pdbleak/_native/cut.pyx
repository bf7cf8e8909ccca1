# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The fewest references to remove so that nothing leads to a node: ints in, ints out; knows no object.

A flow of unit steps along shortest ways (Edmonds and Karp 1972; Menger 1927), searched from the node up to
the roots. The residual graph is the heap graph and a table of the few ways found so far: no copy is made.
"""

include "arrays.pxi"

cdef enum:
    # Of a node, in one search: a way found before leads through it; it was met against such a way.
    PASSED = 1
    AGAINST = 2
    # Of a node: some references from it are firm one by one.
    PINNED = 4

cdef struct Net:
    const uint32_t *offsets
    const uint32_t *targets
    const uint32_t *back_offsets
    const uint32_t *back_targets
    uint32_t nodes
    const uint8_t *roots
    # A reference cannot be cut from a type so marked, from or to a node with such a flag, or from an
    # object to its type.
    const uint32_t *types
    const uint8_t *firm_types
    const uint32_t *type_nodes
    const uint8_t *flags
    uint8_t firm_from
    uint8_t firm_to
    # Nor can those of these pairs, sorted: referrer << 32 | referent.
    const uint64_t *pinned
    size_t pinned_count
    # By node: 1 + the node below it on the way to the subject, 0 if it was not met; and what is known of it.
    uint32_t *below
    uint8_t *state
    uint32_t *queue
    # How many ways lead over a pair of nodes: a table with open addressing.
    uint64_t *pairs
    uint8_t *amounts
    size_t room
    size_t used
    uint64_t steps


cdef inline bint is_pinned(Net *net, uint64_t pair) noexcept nogil:
    cdef size_t low = 0
    cdef size_t high = net.pinned_count
    cdef size_t middle
    while low < high:
        middle = (low + high) // 2
        if net.pinned[middle] < pair:
            low = middle + 1
        else:
            high = middle
    return low < net.pinned_count and net.pinned[low] == pair


cdef inline bint is_firm(Net *net, uint32_t above, uint32_t node) noexcept nogil:
    """Tell whether the references between two nodes cannot be cut."""
    return (
        net.firm_types[net.types[above]]
        or net.flags[above] & net.firm_from
        or net.flags[node] & net.firm_to
        or net.type_nodes[net.types[above]] == node
        or (net.state[above] & PINNED and is_pinned(net, <uint64_t>above << 32 | node))
    )


cdef inline size_t place_of(Net *net, uint64_t pair) noexcept nogil:
    """The place of a pair in the table, or the free one where it belongs. No pair is 0: nothing leads to itself."""
    cdef size_t place = (pair * <uint64_t>0x9E3779B97F4A7C15ULL >> 20) & (net.room - 1)
    while net.pairs[place] and net.pairs[place] != pair + 1:
        place = (place + 1) & (net.room - 1)
    return place


cdef inline uint8_t flow_over(Net *net, uint32_t above, uint32_t node) noexcept nogil:
    return net.amounts[place_of(net, <uint64_t>above << 32 | node)]


cdef inline void add_flow(Net *net, uint32_t above, uint32_t node, int more) noexcept nogil:
    cdef size_t place = place_of(net, <uint64_t>above << 32 | node)
    if not net.pairs[place]:
        net.pairs[place] = (<uint64_t>above << 32 | node) + 1
        net.used += 1
    net.amounts[place] = <uint8_t>(net.amounts[place] + more)
    net.state[above] |= PASSED
    net.state[node] |= PASSED


cdef inline bint meet(Net *net, uint32_t node, uint32_t below, uint8_t against, uint32_t *tail) noexcept nogil:
    """Note a node that was not met before; tell whether it is a root."""
    net.below[node] = below + 1
    net.state[node] = (net.state[node] & ~AGAINST) | against
    net.queue[tail[0]] = node
    tail[0] += 1
    return net.roots[node]


cdef uint32_t climb(Net *net, uint32_t subject, bint firm_only, bint *stopped) noexcept nogil:
    """Search from the subject up to a root in what is left of the net; the root, or NOWHERE. O(V + E).

    `firm_only` goes along what cannot be cut, and nothing else.
    """
    cdef uint32_t head = 0
    cdef uint32_t tail = 0
    cdef uint32_t node, above, count
    cdef uint32_t edge, end
    for node in range(net.nodes):
        net.below[node] = 0
    meet(net, subject, subject, 0, &tail)
    while head < tail:
        node = net.queue[head]
        head += 1
        net.steps += 1
        if not net.steps & POLL_MASK and interrupted():
            stopped[0] = True
            return NOWHERE
        edge = net.back_offsets[node]
        end = net.back_offsets[node + 1]
        while edge < end:
            # A referrer's references to one node stand side by side.
            above = net.back_targets[edge]
            count = 1
            edge += 1
            while edge < end and net.back_targets[edge] == above:
                count += 1
                edge += 1
            if net.below[above]:
                continue
            if firm_only:
                if not is_firm(net, above, node):
                    continue
            elif (net.state[node] & PASSED and not is_firm(net, above, node)
                    and flow_over(net, above, node) >= count):
                continue
            if meet(net, above, node, 0, &tail):
                return above
        if net.state[node] & PASSED and not firm_only:
            for edge in range(net.offsets[node], net.offsets[node + 1]):
                above = net.targets[edge]
                if (not net.below[above] and net.state[above] & PASSED and flow_over(net, node, above)
                        and meet(net, above, node, AGAINST, &tail)):
                    return above
    return NOWHERE


cdef uint32_t push_way(Net *net, uint32_t root, uint32_t subject) noexcept nogil:
    """Lead one more way from a root down to the subject, as the search met it."""
    cdef uint32_t node = root
    cdef uint32_t below
    while node != subject:
        below = net.below[node] - 1
        if net.state[node] & AGAINST:
            add_flow(net, below, node, -1)
        else:
            add_flow(net, node, below, 1)
        node = below
    return root


cdef uint32_t way_length(Net *net, uint32_t root, uint32_t subject) noexcept nogil:
    cdef uint32_t length = 1
    while root != subject:
        root = net.below[root] - 1
        length += 1
    return length


cdef tuple widen(Net *net, size_t more):
    """Return a table with room for more pairs, and what the old one has in it; None where that fits already."""
    cdef size_t room = net.room
    cdef uint64_t *pairs = net.pairs
    cdef uint8_t *amounts = net.amounts
    cdef size_t old = net.room
    cdef size_t place, moved
    while room < 2 * (net.used + more):
        room *= 2
    if room == net.room and pairs != NULL:
        return None
    cdef Ints new_pairs = allocate(room, 8)
    cdef Ints new_amounts = allocate(room, 1)
    net.pairs = <uint64_t *>new_pairs.data
    net.amounts = <uint8_t *>new_amounts.data
    net.room = room
    if pairs != NULL:
        for place in range(old):
            if pairs[place]:
                moved = place_of(net, pairs[place] - 1)
                net.pairs[moved] = pairs[place]
                net.amounts[moved] = amounts[place]
    return new_pairs, new_amounts


cdef list crossing(Net *net):
    """Return (referrer, referent, references) of the pairs over which ways enter what the last search met."""
    cdef size_t place
    cdef uint32_t above, node, edge, count
    found = []
    for place in range(net.room):
        if not net.pairs[place] or not net.amounts[place]:
            continue
        above = <uint32_t>(net.pairs[place] - 1 >> 32)
        node = <uint32_t>(net.pairs[place] - 1)
        if net.below[node] and not net.below[above]:
            count = 0
            for edge in range(net.back_offsets[node], net.back_offsets[node + 1]):
                count += net.back_targets[edge] == above
            found.append((above, node, count))
    return sorted(found)


def minimum_cut(const uint32_t[::1] offsets, const uint32_t[::1] targets,
                const uint32_t[::1] back_offsets, const uint32_t[::1] back_targets,
                uint32_t subject, const uint8_t[::1] roots,
                const uint32_t[::1] types, const uint8_t[::1] firm_types, const uint32_t[::1] type_nodes,
                const uint8_t[::1] flags, uint8_t firm_from, uint8_t firm_to,
                const uint64_t[::1] pinned, int limit):
    """Return (number, pairs, way): the fewest references without which no marked root leads to a node.

    `pairs` are (referrer, referent, how many references), the cut that is nearest to the node. The number
    is `limit` + 1, without pairs, where more are needed; and -1 where nothing can be cut: `way` leads then
    from a root down to the node over references that are all firm. Firm is what is of a type marked in
    `firm_types`, from a node with a flag of `firm_from`, to one of `firm_to`, from an object to the node of
    its type, and the pairs in `pinned` (referrer << 32 | referent, sorted). O(limit * (V + E)).
    """
    cdef Net net
    cdef uint32_t root
    cdef int found = 0
    cdef bint stopped = False
    cdef size_t each
    net.nodes = <uint32_t>(offsets.shape[0] - 1)
    if subject >= net.nodes or roots.shape[0] < net.nodes or types.shape[0] < net.nodes or flags.shape[0] < net.nodes:
        raise IndexError(f"no node {subject}")
    cdef Ints below = allocate(net.nodes, 4)
    cdef Ints state = allocate(net.nodes, 1)
    cdef Ints queue = allocate(net.nodes, 4)
    net.offsets = &offsets[0]
    net.targets = &targets[0] if targets.shape[0] else NULL
    net.back_offsets = &back_offsets[0]
    net.back_targets = &back_targets[0] if targets.shape[0] else NULL
    net.roots = &roots[0]
    net.types = &types[0]
    net.firm_types = &firm_types[0]
    net.type_nodes = &type_nodes[0]
    net.flags = &flags[0]
    net.firm_from = firm_from
    net.firm_to = firm_to
    net.pinned = &pinned[0] if pinned.shape[0] else NULL
    net.pinned_count = pinned.shape[0]
    net.below = <uint32_t *>below.data
    net.state = <uint8_t *>state.data
    net.queue = <uint32_t *>queue.data
    net.pairs = NULL
    net.amounts = NULL
    net.room = 1024
    net.used = 0
    net.steps = 0
    for each in range(net.pinned_count):
        net.state[<uint32_t>(net.pinned[each] >> 32)] |= PINNED
    if net.roots[subject]:
        return -1, [], [subject]
    with nogil:
        root = climb(&net, subject, True, &stopped)
    if stopped:
        raise KeyboardInterrupt
    if root != NOWHERE:
        return -1, [], way_down(&net, root, subject)
    table = widen(&net, 0)
    while True:
        with nogil:
            root = climb(&net, subject, False, &stopped)
        if stopped:
            raise KeyboardInterrupt
        if root == NOWHERE:
            return found, crossing(&net), []
        found += 1
        if found > limit:
            return found, [], []
        # The old table lives until it has been copied.
        table = widen(&net, way_length(&net, root, subject)) or table
        with nogil:
            push_way(&net, root, subject)


cdef list way_down(Net *net, uint32_t root, uint32_t subject):
    way = [root]
    while root != subject:
        root = net.below[root] - 1
        way.append(root)
    return way


include "choke.pxi"
