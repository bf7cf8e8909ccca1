"""A main thread that joins the one that serves."""

import lines

lines.serve_beside().join()
