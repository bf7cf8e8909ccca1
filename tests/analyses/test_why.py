"""Why an object lives: judged steps, suspects between the last in use and the first finished, other paths."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from itertools import product

import drawing
import pytest
from drawing import Node, hold, leak_in_c, repair

from pdbleak.analyses import fingerprint
from pdbleak.analyses.chain import NOT_HELD
from pdbleak.analyses.judging import Judgement
from pdbleak.analyses.suspicion import suspect
from pdbleak.analyses.why import NO_OTHER
from pdbleak.command import CommandError
from pdbleak.commands.ignore import ignore
from pdbleak.commands.why import why

ALIVE, FINISHED = Judgement("alive", "in use"), Judgement("finished", "over")


class Holder:
    """Holds what it is given."""

    def __init__(self, **held):
        self.__dict__.update(held)


def references(found):
    return [step.reference for step in found.steps]


def suspects(found):
    return [step.reference for step in found.steps if step.suspect]


def evaluate(session, **names):
    session.evaluate = lambda text: eval(text, {"drawing": drawing, **names})


def test_judgements_spread_and_what_lies_between_is_suspect():
    for steps in product((None, ALIVE, FINISHED), repeat=4):
        thoughts = suspect(steps)
        verdicts = [thought.verdict for thought in thoughts]
        # Above an alive step all are alive, below a leaking one all leak: so the verdicts come in this order.
        assert verdicts == sorted(verdicts, key=["alive", "unknown", "leaking"].index)
        last_alive = max((place for place, step in enumerate(steps) if step is ALIVE), default=-1)
        finished = [place for place, step in enumerate(steps) if step is FINISHED and place > last_alive]
        assert verdicts.count("alive") == last_alive + 1
        first_leaking = finished[0] if finished else 3
        assert [thought.suspect for thought in thoughts] == [
            last_alive < place <= first_leaking for place in range(4)
        ]
        assert all(thought.reason for thought in thoughts if thought.verdict != "unknown")


def test_a_closed_socket_in_a_dict_is_leaking(session):
    drawing.HELD["open"] = {"a": socket.socket()}
    drawing.HELD["open"]["a"].close()
    found = why(session, subject="drawing.HELD['open']['a']")
    assert (found.root, found.root_reason) == ("module drawing", "a module")
    assert (found.steps[-1].verdict, found.steps[-1].reason) == ("leaking", "a socket that is closed")
    assert suspects(found) == references(found) == [".HELD", "['open']", "['a']"]


def test_what_a_done_task_holds_leaks_and_the_references_above_are_suspect(session):
    async def work():
        return Node()

    async def serve():
        task = asyncio.create_task(work())
        await task
        return task

    drawing.HELD["task"] = asyncio.run(serve())
    found = why(session, subject="Node")
    assert references(found) == [".HELD", "['task']", "._result"]
    assert suspects(found) == [".HELD", "['task']"]
    assert [step.reason for step in found.steps[1:]] == [
        "a task that is done",
        "it is held by what has finished",
    ]


def test_what_has_finished_in_a_dead_thread_leaks(session):
    thread = threading.Thread(target=int)
    thread.item = Node()
    drawing.HELD["thread"] = thread
    thread.start()
    thread.join()
    thread = None
    found = why(session, subject="Node")
    assert suspects(found) == [".HELD", "['thread']"]
    assert found.steps[1].reason == "a thread that has ended"


def test_below_a_running_thread_only_its_own_references_are_suspect(session):
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.holder = Holder(item=Node())
    drawing.HELD["thread"] = thread
    thread.start()
    try:
        found = why(session, subject="Node")
    finally:
        stop.set()
        thread.join()
    assert references(found)[-2:] == [".holder", ".item"]
    assert suspects(found) == [".holder", ".item"]


def test_a_finished_generator_leaks(session):
    made = (each for each in ())
    assert list(made) == []
    drawing.HELD["made"] = [made]
    evaluate(session, made=made)
    found = why(session, subject="drawing.HELD['made'][0]")
    assert found.steps[-1].reason.startswith("a generator whose ")
    made = None


def test_where_nothing_has_finished_the_subject_is_taken_as_leaking(session):
    hold("a -> b -> c", "a")
    found = why(session, subject="drawing.HELD['a'].b.c")
    assert [step.verdict for step in found.steps] == ["unknown"] * 3 + ["leaking"]
    assert found.steps[-1].reason.startswith("assumed")
    assert suspects(found) == references(found)


def test_every_step_refers_to_the_next_one(session):
    hold("a -> b -> c", "a")
    found = why(session, subject="drawing.HELD['a'].b.c")
    assert [step.number for step in found.steps] == [1, 2, 3, 4]
    assert found.steps[0].holder_address == id(vars(drawing))
    for above, below in zip(found.steps, found.steps[1:], strict=False):
        assert below.holder_address == above.address


def test_a_local_of_a_running_frame_is_suspect_itself(session):
    local = Node()
    found = why(session, subject="Node")
    assert found.root.startswith("local 'local' of ")
    assert [(step.holder_address, step.suspect) for step in found.steps] == [(0, True)]
    assert local is not None


@pytest.mark.parametrize("subject", ["drawing", "(int)", "(None)", "(1)", "drawing.Node"])
def test_what_is_in_use_itself_has_no_suspects(session, subject):
    found = why(session, subject=subject)
    assert suspects(found) == []
    assert found.steps[-1].verdict == "alive"
    assert found.note


def test_garbage_is_held_by_nothing(session):
    hold("a -> b -> a")
    found = why(session, subject="Node")
    assert (found.steps, found.note, found.next) == ((), NOT_HELD, "leak cycles drawing.Node")


def test_nobody_has_no_path(session):
    found = why(session, subject="Nobody")
    assert (found.steps, found.population, found.next) == ((), 0, "leak types 20")


def test_what_c_holds_says_so(session):
    address = leak_in_c(Node)
    try:
        found = why(session, subject="Node")
        assert (found.root, found.root_reason) == ("held by C", "")
    finally:
        session.close()
        repair(address)


def test_others_held_by_the_same_references_are_counted(session):
    drawing.HELD["pool"] = Holder(
        conns={number: Holder(conn=Node()) for number in range(7)},
        spare=[Holder(other=Node()) for _ in range(3)],
        last=Node(),
    )
    found = why(session, subject="drawing.HELD['pool'].conns[3].conn")
    assert references(found) == [".HELD", "['pool']", ".conns", "[3]", ".conn"]
    assert (found.alike, found.at_least, found.population) == (6, False, 11)
    found = why(session, subject="drawing.HELD['pool'].spare[0].other")
    assert found.alike == 2
    assert why(session, subject="drawing.HELD['pool'].last").alike == 0


def test_two_attributes_of_one_type_are_two_fingerprints(session):
    pairs = [Holder(one=Node(), two=Node()) for _ in range(5)]
    drawing.HELD["pairs"] = pairs
    assert why(session, subject="drawing.HELD['pairs'][2].two").alike == 4
    for pair in pairs[1:]:
        del pair.__dict__["one"]
    session.close()
    session.evaluate = lambda _: pairs[2].two
    assert why(session, subject="(it)").alike == 4


def test_each_ignored_reference_leads_to_an_independent_path(session):
    node = Node()
    evaluate(session, node=node)
    drawing.HELD["near"] = node
    drawing.HELD["far"] = {"deep": [node]}
    node = None
    session.evaluate = lambda _: drawing.HELD["near"]
    first = why(session, subject="(it)")
    assert references(first) == [".HELD", "['near']"]
    second = ignore(session, step=2)
    assert references(second) == [".HELD", "['far']", "['deep']", "[0]"]
    assert second.ignored == 1
    assert references(why(session, subject="(it)")) == references(second)
    last = ignore(session, step=3)
    assert (last.steps, last.note, last.ignored) == ((), NO_OTHER, 2)
    with pytest.raises(CommandError, match="no path was shown last"):
        ignore(session)


def test_without_a_number_the_last_suspect_reference_is_ignored(session):
    drawing.HELD["near"] = node = Node()
    drawing.HELD["list"] = [0, node]
    del node
    session.evaluate = lambda _: drawing.HELD["near"]
    seen = [references(why(session, subject="(it)"))]
    while seen[-1]:
        seen.append(references(ignore(session)))
    assert seen == [[".HELD", "['near']"], [".HELD", "['list']", "[1]"], []]


def test_another_subject_is_not_affected(session):
    hold("a -> b", "a")
    why(session, subject="drawing.HELD['a'].b")
    ignore(session)
    assert references(why(session, subject="drawing.HELD['a']")) == [".HELD", "['a']"]


def test_what_is_ignored_is_forgotten_with_the_prompt(session):
    hold("a -> b", "a")
    why(session, subject="drawing.HELD['a'].b")
    ignore(session, step=3)
    evaluated = session.evaluate
    session.close()
    assert (session.ignored, session.explained) == ({}, ("", ()))
    session.evaluate = evaluated
    assert why(session, subject="drawing.HELD['a'].b").ignored == 0


def test_ignoring_before_anything_was_shown_is_a_mistake(session):
    with pytest.raises(CommandError, match="leak why SUBJECT"):
        ignore(session)


def test_ignoring_a_step_that_is_not_there_is_a_mistake(session):
    hold("a -> b", "a")
    why(session, subject="drawing.HELD['a'].b")
    with pytest.raises(CommandError, match="leak ignore 3"):
        ignore(session, step=9)


def test_a_very_long_path_is_cut_and_says_so(session):
    item = drawing.HELD["list"] = []
    for _ in range(20_000):
        item.append([])
        item = item[0]
    item.append(Node())
    item = None
    found = why(session, subject="Node")
    assert len(found.steps) + found.omitted == found.suspects == 20_000 + 3
    assert "left out" in found.note
    while drawing.HELD["list"] and type(drawing.HELD["list"]) is list:
        drawing.HELD["list"] = drawing.HELD["list"].pop()


def test_counting_ends_after_as_many_references_and_says_so(session, monkeypatch):
    shared = [Holder(item=Node()) for _ in range(40)]
    drawing.HELD["all"] = [Holder(items=list(shared)) for _ in range(30)]
    del shared
    session.evaluate = lambda _: drawing.HELD["all"][3].items[7].item
    found = why(session, subject="(it)")
    assert (found.alike, found.at_least) == (39, False)
    monkeypatch.setattr(fingerprint, "MOST_REFERENCES", 100)
    found = why(session, subject="(it)")
    assert found.at_least
    assert found.alike <= 39


def test_many_alike_are_counted_in_time(session):
    drawing.HELD["all"] = [Holder(item=Node()) for _ in range(50_000)]
    found = why(session, subject="drawing.HELD['all'][7].item")
    assert found.alike == 49_999
    assert sys.getrefcount(drawing.HELD["all"]) < 5
