# The index: rows of the walk become numbered nodes with both directions of every reference.
#
# A node's number is its place among all addresses: the bits set below its own. Nothing here touches an
# object, so most of it runs without the GIL.

cdef struct Index:
    # Set bits before each 64-bit word of `seen`, chunks taken in the order of their addresses.
    uint32_t *ranks
    uint32_t *order
    uint32_t nodes
    uint32_t edges
    # Per node: its first reference, the references to it, what holds it unseen, its flags.
    uint32_t *offsets
    uint32_t *targets
    uint32_t *indegrees
    uint32_t *unexplained
    uint8_t *flags
    uint8_t *marks
    # Without the debugger's own.
    uint32_t *renumbered
    uint32_t kept
    uint32_t kept_edges


cdef inline uint32_t node_of(Walk *walk, Index *index, uint32_t slot) noexcept nogil:
    """The number of a slot, or NOWHERE if it holds nothing alive."""
    cdef uint64_t word = walk.seen[slot >> 6]
    cdef uint64_t bit = <uint64_t>1 << (slot & 63)
    if not word & bit:
        return NOWHERE
    return index.ranks[slot >> 6] + leak_count_bits(word & (bit - 1))


cdef int compare_chunks(const void *left, const void *right) noexcept nogil:
    cdef uint64_t a = (<const uint64_t *>left)[0]
    cdef uint64_t b = (<const uint64_t *>right)[0]
    return (a > b) - (a < b)


cdef bint rank_slots(Walk *walk, Index *index) noexcept nogil:
    """Count the bits, so that `node_of` knows every number."""
    cdef uint32_t position, chunk
    cdef size_t word
    cdef uint32_t total = 0
    cdef uint64_t *pairs = <uint64_t *>leak_map(<size_t>walk.chunks * 16)
    index.order = <uint32_t *>leak_map(<size_t>walk.chunks * 4)
    index.ranks = <uint32_t *>leak_map(<size_t>walk.chunks * CHUNK_WORDS * 4)
    if pairs == NULL or index.order == NULL or index.ranks == NULL:
        leak_unmap(pairs, <size_t>walk.chunks * 16)
        return False
    for chunk in range(walk.chunks):
        pairs[2 * chunk] = walk.bases[chunk]
        pairs[2 * chunk + 1] = chunk
    qsort(pairs, walk.chunks, 16, compare_chunks)
    for position in range(walk.chunks):
        chunk = <uint32_t>pairs[2 * position + 1]
        index.order[position] = chunk
        for word in range(<size_t>chunk * CHUNK_WORDS, <size_t>(chunk + 1) * CHUNK_WORDS):
            index.ranks[word] = total
            total += leak_count_bits(walk.seen[word])
    leak_unmap(pairs, <size_t>walk.chunks * 16)
    index.nodes = total
    return True


cdef bint link_forward(Walk *walk, Index *index) noexcept nogil:
    """Bring the references into the order of their referrers, and count those to each node.

    From here on a row's slot is its node.
    """
    cdef uint32_t row, node, target, edge, place
    cdef uint32_t *offsets = <uint32_t *>leak_map((<size_t>index.nodes + 1) * 4)
    cdef uint32_t *targets
    cdef uint32_t *indegrees
    index.offsets = offsets
    if offsets == NULL or (walk.starts == NULL and not widen_rows(walk)):
        return False
    walk.starts[walk.rows] = <uint32_t>walk.edges.used
    for row in range(walk.rows):
        node = node_of(walk, index, walk.slots[row])
        walk.slots[row] = node
        offsets[node + 1] = walk.starts[row + 1] - walk.starts[row]
        if walk.dead:
            for edge in range(walk.starts[row], walk.starts[row + 1]):
                if not is_set(walk.seen, walk.edges.items[edge]):
                    offsets[node + 1] -= 1
    for node in range(index.nodes):
        offsets[node + 1] += offsets[node]
    index.edges = offsets[index.nodes]
    targets = <uint32_t *>leak_map(<size_t>index.edges * 4)
    index.targets = targets
    indegrees = <uint32_t *>leak_map((<size_t>index.nodes + 1) * 4)
    index.indegrees = indegrees
    if targets == NULL or indegrees == NULL:
        return False
    for row in range(walk.rows):
        place = offsets[walk.slots[row]]
        for edge in range(walk.starts[row], walk.starts[row + 1]):
            target = node_of(walk, index, walk.edges.items[edge])
            if target != NOWHERE:
                targets[place] = target
                place += 1
                indegrees[target + 1] += 1
    free_words(&walk.edges)
    free_column(walk, &walk.starts)
    return True


