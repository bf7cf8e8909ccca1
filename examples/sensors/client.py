"""Traffic for the sensor gateway: sensors that connect, send a hundred readings, and go to sleep again.

    python client.py PORT [ROUNDS]

Every round is one sensor. No ROUNDS, or 0, goes on until the gateway ends.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import socket
from itertools import count

READINGS = 100


def report(port: int, number: int) -> None:
    """Spend one connection: a name, the readings, and the gateway's answer."""
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rw") as stream:
        readings = [f"{20 + 5 * math.sin((number + at) / 9):.3f}" for at in range(READINGS)]
        print(f"sensor-{number % 40}", *readings, "", sep="\n", file=stream, flush=True)
        answer = stream.readline()
        if not answer.endswith("sensors\n") or int(answer.split()[0]) < READINGS:
            raise ConnectionError(f"sensor-{number}: got {answer!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Traffic for the sensor gateway.")
    parser.add_argument("port", type=int)
    parser.add_argument("rounds", type=int, nargs="?", default=0, help="sensors to be; 0 goes on")
    options = parser.parse_args()
    try:
        for number in range(options.rounds) if options.rounds else count():
            report(options.port, number)
    except ConnectionError:
        if options.rounds:
            raise
    print(f"{options.rounds} rounds done", flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
