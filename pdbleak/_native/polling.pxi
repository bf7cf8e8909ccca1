# Shared by the algorithms: whether Ctrl+C was pressed, asked each POLL_MASK steps, since asking takes the GIL;
# and telling a terminal meanwhile how long the command runs.

from pdbleak._native.stop cimport asked_and_told

cdef enum:
    POLL_MASK = 0xFFFFF


cdef bint interrupted() noexcept nogil:
    cdef bint pressed
    with gil:
        pressed = asked_and_told()
    return pressed
