# Part of cut.pyx: the nearest node through which every way to another one leads.

def choke_point(const uint32_t[::1] back_offsets, const uint32_t[::1] back_targets,
                uint32_t subject, const uint8_t[::1] roots):
    """Return the nearest node through which every way from a marked root to a node leads, or -1. O(V + E).

    The node's immediate dominator under a virtual root, by two searches: one finds a way; the other goes up
    beside it, and what it meets of the way further up shows what lies between to be passed round.
    """
    cdef uint32_t nodes = <uint32_t>(back_offsets.shape[0] - 1)
    if subject >= nodes:
        raise IndexError(f"no node {subject}")
    cdef Ints below = allocate(nodes, 4)
    cdef Ints queue = allocate(nodes, 4)
    cdef Ints places = allocate(nodes, 4)
    cdef uint32_t *before = <uint32_t *>below.data
    cdef uint32_t *waiting = <uint32_t *>queue.data
    cdef uint32_t *place = <uint32_t *>places.data
    cdef uint32_t head = 0
    cdef uint32_t tail = 1
    cdef uint32_t root = NOWHERE
    cdef uint32_t length = 0
    cdef uint32_t node, above, edge, best, opened
    cdef uint64_t steps = 0
    cdef bint stopped = False
    if roots[subject]:
        return -1
    with nogil:
        before[subject] = subject + 1
        waiting[0] = subject
        while head < tail and root == NOWHERE and not stopped:
            node = waiting[head]
            head += 1
            steps += 1
            if not steps & POLL_MASK:
                stopped = interrupted()
            for edge in range(back_offsets[node], back_offsets[node + 1]):
                above = back_targets[edge]
                if before[above]:
                    continue
                before[above] = node + 1
                waiting[tail] = above
                tail += 1
                if roots[above]:
                    root = above
                    break
    if stopped:
        raise KeyboardInterrupt
    if root == NOWHERE:
        return -1
    # The way, from the subject (place 1) up to the root.
    cdef Ints ways = allocate(nodes, 4)
    cdef uint32_t *way = <uint32_t *>ways.data
    with nogil:
        node = root
        while True:
            way[length] = node
            length += 1
            if node == subject:
                break
            node = before[node] - 1
        for edge in range(length):
            place[way[edge]] = length - edge
        # before[v] from here on: v was met.
        for node in range(nodes):
            before[node] = 0
        waiting[0] = subject
        before[subject] = 1
        head = 0
        tail = 1
        best = opened = 1
        while not stopped:
            while head < tail:
                node = waiting[head]
                head += 1
                steps += 1
                if not steps & POLL_MASK and interrupted():
                    stopped = True
                    break
                for edge in range(back_offsets[node], back_offsets[node + 1]):
                    above = back_targets[edge]
                    if before[above]:
                        continue
                    if place[above]:
                        if place[above] > best:
                            best = place[above]
                        continue
                    before[above] = 1
                    if roots[above]:
                        best = 0
                        break
                    waiting[tail] = above
                    tail += 1
                if not best:
                    break
            if not best or opened + 1 >= best:
                break
            while opened + 1 < best:
                opened += 1
                node = way[length - opened]
                before[node] = 1
                waiting[tail] = node
                tail += 1
    if stopped:
        raise KeyboardInterrupt
    return <object>way[length - best] if best > 1 else -1
