"""A second process that asks without a pause and counts what comes back; knows no pdbleak.

    python load.py http|lines PORT CONNECTIONS PAUSE

Every connection stays open as long as the server lets it; one that the server closes without having said
so is *dropped*, an answer that does not come or is not the expected one has *failed*. Commands on stdin, each
answered by one line of JSON: `round` waits until every connection has had an answer to a request it made
afterwards, `stop` lets every request end, closes the connections and ends.
"""

from __future__ import annotations

import http.client
import json
import socket
import sys
import threading
import time

PATIENCE = 20.0


class Counts:
    """What all connections have seen so far."""

    def __init__(self, connections: int) -> None:
        self.changed = threading.Condition()
        self.begun = [0] * connections
        self.answered = [0] * connections
        self.opened = self.failed = self.dropped = 0
        self.errors: list[str] = []
        self.stopping = False

    def add(self, name: str, error: object = None) -> None:
        """Count one."""
        with self.changed:
            setattr(self, name, getattr(self, name) + 1)
            if error is not None and len(self.errors) < 5:
                self.errors.append(f"{name}: {error!r}")

    def as_line(self, **more: object) -> str:
        """Return the counts as JSON."""
        with self.changed:
            known = {name: getattr(self, name) for name in ("opened", "failed", "dropped", "errors")}
            return json.dumps({"answered": sum(self.answered), **known, **more})


class Lines:
    """A connection that sends lines and expects them back."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.answers = self.connection.makefile("rb")

    def ask(self, number: int) -> bool:
        """Send a number; tell whether it came back."""
        self.connection.sendall(b"%d\n" % number)
        answer = self.answers.readline()
        if not answer:
            raise ConnectionResetError("closed")
        return answer.strip() == b"%d" % number

    def is_closed(self) -> bool:
        """Tell whether the server ended the connection in agreement; lines have no way to say so."""
        return False

    def close(self) -> None:
        """Close it."""
        self.answers.close()
        self.connection.close()


class Http:
    """A keep-alive connection that asks for paths and expects them back."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.connection.connect()
        self.connection.auto_open = 0

    def ask(self, number: int) -> bool:
        """Ask for a path; tell whether it came back."""
        self.connection.request("GET", f"/{number}")
        answer = self.connection.getresponse()
        return answer.read() == b"/%d" % number and answer.status == http.HTTPStatus.OK

    def is_closed(self) -> bool:
        """Tell whether the server said that it closes the connection after this answer."""
        return self.connection.sock is None

    def close(self) -> None:
        """Close it."""
        self.connection.close()


def connect(kind: type[Lines | Http], port: int, counts: Counts) -> Lines | Http | None:
    """Connect as soon as somebody listens."""
    end = time.monotonic() + PATIENCE
    while not counts.stopping:
        try:
            connection = kind(port)
        except ConnectionRefusedError as error:
            if any(counts.answered):
                counts.add("failed", error)
            if time.monotonic() > end:
                return None
            time.sleep(0.05)
        else:
            counts.add("opened")
            return connection
    return None


def keep_asking(kind: type[Lines | Http], port: int, index: int, pause: float, counts: Counts) -> None:
    """Ask on one connection until told to stop."""
    connection = connect(kind, port, counts)
    while connection is not None and not counts.stopping:
        counts.begun[index] += 1
        try:
            if not connection.ask(counts.begun[index]):
                counts.add("failed", "another answer")
            with counts.changed:
                counts.answered[index] = counts.begun[index]
                counts.changed.notify_all()
        except TimeoutError as error:
            counts.add("failed", error)
            connection.close()
            connection = connect(kind, port, counts)
        except (OSError, http.client.HTTPException) as error:
            counts.add("dropped", error)
            connection.close()
            connection = connect(kind, port, counts)
        if connection is not None and connection.is_closed():
            connection = connect(kind, port, counts)
        time.sleep(pause)
    if connection is not None:
        connection.close()


def wait_for_round(counts: Counts, patience: float = PATIENCE) -> bool:
    """Wait until every connection has had an answer to a request it made after now."""
    with counts.changed:
        asked = list(counts.begun)
        return counts.changed.wait_for(lambda: all(map(int.__gt__, counts.answered, asked)), timeout=patience)


def main() -> None:
    """Run the load that the command line describes."""
    kind = {"http": Http, "lines": Lines}[sys.argv[1]]
    port, connections, pause = int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    counts = Counts(connections)
    threads = [
        threading.Thread(target=keep_asking, args=(kind, port, index, pause, counts), daemon=True)
        for index in range(connections)
    ]
    for thread in threads:
        thread.start()
    for line in sys.stdin:
        command, *patience = line.split()
        if command == "stop":
            counts.stopping = True
            for thread in threads:
                thread.join(PATIENCE)
            print(counts.as_line(), flush=True)
            return
        complete = wait_for_round(counts, *map(float, patience))
        print(counts.as_line(complete=complete), flush=True)


if __name__ == "__main__":
    main()
