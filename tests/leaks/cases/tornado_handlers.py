"""Handlers are found again by a number, and forgotten on one way out only: the others stay.

leaks: handlers_by_id
kept: EventsHandler
issue: https://github.com/zulip/zulip/pull/521
needs: tornado
"""

import asyncio
import itertools

from steady import steps
from tornado import httpserver, netutil, web
from tornado.httpclient import AsyncHTTPClient

handlers_by_id = {}
numbers = itertools.count()


class EventsHandler(web.RequestHandler):
    def initialize(self):
        self.handler_id = next(numbers)
        handlers_by_id[self.handler_id] = self

    def get(self, queue):
        self.finish({"queue": queue, "events": []})

    def on_connection_close(self):
        handlers_by_id.pop(self.handler_id, None)


async def main():
    sockets = netutil.bind_sockets(0, "127.0.0.1")
    server = httpserver.HTTPServer(web.Application([(r"/events/(\d+)", EventsHandler)]))
    server.add_sockets(sockets)
    port = sockets[0].getsockname()[1]
    client = AsyncHTTPClient()
    async for number in steps(50):
        await client.fetch(f"http://127.0.0.1:{port}/events/{number % 30}")


asyncio.run(main())
