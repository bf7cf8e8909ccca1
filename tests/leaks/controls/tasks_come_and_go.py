"""Tasks are kept in a set while they run, and leave it when they are done."""

import asyncio

from steady import steps

background_tasks = set()


async def notify(user):
    await asyncio.sleep(0.05)
    return f"message for {user}"


async def main():
    async for number in steps(200):
        task = asyncio.create_task(notify(f"user {number % 50}"))
        background_tasks.add(task)
        task.add_done_callback(background_tasks.discard)


asyncio.run(main())
