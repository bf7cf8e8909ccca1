"""Finding what a command line names, and running it in `__main__` as plain Python does; knows no debugger.

A target is a function of the new `__main__` module. Files, folders, archives and modules go the way that
the interpreter itself takes: `runpy` for all but a plain file.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    Target = Callable[[ModuleType], None]

# The modules whose frames lie between the interpreter and the program.
ABOVE_PROGRAM = ("pdbleak.launch", "pdbleak.target", "runpy")

# os.path throughout: pathlib would be imported into every program that is started.
# ruff: noqa: PTH100, PTH109, PTH112, PTH113, PTH120


def module(name: str, arguments: list[str]) -> Target:
    """Return what runs a module as `python -m` does, packages' `__main__` included."""
    sys.argv[:] = ["-m", *arguments]
    if not sys.flags.safe_path:
        sys.path[0] = os.getcwd()
    return lambda _main: run_module(name, alter_argv=True)


def path(name: str, arguments: list[str]) -> Target:
    """Return what runs a file, or the `__main__` of a folder or archive, as `python NAME` does."""
    sys.argv[:] = [name, *arguments]
    full = os.path.abspath(name)
    if os.path.isdir(full) or is_archive(full):
        # A folder or archive is on the path even where -P keeps the folder of a script off it.
        sys.path[: 0 if sys.flags.safe_path else 1] = [full]
        return lambda _main: run_module("__main__", alter_argv=False)
    try:
        with open(full, "rb"):  # noqa: PTH123
            pass
    except OSError as error:
        sys.stderr.write(
            f"{sys.executable}: can't open file {full!r}: [Errno {error.errno}] {error.strerror}\n"
        )
        raise SystemExit(2) from None
    if not sys.flags.safe_path:
        sys.path[0] = os.path.dirname(os.path.realpath(name))
    return lambda main: run_file(full, main)


def is_archive(full: str) -> bool:
    """Tell whether a file is one that can be imported from, as a zip file can."""
    if not os.path.isfile(full) or full.endswith((".py", ".pyc")):
        return False
    import zipimport  # noqa: PLC0415 - few programs are archives

    try:
        zipimport.zipimporter(full)
    except ImportError:
        return False
    return True


def run_module(name: str, *, alter_argv: bool) -> None:
    """Run a module in `__main__` by the function that `python -m` calls."""
    import runpy  # noqa: PLC0415 - a plain file does not need it

    runpy._run_module_as_main(name, alter_argv)  # type: ignore[attr-defined]  # noqa: SLF001


def run_file(full: str, main: ModuleType) -> None:
    """Run a source file, or a compiled one, in `__main__`."""
    from importlib.machinery import SourceFileLoader, SourcelessFileLoader  # noqa: PLC0415 - frozen, costs nothing

    if full.endswith(".pyc"):
        loader: SourceFileLoader | SourcelessFileLoader = SourcelessFileLoader("__main__", full)
        code = loader.get_code("__main__")
    else:
        loader = SourceFileLoader("__main__", full)
        # Not the loader's `get_code`: it would read and write a cache, which Python does not do for a script.
        code = compile(loader.get_data(full), full, "exec", dont_inherit=True)
    main.__dict__.update(__file__=full, __loader__=loader, __cached__=None)
    assert code is not None
    exec(code, main.__dict__)  # noqa: S102 - what was asked for
