"""Rows of a table are read in each round, and dropped."""

import sqlite3

from steady import rounds

connection = sqlite3.connect(":memory:")
connection.execute("create table orders (number integer, name text)")
connection.executemany("insert into orders values (?, ?)", [(n, f"order {n}") for n in range(500)])

for _ in rounds(40):
    total = sum(number for number, _ in connection.execute("select number, name from orders"))
