# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The capture: one walk over all objects in one moment, made into numbers; holds no captured object."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdio cimport snprintf
from libc.stdlib cimport qsort
from libc.string cimport memcpy, memset
from cpython.object cimport PyObject, PyTypeObject

from pdbleak._native.ints cimport Ints, adopt, allocate
from pdbleak._native.stop cimport asked, tell
from pdbleak._native.objects import cached_names

cdef extern from "memory.h":
    void *leak_map(size_t size) nogil
    void *leak_remap(void *memory, size_t old, size_t size) nogil
    void leak_unmap(void *memory, size_t size) nogil
    double leak_now() nogil
    int __builtin_ctzll(unsigned long long bits) nogil
    void __builtin_prefetch(const void *address) nogil
    uint32_t leak_count_bits(uint64_t bits) nogil

cdef extern from "references.h":
    ctypedef struct PyCodeObject:
        PyObject *co_localsplusnames
        PyObject *co_qualname
        PyObject *co_filename
        int co_nlocalsplus
        int co_stacksize
    ctypedef struct PyThreadState:
        unsigned long thread_id
    ctypedef struct PyInterpreterState:
        pass
    ctypedef struct leak_frame:
        pass
    ctypedef PyObject *(*PyCFunction)(PyObject *, PyObject *)
    ctypedef int (*leak_visitor)(PyObject *, void *) noexcept
    enum: FRAME_OWNED "LEAK_FRAME_OWNED"
    Py_ssize_t Py_REFCNT(PyObject *item) nogil
    PyTypeObject *Py_TYPE(PyObject *item) nogil
    int PyType_IsSubtype(PyTypeObject *type, PyTypeObject *base)
    int PyObject_GC_IsTracked(PyObject *item)
    PyObject *PyModule_GetDict(PyObject *module)
    PyObject *PyTuple_GET_ITEM(PyObject *item, Py_ssize_t index)
    int PyGC_Disable()
    int PyGC_Enable()
    PyInterpreterState *PyInterpreterState_Get()
    PyThreadState *PyInterpreterState_ThreadHead(PyInterpreterState *interpreter)
    PyThreadState *PyThreadState_Next(PyThreadState *thread)
    PyTypeObject PyFunction_Type
    PyTypeObject PyModule_Type
    PyTypeObject PyUnicode_Type
    PyTypeObject PyTuple_Type
    PyTypeObject PyMethod_Type
    PyTypeObject PyDict_Type
    PyTypeObject PyList_Type
    PyTypeObject PyLong_Type
    PyTypeObject PyBaseObject_Type
    int leak_visit_tracked(PyObject *get_objects, leak_visitor visitor, void *context) except -1
    int leak_is_walkable(PyObject *item)
    bint leak_may_refer(PyTypeObject *type)
    int leak_traverse(PyObject *item, leak_visitor visitor, void *context)
    bint leak_is_immortal(PyObject *item)
    bint leak_is_own_type(PyTypeObject *type, PyObject *module_key)
    bint leak_is_metatype(PyTypeObject *type)
    bint leak_has_inline_block(PyObject *item)
    size_t leak_inline_block_size(PyTypeObject *type)
    size_t leak_preheader_size(PyTypeObject *type)
    size_t leak_preheader_of(PyObject *item)
    size_t leak_text_size(PyObject *item)
    size_t leak_dict_size(PyObject *item)
    size_t leak_list_size(PyObject *item)
    size_t leak_number_size(PyObject *item)
    void leak_fetch(PyObject *item) nogil
    size_t leak_call_size(PyCFunction sizer, PyObject *item)
    size_t leak_item_count(PyObject *item)
    PyCFunction leak_find_sizer(PyTypeObject *type, PyObject *name)
    int leak_type_text(PyTypeObject *type, PyObject *module_key, PyObject **module, PyObject **qualname) except -1
    PyObject *leak_function_globals(PyObject *function)
    object leak_copy_text(PyObject *text)
    leak_frame *leak_top_frame(PyThreadState *thread)
    leak_frame *leak_next_frame(leak_frame *frame)
    bint leak_frame_is_python(leak_frame *frame)
    PyCodeObject *leak_frame_code(leak_frame *frame)
    PyObject *leak_frame_globals(leak_frame *frame)
    PyObject *leak_frame_local(leak_frame *frame, Py_ssize_t index)
    PyObject *leak_frame_generator(leak_frame *frame) nogil
    PyObject *leak_frame_owned(leak_frame *frame, int index)
    Py_ssize_t leak_frame_depth(leak_frame *frame)
    uint64_t leak_frame_stack_word(leak_frame *frame, Py_ssize_t index)
    int leak_frame_line(leak_frame *frame)

