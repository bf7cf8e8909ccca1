"""The broker under pdbleak on this terminal, with its client's traffic in the background.

    python examples/demo.py

Press Ctrl+C to open the prompt, `c` to go on, `q` to end it. The client ends with the broker.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

BROKER = Path(__file__).resolve().parent / "broker"
HINT = """\
A broker starts, and clients that come and go. Give it a few seconds, then press
Ctrl+C and type, one by one:
    leak types 20     leak random Message     leak backrefs Channel 10
    leak cycles       leak gc
or let pdbleak find out by itself, in a quarter of a minute:
    leak auto 3 5
`c` lets the broker go on, Ctrl+C opens the prompt again, `q` ends the broker
and this demonstration.
"""


def choose_port() -> str:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def main() -> int:
    """Run the broker in the foreground; return its exit status."""
    print(HINT, flush=True)
    # Ctrl+C is the broker's. A function, not SIG_IGN, which the broker would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    port = choose_port()
    client = subprocess.Popen(
        [sys.executable, str(BROKER / "client.py"), port, "--stay", "3", "--pause", "0.02"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        # Not in the source tree, where `-m` would find the sources, whose core is not built.
        command = [sys.executable, "-m", "pdbleak", str(BROKER / "broker.py"), "--port", port]
        return subprocess.call(command, cwd=BROKER)
    finally:
        client.terminate()
        client.wait()


if __name__ == "__main__":
    sys.exit(main())
