"""A program runs under pdbleak exactly as under plain Python."""

from __future__ import annotations

import shutil
import signal
import sys
import zipfile
from pathlib import Path

import pytest
from programs import ANSI, Screen, pdbleak_run, python, write

import pdbleak

FACTS = """
    import sys
    print(sys.argv, sys.path[0], __file__, __name__, __package__, type(__loader__).__name__)
    print(getattr(__spec__, "name", None), sorted(globals()), sys.modules["__main__"].__dict__ is globals())
    print(sys.gettrace(), sys.excepthook is sys.__excepthook__, "pdb" in sys.modules, "bdb" in sys.modules)
    print([name for name in sys.modules if name.startswith("inspect")])
"""


def both(folder, *arguments, typed=""):
    """Return the result under plain Python, and the one under pdbleak without its one line."""
    plain = python(folder, *arguments, typed=typed)
    ours = pdbleak_run(folder, *arguments, typed=typed)
    first, _, rest = ours.stderr.partition("\n")
    assert first.startswith("pdbleak: running "), ours.stderr
    assert "Ctrl+C" in first
    ours.stderr = rest
    return plain, ours


def same(folder, *arguments, typed=""):
    plain, ours = both(folder, *arguments, typed=typed)
    assert (ours.returncode, ours.stdout, ours.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    return ours


@pytest.mark.parametrize("arguments", [(), ("a", "--flag", "-c", "-m", "")])
def test_a_script_sees_what_it_would_see(tmp_path, arguments):
    write(tmp_path, FACTS, "below/program.py")
    assert "below" in same(tmp_path, "below/program.py", *arguments).stdout


def test_a_link_to_a_script_imports_from_where_the_script_is(tmp_path):
    write(tmp_path, FACTS, "below/program.py")
    (tmp_path / "link.py").symlink_to("below/program.py")
    assert str(tmp_path / "below") in same(tmp_path, "link.py").stdout


def test_a_module_and_a_package_run_as_with_m(tmp_path):
    write(tmp_path, FACTS, "package/module.py")
    write(tmp_path, FACTS, "package/__main__.py")
    write(tmp_path, "", "package/__init__.py")
    assert "package.module" in same(tmp_path, "-m", "package.module", "a", "-b").stdout
    assert "package.__main__" in same(tmp_path, "-m", "package", "a").stdout


def test_a_folder_and_an_archive_run_their_main(tmp_path):
    write(tmp_path, FACTS, "below/__main__.py")
    assert "below/__main__.py" in same(tmp_path, "below", "a").stdout
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.write(tmp_path / "below" / "__main__.py", "__main__.py")
    assert "archive.zip/__main__.py" in same(tmp_path, "archive.zip", "a").stdout


@pytest.mark.parametrize("missing", [("nothing.py",), ("-m", "no_such_module"), (".",)])
def test_what_cannot_be_run_ends_as_under_python(tmp_path, missing):
    plain = python(tmp_path, *missing)
    ours = pdbleak_run(tmp_path, *missing)
    assert ours.returncode == plain.returncode
    assert ours.stderr.splitlines()[-1] == plain.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("raise SystemExit", 0),
        ("raise SystemExit(3)", 3),
        ("raise SystemExit('a word')", 1),
        ("import sys; sys.exit(True)", 1),
        ("1/0", 1),
        ("import atexit; atexit.register(print, 'last'); raise ValueError('x')", 1),
        ("raise KeyboardInterrupt", -signal.SIGINT),
        ("raise BaseExceptionGroup('g', [KeyboardInterrupt()])", 1),
        ("syntax error", 1),
        ("import os; os._exit(7)", 7),
        ("import sys; sys.excepthook = lambda *a: print('mine', a[0]); 1/0", 1),
        ("import threading; threading.Thread(target=lambda: print('thread')).start()", 0),
    ],
)
def test_a_program_ends_as_under_python(tmp_path, ending, status):
    write(tmp_path, f"print('begin')\n{ending}\n")
    assert same(tmp_path, "program.py").returncode == status


