cdef bint asked() noexcept
cdef void tell(int progress, const char *text, size_t length) noexcept
