import importlib.util
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import render_samples as samples
from hypothesis import given, settings
from hypothesis import strategies as st
from render_samples import branch, step, tree
from test_render_clean import HOSTILE

from pdbleak import child, render
from pdbleak.analyses.census import TypeCount
from pdbleak.analyses.cycles import Cycles, CycleShape
from pdbleak.command import CommandError
from pdbleak.render import picture
from pdbleak.render.acyclic import feedback
from pdbleak.render.diagram import MOST_BOXES
from pdbleak.render.dot import dot_lines
from pdbleak.render.graphs import diagram

SVG = "{http://www.w3.org/2000/svg}"
DRAWABLE = ["backrefs", "refs", "tree_lonely", "chain", "cycles"]
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="no Graphviz on the PATH")
needs_pygraphviz = pytest.mark.skipif(importlib.util.find_spec("pygraphviz") is None, reason="no pygraphviz")


def names(folder):
    return [path.name for path in folder.iterdir()]


def texts(svg):
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def boxes(svg):
    """Left, top, right and bottom of the rectangles but the paper's."""
    for rect in ET.fromstring(svg).iter(f"{SVG}rect"):
        if rect.get("width") != "100%":
            x, y, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
            yield x, y, x + width, y + height


def dense(seed, number):
    """A random tree with references back to what was seen."""
    choice = random.Random(seed)
    nodes = itertools.count(2)

    def grow(depth):
        node = next(nodes)
        children = [
            branch(choice.randint(1, node), "Seen", ".seen", note="seen above")
            if choice.random() < 0.2
            else grow(depth - 1)
            for _ in range(choice.randint(0, 4) if depth and node < number else 0)
        ]
        return branch(
            node, choice.choice(["dict", "app.User"]), f"[{node}]", *children, omitted=choice.choice([0, 4])
        )

    return tree(branch(1, "Top", "", *(grow(6) for _ in range(3))))


def test_equal_nodes_are_one_box_and_arrows_run_from_the_referrer():
    drawn = diagram(samples.BACKREFS)
    assert len([each for each in drawn.boxes if each.title == "broker.Channel"]) == 1
    arrows = {(arrow.source, arrow.target): arrow.labels for arrow in drawn.arrows}
    assert arrows["n2", "n1"] == (".channel",)
    assert arrows["n1", "n3"] == (".unacked",)
    assert {each.key: each.mood for each in drawn.boxes} | {"n1": "subject", "n7": "root", "m1": "stub"} == {
        each.key: each.mood for each in drawn.boxes
    }


def test_references_with_different_names_share_one_arrow():
    top = branch(1, "A", "", *(branch(2, "B", f".name{index}") for index in range(5)))
    (arrow,) = diagram(tree(top)).arrows
    assert arrow.labels == (".name0", ".name1", ".name2", "… 2 more")


def test_a_limit_on_boxes_is_announced_and_leaves_out_the_farthest(tmp_path):
    top = branch(1, "A", "", *(branch(number, "B", f"[{number}]") for number in range(2, MOST_BOXES + 60)))
    drawn = diagram(tree(top))
    assert len(drawn.boxes) == MOST_BOXES + 1
    assert drawn.boxes[-1].title == "… 59 more"
    assert drawn.note == "the picture leaves 59 objects out"
    answer = render.write(tree(top), f"{tmp_path}/x.svg")
    assert answer == f"{tmp_path}/x.svg (the picture leaves 59 objects out)"


@pytest.mark.parametrize("name", DRAWABLE)
@needs_dot
def test_graphviz_accepts_what_is_written(name, tmp_path):
    render.write(samples.SAMPLES[name], f"{tmp_path}/x.dot")
    answer = subprocess.run(["dot", "-Tsvg", f"{tmp_path}/x.dot"], capture_output=True, check=True)
    assert ET.fromstring(answer.stdout).tag == f"{SVG}svg"
    assert b"syntax" not in answer.stderr


@needs_dot
@settings(max_examples=15, deadline=None)
@given(st.lists(HOSTILE, min_size=5, max_size=5))
def test_graphviz_accepts_any_text(raw):
    name, form, reference, note, other = raw
    value = tree(branch(1, name, "", branch(2, other, reference, form=form, note=note), form=form))
    source = "\n".join(dot_lines(diagram(value))).encode()
    answer = subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, check=True)
    assert b"rror" not in answer.stderr
    assert ET.fromstring(answer.stdout).tag == f"{SVG}svg"


@needs_dot
def test_graphviz_reads_no_escape_in_a_name():
    value = tree(branch(1, r"\N&lt;", "", branch(2, "B", '\\G "&amp;" \\')))
    source = "\n".join(dot_lines(diagram(value))).encode()
    svg = subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, check=True).stdout
    assert r"\N&lt;" in texts(svg)
    assert any('\\G "&amp;" \\' in text.replace("\xa0", " ") for text in texts(svg))


@pytest.mark.parametrize("name", DRAWABLE)
def test_the_plain_layout_draws_every_box_and_name(name):
    drawn = diagram(samples.SAMPLES[name])
    svg = picture.DRAWERS["grandalf"](drawn, "png")
    assert svg.form == "svg"
    found = texts(svg.content)
    assert [each.title for each in drawn.boxes if each.title not in found] == []
    assert [label for arrow in drawn.arrows for label in arrow.labels if label not in found] == []
    assert len(list(boxes(svg.content))) == len(drawn.boxes)


