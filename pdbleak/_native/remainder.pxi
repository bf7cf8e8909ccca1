# Part of weaken.pyx: what is still cyclic without some references.

def left_without(const uint32_t[::1] offsets, const uint32_t[::1] targets, const uint32_t[::1] members,
                 const uint32_t[::1] component, Py_ssize_t count, const uint32_t[::1] class_of,
                 const uint8_t[::1] removed):
    """Return (components, nodes) that are still on a cycle without the references of the removed classes.

    `component` numbers the graph's nodes from 1 to `count`. Tarjan 1972, without recursion. O(V + E).
    """
    cdef uint32_t nodes = <uint32_t>(offsets.shape[0] - 1)
    cdef Scratch memory = Scratch(<size_t>nodes * 20 + <size_t>count + 1)
    cdef uint32_t *order = <uint32_t *>memory.data
    cdef uint32_t *low = order + nodes
    cdef uint32_t *stack = low + nodes
    cdef uint32_t *calls = stack + nodes
    cdef uint32_t *edges = calls + nodes
    cdef uint8_t *cyclic = <uint8_t *>(edges + nodes)
    cdef uint32_t depth = 0
    cdef uint32_t height = 0
    cdef uint32_t clock = 0
    cdef uint32_t left = 0
    cdef uint32_t components = 0
    cdef uint32_t root, node, target, edge, size
    cdef uint64_t steps = 0
    cdef bint stopped = False
    cdef bint to_itself
    with nogil:
        for root in range(nodes):
            if order[root]:
                continue
            calls[0] = root
            edges[0] = offsets[root]
            depth = 1
            clock += 1
            order[root] = low[root] = clock
            stack[height] = root
            height += 1
            while depth:
                node = calls[depth - 1]
                steps += 1
                if not steps & POLL_MASK and interrupted():
                    stopped = True
                    break
                edge = edges[depth - 1]
                if edge < offsets[node + 1]:
                    target = targets[edge]
                    edges[depth - 1] += 1
                    if removed[class_of[edge]]:
                        continue
                    if not order[target]:
                        clock += 1
                        order[target] = low[target] = clock
                        stack[height] = target
                        height += 1
                        calls[depth] = target
                        edges[depth] = offsets[target]
                        depth += 1
                    elif low[target] != NOWHERE and order[target] < low[node]:
                        low[node] = order[target]
                    continue
                depth -= 1
                if low[node] == order[node]:
                    size = 0
                    while True:
                        height -= 1
                        size += 1
                        # A finished node is no way back any more.
                        low[stack[height]] = NOWHERE
                        if stack[height] == node:
                            break
                    to_itself = False
                    if size == 1:
                        for edge in range(offsets[node], offsets[node + 1]):
                            if targets[edge] == node and not removed[class_of[edge]]:
                                to_itself = True
                                break
                    if size > 1 or to_itself:
                        left += size
                        if not cyclic[component[members[node]]]:
                            cyclic[component[members[node]]] = 1
                            components += 1
                elif low[node] < low[calls[depth - 1]]:
                    low[calls[depth - 1]] = low[node]
            if stopped:
                break
    if stopped:
        raise KeyboardInterrupt
    return components, left
