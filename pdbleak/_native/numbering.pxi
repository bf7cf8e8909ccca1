# Part of dominators.pyx: the depth-first search that numbers the nodes and notes the other references.

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
