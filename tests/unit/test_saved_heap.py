"""A heap comes back from a file as it was; what is no such file is refused in one line."""

from __future__ import annotations

import errno
import gc
import io
import json
import os
import random
import stat
import time
import types
import zlib
from pathlib import Path

import pytest
from live import Slotted

from pdbleak import names
from pdbleak._native import managed_dict
from pdbleak._native.ints import from_values
from pdbleak.analyses.judging import Judgement, judge
from pdbleak.heap import GARBAGE, LARGE, ROOT, take_capture
from pdbleak.names.attributes import namespace_of
from pdbleak.saved import container, writing
from pdbleak.saved.container import BadFileError, Writer
from pdbleak.saved.reading import open_file, read_heap
from pdbleak.saved.telling import Teller
from pdbleak.saved.writing import write_heap

ROWS = ("offsets", "targets", "back_offsets", "back_targets")
COLUMNS = ("type_of", "sizes", "addresses", "flags", "unexplained")
# What another part of the test run may have changed between the capture and the comparison.
CHANGING = (dict, list, set, types.CellType, types.FrameType)
FACTS = ("types", "type_modules", "type_addresses", "large", "frames", "pause", "unseen", "dead")


class Holder:
    """A plain instance whose attributes lie inline: no other test gives its class more of them."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A heap, the objects to look at, and its file."""
    node = Holder()
    node.queue = [node, "first", ("second", 3), {"sql": node, 7: "seven", ("a", 1): "pair"}]
    node.slotted = Slotted()
    node.slotted.left = node.queue
    gc.collect()
    gc.disable()
    heap = take_capture()
    path = str(tmp_path_factory.mktemp("saved") / "heap.leak")
    write_heap(heap, path)
    yield heap, node, path
    gc.enable()


def test_every_column_comes_back(saved):
    heap, _, path = saved
    again, facts = read_heap(path)
    assert [name for name in ROWS if getattr(heap.graph, name) != getattr(again.graph, name)] == []
    assert [name for name in COLUMNS if getattr(heap, name) != getattr(again, name)] == []
    assert [name for name in FACTS if getattr(heap, name) != getattr(again, name)] == []
    assert all(mine == theirs for mine, theirs in zip(heap.frame_roots, again.frame_roots, strict=True))
    assert facts["nodes"] == heap.graph.nodes > 10_000
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


def test_forms_and_names_come_back(saved):
    heap, node, path = saved
    again, _ = read_heap(path)
    rng = random.Random(1)
    top = heap.node_of(node)
    chosen = [top, *heap.graph.referents(top), *(rng.randrange(heap.graph.nodes) for _ in range(1500))]
    compared = formed = 0
    for referrer, item in heap.resolve(chosen).items():
        row = heap.graph.referents(referrer)
        if type(item) is tuple and {*map(id, item)} != {heap.addresses[each] for each in row}:
            # Another one lies at the address by now.
            continue
        below = list(dict.fromkeys(row))[:8]
        theirs = again.resolve([referrer, *below])
        # The test run's own containers change meanwhile, and of a common type not each has its form.
        stored = names.form(theirs[referrer])
        if not stored.endswith((f"at {id(item):#x}>", " references")) and type(item) not in CHANGING:
            assert names.form(item) == stored
            formed += 1
        for referent, other in heap.resolve(below).items():
            if type(item) in CHANGING and referrer != top and item is not node.queue:
                continue
            # What a dict holds that C keeps elsewhere is the dict's reference; a live object tells both.
            apart = (managed_dict(item) is None and namespace_of(item)) or {}
            live = [
                name for name in names.reference_names(item, other) if name.removeprefix(".") not in apart
            ]
            told = set(names.reference_names(theirs[referrer], theirs[referent]))
            assert told >= set(live), (names.form(item), names.form(other))
            compared += 1
    assert compared > 1000 < formed * 3
    found = again.resolve([top, heap.node_of(node.queue), heap.node_of(node.queue[3])])
    assert names.reference_names(found[top], found[heap.node_of(node.queue)]) == [".queue"]
    by_key = names.reference_names(found[heap.node_of(node.queue[3])], found[top])
    assert by_key == ["['sql']"]


def test_a_full_disk_leaves_nothing(saved, tmp_path, monkeypatch):
    def fill(*_args, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writing, "tell_all", lambda heap, **_: Teller(heap, redact=True).told())
    monkeypatch.setattr(writing.Writer, "end", fill)
    with pytest.raises(OSError, match="No space left"):
        write_heap(saved[0], str(tmp_path / "full.leak"))
    assert list(tmp_path.iterdir()) == []


