"""An asyncio daemon: idle, busy, on uvloop, with a SIGINT handler of its own, as the command line says."""

import asyncio
import signal
import sys

import lines


async def answer(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


async def count():
    number = 0
    while True:
        number += 1
        await asyncio.sleep(0)


async def main():
    stop = asyncio.Event()
    if "handler" in sys.argv:
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    # No `async with`: since 3.12 it would wait at its end for the connections to be closed.
    server = await asyncio.start_server(answer, "127.0.0.1", lines.PORT)
    counting = asyncio.create_task(count()) if "busy" in sys.argv else None
    await stop.wait()
    server.close()
    if counting is not None:
        counting.cancel()
    print("stopped by its own handler", flush=True)


if "uvloop" in sys.argv:
    import uvloop

    uvloop.run(main())
else:
    asyncio.run(main())
