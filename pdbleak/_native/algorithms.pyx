# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Algorithms on the heap graph: ints in, ints out; knows no object.

Arrays of a graph are compressed rows: node v's references are targets[offsets[v]] up to
targets[offsets[v + 1] - 1]. All run without the GIL and end with KeyboardInterrupt on Ctrl+C.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from pdbleak._native.ints cimport Ints, allocate

include "polling.pxi"
include "scratch.pxi"

cdef extern from "memory.h":
    void __builtin_prefetch(const void *address) nogil

cdef enum:
    NOWHERE = 0xFFFFFFFF
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


def tally(const uint32_t[::1] types, const uint32_t[::1] sizes, Py_ssize_t type_count,
          const uint8_t[::1] flags, uint8_t wanted):
    """Return (count, bytes) arrays by type, of all nodes, or of those with a flag of `wanted`. O(V)."""
    cdef Ints counts = allocate(type_count, 4)
    cdef Ints bytes_by_type = allocate(type_count, 8)
    cdef uint32_t *count = <uint32_t *>counts.data
    cdef uint64_t *size = <uint64_t *>bytes_by_type.data
    cdef Py_ssize_t node
    with nogil:
        for node in range(types.shape[0]):
            if wanted == 0 or flags[node] & wanted:
                count[types[node]] += 1
                size[types[node]] += sizes[node]
    return counts, bytes_by_type


def total_above(const uint32_t[::1] sizes, uint32_t least):
    """Return the bytes of all nodes with more than `least` bytes. O(V)."""
    cdef Py_ssize_t node
    cdef uint64_t total = 0
    with nogil:
        for node in range(sizes.shape[0]):
            total += sizes[node] if sizes[node] > least else 0
    return total


def select(const uint32_t[::1] types, const uint8_t[::1] wanted):
    """Return the nodes whose type has a mark in `wanted`, as an array. O(V)."""
    cdef Py_ssize_t node
    cdef Py_ssize_t count = 0
    cdef Ints found
    cdef uint32_t *nodes
    with nogil:
        for node in range(types.shape[0]):
            count += wanted[types[node]] != 0
    found = allocate(count, 4)
    nodes = <uint32_t *>found.data
    with nogil:
        count = 0
        for node in range(types.shape[0]):
            if wanted[types[node]]:
                nodes[count] = <uint32_t>node
                count += 1
    return found


def masked(const uint8_t[::1] flags, uint8_t wanted, uint8_t unwanted=0):
    """Return a byte per node: 1 where a flag of `wanted` is set and none of `unwanted`. O(V)."""
    cdef Ints marks = allocate(flags.shape[0], 1)
    cdef uint8_t *mark = <uint8_t *>marks.data
    cdef Py_ssize_t node
    with nogil:
        for node in range(flags.shape[0]):
            mark[node] = flags[node] & wanted != 0 and flags[node] & unwanted == 0
    return marks


def marked(Py_ssize_t length, nodes):
    """Return a byte per node: 1 for the given ones. O(V)."""
    cdef Ints marks = allocate(length, 1)
    cdef uint8_t *mark = <uint8_t *>marks.data
    cdef Py_ssize_t place
    for node in nodes:
        place = node
        if not 0 <= place < length:
            raise IndexError(f"no node {place}")
        mark[place] = 1
    return marks


def total(const uint32_t[::1] nodes, const uint32_t[::1] sizes):
    """Return the sum of some nodes' sizes. O(nodes)."""
    cdef uint64_t found = 0
    cdef Py_ssize_t place
    with nogil:
        for place in range(nodes.shape[0]):
            found += sizes[nodes[place]]
    return found