@pytest.mark.parametrize("seed", range(6))
def test_no_box_of_the_plain_layout_lies_over_another(seed):
    svg = picture.DRAWERS["grandalf"](diagram(dense(seed, 20 * 2**seed)), "svg").content
    for one, other in itertools.combinations(boxes(svg), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@settings(max_examples=8, deadline=None)
@given(st.lists(HOSTILE, min_size=4, max_size=4))
def test_the_plain_layout_draws_any_text(raw):
    name, form, reference, other = raw
    value = tree(
        branch(1, name, "", branch(2, other, reference, form=form), branch(1, name, reference), form=form)
    )
    assert texts(picture.DRAWERS["grandalf"](diagram(value), "svg").content)


def test_a_ring_of_many_objects_is_drawn():
    ring = tuple(step(number, "Node", ".next") for number in range(90))
    shape = CycleShape(1, 0, 90, 90, (TypeCount("Node", 90, 90),), (), ring)
    assert picture.DRAWERS["grandalf"](diagram(Cycles("", (shape,), 1, 0, 0, "")), "svg").content


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=30))
def test_without_its_feedback_a_graph_has_no_cycle(pairs):
    ends = [(str(source), str(target)) for source, target in pairs]
    back = feedback([str(number) for number in range(8)], ends)
    rest = {number: end for number, end in enumerate(ends) if number not in back}
    left = {str(number) for number in range(8)}
    while free := {
        key for key in left if not any(target == key and source in left for source, target in rest.values())
    }:
        left -= free
    assert not left


@pytest.mark.parametrize(("form", "sign"), [("svg", b"<svg"), ("png", b"\x89PNG")])
@pytest.mark.parametrize(
    "drawer", [pytest.param("pygraphviz", marks=needs_pygraphviz), pytest.param("dot", marks=needs_dot)]
)
def test_graphviz_draws_both_forms(drawer, form, sign):
    drawn = picture.DRAWERS[drawer](diagram(samples.BACKREFS), form)
    assert drawn.form == form
    assert sign in drawn.content[:2000]


def only(monkeypatch, **drawers):
    monkeypatch.setattr(
        picture, "DRAWERS", {name: drawers.get(name, picture.DRAWERS[name]) for name in drawers}
    )


def absent(_diagram, _form):
    raise OSError(0, "not there")


def test_png_without_graphviz_is_an_svg_and_says_so(monkeypatch, tmp_path):
    only(monkeypatch, pygraphviz=absent, dot=absent, grandalf=picture.DRAWERS["grandalf"])
    answer = render.write(samples.CHAIN, f"{tmp_path}/x.png")
    assert answer == f"{tmp_path}/x.svg (SVG instead; PNG needs Graphviz: pip install 'pdbleak[pictures]')"
    assert names(tmp_path) == ["x.svg"]


def test_no_drawer_at_all_is_one_line(monkeypatch, tmp_path):
    only(monkeypatch, pygraphviz=absent, grandalf=absent)
    with pytest.raises(CommandError) as caught:
        render.write(samples.CHAIN, f"{tmp_path}/x.png")
    assert str(caught.value) == (
        "no picture: pygraphviz: not there; grandalf: not there; type -o with a .dot or .txt file"
    )
    assert names(tmp_path) == []


def slow_dot(tmp_path, monkeypatch):
    script = tmp_path / "bin" / "dot"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\nexec sleep 60\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    only(monkeypatch, dot=picture.DRAWERS["dot"], grandalf=picture.DRAWERS["grandalf"])


def test_a_drawer_that_takes_too_long_is_ended_and_the_next_one_draws(monkeypatch, tmp_path):
    slow_dot(tmp_path, monkeypatch)
    monkeypatch.setattr(picture, "SECONDS", 3.0)
    begun = time.monotonic()
    assert (
        render.write(samples.CHAIN, f"{tmp_path}/x.png")
        == f"{tmp_path}/x.svg (SVG instead; dot took over 3 s)"
    )
    assert time.monotonic() - begun < 30


def test_a_key_press_ends_the_drawing_and_leaves_no_file(monkeypatch, tmp_path):
    slow_dot(tmp_path, monkeypatch)
    previous = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(KeyboardInterrupt):
            render.write(samples.CHAIN, f"{tmp_path}/x.svg")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert names(tmp_path) == ["bin"]


def test_a_program_that_is_no_python_is_never_started_again(monkeypatch, tmp_path):
    server = tmp_path / "uwsgi"
    server.write_text("#!/bin/sh\ntouch started\n")
    server.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(server))
    monkeypatch.setattr(sys, "exec_prefix", str(tmp_path))
    with pytest.raises(OSError, match="does not know its Python interpreter"):
        child.interpreter()
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(OSError, match="does not know its Python interpreter"):
        child.interpreter()


def test_the_child_never_imports_a_module_of_the_program_by_mistake(monkeypatch, tmp_path):
    for name in ("json", "csv", "random", "html"):
        Path(tmp_path, f"{name}.py").write_text("raise SystemExit('wrong module')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert picture.DRAWERS["grandalf"](diagram(samples.CHAIN), "svg").content


def test_no_drawing_library_is_loaded_into_the_program(tmp_path):
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import render_samples as samples\n"
        "from pdbleak import render\n"
        f"list(render.lines(samples.BACKREFS)); early = set(sys.modules)\n"
        f"render.write(samples.BACKREFS, {str(tmp_path / 'x.svg')!r})\n"
        "print(*sorted({'csv', 'subprocess', 'json'} & early))\n"
        "print(*sorted({'grandalf', 'pygraphviz'} & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == ""