cdef bint flood(Index *index, Words *queue, uint8_t *marks, uint8_t mark, uint8_t blocked) noexcept nogil:
    """Mark what the queue's nodes lead to, not entering nodes with a `blocked` mark. O(V + E)."""
    cdef uint32_t node, target, edge
    while queue.used:
        queue.used -= 1
        node = queue.items[queue.used]
        for edge in range(index.offsets[node], index.offsets[node + 1]):
            target = index.targets[edge]
            if not marks[target] & blocked:
                marks[target] |= mark
                if not push(queue, target):
                    return False
    return True


# Marks of `tell_apart`.
cdef enum:
    ALIVE = 1
    OWN = 2
    SEED = 4
    HELD = 8


cdef bint tell_apart(Walk *walk, Index *index) noexcept nogil:
    """Tell the program's living objects, its garbage, and the debugger's own from each other.

    What the program's roots lead to is alive, never entering the debugger's own objects; what only these
    lead to is the debugger's, never entering what it merely holds for the user. The rest is garbage.
    """
    cdef Words queue
    cdef size_t row
    cdef uint32_t node
    cdef uint8_t *marks = index.marks
    cdef uint32_t *unexplained = index.unexplained
    cdef bint fits = True
    memset(&queue, 0, sizeof(queue))
    for row in range(walk.own.used):
        node = node_of(walk, index, walk.own.items[row])
        if node != NOWHERE:
            marks[node] |= SEED
    for row in range(walk.picked.used):
        node = node_of(walk, index, walk.picked.items[row])
        if node != NOWHERE:
            marks[node] = HELD
    # The ledger: references that neither the graph nor a frame explains are held by C.
    for node in range(index.nodes):
        unexplained[node] = 0 if unexplained[node] == UNCOUNTED else (
            unexplained[node] - index.indegrees[node + 1] if unexplained[node] > index.indegrees[node + 1] else 0)
    for row in range(walk.own_held.used):
        node = node_of(walk, index, walk.own_held.items[row])
        if node != NOWHERE and unexplained[node]:
            unexplained[node] -= 1
    for row in range(walk.root_slots.used):
        node = node_of(walk, index, walk.root_slots.items[row])
        if node == NOWHERE:
            continue
        if walk.root_locals.items[row] == ON_STACK:
            # A stale word proves nothing: it only counts where a reference is missing.
            if not unexplained[node]:
                walk.root_slots.items[row] = NOWHERE
                continue
        if unexplained[node]:
            unexplained[node] -= 1
        index.flags[node] |= ROOT
        if walk.root_locals.items[row] < OWNED:
            index.flags[node] |= FRAME_HELD
    for node in range(index.nodes):
        if unexplained[node]:
            index.flags[node] |= ROOT
        if index.flags[node] & ROOT and not index.flags[node] & IMMORTAL and not marks[node] & (SEED | ALIVE):
            marks[node] |= ALIVE
            fits = fits and push(&queue, node)
    fits = fits and flood(index, &queue, marks, ALIVE, ALIVE | SEED)
    for node in range(index.nodes):
        if marks[node] & SEED:
            marks[node] |= OWN
            fits = fits and push(&queue, node)
    for row in range(walk.own_held.used):
        node = node_of(walk, index, walk.own_held.items[row])
        if node != NOWHERE and not marks[node] & (ALIVE | OWN | HELD):
            marks[node] |= OWN
            fits = fits and push(&queue, node)
    fits = fits and flood(index, &queue, marks, OWN, ALIVE | OWN | HELD)
    # Immortal objects live by themselves; what none but the debugger knows was left out above.
    for node in range(index.nodes):
        if index.flags[node] & IMMORTAL and not marks[node] & (ALIVE | OWN):
            index.flags[node] |= ROOT
            marks[node] |= ALIVE
            fits = fits and push(&queue, node)
    fits = fits and flood(index, &queue, marks, ALIVE, ALIVE | OWN)
    for node in range(index.nodes):
        if not marks[node] & (ALIVE | OWN):
            index.flags[node] |= GARBAGE
    free_words(&queue)
    return fits


