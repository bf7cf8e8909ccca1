# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What dies once some references are removed, and when: ints in, ints out; knows no object."""

include "arrays.pxi"

cdef enum:
    # Of a node: it was alive before.
    LIVED = 1
    ALIVE = 2

# When a node dies; names of this module.
cpdef enum:
    AT_ONCE = 1
    NEXT_COLLECTION = 2
    FURTHER_COLLECTIONS = 4
    LIVES_ON = 8

cdef struct Scene:
    const uint32_t *offsets
    const uint32_t *targets
    const uint32_t *back_offsets
    uint32_t nodes
    const uint8_t *roots
    # One bit a reference: it is removed. By node: references to it that are gone, when it dies, what it was.
    uint64_t *removed
    uint32_t *gone
    uint8_t *phase
    uint8_t *state
    uint32_t *queue
    uint32_t tail
    # When `triggers[i]` dies, the reference `edges[i]` from `sources[i]` is removed. Sorted by trigger.
    const uint32_t *triggers
    const uint32_t *sources
    const uint32_t *edges
    size_t rules
    uint64_t steps
    bint fired


cdef inline bint is_removed(Scene *scene, uint32_t edge) noexcept nogil:
    return scene.removed[edge >> 6] >> (edge & 63) & 1


cdef inline void let_go(Scene *scene, uint32_t node, uint8_t phase) noexcept nogil:
    """Count one reference less to a node; without any it dies."""
    scene.gone[node] += 1
    if (scene.gone[node] == scene.back_offsets[node + 1] - scene.back_offsets[node]
            and not scene.roots[node] and not scene.phase[node]):
        scene.phase[node] = phase
        scene.queue[scene.tail] = node
        scene.tail += 1


cdef inline void remove(Scene *scene, uint32_t edge, uint8_t phase) noexcept nogil:
    if not is_removed(scene, edge):
        scene.removed[edge >> 6] |= <uint64_t>1 << (edge & 63)
        let_go(scene, scene.targets[edge], phase)


cdef void fire(Scene *scene, uint32_t node, uint8_t phase) noexcept nogil:
    """Remove what weak containers remove when a node dies."""
    cdef size_t low = 0
    cdef size_t high = scene.rules
    cdef size_t middle
    while low < high:
        middle = (low + high) // 2
        if scene.triggers[middle] < node:
            low = middle + 1
        else:
            high = middle
    while low < scene.rules and scene.triggers[low] == node:
        # What a dead container referred to was let go with it.
        if not scene.phase[scene.sources[low]]:
            remove(scene, scene.edges[low], phase)
            scene.fired = True
        low += 1


cdef bint cascade(Scene *scene, uint32_t head, uint8_t phase) noexcept nogil:
    """Let go of what the queue's nodes refer to, and of what dies by that. O(references of the dying)."""
    cdef uint32_t node, edge
    while head < scene.tail:
        node = scene.queue[head]
        head += 1
        scene.steps += 1
        if not scene.steps & POLL_MASK and interrupted():
            return False
        for edge in range(scene.offsets[node], scene.offsets[node + 1]):
            if not is_removed(scene, edge):
                let_go(scene, scene.targets[edge], phase)
        fire(scene, node, phase)
    return True


cdef bint flood(Scene *scene, uint8_t mark) noexcept nogil:
    """Mark what the roots lead to, not over removed references. O(V + E)."""
    cdef uint32_t head = 0
    cdef uint32_t node, edge, target
    cdef uint32_t tail = 0
    for node in range(scene.nodes):
        scene.state[node] &= ~mark
        if scene.roots[node]:
            scene.state[node] |= mark
            scene.queue[tail] = node
            tail += 1
    while head < tail:
        node = scene.queue[head]
        head += 1
        scene.steps += 1
        if not scene.steps & POLL_MASK and interrupted():
            return False
        for edge in range(scene.offsets[node], scene.offsets[node + 1]):
            target = scene.targets[edge]
            if not scene.state[target] & mark and not is_removed(scene, edge):
                scene.state[target] |= mark
                scene.queue[tail] = target
                tail += 1
    return True


cdef bint collect(Scene *scene, uint8_t phase, bint first) noexcept nogil:
    """Let everything die that no root leads to any more; at first, garbage that was there before with it."""
    cdef uint32_t node
    if not flood(scene, ALIVE):
        return False
    scene.tail = 0
    scene.fired = False
    for node in range(scene.nodes):
        if scene.state[node] & ALIVE or scene.phase[node]:
            continue
        if scene.state[node] & LIVED or first:
            scene.phase[node] = phase
            scene.queue[scene.tail] = node
            scene.tail += 1
    return cascade(scene, 0, phase)


def dying(const uint32_t[::1] offsets, const uint32_t[::1] targets, const uint32_t[::1] back_offsets,
          const uint8_t[::1] roots, const uint32_t[::1] removed,
          const uint32_t[::1] triggers, const uint32_t[::1] sources, const uint32_t[::1] edges, int rounds):
    """Return (when each node dies, whether all is said): AT_ONCE, NEXT_COLLECTION, FURTHER_COLLECTIONS, LIVES_ON.

    `removed` are references by their place in `targets`. At once dies what no reference is left to, as the
    interpreter counts them; a collection frees what no root leads to. When the node `triggers[i]` dies
    (sorted), the reference `edges[i]` of the node `sources[i]` is removed as well: so weak containers do,
    and therefore one collection may make work for the next; up to `rounds` of them are followed. Nodes that
    were dead before, and roots, have 0. O(V + E) for each collection.
    """
    cdef Scene scene
    cdef uint32_t node
    cdef size_t each
    cdef int round_ = 0
    cdef bint stopped = False
    scene.nodes = <uint32_t>(offsets.shape[0] - 1)
    cdef Ints bits = allocate((targets.shape[0] >> 6) + 1, 8)
    cdef Ints gone = allocate(scene.nodes, 4)
    cdef Ints phase = allocate(scene.nodes, 1)
    cdef Ints state = allocate(scene.nodes, 1)
    cdef Ints queue = allocate(scene.nodes, 4)
    scene.offsets = &offsets[0]
    scene.targets = &targets[0] if targets.shape[0] else NULL
    scene.back_offsets = &back_offsets[0]
    scene.roots = &roots[0]
    scene.removed = <uint64_t *>bits.data
    scene.gone = <uint32_t *>gone.data
    scene.phase = <uint8_t *>phase.data
    scene.state = <uint8_t *>state.data
    scene.queue = <uint32_t *>queue.data
    scene.tail = 0
    scene.rules = triggers.shape[0]
    scene.triggers = &triggers[0] if triggers.shape[0] else NULL
    scene.sources = &sources[0] if triggers.shape[0] else NULL
    scene.edges = &edges[0] if triggers.shape[0] else NULL
    scene.steps = 0
    scene.fired = False
    with nogil:
        stopped = not flood(&scene, LIVED)
        if not stopped:
            for each in range(<size_t>removed.shape[0]):
                remove(&scene, removed[each], AT_ONCE)
            stopped = not cascade(&scene, 0, AT_ONCE)
        scene.fired = True
        while not stopped and scene.fired and round_ < rounds:
            stopped = not collect(&scene, FURTHER_COLLECTIONS if round_ else NEXT_COLLECTION, round_ == 0)
            round_ += 1
        # What was garbage already is nothing that this frees.
        for node in range(scene.nodes):
            if not scene.state[node] & LIVED:
                scene.phase[node] = 0
            elif not scene.phase[node] and not scene.roots[node]:
                scene.phase[node] = LIVES_ON
    if stopped:
        raise KeyboardInterrupt
    return phase, not scene.fired
