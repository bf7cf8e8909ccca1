/* What an object refers to: what its own traversal shows, and what that leaves out though the object holds it. */
#ifndef PDBLEAK_REFERENCES_H
#define PDBLEAK_REFERENCES_H

#include "layout.h"

/* Whether objects of a type may have references at all: what is not walkable by its type needs no look. */
static inline int
leak_may_refer(PyTypeObject *type)
{
    return (PyType_HasFeature(type, Py_TPFLAGS_HAVE_GC) && type->tp_traverse != NULL) || type == &PyCode_Type;
}

/* Whether its references may be visited: not on static types (type_traverse() aborts the process), and
 * of untracked objects only on exact tuples and dicts, for others may be half built. */
static inline int
leak_is_walkable(PyObject *item)
{
    if (!PyObject_IS_GC(item) || Py_TYPE(item)->tp_traverse == NULL) {
        return PyCode_Check(item);
    }
    return PyObject_GC_IsTracked(item) || PyTuple_CheckExact(item) || PyDict_CheckExact(item);
}

static inline int
leak_visit_each(PyObject **held, size_t count, leak_visitor visitor, void *context)
{
    for (size_t index = 0; index < count; index++) {
        int stopped = held[index] != NULL ? visitor(held[index], context) : 0;
        if (stopped) {
            return stopped;
        }
    }
    return 0;
}

/* A code object is no container to the collector, yet it alone holds its constants and names, and what its attributes
 * were made into when somebody asked. */
static inline int
leak_traverse_code(PyCodeObject *code, leak_visitor visitor, void *context)
{
    PyObject *held[] = {code->co_consts, code->co_names, code->co_localsplusnames, code->co_filename,
                        code->co_name, code->co_qualname, code->co_linetable, code->co_exceptiontable};
    int stopped = leak_visit_each(held, sizeof held / sizeof held[0], visitor, context);
#if PY_VERSION_HEX >= 0x030C0000
    if (!stopped && code->_co_cached != NULL) {
        PyObject *cached[] = {code->_co_cached->_co_code, code->_co_cached->_co_varnames,
                              code->_co_cached->_co_cellvars, code->_co_cached->_co_freevars};
        stopped = leak_visit_each(cached, sizeof cached / sizeof cached[0], visitor, context);
    }
#else
    if (!stopped && code->_co_code != NULL) {
        stopped = visitor(code->_co_code, context);
    }
#endif
    return stopped;
}

/* What a class, a module and the descriptor of a C member hold, and their own traversals leave out since it is in no
 * cycle: names, and a class's weak references to the classes below. Modules of a class of their own show no name. */
static inline int
leak_traverse_unshown(PyObject *item, leak_visitor visitor, void *context)
{
    traverseproc shown = Py_TYPE(item)->tp_traverse;
    if (PyType_Check(item)) {
        if (PyType_HasFeature((PyTypeObject *)item, Py_TPFLAGS_HEAPTYPE)) {
            PyHeapTypeObject *type = (PyHeapTypeObject *)item;
            PyObject *held[] = {type->ht_name, type->ht_qualname, type->ht_slots,
                                (PyObject *)type->ht_type.tp_subclasses};
            return leak_visit_each(held, sizeof held / sizeof held[0], visitor, context);
        }
    }
    else if (shown == PyModule_Type.tp_traverse) {
        return leak_visit_each(&((PyModuleObject *)item)->md_name, 1, visitor, context);
    }
    /* The five kinds of descriptors share their traversal. */
    else if (shown == PyMethodDescr_Type.tp_traverse) {
        PyObject *held[] = {((PyDescrObject *)item)->d_name, ((PyDescrObject *)item)->d_qualname};
        return leak_visit_each(held, sizeof held / sizeof held[0], visitor, context);
    }
    return 0;
}

#if PY_VERSION_HEX >= 0x030D0000
typedef struct {
    leak_visitor visitor;
    void *context;
    PyObject *namespace;
    int visited;
} leak_noting;

static int
leak_visit_noting(PyObject *referent, void *context)
{
    leak_noting *noting = (leak_noting *)context;
    noting->visited |= referent == noting->namespace;
    return noting->visitor(referent, noting->context);
}
#endif

/* Visit what an object's own traversal shows, or would if it could. */
static inline int
leak_traverse_shown(PyObject *item, leak_visitor visitor, void *context)
{
    if (PyCode_Check(item)) {
        return leak_traverse_code((PyCodeObject *)item, visitor, context);
    }
    int unshown = leak_traverse_unshown(item, visitor, context);
    if (unshown) {
        return unshown;
    }
#if PY_VERSION_HEX >= 0x030D0000
    /* In 3.13, PyObject_VisitManagedDict() passes over the dict that shares the inline values; 3.14 does not. */
    if (Py_TYPE(item)->tp_flags & Py_TPFLAGS_INLINE_VALUES && _PyObject_InlineValues(item)->valid
        && _PyObject_ManagedDictPointer(item)->dict != NULL) {
        leak_noting noting = {visitor, context, (PyObject *)_PyObject_ManagedDictPointer(item)->dict, 0};
        int stopped = Py_TYPE(item)->tp_traverse(item, leak_visit_noting, &noting);
        return stopped || noting.visited ? stopped : visitor(noting.namespace, context);
    }
#endif
    return Py_TYPE(item)->tp_traverse(item, visitor, context);
}

/* Whether a dict's own traversal leaves out its keys: of a table of strings. Keys that instances share are not the
 * dict's own. */
static inline int
leak_hides_keys(PyObject *item)
{
    PyDictObject *mapping = (PyDictObject *)item;
    return mapping->ma_values == NULL && mapping->ma_keys->dk_kind == DICT_KEYS_UNICODE;
}

/* Visit the entries of a table of strings in their order, each value (if asked) before its key, as dict_traverse()
 * does with other tables. */
static inline int
leak_traverse_strings(PyObject *item, int values, leak_visitor visitor, void *context)
{
    PyDictKeysObject *keys = ((PyDictObject *)item)->ma_keys;
    PyDictUnicodeEntry *entry = DK_UNICODE_ENTRIES(keys);
    PyDictUnicodeEntry *end = entry + keys->dk_nentries;
    int stopped = 0;
    for (; entry < end && !stopped; entry++) {
        if (entry->me_key != NULL && entry->me_value != NULL) {
            stopped = values ? visitor(entry->me_value, context) : 0;
            stopped = stopped ? stopped : visitor(entry->me_key, context);
        }
    }
    return stopped;
}

/* Visit every reference of a walkable object: the one place that tells what an edge is. */
static inline int
leak_traverse(PyObject *item, leak_visitor visitor, void *context)
{
    if (PyDict_Check(item) && leak_hides_keys(item)) {
        int exact = Py_TYPE(item)->tp_traverse == PyDict_Type.tp_traverse;
        int stopped = exact ? 0 : leak_traverse_shown(item, visitor, context);
        return stopped ? stopped : leak_traverse_strings(item, exact, visitor, context);
    }
    return leak_traverse_shown(item, visitor, context);
}

#endif
