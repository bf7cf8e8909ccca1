# Shared by the algorithms: memory that is mapped for one call and goes back to the system with it.

cdef extern from "memory.h":
    void *leak_map(size_t size) nogil
    void leak_unmap(void *memory, size_t size) nogil


cdef class Scratch:
    """Memory for the length of one call."""

    cdef void *data
    cdef size_t size

    def __cinit__(self, size_t size):
        self.size = size
        self.data = leak_map(size)
        if self.data == NULL:
            raise MemoryError(f"no room for {size} bytes")

    def __dealloc__(self):
        leak_unmap(self.data, self.size)
