"""A main thread in `accept`."""

import lines

lines.serve(lines.listen())
