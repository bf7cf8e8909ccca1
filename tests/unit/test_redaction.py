"""A redacted file has no value of the program in it, wherever the program keeps it."""

from __future__ import annotations

import json
import re

from live import run

from pdbleak.commands import COMMANDS
from pdbleak.commands.report import report
from pdbleak.render.report import report_lines
from pdbleak.saved.container import Reader
from pdbleak.saved.reading import read_heap
from pdbleak.saved.snapshot import write_snapshot
from pdbleak.session import Session

SECRET = "hunter2secret"
PROGRAM = """
import collections, functools, os, sys, threading, types, weakref
import pdbleak
from pdbleak.heap import take_capture
from pdbleak.saved.snapshot import write_snapshot
from pdbleak.saved.writing import write_heap

folder, secret = {folder!r}, "".join(["hunter2", "secret"])
sys.argv.append(secret)
os.environ["PASSWORD"] = secret
raw = secret.encode()

class Account:
    def __init__(self):
        self.password = secret
        self.by_user = {{secret: 1, (secret, 2): [secret], raw: {{secret}}, "plain": secret + "2"}}
        self.__dict__["key " + secret] = 5

class Slotted:
    __slots__ = ("token",)

def closing(argument=secret):
    return lambda: (argument, secret)

slotted = Slotted()
slotted.token = secret
held = weakref.WeakKeyDictionary({{Account: secret}})
things = [
    Account(), slotted, held, closing(), ValueError(secret), functools.partial(print, secret, end=secret),
    collections.OrderedDict({{secret: secret}}), collections.defaultdict(list, {{secret: [1]}}),
    collections.deque([secret]), collections.ChainMap({{secret: 1}}), types.MappingProxyType({{secret: 1}}),
    bytearray(raw), memoryview(raw), threading.Thread(name=secret), (n + secret for n in "ab"),
    threading.local(), collections.Counter([secret]), functools.lru_cache(lambda each: each),
]
things[-3].__dict__["k " + secret] = secret
things[-1](secret)

def serve(conn, *, again=2):
    if again:
        return serve(conn + "x", again=again - 1)
    heap = take_capture()
    write_heap(heap, f"{{folder}}/whole.leak")
    write_heap(heap, f"{{folder}}/redacted.leak", redact=True)
    write_snapshot(heap, f"{{folder}}/redacted.heapsnapshot", redact=True)
    pdbleak.leak(f"report {{folder}}/whole.html")
    pdbleak.leak(f"report {{folder}}/redacted.html --redact")

serve(secret)
"""


def again_as_page(heap, folder):
    """Write a redacted page over a heap that was saved whole; return what is on it."""
    session = Session(COMMANDS, saved=heap)
    value = report(session, subject=f"{folder}/page.html", redact=True)
    return "\n".join(report_lines(value)).encode()


def test_no_value_is_in_a_redacted_file(tmp_path):
    run(PROGRAM.format(folder=str(tmp_path)))
    held = {}
    for name in ("redacted", "whole"):
        reader = Reader(memoryview((tmp_path / f"{name}.leak").read_bytes()))
        parts = [json.dumps(reader.facts).encode()]
        texts = [each for each, about in reader.columns.items() if about["width"] == 1]
        parts += [bytes(memoryview(reader.read(each, 1))) for each in texts]
        held[name] = b"\n".join(parts)
    # A whole file may still be made into a snapshot for somebody else.
    again, _ = read_heap(str(tmp_path / "whole.leak"))
    write_snapshot(again, str(tmp_path / "again.heapsnapshot"), redact=True)
    held["redacted snapshot of a file"] = (tmp_path / "again.heapsnapshot").read_bytes()
    held["redacted snapshot"] = (tmp_path / "redacted.heapsnapshot").read_bytes()
    page = again_as_page(again, tmp_path)
    for name, text in held.items():
        places = [text[max(0, at.start() - 60) : at.end() + 60] for at in re.finditer(SECRET.encode(), text)]
        if "redacted" in name:
            assert places == []
        else:
            assert len(places) > 20
        # Of a file that was whole it is not known which keys are attributes' names.
        attributes = () if name.endswith("of a file") else (b"password", b"by_user")
        for kept in (b"token", b"Account", b"conn", *attributes):
            assert kept in text
    assert SECRET.encode() in (tmp_path / "whole.html").read_bytes()
    for text in (page, (tmp_path / "redacted.html").read_bytes()):
        assert b"Account" in text
        assert SECRET.encode() not in text
