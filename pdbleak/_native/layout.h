/* Interpreter layouts that no public API tells: inline attribute values and the locals of frames.
 *
 * Every version difference of the compiled core lives here. Nothing here takes a reference,
 * allocates, or runs Python code. The structures come from CPython's own internal headers, so one
 * build serves one minor version.
 */
#ifndef PDBLEAK_LAYOUT_H
#define PDBLEAK_LAYOUT_H

#include <Python.h>
#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif
#if PY_VERSION_HEX < 0x030B0000 || PY_VERSION_HEX >= 0x030F0000
#error "pdbleak knows the layouts of CPython 3.11 to 3.14"
#endif
#ifdef Py_GIL_DISABLED
#error "pdbleak does not support free-threaded builds yet"
#endif
/* Python.h without Py_BUILD_CORE gives these names another meaning (3.11, 3.12). */
#undef _PyObject_LookupSpecial
#undef _PyGC_FINALIZED
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include "internal/pycore_dict.h"
#include "internal/pycore_frame.h"
#include "internal/pycore_gc.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_moduleobject.h"
#include "internal/pycore_object.h"
#include "internal/pycore_pystate.h"
#if PY_VERSION_HEX >= 0x030E0000
#include "internal/pycore_interpframe.h"
#include "internal/pycore_genobject.h"
#include "internal/pycore_stackref.h"
#endif
#pragma GCC diagnostic pop

/* The attribute values that an instance stores without a dict.
 * Sets the array of borrowed, possibly NULL values, the shared keys, and returns their number;
 * 0 where there are none. */
static inline Py_ssize_t
leak_inline_values(PyObject *item, PyObject ***values, PyDictKeysObject **keys)
{
    PyTypeObject *type = Py_TYPE(item);
    PyDictValues *stored;
    if (!(type->tp_flags & Py_TPFLAGS_MANAGED_DICT)) {
        return 0;
    }
#if PY_VERSION_HEX < 0x030C0000
    stored = *_PyObject_ValuesPointer(item);
    if (stored == NULL) {
        return 0;
    }
#elif PY_VERSION_HEX < 0x030D0000
    PyDictOrValues either = *_PyObject_DictOrValuesPointer(item);
    if (!_PyDictOrValues_IsValues(either)) {
        return 0;
    }
    stored = _PyDictOrValues_GetValues(either);
#else
    if (!(type->tp_flags & Py_TPFLAGS_INLINE_VALUES)) {
        return 0;
    }
    stored = _PyObject_InlineValues(item);
    if (!stored->valid) {
        return 0;
    }
#endif
    *keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
    if (stored == NULL || *keys == NULL) {
        return 0;
    }
    *values = stored->values;
    return (*keys)->dk_nentries;
}

/* The borrowed name of the attribute at an index of the shared keys, or NULL. */
static inline PyObject *
leak_shared_key(PyDictKeysObject *keys, Py_ssize_t index)
{
    if (keys->dk_kind == DICT_KEYS_GENERAL || index >= keys->dk_nentries) {
        return NULL;
    }
    return DK_UNICODE_ENTRIES(keys)[index].me_key;
}

/* The borrowed __dict__ that a managed-dict instance has already, or NULL. */
static inline PyObject *
leak_managed_dict(PyObject *item)
{
    if (!(Py_TYPE(item)->tp_flags & Py_TPFLAGS_MANAGED_DICT)) {
        return NULL;
    }
#if PY_VERSION_HEX < 0x030C0000
    return *_PyObject_ManagedDictPointer(item);
#elif PY_VERSION_HEX < 0x030D0000
    PyDictOrValues either = *_PyObject_DictOrValuesPointer(item);
    return _PyDictOrValues_IsValues(either) ? NULL : _PyDictOrValues_GetDict(either);
#else
    return (PyObject *)_PyObject_ManagedDictPointer(item)->dict;
#endif
}

/* Bytes of the inline values block of instances of a type (python/cpython#128762: no __sizeof__
 * counts them). Whether an instance has one is leak_has_inline_block()'s answer. */
