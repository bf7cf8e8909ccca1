"""Every call adds a callback to a future that is done when the channel closes, and leaves it there.

leaks: closing
kept: Call
issue: https://github.com/permitio/fastapi_websocket_rpc/issues/15
"""

import asyncio

from steady import steps


class Call:
    def __init__(self, number):
        self.number = number
        self.answer = asyncio.get_running_loop().create_future()

    def abandon(self, _closed):
        self.answer.cancel()


class Channel:
    def __init__(self):
        self.closing = asyncio.get_running_loop().create_future()

    async def call(self, number):
        call = Call(number)
        self.closing.add_done_callback(call.abandon)
        asyncio.get_running_loop().call_soon(call.answer.set_result, number)
        return await call.answer


async def main():
    channel = Channel()
    async for number in steps(200):
        await channel.call(number)


asyncio.run(main())
