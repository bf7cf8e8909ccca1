# Part of algorithms.pyx: strongly connected components, their members and their shapes.

cdef enum:
    # How many references of a row are fetched before they are read.
    NEAR = 16
    FAR = 8
    SOON = 4


cdef struct Mark:
    # A node's number in a search, 0 before it is met, and where its references begin: they are read together.
    uint32_t number
    uint32_t offset


cdef struct Entry:
    uint32_t node
    uint32_t number


cdef struct Call:
    # A node that the search has entered: its number, the least number that it leads back to, its next reference.
    uint32_t node
    uint32_t number
    uint32_t low
    uint32_t edge
    uint8_t cyclic


cdef inline bint has_bit(const uint64_t *bits, uint32_t node) noexcept nogil:
    return bits[node >> 6] >> (node & 63) & 1


cdef inline void fetch_marks(const Mark *marks, const uint64_t *aside, const uint32_t *targets, uint32_t edge,
                             uint32_t end) noexcept nogil:
    for edge in range(edge, end):
        if not has_bit(aside, targets[edge]):
            __builtin_prefetch(&marks[targets[edge]])


cdef inline void fetch_ahead(const Mark *marks, const uint64_t *aside, const uint32_t *targets, uint32_t edge,
                             uint32_t end) noexcept nogil:
    """Have in the cache what the next references of a row lead to: marks, then rows, then the rows' marks."""
    cdef const Mark *mark
    if edge + NEAR < end:
        fetch_marks(marks, aside, targets, edge + NEAR, edge + NEAR + 1)
    if edge + FAR < end and not has_bit(aside, targets[edge + FAR]):
        mark = &marks[targets[edge + FAR]]
        if not mark.number:
            __builtin_prefetch(&targets[mark.offset])
    if edge + SOON < end and not has_bit(aside, targets[edge + SOON]):
        mark = &marks[targets[edge + SOON]]
        if not mark.number:
            fetch_marks(marks, aside, targets, mark.offset, min((mark + 1).offset, mark.offset + NEAR))


