"""Known causes around threads, tasks and generators: work that waits, and what never ends."""

from __future__ import annotations

from pdbleak.analyses.holders.known import KnownHolder

CONCURRENCY = (
    KnownHolder(
        "a pool of threads gets work faster than it does it: its queue has no limit",
        r"ThreadPoolExecutor \._work_queue → |concurrent\.futures\.thread\._WorkItem$",
        "hold submit back, for example by a threading.BoundedSemaphore that each job releases",
        "https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.Executor.submit",
    ),
    KnownHolder(
        "a pool of multiprocessing keeps each result until somebody gets it, and each job until it is done",
        r"multiprocessing\.pool\.(_PoolCache|\S*Pool \.(_cache|_inqueue|_taskqueue))",
        "get() each AsyncResult, hold submission back, or use imap, which works ahead no more than it must",
        "https://docs.python.org/3/library/multiprocessing.html#multiprocessing.pool.Pool.imap",
    ),
    KnownHolder(
        "each thread that lives has values of its own in a threading.local",
        r"_thread\._local \(thread's values\)|threading\.local",
        "end the threads, or delete the attribute where a request ends: threads of a pool live on",
        "https://docs.python.org/3/library/threading.html#thread-local-data",
    ),
    KnownHolder(
        "contexts are kept, each with the values of all context variables",
        r"(\[\*\]|\{\S+\}) → _contextvars\.Context$|_contextvars\.Context \(context variable\)",
        "reset variables: var.reset(token); structlog: clear_contextvars() where a request begins",
        "https://docs.python.org/3/library/contextvars.html#contextvars.ContextVar.reset",
        least=5000,
    ),
    KnownHolder(
        "tasks are kept that do not end, or that nobody takes out when they have ended",
        r"(\[\*\]|\{\S+\}) → (_asyncio|asyncio\.tasks)\.Task$",
        "task.add_done_callback(tasks.discard); asyncio.timeout() for what may wait for ever",
        "https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task",
        least=5000,
    ),
    KnownHolder(
        "generators are kept that were not run to their end, each with its local variables",
        r"(\[\*\]|\{\S+\}) → (generator|async_generator|coroutine)$",
        "close() each, or contextlib.closing(); await or close coroutines",
        "https://docs.python.org/3/reference/expressions.html#generator.close",
    ),
)
