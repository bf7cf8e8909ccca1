cdef class Ints:
    cdef void *data
    cdef Py_ssize_t length
    cdef Py_ssize_t width
    cdef Py_ssize_t exports

cdef Ints allocate(Py_ssize_t length, Py_ssize_t width)
cdef Ints adopt(void *data, size_t room, Py_ssize_t length, Py_ssize_t width)
