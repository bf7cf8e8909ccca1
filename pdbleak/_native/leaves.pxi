# Part of dominators.pyx: the dominators of what refers to nothing.

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
