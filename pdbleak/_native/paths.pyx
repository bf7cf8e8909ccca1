# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The forest of shortest paths from the roots, and its merging into groups: ints in, ints out; knows no object.

Arrays are those of algorithms.pyx. All run without the GIL and end with KeyboardInterrupt on Ctrl+C.
"""

include "arrays.pxi"

# How the references of a type's instances are told apart: by their place in the row (attributes), not at
# all (elements), by their place where there are few (keys).
cpdef enum:
    RECORD = 0
    CONTAINER = 1
    MAPPING = 2

# What a type's instances are to those that run: of one code each, or that code.
cpdef enum:
    SUSPENDED = 1
    CODE = 2

# In place of a reference's place: any of a container's; of an object to another of its own type.
cdef enum:
    ANY_PLACE = 0xFFFFFFFE
    SAME_TYPE = 0xFFFFFFFD

ANY = <uint32_t>ANY_PLACE
SAME = <uint32_t>SAME_TYPE

cdef enum:
    NEVER = 2
    AHEAD = 16
    SMALL_MAPPING = 64
    LONGEST_RECORD = 1024
    SHORT_RECORD = 16
    PLACE_BITS = 16
    DEEPEST = 40
    LONGEST_CONTEXT = 4
    MOST_GROUPS = 0x100000


def grow_forest(const uint32_t[::1] offsets, const uint32_t[::1] targets, const uint32_t[::1] seeds,
                const uint32_t[::1] labels, const uint32_t[::1] ends, Py_ssize_t patient,
                const uint8_t[::1] deferred):
    """Return (parents, places, order) of the forest of paths from the seeds. O(V + E).

    The seeds come in ranks, seeds[ends[i - 1]:ends[i]] each: one rank takes all it leads to before the next
    one starts. Of one rank, paths are shortest. Nodes marked 1 are passed after the first `patient` ranks
    are done: fewest of them first, and then before each further rank. Nodes marked 2 are never entered.
    parents[v] is the node before v on its path, v itself for a seed, NOWHERE where no path leads; places[v] which
    of the parent's references it is, a seed's label for a seed. `order` has the nodes as they were met.
    """
    cdef uint32_t nodes = <uint32_t>(offsets.shape[0] - 1)
    cdef Ints parents = allocate(nodes, 4)
    cdef Ints places = allocate(nodes, 4)
    cdef Ints order
    cdef Scratch met = Scratch(<size_t>nodes * 4)
    cdef uint32_t *parent = <uint32_t *>parents.data
    cdef uint32_t *place = <uint32_t *>places.data
    cdef uint32_t *queue = <uint32_t *>met.data
    cdef Scratch memory = Scratch(<size_t>nodes * 4)
    cdef uint32_t *later = <uint32_t *>memory.data
    cdef uint32_t head = 0
    cdef uint32_t tail = 0
    cdef uint32_t later_head = 0
    cdef uint32_t later_tail = 0
    cdef uint32_t node, target
    cdef Py_ssize_t edge, seed
    cdef Py_ssize_t rank = 0
    cdef Py_ssize_t ranks = ends.shape[0]
    cdef bint stopped = False
    for seed in range(seeds.shape[0]):
        if seeds[seed] >= nodes:
            raise IndexError(f"no node {seeds[seed]}")
    with nogil:
        for node in range(nodes):
            parent[node] = NOWHERE
        while True:
            if head == tail:
                if later_head < later_tail and rank >= patient:
                    # All that wait, at once: among as many marked nodes passed, the shortest path wins.
                    while later_head < later_tail:
                        queue[tail] = later[later_head]
                        later_head += 1
                        tail += 1
                elif rank < ranks:
                    for seed in range(ends[rank - 1] if rank else 0, ends[rank]):
                        node = seeds[seed]
                        if parent[node] != NOWHERE or deferred[node] == NEVER:
                            continue
                        parent[node] = node
                        place[node] = labels[seed]
                        if deferred[node]:
                            later[later_tail] = node
                            later_tail += 1
                        else:
                            queue[tail] = node
                            tail += 1
                    rank += 1
                else:
                    break
                continue
            if head + AHEAD < tail:
                __builtin_prefetch(&offsets[queue[head + AHEAD]])
                __builtin_prefetch(&targets[offsets[queue[head + AHEAD // 2]]])
            node = queue[head]
            head += 1
            if not head & POLL_MASK and interrupted():
                stopped = True
                break
            for edge in range(offsets[node], offsets[node + 1]):
                target = targets[edge]
                if parent[target] != NOWHERE or deferred[target] == NEVER:
                    continue
                parent[target] = node
                place[target] = <uint32_t>(edge - offsets[node])
                if deferred[target]:
                    later[later_tail] = target
                    later_tail += 1
                else:
                    queue[tail] = target
                    tail += 1
    if stopped:
        raise KeyboardInterrupt
    order = adopt(met.data, met.size, tail, 4)
    met.data = NULL
    return parents, places, order


def never_enter(uint8_t[::1] marks, const uint32_t[::1] nodes):
    """Mark nodes so that no path leads through them. O(nodes)."""
    cdef Py_ssize_t index
    for index in range(nodes.shape[0]):
        marks[nodes[index]] = NEVER


include "merging.pxi"
include "members.pxi"