static inline size_t
leak_inline_block_size(PyTypeObject *type)
{
    PyDictKeysObject *keys;
    size_t usable;
    if (!(type->tp_flags & Py_TPFLAGS_MANAGED_DICT) || !(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) {
        return 0;
    }
    keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
    if (keys == NULL) {
        return 0;
    }
#if PY_VERSION_HEX >= 0x030D0000
    (void)usable;
    return (type->tp_flags & Py_TPFLAGS_INLINE_VALUES) ? _PyInlineValuesSize(type) : 0;
#else
    usable = (size_t)(keys->dk_nentries + keys->dk_usable);
    return _Py_SIZE_ROUND_UP(usable + 2, sizeof(PyObject *)) + usable * sizeof(PyObject *);
#endif
}

static inline int
leak_has_inline_block(PyObject *item)
{
#if PY_VERSION_HEX < 0x030C0000
    return *_PyObject_ValuesPointer(item) != NULL;
#elif PY_VERSION_HEX < 0x030D0000
    return _PyDictOrValues_IsValues(*_PyObject_DictOrValuesPointer(item))
           && _PyDictOrValues_GetValues(*_PyObject_DictOrValuesPointer(item)) != NULL;
#else
    /* The block is part of the object whether or not a dict took its values over. */
    (void)item;
    return 1;
#endif
}

/* Bytes in front of the object: the collector's head, the managed dict and weak reference slots. */
static inline size_t
leak_preheader_size(PyTypeObject *type)
{
    return _PyType_PreHeaderSize(type);
}

/* The same of one object. Static types have no collector's head, which sys.getsizeof() knows from 3.13 on. */
static inline size_t
leak_preheader_of(PyObject *item)
{
#if PY_VERSION_HEX >= 0x030D0000
    if (!PyObject_IS_GC(item)) {
        return 0;
    }
#endif
    return _PyType_PreHeaderSize(Py_TYPE(item));
}

/* Bytes of an exact str, dict or list as its __sizeof__ tells, without making an int; 0: ask __sizeof__. */
static inline size_t
leak_text_size(PyObject *text)
{
    size_t size;
#if PY_VERSION_HEX < 0x030C0000
    /* A copy as wchar_t, made by a C extension's old call. */
    if (((PyASCIIObject *)text)->wstr != NULL) {
        return 0;
    }
#endif
    if (PyUnicode_IS_COMPACT_ASCII(text)) {
        return sizeof(PyASCIIObject) + (size_t)PyUnicode_GET_LENGTH(text) + 1;
    }
    if (!PyUnicode_IS_COMPACT(text)) {
        return 0;
    }
    size = sizeof(PyCompactUnicodeObject) + ((size_t)PyUnicode_GET_LENGTH(text) + 1) * PyUnicode_KIND(text);
    if (((PyCompactUnicodeObject *)text)->utf8 != NULL) {
        size += (size_t)((PyCompactUnicodeObject *)text)->utf8_length + 1;
    }
    return size;
}

static inline size_t
leak_dict_size(PyObject *mapping)
{
#if PY_VERSION_HEX < 0x030E0000
    return (size_t)_PyDict_SizeOf((PyDictObject *)mapping);
#else
    (void)mapping;
    return 0;
#endif
}

static inline size_t
leak_list_size(PyObject *list)
{
    return sizeof(PyListObject) + (size_t)((PyListObject *)list)->allocated * sizeof(PyObject *);
}

/* Bytes of an exact int as its __sizeof__ tells, without making another; 0: ask __sizeof__. */
static inline size_t
leak_number_size(PyObject *number)
{
#if PY_VERSION_HEX >= 0x030C0000
    size_t digits = ((PyLongObject *)number)->long_value.lv_tag >> _PyLong_NON_SIZE_BITS;
    return offsetof(PyLongObject, long_value.ob_digit) + (digits == 0 ? 1 : digits) * sizeof(digit);
#else
    /* The series has changed its mind about the size of 0. */
    size_t digits = (size_t)Py_ABS(Py_SIZE(number));
    return digits == 0 ? 0 : offsetof(PyLongObject, ob_digit) + digits * sizeof(digit);
#endif
}

/* Have an object's head in the cache by the time it is read. */
static inline void
leak_fetch(PyObject *item)
{
    __builtin_prefetch(item);
}

/* Bytes of one object through a __sizeof__ written in C, called without arguments; 0 if it fails. */
static inline size_t
leak_call_size(PyCFunction sizer, PyObject *item)
{
    size_t size;
    PyObject *answer = sizer(item, NULL);
    if (answer == NULL) {
        PyErr_Clear();
        return 0;
    }
    size = PyLong_CheckExact(answer) ? PyLong_AsSize_t(answer) : 0;
    Py_DECREF(answer);
    if (size == (size_t)-1) {
        PyErr_Clear();
        return 0;
    }
    return size;
}

/* ---- types ---- */

/* The value under an interned key of a type's own namespace, borrowed, or NULL. Compares by
 * identity only: a lookup could call the __eq__ of a hostile key. */
static inline PyObject *
leak_type_entry(PyTypeObject *type, PyObject *name)
{
    Py_ssize_t position = 0;
    PyObject *key, *value, *found = NULL;
#if PY_VERSION_HEX >= 0x030C0000
    /* Static builtin types keep their namespace in the interpreter's state. */
    PyObject *namespace = PyType_GetDict(type);
#else
    PyObject *namespace = type->tp_dict;
    Py_XINCREF(namespace);
#endif
    if (namespace == NULL) {
        return NULL;
    }
    while (PyDict_Next(namespace, &position, &key, &value)) {
        if (key == name) {
            found = value;
            break;
        }
    }
    Py_DECREF(namespace);
    return found;
}

/* Whether a type is pdbleak's: its instances are nobody's leak. */
static inline int
leak_is_own_type(PyTypeObject *type, PyObject *module_key)
{
    const char *module = type->tp_name;
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) {
        PyObject *text = leak_type_entry(type, module_key);
        if (text == NULL || !PyUnicode_CheckExact(text) || !PyUnicode_IS_COMPACT_ASCII(text)) {
            return 0;
        }
        module = (const char *)PyUnicode_1BYTE_DATA(text);
    }
    return strncmp(module, "pdbleak", 7) == 0 && (module[7] == '.' || module[7] == '\0');
}

