"""A library allocates a block per call and loses it: no Python object grows.

leaks: C heap
kept: bytes
issue: https://github.com/readbeyond/aeneas/pull/207
"""

import ctypes

from steady import rounds

library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.malloc.argtypes = [ctypes.c_size_t]
library.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]

for _ in rounds(60):
    library.memset(library.malloc(20_000), 1, 20_000)
