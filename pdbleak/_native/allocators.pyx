# cython: language_level=3
"""What the allocators report of themselves, as text; looks at no object, and writes to no stream of the program."""

from libc.stdlib cimport free

cdef extern from "allocators.h":
    char *leak_report_python()
    char *leak_report_malloc() nogil
    const char *leak_malloc_file()
    int leak_trim_malloc() nogil


cdef str take_text(char *text):
    if text == NULL:
        return ""
    try:
        return (<bytes>text).decode("latin-1")
    finally:
        free(text)


def report_python():
    """Return the report of Python's allocator, empty where it gives none. O(pools of 16 KiB)."""
    return take_text(leak_report_python())


def report_malloc():
    """Return the XML report of glibc's malloc, empty where malloc is another's. O(free chunks)."""
    cdef char *text
    with nogil:
        text = leak_report_malloc()
    return take_text(text)


def malloc_file():
    """Return the file that malloc comes from, empty if unknown."""
    cdef const char *name = leak_malloc_file()
    return "" if name == NULL else (<bytes>name).decode("utf-8", "replace")


def trim():
    """Have malloc give its free pages back: 1 if it could, 0 if there were none, -1 where it has no way."""
    cdef int given
    with nogil:
        given = leak_trim_malloc()
    return given
