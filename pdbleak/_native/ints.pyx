# cython: language_level=3
"""An array of unsigned integers in pages of its own; knows nothing of what they number."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from cpython.buffer cimport PyBUF_FORMAT, PyBUF_WRITABLE

cdef extern from "Python.h":
    Py_ssize_t PY_SSIZE_T_MAX

cdef extern from "memory.h":
    void *leak_map(size_t size) nogil
    void *leak_remap(void *memory, size_t old, size_t size) nogil
    void leak_unmap(void *memory, size_t size) nogil


cdef class Ints:
    """A read-only array of unsigned integers of 1, 4 or 8 bytes each; supports the buffer protocol.

    Its memory comes from the kernel and goes back to it when the array dies.
    """

    def __dealloc__(self):
        leak_unmap(self.data, self.length * self.width)

    def __len__(self):
        return self.length

    def __getitem__(self, Py_ssize_t index):
        if index < 0:
            index += self.length
        if not 0 <= index < self.length:
            raise IndexError(index)
        if self.width == 4:
            return (<uint32_t *>self.data)[index]
        if self.width == 1:
            return (<uint8_t *>self.data)[index]
        return (<uint64_t *>self.data)[index]

    @property
    def nbytes(self):
        """Bytes of memory that the array takes."""
        return self.length * self.width

    def __getbuffer__(self, Py_buffer *view, int flags):
        if flags & PyBUF_WRITABLE == PyBUF_WRITABLE:
            raise BufferError("the array is read-only")
        view.buf = self.data
        view.obj = self
        view.len = self.length * self.width
        view.itemsize = self.width
        view.readonly = 1
        view.ndim = 1
        view.format = NULL
        if flags & PyBUF_FORMAT:
            view.format = b"I" if self.width == 4 else b"B" if self.width == 1 else b"Q"
        view.shape = &self.length
        view.strides = &self.width
        view.suboffsets = NULL
        view.internal = NULL


cdef Ints allocate(Py_ssize_t length, Py_ssize_t width):
    """Make a zeroed array; MemoryError if there is no room."""
    cdef Ints array = Ints.__new__(Ints)
    # A length from outside may be such that the bytes do not fit in a number.
    if length < 0 or length > PY_SSIZE_T_MAX // width:
        raise MemoryError(f"no room for {length} integers")
    array.data = leak_map(length * width)
    if array.data == NULL:
        raise MemoryError(f"no room for {length * width} bytes")
    array.length = length
    array.width = width
    return array


cdef Ints adopt(void *data, size_t room, Py_ssize_t length, Py_ssize_t width):
    """Make an array of mapped memory of `room` bytes, cut to its length. The memory stays as it is where that fails."""
    cdef void *cut
    cdef Ints array = Ints.__new__(Ints)
    cut = leak_remap(data, room, length * width)
    array.data = cut if cut != NULL else data
    array.length = length
    array.width = width
    return array


def from_values(values, Py_ssize_t width):
    """Make an array of 1-, 4- or 8-byte integers from a sequence of ints; OverflowError if one does not fit."""
    cdef Ints array = allocate(len(values), width)
    cdef Py_ssize_t index = 0
    for value in values:
        if width == 4:
            (<uint32_t *>array.data)[index] = <uint32_t?>value
        elif width == 1:
            (<uint8_t *>array.data)[index] = <uint8_t?>value
        else:
            (<uint64_t *>array.data)[index] = <uint64_t?>value
        index += 1
    return array
