# The index: rows of the walk become numbered nodes with both directions of every reference.
#
# A node's number is its place among all addresses: the bits set below its own. Nothing here touches an
# object, so most of it runs without the GIL.

# How many references ahead memory is fetched.
cdef enum:
    AHEAD = 16

cdef struct Index:
    # Set bits before each 64-bit word of `seen`, chunks taken in the order of their addresses.
    uint32_t *ranks
    uint32_t *order
    uint32_t nodes
    uint32_t edges
    # Per node: its first reference, the references to it, what holds it unseen, its type, bytes, flags.
    uint32_t *offsets
    uint32_t *targets
    uint32_t *indegrees
    uint32_t *unexplained
    uint32_t *types
    uint32_t *sizes
    uint8_t *flags
    # One bit per node each: alive; the debugger's own, and where that begins; merely held by it; not to be
    # entered by a search. And the debugger's own before each word.
    uint64_t *alive
    uint64_t *own
    uint64_t *seeds
    uint64_t *held
    uint64_t *closed
    uint32_t *left_out
    # Without the debugger's own.
    uint32_t kept
    uint32_t kept_edges


cdef inline uint32_t node_of(Walk *walk, Index *index, uint32_t slot) noexcept nogil:
    """The number of a slot, or NOWHERE if it holds nothing alive."""
    cdef uint64_t word = walk.seen[slot >> 6]
    cdef uint64_t bit = <uint64_t>1 << (slot & 63)
    if not word & bit:
        return NOWHERE
    return index.ranks[slot >> 6] + leak_count_bits(word & (bit - 1))


cdef inline void fetch_rank(Walk *walk, Index *index, uint32_t slot) noexcept nogil:
    """Have what `node_of` needs in the cache by the time it is asked."""
    __builtin_prefetch(&walk.seen[slot >> 6])
    __builtin_prefetch(&index.ranks[slot >> 6])


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


cdef bint place_rows(Walk *walk, Index *index) noexcept nogil:
    """Bring what the rows tell into the order of nodes. From here on a row's slot is its node."""
    cdef size_t nodes = index.nodes
    cdef size_t place
    cdef uint32_t position, node, edge, count
    cdef uint32_t *offsets = <uint32_t *>leak_map((nodes + 1) * 4)
    cdef Row *row
    cdef Fact *fact
    index.offsets = offsets
    index.types = <uint32_t *>leak_map(nodes * 4)
    index.sizes = <uint32_t *>leak_map(nodes * 4)
    index.unexplained = <uint32_t *>leak_map(nodes * 4)
    index.flags = <uint8_t *>leak_map(nodes)
    if (offsets == NULL or index.types == NULL or index.sizes == NULL or index.unexplained == NULL
            or index.flags == NULL or (walk.table == NULL and not widen_rows(walk, 4096))):
        return False
    walk.table[walk.rows].start = <uint32_t>walk.edges.used
    for position in range(walk.rows):
        row = &walk.table[position]
        node = node_of(walk, index, row.slot)
        count = row[1].start - row.start
        if walk.dead:
            for edge in range(row.start, row[1].start):
                if not is_set(walk.seen, walk.edges.items[edge]):
                    count -= 1
        row.slot = node
        offsets[node + 1] = count
        fact = &walk.facts[position]
        index.types[node] = fact.type
        index.sizes[node] = fact.size
        index.unexplained[node] = fact.count
        index.flags[node] = walk.entries[fact.type].flags | (IMMORTAL if fact.count == UNCOUNTED else 0)
    for place in range(0, walk.large.used, 3):
        walk.large.items[place] = walk.table[walk.large.items[place]].slot
    for place in range(walk.namespaces.used):
        node = node_of(walk, index, walk.namespaces.items[place])
        if node != NOWHERE:
            index.flags[node] |= NAMESPACE
    return True


cdef uint32_t *reuse_facts(Walk *walk, size_t size) noexcept nogil:
    """Memory of a size: what the facts lay in, if that is enough. Pages that were written once cost nothing again."""
    cdef void *memory = walk.facts
    if walk.fact_room * sizeof(Fact) < size:
        free_facts(walk)
        return <uint32_t *>leak_map(size)
    walk.facts = NULL
    return <uint32_t *>leak_remap(memory, walk.fact_room * sizeof(Fact), size)


