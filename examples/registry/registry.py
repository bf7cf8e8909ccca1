"""A service registry over HTTP: instances register with a lease, renew it, and are found by name.

    PUT    /services/NAME/ID     {"address": "10.0.0.7:80", "ttl": 30}   register, or renew the lease
    DELETE /services/NAME/ID     deregister
    GET    /services/NAME        the addresses of the instances that are alive
    GET    /services/NAME?watch=URL   the same, and URL is told when an instance of it comes or goes

A lease that is not renewed in time ends. Requests are answered by threads; the main thread ends leases.

    python registry.py --port 8500
"""

from __future__ import annotations

import argparse
import contextlib
import json
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

SWEEP_SECONDS = 1.0


@dataclass
class Lease:
    service: str
    instance: str
    address: str
    expires: float


@dataclass
class Change:
    kind: str
    service: str
    instance: str
    address: str
    at: float = field(default_factory=time.time)


@dataclass
class Snapshot:
    """What a watcher was told last: the addresses, by instance."""

    service: str
    addresses: dict[str, str]


lock = threading.RLock()
services: dict[str, dict[str, Lease]] = {}
watchers: dict[str, list[Callable[[Change], None]]] = {}
# LEAK: leases by service and instance, for renewals; an instance that is gone keeps its entry here
leases: dict[tuple[str, str], Lease] = {}


# LEAK: the default is made once, so every change of the registry's life is kept in it
def publish(kind: str, lease: Lease, history: list[Change] = []) -> Change:  # noqa: B006
    """Tell the watchers of a service; return the change."""
    change = Change(kind, lease.service, lease.instance, lease.address)
    history.append(change)
    for tell in watchers.get(lease.service, []):
        tell(change)
    return change


def watch(service: str, url: str) -> None:
    """Tell a URL of the instances that come and go from now on."""
    told = Snapshot(service, {lease.instance: lease.address for lease in services.get(service, {}).values()})
    outbox: list[str] = []

    # LEAK: a watcher is never removed, and its closure keeps the snapshot and the outbox
    def tell(change: Change) -> None:
        if change.kind == "gone":
            told.addresses.pop(change.instance, None)
        else:
            told.addresses[change.instance] = change.address
        outbox[:] = [f"{url} {json.dumps(told.addresses)}"]

    watchers.setdefault(service, []).append(tell)


def register(service: str, instance: str, address: str, ttl: float) -> None:
    """Give an instance a lease, or renew the one it has."""
    expires = time.monotonic() + ttl
    lease = leases.get((service, instance))
    if lease is None or instance not in services.get(service, {}):
        lease = leases[service, instance] = Lease(service, instance, address, expires)
        services.setdefault(service, {})[instance] = lease
        publish("new", lease)
    lease.address, lease.expires = address, expires


def remove(service: str, instance: str) -> bool:
    """End an instance's lease; False if it has none."""
    lease = services.get(service, {}).pop(instance, None)
    if lease is not None:
        publish("gone", lease)
    return lease is not None


def sweep() -> None:
    """End the leases that were not renewed in time."""
    now = time.monotonic()
    with lock:
        ended = [lease for group in services.values() for lease in group.values() if lease.expires < now]
        for lease in ended:
            remove(lease.service, lease.instance)


class Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def reply(self, status: HTTPStatus, body: Any = None) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def route(self) -> list[str]:
        return urlsplit(self.path).path.strip("/").split("/")

    def do_GET(self) -> None:
        match self.route():
            case ["services", service]:
                with lock:
                    for url in parse_qs(urlsplit(self.path).query).get("watch", []):
                        watch(service, url)
                    self.reply(HTTPStatus.OK, sorted(it.address for it in services.get(service, {}).values()))
            case _:
                self.reply(HTTPStatus.NOT_FOUND)

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        match self.route():
            case ["services", service, instance]:
                with lock:
                    register(service, instance, body["address"], body.get("ttl", 30))
                self.reply(HTTPStatus.OK)
            case _:
                self.reply(HTTPStatus.NOT_FOUND)

    def do_DELETE(self) -> None:
        match self.route():
            case ["services", service, instance]:
                with lock:
                    known = remove(service, instance)
                self.reply(HTTPStatus.OK if known else HTTPStatus.NOT_FOUND)
            case _:
                self.reply(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Keep quiet: the registry is asked all the time."""


def main() -> None:
    parser = argparse.ArgumentParser(description="A service registry over HTTP.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Requests)
    threading.Thread(target=server.serve_forever, name="requests", daemon=True).start()
    print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
    stopped = threading.Event()
    while not stopped.wait(SWEEP_SECONDS):
        sweep()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
