"""What a capture may take: every kind of limit is found, and where it does not fit nothing is kept."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap

import pytest

from pdbleak import session as sessions
from pdbleak.limits import Limit, estimate_capture, read_limits

MIB = 1 << 20
GIB = 1 << 30


@pytest.fixture
def system(tmp_path):
    """Return a function that writes files of /proc and /sys below a folder, and reads the limits there."""

    def write(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return [(limit.name, limit.limit, limit.left) for limit in read_limits(str(tmp_path))]

    return write


def test_a_containers_limit_is_found_and_droppable_cache_counts_as_left(system):
    assert system(
        {
            "proc/self/cgroup": "0::/\n",
            "sys/fs/cgroup/memory.max": f"{GIB}\n",
            "sys/fs/cgroup/memory.current": f"{900 * MIB}\n",
            "sys/fs/cgroup/memory.stat": f"anon 1\nfile 2\ninactive_file {100 * MIB}\n",
        }
    ) == [("the container's memory.max", GIB, 224 * MIB)]


def test_the_tightest_of_nested_groups_counts(system):
    assert system(
        {
            "proc/self/cgroup": "0::/user/app\n",
            "sys/fs/cgroup/user/app/memory.max": "max\n",
            "sys/fs/cgroup/user/app/memory.current": f"{50 * MIB}\n",
            "sys/fs/cgroup/user/memory.max": f"{200 * MIB}\n",
            "sys/fs/cgroup/user/memory.current": f"{190 * MIB}\n",
            "sys/fs/cgroup/memory.max": f"{GIB}\n",
            "sys/fs/cgroup/memory.current": f"{300 * MIB}\n",
        }
    ) == [("the container's memory.max", 200 * MIB, 10 * MIB)]


def test_the_older_groups_are_read_and_their_no_limit_is_none(system):
    old = {
        "proc/self/cgroup": "9:name=systemd:/\n4:cpu,memory:/docker/0123\n0::/\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{512 * MIB}\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{500 * MIB}\n",
        "sys/fs/cgroup/memory/memory.stat": f"cache 1\ntotal_inactive_file {8 * MIB}\n",
    }
    assert system(old) == [("the container's memory.limit_in_bytes", 512 * MIB, 20 * MIB)]
    assert system({"sys/fs/cgroup/memory/memory.limit_in_bytes": f"{(1 << 63) - 4096}\n"}) == []


def test_the_process_own_limits_and_the_machines_are_found_the_tightest_first(system):
    assert system(
        {
            "proc/self/statm": "25600 1 1 1 0 12800 0\n",
            "proc/self/limits": (
                "Limit                     Soft Limit           Hard Limit           Units\n"
                f"Max data size             {60 * MIB}             unlimited            bytes\n"
                f"Max address space         {GIB}           unlimited            bytes\n"
                "Max resident set          unlimited            unlimited            bytes\n"
            ),
            "proc/meminfo": "MemTotal: 1048576 kB\nMemFree: 1 kB\nMemAvailable: 524288 kB\n",
        }
    ) == [
        ("RLIMIT_DATA", 60 * MIB, 10 * MIB),
        ("the machine", GIB, GIB // 2),
        ("RLIMIT_AS", GIB, GIB - 100 * MIB),
    ]


def test_where_the_system_tells_nothing_there_is_no_limit(tmp_path):
    assert read_limits(str(tmp_path)) == ()


def test_a_capture_that_does_not_fit_is_refused_with_what_it_needs(prompt, monkeypatch):
    monkeypatch.setattr(sessions, "read_limits", lambda: (Limit("the container's memory.max", 2 * GIB, MIB),))
    (refusal,) = prompt("types 1")
    assert re.fullmatch(
        r"\*\*\* a capture needs about \d+ MiB, and 1 MiB are left of the container's memory.max "
        r"\(2,048 MiB\); to take it anyway, type: leak fresh --force",
        refusal,
    )
    assert prompt.session.captured is None


def test_a_forced_capture_is_taken_and_the_prompt_goes_on_so(prompt, monkeypatch):
    monkeypatch.setattr(sessions, "read_limits", lambda: (Limit("RLIMIT_AS", GIB, 0),))
    assert prompt("growth")[0].startswith("*** a capture needs")
    assert prompt("fresh --force")[0].startswith("captured ")
    assert prompt("growth")[0].startswith("the first look")
    prompt.session.close()
    assert prompt("types 1")[0].startswith("*** a capture needs")


def test_the_ledger_needs_no_capture(prompt, monkeypatch):
    monkeypatch.setattr(sessions, "read_limits", lambda: (Limit("RLIMIT_AS", GIB, 0),))
    lines = prompt("memory")
    assert lines[0].startswith("RSS ")
    assert any(line.startswith("Python objects over 512 B are counted in the C heap") for line in lines)


def test_the_estimate_is_above_the_peak_and_below_three_times_it():
    found = run(
        """
        rows = [[str(number), {"key": number}] for number in range(200_000)]
        needed = estimate_capture()
        open("/proc/self/clear_refs", "w").write("5")
        before = resident_bytes()
        take_capture()
        peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
        print(needed, peak * 1024 - before)
        """
    )
    needed, peak = map(int, found.split())
    assert peak < needed < 3 * peak


def test_out_of_memory_is_one_line_and_nothing_is_kept():
    found = run(
        """
        rows = [[str(number), {"key": number}] for number in range(200_000)]
        plugin.respond("types 1", list().append, width=80, colour=False)
        plugin.SESSION.forget_heap()
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        for spare in range(2, 40, 2):
            resource.setrlimit(resource.RLIMIT_AS, (used + (spare << 20), resource.RLIM_INFINITY))
            mistake = plugin.respond("fresh --force", list().append, width=80, colour=False)
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
            now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
            print(bool(plugin.SESSION.captured), now - used < 3 << 20, mistake)
            plugin.SESSION.forget_heap()
        """
    )
    failed = [line.split(" ", 2) for line in found.splitlines() if not line.startswith("True")]
    assert len(failed) > 3
    assert {(captured, clean) for captured, clean, _ in failed} == {("False", "True")}
    for *_, mistake in failed:
        assert re.match(
            r"no memory for a capture, which takes about \d+ MiB; nothing is kept|not enough", mistake
        )


def test_a_real_address_space_limit_is_seen_before_the_capture():
    found = run(
        """
        rows = [[str(number), {"key": number}] for number in range(200_000)]
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + (10 << 20), resource.RLIM_INFINITY))
        print(plugin.respond("types 1", print, width=80, colour=False))
        """
    )
    assert re.match(r"a capture needs about \d+ MiB, and \d+ MiB are left of RLIMIT_AS", found)


def run(program):
    """Return what a program prints, in a process of its own."""
    imports = (
        "import resource\nfrom pdbleak import plugin\nfrom pdbleak.analyses.resident import resident_bytes\n"
        "from pdbleak.heap import take_capture\nfrom pdbleak.limits import estimate_capture\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", imports + textwrap.dedent(program)],
        check=True,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_estimate_counts_blocks_not_objects():
    before = estimate_capture()
    rows = [[number] for number in range(100_000)]
    assert 100_000 * 48 < estimate_capture() - before < 400_000 * 48
    del rows