def test_sources_without_a_core_say_what_to_type(tmp_path):
    write(tmp_path, "print('ran')\n")
    sources = Path(pdbleak.__file__).parent
    shutil.copytree(sources, tmp_path / "pdbleak", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    ended = python(tmp_path, "-m", "pdbleak", "program.py", PYTHONPATH=str(tmp_path))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("pdbleak: its core is not built in ")
    assert ended.stderr.count("\n") == 1


def test_a_signal_that_the_program_sends_to_itself_is_its_own(tmp_path):
    write(tmp_path, "import os, signal\nprint('begin', flush=True)\nos.kill(os.getpid(), signal.SIGINT)\n")
    assert same(tmp_path, "program.py").returncode == -signal.SIGINT


def test_without_a_terminal_the_key_is_the_programs(tmp_path):
    source = """
        import os, signal, subprocess, sys, time
        print("begin", flush=True)
        subprocess.Popen([sys.executable, "-c", f"import os; os.kill({os.getpid()}, 2)"])
        time.sleep(60)
    """
    write(tmp_path, source)
    plain, ours = both(tmp_path, "program.py")
    assert ours.returncode == plain.returncode == -signal.SIGINT
    note, _, rest = ours.stderr.partition("\n")
    assert note.startswith("pdbleak: the standard input is no terminal; the program gets the Ctrl+C")
    assert rest == plain.stderr


def test_stdin_and_stdout_are_the_programs(tmp_path):
    write(tmp_path, "import sys\nfor line in sys.stdin: print(line.upper(), end='')\n")
    assert same(tmp_path, "program.py", typed="a\nb\n").stdout == "A\nB\n"


def test_pickles_and_child_processes_find_main(tmp_path):
    source = """
        import multiprocessing
        class Thing: pass
        def work(n): return n * 2, Thing()
        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print([n for n, thing in pool.map(work, [1, 2])])
    """
    write(tmp_path, source)
    assert same(tmp_path, "program.py").stdout == "[2, 4]\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "a script or -m module is missing"),
        (("--brake", "x.py"), "unknown option '--brake'"),
        (("-c",), "-c needs a value"),
        (("-m",), "-m needs a value"),
    ],
)
def test_a_wrong_command_line_is_one_line(tmp_path, arguments, words):
    done = pdbleak_run(tmp_path, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_and_version(tmp_path):
    assert "usage: python -m pdbleak" in pdbleak_run(tmp_path, "--help").stdout
    assert pdbleak_run(tmp_path, "--version").stdout.startswith("pdbleak 0")


@pytest.mark.parametrize("plain", [(), ("--plain",)])
def test_break_stops_at_the_first_line_and_commands_run_there(tmp_path, plain):
    write(tmp_path, "import sys\nx = 1\nprint(x, sys.gettrace())\n")
    done = pdbleak_run(
        tmp_path, *plain, "-b", "-c", "n", "-c", "p 'x' in globals()", "-c", "n", "-c", "c", "program.py"
    )
    assert "program.py" in done.stderr
    said = ANSI.sub("", done.stderr)
    assert "(1)" in said
    assert "import sys" in said
    assert "False" in done.stderr
    assert done.stdout == "1 None\n"
    assert done.returncode == 0


def test_break_in_a_module_and_at_the_end_of_the_input_it_runs_on(tmp_path):
    write(tmp_path, "x = 1\nprint(x)\n", "package/module.py")
    done = pdbleak_run(tmp_path, "-b", "-m", "package.module", typed="p 'typed'\n")
    assert "'typed'" in done.stderr
    assert done.stdout == "1\n"


def test_q_ends_with_status_1_and_no_traceback(tmp_path):
    write(tmp_path, "try:\n    x = 1\n    x = 2\nexcept Exception:\n    print('caught')\nprint('on')\n")
    for commands in (("q",), ("n", "n", "q"), ("EOF",)):
        options = [word for command in commands for word in ("-c", command)]
        done = pdbleak_run(tmp_path, "-b", *options, "program.py")
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("plain", [(), ("--plain",)])
def test_an_uncaught_exception_opens_a_post_mortem_prompt_on_a_terminal(tmp_path, plain):
    path = write(tmp_path, "def f(deep):\n    return 1 / deep\nf(0)\n")
    for last in ("q", "c"):
        screen = Screen(tmp_path, "-m", "pdbleak", *plain, str(path), ready="ZeroDivisionError")
        screen.wait_for("(Pdb")
        screen.wait_for(") ")
        assert screen.type("p deep") == "0"
        screen.resume(last)
        assert screen.status() == 1
        assert "Traceback" not in screen.rest()


def test_stdout_of_a_program_on_a_terminal_is_not_written_to(tmp_path, screen):
    opened = screen("""
        import sys, time
        sys.stdout = open("out.txt", "w")
        print("mine")
        sys.stderr.write("ready"); sys.stderr.flush()
        time.sleep(1e6)
    """)
    opened.press()
    assert "leak COMMAND" in opened.type("leak help")
    opened.resume("q")
    assert opened.status() == 1
    assert (tmp_path / "out.txt").read_text() == "mine\n"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_descriptor_below_the_programs_own_is_taken(tmp_path):
    write(tmp_path, "print(open('program.py').fileno())\n")
    assert same(tmp_path, "program.py").stdout == "3\n"
