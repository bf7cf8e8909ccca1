"""Builds the core with AddressSanitizer and UndefinedBehaviorSanitizer, apart, and runs its tests on it.

    python tests/native/sanitize.py [DIRECTORY] [pytest arguments]

Needs gcc with its sanitizer libraries, and the packages of the test group in this Python. Objects come
from malloc, so that one touched after its death is seen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLAGS = "-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g"
TESTS = ("test_algorithms.py", "test_capture*.py", "test_graph.py", "test_heap*.py", "test_names*.py")
# They count on the addresses or the memory that the sanitizer itself takes.
UNFIT = ("four_gibibytes", "no_room", "outlives_a_capture", "ctrl_c", "weighs_what", "another_type")
LEFT_OUT = " and ".join(f"not {name}" for name in UNFIT)


def build(place: Path) -> None:
    """Copy the package and its tests, and compile the core there."""
    shutil.rmtree(place, ignore_errors=True)
    unwanted = shutil.ignore_patterns("*.so", "*.c", "__pycache__", "golden", ".mypy_cache")
    for part in ("pdbleak", "tests/unit"):
        shutil.copytree(ROOT / part, place / part, ignore=unwanted)
    shutil.copy(ROOT / "pyproject.toml", place)
    command = "from setuptools import setup; setup(script_args=['-q', 'build_ext', '--inplace'])"
    subprocess.run(
        [sys.executable, "-c", command],
        cwd=place,
        env=os.environ | {"CFLAGS": FLAGS, "LDFLAGS": FLAGS},
        check=True,
    )


def library(name: str) -> str:
    """Return the path of one of the compiler's libraries."""
    return subprocess.check_output(["gcc", f"-print-file-name={name}"], text=True).strip()


def run(place: Path, arguments: list[str]) -> int:
    """Run the core's tests on what was built; return pytest's status."""
    files = sorted(str(path) for pattern in TESTS for path in (place / "tests/unit").glob(pattern))
    environment = os.environ | {
        "LD_PRELOAD": f"{library('libasan.so')} {library('libubsan.so')}",
        # The interpreter's own leaks at its end are not ours to tell.
        "ASAN_OPTIONS": "detect_leaks=0:handle_segv=1:abort_on_error=1:allocator_may_return_null=1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": str(place),
    }
    options = ["-q", "-p", "no:cacheprovider", "-k", LEFT_OUT, "-o", "timeout=900"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *(arguments or files)],
        cwd=place,
        env=environment,
        check=False,
    ).returncode


def main() -> int:
    """Build and run; the status is pytest's."""
    given = sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "sanitized"
    place = Path(given).absolute()
    build(place)
    return run(place, sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
