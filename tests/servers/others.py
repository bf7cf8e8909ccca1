"""The same programs under pdb and pdb++: what the key does there, in a few words; knows no pdbleak.

python -m others FOLDER [KIND ...]      in this folder; writes a file per kind and debugger
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))

from daemon import Daemon
from kinds import KINDS, Kind

MODULES = {"pdb": "pdb", "pdb++": "pdbpp"}
PATIENCE = 5.0


def for_pdb(kind: Kind) -> Kind:
    """Return the kind with a command line that pdb can read: 3.13's takes a module's options for its own."""
    if kind.command[0] != "-m" or sys.version_info < (3, 13):
        return kind
    return replace(kind, command=(*kind.command[:2], "--", *kind.command[2:]))


def press_key(daemon: Daemon) -> str:
    """Press the key and say what comes of it."""
    if daemon.press() is not None:
        # At a prompt nobody is dropped, unless the program was on its way out already.
        return "shuts down" if daemon.load.wait_for_round(0.5).dropped else "prompt"
    if daemon.is_over():
        return "shuts down"
    # It stands there and waits for a line, while its prompt is kept back by what the program made of stdout.
    return "prompt not shown" if "\n-> " in daemon.screen() else "no prompt in 5 s"


def serve_on(daemon: Daemon) -> str:
    """Say what the clients see."""
    counts = daemon.load.wait_for_round(PATIENCE)
    if daemon.is_over():
        return "ends"
    if not counts.complete:
        return "serves no more"
    lost = counts.failed + counts.dropped
    return f"serves on, {lost} requests lost" if lost else "serves on"


def watch(kind: Kind, front: str, folder: Path) -> str:
    """Return what the key does to a kind of daemon under a debugger: pressed, continued, pressed again."""
    with Daemon(
        for_pdb(kind), folder, ["-m", MODULES[front], "-c", "continue"], PDBPP_HIJACK_PDB="0"
    ) as daemon:
        if not daemon.wait_until_it_serves():
            return "does not start to serve"
        first = press_key(daemon)
        if first == "shuts down":
            return first
        if first != "prompt":
            return f"{first}, {serve_on(daemon)}"
        daemon.resume()
        after = serve_on(daemon)
        if after in ("ends", "serves no more"):
            return f"prompt, after `c` {after}"
        second = press_key(daemon)
        return f"prompt, {after}" if second == "prompt" else f"prompt, {after}; second press: {second}"


def main() -> None:
    """Watch all kinds, or those named."""
    folder, *names = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    fronts = [front for front in MODULES if front == "pdb" or find_spec("pdbpp")]
    for index, kind in enumerate(KINDS):
        for front in fronts:
            if names and kind.name not in names:
                continue
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
                seen = watch(kind, front, Path(home))
            row = {"kind": kind.name, "debugger": front, "python": platform.python_version(), "seen": seen}
            (Path(folder) / f"other_{row['python']}_{front}_{index}.json").write_text(json.dumps(row))
            print(f"{kind.name}, {front}: {seen}", flush=True)


if __name__ == "__main__":
    main()
