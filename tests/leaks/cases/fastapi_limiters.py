"""A middleware has a rate limiter per client, and drops none: every new client is one for good.

leaks: limiters
kept: TokenBucket
issue: https://github.com/PrefectHQ/fastmcp/pull/4057
needs: fastapi uvicorn httpx
"""

import asyncio
import time
from collections import defaultdict

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from steady import steps


class TokenBucket:
    def __init__(self):
        self.tokens = 10.0
        self.last = time.monotonic()
        self.lock = asyncio.Lock()

    async def consume(self):
        async with self.lock:
            now = time.monotonic()
            self.tokens = min(10.0, self.tokens + 10 * (now - self.last)) - 1
            self.last = now
            return self.tokens >= 0


class RateLimiting:
    def __init__(self):
        self.limiters = defaultdict(TokenBucket)

    async def __call__(self, request, call_next):
        if await self.limiters[request.headers["x-client"]].consume():
            return await call_next(request)
        return Response(status_code=429)


app = FastAPI()
app.middleware("http")(RateLimiting())


@app.get("/items/{number}")
async def read_item(request: Request, number: int):
    return {"item": number, "client": request.headers["x-client"]}


async def main():
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        async for number in steps(50):
            await client.get(f"/items/{number % 10}", headers={"x-client": f"client-{number}"})
    await serving


asyncio.run(main())
