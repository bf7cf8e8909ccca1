# The walk: every object that can be reached, from the collector's lists and the frames, in one moment.
#
# It runs under the GIL, calls no Python (but `__sizeof__` slots written in C), takes no reference, and
# keeps addresses and numbers only. An address is a slot: objects start at least 16 bytes apart, so the
# sixteenth part of an address tells two of them apart, and one bit per slot remembers what was met. The
# bits of a heap fit in the processor's cache where a table from address to number would not. Numbers are
# given afterwards, in the order of addresses, by counting bits (index.pxi).
#
# An object is not looked at when it is met, but with its neighbours in memory: first all that the collector
# tracks, in the order of addresses, then what was met on the way, a group of 64 KiB at a time. An access
# to a random address costs as much as everything else that is done with an object.

# A chunk is 1 MiB of addresses. A slot's number has 32 bits: the chunk above, the slot in it below.
# A word has the bits of 64 slots, a group is 64 words.
cdef enum:
    CHUNK_SHIFT = 20
    CHUNK_WORDS = 1024
    CHUNK_GROUPS = 16
    DIRECTORY_SIZE = 8192
    LEAF_SIZE = 16384
    ADDRESS_BITS = 47

# What is known of a node; names of this module.
cpdef enum:
    TRACKED = 1
    GARBAGE = 2
    ROOT = 4
    MODULE = 8
    NAMESPACE = 16
    TYPE = 32
    FRAME_HELD = 64
    IMMORTAL = 128

# How the bytes of a type's instances are known.
cdef enum:
    FIXED = 0
    PER_ITEM = 1
    TEXT = 2
    MAPPING = 3
    LIST = 4
    NUMBER = 5
    ASK = 6

# Why a walk ended early.
cdef enum:
    NO_MEMORY = 1
    TOO_LARGE = 2
    INTERRUPTED = 3

# In place of the number of a local: what the frame owns itself, and what lies on its evaluation stack.
cdef enum:
    OWNED = 0xFFFFFFFE
    ON_STACK = 0xFFFFFFFF

cdef enum:
    NOWHERE = 0xFFFFFFFF
    UNCOUNTED = 0xFFFFFFFF
    LARGE = 0xFFFFFFFF
    POLL_EVERY = 32768

cdef struct Words:
    uint32_t *items
    size_t used
    size_t room

cdef struct Pointers:
    PyObject **items
    size_t used
    size_t room

cdef struct TypeEntry:
    PyTypeObject *type
    size_t fixed
    size_t each
    size_t inline_block
    PyCFunction sizer
    uint8_t sizing
    uint8_t flags
    bint may_refer
    bint is_function
    bint is_own

# One object, in the order of the walk: its slot, and its first reference.
cdef struct Row:
    uint32_t slot
    uint32_t start

# What is known of it besides.
cdef struct Fact:
    uint32_t type
    uint32_t size
    uint32_t count

cdef struct Walk:
    # From an address to its slot, and one bit a slot: met, in the collector's lists, 8 bytes off.
    uint32_t **directory
    uint64_t *bases
    uint64_t *seen
    uint64_t *tracked
    uint64_t *odd
    # One bit a slot: met, but not looked at; one bit a word with any such; the groups with any such.
    uint64_t *waiting
    uint64_t *summaries
    Words groups
    uint32_t chunks
    uint32_t chunk_room
    uint64_t last_key
    uint32_t last_chunk
    # There is always room for one row more: it tells where the last object's references end.
    Row *table
    Fact *facts
    uint32_t rows
    uint32_t row_room
    uint32_t fact_room
    # One row a reference: the slot of the referent.
    Words edges
    TypeEntry *entries
    uint32_t *buckets
    uint32_t entry_count
    uint32_t entry_room
    uint32_t bucket_count
    PyTypeObject *last_type
    uint32_t last_entry
    # What running frames hold: slot, frame, local.
    Words root_slots
    Words root_frames
    Words root_locals
    # Slots of namespaces, of the debugger's own objects, of objects that it only holds, and of what
    # its frames hold (once per reference).
    Words namespaces
    Words own
    Words picked
    Words own_held
    # Slots of names that the interpreter's cache of attribute lookups holds, once per reference.
    Words looked_up
    # Row and high and low half of the bytes of objects of 4 GiB and more.
    Words large
    Pointers own_globals
    PyObject *last_globals
    uint32_t listed
    uint64_t dead
    uint64_t frozen
    uint64_t polled
    int progress
    double announced
    int failure


