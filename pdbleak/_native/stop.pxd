cdef bint asked() noexcept
cdef bint asked_and_told() noexcept
cdef void tell(int progress, const char *text, size_t length) noexcept
