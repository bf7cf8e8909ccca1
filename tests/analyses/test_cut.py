"""What `leak cut` says is cut for real, and what died is counted: equal to the object and to the byte."""

from __future__ import annotations

import functools
import gc
import sys
import threading
import weakref
from collections import OrderedDict
from random import Random

import drawing
import pytest
import wilderness
from drawing import Node, Wild, build_random, draw, hold
from test_portrait import fewer

from pdbleak.commands.cut import cut


def names(found):
    return [(row.where, row.count, row.obstacle) for row in found.rows]


def lost(before, after):
    return sum(count for count, _ in fewer(before, after).values())


@pytest.mark.parametrize("seed", range(4))
def test_what_one_reference_frees_is_what_dies_without_it(session, seed):
    build_random(Random(seed))
    found = cut(session, subject="drawing.HELD['top']")
    assert names(found) == [("module drawing .HELD['top']", 1, "")]
    session.handles.clear()
    gc.collect()
    _first, before = session.fresh(), session.fresh()
    del drawing.HELD["top"]
    at_once = lost(before, session.fresh())
    gc.collect()
    died = fewer(before, session.fresh())
    assert {row.type: [row.count, row.size] for row in found.types} == died
    assert found.at_once == at_once


def test_of_several_holders_each_is_a_reference_to_remove(session):
    hold("a -> b; c -> b; d -> e", "a", "c", "d")
    found = cut(session, subject="drawing.HELD['a'].b")
    assert found.number == 2
    assert sorted(names(found)) == [
        ("module drawing .HELD['a'].b", 1, ""),
        ("module drawing .HELD['c'].b", 1, ""),
    ]
    assert found.objects == 1


def test_a_list_that_holds_it_twice_is_two_references(session):
    item = Node()
    drawing.HELD["list"] = [item, item]
    drawing.HELD["more"] = [[item, 1]]
    del item
    found = cut(session, subject="drawing.HELD['list'][0]")
    # Above both lists one reference each is enough.
    assert sorted(names(found)) == [
        ("module drawing .HELD['list']", 1, ""),
        ("module drawing .HELD['more'][0][0]", 1, ""),
    ]


def test_more_than_six_holders_name_the_choke_point(session):
    item = Node()
    drawing.HELD["box"] = [[item] for _ in range(9)]
    del item
    drawing.HELD["more"] = [drawing.HELD["box"]] * 7
    found = cut(session, subject="drawing.HELD['box'][0][0]")
    assert (found.number, found.rows, found.next) == (7, (), "leak cut _2")
    assert session.handles["_2"] is drawing.HELD["box"]
    assert (found.choke.where, found.choke.objects) == ("module drawing .HELD['box']", 11)


def test_a_tuples_entry_cannot_be_removed_but_what_holds_the_tuple(session):
    item = Node()
    drawing.HELD["pairs"] = [(item, 1)]
    del item
    found = cut(session, subject="drawing.HELD['pairs'][0][0]")
    assert names(found) == [("module drawing .HELD['pairs'][0]", 1, "")]
    assert found.objects == 2


@pytest.mark.parametrize("make", [dict, OrderedDict])
def test_the_strings_that_only_a_table_knows_die_with_it(session, make):
    table = drawing.HELD["seen"] = make()
    for number in range(1000):
        table[f"key {number} {id(table)}"] = None
    size = sum(map(sys.getsizeof, table)) + sys.getsizeof(table)
    del table
    settle(session)
    planned = cut(session, subject="drawing.HELD['seen']")
    assert (planned.at_once, planned.at_once_size) == (1001, size)
    check(planned, cut(session, subject="drawing.HELD['seen']", apply=True, yes=True))


@pytest.mark.parametrize("make", [dict, OrderedDict])
@pytest.mark.parametrize(
    "subject", ["next(iter(drawing.HELD['table']))", "[*drawing.HELD['table'].values()][0]"]
)
@pytest.mark.parametrize("key", ["text", "tuple"])
def test_an_entry_s_key_dies_with_its_value_and_its_value_with_its_key(session, make, subject, key):
    table = drawing.HELD["table"] = make()
    for number in range(3):
        text = f"key {number} {id(table)}"
        table[text if key == "text" else (text,)] = Wild()
    del table, text
    settle(session)
    planned = cut(session, subject=subject)
    assert [row.reference.startswith("[") for row in planned.rows] == [True]
    assert planned.objects == (2 if key == "text" else 3)
    made = cut(session, subject=subject, apply=True, yes=True)
    check(planned, made)
    assert len(drawing.HELD["table"]) == 2


def test_garbage_needs_no_cut(session):
    nodes = draw("a -> b -> a", kind=Wild)
    drawing.HELD["a"] = nodes["a"]
    del nodes
    cut(session, subject="drawing.HELD['a']")
    del drawing.HELD["a"]
    session.forget_heap()
    assert cut(session, subject="_1").note.startswith("garbage")