cdef bint widen(Words *words) noexcept nogil:
    cdef size_t room = 1024 if words.room == 0 else words.room * 2
    cdef void *items = leak_remap(words.items, words.room * 4, room * 4)
    if items == NULL:
        return False
    words.items = <uint32_t *>items
    words.room = room
    return True


cdef inline bint push(Words *words, uint32_t value) noexcept nogil:
    if words.used == words.room and not widen(words):
        return False
    words.items[words.used] = value
    words.used += 1
    return True


cdef void free_words(Words *words) noexcept nogil:
    leak_unmap(words.items, words.room * 4)
    words.items = NULL
    words.used = words.room = 0


cdef bint widen_rows(Walk *walk, size_t room) noexcept nogil:
    """Make room for more rows; each table is stored at once, with its own room."""
    cdef void *table
    if room > <size_t>0xFFFFFFFFULL:
        return False
    table = leak_remap(walk.table, walk.row_room * sizeof(Row), room * sizeof(Row))
    if table == NULL:
        return False
    walk.table = <Row *>table
    walk.row_room = <uint32_t>room
    table = leak_remap(walk.facts, walk.fact_room * sizeof(Fact), room * sizeof(Fact))
    if table == NULL:
        return False
    walk.facts = <Fact *>table
    walk.fact_room = <uint32_t>room
    return True


cdef void free_rows(Walk *walk) noexcept nogil:
    leak_unmap(walk.table, walk.row_room * sizeof(Row))
    walk.table = NULL
    walk.row_room = 0


cdef void free_facts(Walk *walk) noexcept nogil:
    leak_unmap(walk.facts, walk.fact_room * sizeof(Fact))
    walk.facts = NULL
    walk.fact_room = 0


cdef bint push_pointer(Pointers *pointers, PyObject *item) noexcept nogil:
    cdef size_t room
    cdef void *items
    if pointers.used == pointers.room:
        room = 512 if pointers.room == 0 else pointers.room * 2
        items = leak_remap(pointers.items, pointers.room * 8, room * 8)
        if items == NULL:
            return False
        pointers.items = <PyObject **>items
        pointers.room = room
    pointers.items[pointers.used] = item
    pointers.used += 1
    return True


# ---- slots ----

cdef bint widen_chunks(Walk *walk) noexcept nogil:
    """Make room for more chunks."""
    cdef uint32_t room = 64 if walk.chunk_room == 0 else walk.chunk_room * 2
    cdef uint64_t **columns[6]
    cdef size_t each[6]
    cdef void *moved
    cdef int column
    columns[0] = &walk.bases
    columns[1] = &walk.seen
    columns[2] = &walk.tracked
    columns[3] = &walk.odd
    columns[4] = &walk.waiting
    columns[5] = &walk.summaries
    each[0] = 8
    each[1] = each[2] = each[3] = each[4] = CHUNK_WORDS * 8
    each[5] = CHUNK_GROUPS * 8
    for column in range(6):
        moved = leak_remap(columns[column][0], walk.chunk_room * each[column], room * each[column])
        if moved == NULL:
            # Those that grew are cut back, so that all have one size.
            while column:
                column -= 1
                leak_remap(columns[column][0], room * each[column], walk.chunk_room * each[column])
            return False
        columns[column][0] = <uint64_t *>moved
    walk.chunk_room = room
    return True


cdef uint32_t new_chunk(Walk *walk, uint64_t key) noexcept nogil:
    """Give a number to a chunk that is met for the first time; NOWHERE and a failure if it cannot."""
    cdef uint64_t above = key >> 14
    cdef uint32_t **directory = walk.directory
    if key >> (ADDRESS_BITS - CHUNK_SHIFT) or walk.chunks >= 65535:
        walk.failure = TOO_LARGE
        return NOWHERE
    if directory[above] == NULL:
        directory[above] = <uint32_t *>leak_map(LEAF_SIZE * 4)
    if directory[above] == NULL or (walk.chunks == walk.chunk_room and not widen_chunks(walk)):
        walk.failure = NO_MEMORY
        return NOWHERE
    walk.bases[walk.chunks] = key
    directory[above][key & (LEAF_SIZE - 1)] = walk.chunks + 1
    walk.chunks += 1
    return walk.chunks - 1


