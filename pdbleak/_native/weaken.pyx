# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What is left of cycles without some references: ints in, ints out; knows no object and no name.

Nodes are numbered anew from 0, by their place in `members`: the arrays are as small as the cycles.
"""

include "arrays.pxi"

RECORD = 0
CONTAINER = 1
MAPPING = 2

cdef enum:
    # Above that, an object's references are elements rather than attributes.
    MOST_ATTRIBUTES = 64
    MOST_ENTRIES = 32
    # From an element up to the attribute that holds its container.
    MOST_LEVELS = 3


def inside(const uint32_t[::1] offsets, const uint32_t[::1] targets,
           const uint32_t[::1] back_offsets, const uint32_t[::1] back_targets,
           const uint32_t[::1] component, const uint32_t[::1] members, const uint8_t[::1] roots):
    """Return (offsets, targets, sources, places, entries): the references inside of the members' components.

    A place is where a reference stands in its referrer's whole row; an entry is 1 for a member that is a
    root or that something outside of its component refers to. O(V + references of the members).
    """
    cdef Scratch memory = Scratch(<size_t>component.shape[0] * 4)
    cdef uint32_t *local = <uint32_t *>memory.data
    cdef Py_ssize_t count = members.shape[0]
    cdef Py_ssize_t edge, index
    cdef uint32_t node, number
    cdef uint32_t total = 0
    cdef Ints entered = allocate(count, 1)
    cdef Ints ends = allocate(count + 1, 4)
    cdef Ints below, above, standing
    cdef uint8_t *entry = <uint8_t *>entered.data
    cdef uint32_t *end = <uint32_t *>ends.data
    cdef uint32_t *target
    cdef uint32_t *source
    cdef uint32_t *place
    with nogil:
        for index in range(count):
            node = members[index]
            local[node] = <uint32_t>index
            number = component[node]
            entry[index] = roots[node] != 0
            for edge in range(back_offsets[node], back_offsets[node + 1]):
                if component[back_targets[edge]] != number:
                    entry[index] = 1
                    break
            for edge in range(offsets[node], offsets[node + 1]):
                total += component[targets[edge]] == number
            end[index + 1] = total
    below = allocate(total, 4)
    above = allocate(total, 4)
    standing = allocate(total, 4)
    target = <uint32_t *>below.data
    source = <uint32_t *>above.data
    place = <uint32_t *>standing.data
    with nogil:
        total = 0
        for index in range(count):
            node = members[index]
            number = component[node]
            for edge in range(offsets[node], offsets[node + 1]):
                if component[targets[edge]] == number:
                    target[total] = local[targets[edge]]
                    source[total] = <uint32_t>index
                    place[total] = <uint32_t>(edge - offsets[node])
                    total += 1
    return ends, below, above, standing, entered


cdef struct Rows:
    const uint32_t *targets
    const uint32_t *sources
    const uint32_t *places
    const uint32_t *members
    const uint32_t *rows
    const uint32_t *types
    const uint8_t *kinds
    const uint32_t *owner


cdef uint64_t key_of(Rows *rows, uint32_t edge, int levels) noexcept nogil:
    cdef uint32_t node = rows.sources[edge]
    cdef uint32_t member = rows.members[node]
    cdef uint32_t length = rows.rows[member + 1] - rows.rows[member]
    cdef uint8_t kind = rows.kinds[rows.types[member]]
    cdef uint64_t key = mix(<uint64_t>rows.types[member] + 1)
    if kind != 0 and levels < MOST_LEVELS and rows.owner[node] < NOWHERE - 1:
        key = key_of(rows, rows.owner[node], levels + 1)
    if (kind == 0 and length <= MOST_ATTRIBUTES) or (kind == 2 and length <= MOST_ENTRIES):
        # Without an attribute the ones behind it move up: the length tells such instances apart.
        key = mix(key + (<uint64_t>length << 32) + rows.places[edge] + 1)
    return mix(mix(key) + rows.types[rows.members[rows.targets[edge]]])


def sort_references(const uint32_t[::1] offsets, const uint32_t[::1] targets, const uint32_t[::1] sources,
                    const uint32_t[::1] places, const uint32_t[::1] members,
                    const uint32_t[::1] graph_offsets, const uint32_t[::1] type_of,
                    const uint8_t[::1] kind_of_type):
    """Return (key of every reference, how many keys), numbered from 1.

    One key: the same places in objects of the same types, as far as the graph tells; of a container's
    elements, in containers that are held in the same place. A type's kind is RECORD, CONTAINER or
    MAPPING. O(V + E).
    """
    cdef Py_ssize_t count = targets.shape[0]
    cdef Py_ssize_t nodes = offsets.shape[0] - 1
    cdef size_t room = 16
    cdef size_t slot
    cdef Ints keys = allocate(count, 4)
    cdef uint32_t *key = <uint32_t *>keys.data
    cdef uint32_t used = 0
    cdef uint64_t value
    cdef Py_ssize_t edge
    cdef Rows rows
    cdef Scratch owners, hashes, numbers
    if not count:
        return keys, 0
    while room < 2 * <size_t>count:
        room *= 2
    owners = Scratch(<size_t>nodes * 4)
    hashes = Scratch(room * 8)
    numbers = Scratch(room * 4)
    rows.targets = &targets[0]
    rows.sources = &sources[0]
    rows.places = &places[0]
    rows.members = &members[0]
    rows.rows = &graph_offsets[0]
    rows.types = &type_of[0]
    rows.kinds = &kind_of_type[0]
    rows.owner = <uint32_t *>owners.data
    with nogil:
        for edge in range(nodes):
            (<uint32_t *>owners.data)[edge] = NOWHERE
        for edge in range(count):
            # NOWHERE: no reference yet; NOWHERE - 1: more than one.
            if (<uint32_t *>owners.data)[targets[edge]] == NOWHERE:
                (<uint32_t *>owners.data)[targets[edge]] = <uint32_t>edge
            else:
                (<uint32_t *>owners.data)[targets[edge]] = NOWHERE - 1
        for edge in range(count):
            value = key_of(&rows, <uint32_t>edge, 0) | 1
            slot = value & (room - 1)
            while (<uint64_t *>hashes.data)[slot] and (<uint64_t *>hashes.data)[slot] != value:
                slot = (slot + 1) & (room - 1)
            if not (<uint64_t *>hashes.data)[slot]:
                (<uint64_t *>hashes.data)[slot] = value
                used += 1
                (<uint32_t *>numbers.data)[slot] = used
            key[edge] = (<uint32_t *>numbers.data)[slot]
    return keys, used


def assign(const uint32_t[::1] keys, const uint32_t[::1] class_of_key):
    """Return the class of every reference, by its key. O(E)."""
    cdef Ints classes = allocate(keys.shape[0], 4)
    cdef uint32_t *each = <uint32_t *>classes.data
    cdef Py_ssize_t edge
    with nogil:
        for edge in range(keys.shape[0]):
            each[edge] = class_of_key[keys[edge]]
    return classes


def count_each(const uint32_t[::1] class_of, Py_ssize_t classes):
    """Return how many references each class has, from class 0 on. O(E)."""
    cdef Ints numbers = allocate(classes, 4)
    cdef uint32_t *number = <uint32_t *>numbers.data
    cdef Py_ssize_t edge
    with nogil:
        for edge in range(class_of.shape[0]):
            number[class_of[edge]] += 1
    return numbers


def count_traits(const uint32_t[::1] offsets, const uint32_t[::1] targets, const uint8_t[::1] entries,
                 const uint32_t[::1] class_of, Py_ssize_t classes):
    """Return (referents, first ways) of every class, from class 0 on, of which nothing is counted.

    First ways are those by which a search from the entries meets a node: the way down, not back.
    O(V + classes * E).
    """
    cdef Py_ssize_t nodes = offsets.shape[0] - 1
    cdef Ints ends = allocate(classes, 4)
    cdef Ints firsts = allocate(classes, 4)
    cdef uint32_t *end = <uint32_t *>ends.data
    cdef uint32_t *first = <uint32_t *>firsts.data
    cdef Scratch memory = Scratch(<size_t>nodes * 9)
    cdef uint32_t *queue = <uint32_t *>memory.data
    cdef uint32_t *latest = queue + nodes
    cdef uint8_t *met = <uint8_t *>(latest + nodes)
    cdef Py_ssize_t head = 0
    cdef Py_ssize_t tail = 0
    cdef Py_ssize_t node, edge
    cdef uint32_t each
    with nogil:
        for node in range(nodes):
            if entries[node]:
                met[node] = 1
                queue[tail] = <uint32_t>node
                tail += 1
        while head < tail:
            node = queue[head]
            head += 1
            for edge in range(offsets[node], offsets[node + 1]):
                if not met[targets[edge]]:
                    met[targets[edge]] = 1
                    queue[tail] = targets[edge]
                    tail += 1
                    if class_of[edge]:
                        first[class_of[edge]] += 1
        for each in range(1, <uint32_t>classes):
            for edge in range(targets.shape[0]):
                if class_of[edge] == each and latest[targets[edge]] != each:
                    end[each] += 1
                    latest[targets[edge]] = each
    return ends, firsts


include "remainder.pxi"
