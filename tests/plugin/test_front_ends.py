"""`leak` in every front end: breakpoint(), .pdbrc, pdb++, ipdb, remote-pdb, pytest --pdb, python -m pdb."""

from __future__ import annotations

import importlib.util
import io
import socket
import sys
import time
import types

import pytest
from programs import Screen, pdbleak_run, python, write

from pdbleak import frontend, remains, terminal

PROGRAM = "x = 1\nbreakpoint()\nprint('end')\n"
INSTALL = "import pdbleak; pdbleak.install()\n"


def has_pdbpp():
    try:
        import pdbpp  # noqa: F401
    except Exception:
        return False
    return True


needs_pdbpp = pytest.mark.skipif(not has_pdbpp(), reason="pdb++ cannot be imported here")


@pytest.mark.parametrize("plain", [True, pytest.param(False, marks=needs_pdbpp)])
def test_a_debugger_that_is_done_traces_no_frame_that_slept_meanwhile(plain):
    output = io.StringIO()
    debugger = frontend.make(terminal.LineReader(0, output), output, plain=plain)

    def serve():
        yield 1
        yield 2

    # As a coroutine of a server, which waited when the prompt ended, and runs when somebody traces again.
    sleeping = serve()
    assert next(sleeping) == 1
    sleeping.gi_frame.f_trace = debugger.trace_dispatch
    remains.discard(debugger, [])
    found = sys.gettrace()
    sys.settrace(lambda *_: None)
    try:
        second = next(sleeping)
    finally:
        sys.settrace(found)
    assert second == 2
    assert sleeping.gi_frame.f_trace is None


@pytest.mark.parametrize("hijack", ["0", pytest.param("1", marks=needs_pdbpp)])
def test_breakpoint_after_install(tmp_path, hijack):
    write(tmp_path, INSTALL + PROGRAM)
    done = python(tmp_path, "program.py", typed="leak help\nleak nothing\nc\n", PDBPP_HIJACK_PDB=hijack)
    assert "help [COMMAND]" in done.stdout
    assert "*** unknown command 'nothing'" in done.stdout
    assert done.stdout.endswith("end\n")
    assert ("(Pdb++)" in done.stdout) is (hijack == "1")


@pytest.mark.parametrize("source", [PROGRAM, "import pdb; pdb.set_trace()\nprint('end')\n"])
def test_a_breakpoint_under_the_launcher_has_the_command(tmp_path, source):
    write(tmp_path, "import sys\nassert 'bdb' not in sys.modules\n" + source)
    more = {} if has_pdbpp() else {"PDBPP_HIJACK_PDB": "0"}
    done = python(tmp_path, "-m", "pdbleak", "program.py", typed="leak help\nc\n", **more)
    assert "help [COMMAND]" in done.stdout
    assert done.stdout.endswith("end\n")


def test_one_line_in_pdbrc(tmp_path):
    write(tmp_path, PROGRAM)
    write(tmp_path, INSTALL, ".pdbrc")
    done = python(tmp_path, "program.py", typed="leak help\nc\n", PDBPP_HIJACK_PDB="0")
    assert "help [COMMAND]" in done.stdout
    done = python(tmp_path, "-m", "pdb", "program.py", typed="leak help\nq\n", PDBPP_HIJACK_PDB="0")
    assert "help [COMMAND]" in done.stdout


def test_pytest_pdb(tmp_path):
    write(tmp_path, "def test_it():\n    deep = 5\n    assert deep == 6\n", "test_it.py")
    write(tmp_path, INSTALL, "conftest.py")
    done = python(
        tmp_path,
        "-m",
        "pytest",
        "--pdb",
        "-p",
        "no:cacheprovider",
        "test_it.py",
        typed="leak help\np deep\nq\n",
        PDBPP_HIJACK_PDB="0",
    )
    assert "help [COMMAND]" in done.stdout
    assert "\n(Pdb) 5\n" in done.stdout


@pytest.mark.skipif(importlib.util.find_spec("ipdb") is None, reason="ipdb is not installed")
def test_ipdb(tmp_path):
    write(tmp_path, INSTALL + "import ipdb\nx = 1\nipdb.set_trace()\nprint('end')\n")
    screen = Screen(tmp_path, "program.py", ready="ipdb> ", PDBPP_HIJACK_PDB="0", IPY_TEST_SIMPLE_PROMPT="1")
    screen.child.sendline("leak help")
    screen.wait_for("help [COMMAND]")
    screen.wait_for("ipdb> ")
    screen.child.sendline("leak nothing")
    screen.wait_for("*** unknown command 'nothing'")
    screen.wait_for("ipdb> ")
    screen.resume()
    screen.wait_for("end")
    assert screen.status() == 0


@pytest.mark.skipif(importlib.util.find_spec("remote_pdb") is None, reason="remote-pdb is not installed")
def connected(port):
    """Connect to a port whose owner says that it listens a moment before it does."""
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("nobody listens")


def test_remote_pdb(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    write(
        tmp_path,
        INSTALL + f"import remote_pdb\nremote_pdb.set_trace('127.0.0.1', {port})\nprint('end')\n",
    )
    screen = Screen(tmp_path, "program.py", ready="waiting for connection", PDBPP_HIJACK_PDB="0")
    with connected(port) as client:
        stream = client.makefile("rw")
        stream.write("leak help\nleak nothing\nc\n")
        stream.flush()
        said = stream.read()
    assert "help [COMMAND]" in said
    assert "*** unknown command 'nothing'" in said
    screen.wait_for("end")
    assert screen.status() == 0


def test_a_pdbpp_that_cannot_be_imported_is_no_reason_to_fail(tmp_path):
    write(tmp_path, "raise AttributeError('broken here')\n", "pdbpp.py")
    write(tmp_path, "import pdbpp\n", "pdb.py")
    write(tmp_path, "x = 1\nprint('end')\n")
    done = pdbleak_run(tmp_path, "-b", "-c", "leak help", "-c", "c", "program.py")
    assert "help [COMMAND]" in done.stderr
    assert done.stdout == "end\n"
    assert done.returncode == 0


def test_install_twice_is_install_once():
    import bdb

    from pdbleak import seam

    seam.install()
    first = bdb.Bdb.__dict__["do_leak"]
    seam.install()
    assert bdb.Bdb.__dict__["do_leak"] is first


def test_the_client_of_a_running_session_hears_of_the_command(monkeypatch):
    """That of `python -m pdb -p` (CPython 3.14) takes for Python what is no command that it was told of."""
    import pdb  # noqa: T100 - the module of the session

    from pdbleak import seam

    session = types.SimpleNamespace(_command_name_cache=["next", "step"])
    monkeypatch.setattr(pdb.Pdb, "_last_pdb_instance", session, raising=False)
    seam.install()
    assert session._command_name_cache == []


@needs_pdbpp
def test_pdbpp_with_a_variable_of_the_commands_name(screen):
    opened = screen("import time\nleak = 7\nprint('ready', flush=True)\ntime.sleep(1e6)\n")
    opened.press()
    assert "no leak found" in opened.type("leak")
    assert opened.type("p leak") == "7"
    opened.child.send("leak hel\t")
    opened.wait_for("leak help")
    assert "leak COMMAND" in opened.type("")
    opened.type("sticky")
    opened.resume("q")
    assert opened.status() == 1