cdef bint link_forward(Walk *walk, Index *index) noexcept nogil:
    """Bring the references into the order of their referrers, and count those to each node."""
    cdef uint32_t position, node, target, edge, place
    cdef uint32_t last = walk.edges.used - 1 if walk.edges.used else 0
    cdef uint32_t *edges = walk.edges.items
    cdef uint32_t *offsets = index.offsets
    cdef uint32_t *targets
    cdef uint32_t *indegrees
    cdef Row *row
    for node in range(index.nodes):
        offsets[node + 1] += offsets[node]
    index.edges = offsets[index.nodes]
    targets = reuse_facts(walk, <size_t>index.edges * 4)
    index.targets = targets
    indegrees = <uint32_t *>leak_map((<size_t>index.nodes + 1) * 4)
    index.indegrees = indegrees
    if targets == NULL or indegrees == NULL:
        return False
    for position in range(walk.rows):
        row = &walk.table[position]
        place = offsets[row.slot]
        for edge in range(row.start, row[1].start):
            fetch_rank(walk, index, edges[edge + AHEAD if edge + AHEAD < last else last])
            target = node_of(walk, index, edges[edge])
            if target != NOWHERE:
                targets[place] = target
                place += 1
                indegrees[target + 1] += 1
    return True


cdef inline void open_to(Words *queue, uint64_t *closed, uint32_t node) noexcept nogil:
    """Put a node into a queue with room for all nodes, unless it is closed; close it."""
    if not is_set(closed, node):
        set_bit(closed, node)
        queue.items[queue.used] = node
        queue.used += 1


