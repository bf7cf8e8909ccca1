"""A bounded cache fills up while it warms up, and then drops the oldest entry for each new one."""

from functools import lru_cache

from steady import rounds


@lru_cache(maxsize=150)
def look_up(number):
    return {"number": number, "name": f"name of {number}"}


for number in rounds(200):
    look_up(number)