@pytest.mark.parametrize(
    ("subject", "note"),
    [
        ("drawing", "a module: sys.modules"),
        ("(None)", "immortal"),
        ("NoSuchThing", "no live objects of type"),
    ],
)
def test_what_cannot_be_cut_says_why(session, subject, note):
    found = cut(session, subject=subject)
    assert found.note.startswith(note)
    assert (found.number, found.rows) == (0, ())


# ---- cut for real ----


def settle(session):
    """Collect twice, so that a cut's collection finds nothing but its own."""
    session.forget_heap()
    gc.collect()
    gc.collect()


def check(planned, made):
    """What was promised died, all of it, and nothing else did."""
    assert made.failed == ()
    assert (made.died, made.died_size) == (made.promised, made.promised_size)
    assert made.others == 0
    assert all(row.promised == row.died for row in made.rows)
    assert planned.number == sum(row.count for row in planned.rows)


@pytest.mark.parametrize("seed", range(16))
def test_a_cut_frees_what_it_promised_to_the_object_and_byte(session, seed):
    wilderness.build(Random(seed))
    settle(session)
    planned = cut(session, subject="drawing.HELD['wild']['subject'][1]")
    if planned.number > planned.most:
        return
    collect = bool(seed % 2)
    made = cut(session, subject="drawing.HELD['wild']['subject'][1]", apply=True, yes=True, collect=collect)
    check(planned, made)
    if collect:
        assert (made.died, made.died_size) == (planned.objects, planned.size)
    else:
        assert (made.died, made.died_size) == (planned.at_once, planned.at_once_size)
        assert made.waiting == planned.next_collection + planned.further_collections


def test_most_random_subjects_can_be_cut_and_in_many_ways(session):
    numbers = set()
    later = 0
    for seed in range(16):
        wilderness.build(Random(seed))
        planned = cut(session, subject="drawing.HELD['wild']['subject'][1]")
        numbers.add(planned.number)
        later += planned.next_collection > 0
        session.close()
        session.evaluate = lambda text: eval(text, {"drawing": drawing})
    assert {1, 2, 3} <= numbers
    assert later > 5


def test_an_entry_of_a_cache_without_a_limit_is_removed_and_the_cache_goes_on(session):
    drawing.HELD["load"] = load = functools.cache(lambda number: Wild() if number else None)
    kept = load(1)
    died = weakref.ref(load(2))
    planned = cut(session, subject="drawing.HELD['load'](2)")
    assert [(row.reference, row.obstacle) for row in planned.rows] == [("[2]", "")]
    made = cut(session, subject="drawing.HELD['load'](2)", apply=True, yes=True)
    check(planned, made)
    assert died() is None
    assert load.cache_info().currsize == 1
    assert load(1) is kept
    assert type(load(2)) is Wild


def test_an_entry_of_a_cache_with_a_limit_stays_for_its_chain_has_it_too(session):
    drawing.HELD["load"] = load = functools.lru_cache(8)(lambda _: Wild())
    load(1), load(2)
    planned = cut(session, subject="drawing.HELD['load'](2)")
    assert any("cache_clear()" in row.obstacle for row in (*planned.rows, *planned.stuck))
    assert not any(row.referent == "drawing.Wild" and not row.obstacle for row in planned.rows)


class Keyed:
    """What a value keeps alive that is its own key."""


def test_what_a_library_s_object_works_with_is_not_removed_but_what_holds_that_object(session):
    cache = drawing.HELD["cache"] = weakref.WeakKeyDictionary()
    keys = [Keyed() for _ in range(5)]
    for key in keys:
        cache[key] = [key]
    del key, keys, cache
    found = cut(session, subject="drawing.HELD['cache'].data")
    assert [row.where for row in found.rows] == ["module drawing .HELD['cache']"]
    assert "WeakKeyDictionary does not work without it" in str(found)
    check(found, cut(session, subject="drawing.HELD['cache'].data", apply=True, yes=True))


@pytest.mark.parametrize("materialised", [False, True])
def test_what_the_program_has_put_into_a_library_s_object_can_be_removed(session, materialised):
    thread = drawing.HELD["thread"] = threading.Thread(target=print)
    thread.mine = [1, 2, 3]
    if materialised:
        vars(thread)
    del thread
    found = cut(session, subject="drawing.HELD['thread'].mine")
    assert [(row.where, row.obstacle) for row in found.rows] == [("module drawing .HELD['thread'].mine", "")]
    held = cut(session, subject="drawing.HELD['thread']._started")
    assert [row.where for row in held.rows] == ["module drawing .HELD['thread']"]


def test_elements_of_an_object_array_are_said_not_to_be_counted(session):
    numpy = pytest.importorskip("numpy")
    drawing.HELD["array"] = numpy.array([Node() for _ in range(500)], dtype=object)
    drawing.HELD["numbers"] = numpy.zeros(500)
    found = cut(session, subject="drawing.HELD['array']")
    assert (found.objects, "have 500 elements, which no walk shows" in found.note) == (1, True)
    assert cut(session, subject="drawing.HELD['numbers']").note == ""