/* The first __sizeof__ along the MRO that is written in C; one written in Python is passed over. */
static inline PyCFunction
leak_find_sizer(PyTypeObject *type, PyObject *name)
{
    PyObject *mro = type->tp_mro;
    if (mro == NULL || !PyTuple_Check(mro)) {
        return NULL;
    }
    for (Py_ssize_t index = 0; index < PyTuple_GET_SIZE(mro); index++) {
        PyObject *base = PyTuple_GET_ITEM(mro, index);
        PyObject *found = PyType_Check(base) ? leak_type_entry((PyTypeObject *)base, name) : NULL;
        if (found != NULL && strcmp(((PyTypeObject *)base)->tp_name, "_struct.Struct") == 0) {
            /* It crashes on a Struct that was made but not initialised. */
            continue;
        }
        if (found != NULL && Py_IS_TYPE(found, &PyMethodDescr_Type)
            && (((PyMethodDescrObject *)found)->d_method->ml_flags & ~METH_METHOD) == METH_NOARGS) {
            return ((PyMethodDescrObject *)found)->d_method->ml_meth;
        }
    }
    return NULL;
}

/* A copy of a str's text, so that nothing of the program's is kept; "" for anything else. */
static inline PyObject *
leak_copy_text(PyObject *text)
{
    if (text == NULL || !PyUnicode_CheckExact(text) || !PyUnicode_IS_READY(text)) {
        return PyUnicode_FromString("");
    }
    /* Other ways to make a str of a str give back the same one. */
    return PyUnicode_FromKindAndData(PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text));
}

