"""The matrix would see it: a trace function, a dropped connection, another answer, other last words."""

from __future__ import annotations

import socket
import threading

from client import CONNECTIONS, Load
from daemon import Daemon
from kinds import BY_NAME, Kind
from matrix import UNTRACED
from words import TRACEBACK, last_words

LINES = BY_NAME["time.sleep"]


def test_a_trace_function_is_seen(tmp_path):
    script = "import runpy, sys; sys.settrace(lambda *_: None); sys.argv.pop(0); runpy.run_path(sys.argv[0])"
    for traced in ([], ["-c", script]):
        with Daemon(LINES, tmp_path, traced) as daemon:
            assert daemon.wait_until_it_serves()
            told = daemon.ask_for_trace()
            assert (told == UNTRACED) is not bool(traced), told


def serve(answer: bytes) -> int:
    """Serve every connection one answer, which may be no answer, and close it."""
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(100)
                connection.sendall(answer)

    threading.Thread(target=accept, daemon=True).start()
    return listening.getsockname()[1]


def test_a_connection_that_is_closed_without_a_word_is_dropped():
    for kind in (LINES, Kind("", (), "http")):
        with Load(kind, serve(b"")) as load:
            assert not load.wait_for_round(0.5).complete
            assert load.stop().dropped >= CONNECTIONS


def test_another_answer_is_a_failure():
    with Load(LINES, serve(b"something else\n")) as load:
        assert load.wait_for_round(0.5).failed >= CONNECTIONS


def test_last_words_compare_without_numbers_frames_and_order():
    lines = ["^Cpdbleak: a line", "worker 12 ends", TRACEBACK, "  File", "KeyboardInterrupt", "by chance"]
    assert last_words("\n".join(lines), "chance") == ["KeyboardInterrupt", "worker N ends"]
