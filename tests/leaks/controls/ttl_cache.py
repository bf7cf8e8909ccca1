"""A cache whose entries expire after a second keeps as many as come in a second.

needs: cachetools
"""

from cachetools import TTLCache
from steady import rounds

answers = TTLCache(maxsize=1000, ttl=1.0)


def look_up(number):
    answers[number] = {"number": number, "text": f"answer {number}"}


for number in rounds(100):
    look_up(number)
