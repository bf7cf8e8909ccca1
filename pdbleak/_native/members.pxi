# Part of paths.pyx: questions to the forest and its groups.

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
