# Shared by the algorithms: whether Ctrl+C was pressed, asked each POLL_MASK steps, since asking takes the GIL.

from pdbleak._native.stop cimport asked

cdef enum:
    POLL_MASK = 0xFFFFF


cdef bint interrupted() noexcept nogil:
    cdef bint pressed
    with gil:
        pressed = asked()
    return pressed
