"""A catalogue of a million strings and dicts is loaded at the start, and only read."""

from steady import rounds

CATALOGUE = {number: {"name": f"article {number}", "price": number / 100} for number in range(250_000)}

total = 0.0
for number in rounds(200):
    total += CATALOGUE[number * 37 % 250_000]["price"]