def positions(const uint8_t[::1] marks):
    """Return the nodes with a mark, as an array. O(V)."""
    cdef Py_ssize_t node
    cdef Py_ssize_t count = 0
    cdef Ints found
    cdef uint32_t *nodes
    with nogil:
        for node in range(marks.shape[0]):
            count += marks[node] != 0
    found = allocate(count, 4)
    nodes = <uint32_t *>found.data
    with nogil:
        count = 0
        for node in range(marks.shape[0]):
            if marks[node]:
                nodes[count] = <uint32_t>node
                count += 1
    return found


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


cdef inline uint64_t mix(uint64_t value) noexcept nogil:
    # splitmix64's finaliser: Steele, Lea and Flood 2014.
    value = (value ^ value >> 30) * <uint64_t>0xBF58476D1CE4E5B9ULL
    value = (value ^ value >> 27) * <uint64_t>0x94D049BB133111EBULL
    return value ^ value >> 31


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


def common(const uint64_t[::1] addresses, const uint8_t[::1] marks, const uint64_t[::1] others):
    """Return the marked nodes whose address is among `others`; both are sorted. O(V)."""
    cdef Ints found = allocate(addresses.shape[0], 4)
    cdef uint32_t *nodes = <uint32_t *>found.data
    cdef Py_ssize_t node
    cdef Py_ssize_t other = 0
    cdef Py_ssize_t count = 0
    with nogil:
        for node in range(addresses.shape[0]):
            if not marks[node]:
                continue
            while other < others.shape[0] and others[other] < addresses[node]:
                other += 1
            if other < others.shape[0] and others[other] == addresses[node]:
                nodes[count] = <uint32_t>node
                count += 1
    return memoryview(found)[:count]


def pack_addresses(const uint64_t[::1] addresses):
    """Return sorted addresses as the steps between them, in as many bytes as each takes. O(V).

    Seven bits a byte, the low ones first, the highest bit set where more follow (LEB128, DWARF 5, 7.6);
    objects lie some dozens of bytes apart, so that most take one byte, for a step in units of eight.
    """
    cdef Py_ssize_t node
    cdef uint64_t step
    cdef uint64_t last = 0
    cdef Py_ssize_t used = 0
    cdef Ints packed
    cdef uint8_t *written
    with nogil:
        for node in range(addresses.shape[0]):
            step = rotated(addresses[node] - last)
            last = addresses[node]
            used += 1
            while step >= 0x80:
                step >>= 7
                used += 1
    packed = allocate(used, 1)
    written = <uint8_t *>packed.data
    last = 0
    used = 0
    with nogil:
        for node in range(addresses.shape[0]):
            step = rotated(addresses[node] - last)
            last = addresses[node]
            while step >= 0x80:
                written[used] = <uint8_t>(step & 0x7F) | 0x80
                used += 1
                step >>= 7
            written[used] = <uint8_t>step
            used += 1
    return packed


def not_among(const uint8_t[::1] packed, const uint64_t[::1] addresses):
    """Return a byte per node: 1 where its address is not among the packed ones; both are sorted. O(V)."""
    cdef Ints marks = allocate(addresses.shape[0], 1)
    cdef uint8_t *mark = <uint8_t *>marks.data
    cdef Py_ssize_t node
    cdef Py_ssize_t place = 0
    cdef uint64_t known = 0
    cdef uint64_t step
    cdef int shift
    cdef bint any_known = False
    with nogil:
        for node in range(addresses.shape[0]):
            while place < packed.shape[0] and (not any_known or known < addresses[node]):
                step = 0
                shift = 0
                while packed[place] & 0x80 and place + 1 < packed.shape[0]:
                    step |= <uint64_t>(packed[place] & 0x7F) << shift
                    shift += 7
                    place += 1
                step |= <uint64_t>packed[place] << shift
                place += 1
                known += unrotated(step)
                any_known = True
            mark[node] = not any_known or known != addresses[node]
    return marks


cdef inline uint64_t rotated(uint64_t step) noexcept nogil:
    return step >> 3 | step << 61


cdef inline uint64_t unrotated(uint64_t step) noexcept nogil:
    return step << 3 | step >> 61
