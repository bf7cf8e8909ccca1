# Part of paths.pyx: the forest's nodes merged into groups by the names of their paths.

cdef struct Group:
    uint64_t size
    uint32_t above
    uint32_t label
    uint32_t name
    uint32_t count
    uint32_t first
    uint32_t last
    uint32_t depth
    uint32_t folded
    uint32_t kind
    uint32_t code


cdef struct Key:
    uint32_t above
    uint32_t label
    uint32_t name
    uint32_t code
    uint32_t group


cdef struct Table:
    Group *groups
    uint32_t count
    uint32_t room
    Key *keys
    uint32_t used
    uint32_t buckets


cdef inline uint64_t mixed(uint32_t above, uint32_t label, uint64_t name) noexcept nogil:
    return mix((<uint64_t>above << 32 | label) + name * <uint64_t>0x9E3779B97F4A7C15ULL)


cdef inline Key *find_key(Table *table, uint32_t above, uint32_t label, uint32_t name, uint32_t code) noexcept nogil:
    """The key's place, or the free one where it belongs."""
    cdef uint32_t mask = table.buckets - 1
    cdef uint32_t bucket = <uint32_t>mixed(above, label, <uint64_t>code << 32 | name) & mask
    cdef Key *key = &table.keys[bucket]
    while key.group != NOWHERE and (key.above != above or key.label != label or key.name != name or key.code != code):
        bucket = (bucket + 1) & mask
        key = &table.keys[bucket]
    return key


cdef bint widen_keys(Table *table) noexcept nogil:
    cdef uint32_t buckets = table.buckets * 2 if table.buckets else 8192
    cdef Key *old = table.keys
    cdef uint32_t olds = table.buckets
    cdef uint32_t index
    cdef Key *keys = <Key *>leak_map(<size_t>buckets * sizeof(Key))
    if keys == NULL:
        return False
    for index in range(buckets):
        keys[index].group = NOWHERE
    table.keys = keys
    table.buckets = buckets
    for index in range(olds):
        if old[index].group != NOWHERE:
            find_key(table, old[index].above, old[index].label, old[index].name, old[index].code)[0] = old[index]
    leak_unmap(old, <size_t>olds * sizeof(Key))
    return True


cdef uint32_t new_group(Table *table, uint32_t above, uint32_t label, uint32_t name, uint32_t code,
                        uint32_t kind) noexcept nogil:
    """Add a group; NOWHERE if there is no room."""
    cdef uint32_t room
    cdef void *moved
    cdef Group *group
    if table.count == table.room:
        room = table.room * 2 if table.room else 4096
        moved = leak_remap(table.groups, <size_t>table.room * sizeof(Group), <size_t>room * sizeof(Group))
        if moved == NULL:
            return NOWHERE
        table.groups = <Group *>moved
        table.room = room
    group = &table.groups[table.count]
    group.size = 0
    group.above = above
    group.label = label
    group.name = name
    group.count = 0
    group.first = group.last = NOWHERE
    group.depth = table.groups[above].depth + 1 if above != NOWHERE else 0
    group.folded = 0
    group.kind = kind
    group.code = code
    table.count += 1
    return table.count - 1


cdef bint repeats(Table *table, uint32_t below, uint32_t above) noexcept nogil:
    """Tell whether one group's path ends as another's does, back to what tells its references by their names.

    The same place in two records of one type is the same attribute; in two mappings it means nothing.
    """
    cdef int steps = 1
    while table.groups[below].kind != RECORD and steps < LONGEST_CONTEXT:
        if (table.groups[below].above == NOWHERE or table.groups[above].above == NOWHERE
                or table.groups[below].label != table.groups[above].label):
            return False
        below = table.groups[below].above
        above = table.groups[above].above
        if table.groups[below].name != table.groups[above].name or table.groups[below].code != table.groups[above].code:
            return False
        steps += 1
    return True


cdef uint32_t fold(Table *table, uint32_t above, uint32_t label, uint32_t name, uint32_t code) noexcept nogil:
    """The group further up that a new one repeats: the same reference from the same type to the same type.

    NOWHERE if there is none. Very deep down, or when there are very many, one of the same type is enough.
    """
    cdef uint32_t group = above
    cdef Group *holder = &table.groups[above]
    cdef Group *other
    cdef bint loose = table.groups[above].depth >= DEEPEST or table.count >= MOST_GROUPS
    while table.groups[group].above != NOWHERE:
        other = &table.groups[table.groups[group].above]
        if table.groups[group].name == name and (
                loose or table.groups[group].label == label and table.groups[group].code == code
                and other.name == holder.name and other.code == holder.code
                and repeats(table, above, table.groups[group].above)):
            return group
        group = table.groups[group].above
    return above if table.groups[above].depth >= 2 * DEEPEST or table.count >= 2 * MOST_GROUPS else NOWHERE


cdef inline uint32_t group_of(Table *table, uint32_t above, uint32_t label, uint32_t name, uint32_t code,
                              uint32_t kind) noexcept nogil:
    """The group of a path's next step, made if it is new; NOWHERE if there is no room."""
    cdef Key *key
    cdef uint32_t group
    if above != NOWHERE and label == SAME_TYPE and table.groups[above].label == SAME_TYPE and (
            table.groups[above].name == name and table.groups[above].code == code):
        table.groups[above].folded = 1
        return above
    if (table.used + 1) * 2 > table.buckets and not widen_keys(table):
        return NOWHERE
    key = find_key(table, above, label, name, code)
    if key.group != NOWHERE:
        return key.group
    group = fold(table, above, label, name, code) if above != NOWHERE else NOWHERE
    if group != NOWHERE:
        table.groups[group].folded = 1
    else:
        group = new_group(table, above, label, name, code, kind)
        if group == NOWHERE:
            return NOWHERE
    key.above = above
    key.label = label
    key.name = name
    key.code = code
    key.group = group
    table.used += 1
    return group


