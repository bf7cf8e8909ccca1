"""A main thread that never waits."""

import lines

lines.serve_beside()
number = 0
while True:
    number += 1
