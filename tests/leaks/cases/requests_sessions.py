"""Sessions are cached by the whole address, path and query included: none is found again.

leaks: _session_cache
kept: Session
issue: https://github.com/blockchain-etl/tezos-etl/pull/1
needs: requests
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from steady import rounds

_session_cache = {}


class Node(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def get_session(url):
    if url not in _session_cache:
        _session_cache[url] = requests.Session()
    return _session_cache[url]


def get_block(level):
    url = f"http://127.0.0.1:{node.server_port}/chains/main/blocks/{level}"
    return get_session(url).get(url, timeout=10).json()


node = ThreadingHTTPServer(("127.0.0.1", 0), Node)
threading.Thread(target=node.serve_forever, daemon=True).start()
for number in rounds(30, warm_up=60):
    get_block(number)