def test_what_is_redacted_has_no_value():
    secret = str(b"secret-word", "ascii")
    node = Holder()
    node.password = secret
    node.by_user = {secret: 1, "plainsecretname": 2, 3: secret}
    node.__dict__["also secret"] = [secret]
    plain = Holder()
    plain.token = secret
    heap = take_capture()
    texts = {}
    for redact in (False, True):
        teller = Teller(heap, redact=redact)
        for item in (node, node.__dict__, node.by_user, plain, node.by_user):
            teller.tell(heap.node_of(item), item)
        told = teller.told()
        texts[redact] = "\n".join([*told.texts, *told.forms.values()])
    # Whether an attribute is the dict's or the instance's reference depends on the version.
    words = ("secret-word", "plainsecretname", "also secret", "password", ".token")
    assert [word for word in words if word not in texts[False]] == []
    assert [word for word in words if word in texts[True]] == ["password", ".token"]


def small_file(**changed):
    """The columns of a heap of four nodes, some of them changed."""
    columns = {
        "degrees": (4, [2, 1, 1, 0]),
        "targets": (4, [1, 2, 3, 0]),
        "labels": (4, [2, 0x80000000, 1, 0]),
        "types": (4, [0, 1, 0, 1]),
        "sizes": (4, [48, 56, LARGE, 28]),
        "addresses": (8, [16, 32, 1 << 40, (1 << 40) + 16]),
        "flags": (1, [ROOT, 0, 0, 0]),
        "unexplained": (4, [1, 0, 0, 0]),
        "root_nodes": (4, [0]),
        "root_frames": (4, [0]),
        "root_locals": (4, [0]),
        "label_ends": (8, [0, 3, 9]),
        "label_texts": (1, list(b"[*].queue")),
        "form_nodes": (4, [1]),
        "form_ends": (8, [4]),
        "form_texts": (1, list(b"form")),
        "weak_nodes": (4, [0]),
        "weak_counts": (4, [2]),
        "state_nodes": (4, [0, 2]),
        "states": (4, [1, 0]),
        "wait_nodes": (4, [1, 3, 0]),
        "wait_owners": (4, [2, 3, 0]),
        "wait_numbers": (8, [7]),
        "orphan_nodes": (4, [0, 3]),
        "orphan_holders": (4, [1, 0]),
        "orphan_references": (4, [1, 5]),
    }
    described = {
        "type_texts": [["Channel", "__main__", 1024, True], ["list", "builtins", 2048, False]],
        "frames": [[1, "serve", "broker.py", 3, ["conn"]]],
        "large": [[2, 1 << 33]],
        "judgements": [["", ""], ["finished", "a socket\x1b that is closed"]],
        "waits": [["task", "f()", "g\x1b()", "", "Future", 1, 1], ["generator", "h()", "h()", "", "", 2, 0]],
        "threads": [
            [1, "main\x1b", 2, "thread", "f()", "f()", "", ""],
            [9, "", -1, "thread", "", "", "", ""],
        ],
        "orphans": {"holders": ["", "atexit\x1b"], "complete": False},
    }
    facts = {"nodes": 4, "references": 4, "pause": 0.1, "unseen": 0, "dead": 0, "made_by": "pdbleak"}
    out = io.BytesIO()
    writer = Writer(out)
    for name, (width, usual) in columns.items():
        values = changed.get(name, usual)
        if values is not None:
            writer.add(name, from_values(values, width), rising=name in ("addresses", "form_nodes"))
    for name, value in described.items():
        writer.add_json(name, changed.get(name, value))
    writer.end(facts | changed.get("facts", {}))
    return out.getvalue()


def load(tmp_path, data):
    path = tmp_path / "small.leak"
    path.write_bytes(data)
    return read_heap(str(path))[0]


def use(heap):
    """Ask what indexes with numbers of the file."""
    found = heap.resolve(range(heap.graph.nodes))
    for node, item in found.items():
        names.form(item)
        for below in heap.graph.referents(node):
            names.reference_names(item, found[below])
        list(heap.holders(node))
        heap.graph.retained(node, heap.roots)
    heap.graph.components()
    return heap.tally()