/* New references to copies of a type's module and qualified name; -1 with an exception set. */
static inline int
leak_type_text(PyTypeObject *type, PyObject *module_key, PyObject **module, PyObject **qualname)
{
    const char *dot = strrchr(type->tp_name, '.');
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) {
        PyObject *name = ((PyHeapTypeObject *)type)->ht_qualname;
        *module = leak_copy_text(leak_type_entry(type, module_key));
        *qualname = name != NULL && PyUnicode_CheckExact(name)
                        ? leak_copy_text(name)
                        : PyUnicode_DecodeUTF8(type->tp_name, (Py_ssize_t)strlen(type->tp_name), "replace");
    }
    else if (dot != NULL) {
        *module = PyUnicode_DecodeUTF8(type->tp_name, dot - type->tp_name, "replace");
        *qualname = PyUnicode_DecodeUTF8(dot + 1, (Py_ssize_t)strlen(dot + 1), "replace");
    }
    else {
        *module = PyUnicode_FromString("builtins");
        *qualname = PyUnicode_DecodeUTF8(type->tp_name, (Py_ssize_t)strlen(type->tp_name), "replace");
    }
    if (*module == NULL || *qualname == NULL) {
        Py_CLEAR(*module);
        Py_CLEAR(*qualname);
        return -1;
    }
    return 0;
}

static inline int
leak_is_immortal(PyObject *item)
{
#if PY_VERSION_HEX >= 0x030C0000
    return _Py_IsImmortal(item);
#else
    /* Static objects, such as frozen modules' code, are counted from 999,999,999; the constants only from one. */
    return Py_REFCNT(item) >= 900000000 || item == Py_None || item == Py_True || item == Py_False
        || item == Py_Ellipsis || item == Py_NotImplemented;
#endif
}

/* The number of items of a variable-size object. */
static inline size_t
leak_item_count(PyObject *item)
{
    Py_ssize_t count = ((PyVarObject *)item)->ob_size;
    return (size_t)(count < 0 ? -count : count);
}

static inline PyObject *
leak_function_globals(PyObject *function)
{
    return ((PyFunctionObject *)function)->func_globals;
}

static inline int
leak_is_metatype(PyTypeObject *type)
{
    return (type->tp_flags & Py_TPFLAGS_TYPE_SUBCLASS) != 0;
}

/* ---- frames ---- */

typedef struct _PyInterpreterFrame leak_frame;

static inline leak_frame *
leak_top_frame(PyThreadState *thread)
{
#if PY_VERSION_HEX >= 0x030D0000
    return thread->current_frame;
#else
    return thread->cframe != NULL ? thread->cframe->current_frame : NULL;
#endif
}

static inline leak_frame *
leak_next_frame(leak_frame *frame)
{
    return frame->previous;
}

/* Whether the frame runs Python code: not the shim that an entry from C leaves on the C stack. */
static inline int
leak_frame_is_python(leak_frame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    if (frame->owner >= FRAME_OWNED_BY_INTERPRETER) {
        return 0;
    }
    return PyCode_Check(PyStackRef_AsPyObjectBorrow(frame->f_executable));
#elif PY_VERSION_HEX >= 0x030D0000
    return frame->owner != FRAME_OWNED_BY_CSTACK && frame->f_executable != NULL
           && PyCode_Check(frame->f_executable);
#elif PY_VERSION_HEX >= 0x030C0000
    return frame->owner != FRAME_OWNED_BY_CSTACK;
#else
    return frame->f_code != NULL;
#endif
}

static inline PyCodeObject *
leak_frame_code(leak_frame *frame)
{
#if PY_VERSION_HEX >= 0x030D0000
    return _PyFrame_GetCode(frame);
#else
    return frame->f_code;
#endif
}

static inline PyObject *
leak_frame_globals(leak_frame *frame)
{
    return frame->f_globals;
}

static inline int
leak_frame_line(leak_frame *frame)
{
    int line;
    if (_PyFrame_IsIncomplete(frame)) {
        return leak_frame_code(frame)->co_firstlineno;
    }
    line = PyCode_Addr2Line(leak_frame_code(frame),
                            _PyInterpreterFrame_LASTI(frame) * (int)sizeof(_Py_CODEUNIT));
    return line < 0 ? leak_frame_code(frame)->co_firstlineno : line;
}

/* The borrowed object in a local slot, or NULL. */
static inline PyObject *
leak_frame_local(leak_frame *frame, Py_ssize_t index)
{
#if PY_VERSION_HEX >= 0x030E0000
    _PyStackRef local = frame->localsplus[index];
    if (PyStackRef_IsNull(local)) {
        return NULL;
    }
    return PyStackRef_AsPyObjectBorrow(local);
#else
    return frame->localsplus[index];
#endif
}

