import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import render_samples as samples

from pdbleak import render
from pdbleak.analyses.census import Census, TypeCount
from pdbleak.analyses.tree import Branch
from pdbleak.command import CommandError


def names(folder):
    return [path.name for path in folder.iterdir()]


def loaded(value):
    return json.loads("\n".join(render.json_lines(value)))


def plain(value):
    """The same in JSON's own types, by another way."""
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if hasattr(value, "__slots__"):
        return {
            name: f"{getattr(value, name):#x}" if name.endswith("address") else plain(getattr(value, name))
            for name in value.__slots__
        }
    return value


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_json_has_every_field_of_a_result(name):
    value = samples.SAMPLES[name]
    document = loaded(value)
    assert next(iter(document)) == "kind"
    assert document.pop("kind").replace("_", "") == type(value).__name__.lower()
    assert document == plain(value)


def test_json_keys_are_stable():
    assert list(render.json_lines(Census("Foo", "count", (TypeCount("Föo\n", 1, 2),), 1, 2, 0, "c"))) == [
        "{",
        '  "kind": "census",',
        '  "subject": "Foo",',
        '  "by": "count",',
        '  "rows": [',
        "    {",
        r'      "type": "F\u00f6o\n",',
        '      "count": 1,',
        '      "size": 2',
        "    }",
        "  ],",
        '  "objects": 1,',
        '  "size": 2,',
        '  "omitted": 0,',
        '  "next": "c"',
        "}",
    ]


def test_a_tree_deeper_than_the_recursion_limit_becomes_json():
    deep = samples.branch(0, "Leaf")
    for _ in range(5_000):
        deep = samples.branch(1, "Node", ".next", deep)
    assert sum('"node"' in line for line in render.json_lines(samples.tree(deep))) == 5_001


def test_csv_has_every_row_with_bare_numbers(tmp_path):
    assert render.write(samples.CENSUS, f"{tmp_path}/census.csv") == f"{tmp_path}/census.csv"
    with (tmp_path / "census.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [TypeCount(row["type"], int(row["count"]), int(row["size"])) for row in rows] == list(
        samples.CENSUS.rows
    )


def test_csv_text_is_one_line_and_no_formula(tmp_path):
    rows = tuple(TypeCount(name, 1, 1) for name in ("=SUM(A1)", 'a,"b"\nc', "-5", "\udcff"))
    render.write(Census("", "count", rows, 4, 4, 0, ""), f"{tmp_path}/x.csv")
    text = (tmp_path / "x.csv").read_text(encoding="utf-8")
    assert text.splitlines() == [
        "type,count,size",
        "'=SUM(A1),1,1",
        r'"a,""b""\nc",1,1',
        "-5,1,1",
        r"\udcff,1,1",
    ]


def test_nested_rows_become_one_cell(tmp_path):
    render.write(samples.CYCLES, f"{tmp_path}/x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["members"] == "dict x2, broker.Connection x1, broker.Channel x1"
    assert first["example"] == ".connection broker.Connection, .channels dict, ['7'] broker.Channel"


def test_csv_of_no_rows_has_its_titles(tmp_path):
    render.write(samples.NO_GROWTH, f"{tmp_path}/x.csv")
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == "type,count,count_delta,size,size_delta\n"


def test_markdown_is_a_table_for_people(tmp_path):
    rows = (TypeCount("dict", 12_345, 2_048), TypeCount("a|b*<c>", 1, 1))
    render.write(Census("", "count", rows, 4, 4, 7, ""), f"{tmp_path}/x.md")
    assert (tmp_path / "x.md").read_text(encoding="utf-8").splitlines() == [
        "| type | count | size |",
        "| --- | --: | --: |",
        "| dict | 12,345 | 2.0 KiB |",
        r"| a\|b\*\<c\> | 1 | 1 B |",
        "",
        "… 7 more rows",
    ]


def test_txt_is_the_text_without_colour(tmp_path):
    render.write(samples.BACKREFS, f"{tmp_path}/x.txt", width=100)
    assert (tmp_path / "x.txt").read_text(encoding="utf-8").splitlines() == list(
        render.lines(samples.BACKREFS, width=100)
    )


def test_lone_surrogates_do_not_stop_a_write(tmp_path):
    value = samples.tree(
        Branch(1, 1, "\udcff", 1, "\ud800", "\udfff", 1, "", 0, ()), subject="\udcff", next="\udcff"
    )
    for form in ("json", "txt", "dot"):
        render.write(value, f"{tmp_path}/x.{form}")
        assert (tmp_path / f"x.{form}").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "path", "message"),
    [
        (
            "census",
            "x.foo",
            "cannot tell a form from 'x.foo'; type a file name that ends in .json, .csv, .txt, ",
        ),
        ("census", "x", "cannot tell a form from 'x'; type a file name that ends in .json, "),
        (
            "census",
            "x.svg",
            "this answer is no graph to draw; type -o with a .json or .txt file, or draw leak ",
        ),
        ("census", "x.dot", "this answer is no graph to draw; "),
        (
            "portrait",
            "x.csv",
            "this answer has no rows for .csv; type -o with a file that ends in .json or .txt",
        ),
        (
            "backrefs",
            "x.md",
            "this answer has no rows for .md; type -o with a file that ends in .json, .txt, .dot",
        ),
        ("tree_empty", "x.svg", "nothing to draw: no live objects of type 'Foo'; type leak types 20"),
        ("chain_none", "x.png", "nothing to draw: no root reaches it"),
        ("cycles_none", "x.dot", "nothing to draw: no cycles; "),
        ("census", "none/x.json", "cannot write 'none/x.json': there is no directory"),
        (
            "census",
            "dir.json",
            "cannot write 'dir.json': it is a directory; type -o with a path that can be written",
        ),
        ("census", "a\0b.json", "cannot write 'a\\x00b.json': "),
        ("census", "a" * 300 + ".json", "cannot write 'aaa"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_no_file(name, path, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("dir.json").mkdir()
    with pytest.raises(CommandError) as caught:
        render.write(samples.SAMPLES[name], path)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == ["dir.json"]


def test_an_old_file_survives_a_write_that_fails_half_way(tmp_path):
    # a limit on the size of files stops a write as a full disk does, with another number
    target = tmp_path / "x.json"
    target.write_text("old")
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r}); import render_samples as samples\n"
        "from pdbleak import render, command\n"
        "value = samples.Opinion('x', 'x', '', 'x' * 100_000, '', '')\n"
        f"try: render.write(value, {str(target)!r})\n"
        "except command.CommandError as error: print(error)\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (
        answer.stdout
        == f"cannot write {str(target)!r}: File too large; type -o with a path that can be written\n"
    )
    assert target.read_text() == "old"
    assert names(tmp_path) == ["x.json"]


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path):
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    assert render.write(samples.CENSUS, f"{tmp_path}/link.json") == f"{tmp_path}/link.json"
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["kind"] == "census"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path):
    target = tmp_path / "x.json"
    target.write_text("old")
    target.chmod(0o444)
    with pytest.raises(CommandError, match="permission denied; type -o"):
        render.write(samples.CENSUS, str(target))
    assert target.read_text() == "old"


def test_the_file_has_the_permissions_of_any_new_file(tmp_path):
    plain_file = tmp_path / "plain"
    plain_file.touch()
    render.write(samples.CENSUS, f"{tmp_path}/x.json")
    assert (tmp_path / "x.json").stat().st_mode == plain_file.stat().st_mode
