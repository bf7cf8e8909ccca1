"""A main thread that sleeps while a thread serves."""

import time

import lines

lines.serve_beside()
while True:
    time.sleep(3600)