/* How many words lie on the evaluation stack; -1 while nothing tells: where the frame calls C. */
static inline Py_ssize_t
leak_frame_depth(leak_frame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    return frame->stackpointer == NULL
               ? -1
               : frame->stackpointer - frame->localsplus - leak_frame_code(frame)->co_nlocalsplus;
#else
    return frame->stacktop < 0 ? -1 : frame->stacktop - leak_frame_code(frame)->co_nlocalsplus;
#endif
}

/* The raw word of an evaluation stack slot. Above the top of the stack it is stale: a value to
 * compare, never to follow. */
static inline uintptr_t
leak_frame_stack_word(leak_frame *frame, Py_ssize_t index)
{
    uintptr_t word;
    memcpy(&word, &frame->localsplus[leak_frame_code(frame)->co_nlocalsplus + index], sizeof word);
    return word & ~(uintptr_t)7;
}

/* The objects that a running frame owns besides its locals; NULL where it owns none.
 * A generator's frame is traversed by its generator, which shows these itself. */
enum { LEAK_FRAME_OWNED = 4 };
static inline PyObject *
leak_frame_owned(leak_frame *frame, int index)
{
    if (frame->owner == FRAME_OWNED_BY_GENERATOR) {
        return NULL;
    }
    switch (index) {
    case 0:
        return (PyObject *)frame->frame_obj;
    case 1:
        return frame->f_locals;
    case 2:
        return (PyObject *)leak_frame_code(frame);
    default:
#if PY_VERSION_HEX >= 0x030E0000
        return PyStackRef_IsNull(frame->f_funcobj) ? NULL : PyStackRef_AsPyObjectBorrow(frame->f_funcobj);
#elif PY_VERSION_HEX >= 0x030C0000
        return frame->f_funcobj;
#else
        return (PyObject *)frame->f_func;
#endif
    }
}

/* The generator or coroutine that a frame is a part of, NULL for a call's. */
static inline PyObject *
leak_frame_generator(leak_frame *frame)
{
    if (frame->owner != FRAME_OWNED_BY_GENERATOR) {
        return NULL;
    }
    return (PyObject *)((char *)frame - offsetof(PyGenObject, gi_iframe));
}

/* The interpreter's frame behind a frame, generator, coroutine or asynchronous generator, or NULL. */
static inline leak_frame *
leak_frame_of(PyObject *item)
{
    if (PyFrame_Check(item)) {
        return ((PyFrameObject *)item)->f_frame;
    }
    if (PyGen_CheckExact(item) || PyCoro_CheckExact(item) || PyAsyncGen_CheckExact(item)) {
        PyGenObject *generator = (PyGenObject *)item;
        if (generator->gi_frame_state >= FRAME_COMPLETED) {
            return NULL;
        }
#if PY_VERSION_HEX >= 0x030E0000
        return &generator->gi_iframe;
#else
        return (leak_frame *)generator->gi_iframe;
#endif
    }
    return NULL;
}

enum { LEAK_WAITING = 0, LEAK_RUNNING = 1, LEAK_ENDED = 2 };

/* Where a frame's call, a generator or a coroutine is; -1 for anything else. A generator's own frame counts as
 * waiting: the generator tells. */
static inline int
leak_run_state(PyObject *item)
{
    if (PyFrame_Check(item)) {
        int owner = ((PyFrameObject *)item)->f_frame->owner;
        return owner == FRAME_OWNED_BY_FRAME_OBJECT ? LEAK_ENDED
               : owner == FRAME_OWNED_BY_THREAD     ? LEAK_RUNNING
                                                    : LEAK_WAITING;
    }
    if (PyGen_CheckExact(item) || PyCoro_CheckExact(item) || PyAsyncGen_CheckExact(item)) {
        int state = ((PyGenObject *)item)->gi_frame_state;
        return state >= FRAME_COMPLETED ? LEAK_ENDED : state == FRAME_EXECUTING ? LEAK_RUNNING : LEAK_WAITING;
    }
    return -1;
}

/* The line at which a generator or coroutine waits; 0 for one that was never started, -1 for one that does not
 * wait, and for anything else. */
static inline int
leak_waiting_line(PyObject *item)
{
    if (PyFrame_Check(item) || leak_run_state(item) != LEAK_WAITING) {
        return -1;
    }
    return ((PyGenObject *)item)->gi_frame_state == FRAME_CREATED ? 0 : leak_frame_line(leak_frame_of(item));
}

