"""The kinds of daemon there are, and how each is started; knows nothing of keys and prompts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of daemon: its name, its command line after `python`, and what it is asked over.

    `keeps` tells whether the server keeps a connection open from one request to the next, `pause` how long
    the client waits between two, `chance` which last words plain Python says only now and then.
    """

    name: str
    command: tuple[str, ...]
    protocol: str = "lines"
    keeps: bool = True
    pause: float = 0.005
    chance: str = ""

    def arguments(self, port: int, folder: Path) -> list[str]:
        """Return the command line for a port; what the program writes goes to a folder."""
        words = [word.format(port=port, folder=folder) for word in self.command]
        return words if words[0] == "-m" else [str(PROGRAMS / words[0]), *words[1:]]


def script(name: str, file: str, *more: str, pause: float = 0.005) -> Kind:
    """A program that answers lines."""
    return Kind(name, (f"{file}.py", "{port}", *more), pause=pause)


def web(name: str, *command: str, keeps: bool = True, chance: str = "") -> Kind:
    """A server that answers HTTP."""
    return Kind(name, command, "http", keeps, chance=chance)


UVICORN = ("-m", "uvicorn", "asgi:app", "--port", "{port}", "--no-access-log")
GUNICORN = ("-m", "gunicorn", "-b", "127.0.0.1:{port}", "-w", "2", "--graceful-timeout", "5")
HYPERCORN = ("-m", "hypercorn", "asgi:app", "--bind", "127.0.0.1:{port}")

KINDS = (
    script("time.sleep", "in_sleep"),
    script("accept", "in_accept"),
    script("select", "in_select"),
    script("Thread.join", "in_join"),
    script("Event.wait", "in_wait"),
    script("queue.get", "in_get"),
    script("busy loop", "busy"),
    script("socketserver", "on_socketserver"),
    script("schedule", "on_schedule"),
    script("concurrent.futures, threads", "on_futures", "threads"),
    script("concurrent.futures, processes", "on_futures", "processes"),
    script("asyncio, idle", "on_asyncio", pause=0.2),
    script("asyncio, busy", "on_asyncio", "busy"),
    script("asyncio, own SIGINT handler", "on_asyncio", "handler"),
    script("uvloop", "on_asyncio", "uvloop"),
    script("uvloop, own SIGINT handler", "on_asyncio", "uvloop", "handler"),
    web("uvicorn", *UVICORN),
    web("uvicorn --loop uvloop", *UVICORN, "--loop", "uvloop"),
    web("uvicorn --workers 2", *UVICORN, "--workers", "2", chance="Terminated child process"),
    web("hypercorn", *HYPERCORN),
    web("hypercorn --workers 0", *HYPERCORN, "--workers", "0"),
    web("aiohttp", "on_aiohttp.py", "{port}"),
    web("gunicorn, sync workers", *GUNICORN, "wsgi:app", keeps=False, chance="Worker exiting"),
    web("gunicorn, uvicorn workers", *GUNICORN, "-k", "uvicorn_worker.UvicornWorker", "asgi:app"),
    web("Flask on Werkzeug", "on_flask.py", "{port}", keeps=False),
    web("waitress", "-m", "waitress", "--listen=127.0.0.1:{port}", "wsgi:app"),
    web("tornado", "on_tornado.py", "{port}"),
    script("twisted", "on_twisted"),
    script("celery worker, threads", "on_celery", "threads", "cache+memory://"),
    script("celery worker, processes", "on_celery", "prefork", "file://{folder}"),
)
BY_NAME = {kind.name: kind for kind in KINDS}