cdef bint leave_out_own(Index *index) noexcept nogil:
    """Take the debugger's own nodes and their references out of the graph, in place."""
    cdef uint32_t node, target, edge, first, last
    cdef uint32_t kept = 0
    cdef uint32_t place = 0
    index.renumbered = <uint32_t *>leak_map(<size_t>index.nodes * 4)
    if index.renumbered == NULL:
        return False
    for node in range(index.nodes):
        if index.marks[node] & OWN:
            index.renumbered[node] = NOWHERE
        else:
            index.renumbered[node] = kept
            kept += 1
    kept = 0
    first = 0
    for node in range(index.nodes):
        last = index.offsets[node + 1]
        if index.renumbered[node] == NOWHERE:
            for edge in range(first, last):
                index.indegrees[index.targets[edge] + 1] -= 1
        else:
            for edge in range(first, last):
                target = index.renumbered[index.targets[edge]]
                if target != NOWHERE:
                    index.targets[place] = target
                    place += 1
            kept += 1
            index.offsets[kept] = place
        first = last
    for node in range(index.nodes):
        if index.renumbered[node] != NOWHERE:
            index.indegrees[index.renumbered[node] + 1] = index.indegrees[node + 1]
            index.flags[index.renumbered[node]] = index.flags[node]
            index.unexplained[index.renumbered[node]] = index.unexplained[node]
    index.kept = kept
    index.kept_edges = place
    return True


cdef void link_backward(uint32_t nodes, const uint32_t *offsets, const uint32_t *targets,
                        uint32_t *ends, uint32_t *sources) noexcept nogil:
    """Write the referrers of every node, in the order of their numbers. O(V + E).

    `ends` holds at node + 1 how many references there are to a node; afterwards it is the offsets.
    """
    cdef uint32_t node, edge, count
    cdef uint32_t total = 0
    # ends[node + 1] is where the node's next referrer goes, and in the end where its last one is.
    for node in range(nodes):
        count = ends[node + 1]
        ends[node + 1] = total
        total += count
    for node in range(nodes):
        for edge in range(offsets[node], offsets[node + 1]):
            sources[ends[targets[edge] + 1]] = node
            ends[targets[edge] + 1] += 1


cdef bint describe_nodes(Walk *walk, Index *index) noexcept nogil:
    """Bring the rows' reference counts and flags into the order of nodes."""
    cdef size_t row
    cdef uint32_t node
    index.unexplained = <uint32_t *>leak_map(<size_t>index.nodes * 4)
    index.flags = <uint8_t *>leak_map(index.nodes)
    index.marks = <uint8_t *>leak_map(index.nodes)
    if index.unexplained == NULL or index.flags == NULL or index.marks == NULL:
        return False
    for row in range(walk.rows):
        node = walk.slots[row]
        index.unexplained[node] = walk.counts[row]
        index.flags[node] = walk.entries[walk.types[row]].flags
        if walk.counts[row] == UNCOUNTED:
            index.flags[node] |= IMMORTAL
    free_column(walk, &walk.counts)
    for row in range(walk.namespaces.used):
        node = node_of(walk, index, walk.namespaces.items[row])
        if node != NOWHERE:
            index.flags[node] |= NAMESPACE
    return True


cdef void fill_column(Walk *walk, Index *index, uint32_t **rows, uint32_t *column) noexcept nogil:
    """Bring one value per row into the order of the nodes that stay."""
    cdef uint32_t row, node
    for row in range(walk.rows):
        node = index.renumbered[walk.slots[row]]
        if node != NOWHERE:
            column[node] = rows[0][row]
    free_column(walk, rows)