cdef extern from "Python.h":
    void Py_INCREF(PyObject *item)
    void Py_DECREF(PyObject *item)
    void Py_XDECREF(PyObject *item)

# Interned, as the names in a class's namespace are: they are compared by identity.
cdef str SIZEOF = "__sizeof__"
cdef str MODULE_KEY = "__module__"
cdef PyCFunction object_sizer = leak_find_sizer(&PyBaseObject_Type, <PyObject *>SIZEOF)

include "walk.pxi"
include "index.pxi"


cdef bint note_own(Walk *walk, list own, list namespaces, list picked):
    cdef object item
    cdef uint32_t slot
    for item in own:
        slot = meet(walk, <PyObject *>item)
        if slot == NOWHERE or not push(&walk.own, slot):
            return False
    for items in (own, namespaces, picked):
        slot = meet(walk, <PyObject *>items)
        if slot == NOWHERE or not push(&walk.own, slot):
            return False
    for item in picked:
        slot = meet(walk, <PyObject *>item)
        if slot == NOWHERE or not push(&walk.picked, slot):
            return False
    return True


cdef bint note_looked_up(Walk *walk, list addresses):
    """Note the names in the cache of lookups: a name that only the debugger looks up is none of the program's."""
    cdef uint32_t slot
    for address in addresses:
        slot = known_slot(walk, address)
        if slot != NOWHERE and not push(&walk.looked_up, slot):
            return False
    return True


cdef list describe_types(Walk *walk):
    """The (module, qualified name, address) of every type that was met, as copies of their text."""
    cdef uint32_t row
    cdef PyObject *module
    cdef PyObject *qualname
    described = []
    for row in range(walk.entry_count):
        leak_type_text(walk.entries[row].type, <PyObject *>MODULE_KEY, &module, &qualname)
        described.append((<object>module, <object>qualname, <uint64_t>walk.entries[row].type))
        Py_DECREF(module)
        Py_DECREF(qualname)
    return described


cdef dict find_large(Walk *walk, Index *index):
    """Bytes of the nodes of 4 GiB and more."""
    cdef size_t place
    cdef uint32_t node
    found = {}
    for place in range(0, walk.large.used, 3):
        node = renumber(index, walk.large.items[place])
        if node != NOWHERE:
            found[node] = <uint64_t>walk.large.items[place + 1] << 32 | walk.large.items[place + 2]
    return found


cdef Ints hand_over(Words *words, size_t used):
    """The first values of a column as an array; what was reserved beyond is given back."""
    cdef Ints array
    if words.items == NULL:
        return allocate(0, 4)
    array = adopt(words.items, words.room * 4, used, 4)
    words.items = NULL
    words.used = words.room = 0
    return array


cdef void refuse(int failure) except *:
    """Raise what ended the walk."""
    if failure == INTERRUPTED:
        raise KeyboardInterrupt
    if failure == TOO_LARGE:
        raise OverflowError("more than 4,294,967,280 references or 64 GiB of addresses with objects")
    raise MemoryError("no room for the heap graph")