/* ---- the collector's lists ---- */

typedef int (*leak_visitor)(PyObject *, void *);

#if PY_VERSION_HEX < 0x030E0000
/* 3.11 has no public way but a list of all objects, and that of 3.12 and 3.13 writes to every object. The
 * generations lie in the interpreter's state; that they lie where this build believes is checked against what
 * gc itself says of them. */
static inline int
leak_generations_agree(void)
{
    struct _gc_runtime_state *state = &PyInterpreterState_Get()->gc;
    /* Looked up, not imported: __import__ may be the program's. */
    PyObject *name = PyUnicode_FromString("gc");
    PyObject *module = name ? PyImport_GetModule(name) : NULL;
    PyObject *thresholds = module ? PyObject_CallMethod(module, "get_threshold", NULL) : NULL;
    int agree = thresholds != NULL && PyTuple_CheckExact(thresholds)
                && PyTuple_GET_SIZE(thresholds) == NUM_GENERATIONS;
    for (int index = 0; agree && index < NUM_GENERATIONS; index++) {
        PyGC_Head *head = &state->generations[index].head;
        agree = state->generations[index].threshold == PyLong_AsLong(PyTuple_GET_ITEM(thresholds, index))
                && head->_gc_next != 0 && ((PyGC_Head *)head->_gc_next)->_gc_prev == (uintptr_t)head;
    }
    Py_XDECREF(thresholds);
    Py_XDECREF(module);
    Py_XDECREF(name);
    PyErr_Clear();
    return agree;
}

/* Call a visitor on every object of one of the collector's lists until it answers 0; whether it never did.
 *
 * From both ends at once where that is possible: a list is a chain of waits for memory, and two chains wait
 * at the same time. */
static inline int
leak_visit_list(uintptr_t head, int collecting, leak_visitor visitor, void *context)
{
    /* The lowest bits are a collection's marks. */
    uintptr_t front = ((PyGC_Head *)head)->_gc_next & ~(uintptr_t)1;
    uintptr_t back = ((PyGC_Head *)head)->_gc_prev & _PyGC_PREV_MASK;
    while (front != head) {
        if (!visitor((PyObject *)((PyGC_Head *)front + 1), context)) {
            return 0;
        }
        /* During a collection the way back is something else. */
        if (!collecting) {
            if (front == back) {
                break;
            }
            if (!visitor((PyObject *)((PyGC_Head *)back + 1), context)) {
                return 0;
            }
        }
        front = ((PyGC_Head *)front)->_gc_next & ~(uintptr_t)1;
        if (!collecting) {
            if (front == back) {
                break;
            }
            back = ((PyGC_Head *)back)->_gc_prev & _PyGC_PREV_MASK;
        }
    }
    return 1;
}
#endif

/* Call a visitor on every tracked object until it answers 0. Returns 0, or -1 with an exception set. */
static inline int
leak_visit_tracked(PyObject *get_objects, leak_visitor visitor, void *context)
{
#if PY_VERSION_HEX < 0x030E0000
    static int agree = -1;
    if (agree < 0) {
        agree = leak_generations_agree();
    }
    if (agree) {
        struct _gc_runtime_state *state = &PyInterpreterState_Get()->gc;
        for (int index = 0; index < NUM_GENERATIONS; index++) {
            uintptr_t head = (uintptr_t)&state->generations[index].head;
            if (!leak_visit_list(head, state->collecting, visitor, context)) {
                break;
            }
        }
        return 0;
    }
#endif
#if PY_VERSION_HEX >= 0x030C0000
    (void)get_objects;
    PyUnstable_GC_VisitObjects(visitor, context);
    return 0;
#else
    PyObject *objects = PyObject_CallNoArgs(get_objects);
    if (objects == NULL) {
        return -1;
    }
    Py_ssize_t count = PyList_GET_SIZE(objects);
    for (Py_ssize_t index = 0; index < count; index++) {
        if (!visitor(PyList_GET_ITEM(objects, index), context)) {
            break;
        }
    }
    Py_DECREF(objects);
    return 0;
#endif
}

#endif
