# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The forest of shortest paths from the roots, and its merging into groups: ints in, ints out; knows no object.

Arrays are those of algorithms.pyx. All run without the GIL and end with KeyboardInterrupt on Ctrl+C.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from pdbleak._native.ints cimport Ints, adopt, allocate

include "polling.pxi"
include "scratch.pxi"

cdef extern from "memory.h":
    void *leak_remap(void *memory, size_t old, size_t size) nogil
    void __builtin_prefetch(const void *address) nogil

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
    NOWHERE = 0xFFFFFFFF
    NEVER = 2
    AHEAD = 16
    SMALL_MAPPING = 32
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
    # splitmix64's finaliser: Steele, Lea and Flood 2014.
    cdef uint64_t value = (<uint64_t>above << 32 | label) + name * <uint64_t>0x9E3779B97F4A7C15ULL
    value = (value ^ value >> 30) * <uint64_t>0xBF58476D1CE4E5B9ULL
    value = (value ^ value >> 27) * <uint64_t>0x94D049BB133111EBULL
    return value ^ value >> 31


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


def count_members(const uint32_t[::1] order, const uint32_t[::1] group, Py_ssize_t groups,
                  const uint32_t[::1] type_of, const uint32_t[::1] sizes, const uint8_t[::1] wanted):
    """Return (groups, counts, bytes, samples) of the nodes of wanted types, for the groups that have any. O(V).

    There are four samples per group, in the order of the forest, the first and the last among them; repeated
    where there are fewer members.
    """
    cdef Scratch memory = Scratch(<size_t>groups * 28 + 8)
    cdef uint64_t *size = <uint64_t *>memory.data
    cdef uint32_t *count = <uint32_t *>(size + groups)
    cdef uint32_t *sample = count + groups
    cdef uint32_t node, number, ordinal
    cdef Py_ssize_t index
    cdef Py_ssize_t found = 0
    cdef Ints which, counts, bytes_by_group, samples
    with nogil:
        for index in range(order.shape[0]):
            node = order[index]
            if not wanted[type_of[node]]:
                continue
            number = group[node]
            ordinal = count[number]
            if ordinal == 0:
                found += 1
                sample[4 * number] = sample[4 * number + 1] = sample[4 * number + 2] = node
            elif not ordinal & (ordinal - 1):
                # The members number 1, 2, 4, 8, …: in the end two that lie about a half and a quarter of the way.
                sample[4 * number + 1] = sample[4 * number + 2]
                sample[4 * number + 2] = node
            sample[4 * number + 3] = node
            count[number] = ordinal + 1
            size[number] += sizes[node]
    which = allocate(found, 4)
    counts = allocate(found, 4)
    bytes_by_group = allocate(found, 8)
    samples = allocate(found * 4, 4)
    found = 0
    for index in range(groups):
        if count[index]:
            (<uint32_t *>which.data)[found] = <uint32_t>index
            (<uint32_t *>counts.data)[found] = count[index]
            (<uint64_t *>bytes_by_group.data)[found] = size[index]
            for ordinal in range(4):
                (<uint32_t *>samples.data)[4 * found + ordinal] = sample[4 * index + ordinal]
            found += 1
    return which, counts, bytes_by_group, samples


def lineage(const uint32_t[::1] parents, const uint32_t[::1] group, uint32_t node, list path):
    """Return one of a node's ancestors for each group of its path, the highest; the node itself for the last.

    `path` has the groups from the root's down to the node's own. O(length of the node's path).
    """
    cdef uint32_t current = node
    cdef dict places = {number: index for index, number in enumerate(path)}
    cdef list found = [node] * len(path)
    cdef uint32_t last = NOWHERE
    while True:
        if group[current] != last:
            last = group[current]
            place = places.get(last)
        if place is not None:
            found[place] = current
        if parents[current] == current:
            break
        current = parents[current]
    return found


def leads_through(const uint32_t[::1] parents, uint32_t node, const uint8_t[::1] marks):
    """Tell whether a node's path leads through a marked node. O(length of the path)."""
    cdef bint found
    with nogil:
        while not marks[node] and parents[node] != node and parents[node] != NOWHERE:
            node = parents[node]
        found = marks[node]
    return found


