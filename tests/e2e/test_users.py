"""The user service: a cache that only grows, behind uvicorn, which installs a SIGINT handler of its own."""

from __future__ import annotations

from answers import count_of, rows_of

ROUNDS = 200


def test_growth_names_the_type_and_the_chain_names_the_cache(start):
    users = start("users")
    users.drive(ROUNDS)
    users.press_ctrl_c()
    users.type("leak growth")
    assert count_of(users.type("leak count User"), "User") == ROUNDS

    users.resume()
    users.drive(ROUNDS)
    users.press_ctrl_c()
    growth = users.type("leak growth")
    assert ROUNDS in [abs(number) for row in rows_of(growth, "User") for number in signed(row)]
    users.type("leak random User")
    chain = users.type("leak chain _1")
    assert "ProfileCache" in chain
    assert ".entries" in chain
    assert "cache" in chain

    users.resume()
    users.drive(5)
    users.press_ctrl_c()
    assert users.quit_cleanly()


def test_the_key_that_never_repeats_is_in_the_reference(start):
    users = start("users", columns=120)
    users.drive(20)
    users.press_ctrl_c()
    users.type("leak random User")
    assert "session=" in users.type("leak backrefs _1 2")


def signed(row: str) -> list[int]:
    """Return the row's numbers, `+200` included."""
    return [
        int(word.replace(",", "")) for word in row.split() if word.lstrip("+-").replace(",", "").isdigit()
    ]
