# Part of capture.pyx: the way back, from addresses to the objects that the collector tracks there.

cdef struct Search:
    # Sorted addresses, and the objects found there.
    uint64_t *addresses
    PyObject **items
    size_t count
    size_t left


cdef int match_address(PyObject *item, void *context) noexcept:
    cdef Search *search = <Search *>context
    cdef uint64_t address = <uint64_t>item
    cdef size_t low = 0
    cdef size_t high = search.count
    cdef size_t middle
    if address < search.addresses[0] or address > search.addresses[search.count - 1]:
        return 1
    while low < high:
        middle = (low + high) // 2
        if search.addresses[middle] < address:
            low = middle + 1
        else:
            high = middle
    if low < search.count and search.addresses[low] == address and search.items[low] == NULL:
        Py_INCREF(item)
        search.items[low] = item
        search.left -= 1
    return search.left != 0


def find(list wanted, get_objects):
    """Return the objects that the collector tracks at the wanted addresses (sorted, distinct), None elsewhere.

    A walk over the collector's lists: an address is compared, never followed. O(tracked objects).
    """
    cdef Search search
    cdef Py_ssize_t index
    if not wanted:
        return []
    search.count = len(wanted)
    search.left = search.count
    search.addresses = <uint64_t *>leak_map(search.count * 8)
    search.items = <PyObject **>leak_map(search.count * 8)
    try:
        if search.addresses == NULL or search.items == NULL:
            refuse(NO_MEMORY)
        for index in range(len(wanted)):
            search.addresses[index] = wanted[index]
        leak_visit_tracked(<PyObject *>get_objects, match_address, &search)
        return [None if search.items[index] == NULL else <object>search.items[index] for index in range(len(wanted))]
    finally:
        if search.items != NULL:
            for index in range(<Py_ssize_t>search.count):
                Py_XDECREF(search.items[index])
        leak_unmap(search.addresses, search.count * 8)
        leak_unmap(search.items, search.count * 8)
