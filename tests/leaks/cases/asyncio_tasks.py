"""Tasks are put into a set, as the documentation says, but never taken out.

leaks: background_tasks
kept: Task
issue: https://github.com/ETS-Next-Gen/writing_observer/pull/192
"""

import asyncio

from steady import steps

background_tasks = set()


async def notify(user, text):
    await asyncio.sleep(0)
    return f"{text} for {user}"


async def main():
    async for number in steps(200):
        task = asyncio.create_task(notify(f"user {number % 50}", f"message {number}"))
        background_tasks.add(task)


asyncio.run(main())
