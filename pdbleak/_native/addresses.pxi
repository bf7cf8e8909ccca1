# Part of algorithms.pyx: which objects of two captures are at the same addresses.

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
