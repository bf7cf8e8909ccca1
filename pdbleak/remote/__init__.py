"""A prompt in a process that is already running, over a socket; imports nothing by itself."""
