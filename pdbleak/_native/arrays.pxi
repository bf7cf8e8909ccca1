# Shared by the algorithms: arrays, prefetching, mixing bits, and looking for Ctrl+C.

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from pdbleak._native.ints cimport Ints, adopt, allocate

include "polling.pxi"
include "scratch.pxi"

cdef extern from "memory.h":
    void *leak_remap(void *memory, size_t old, size_t size) nogil
    void __builtin_prefetch(const void *address) nogil

cdef enum:
    # In place of a node: none.
    NOWHERE = 0xFFFFFFFF


cdef inline uint64_t mix(uint64_t value) noexcept nogil:
    # splitmix64's finaliser: Steele, Lea and Flood 2014.
    value = (value ^ value >> 30) * <uint64_t>0xBF58476D1CE4E5B9ULL
    value = (value ^ value >> 27) * <uint64_t>0x94D049BB133111EBULL
    return value ^ value >> 31
