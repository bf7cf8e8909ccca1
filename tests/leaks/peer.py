"""A program under plain Python, and another tool in a thread of the same process, as its manual says.

python peer.py TOOL PROGRAM ANSWER.json     the tools are the functions of TOOLS

Each yields what it found, the strongest first: the type, and all that it says of it.
"""

from __future__ import annotations

import io
import json
import os
import random
import runpy
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

FEW = 3
SECONDS = 6


def ask_objgraph():
    """The types that grew, and for the first of them the chain from a module to one object."""
    import objgraph

    objgraph.growth()
    time.sleep(SECONDS)
    for place, (name, _, _) in enumerate(objgraph.growth(limit=10)):
        drawn = io.StringIO()
        if place < FEW:
            some = random.choice(objgraph.by_type(name))
            objgraph.show_chain(
                objgraph.find_backref_chain(some, objgraph.is_proper_module), output=drawn, shortnames=False
            )
            del some
        yield {"type": name.rpartition(".")[2], "text": drawn.getvalue()}


def ask_leak_hunter():
    """The types that grew in both of two windows, and for the first of them what keeps them alive."""
    from leak_hunter import measure_growth, why_alive

    # Its unit of work is a while: the program works by itself.
    found = measure_growth(lambda: time.sleep(SECONDS / 20), iterations=10, warmup=1)
    first = [growth.type_name for growth in found.growing]
    if found.suspect in first[FEW:]:
        first.insert(0, found.suspect)
    for place, name in enumerate(dict.fromkeys(first[:10])):
        text = why_alive(name).format() if place < FEW else ""
        yield {"type": name.rpartition(".")[2], "text": text}


def read_memalot(folder):
    """The first report that is whole and has something in it, None before there is one."""
    for path in sorted(folder.rglob("*iteration*.json")):
        try:
            report = json.loads(path.read_text())
        except ValueError:
            continue
        if report["leak_summary"]["type_summaries"]:
            return report
    return None


def ask_memalot():
    """The types of objects that outlived two seconds, and details of some with their referrers."""
    import memalot

    with tempfile.TemporaryDirectory() as folder:
        watching = memalot.start_leak_monitoring(
            max_object_lifetime=SECONDS / 3,
            max_object_details=10,
            referrers_search_timeout=5.0,
            report_directory=Path(folder),
            output_func=lambda _: None,
        )
        # The first reports may be empty.
        while (report := read_memalot(Path(folder))) is None:
            time.sleep(0.5)
        watching.stop()
    details = report["object_details_list"]
    for found in report["leak_summary"]["type_summaries"][:10]:
        name = found["object_type"]
        texts = [json.dumps(each) for each in details if each["object_type_name"] == name]
        yield {"type": name.rpartition(".")[2], "text": "\n".join(texts)}


TOOLS = {"objgraph": ask_objgraph, "leak-hunter": ask_leak_hunter, "memalot": ask_memalot}


def answer(tool: str, path: Path) -> None:
    """Ask once the program is ready, write what was found, end the process."""
    from steady import READY

    READY.wait()
    try:
        path.write_text(json.dumps({"findings": list(TOOLS[tool]())}))
    except Exception:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    name, program, written = sys.argv[1:]
    sys.argv = [program]
    sys.path[0] = str(Path(program).parent)
    threading.Thread(target=answer, args=(name, Path(written)), daemon=True).start()
    runpy.run_path(program, run_name="__main__")