def other_holders(const uint32_t[::1] back_offsets, const uint32_t[::1] back_targets, const uint32_t[::1] parents,
                  const uint32_t[::1] group, const uint32_t[::1] members, uint32_t wanted,
                  const uint32_t[::1] holders, Py_ssize_t groups, const uint8_t[::1] alive):
    """Return [(count, group, referrer, member, referrer, member)] of what else refers to members of one group.

    How many of the members some other nodes refer to, by their group in `holders`: those that live without
    the members (marked in `alive`) and are not in the groups of the members' parents; most first, with the
    first and the last example. O(references).
    """
    cdef Scratch memory = Scratch(<size_t>groups * 28 + 8)
    cdef uint32_t *count = <uint32_t *>memory.data
    cdef uint32_t *stamp = count + groups
    cdef uint32_t *referrer = stamp + groups
    cdef uint32_t *referent = referrer + groups
    cdef uint32_t *last_referrer = referent + groups
    cdef uint32_t *last_referent = last_referrer + groups
    cdef uint32_t *touched = last_referent + groups
    cdef uint32_t used = 0
    cdef uint32_t node, above, number
    cdef Py_ssize_t index, edge
    with nogil:
        for index in range(members.shape[0]):
            node = members[index]
            if group[node] != wanted:
                continue
            for edge in range(back_offsets[node], back_offsets[node + 1]):
                above = back_targets[edge]
                number = holders[above]
                if not alive[above] or number == NOWHERE or stamp[number] == node + 1:
                    continue
                if parents[node] != node and number == holders[parents[node]]:
                    continue
                stamp[number] = node + 1
                if not count[number]:
                    touched[used] = number
                    used += 1
                    referrer[number] = above
                    referent[number] = node
                count[number] += 1
                last_referrer[number] = above
                last_referent[number] = node
    found = []
    for index in range(used):
        number = touched[index]
        found.append((count[number], number, referrer[number], referent[number],
                      last_referrer[number], last_referent[number]))
    found.sort(key=lambda each: (-each[0], each[1]))
    return found


def weigh(const uint8_t[::1] marks, const uint32_t[::1] sizes):
    """Return (count, bytes) of the marked nodes. O(V)."""
    cdef Py_ssize_t node
    cdef uint64_t count = 0
    cdef uint64_t size = 0
    with nogil:
        for node in range(marks.shape[0]):
            if marks[node]:
                count += 1
                size += sizes[node]
    return count, size


def mark_members(const uint32_t[::1] members, const uint32_t[::1] group, const uint8_t[::1] wanted):
    """Return a byte per node: 1 for the members whose group is marked in `wanted`. O(V)."""
    cdef Ints marks = allocate(group.shape[0], 1)
    cdef uint8_t *mark = <uint8_t *>marks.data
    cdef Py_ssize_t index
    with nogil:
        for index in range(members.shape[0]):
            if group[members[index]] != NOWHERE and wanted[group[members[index]]]:
                mark[members[index]] = 1
    return marks


def sum_groups(const uint32_t[::1] order, const uint32_t[::1] group, Py_ssize_t groups,
               const uint32_t[::1] offsets, const uint64_t[::1] addresses):
    """Return (references, fingerprints) by group: its members' references, and who they are. O(V).

    A fingerprint is the sum of the members' mixed addresses: as many other members have another one.
    """
    cdef Ints counted = allocate(groups, 8)
    cdef Ints summed = allocate(groups, 8)
    cdef uint64_t *references = <uint64_t *>counted.data
    cdef uint64_t *fingerprint = <uint64_t *>summed.data
    cdef uint32_t node, number
    cdef Py_ssize_t index
    with nogil:
        for index in range(groups):
            references[index] = fingerprint[index] = 0
        for index in range(order.shape[0]):
            node = order[index]
            number = group[node]
            references[number] += offsets[node + 1] - offsets[node]
            fingerprint[number] += mixed(<uint32_t>(addresses[node] >> 32), <uint32_t>addresses[node], 0)
    return counted, summed
