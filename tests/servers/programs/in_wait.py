"""A main thread that waits for an event nobody sets."""

import threading

import lines

lines.serve_beside()
threading.Event().wait()
