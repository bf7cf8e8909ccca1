"""Traffic for the user service: the same hundred users, asked for by ever new sessions.

    python client.py PORT [ROUNDS]

No ROUNDS, or 0, goes on until the service ends.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import random
import secrets
from itertools import count
from typing import Any

USERS = 100


def fetch(connection: http.client.HTTPConnection, path: str) -> Any:
    """Return the JSON answer; any status but 200 is an error."""
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != http.client.OK:
        raise ConnectionError(f"{path}: {response.status} {body!r}")
    return json.loads(body)


def ask(connection: http.client.HTTPConnection) -> None:
    """Spend one session: a user, and who else lives in that city every tenth time."""
    session = secrets.token_hex(16)
    number = random.randint(1, USERS)
    user = fetch(connection, f"/users/{number}?session={session}")
    if user["id"] != number:
        raise ConnectionError(f"asked for user {number}, got {user['id']}")
    if number % 10 == 0:
        city = user["address"]["city"].replace(" ", "%20")
        fetch(connection, f"/cities/{city}?session={session}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Traffic for the user service.")
    parser.add_argument("port", type=int)
    parser.add_argument("rounds", type=int, nargs="?", default=0, help="sessions to make; 0 goes on")
    options = parser.parse_args()
    connection = http.client.HTTPConnection("127.0.0.1", options.port)
    try:
        for _ in range(options.rounds) if options.rounds else count():
            ask(connection)
    except (ConnectionError, http.client.HTTPException):
        if options.rounds:
            raise
    print(f"{options.rounds} rounds done", flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
