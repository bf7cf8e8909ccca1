"""`hp` and `objgraph` are names at the prompt, before and after the first `leak`, and gone with it."""

import subprocess
import sys

PROGRAM = """
import builtins, os, subprocess
def work():
    subprocess.run(["sh", "-c", f"kill -INT {os.getpid()}"])
    print("after", hasattr(builtins, "hp"), hasattr(builtins, "objgraph"))
work()
"""


def test_the_other_tools_are_names_from_the_first_line_on(tmp_path):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    commands = ["p objgraph.count('function') > 10", "p type(hp).__name__", "p hp.heap().size > 1000", "c"]
    options = [word for command in commands for word in ("-c", command)]
    done = subprocess.run(
        [sys.executable, "-m", "pdbleak", "--plain", *options, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.stderr.count("True") == 2, done.stderr
    assert "Late" in done.stderr
    assert "after False False" in done.stdout