def components(const uint32_t[::1] offsets, const uint32_t[::1] targets, const uint8_t[::1] barrier):
    """Return (component of every node, number of components), 0 for a node on no cycle. O(V + E).

    Strongly connected components of two or more nodes, and single nodes with a reference to themselves,
    numbered from 1. Nodes with a mark in `barrier` are treated as absent. Tarjan 1972, without recursion;
    as in Nuutila and Soisalon-Soininen 1994 a node that is a component by itself is on no stack.
    """
    cdef uint32_t nodes = <uint32_t>(offsets.shape[0] - 1)
    cdef Ints component = allocate(nodes, 4)
    cdef uint32_t *numbers = <uint32_t *>component.data
    cdef Scratch memory = Scratch(<size_t>(nodes + 1) * (sizeof(Mark) + sizeof(Call) + sizeof(Entry)))
    cdef Scratch bits = Scratch(nodes // 8 + 8)
    # A bit by node: it is on no cycle. So few bytes stay in the cache.
    cdef uint64_t *aside = <uint64_t *>bits.data
    cdef Mark *marks = <Mark *>memory.data
    cdef Call *calls = <Call *>(marks + nodes + 1)
    cdef Entry *stack = <Entry *>(calls + nodes + 1)
    cdef const uint32_t *row = &targets[0] if targets.shape[0] else NULL
    cdef uint32_t height = 0
    cdef uint32_t clock = 0
    cdef uint32_t found = 0
    cdef uint32_t depth = 0
    cdef uint32_t root, target, below, seen
    cdef uint32_t node = 0
    cdef uint32_t number = 0
    cdef uint32_t low = 0
    cdef uint32_t edge = 0
    cdef uint32_t end = 0
    cdef bint cyclic = False
    cdef bint stopped = False
    with nogil:
        marks[nodes].offset = offsets[nodes]
        for node in range(nodes):
            marks[node].offset = offsets[node]
            # What refers to nothing, as half of a heap does, is on no cycle.
            aside[node >> 6] |= <uint64_t>(barrier[node] or offsets[node] == offsets[node + 1]) << (node & 63)
        for root in range(nodes):
            if has_bit(aside, root) or marks[root].number:
                continue
            depth = 0
            target = root
            while True:
                if target != NOWHERE:
                    # Enters a node; the first call is nobody's.
                    calls[depth].node = node
                    calls[depth].number = number
                    calls[depth].low = low
                    calls[depth].edge = edge
                    calls[depth].cyclic = cyclic
                    depth += 1
                    clock += 1
                    if not clock & POLL_MASK and interrupted():
                        stopped = True
                        break
                    node = target
                    number = low = marks[node].number = clock
                    cyclic = False
                    edge = marks[node].offset
                    end = marks[node + 1].offset
                    fetch_marks(marks, aside, row, edge, min(end, edge + NEAR))
                target = NOWHERE
                while edge < end:
                    fetch_ahead(marks, aside, row, edge, end)
                    below = row[edge]
                    edge += 1
                    if has_bit(aside, below):
                        continue
                    seen = marks[below].number
                    if not seen:
                        target = below
                        break
                    if seen < low:
                        low = seen
                    elif seen == number:
                        cyclic = True
                if target != NOWHERE:
                    continue
                # Leaves it.
                if low < number:
                    stack[height].node = node
                    stack[height].number = number
                    height += 1
                else:
                    # What is finished is no way back any more.
                    marks[node].number = NOWHERE
                    if cyclic or height and stack[height - 1].number > number:
                        found += 1
                        numbers[node] = found
                    while height and stack[height - 1].number > number:
                        height -= 1
                        marks[stack[height].node].number = NOWHERE
                        numbers[stack[height].node] = found
                depth -= 1
                if not depth:
                    break
                node = calls[depth].node
                number = calls[depth].number
                low = min(low, calls[depth].low)
                edge = calls[depth].edge
                end = marks[node + 1].offset
                cyclic = calls[depth].cyclic
            if stopped:
                break
    if stopped:
        raise KeyboardInterrupt
    return component, found


def grouped(const uint32_t[::1] component, Py_ssize_t count):
    """Return (offsets, nodes): component c, numbered from 1, has nodes[offsets[c - 1]:offsets[c]]. O(V)."""
    cdef Ints offsets = allocate(count + 1, 4)
    cdef uint32_t *ends = <uint32_t *>offsets.data
    cdef Ints members
    cdef uint32_t *nodes
    cdef uint32_t total = 0
    cdef uint32_t size
    cdef Py_ssize_t node, number
    with nogil:
        for node in range(component.shape[0]):
            if component[node]:
                ends[component[node]] += 1
        for number in range(1, count + 1):
            size = ends[number]
            ends[number] = total
            total += size
    members = allocate(total, 4)
    nodes = <uint32_t *>members.data
    with nogil:
        for node in range(component.shape[0]):
            if component[node]:
                nodes[ends[component[node]]] = <uint32_t>node
                ends[component[node]] += 1
    return offsets, members


def signatures(const uint32_t[::1] offsets, const uint32_t[::1] targets, const uint32_t[::1] component,
               Py_ssize_t count, const uint32_t[::1] types, const uint32_t[::1] sizes):
    """Return (signature, bytes) of every component, numbered from 1. O(V + E).

    Equal for components with as many objects of each type and as many references between each two
    types inside of them; in whatever order.
    """
    cdef Ints signed = allocate(count, 8)
    cdef Ints weighed = allocate(count, 8)
    cdef uint64_t *signature = <uint64_t *>signed.data
    cdef uint64_t *weight = <uint64_t *>weighed.data
    cdef uint32_t number
    cdef Py_ssize_t node, edge
    with nogil:
        for node in range(component.shape[0]):
            number = component[node]
            if not number:
                continue
            weight[number - 1] += sizes[node]
            signature[number - 1] += mix(<uint64_t>types[node] + 1)
            for edge in range(offsets[node], offsets[node + 1]):
                if component[targets[edge]] == number:
                    signature[number - 1] += mix(
                        mix(<uint64_t>types[node] + 1) + types[targets[edge]])
    return signed, weighed
