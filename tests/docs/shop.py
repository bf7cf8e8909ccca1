"""A small shop whose objects the reference page looks at.

Three customers, twelve orders, and thirty baskets that were dropped.
"""

from __future__ import annotations

import gc
import time


class Customer:
    """Somebody who orders."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.orders: list[Order] = []


class Order:
    """What a customer ordered; both know each other."""

    def __init__(self, customer: Customer, number: int) -> None:
        self.customer = customer
        self.number = number
        customer.orders.append(self)


class Basket:
    """What was never ordered: a basket and its lines, which nothing else knows."""

    def __init__(self) -> None:
        self.lines = [Line(self), Line(self)]


class Line:
    """One line of a basket."""

    def __init__(self, basket: Basket) -> None:
        self.basket = basket


class Shop:
    """All customers, and the orders that are still to be sent."""

    def __init__(self, names: list[str]) -> None:
        self.customers = {name: Customer(name) for name in names}
        self.waiting: list[Order] = []

    def order(self, name: str, number: int) -> None:
        self.waiting.append(Order(self.customers[name], number))


shop = Shop(["ada", "grace", "mary"])


def serve() -> None:
    for number in range(12):
        shop.order(("ada", "grace", "mary")[number % 3], number)
    for _ in range(30):
        Basket()
    print("the shop is open", flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    gc.disable()
    serve()
