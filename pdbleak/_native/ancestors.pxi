# Part of dominators.pyx: semidominators, and from them the dominators of what was numbered.

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


cdef void hand_out(Search *search, uint32_t *dominators) noexcept nogil:
    """Write the dominators by node."""
    cdef uint32_t number
    # The virtual root's node.
    search.order[0] = search.nodes
    for number in range(1, search.used + 1):
        if number + AHEAD <= search.used:
            __builtin_prefetch(&dominators[search.order[number + AHEAD]])
        dominators[search.order[number]] = search.order[search.parents[number]]
