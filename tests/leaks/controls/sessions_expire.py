"""Sessions of a web shop end after a while; the store drops them in each round."""

import time

from steady import rounds

SESSIONS = {}


def serve(number):
    now = time.monotonic()
    SESSIONS[number] = {"user": f"user {number}", "basket": [number], "until": now + 1.5}
    for key in [key for key, session in SESSIONS.items() if session["until"] < now]:
        del SESSIONS[key]


for number in rounds(100):
    serve(number)
