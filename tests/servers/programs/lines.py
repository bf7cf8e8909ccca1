"""A service of lines: what comes in goes back; knows nothing of who waits for what meanwhile."""

from __future__ import annotations

import socket
import sys
import threading

PORT = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 0


def listen() -> socket.socket:
    """Return a socket that listens where the command line says."""
    return socket.create_server(("127.0.0.1", PORT), backlog=64)


def answer(connection: socket.socket) -> None:
    """Answer the lines of a connection until it is closed."""
    with connection, connection.makefile("rb") as lines:
        for line in lines:
            connection.sendall(line)


def serve(listening: socket.socket, task=answer) -> None:
    """Accept for ever, with a thread per connection."""
    while True:
        connection, _ = listening.accept()
        threading.Thread(target=task, args=(connection,), daemon=True).start()


def serve_beside(task=answer) -> threading.Thread:
    """Serve in a thread, and leave the main thread to the program."""
    thread = threading.Thread(target=serve, args=(listen(), task), daemon=True)
    thread.start()
    return thread


def serve_each(function) -> threading.Thread:
    """Serve in a thread; `function` makes a line's answer, in whatever way the program does its work."""

    def task(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            for line in lines:
                connection.sendall(function(line))

    return serve_beside(task)
