"""Traffic for the registry: instances that come, are looked up, and go again, as in a cluster that redeploys.

    python client.py PORT [ROUNDS]

No ROUNDS, or 0, goes on until the registry ends.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import random
import uuid
from itertools import count
from typing import Any

SERVICES = ["billing", "catalog", "search", "mail"]
WATCH_EVERY = 5


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None) -> Any:
    """Return the JSON answer; any status but 200 is an error."""
    connection.request(method, path, None if body is None else json.dumps(body))
    response = connection.getresponse()
    answer = json.loads(response.read())
    if response.status != http.client.OK:
        raise ConnectionError(f"{method} {path}: {response.status}")
    return answer


def deploy(connection: http.client.HTTPConnection, number: int) -> None:
    """Register an instance, renew its lease, find it, deregister it; watch its service now and then."""
    service = random.choice(SERVICES)
    path = f"/services/{service}/{uuid.uuid4()}"
    address = f"10.0.{random.randrange(256)}.{random.randrange(256)}:{8000 + number % 1000}"
    for _ in range(2):
        ask(connection, "PUT", path, {"address": address, "ttl": 30})
    query = f"?watch=http://{address}/changed" if number % WATCH_EVERY == 0 else ""
    if address not in ask(connection, "GET", f"/services/{service}{query}"):
        raise ConnectionError(f"{address} is registered but not found")
    ask(connection, "DELETE", path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Traffic for the registry.")
    parser.add_argument("port", type=int)
    parser.add_argument("rounds", type=int, nargs="?", default=0, help="instances to deploy; 0 goes on")
    options = parser.parse_args()
    connection = http.client.HTTPConnection("127.0.0.1", options.port)
    try:
        for number in range(options.rounds) if options.rounds else count():
            deploy(connection, number)
    except (ConnectionError, http.client.HTTPException):
        if options.rounds:
            raise
    print(f"{options.rounds} rounds done", flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