def merge_paths(const uint32_t[::1] order, const uint32_t[::1] parents, const uint32_t[::1] places,
                const uint32_t[::1] offsets, const uint32_t[::1] type_of, const uint32_t[::1] sizes,
                const uint8_t[::1] flags, uint8_t namespace, uint8_t kind_of_type,
                const uint32_t[::1] targets, const uint32_t[::1] names, const uint8_t[::1] kinds,
                const uint8_t[::1] furniture, const uint8_t[::1] roles):
    """Merge the forest's nodes by path: a dict of arrays, `group` per node, the others per group. O(V).

    Two nodes are in one group if their parents are, their types have one name (`names` by type), and the
    references to them one label: the place in the parent's row where `kinds` says that the parent's type is
    a RECORD or a small MAPPING, ANY in a CONTAINER, SAME where both types have one name. With the place goes
    the length of a RECORD's row, if it is short, for an attribute that is not set shifts the others. In a
    namespace (a node with that flag, or what a node with the flag `kind_of_type` refers to), instances of types
    marked in `furniture` are told apart by their type only; rows of these have no length. A path that repeats a step (the same label, from
    the same to the same type; the step before as well, where that is no RECORD's) is folded: its nodes join the
    group of the step's first time. Nodes of types whose role is SUSPENDED are in one group only if the first
    node that they refer to whose type's role is CODE is the same.

    Groups are numbered as they are first met: `above`, `label`, `name`, `count`, `size` (bytes), `first` and
    `last` member, `folded`.
    """
    cdef uint32_t nodes = <uint32_t>parents.shape[0]
    cdef Ints grouped = allocate(nodes, 4)
    cdef uint32_t *group = <uint32_t *>grouped.data
    cdef uint32_t node, parent, label, name, code, edge, found, row
    cdef uint8_t kind
    cdef Py_ssize_t index
    cdef Table table
    cdef int failure = 0
    cdef bint inside
    table.groups = NULL
    table.keys = NULL
    table.count = table.room = table.used = table.buckets = 0
    try:
        with nogil:
            for index in range(nodes):
                group[index] = NOWHERE
            for index in range(order.shape[0]):
                if not (index + 1) & POLL_MASK and interrupted():
                    failure = 1
                    break
                node = order[index]
                parent = parents[node]
                name = names[type_of[node]]
                code = NOWHERE
                if roles[type_of[node]] == SUSPENDED:
                    for edge in range(offsets[node], offsets[node + 1]):
                        if roles[type_of[targets[edge]]] == CODE:
                            code = targets[edge]
                            break
                if parent == node:
                    found = group_of(&table, NOWHERE, places[node], name, code, kinds[type_of[node]])
                else:
                    label = places[node]
                    row = offsets[parent + 1] - offsets[parent]
                    kind = kinds[type_of[parent]]
                    inside = (flags[parent] & namespace) != 0
                    if furniture[type_of[node]] and (inside or flags[parents[parent]] & kind_of_type):
                        label = ANY_PLACE
                    elif kind != MAPPING and name == names[type_of[parent]]:
                        label = SAME_TYPE
                    elif kind == RECORD and row <= SHORT_RECORD and not furniture[type_of[parent]]:
                        label |= row << PLACE_BITS
                    elif kind == CONTAINER or (kind == MAPPING and not inside and row > SMALL_MAPPING) or (
                            kind == RECORD and row > LONGEST_RECORD):
                        label = ANY_PLACE
                    found = group_of(&table, group[parent], label, name, code, kinds[type_of[node]])
                if found == NOWHERE:
                    failure = 2
                    break
                group[node] = found
                table.groups[found].count += 1
                table.groups[found].size += sizes[node]
                table.groups[found].last = node
                if table.groups[found].first == NOWHERE:
                    table.groups[found].first = node
        if failure == 1:
            raise KeyboardInterrupt
        if failure:
            raise MemoryError("no room for the merged paths")
        return {"group": grouped} | columns(&table)
    finally:
        leak_unmap(table.groups, <size_t>table.room * sizeof(Group))
        leak_unmap(table.keys, <size_t>table.buckets * sizeof(Key))


cdef dict columns(Table *table):
    """The groups as arrays."""
    cdef Ints size = allocate(table.count, 8)
    cdef Ints folded = allocate(table.count, 1)
    cdef uint32_t index
    cdef int column
    cdef uint32_t *written[6]
    arrays = [allocate(table.count, 4) for _ in range(6)]
    for column in range(6):
        written[column] = <uint32_t *>(<Ints>arrays[column]).data
    for index in range(table.count):
        (<uint64_t *>size.data)[index] = table.groups[index].size
        (<uint8_t *>folded.data)[index] = table.groups[index].folded != 0
        written[0][index] = table.groups[index].above
        written[1][index] = table.groups[index].label
        written[2][index] = table.groups[index].name
        written[3][index] = table.groups[index].count
        written[4][index] = table.groups[index].first
        written[5][index] = table.groups[index].last
    names = ("above", "label", "name", "count", "first", "last")
    return dict(zip(names, arrays, strict=True)) | {"size": size, "folded": folded}
