"""FastAPI under uvicorn answers the same few requests over and over.

needs: fastapi uvicorn httpx
"""

import asyncio

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from steady import steps


class Item(BaseModel):
    number: int
    tags: list[str]


app = FastAPI()


@app.get("/items/{number}")
async def read_item(number: int) -> Item:
    return Item(number=number, tags=["a", "b"])


async def main():
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        async for number in steps(50):
            await client.get(f"/items/{number % 10}")
    await serving


asyncio.run(main())
