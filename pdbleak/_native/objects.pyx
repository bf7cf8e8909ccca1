# cython: language_level=3
"""What the layouts tell about one live object; runs no code of its class and keeps nothing."""

from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc
from cpython.object cimport PyObject
from types import CodeType

cdef extern from "references.h":
    ctypedef struct PyDictKeysObject:
        pass
    ctypedef struct PyCodeObject:
        PyObject *co_localsplusnames
        int co_nlocalsplus
    ctypedef struct leak_frame:
        pass
    ctypedef int (*leak_visitor)(PyObject *, void *) noexcept
    int leak_is_walkable(PyObject *item)
    int leak_traverse(PyObject *item, leak_visitor visitor, void *context)
    Py_ssize_t leak_inline_values(PyObject *item, PyObject ***values, PyDictKeysObject **keys)
    PyObject *leak_shared_key(PyDictKeysObject *keys, Py_ssize_t index)
    PyObject *leak_managed_dict(PyObject *item)
    ctypedef struct PyThreadState:
        pass
    ctypedef struct PyInterpreterState:
        pass
    PyInterpreterState *PyInterpreterState_Get()
    PyThreadState *PyInterpreterState_ThreadHead(PyInterpreterState *interpreter)
    PyThreadState *PyThreadState_Next(PyThreadState *thread)
    leak_frame *leak_top_frame(PyThreadState *thread)
    leak_frame *leak_next_frame(leak_frame *frame)
    leak_frame *leak_frame_of(PyObject *item)
    int leak_run_state(PyObject *item)
    int leak_waiting_line(PyObject *item)
    int leak_frame_is_python(leak_frame *frame)
    PyCodeObject *leak_frame_code(leak_frame *frame)
    PyObject *leak_frame_local(leak_frame *frame, Py_ssize_t index)

cdef extern from "keepers.h":
    object leak_allocation(PyObject *item)
    Py_ssize_t leak_atexit_held(Py_ssize_t count, uint64_t *held, Py_ssize_t room)
    uint64_t leak_cached_name(Py_ssize_t slot, int *more)

cdef extern from "Python.h":
    int PyDict_Check(PyObject *item)
    int PyList_Check(PyObject *item)
    int PyTuple_Check(PyObject *item)
    int PyDict_Next(PyObject *mapping, Py_ssize_t *position, PyObject **key, PyObject **value)
    Py_ssize_t PyList_GET_SIZE(PyObject *item)
    PyObject *PyList_GET_ITEM(PyObject *item, Py_ssize_t index)
    Py_ssize_t PyTuple_GET_SIZE(PyObject *item)
    PyObject *PyTuple_GET_ITEM(PyObject *item, Py_ssize_t index)
    Py_ssize_t Py_REFCNT(PyObject *item)
    int PyList_Append(PyObject *items, PyObject *item) except -1


cdef struct Search:
    size_t address
    PyObject *found


cdef int append_alive(PyObject *referent, void *context) noexcept:
    # _asyncio's module state visits dead objects on its free list: counted 0, not to be touched.
    if Py_REFCNT(referent) <= 0:
        return 0
    try:
        PyList_Append(<PyObject *>context, referent)
    except MemoryError:
        return -1
    return 0


cdef int stop_at_address(PyObject *referent, void *context) noexcept:
    cdef Search *search = <Search *>context
    if <size_t>referent == search.address and Py_REFCNT(referent) > 0:
        search.found = referent
        return 1
    return 0


def referents(item):
    """Return the objects that an object refers to, with repetitions, as its `tp_traverse` tells.

    Like `gc.get_referents`, but safe beside objects that are dead. O(references).
    """
    cdef list found = []
    if leak_is_walkable(<PyObject *>item):
        if leak_traverse(<PyObject *>item, append_alive, <void *>found) != 0:
            raise MemoryError
    return found


def referent_at(item, size_t address):
    """Return the object at an address if an object refers to it, else None. O(references)."""
    cdef Search search
    search.address = address
    search.found = NULL
    if leak_is_walkable(<PyObject *>item):
        leak_traverse(<PyObject *>item, stop_at_address, <void *>&search)
    return None if search.found == NULL else <object>search.found


def inline_values(item):
    """Return the (name, value) pairs that an instance stores inline, or None; makes no `__dict__`."""
    cdef PyObject **values = NULL
    cdef PyDictKeysObject *keys = NULL
    cdef PyObject *name
    cdef Py_ssize_t index = 0
    if leak_inline_values(<PyObject *>item, &values, &keys) == 0:
        return None
    pairs = []
    # Looked up anew each time: up to 3.11 making a pair can start a collection, whose finalizers run code.
    while index < leak_inline_values(<PyObject *>item, &values, &keys):
        name = leak_shared_key(keys, index)
        if name != NULL and values[index] != NULL:
            pairs.append((<object>name, <object>values[index]))
        index += 1
    return pairs


def managed_dict(item):
    """Return the `__dict__` that an instance has already, else None; never makes one."""
    cdef PyObject *namespace = leak_managed_dict(<PyObject *>item)
    return None if namespace == NULL else <object>namespace


def frame_locals(item):
    """Return the (name, object) pairs of a frame's, generator's or coroutine's local slots.

    Cells are returned as cells. Stores no dict on the frame; empty for a finished one.
    """
    cdef leak_frame *frame
    cdef PyCodeObject *code
    cdef PyObject *local
    cdef Py_ssize_t index = 0
    pairs = []
    while True:
        # Looked up anew each time, as the inline values are.
        frame = leak_frame_of(<PyObject *>item)
        if frame == NULL or not leak_frame_is_python(frame):
            return pairs
        code = leak_frame_code(frame)
        if index >= code.co_nlocalsplus:
            return pairs
        local = leak_frame_local(frame, index)
        if local != NULL:
            pairs.append((<object>PyTuple_GET_ITEM(code.co_localsplusnames, index), <object>local))
        index += 1


