"""tornado's server in asyncio.run, as its documentation does."""

import asyncio
import sys

import tornado.web


class Answer(tornado.web.RequestHandler):
    def get(self):
        self.write(self.request.path)

    def log_request(self):
        pass


async def main():
    app = tornado.web.Application([("/.*", Answer)], log_function=lambda _handler: None)
    app.listen(int(sys.argv[1]), "127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(main())
