"""Who comes in, and what they may send: refused or survived, and the program goes on."""

import json
import os
import socket
import stat
import textwrap
import time

import pytest
from daemons import PATIENCE

from pdbleak.remote import guest, place, server, wire

IDLE = "import time\nwhile True: time.sleep(0.01)\n"


@pytest.mark.parametrize(
    ("user", "owner", "wanted"), [(1000, 1000, True), (0, 1000, True), (1001, 1000, False), (1000, 0, False)]
)
def test_only_the_owner_and_root_get_in(user, owner, wanted):
    assert place.may_enter(user, owner) is wanted


def test_another_user_is_turned_away(monkeypatch):
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(place, "peer", lambda _: place.Peer(77, 12345))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    class Fake:
        owner, client = 1, None

        @staticmethod
        def accept():
            return ours

    server.Listener.let_in(Fake)
    assert b"another user's" in theirs.recv(1000)
    assert theirs.recv(1000) == b""
    assert Fake.client is None


def test_the_socket_is_its_owners_alone(program, tmp_path):
    daemon = program(IDLE)
    folder = tmp_path / "run" / "pdbleak"
    path = folder / f"{daemon.process}.sock"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("how", ["link", "open", "file"])
def test_a_place_that_is_not_private_is_not_taken(tmp_path, how):
    path = tmp_path / "pdbleak"
    if how == "link":
        (tmp_path / "other").mkdir(mode=0o700)
        path.symlink_to(tmp_path / "other")
    elif how == "open":
        path.mkdir()
        path.chmod(0o755)
    else:
        path.write_text("")
    with pytest.raises(place.PlaceError):
        place.open_directory(str(path))