cdef inline uint32_t slot_of(Walk *walk, PyObject *item) noexcept nogil:
    """The slot of an address, its chunk made if need be; NOWHERE on failure."""
    cdef uint64_t address = <uint64_t>item
    cdef uint64_t key = address >> CHUNK_SHIFT
    cdef uint32_t *leaf
    cdef uint32_t chunk
    if key != walk.last_key:
        if key >> (ADDRESS_BITS - CHUNK_SHIFT):
            walk.failure = TOO_LARGE
            return NOWHERE
        leaf = walk.directory[key >> 14]
        chunk = leaf[key & (LEAF_SIZE - 1)] if leaf != NULL else 0
        if chunk == 0:
            chunk = new_chunk(walk, key)
            if chunk == NOWHERE:
                return NOWHERE
        else:
            chunk -= 1
        walk.last_key = key
        walk.last_chunk = chunk
    return walk.last_chunk << 16 | <uint32_t>(address >> 4 & 0xFFFF)


cdef inline uint32_t known_slot(Walk *walk, uint64_t address) noexcept nogil:
    """The slot of an address that was met, else NOWHERE; touches nothing at the address."""
    cdef uint64_t key = address >> CHUNK_SHIFT
    cdef uint32_t *leaf
    cdef uint32_t chunk, slot
    if address == 0 or key >> (ADDRESS_BITS - CHUNK_SHIFT):
        return NOWHERE
    leaf = walk.directory[key >> 14]
    chunk = leaf[key & (LEAF_SIZE - 1)] if leaf != NULL else 0
    if chunk == 0:
        return NOWHERE
    slot = (chunk - 1) << 16 | <uint32_t>(address >> 4 & 0xFFFF)
    if not is_set(walk.seen, slot) or is_set(walk.odd, slot) != (address >> 3 & 1):
        return NOWHERE
    return slot


cdef inline bint is_set(uint64_t *bits, uint32_t slot) noexcept nogil:
    return bits[slot >> 6] >> (slot & 63) & 1


cdef inline void set_bit(uint64_t *bits, uint32_t slot) noexcept nogil:
    bits[slot >> 6] |= <uint64_t>1 << (slot & 63)


cdef inline uint32_t meet(Walk *walk, PyObject *item) noexcept nogil:
    """Note an object; one that is new waits to be looked at. Its slot, or NOWHERE on failure."""
    cdef uint32_t slot = slot_of(walk, item)
    if slot == NOWHERE:
        return NOWHERE
    if not is_set(walk.seen, slot) and not await_slot(walk, item, slot):
        return NOWHERE
    return slot


cdef bint await_slot(Walk *walk, PyObject *item, uint32_t slot) noexcept nogil:
    """Note a new object as waiting, and its group if nothing of it waits yet."""
    cdef uint64_t *summary = &walk.summaries[slot >> 12]
    if not summary[0] and not push(&walk.groups, slot >> 12):
        walk.failure = NO_MEMORY
        return False
    summary[0] |= <uint64_t>1 << (slot >> 6 & 63)
    set_bit(walk.seen, slot)
    set_bit(walk.waiting, slot)
    if <uint64_t>item & 8:
        set_bit(walk.odd, slot)
    return True


cdef int visit_referent(PyObject *referent, void *context) noexcept:
    cdef Walk *walk = <Walk *>context
    cdef uint32_t slot = meet(walk, referent)
    if slot == NOWHERE:
        return -1
    if not push(&walk.edges, slot):
        walk.failure = NO_MEMORY
        return -1
    return 0


cdef int visit_tracked(PyObject *item, void *context) noexcept:
    cdef Walk *walk = <Walk *>context
    cdef uint32_t slot = slot_of(walk, item)
    if slot == NOWHERE:
        return 0
    set_bit(walk.seen, slot)
    set_bit(walk.tracked, slot)
    walk.listed += 1
    return 1


cdef void reserve(Walk *walk) noexcept nogil:
    """Make room at once for the rows of a usual heap: addresses cost nothing until they are written."""
    cdef size_t rows = <size_t>walk.listed * 4
    cdef void *memory
    if rows < 4096 or rows > 0x40000000 or walk.table != NULL or walk.edges.items != NULL:
        return
    # If there is no room for so many, there may be for as many as come.
    widen_rows(walk, rows)
    memory = leak_map(rows * 8)
    if memory != NULL:
        walk.edges.items = <uint32_t *>memory
        walk.edges.room = rows * 2


# ---- types and sizes ----

