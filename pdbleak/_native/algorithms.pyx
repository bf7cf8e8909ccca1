# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Algorithms on the heap graph: ints in, ints out; knows no object.

Arrays of a graph are compressed rows: node v's references are targets[offsets[v]] up to
targets[offsets[v + 1] - 1]. All run without the GIL and end with KeyboardInterrupt on Ctrl+C.
"""

include "arrays.pxi"
include "reaching.pxi"
include "components.pxi"
include "tallies.pxi"
include "addresses.pxi"
