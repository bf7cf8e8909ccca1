"""aiohttp's server, run as its documentation does."""

import sys

from aiohttp import web


async def answer(request):
    return web.Response(text=request.path)


app = web.Application()
app.router.add_get("/{number}", answer)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