def test_sockets_that_nobody_listens_on_are_swept(tmp_path):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "1.sock"))
    left.close()
    kept = socket.socket(socket.AF_UNIX)
    kept.bind(str(tmp_path / "2.sock"))
    kept.listen()
    place.sweep(str(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == ["2.sock"]
    kept.close()


BAD = {
    "garbage": b"GET / HTTP/1.1\r\n\r\n",
    "oversized": (wire.TO_PROGRAM + 1).to_bytes(4, "big") + b"x" * 100,
    "no JSON": b"\0\0\0\5hello",
    "no object": b"\0\0\0\4[{}]",
    "deep": (60_000).to_bytes(4, "big") + b"[" * 60_000,
    "another version": wire.frame({"pdbleak": 999}),
    "wrong types": wire.frame({"pdbleak": "1"}),
    "no hello": wire.frame({"line": "1 + 1"}),
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_message_is_refused(program, what):
    daemon = program(IDLE)
    raw = daemon.connect()
    raw.send_bytes(BAD[what])
    answer = raw.receive()
    assert answer is not None
    assert answer["bye"].startswith("refused: ")
    assert raw.receive() is None
    assert "2\n" in daemon.attach("1 + 1", "q").stdout


@pytest.mark.parametrize("what", ["garbage", "oversized", "no JSON"])
def test_it_is_refused_in_the_middle_of_a_session_as_well(program, what):
    daemon = program(IDLE)
    raw = daemon.connect()
    raw.greet()
    raw.until("ask")
    raw.send_bytes(BAD[what])
    while (message := raw.receive()) is not None:
        assert "bye" in message
    assert "2\n" in daemon.attach("1 + 1", "q").stdout


def test_a_message_that_does_not_come_to_its_end_is_given_up(program):
    assert guest.PATIENCE == 5
    daemon = program(
        f"import pdbleak.remote.guest as guest; guest.PATIENCE = 1.0; print('set', flush=True)\n{IDLE}"
    )
    daemon.wait_for("set")
    raw = daemon.connect()
    begun = time.monotonic()
    raw.send_bytes(wire.frame({"pdbleak": 1})[:-1])
    answer = raw.receive()
    assert answer == {"bye": "refused: the message did not come to its end"}
    assert 0.5 < time.monotonic() - begun < 4


def test_a_truncated_message_frees_the_place_at_once(program):
    daemon = program(IDLE)
    raw = daemon.connect()
    raw.send_bytes(b"\0\0\1\0{")
    raw.close()
    assert "2\n" in daemon.attach("1 + 1", "q").stdout


def test_of_ten_clients_one_gets_in_and_nine_hear_why(program):
    daemon = program(IDLE)
    clients = [daemon.connect() for _ in range(10)]
    answers = [client.greet() for client in clients]
    assert sum("hello" in answer for answer in answers) == 1
    refused = [answer["bye"] for answer in answers if "bye" in answer]
    assert len(refused) == 9
    assert all(
        f"process {daemon.process} already has a client (process {os.getpid()})" in each for each in refused
    )
    for client in clients:
        client.close()


def test_a_client_that_dies_in_the_middle_of_a_command_leaves_nothing(program):
    daemon = program(IDLE)
    daemon.attach("leak types", "q")
    before = daemon.tell()
    raw = daemon.connect()
    raw.greet()
    raw.until("ask")
    raw.send({"line": "[0 for _ in iter(int, 1)]"})
    time.sleep(0.1)
    raw.close()
    end = time.monotonic() + PATIENCE
    while any((after := daemon.tell())[name] != before[name] for name in ("threads", "fds")):
        assert time.monotonic() < end, (before, after)
    assert "2\n" in daemon.attach("1 + 1", "q").stdout


def test_ctrl_c_ends_the_line_and_not_the_session(program):
    raw = program(IDLE).connect()
    raw.greet()
    raw.until("ask")
    raw.send({"line": "[0 for _ in iter(int, 1)]"})
    time.sleep(0.1)
    raw.send({"interrupt": True})
    assert "--KeyboardInterrupt--" in raw.until("ask")[0]
    assert raw.line("1 + 1") == "2\n"


def test_ctrl_c_ends_a_capture(program):
    raw = program("heap = [[] for _ in range(6_000_000)]\n" + IDLE).connect()
    raw.greet()
    raw.until("ask")
    begun = time.monotonic()
    raw.send({"line": "leak fresh"})
    time.sleep(0.15)
    raw.send({"interrupt": True})
    text = raw.until("ask")[0]
    assert "--KeyboardInterrupt--" in text, text
    assert "captured" not in text
    assert raw.line("1 + 1") == "2\n"
    assert time.monotonic() - begun < PATIENCE


def test_ctrl_c_during_an_import_of_ours_comes_when_that_is_complete(program):
    source = """
        import sys, time
        class Slow:
            def find_spec(self, name, *_):
                if name != "pdbleak.session": return
                sys.stdout.write("importing\\n"); sys.stdout.flush()
                try:
                    for _ in range(50): time.sleep(0.01)
                except KeyboardInterrupt: sys.stdout.write("HALF-WAY\\n")
        sys.meta_path.insert(0, Slow())
    """
    daemon = program(textwrap.dedent(source) + IDLE)
    raw = daemon.connect()
    raw.greet()
    raw.until("ask")
    raw.send({"line": "leak fresh"})
    end = time.monotonic() + PATIENCE
    while "importing\n" not in daemon.said:
        assert time.monotonic() < end, daemon.said
        time.sleep(0.01)
    raw.send({"interrupt": True})
    text = raw.until("ask")[0]
    assert text.endswith("--KeyboardInterrupt--\n"), text
    assert "captured" in raw.line("leak fresh")
    assert "HALF-WAY\n" not in daemon.said


def test_any_text_goes_over_the_wire():
    message = {"out": "é ✓ \x00 \ud800 \U0001f600", "number": 3}
    parser = wire.Parser(1000)
    data = wire.frame(message) * 2
    found = [each for byte in data for each in parser.feed(bytes([byte]))]
    assert found == [message, message]
    assert json.loads(data[4 : len(data) // 2]) == message


PATCHED = """
import _thread, sys
start = _thread.start_new_thread
def patch(): _thread.start_new_thread = lambda *given: start(*given)
"""


def test_beside_greenlets_no_client_is_let_in(program):
    daemon = program(PATCHED + "patch()\nprint('patched', flush=True)\n" + IDLE)
    daemon.wait_for("patched")
    client = daemon.connect()
    assert "gevent or eventlet has replaced its threads" in client.greet()["bye"]
    client.close()
    assert daemon.tell()["threads"] == 2


def test_beside_greenlets_nothing_listens(monkeypatch):
    monkeypatch.setattr(server._thread, "start_new_thread", lambda *_: 1 / 0)
    with pytest.raises(place.PlaceError, match="gevent or eventlet has replaced its threads"):
        server.listen()
    assert server.HERE.listener is None
