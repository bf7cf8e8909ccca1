/* What the interpreter keeps of objects beside the collector: traces of allocations, callbacks of atexit, names. */
#ifndef PDBLEAK_KEEPERS_H
#define PDBLEAK_KEEPERS_H

#include "layout.h"

#if PY_VERSION_HEX < 0x030C0000
PyAPI_FUNC(PyObject *) _PyTraceMalloc_GetTraceback(unsigned int domain, uintptr_t address);

/* The frames of an object's allocation, as tracemalloc has them, or None. CPython 3.11 asks for the wrong
 * address where an instance has its dict before its head: it leaves out those two words. */
static inline PyObject *
leak_allocation(PyObject *item)
{
    return _PyTraceMalloc_GetTraceback(0, (uintptr_t)item - leak_preheader_of(item));
}
#else
static inline PyObject *
leak_allocation(PyObject *item)
{
    PyObject *module = PyImport_ImportModule("_tracemalloc");
    PyObject *frames = NULL;
    if (module != NULL) {
        frames = PyObject_CallMethod(module, "_get_object_traceback", "(O)", item);
        Py_DECREF(module);
    }
    return frames;
}
#endif

/* What atexit holds, which nothing traverses: up to `room` addresses into `held`; returns how many there are.
 *
 * The interpreter's state is laid out by version, and `count` is what atexit itself says: where they do not
 * agree, nothing is read. */
static inline Py_ssize_t
leak_atexit_held(Py_ssize_t count, uint64_t *held, Py_ssize_t room)
{
    Py_ssize_t found = 0;
#if PY_VERSION_HEX >= 0x030E0000
    PyObject *list = PyInterpreterState_Get()->atexit.callbacks;
    if (list == NULL || !PyList_CheckExact(list) || PyList_GET_SIZE(list) != count) {
        return 0;
    }
    if (room > 0) {
        held[found++] = (uint64_t)(uintptr_t)list;
    }
#else
    struct atexit_state *state = &PyInterpreterState_Get()->atexit;
    if (count <= 0 || state->ncallbacks != count || state->callback_len < state->ncallbacks
        || state->callback_len > 1 << 24 || state->callbacks == NULL || (uintptr_t)state->callbacks & 7) {
        return 0;
    }
    for (int index = 0; index < state->ncallbacks && found + 3 <= room; index++) {
        /* A callback that was taken back leaves an empty place. */
        if (state->callbacks[index] == NULL) {
            continue;
        }
        held[found++] = (uint64_t)(uintptr_t)state->callbacks[index]->func;
        held[found++] = (uint64_t)(uintptr_t)state->callbacks[index]->args;
        held[found++] = (uint64_t)(uintptr_t)state->callbacks[index]->kwargs;
    }
#endif
    return found;
}

/* The address of the name in a slot of the cache of attribute lookups, which has a reference to it; 0 where there
 * is none, and after the last slot with `*more` 0. */
static inline uint64_t
leak_cached_name(Py_ssize_t slot, int *more)
{
#if PY_VERSION_HEX >= 0x030C0000
    struct type_cache *cache = &PyInterpreterState_Get()->types.type_cache;
#else
    struct type_cache *cache = &PyInterpreterState_Get()->type_cache;
#endif
    *more = slot < (Py_ssize_t)Py_ARRAY_LENGTH(cache->hashtable);
    return *more ? (uint64_t)(uintptr_t)cache->hashtable[slot].name : 0;
}

#endif
