"""The crawler: Django keeps the SQL of every query, in dicts that the collector never tracks."""

from __future__ import annotations

from answers import count_of, rows_of

TRIES = 25


def test_the_chain_of_a_random_dict_names_the_query_log(start):
    crawler = start("crawler")
    crawler.drive(2)
    crawler.press_ctrl_c()
    crawler.type("leak growth")
    before = count_of(crawler.type("leak count dict"), "dict")

    crawler.resume()
    crawler.drive(2)
    crawler.press_ctrl_c()
    assert rows_of(crawler.type("leak growth"), "dict")
    assert count_of(crawler.type("leak count dict"), "dict") > before + 1000

    for number in range(1, TRIES):
        crawler.type("leak random dict")
        chain = crawler.type(f"leak chain _{number}")
        if "queries_log" in chain:
            break
    assert ".queries_log" in chain
    assert "deque" in chain
    assert "DatabaseWrapper" in chain

    crawler.resume()
    crawler.drive(1)
    crawler.press_ctrl_c()
    assert crawler.quit_cleanly()


def test_heapy_says_the_same_of_the_strings(start):
    crawler = start("crawler")
    crawler.drive(2)
    crawler.press_ctrl_c()
    assert "['sql']" in crawler.type("leak heap byvia str")
