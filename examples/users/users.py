"""A user service over HTTP: profiles by id, searches by city, made up by faker and cached.

    GET /users/42?session=f00d      one profile
    GET /cities/Oslo?session=f00d   everyone the service knows there
    GET /health                     how many profiles are cached

The same id always gives the same profile. The session is the caller's; it only goes into the log.

    python users.py --port 8000
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import socket
from dataclasses import dataclass, field

import uvicorn
from faker import Faker
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

LAST_ID = 100_000
log = logging.getLogger("users")


class Address(BaseModel):
    street: str
    city: str
    postcode: str


class User(BaseModel):
    id: int
    name: str
    email: str
    phone: str
    biography: str
    address: Address


class Directory:
    """Where profiles come from: as slow as a database, as patient as faker."""

    def __init__(self) -> None:
        self.faker = Faker("en_US")

    def look_up(self, number: int) -> User:
        self.faker.seed_instance(number)
        return User(
            id=number,
            name=self.faker.name(),
            email=self.faker.email(),
            phone=self.faker.phone_number(),
            biography=self.faker.paragraph(nb_sentences=4),
            address=Address(
                street=self.faker.street_address(),
                city=self.faker.city(),
                postcode=self.faker.postcode(),
            ),
        )


@dataclass
class ProfileCache:
    """Profiles by the request that asked for them."""

    directory: Directory
    entries: dict[str, User] = field(default_factory=dict)
    hits: int = 0

    def get(self, request: Request, number: int) -> User:
        # LEAK: the key has the query in it, with the caller's session: no entry is found again, none dropped
        key = f"{request.url.path}?{request.url.query}"
        if key in self.entries:
            self.hits += 1
        else:
            self.entries[key] = self.directory.look_up(number)
        return self.entries[key]


app = FastAPI(title="users")
cache = ProfileCache(Directory())


@app.get("/users/{number}")
async def read_user(request: Request, number: int, session: str = "") -> User:
    if not 0 < number <= LAST_ID:
        raise HTTPException(404, f"there is no user {number}; ids are 1 to {LAST_ID}")
    log.info("user %d for session %s", number, session)
    return cache.get(request, number)


@app.get("/cities/{city}")
async def read_city(city: str, session: str = "") -> list[User]:
    log.info("city %s for session %s", city, session)
    known = {user.id: user for user in cache.entries.values() if user.address.city == city}
    return list(known.values())


@app.get("/health")
async def read_health() -> dict[str, int]:
    return {"cached": len(cache.entries), "hits": cache.hits}


def main() -> None:
    parser = argparse.ArgumentParser(description="A user service over HTTP.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    listener = socket.create_server(("127.0.0.1", parser.parse_args().port))
    # asyncio asks for this itself only where the socket says that it is TCP.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print("listening on {}:{}".format(*listener.getsockname()), flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