def run_state(item):
    """Return 'waiting', 'running' or 'ended' for a frame, generator or coroutine, else None. Makes no frame."""
    cdef int state = leak_run_state(<PyObject *>item)
    return None if state < 0 else ("waiting", "running", "ended")[state]


def waiting_line(item):
    """Return the line at which a generator or coroutine waits, 0 if it was never started; else -1.

    Makes no frame object.
    """
    return leak_waiting_line(<PyObject *>item)


def variables_of(code):
    """Return the names of a code object's variables, the free ones last, as it keeps them.

    Up to CPython 3.14 `co_varnames`, `co_cellvars` and `co_freevars` are made when they are asked for, and
    stay with the code from 3.12 on. O(1).
    """
    if type(code) is not CodeType:
        raise TypeError("not a code object")
    return <tuple>(<PyCodeObject *><PyObject *>code).co_localsplusnames


def locals_at(set wanted):
    """Return the objects at wanted addresses that lie in local slots of running frames, of every thread.

    Makes no frame object: one that refers to itself would keep all locals until a collection. O(frames).
    """
    cdef PyThreadState *thread = PyInterpreterState_ThreadHead(PyInterpreterState_Get())
    cdef leak_frame *frame
    cdef PyObject *local
    cdef Py_ssize_t index
    cdef list found = []
    while thread != NULL:
        frame = leak_top_frame(thread)
        while frame != NULL:
            if leak_frame_is_python(frame):
                for index in range(leak_frame_code(frame).co_nlocalsplus):
                    local = leak_frame_local(frame, index)
                    if local != NULL and <size_t>local in wanted:
                        found.append(<object>local)
            frame = leak_next_frame(frame)
        thread = PyThreadState_Next(thread)
    return found


def elements_of(items, Py_ssize_t most, absent):
    """Return the first elements of a list or tuple as a list, `absent` where there is none yet. O(most).

    One that is being filled, by a comprehension's C code or a parser's, has places with nothing in them: to
    iterate over it in Python would end the process.
    """
    cdef PyObject *sequence = <PyObject *>items
    cdef PyObject *element
    cdef Py_ssize_t index, size
    cdef bint is_list = PyList_Check(sequence)
    cdef list found = []
    if not is_list and not PyTuple_Check(sequence):
        return found
    size = PyList_GET_SIZE(sequence) if is_list else PyTuple_GET_SIZE(sequence)
    for index in range(min(most, size)):
        element = PyList_GET_ITEM(sequence, index) if is_list else PyTuple_GET_ITEM(sequence, index)
        found.append(absent if element == NULL else <object>element)
    return found


def index_of(items, item, Py_ssize_t start=0):
    """Return the first index of an object in a list or tuple from one on, by identity, or -1. O(length)."""
    cdef PyObject *sequence = <PyObject *>items
    cdef Py_ssize_t index
    if PyList_Check(sequence):
        for index in range(start, PyList_GET_SIZE(sequence)):
            if PyList_GET_ITEM(sequence, index) == <PyObject *>item:
                return index
    elif PyTuple_Check(sequence):
        for index in range(start, PyTuple_GET_SIZE(sequence)):
            if PyTuple_GET_ITEM(sequence, index) == <PyObject *>item:
                return index
    return -1


def keys_of(mapping, value):
    """Return the keys under which a dict holds an object as value, by identity. O(length)."""
    cdef Py_ssize_t position = 0
    cdef PyObject *key
    cdef PyObject *held
    keys = []
    if PyDict_Check(<PyObject *>mapping):
        while PyDict_Next(<PyObject *>mapping, &position, &key, &held):
            if held == <PyObject *>value:
                keys.append(<object>key)
    return keys


def is_key(mapping, item):
    """Tell whether an object is a key of a dict, by identity. O(length)."""
    cdef Py_ssize_t position = 0
    cdef PyObject *key
    cdef PyObject *held
    if PyDict_Check(<PyObject *>mapping):
        while PyDict_Next(<PyObject *>mapping, &position, &key, &held):
            if key == <PyObject *>item:
                return True
    return False


def allocation(item):
    """Return the (file, line) frames of an object's allocation, the innermost first; None if that is not traced."""
    return leak_allocation(<PyObject *>item)


def cached_names():
    """Return the addresses of the names in the cache of attribute lookups, one for each reference. O(4,096)."""
    cdef int more = 1
    cdef Py_ssize_t slot = 0
    cdef uint64_t name
    found = []
    while more:
        name = leak_cached_name(slot, &more)
        if name:
            found.append(name)
        slot += 1
    return found


def atexit_held(Py_ssize_t count):
    """Return the addresses of what atexit holds, one for each reference; `count` is its number of callbacks."""
    cdef Py_ssize_t room = 3 * count + 1
    cdef Py_ssize_t index, found
    cdef uint64_t *held
    if count < 0 or count > 10_000_000:
        return []
    held = <uint64_t *>malloc(room * sizeof(uint64_t))
    if held == NULL:
        raise MemoryError(f"no room for {count} callbacks")
    try:
        found = leak_atexit_held(count, held, room)
        return [held[index] for index in range(found) if held[index]]
    finally:
        free(held)
