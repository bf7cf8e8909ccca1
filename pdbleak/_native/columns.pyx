# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Arrays as they stand in a file, and whether an array that came from one can be believed; knows no file.

A block of a column is its differences (where it rises), then its bytes by significance: all lowest ones
first. That brings together what repeats, and a general compressor finds it (as HDF5's shuffle filter does).
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize

from pdbleak._native.ints cimport Ints, allocate


cdef inline uint64_t value_at(const uint8_t *data, Py_ssize_t index, Py_ssize_t width) noexcept nogil:
    if width == 4:
        return (<const uint32_t *>data)[index]
    if width == 8:
        return (<const uint64_t *>data)[index]
    return data[index]


def pack(const uint8_t[::1] data, Py_ssize_t width, Py_ssize_t start, Py_ssize_t stop, bint rising=False):
    """Return the integers `start` to `stop` of an array, given as its bytes, as one block. O(stop - start)."""
    cdef Py_ssize_t count = stop - start
    cdef Py_ssize_t index, byte
    cdef uint64_t value, before
    cdef uint8_t *out
    cdef const uint8_t *source
    if width not in (1, 4, 8) or not 0 <= start <= stop <= data.shape[0] // width:
        raise ValueError("no such part of the array")
    block = PyBytes_FromStringAndSize(NULL, count * width)
    if not count:
        return block
    out = <uint8_t *>PyBytes_AS_STRING(block)
    source = &data[0]
    with nogil:
        before = 0
        for index in range(count):
            value = value_at(source, start + index, width)
            if rising:
                value, before = value - before, value
            for byte in range(width):
                out[byte * count + index] = <uint8_t>(value >> (8 * byte))
    return block


cdef class Filling:
    """A column that is being read: its blocks come one after the other, and `done` is the array."""

    cdef Ints array
    cdef Py_ssize_t used
    cdef bint rising

    def __init__(self, Py_ssize_t count, Py_ssize_t width, *, bint rising=False):
        """Make room for `count` integers; ValueError for a width that none has."""
        if width not in (1, 4, 8) or count < 0:
            raise ValueError("no such column")
        self.array = allocate(count, width)
        self.rising = rising

    def add(self, const uint8_t[::1] block):
        """Take the next block; ValueError if it is no whole number of integers, or more than there is room for."""
        cdef Py_ssize_t width = self.array.width
        cdef Py_ssize_t count = block.shape[0] // width
        cdef Py_ssize_t index, byte
        cdef uint64_t value
        cdef uint64_t before = 0
        cdef uint8_t *out = <uint8_t *>self.array.data
        if count * width != block.shape[0] or self.used + count > self.array.length:
            raise ValueError("a block that does not fit")
        with nogil:
            for index in range(count):
                value = 0
                for byte in range(width):
                    value |= <uint64_t>block[byte * count + index] << (8 * byte)
                if self.rising:
                    value += before
                    before = value
                if width == 4:
                    (<uint32_t *>out)[self.used + index] = <uint32_t>value
                elif width == 8:
                    (<uint64_t *>out)[self.used + index] = value
                else:
                    out[self.used + index] = <uint8_t>value
        self.used += count

    def done(self):
        """Return the array; ValueError if blocks are missing."""
        if self.used != self.array.length:
            raise ValueError("blocks are missing")
        return self.array


def degrees(const uint32_t[::1] offsets):
    """Return how many references each node has. O(V)."""
    cdef Ints counts = allocate(offsets.shape[0] - 1, 4)
    cdef uint32_t *count = <uint32_t *>counts.data
    cdef Py_ssize_t node
    with nogil:
        for node in range(offsets.shape[0] - 1):
            count[node] = offsets[node + 1] - offsets[node]
    return counts


def offsets_of(const uint32_t[::1] degrees, uint64_t references):
    """Return where each node's references begin; ValueError if there are not as many as said. O(V)."""
    cdef Ints offsets = allocate(degrees.shape[0] + 1, 4)
    cdef uint32_t *offset = <uint32_t *>offsets.data
    cdef uint64_t total = 0
    cdef Py_ssize_t node
    with nogil:
        for node in range(degrees.shape[0]):
            total += degrees[node]
            if total > references:
                break
            offset[node + 1] = <uint32_t>total
    if total != references:
        raise ValueError("rows that do not add up")
    return offsets


def all_below(const uint32_t[::1] values, uint64_t limit):
    """Tell whether all values are below a limit. O(V)."""
    cdef uint32_t most = 0
    cdef Py_ssize_t index
    with nogil:
        for index in range(values.shape[0]):
            most = max(most, values[index])
    return values.shape[0] == 0 or most < limit


def rises(values, bint strictly=True):
    """Tell whether a 4- or 8-byte array rises from each value to the next. O(V)."""
    cdef const uint8_t[::1] data
    cdef Py_ssize_t width = memoryview(values).itemsize
    cdef Py_ssize_t count = len(values)
    cdef Py_ssize_t index
    cdef uint64_t value
    cdef uint64_t before = 0
    cdef bint rising = True
    if not count:
        return True
    data = memoryview(values).cast("B")
    with nogil:
        for index in range(count):
            value = value_at(&data[0], index, width)
            if index and (value < before or (strictly and value == before)):
                rising = False
                break
            before = value
    return rising


def places(const uint32_t[::1] values, Py_ssize_t start, Py_ssize_t stop, uint32_t wanted, Py_ssize_t most,
           bint backwards=False):
    """Return the first or last places from `start` to `stop` where a value stands. O(stop - start)."""
    cdef Py_ssize_t index, step
    cdef list found = []
    if not 0 <= start <= stop <= values.shape[0]:
        raise ValueError("no such part of the array")
    for step in range(stop - start):
        index = stop - 1 - step if backwards else start + step
        if values[index] == wanted:
            found.append(index)
            if len(found) >= most:
                break
    return found


def count_of(const uint32_t[::1] values, uint32_t wanted):
    """Return how many values are equal to one. O(V)."""
    cdef Py_ssize_t count = 0
    cdef Py_ssize_t index
    with nogil:
        for index in range(values.shape[0]):
            count += values[index] == wanted
    return count


def codes_known(const uint32_t[::1] codes, uint64_t texts):
    """Tell whether every code of a name is a place in a sequence, with its highest bit set, or a text's. O(E)."""
    cdef Py_ssize_t index
    cdef bint known = True
    with nogil:
        for index in range(codes.shape[0]):
            if codes[index] >= texts and not codes[index] & <uint32_t>0x80000000:
                known = False
                break
    return known


def are_complements(const uint8_t[::1] ones, const uint8_t[::1] others):
    """Tell whether of two marks every node has exactly one. O(V)."""
    cdef Py_ssize_t index
    cdef bint found = ones.shape[0] == others.shape[0]
    with nogil:
        if found:
            for index in range(ones.shape[0]):
                if (ones[index] != 0) == (others[index] != 0):
                    found = False
                    break
    return found