cdef uint32_t new_type(Walk *walk, PyTypeObject *type) noexcept:
    """Add a type to the table; its row, or NOWHERE on failure."""
    cdef uint32_t room, bucket, row
    cdef TypeEntry *entry
    cdef PyCFunction sizer
    cdef void *entries
    cdef void *buckets
    if walk.entry_count == walk.entry_room:
        room = 1024 if walk.entry_room == 0 else walk.entry_room * 2
        entries = leak_remap(walk.entries, walk.entry_room * sizeof(TypeEntry), room * sizeof(TypeEntry))
        if entries == NULL:
            return NOWHERE
        walk.entries = <TypeEntry *>entries
        buckets = leak_map(<size_t>room * 2 * 4)
        if buckets == NULL:
            leak_remap(walk.entries, room * sizeof(TypeEntry), walk.entry_room * sizeof(TypeEntry))
            return NOWHERE
        leak_unmap(walk.buckets, <size_t>walk.bucket_count * 4)
        walk.buckets = <uint32_t *>buckets
        walk.entry_room = room
        walk.bucket_count = room * 2
        for row in range(walk.entry_count):
            bucket = bucket_of(walk, walk.entries[row].type)
            walk.buckets[bucket] = row + 1
    row = walk.entry_count
    entry = &walk.entries[row]
    entry.type = type
    entry.fixed = leak_preheader_size(type) + <size_t>type.tp_basicsize
    entry.each = <size_t>type.tp_itemsize
    entry.inline_block = leak_inline_block_size(type)
    entry.flags = 0
    entry.may_refer = leak_may_refer(type)
    entry.is_function = type == &PyFunction_Type
    entry.is_own = leak_is_own_type(type, <PyObject *>MODULE_KEY)
    if leak_is_metatype(type):
        entry.flags |= TYPE
    if type == &PyModule_Type or PyType_IsSubtype(type, &PyModule_Type):
        entry.flags |= MODULE
    sizer = leak_find_sizer(type, <PyObject *>SIZEOF)
    entry.sizer = sizer
    if type == &PyUnicode_Type:
        entry.sizing = TEXT
    elif type == &PyDict_Type:
        entry.sizing = MAPPING
    elif type == &PyList_Type:
        entry.sizing = LIST
    elif type == &PyLong_Type:
        entry.sizing = NUMBER
    elif sizer == NULL or sizer == object_sizer:
        entry.sizing = PER_ITEM if entry.each else FIXED
    else:
        entry.sizing = ASK
    walk.entry_count += 1
    walk.buckets[bucket_of(walk, type)] = row + 1
    return row


cdef inline uint32_t bucket_of(Walk *walk, PyTypeObject *type) noexcept nogil:
    """The bucket that holds a type, or the free one where it belongs."""
    cdef uint32_t mask = walk.bucket_count - 1
    cdef uint32_t bucket = <uint32_t>((<uint64_t>type >> 4) * 0x9E3779B97F4A7C15ULL >> 32) & mask
    while walk.buckets[bucket] and walk.entries[walk.buckets[bucket] - 1].type != type:
        bucket = (bucket + 1) & mask
    return bucket


cdef inline uint32_t row_of_type(Walk *walk, PyTypeObject *type) noexcept:
    cdef uint32_t found
    if type == walk.last_type:
        return walk.last_entry
    found = walk.buckets[bucket_of(walk, type)] if walk.bucket_count else 0
    found = found - 1 if found else new_type(walk, type)
    walk.last_type = type
    walk.last_entry = found
    return found


cdef inline size_t size_of(TypeEntry *entry, PyObject *item) noexcept:
    cdef size_t size = entry.fixed
    cdef size_t asked = 0
    if entry.sizing == PER_ITEM:
        size += entry.each * leak_item_count(item)
    elif entry.sizing != FIXED:
        if entry.sizing == TEXT:
            asked = leak_text_size(item)
        elif entry.sizing == MAPPING:
            asked = leak_dict_size(item)
        elif entry.sizing == LIST:
            asked = leak_list_size(item)
        elif entry.sizing == NUMBER:
            asked = leak_number_size(item)
        if asked == 0:
            asked = leak_call_size(entry.sizer, item)
        if asked:
            size = asked + leak_preheader_of(item)
    if entry.inline_block and leak_has_inline_block(item):
        size += entry.inline_block
    return size


# ---- objects ----

cdef bint note_namespace(Walk *walk, PyObject *namespace) noexcept:
    cdef uint32_t slot
    if namespace == NULL or namespace == walk.last_globals:
        return True
    walk.last_globals = namespace
    slot = meet(walk, namespace)
    return slot != NOWHERE and push(&walk.namespaces, slot)