cdef void fill_addresses(Walk *walk, Index *index, uint64_t *addresses) noexcept nogil:
    cdef uint32_t position, chunk, slot
    cdef uint32_t node = 0
    cdef size_t word
    cdef uint64_t bits
    for position in range(walk.chunks):
        chunk = index.order[position]
        for word in range(<size_t>chunk * CHUNK_WORDS, <size_t>(chunk + 1) * CHUNK_WORDS):
            bits = walk.seen[word]
            while bits:
                slot = <uint32_t>(word << 6) | <uint32_t>__builtin_ctzll(bits)
                bits &= bits - 1
                if index.renumbered[node] != NOWHERE:
                    if is_set(walk.tracked, slot):
                        index.flags[index.renumbered[node]] |= TRACKED
                    addresses[index.renumbered[node]] = (
                        (walk.bases[chunk] << CHUNK_SHIFT) + (<uint64_t>(slot & 0xFFFF) << 4)
                        + (8 if is_set(walk.odd, slot) else 0))
                node += 1


cdef size_t number_roots(Walk *walk, Index *index) noexcept nogil:
    """Replace the slots of the frames' roots by nodes, leaving out those that fell away; how many stay."""
    cdef size_t row
    cdef size_t place = 0
    cdef uint32_t node
    for row in range(walk.root_slots.used):
        if walk.root_slots.items[row] == NOWHERE:
            continue
        node = node_of(walk, index, walk.root_slots.items[row])
        if node == NOWHERE or index.renumbered[node] == NOWHERE:
            continue
        walk.root_slots.items[place] = index.renumbered[node]
        walk.root_frames.items[place] = walk.root_frames.items[row]
        walk.root_locals.items[place] = walk.root_locals.items[row]
        place += 1
    return place


cdef void free_index(Walk *walk, Index *index) noexcept nogil:
    """Give back what was not handed on."""
    leak_unmap(index.ranks, <size_t>walk.chunks * CHUNK_WORDS * 4)
    leak_unmap(index.order, <size_t>walk.chunks * 4)
    leak_unmap(index.offsets, (<size_t>index.nodes + 1) * 4)
    leak_unmap(index.targets, <size_t>index.edges * 4)
    leak_unmap(index.indegrees, (<size_t>index.nodes + 1) * 4)
    leak_unmap(index.unexplained, <size_t>index.nodes * 4)
    leak_unmap(index.flags, index.nodes)
    leak_unmap(index.marks, index.nodes)
    leak_unmap(index.renumbered, <size_t>index.nodes * 4)
    index.ranks = index.order = index.offsets = index.targets = index.indegrees = NULL
    index.unexplained = index.renumbered = NULL
    index.flags = index.marks = NULL


cdef void free_walk(Walk *walk) noexcept nogil:
    cdef uint32_t leaf
    cdef size_t bits = <size_t>walk.chunk_room * CHUNK_WORDS * 8
    if walk.directory != NULL:
        for leaf in range(DIRECTORY_SIZE):
            leak_unmap(walk.directory[leaf], LEAF_SIZE * 4)
        leak_unmap(walk.directory, DIRECTORY_SIZE * sizeof(void *))
    leak_unmap(walk.bases, <size_t>walk.chunk_room * 8)
    leak_unmap(walk.seen, bits)
    leak_unmap(walk.tracked, bits)
    leak_unmap(walk.odd, bits)
    leak_unmap(walk.entries, <size_t>walk.entry_room * sizeof(TypeEntry))
    leak_unmap(walk.buckets, <size_t>walk.bucket_count * 4)
    leak_unmap(walk.pending.items, walk.pending.room * 8)
    leak_unmap(walk.own_globals.items, walk.own_globals.room * 8)
    walk.directory = NULL
    walk.bases = walk.seen = walk.tracked = walk.odd = NULL
    walk.entries = NULL
    walk.buckets = NULL
    walk.pending.items = walk.own_globals.items = NULL
    free_column(walk, &walk.slots)
    free_column(walk, &walk.starts)
    free_column(walk, &walk.types)
    free_column(walk, &walk.sizes)
    free_column(walk, &walk.counts)
    free_words(&walk.edges)
    free_words(&walk.root_slots)
    free_words(&walk.root_frames)
    free_words(&walk.root_locals)
    free_words(&walk.namespaces)
    free_words(&walk.own)
    free_words(&walk.picked)
    free_words(&walk.own_held)
    free_words(&walk.large)
