"""The house rules that a machine can check: layers, module length, and that every command is complete."""

import ast
import re
import tomllib
from pathlib import Path

import pdbleak

HERE = Path(__file__).resolve().parents[2] / "pdbleak"
PACKAGE = HERE if HERE.is_dir() else Path(pdbleak.__file__).parent

# What a module or package may import of pdbleak, beside itself. Lower layers know nothing of higher ones.
LAYERS = {
    "_native": set(),
    "limits": set(),
    "graph": {"_native"},
    "remembered": set(),
    "heap": {"_native", "graph", "recovery", "remembered"},
    "recovery": {"_native"},
    "names": {"_native", "remembered"},
    "patterns": set(),
    "analyses": {"_native", "graph", "heap", "limits", "names", "patterns"},
    "marks": {"command"},
    "standing": set(),
    "session": {"analyses", "heap", "marks", "names", "command", "limits", "standing"},
    "saved": {"_native", "analyses", "child", "graph", "heap", "names", "patterns", "remembered"},
    "child": set(),
    "command": set(),
    "subject": {"command", "heap", "patterns", "session"},
    "commands": {"analyses", "command", "limits", "patterns", "saved", "session", "subject"},
    "render": {"analyses", "child", "command", "patterns"},
    "line": {"command", "patterns"},
    "completion": {"command"},
}
# The seam with the debugger and the process: only plugin imports commands and render.
SEAM = {path.stem for path in PACKAGE.glob("*.py")} - LAYERS.keys()
LONGEST = {".py": 400, ".pyx": 800, ".pxi": 800, ".h": 800}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py"))


def part_of(path):
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imported_parts(path):
    """The parts of pdbleak that a module imports while running, with whether inside of a function."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        node.parent = getattr(node, "parent", None)
        for child in ast.iter_child_nodes(node):
            child.parent = node
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pdbleak":
            names = node.module.split(".")[1:]
            parts = [names[0]] if names else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            parts = [alias.name.split(".")[1] for alias in node.names if alias.name.startswith("pdbleak.")]
        else:
            continue
        if not is_for_types_only(node):
            yield from parts


def is_for_types_only(node):
    while node is not None:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return True
        node = node.parent
    return False


def test_imports_run_one_way():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {part}"
        for path in modules()
        if part_of(path) in LAYERS
        for part in imported_parts(path)
        if part not in LAYERS[part_of(path)] | {part_of(path)} and not part.startswith("__")
    ]
    assert wrong == []


def test_only_the_plugin_imports_both_commands_and_render():
    both = [path.stem for path in modules() if {"commands", "render"} <= set(imported_parts(path))]
    assert both == ["plugin"]


def test_every_layer_of_the_rule_exists():
    parts = {part_of(path) for path in modules()}
    assert LAYERS.keys() <= parts, "the rule names a module that is gone"


def test_no_pattern_goes_through_the_librarys_cache():
    # What asks from another process has no program beside it.
    ours = {path for path in modules() if part_of(path) not in ("patterns", "remote")}
    assert [path.name for path in ours if re.search(r"\bre\.(?!escape|[A-Z])\w+\(", path.read_text())] == []


def test_no_module_outgrows_its_limit():
    long = {
        str(path.relative_to(PACKAGE)): lines
        for path in PACKAGE.rglob("*")
        if path.suffix in LONGEST and (lines := len(path.read_text().splitlines())) > LONGEST[path.suffix]
    }
    assert long == {}


def test_every_module_says_first_what_it_is():
    silent = [
        str(path.relative_to(PACKAGE))
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_every_package_is_in_the_wheel():
    folders = {".".join(path.parent.relative_to(HERE.parent).parts) for path in HERE.rglob("__init__.py")}
    with (HERE.parent / "pyproject.toml").open("rb") as file:
        listed = tomllib.load(file)["tool"]["setuptools"]["packages"]
    assert set(listed) == folders
