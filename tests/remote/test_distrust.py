"""What a hostile process may send to a client: it writes no file and moves no cursor."""

import socket

import pytest

from pdbleak.remote import client, distrust, wire


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ("\x1b[31mred\x1b[0m\tand\r\n", "\x1b[31mred\x1b[0m\tand\r\n"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x1b[2J\x1b[H", "\\x1b[2J\\x1b[H"),
        ("\x9b31m\x08\x7f", "\\x9b31m\\x08\\x7f"),
        ("\u202eabc", "\\u202eabc"),
        ("é ✓", "é ✓"),
    ],
)
def test_text_only_writes_and_colours(sent, wanted):
    assert distrust.harmless(sent) == wanted


def test_last_words_are_one_line():
    assert distrust.one_line("a\nb\x1b[31m\n") == "a\\nb\\x1b[31m"


@pytest.mark.parametrize(
    ("name", "line", "wanted"),
    [
        ("x.json", "leak types -o x.json", True),
        ("x.json", "leak types -o x.json 5", True),
        ("x.json", "leak types --output=x.json", True),
        ("a/b.svg", "leak backrefs C -o a/b.png", True),
        ("out", "leak save out", True),
        ("x.json", "leak types", False),
        ("types", "leak types.x", False),
        ("/root/.bashrc", "leak types -o x.json", False),
        ("x.json.sh", "leak types -o x.json", False),
        ("", "leak types -o x.json", False),
        (".", "leak types -o .", False),
        ("/.", "leak types -o /", False),
    ],
)
def test_a_file_is_taken_under_a_name_that_was_typed(name, line, wanted):
    assert distrust.was_typed(name, line) is wanted


class Socket:
    """A connection that keeps what is sent."""

    def __init__(self):
        self.sent = []

    def sendall(self, data):
        self.sent += wire.Parser(wire.TO_CLIENT).feed(data)


@pytest.mark.parametrize("ends", ["the connection", "another file"])
def test_a_file_that_does_not_come_to_its_end_leaves_no_draft(ends, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ours, theirs = socket.socketpair()
    session = client.Client(ours)
    session.typed = "leak types -o wanted.json"
    theirs.sendall(wire.frame({"file": "wanted.json"}) + wire.frame({"piece": "e30="}))
    if ends == "another file":
        theirs.sendall(wire.frame({"file": "wanted.json"}) + wire.frame({"end": True}))
    theirs.close()
    session.read()
    ours.close()
    assert [each.name for each in tmp_path.iterdir()] == (["wanted.json"] if "file" in ends else [])


def test_a_process_that_does_not_answer_is_left_at_the_third_press(capsys):
    session = client.Client(Socket())

    class Silent:
        @staticmethod
        def get():
            raise KeyboardInterrupt

    session.inbox = Silent
    with pytest.raises(KeyboardInterrupt):
        session.wait()
    assert session.connection.sent == [{"interrupt": True}] * 2
    assert capsys.readouterr().out.strip() == "the process does not answer; Ctrl+C once more leaves it alone"


def test_a_file_that_nobody_asked_for_is_not_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    session = client.Client(Socket())
    session.typed = "leak types -o wanted.json"
    for name in ("other.json", str(tmp_path / "wanted.json"), "../wanted.json", "wanted.json"):
        session.take({"file": name})
        session.take({"piece": "e30="})
        session.take({"end": True})
    assert [next(iter(each)) for each in session.connection.sent] == [
        "refused",
        "refused",
        "refused",
        "placed",
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["wanted.json"]
