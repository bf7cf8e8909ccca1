# Part of algorithms.pyx: which nodes lead to which, and by which way.

def reverse(const uint32_t[::1] offsets, const uint32_t[::1] targets):
    """Return (offsets, targets) of the graph with every reference turned round, sorted by referrer. O(V + E)."""
    cdef uint32_t nodes = <uint32_t>(offsets.shape[0] - 1)
    cdef Ints back_offsets = allocate(<Py_ssize_t>nodes + 1, 4)
    cdef Ints back_targets = allocate(targets.shape[0], 4)
    cdef uint32_t *ends = <uint32_t *>back_offsets.data
    cdef uint32_t *sources = <uint32_t *>back_targets.data
    cdef uint32_t node, count
    cdef uint32_t total = 0
    cdef Py_ssize_t edge
    with nogil:
        for edge in range(targets.shape[0]):
            ends[targets[edge] + 1] += 1
        for node in range(nodes):
            count = ends[node + 1]
            ends[node + 1] = total
            total += count
        for node in range(nodes):
            for edge in range(offsets[node], offsets[node + 1]):
                sources[ends[targets[edge] + 1]] = node
                ends[targets[edge] + 1] += 1
    return back_offsets, back_targets


def reach(const uint32_t[::1] offsets, const uint32_t[::1] targets, starts, const uint8_t[::1] blocked):
    """Return a byte per node: 1 where it can be reached from `starts` without entering a blocked node. O(V + E).

    A blocked start is not entered either.
    """
    cdef uint32_t nodes = <uint32_t>(offsets.shape[0] - 1)
    cdef Ints met = allocate(nodes, 1)
    cdef uint8_t *marks = <uint8_t *>met.data
    cdef Scratch memory = Scratch(<size_t>nodes * 4)
    cdef uint32_t *queue = <uint32_t *>memory.data
    cdef uint32_t used = 0
    cdef uint32_t node, target
    cdef uint64_t steps = 0
    cdef Py_ssize_t edge
    cdef bint stopped = False
    for start in starts:
        node = start
        if node >= nodes:
            raise IndexError(f"no node {node}")
        if not marks[node] and not blocked[node]:
            marks[node] = 1
            queue[used] = node
            used += 1
    with nogil:
        while used:
            used -= 1
            node = queue[used]
            steps += 1
            if not steps & POLL_MASK and interrupted():
                stopped = True
                break
            for edge in range(offsets[node], offsets[node + 1]):
                target = targets[edge]
                if not marks[target] and not blocked[target]:
                    marks[target] = 1
                    queue[used] = target
                    used += 1
    if stopped:
        raise KeyboardInterrupt
    return met


def nearest(const uint32_t[::1] offsets, const uint32_t[::1] targets, uint32_t start,
            const uint8_t[::1] ends, const uint8_t[::1] deferred):
    """Return a shortest path (nodes, `start` first) to a node with a mark in `ends`, or an empty list. O(V + E).

    Paths lead through deferred nodes only if there is no other: a search with two queues, of which the
    second one is taken up when the first is empty.
    """
    cdef uint32_t nodes = <uint32_t>(offsets.shape[0] - 1)
    cdef Scratch memory = Scratch(<size_t>nodes * 12)
    cdef uint32_t *before = <uint32_t *>memory.data
    cdef uint32_t *first = before + nodes
    cdef uint32_t *second = first + nodes
    cdef uint32_t first_head = 0
    cdef uint32_t first_tail = 0
    cdef uint32_t second_head = 0
    cdef uint32_t second_tail = 0
    cdef uint32_t node, target
    cdef uint32_t found = NOWHERE
    cdef uint64_t steps = 0
    cdef Py_ssize_t edge
    cdef bint stopped = False
    if start >= nodes:
        raise IndexError(f"no node {start}")
    with nogil:
        # before[v] is 1 + the node from which v was met; 0: not met.
        before[start] = start + 1
        if ends[start]:
            found = start
        first[0] = start
        first_tail = 1
        while found == NOWHERE:
            if first_head < first_tail:
                node = first[first_head]
                first_head += 1
            elif second_head < second_tail:
                node = second[second_head]
                second_head += 1
            else:
                break
            steps += 1
            if not steps & POLL_MASK and interrupted():
                stopped = True
                break
            for edge in range(offsets[node], offsets[node + 1]):
                target = targets[edge]
                if before[target]:
                    continue
                before[target] = node + 1
                if ends[target]:
                    found = target
                    break
                if deferred[target]:
                    second[second_tail] = target
                    second_tail += 1
                else:
                    first[first_tail] = target
                    first_tail += 1
    if stopped:
        raise KeyboardInterrupt
    path = []
    while found != NOWHERE:
        path.append(found)
        if found == start:
            break
        found = before[found] - 1
    path.reverse()
    return path
