"""A client session per call, entered into a stack that is only left at the end.

leaks: _exit_callbacks
kept: ClientSession
issue: https://github.com/python-discord/king-arthur/pull/367
needs: aiohttp
"""

import asyncio
from contextlib import AsyncExitStack

import aiohttp
from aiohttp import web
from steady import steps


class Github:
    def __init__(self, url):
        self.url = url
        self.stack = AsyncExitStack()

    async def get_members(self, team):
        session = await self.stack.enter_async_context(aiohttp.ClientSession())
        async with session.get(f"{self.url}/teams/{team}", headers={"Connection": "close"}) as answer:
            return await answer.json()


async def list_members(request):
    return web.json_response([f"{request.match_info['team']}-{number}" for number in range(10)])


async def main():
    app = web.Application()
    app.router.add_get("/teams/{team}", list_members)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    github = Github(f"http://127.0.0.1:{runner.addresses[0][1]}")
    async for number in steps(40):
        await github.get_members(number % 20)


asyncio.run(main())
