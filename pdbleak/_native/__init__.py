"""The compiled core: capture, graph algorithms, layouts; ints in, ints out, but for `objects`."""

from pdbleak._native.objects import (
    allocation,
    atexit_held,
    cached_names,
    elements_of,
    frame_locals,
    index_of,
    inline_values,
    is_key,
    keys_of,
    locals_at,
    managed_dict,
    referent_at,
    referents,
    run_state,
    variables_of,
    waiting_line,
)

__all__ = [
    "allocation",
    "atexit_held",
    "cached_names",
    "elements_of",
    "frame_locals",
    "index_of",
    "inline_values",
    "is_key",
    "keys_of",
    "locals_at",
    "managed_dict",
    "referent_at",
    "referents",
    "run_state",
    "variables_of",
    "waiting_line",
]