def test_a_small_file_is_a_heap(tmp_path):
    heap = load(tmp_path, small_file())
    assert use(heap) == {"Channel": (2, 48 + (1 << 33)), "list": (2, 84)}
    found = heap.resolve([0, 1, 2, 3])
    assert [names.form(each) for each in found.values()] == [
        "<Channel at 0x10>",
        "form",
        "<Channel at 0x10000000000>",
        "list of 0 references",
    ]
    assert names.reference_names(found[0], found[1]) == [".queue"]
    assert names.reference_names(found[0], found[2]) == ["[0]"]
    assert names.reference_names(found[2], found[0]) == ["(held by Channel in C)"]
    assert (names.is_finalized(found[0]), names.weak_references(found[0])) == (True, 2)
    assert judge(found[0]) == Judgement("finished", "a socket? that is closed")
    assert judge(found[1]) is judge(found[2]) is None
    waits, unowned = heap.recall.waits, heap.recall.unowned
    assert [(*where, each.nodes, each.owners, each.numbers) for where, each in waits.suspended.items()] == [
        ("task", "f()", "g?()", "", "Future", [1], [2], [7]),
        ("generator", "h()", "h()", "", "", [3, 0], [3, 0], []),
    ]
    assert [(each.name, each.node) for each in waits.threads] == [("main?", 2), ("thread 0x9", -1)]
    assert (unowned.found, unowned.complete) == ({0: ("atexit?", 1), 3: ("", 5)}, False)
    assert [(frame.function, name) for frame, name in heap.holders(0)] == [("serve", "conn")]


WAIT = ["generator", "f()", "f()", "", ""]
WRONG_WAITS = (
    *([], {}, 7, [[]], [[*WAIT, 3, "0"]], [[*WAIT, -1, 0], [*WAIT, 4, 1]], [[*WAIT, 2, 1]], [[*WAIT, 3, 0]]),
    *([[*WAIT, 4, 1]], [[*WAIT, 3, 4]], [[*WAIT, True, 1]], [[*WAIT, 1 << 70, 1]]),
)
WRONG_ORPHANS = ([], {}, {"holders": ["", ""]}, {"holders": [""], "complete": True}, {"complete": True})
WRONG = [
    *({"degrees": rows} for rows in ([2, 1, 1, 1], [2, 1, 0, 0], [2, 1, 1], [2**32 - 1, 2, 2, 1], None)),
    *({"targets": rows} for rows in ([1, 2, 3, 4], [1, 2, 3], [1, 2, 3, 2**32 - 1])),
    *({"labels": rows} for rows in ([3, 0, 0, 0], [0x7FFFFFFF, 0, 0, 0], [0])),
    *({"types": rows} for rows in ([0, 1, 0, 2], [0, 1, 0])),
    *({"sizes": rows} for rows in ([48, 56, 1, 28], [48, LARGE, LARGE, 28])),
    *({"addresses": rows} for rows in ([16, 16, 32, 48], [48, 32, 16, 8])),
    *({"flags": rows} for rows in ([0, 0, 0, 0], [ROOT, 0, 0, GARBAGE], [ROOT | GARBAGE, 0, 0, 0])),
    *({"root_nodes": rows} for rows in ([4], [0, 1])),
    {"root_frames": [1]},
    {"root_locals": [1]},
    *({"label_ends": rows} for rows in ([0, 3, 10], [3, 0, 9], [])),
    *({"form_nodes": rows} for rows in ([4], [1, 1])),
    {"form_ends": [5]},
    {"weak_nodes": [9]},
    *({"state_nodes": rows} for rows in ([9, 10], [2, 0], [0], [0, 1, 2, 3, 3], None)),
    *({"states": rows} for rows in ([2, 0], [1], None)),
    *({"judgements": rows} for rows in ([], [["", ""]], [[1, ""]] * 2, [["dead", "x"]] * 2, [[]] * 2, 7)),
    *({"wait_nodes": rows} for rows in ([1, 3, 9], [1, 3], [1, 3, 0, 2], None)),
    *({"wait_owners": rows} for rows in ([1, 3, 9], [1], None)),
    *({"wait_numbers": rows} for rows in ([], [1, 2], None)),
    *({"waits": rows} for rows in WRONG_WAITS),
    *(
        {"threads": rows}
        for rows in ({}, [[]], [[1, "m", 4, *"abcde"]], [[1, "m", -2, *"abcde"]], [[1, 2, 3]])
    ),
    *({"orphan_nodes": rows} for rows in ([0, 9], [3, 0], [0], None)),
    *({"orphan_holders": rows} for rows in ([0, 2], [0], None)),
    *({"orphan_references": rows} for rows in ([1], None)),
    *({"orphans": facts} for facts in WRONG_ORPHANS),
    *(
        {"large": rows}
        for rows in ([], [[2, 1]], [[9, 1 << 33]], [[2, "a"]], [[1, 1 << 33], [2, 1 << 33]], 7, [[]])
    ),
    *({"type_texts": rows} for rows in ([], [[]], [["a", "b", -1, True]] * 2, [[1, "b", 1, True]] * 2, {})),
    *({"frames": rows} for rows in ([], [[1, "f", "f", 1, [1]]], [[1, "f", "f", 1, 1]], [[]], None)),
    *(
        {"facts": {key: value}}
        for key in ("nodes", "references", "unseen")
        for value in (-1, 2**40, "4", None, 3.0)
    ),
    {"facts": {"pause": "long"}},
]


