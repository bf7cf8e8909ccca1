"""The command line of the benchmarks: measures with one or more interpreters and writes docs/performance.md.

    python -m benchmarks [--sizes 1000000,10000000] [--output FILE] [python3.12 ...]

The interpreters need pdbleak, objgraph, Pympler, Django and the servers; without a name it is this one.
Sizes above one million are measured with the first interpreter only: their heaps take minutes to build.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import keys, page, plan

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure pdbleak beside its peers."
    )
    parser.add_argument(
        "--sizes", default="1000000,10000000", help="objects of the captured heaps, comma separated"
    )
    parser.add_argument("--output", type=Path, default=PAGE, help="the page to write")
    parser.add_argument("python", nargs="*", default=[sys.executable], help="interpreters to measure with")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    sections = {
        page.version(python): [
            (
                "captures",
                list(plan.capture_rows(python, [n for n in sizes if n <= plan.MILLION or not number])),
            ),
            (
                "the engine",
                list(plan.engine_rows(python, [n for n in sizes if n <= plan.MILLION or not number])),
            ),
            ("answers", list(plan.command_rows(python))),
            (
                "files",
                list(plan.saving_rows(python, [n for n in sizes if n <= plan.MILLION or not number])),
            ),
            ("the key and the start", list(plan.prompt_rows(python))),
            ("the key, per kind of server", list(keys.key_rows(python))),
        ]
        for number, python in enumerate(options.python)
    }
    text = "\n".join(page.lines(sections)) + "\n"
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
