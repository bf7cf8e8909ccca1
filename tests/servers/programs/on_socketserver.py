"""The standard library's socketserver, a thread per connection."""

import socketserver

import lines


class Answer(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", lines.PORT), Answer) as server:
    server.serve_forever()
