# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Nodes grouped by the references that hold them: ints in, ints out; knows no object.

Arrays are those of algorithms.pyx; RECORD, CONTAINER and MAPPING those of paths.pyx. Runs without the GIL.
"""

include "arrays.pxi"

cdef enum:
    RECORD = 0
    CONTAINER = 1
    MAPPING = 2
    SMALL_MAPPING = 32
    LONGEST_RECORD = 1024
    MOST_KINDS = 64
    MOST_REFERRERS = 4096
    LONGEST_NAMESPACE = 4096
    PLACE_BITS = 12
    ANY_PLACE = 0xFFFFFFFE
    MANY = 0xFFFFFFFC
    BY_ROOT = 0xFFFFFFFB


cdef struct Kinds:
    uint64_t kinds[64]
    uint32_t count
    bint many


cdef inline void add(Kinds *found, uint32_t name, uint32_t label) noexcept nogil:
    """Note one kind of reference; the same one again counts once."""
    cdef uint64_t kind = <uint64_t>name << 32 | label
    cdef uint32_t index
    for index in range(found.count):
        if found.kinds[index] == kind:
            return
    if found.count == MOST_KINDS:
        found.many = True
        return
    found.kinds[found.count] = kind
    found.count += 1


cdef inline uint64_t signed(Kinds *found) noexcept nogil:
    """A number for a set of kinds, in whatever order; of very many, only that they are many."""
    cdef uint64_t total = 0
    cdef uint32_t index
    if found.many:
        return mix(MANY)
    for index in range(found.count):
        total += mix(mix(found.kinds[index] + 1))
    return total


def group_by_holders(const uint32_t[::1] offsets, const uint32_t[::1] targets,
                     const uint32_t[::1] back_offsets, const uint32_t[::1] back_targets,
                     const uint32_t[::1] members, const uint32_t[::1] type_of, const uint32_t[::1] names,
                     const uint32_t[::1] sizes, const uint8_t[::1] kinds, const uint8_t[::1] flags,
                     uint8_t namespace, uint8_t framed):
    """Return (ends, bytes, members by group) of the members' groups. O(references to them).

    Members are in one group if they are referred to in the same ways: a way is the referrer's type name,
    the place in its row and the row's length where these tell references apart (paths.pyx), and a running
    frame (the flag `framed`). A member with more than 64 ways or 4,096 referrers is among many.
    """
    cdef size_t buckets = 1024
    cdef uint32_t count = 0
    cdef uint32_t room = <uint32_t>members.shape[0]
    cdef Ints grouped = allocate(members.shape[0], 4)
    cdef uint32_t *group = <uint32_t *>grouped.data
    cdef Kinds found
    cdef uint32_t node, above, row, edge, referrer, label
    cdef uint64_t signature, bucket
    cdef Py_ssize_t index
    cdef bint stopped = False
    cdef bint placed
    cdef uint64_t steps = 0
    cdef Ints ends, weights, sorted_members
    cdef Scratch signatures, numbers
    cdef uint64_t *keys
    cdef uint32_t *values
    cdef uint32_t *end
    while buckets < 2 * <size_t>room:
        buckets *= 2
    signatures = Scratch(buckets * 8)
    numbers = Scratch(buckets * 4)
    keys = <uint64_t *>signatures.data
    values = <uint32_t *>numbers.data
    with nogil:
        for index in range(members.shape[0]):
            steps += 1
            if steps > POLL_MASK:
                steps = 0
                if interrupted():
                    stopped = True
                    break
            node = members[index]
            found.count = 0
            found.many = back_offsets[node + 1] - back_offsets[node] > MOST_REFERRERS
            if flags[node] & framed:
                add(&found, BY_ROOT, BY_ROOT)
            if not found.many:
                for referrer in range(back_offsets[node], back_offsets[node + 1]):
                    if found.many:
                        break
                    above = back_targets[referrer]
                    if referrer > back_offsets[node] and back_targets[referrer - 1] == above:
                        continue
                    row = offsets[above + 1] - offsets[above]
                    label = kinds[type_of[above]]
                    placed = row <= LONGEST_RECORD if label == RECORD else label == MAPPING and (
                        row <= SMALL_MAPPING or (flags[above] & namespace and row <= LONGEST_NAMESPACE))
                    if not placed:
                        add(&found, names[type_of[above]], ANY_PLACE)
                        continue
                    steps += row
                    for edge in range(offsets[above], offsets[above + 1]):
                        if targets[edge] == node:
                            add(&found, names[type_of[above]], row << PLACE_BITS | (edge - offsets[above]))
            signature = signed(&found)
            bucket = mix(signature) & (buckets - 1)
            while values[bucket] and keys[bucket] != signature:
                bucket = (bucket + 1) & (buckets - 1)
            if not values[bucket]:
                count += 1
                keys[bucket] = signature
                values[bucket] = count
            group[index] = values[bucket] - 1
    if stopped:
        raise KeyboardInterrupt
    ends = allocate(count + 1, 4)
    weights = allocate(count, 8)
    sorted_members = allocate(members.shape[0], 4)
    end = <uint32_t *>ends.data
    with nogil:
        for index in range(members.shape[0]):
            end[group[index] + 1] += 1
            (<uint64_t *>weights.data)[group[index]] += sizes[members[index]]
        for edge in range(1, count + 1):
            end[edge] += end[edge - 1]
        # Each group's start moves to its end, which is where the next one starts.
        for index in range(members.shape[0]):
            (<uint32_t *>sorted_members.data)[end[group[index]]] = members[index]
            end[group[index]] += 1
    return ends, weights, sorted_members
