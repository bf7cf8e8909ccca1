"""A program that has no descriptor left, as one that leaks them: attached to, its limit as it was."""

from pathlib import Path

import pytest
from daemons import prompts
from test_inject import injecting

FULL = """
import os, resource, time
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (64, {hard}))
held = []
try:
    while True: held.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    os.write(1, b"full\\n")
while True: time.sleep(0.02)
"""


@pytest.mark.parametrize("listens", [True, pytest.param(False, marks=injecting)])
def test_a_program_without_a_descriptor_is_attached_to_and_keeps_its_limit(listens, program):
    daemon = program(FULL.format(hard="hard"), listens=listens)
    daemon.wait_for("full")
    asked = "p resource.getrlimit(resource.RLIMIT_NOFILE)[0]"
    for _ in range(2):
        found = daemon.attach("leak count list", "p len(held)", asked, "q")
        assert found.returncode == 0, found.stderr
        _, count, held, told, _ = prompts(found.stdout)
        assert "objects of type 'list'" in count
        assert int(held) > 50
        assert told == "64\n"


def test_where_the_limit_cannot_be_raised_it_says_so_and_does_not_spin(program):
    daemon = program(FULL.format(hard="64"))
    daemon.wait_for("full")
    found = daemon.attach("1 + 1", "q")
    assert found.returncode == 1
    assert "Too many open files" in found.stderr
    first, second = daemon.connect(), daemon.connect()
    before = processor_time(daemon.process)
    first.connection.settimeout(1.0)
    with pytest.raises(TimeoutError):
        first.receive()
    # The second waits outside, and nobody runs for it.
    assert processor_time(daemon.process) - before < 15
    second.close()
    first.close()


def processor_time(process):
    """Return the time that a process has run, in hundredths of a second."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