@pytest.mark.parametrize("changed", WRONG, ids=str)
def test_a_file_that_does_not_fit_together_is_refused(tmp_path, changed):
    with pytest.raises(BadFileError):
        load(tmp_path, small_file(**changed))


def test_random_columns_are_refused_or_a_heap(tmp_path):
    rng = random.Random(6)
    heaps = 0
    widths = {"degrees": 4, "targets": 4, "labels": 4, "types": 4, "sizes": 60, "flags": 8, "unexplained": 9}
    for _ in range(300):
        name = rng.choice(list(widths))
        changed = {name: [rng.randrange(widths[name]) for _ in range(4)]}
        if name == "sizes":
            changed["large"] = []
        try:
            heap = load(tmp_path, small_file(**changed))
        except BadFileError:
            continue
        heaps += 1
        use(heap)
    assert 30 < heaps < 270


def test_a_flipped_bit_or_a_cut_is_found(tmp_path):
    rng = random.Random(7)
    whole = small_file()
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << rng.randrange(8)
        with pytest.raises(BadFileError):
            load(tmp_path, flipped)
    for end in range(len(whole)):
        with pytest.raises(BadFileError):
            load(tmp_path, whole[:end])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\x7fELF" + bytes(2000), "no saved heap"),
        (os.urandom(5000), "no saved heap"),
        (container.HEAD.pack(container.MAGIC, 3) + bytes(500), "newer than this pdbleak"),
        (container.HEAD.pack(container.MAGIC, 0) + bytes(500), "damaged"),
        (container.HEAD.pack(container.MAGIC, 1), "damaged"),
    ],
    ids=["empty", "foreign", "noise", "newer", "older", "only a head"],
)
def test_what_is_no_saved_heap_is_told_so(tmp_path, data, says):
    with pytest.raises(BadFileError, match=says):
        load(tmp_path, data)


def test_a_small_file_cannot_become_big(tmp_path):
    def with_directory(columns, *, raw=None):
        facts = {"nodes": 1 << 31, "references": 1 << 31, "columns": columns}
        text = raw or json.dumps(facts).encode()
        packed = zlib.compress(text)
        head = container.HEAD.pack(container.MAGIC, 1)
        tail = container.TAIL.pack(len(head), len(packed), len(text), zlib.crc32(packed), container.END)
        return head + packed + tail

    huge = {"name": "degrees", "width": 4, "count": 1 << 31, "at": 17, "blocks": 1, "rising": False}
    began = time.monotonic()
    for data in (
        with_directory([huge]),
        with_directory([huge | {"blocks": 1 << 39, "count": 0}]),
        with_directory([], raw=b" " * (1 << 24)),
        with_directory([], raw=b"[" * 100_000),
    ):
        with pytest.raises(BadFileError):
            load(tmp_path, data)
    assert time.monotonic() - began < 5


def test_a_description_cannot_become_many_objects(tmp_path):
    text = b"[" + b"[]," * container.MOST_LISTS + b"[]]"
    began = time.monotonic()
    with pytest.raises(BadFileError, match="more in it than any"):
        container.parse(text)
    whole = small_file()
    head, padding = whole[: container.HEAD.size], os.urandom(1 << 18)
    facts = container.Reader(memoryview(whole)).facts
    long = {"name": "type_texts", "width": 1, "count": 1 << 27, "at": 16, "blocks": 1, "rising": False}
    others = [each for each in facts["columns"] if each["name"] != "type_texts"]
    directory = zlib.compress(json.dumps(facts | {"columns": [*others, long]}).encode())
    at = len(head) + len(padding)
    size = len(zlib.decompress(directory))
    tail = container.TAIL.pack(at, len(directory), size, zlib.crc32(directory), container.END)
    path = tmp_path / "long.leak"
    path.write_bytes(head + padding + directory + tail)
    reader = open_file(str(path))
    with pytest.raises(BadFileError, match="longer than any"):
        reader.read_json("type_texts")
    assert time.monotonic() - began < 5


def test_a_real_file_that_is_cut_or_has_a_flipped_bit_is_refused(saved, tmp_path):
    rng = random.Random(8)
    whole = Path(saved[2]).read_bytes()
    for percent in range(100):
        with pytest.raises(BadFileError):
            load(tmp_path, whole[: len(whole) * percent // 100])
    for _ in range(12):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        with pytest.raises(BadFileError):
            load(tmp_path, flipped)