cdef bint is_own_namespace(Walk *walk, PyObject *namespace) noexcept nogil:
    cdef size_t index
    for index in range(walk.own_globals.used):
        if walk.own_globals.items[index] == namespace:
            return True
    return False


cdef bint record(Walk *walk, PyObject *item, uint32_t slot) noexcept:
    """Write the row of one object, and of each of its references."""
    cdef uint32_t row
    cdef size_t size
    cdef TypeEntry *entry
    cdef Fact *written
    if Py_REFCNT(item) <= 0:
        # Dead, and shown by a free list that somebody traverses: nothing of it may be touched.
        walk.seen[slot >> 6] &= ~(<uint64_t>1 << (slot & 63))
        walk.dead += 1
        return True
    row = row_of_type(walk, Py_TYPE(item))
    if row == NOWHERE:
        walk.failure = NO_MEMORY
        return False
    entry = &walk.entries[row]
    size = size_of(entry, item)
    if size >= LARGE:
        if not (push(&walk.large, walk.rows) and push(&walk.large, <uint32_t>(size >> 32))
                and push(&walk.large, <uint32_t>(size & 0xFFFFFFFF))):
            walk.failure = NO_MEMORY
            return False
        size = LARGE
    if walk.rows + 1 >= walk.fact_room and not widen_rows(walk, max(4096, walk.fact_room * <size_t>2)):
        walk.failure = NO_MEMORY
        return False
    walk.table[walk.rows].slot = slot
    walk.table[walk.rows].start = <uint32_t>walk.edges.used
    written = &walk.facts[walk.rows]
    written.type = row
    written.size = <uint32_t>size
    written.count = UNCOUNTED if leak_is_immortal(item) else <uint32_t>Py_REFCNT(item)
    walk.rows += 1
    if (entry.is_own or entry.flags & TYPE and leak_is_own_type(<PyTypeObject *>item, <PyObject *>MODULE_KEY)) \
            and not push(&walk.own, slot):
        walk.failure = NO_MEMORY
        return False
    if entry.is_function:
        if is_own_namespace(walk, leak_function_globals(item)) and not push(&walk.own, slot):
            walk.failure = NO_MEMORY
            return False
        if not note_namespace(walk, leak_function_globals(item)):
            return False
    elif entry.flags & MODULE and not note_namespace(walk, PyModule_GetDict(item)):
        return False
    if entry.may_refer and (is_set(walk.tracked, slot) or leak_is_walkable(item)):
        if not is_set(walk.tracked, slot) and PyObject_GC_IsTracked(item):
            walk.frozen += 1
        leak_traverse(item, visit_referent, walk)
        if walk.failure:
            return False
        if walk.edges.used >= 0xFFFFFFF0:
            walk.failure = TOO_LARGE
            return False
    return True


cdef inline PyObject *object_at(Walk *walk, uint32_t slot) noexcept nogil:
    return <PyObject *>((walk.bases[slot >> 16] << CHUNK_SHIFT) + (<uint64_t>(slot & 0xFFFF) << 4)
                        + (8 if is_set(walk.odd, slot) else 0))


cdef bint record_word(Walk *walk, uint32_t word, uint64_t bits) noexcept:
    """Record the objects of one word; what they point to is fetched for all of them at once."""
    cdef uint32_t slot
    cdef uint64_t left = bits
    while left:
        leak_fetch(object_at(walk, word << 6 | <uint32_t>__builtin_ctzll(left)))
        left &= left - 1
    while bits:
        slot = word << 6 | <uint32_t>__builtin_ctzll(bits)
        bits &= bits - 1
        if not record(walk, object_at(walk, slot), slot):
            return False
    return True


cdef bint drain(Walk *walk) noexcept:
    """Record what waits, and what it leads to."""
    cdef uint32_t group, word
    cdef uint64_t bits
    while walk.groups.used:
        walk.groups.used -= 1
        group = walk.groups.items[walk.groups.used]
        # What is met in this group meanwhile is taken along.
        while walk.summaries[group]:
            word = group << 6 | <uint32_t>__builtin_ctzll(walk.summaries[group])
            bits = walk.waiting[word]
            walk.waiting[word] = 0
            walk.summaries[group] &= walk.summaries[group] - 1
            if not record_word(walk, word, bits):
                return False
            if walk.rows >= walk.polled and not poll(walk):
                return False
    return True


