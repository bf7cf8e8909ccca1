# cython: language_level=3, boundscheck=False, wraparound=False
"""The names of all references as numbers, one per reference: found where a container stores them.

A row of the graph is what `tp_traverse` visits, in its order, less what was left out. Lists and tuples are
visited from their end, dicts in their order, the value before its key (CPython's Objects/*.c). Where a row is
not found to be so, nothing is said, and the caller asks the names of each reference.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from cpython.object cimport PyObject

from pdbleak._native.ints cimport Ints, allocate

cdef extern from "Python.h":
    int PyList_CheckExact(PyObject *item)
    int PyTuple_CheckExact(PyObject *item)
    Py_ssize_t PyList_GET_SIZE(PyObject *item)
    PyObject *PyList_GET_ITEM(PyObject *item, Py_ssize_t index)
    Py_ssize_t PyTuple_GET_SIZE(PyObject *item)
    PyObject *PyTuple_GET_ITEM(PyObject *item, Py_ssize_t index)
    int PyDict_Next(PyObject *mapping, Py_ssize_t *position, PyObject **key, PyObject **value)

cdef enum:
    PLACE = 0x80000000

IS_PLACE = PLACE


cdef class Labels:
    """A number for each reference of a graph: 0 where it has no name yet."""

    cdef readonly Ints codes
    cdef const uint32_t[::1] offsets
    cdef const uint32_t[::1] targets
    cdef const uint64_t[::1] addresses

    def __init__(self, offsets, targets, addresses):
        """Begin with no names, for the references of a graph whose nodes lie at some addresses."""
        self.offsets = offsets
        self.targets = targets
        self.addresses = addresses
        self.codes = allocate(self.targets.shape[0], 4)

    def sequence(self, Py_ssize_t node, item):
        """Number the references of a list or tuple by the place of each element; tell whether that holds. O(length)."""
        cdef PyObject *sequence = <PyObject *>item
        cdef uint32_t *codes = <uint32_t *>self.codes.data
        cdef PyObject *element
        cdef bint is_list = PyList_CheckExact(sequence)
        cdef Py_ssize_t index, edge, stop
        if not is_list and not PyTuple_CheckExact(sequence):
            return False
        index = PyList_GET_SIZE(sequence) if is_list else PyTuple_GET_SIZE(sequence)
        edge, stop = self.offsets[node], self.offsets[node + 1]
        while edge < stop and index > 0:
            index -= 1
            element = PyList_GET_ITEM(sequence, index) if is_list else PyTuple_GET_ITEM(sequence, index)
            if <uint64_t>element == self.addresses[self.targets[edge]]:
                codes[edge] = PLACE | <uint32_t>(index & 0x7FFFFFFF)
                edge += 1
        return edge == stop

    def mapping(self, Py_ssize_t node, dict item, code_of, code_of_key):
        """Number the references of a dict by what two functions return for a key; tell whether that holds. O(length)."""
        cdef uint32_t *codes = <uint32_t *>self.codes.data
        cdef PyObject *key
        cdef PyObject *value
        cdef object held
        cdef Py_ssize_t position = 0
        cdef Py_ssize_t edge = self.offsets[node]
        cdef Py_ssize_t stop = self.offsets[node + 1]
        cdef bint is_value, is_key
        # The functions may let another thread change the dict: looked up anew each time, and nothing kept.
        while edge < stop and PyDict_Next(<PyObject *>item, &position, &key, &value):
            is_value = <uint64_t>value == self.addresses[self.targets[edge]]
            is_key = edge + is_value < stop and <uint64_t>key == self.addresses[self.targets[edge + is_value]]
            held = <object>key
            if is_value:
                codes[edge] = code_of(held)
                edge += 1
            if is_key:
                codes[edge] = code_of_key(held)
                edge += 1
        return edge == stop

    def put(self, Py_ssize_t node, dict code_at):
        """Number the references of a node by the address that each leads to. O(references)."""
        cdef uint32_t *codes = <uint32_t *>self.codes.data
        cdef Py_ssize_t edge
        for edge in range(self.offsets[node], self.offsets[node + 1]):
            codes[edge] = code_at.get(self.addresses[self.targets[edge]], 0)

    def leads_to_unmarked(self, Py_ssize_t node, const uint8_t[::1] marks):
        """Tell whether a node refers to one without a mark. O(references)."""
        cdef Py_ssize_t edge
        for edge in range(self.offsets[node], self.offsets[node + 1]):
            if not marks[self.targets[edge]]:
                return True
        return False