cdef void flood(Index *index, Words *queue) noexcept nogil:
    """Close what the queue's nodes lead to without entering what is closed. O(V + E)."""
    cdef size_t head = 0
    cdef uint32_t node, edge
    while head < queue.used:
        # A queue tells what comes next: it is fetched meanwhile.
        if head + AHEAD < queue.used:
            __builtin_prefetch(&index.offsets[queue.items[head + AHEAD]])
            __builtin_prefetch(&index.targets[index.offsets[queue.items[head + AHEAD // 2]]])
        node = queue.items[head]
        head += 1
        for edge in range(index.offsets[node], index.offsets[node + 1]):
            open_to(queue, index.closed, index.targets[edge])
    queue.used = 0


cdef bint tell_apart(Walk *walk, Index *index) noexcept nogil:
    """Tell the program's living objects, its garbage, and the debugger's own from each other.

    What the program's roots lead to is alive, never entering the debugger's own objects; what only these
    lead to is the debugger's, never entering what it merely holds for the user. The rest is garbage.
    """
    cdef Words queue
    cdef size_t words = (<size_t>index.nodes + 63) >> 6
    cdef uint64_t *bits = <uint64_t *>leak_map(words * 40)
    index.alive = bits
    # The rows are in the graph by now; there were as many as there are nodes.
    queue.used = 0
    queue.room = <size_t>walk.row_room * (sizeof(Row) // 4)
    queue.items = <uint32_t *>walk.table
    if bits == NULL:
        return False
    index.own = bits + words
    index.seeds = bits + 2 * words
    index.held = bits + 3 * words
    index.closed = bits + 4 * words
    find_roots(walk, index)
    follow_roots(walk, index, &queue, words)
    return True


cdef void find_roots(Walk *walk, Index *index) noexcept nogil:
    """Mark the roots, and where the debugger's own begins. References that nothing explains are held by C."""
    cdef size_t row
    cdef uint32_t node, count
    cdef uint32_t *unexplained = index.unexplained
    for row in range(walk.own.used):
        node = node_of(walk, index, walk.own.items[row])
        if node != NOWHERE:
            set_bit(index.seeds, node)
    for row in range(walk.picked.used):
        node = node_of(walk, index, walk.picked.items[row])
        if node != NOWHERE:
            set_bit(index.held, node)
            index.seeds[node >> 6] &= ~(<uint64_t>1 << (node & 63))
    for node in range(index.nodes):
        count = unexplained[node]
        unexplained[node] = (
            count - index.indegrees[node + 1] if count != UNCOUNTED and count > index.indegrees[node + 1] else 0)
    for row in range(walk.own_held.used):
        node = node_of(walk, index, walk.own_held.items[row])
        if node != NOWHERE and unexplained[node]:
            unexplained[node] -= 1
    for row in range(walk.looked_up.used):
        node = node_of(walk, index, walk.looked_up.items[row])
        if node != NOWHERE and unexplained[node]:
            unexplained[node] -= 1
        else:
            walk.looked_up.items[row] = NOWHERE
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


cdef bint is_own_call(Walk *walk, Index *index, uint32_t node) noexcept nogil:
    """Tell whether C alone holds a node that is made for a call of the debugger's: its arguments, or a method of its."""
    cdef uint32_t edge
    cdef PyTypeObject *kind = walk.entries[index.types[node]].type
    if (kind != &PyTuple_Type and kind != &PyMethod_Type) or index.indegrees[node + 1] or index.flags[node] & ROOT:
        return False
    for edge in range(index.offsets[node], index.offsets[node + 1]):
        if is_set(index.seeds, index.targets[edge]):
            return True
    return False


cdef void follow_roots(Walk *walk, Index *index, Words *queue, size_t words) noexcept nogil:
    """Tell apart what the roots, and then the debugger's own, lead to."""
    cdef size_t row, word
    cdef uint64_t bits
    cdef uint32_t node
    for node in range(index.nodes):
        if index.unexplained[node] and is_own_call(walk, index, node):
            set_bit(index.seeds, node)
            index.unexplained[node] = 0
    memcpy(index.closed, index.seeds, words * 8)
    for node in range(index.nodes):
        if index.unexplained[node]:
            index.flags[node] |= ROOT
        if index.flags[node] & ROOT and not index.flags[node] & IMMORTAL:
            open_to(queue, index.closed, node)
    flood(index, queue)
    for word in range(words):
        index.alive[word] = index.closed[word] & ~index.seeds[word]
        index.closed[word] = index.alive[word] | index.held[word]
    for word in range(words):
        bits = index.seeds[word]
        while bits:
            open_to(queue, index.closed, <uint32_t>(word << 6) | <uint32_t>__builtin_ctzll(bits))
            bits &= bits - 1
    for row in range(walk.own_held.used):
        node = node_of(walk, index, walk.own_held.items[row])
        if node != NOWHERE:
            open_to(queue, index.closed, node)
    flood(index, queue)
    for word in range(words):
        index.own[word] = index.closed[word] & ~(index.alive[word] | index.held[word])
        index.closed[word] = index.alive[word] | index.own[word]
    # Immortal objects live by themselves, and names that were looked up as long as their place in the cache is not
    # wanted; what none but the debugger knows was left out above.
    for node in range(index.nodes):
        if index.flags[node] & IMMORTAL and not is_set(index.closed, node):
            index.flags[node] |= ROOT
            open_to(queue, index.closed, node)
    for row in range(walk.looked_up.used):
        if walk.looked_up.items[row] == NOWHERE:
            continue
        node = node_of(walk, index, walk.looked_up.items[row])
        index.unexplained[node] += 1
        if not is_set(index.own, node):
            index.flags[node] |= ROOT
            open_to(queue, index.closed, node)
    flood(index, queue)
    for word in range(words):
        bits = ~index.closed[word]
        while bits:
            node = <uint32_t>(word << 6) | <uint32_t>__builtin_ctzll(bits)
            bits &= bits - 1
            if node < index.nodes:
                index.flags[node] |= GARBAGE


cdef inline uint32_t renumber(Index *index, uint32_t node) noexcept nogil:
    """The number of a node without the debugger's own, or NOWHERE if it is one of them."""
    cdef uint64_t word = index.own[node >> 6]
    cdef uint64_t bit = <uint64_t>1 << (node & 63)
    if not word:
        return node - index.left_out[node >> 6]
    if word & bit:
        return NOWHERE
    return node - index.left_out[node >> 6] - leak_count_bits(word & (bit - 1))


cdef bint leave_out_own(Index *index) noexcept nogil:
    """Take the debugger's own nodes and their references out of the graph, in place."""
    cdef uint32_t node, target, edge, first, last
    cdef uint32_t kept = 0
    cdef uint32_t place = 0
    cdef size_t word
    cdef size_t words = (<size_t>index.nodes + 63) >> 6
    index.left_out = <uint32_t *>leak_map(words * 4)
    if index.left_out == NULL:
        return False
    for word in range(words):
        index.left_out[word] = kept
        kept += leak_count_bits(index.own[word])
    for node in range(index.nodes):
        if is_set(index.own, node):
            for edge in range(index.offsets[node], index.offsets[node + 1]):
                index.indegrees[index.targets[edge] + 1] -= 1
    kept = 0
    first = 0
    for node in range(index.nodes):
        last = index.offsets[node + 1]
        if not is_set(index.own, node):
            for edge in range(first, last):
                target = renumber(index, index.targets[edge])
                if target != NOWHERE:
                    index.targets[place] = target
                    place += 1
            index.indegrees[kept + 1] = index.indegrees[node + 1]
            index.unexplained[kept] = index.unexplained[node]
            index.types[kept] = index.types[node]
            index.sizes[kept] = index.sizes[node]
            index.flags[kept] = index.flags[node]
            kept += 1
            index.offsets[kept] = place
        first = last
    index.kept = kept
    index.kept_edges = place
    return True


cdef void link_backward(uint32_t nodes, const uint32_t *offsets, const uint32_t *targets,
                        uint32_t *ends, uint32_t *sources) noexcept nogil:
    """Write the referrers of every node, in the order of their numbers. O(V + E).

    `ends` holds at node + 1 how many references there are to a node; afterwards it is the offsets.
    """
    cdef uint32_t node, edge, target, count
    cdef uint32_t total = 0
    cdef uint32_t last = offsets[nodes] - 1 if offsets[nodes] else 0
    # ends[node + 1] is where the node's next referrer goes, and in the end where its last one is.
    for node in range(nodes):
        count = ends[node + 1]
        ends[node + 1] = total
        total += count
    for node in range(nodes):
        for edge in range(offsets[node], offsets[node + 1]):
            __builtin_prefetch(&ends[targets[edge + AHEAD if edge + AHEAD < last else last] + 1])
            __builtin_prefetch(&sources[ends[targets[edge + AHEAD // 2 if edge + AHEAD // 2 < last else last] + 1]])
            target = targets[edge]
            sources[ends[target + 1]] = node
            ends[target + 1] += 1


cdef void fill_addresses(Walk *walk, Index *index, uint64_t *addresses) noexcept nogil:
    """Write the addresses of the nodes that stay, and whether the collector tracks them."""
    cdef uint32_t position, chunk, slot
    cdef uint32_t node = 0
    cdef uint32_t kept = 0
    cdef size_t word
    cdef uint64_t bits, base
    for position in range(walk.chunks):
        chunk = index.order[position]
        base = walk.bases[chunk] << CHUNK_SHIFT
        for word in range(<size_t>chunk * CHUNK_WORDS, <size_t>(chunk + 1) * CHUNK_WORDS):
            bits = walk.seen[word]
            while bits:
                slot = <uint32_t>(word << 6) | <uint32_t>__builtin_ctzll(bits)
                bits &= bits - 1
                if not is_set(index.own, node):
                    if is_set(walk.tracked, slot):
                        index.flags[kept] |= TRACKED
                    addresses[kept] = base + (<uint64_t>(slot & 0xFFFF) << 4) + (8 if is_set(walk.odd, slot) else 0)
                    kept += 1
                node += 1


cdef Ints reuse_rows(Walk *walk, size_t used):
    """What the rows lay in, as an array for addresses."""
    cdef Ints array = adopt(walk.table, walk.row_room * sizeof(Row), used, 8)
    walk.table = NULL
    walk.row_room = 0
    return array


cdef size_t number_roots(Walk *walk, Index *index) noexcept nogil:
    """Replace the slots of the frames' roots by nodes, leaving out those that fell away; how many stay."""
    cdef size_t row
    cdef size_t place = 0
    cdef uint32_t node
    for row in range(walk.root_slots.used):
        if walk.root_slots.items[row] == NOWHERE:
            continue
        node = node_of(walk, index, walk.root_slots.items[row])
        node = renumber(index, node) if node != NOWHERE else NOWHERE
        if node == NOWHERE:
            continue
        walk.root_slots.items[place] = node
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
    leak_unmap(index.types, <size_t>index.nodes * 4)
    leak_unmap(index.sizes, <size_t>index.nodes * 4)
    leak_unmap(index.flags, index.nodes)
    leak_unmap(index.alive, ((<size_t>index.nodes + 63) >> 6) * 40)
    leak_unmap(index.left_out, ((<size_t>index.nodes + 63) >> 6) * 4)
    index.ranks = index.order = index.offsets = index.targets = index.indegrees = NULL
    index.unexplained = index.types = index.sizes = index.left_out = NULL
    index.flags = NULL
    index.alive = NULL


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
    leak_unmap(walk.waiting, bits)
    leak_unmap(walk.summaries, <size_t>walk.chunk_room * CHUNK_GROUPS * 8)
    leak_unmap(walk.own_globals.items, walk.own_globals.room * 8)
    walk.directory = NULL
    walk.bases = walk.seen = walk.tracked = walk.odd = walk.waiting = walk.summaries = NULL
    walk.entries = NULL
    walk.buckets = NULL
    walk.own_globals.items = NULL
    free_rows(walk)
    free_facts(walk)
    free_words(&walk.groups)
    free_words(&walk.edges)
    free_words(&walk.root_slots)
    free_words(&walk.root_frames)
    free_words(&walk.root_locals)
    free_words(&walk.namespaces)
    free_words(&walk.own)
    free_words(&walk.picked)
    free_words(&walk.own_held)
    free_words(&walk.looked_up)
    free_words(&walk.large)