cdef bint poll(Walk *walk) noexcept:
    """See whether Ctrl+C was pressed, and tell a terminal how far the walk is."""
    cdef double now
    cdef char text[96]
    cdef int length
    walk.polled = walk.rows + POLL_EVERY
    if asked():
        walk.failure = INTERRUPTED
        return False
    if walk.progress >= 0:
        now = leak_now()
        if now >= walk.announced:
            walk.announced = now + 0.25
            length = snprintf(text, sizeof(text), b"\rcapturing ... %.1f million objects ", walk.rows / 1e6)
            tell(walk.progress, text, length)
    return True


cdef bint walk_tracked(Walk *walk) noexcept:
    """Record what the collector tracks, in the order of addresses, and all it leads to."""
    cdef uint32_t chunk, word
    cdef uint32_t chunks = walk.chunks
    for chunk in range(chunks):
        for word in range(chunk * CHUNK_WORDS, (chunk + 1) * CHUNK_WORDS):
            if walk.tracked[word] and not record_word(walk, word, walk.tracked[word]):
                return False
        if walk.rows >= walk.polled and not poll(walk):
            return False
    return drain(walk)


# ---- frames ----

cdef bint note_root(Walk *walk, PyObject *item, uint32_t frame, uint32_t local, bint own) noexcept:
    cdef uint32_t slot
    if item == NULL:
        return True
    slot = meet(walk, item)
    if slot == NOWHERE:
        return False
    if own:
        return push(&walk.own_held, slot)
    return push(&walk.root_slots, slot) and push(&walk.root_frames, frame) and push(&walk.root_locals, local)


cdef bint walk_frame(Walk *walk, leak_frame *frame, uint32_t number, bint own) noexcept:
    """Record what one running frame holds: itself, its locals, and what may lie on its stack."""
    cdef PyCodeObject *code = leak_frame_code(frame)
    cdef PyObject *generator = leak_frame_generator(frame)
    cdef Py_ssize_t index, depth
    cdef uint32_t slot
    if own and generator != NULL:
        # Nothing but C refers to a generator that runs: it would look held by the program's.
        slot = meet(walk, generator)
        if slot == NOWHERE or not push(&walk.own, slot):
            return False
    for index in range(FRAME_OWNED):
        if not note_root(walk, leak_frame_owned(frame, <int>index), number, OWNED, own):
            return False
    for index in range(code.co_nlocalsplus):
        if not note_root(walk, leak_frame_local(frame, index), number, <uint32_t>index, own):
            return False
    if not drain(walk):
        return False
    depth = leak_frame_depth(frame)
    if depth < 0:
        # Of a debugger's frame, nothing rather than what is stale: it would hide the program's objects.
        depth = 0 if own else code.co_stacksize
    for index in range(depth):
        # Possibly stale: compared with the addresses of what was met, never followed.
        slot = known_slot(walk, leak_frame_stack_word(frame, index))
        if slot == NOWHERE:
            continue
        if own:
            if not push(&walk.own_held, slot):
                return False
        elif not (push(&walk.root_slots, slot) and push(&walk.root_frames, number)
                  and push(&walk.root_locals, ON_STACK)):
            return False
    return True


cdef list walk_threads(Walk *walk):
    """Record what the frames of every thread hold; their (thread, function, file, line, locals) as text."""
    cdef PyThreadState *thread = PyInterpreterState_ThreadHead(PyInterpreterState_Get())
    cdef leak_frame *frame
    cdef PyCodeObject *code
    cdef PyObject *name
    cdef bint own
    cdef Py_ssize_t index
    described = []
    while thread != NULL:
        frame = leak_top_frame(thread)
        while frame != NULL:
            if leak_frame_is_python(frame):
                own = is_own_namespace(walk, leak_frame_globals(frame))
                if not walk_frame(walk, frame, <uint32_t>len(described), own):
                    walk.failure = walk.failure or NO_MEMORY
                    return described
                code = leak_frame_code(frame)
                if not own:
                    described.append((
                        thread.thread_id, leak_copy_text(code.co_qualname), leak_copy_text(code.co_filename),
                        leak_frame_line(frame),
                        tuple([leak_copy_text(PyTuple_GET_ITEM(code.co_localsplusnames, index))
                               for index in range(code.co_nlocalsplus)]),
                    ))
            frame = leak_next_frame(frame)
        thread = PyThreadState_Next(thread)
    return described
