"""A question in SQL is answered from what the file holds, in a process of its own."""

from __future__ import annotations

import importlib.util
import sys

import pytest
from test_saved_heap import small_file

from pdbleak.saved.asking import RefusedError, ask

# Not imported here: its objects would be in every other test's heap.
pytestmark = pytest.mark.skipif(importlib.util.find_spec("duckdb") is None, reason="no DuckDB")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "it's one.leak").write_bytes(small_file())
    (tmp_path / "two.leak").write_bytes(small_file(unexplained=[7, 0, 0, 0]))
    (tmp_path / "notes.txt").write_text("no heap")
    return tmp_path


def rows(sql, path, *, most=100):
    return list(ask(sql, str(path), most=most).rows)


def test_the_tables_hold_what_the_file_holds(folder):
    file = folder / "two.leak"
    large = 1 << 33
    questions = {
        "node, address, type, module, size, tracked, garbage, root, unexplained, form from objects": [
            (0, "0x10", "Channel", "__main__", 48, False, False, True, 7, None),
            (1, "0x20", "list", "builtins", 56, False, False, False, 0, "form"),
            (2, "0x10000000000", "Channel", "__main__", large, False, False, False, 0, None),
            (3, "0x10000000010", "list", "builtins", 28, False, False, False, 0, None),
        ],
        "node, verdict, reason from objects where verdict is not null": [
            (0, "finished", "a socket? that is closed")
        ],
        "src, dst, name from refs": [(0, 1, ".queue"), (0, 2, "[0]"), (1, 3, "[*]"), (2, 0, "")],
        "type, module, count, bytes from types": [
            ("Channel", "__main__", 2, 48 + large),
            ("list", "builtins", 2, 84),
        ],
        'frame, "function", path, line from frames': [(0, "serve", "broker.py", 3)],
        "node, frame, name from locals": [(0, 0, "conn")],
        "file, nodes, refs, made_by from files": [("two.leak", 4, 4, "pdbleak")],
    }
    for select, expected in questions.items():
        assert sorted(rows(f"select {select}", file)) == expected, select
    retained = rows("select node, retained, retained_objects from objects order by node", file)
    assert retained == [(0, 48 + 56 + large + 28, 4), (1, 84, 2), (2, large, 1), (3, 28, 1)]
    assert len(ask("select * from objects", str(file), most=9).columns) == 15


def test_a_folder_is_all_its_heaps(folder):
    found = ask("select file, sum(unexplained) from objects group by file order by file", str(folder), most=5)
    assert found.rows == (("it's one.leak", 1), ("two.leak", 7))
    assert found.files == 2


def test_more_rows_than_wanted_are_announced(folder):
    found = ask("select * from refs", str(folder), most=3)
    assert (len(found.rows), found.more) == (3, True)
    assert not ask("select * from refs", str(folder), most=8).more


def test_what_was_not_answered_says_why(folder, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for sql, path, says in (
        ("select 1 +", folder, "Parser Error"),
        ("select nothing from objects", folder, 'Referenced column "nothing" not found'),
        ("select 1", folder / "notes.txt", "it is no saved heap"),
        ("select 1", folder / "none.leak", "No such file or directory"),
        ("select 1", empty, "there is no file in it that ends in .leak"),
    ):
        with pytest.raises(RefusedError, match=says) as refused:
            rows(sql, path)
        assert "\n" not in str(refused.value)


def test_the_asking_process_loads_no_database(folder):
    rows("select 1", folder)
    assert "duckdb" not in sys.modules
