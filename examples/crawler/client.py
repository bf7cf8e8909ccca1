"""Traffic for the crawler: a small site that it can crawl, and the requests to crawl and search it.

    python client.py PORT [ROUNDS]

Every round crawls the site's pages and looks up one word. No ROUNDS, or 0, goes on until the crawler ends.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import IO

PAGES = 30
WORDS = ["anchor", "balcony", "candle", "drawer", "engine", "feather", "garden", "hammer", "island", "kettle"]


class Site(BaseHTTPRequestHandler):
    """Pages that link to each other; the same number gives the same page."""

    def do_GET(self) -> None:
        number = int(self.path.strip("/") or 0)
        chance = random.Random(number)
        words = " ".join(chance.choices(WORDS, k=12))
        links = " ".join(f'<a href="/{chance.randrange(PAGES)}">more</a>' for _ in range(3))
        page = f'<title>Page {number}</title><p>{words} {links} <a href="/{(number + 1) % PAGES}">next</a>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        pass


def ask(stream: IO[str], line: str) -> str:
    """Write one line, return the answer."""
    print(line, file=stream, flush=True)
    answer = stream.readline().strip()
    if not answer or answer.startswith("error"):
        raise ConnectionError(f"{line!r}: {answer or 'the crawler closed the connection'}")
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description="Traffic for the crawler.")
    parser.add_argument("port", type=int)
    parser.add_argument("rounds", type=int, nargs="?", default=0, help="crawls to make; 0 goes on")
    options = parser.parse_args()
    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        for _ in range(options.rounds) if options.rounds else count():
            with (
                socket.create_connection(("127.0.0.1", options.port)) as connection,
                connection.makefile("rw", encoding="utf-8") as stream,
            ):
                ask(stream, f"crawl http://127.0.0.1:{site.server_port}/0 {PAGES}")
                ask(stream, f"find {random.choice(WORDS)}")
    except ConnectionError:
        if options.rounds:
            raise
    print(f"{options.rounds} rounds done", flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
