# Part of algorithms.pyx: counting, weighing and marking nodes by what is known of each.

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


def total(const uint32_t[::1] nodes, const uint32_t[::1] sizes):
    """Return the sum of some nodes' sizes. O(nodes)."""
    cdef uint64_t found = 0
    cdef Py_ssize_t place
    with nogil:
        for place in range(nodes.shape[0]):
            found += sizes[nodes[place]]
    return found


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