def take(list own, list namespaces, list picked, get_objects, int progress=-1):
    """Capture the heap: a dict of arrays and texts, without a reference to any captured object.

    `own` are the debugger's objects and `namespaces` its modules' dicts: what only they lead to is left
    out. `picked` are objects of the program that the debugger holds for the user. `get_objects` is
    `gc.get_objects`. `progress` is a terminal's file descriptor, or -1.

    The walk pauses the program (`pause`, in seconds); what follows runs without the GIL.
    Raises KeyboardInterrupt, MemoryError or OverflowError with nothing kept. O(V + E).
    """
    cdef Walk walk
    cdef Index index
    cdef bint enabled, fits
    cdef size_t root_count
    cdef Ints types, sizes, addresses, back_offsets, back_sources, unexplained, flags, offsets, targets
    cdef double started = leak_now()
    memset(&walk, 0, sizeof(walk))
    memset(&index, 0, sizeof(index))
    walk.last_key = ~<uint64_t>0
    walk.progress = progress
    walk.announced = started + 1.0
    walk.polled = POLL_EVERY
    try:
        walk.directory = <uint32_t **>leak_map(DIRECTORY_SIZE * sizeof(void *))
        if walk.directory == NULL:
            refuse(NO_MEMORY)
        for namespace in namespaces:
            if not push_pointer(&walk.own_globals, <PyObject *>namespace):
                refuse(NO_MEMORY)
        enabled = PyGC_Disable()
        try:
            leak_visit_tracked(<PyObject *>get_objects, visit_tracked, &walk)
            if walk.failure:
                refuse(walk.failure)
            reserve(&walk)
            if not (note_own(&walk, own, namespaces, picked) and walk_tracked(&walk)):
                refuse(walk.failure)
            frames = walk_threads(&walk)
            if walk.failure:
                refuse(walk.failure)
            described = describe_types(&walk)
            looked_up = cached_names()
            if not note_looked_up(&walk, looked_up):
                refuse(NO_MEMORY)
        finally:
            if enabled:
                PyGC_Enable()
        pause = leak_now() - started
        with nogil:
            fits = rank_slots(&walk, &index) and place_rows(&walk, &index) and link_forward(&walk, &index)
        if fits and asked():
            refuse(INTERRUPTED)
        with nogil:
            fits = fits and tell_apart(&walk, &index) and leave_out_own(&index)
        if not fits:
            refuse(NO_MEMORY)
        if asked():
            refuse(INTERRUPTED)
        large = find_large(&walk, &index)
        addresses = reuse_rows(&walk, index.kept)
        with nogil:
            fill_addresses(&walk, &index, <uint64_t *>addresses.data)
            root_count = number_roots(&walk, &index)
        offsets = adopt(index.offsets, (<size_t>index.nodes + 1) * 4, <size_t>index.kept + 1, 4)
        index.offsets = NULL
        targets = adopt(index.targets, <size_t>index.edges * 4, index.kept_edges, 4)
        index.targets = NULL
        types = adopt(index.types, <size_t>index.nodes * 4, index.kept, 4)
        index.types = NULL
        sizes = adopt(index.sizes, <size_t>index.nodes * 4, index.kept, 4)
        index.sizes = NULL
        unexplained = adopt(index.unexplained, <size_t>index.nodes * 4, index.kept, 4)
        index.unexplained = NULL
        flags = adopt(index.flags, index.nodes, index.kept, 1)
        index.flags = NULL
        back_offsets = adopt(index.indegrees, (<size_t>index.nodes + 1) * 4, <size_t>index.kept + 1, 4)
        index.indegrees = NULL
        roots = [hand_over(&walk.root_slots, root_count), hand_over(&walk.root_frames, root_count),
                 hand_over(&walk.root_locals, root_count)]
        # Its pages were written before, too.
        back_sources = hand_over(&walk.edges, index.kept_edges)
        free_index(&walk, &index)
        free_walk(&walk)
        with nogil:
            link_backward(index.kept, <uint32_t *>offsets.data, <uint32_t *>targets.data,
                          <uint32_t *>back_offsets.data, <uint32_t *>back_sources.data)
        return {
            "offsets": offsets,
            "targets": targets,
            "back_offsets": back_offsets,
            "back_sources": back_sources,
            "types": types,
            "sizes": sizes,
            "large": large,
            "addresses": addresses,
            "unexplained": unexplained,
            "flags": flags,
            "type_texts": described,
            "frames": frames,
            "looked_up": looked_up,
            "root_nodes": roots[0],
            "root_frames": roots[1],
            "root_locals": roots[2],
            "dead": walk.dead,
            "frozen": walk.frozen,
            "pause": pause,
        }
    finally:
        free_index(&walk, &index)
        free_walk(&walk)


include "search.pxi"
