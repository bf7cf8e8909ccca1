"""A reference is removed only where it still is: another thread may have put something else there."""

from __future__ import annotations

import pytest
from drawing import Slotted, Wild

from pdbleak.analyses.places import places_of
from pdbleak.analyses.removal import remove_all


class Own:
    """A class of which no other test makes an instance store its attributes elsewhere."""


def an_attribute(kind):
    owner, old, new = kind(), Wild(), Wild()
    owner.left = old
    return owner, None, old, lambda: setattr(owner, "left", new), lambda: owner.left is new


def a_class_attribute():
    old, new = Wild(), Wild()
    owner = type("Changed", (), {"left": old})
    namespace = type.__dict__["__dict__"].__get__(owner).copy()
    return namespace, owner, old, lambda: setattr(owner, "left", new), lambda: owner.left is new


def a_member():
    old, new = Wild(), Wild()
    owner = {old}

    def change():
        owner.clear()
        owner.add(new)

    return owner, None, old, change, lambda: owner == {new}


def an_entry():
    old, new = Wild(), Wild()
    owner = {"left": old}
    return owner, None, old, lambda: owner.update(left=new), lambda: owner == {"left": new}


def an_element():
    old, new = Wild(), Wild()
    owner = [old]
    return owner, None, old, lambda: owner.insert(0, new), lambda: owner == [new, old]


BUILDS = {
    "an attribute": lambda: an_attribute(Own),
    "a slot": lambda: an_attribute(Slotted),
    "a class attribute": a_class_attribute,
    "a member of a set": a_member,
    "an entry": an_entry,
    "an element": an_element,
}


@pytest.mark.parametrize("name", BUILDS)
def test_what_stands_there_by_now_stays(name):
    referrer, owner, old, change, is_kept = BUILDS[name]()
    places, obstacle = places_of(referrer, old, owner=owner)
    assert (len(places), obstacle) == (1, "")
    change()
    removed, failed = remove_all(places)
    assert (removed, failed) == ([], [f"{places[0].text} is not there any more"])
    assert is_kept()


@pytest.mark.parametrize("name", BUILDS)
def test_what_stands_there_still_goes(name):
    referrer, owner, old, _, _ = BUILDS[name]()
    places, _ = places_of(referrer, old, owner=owner)
    removed, failed = remove_all(places)
    assert (removed, failed) == ([places[0].text], [])
    assert places_of(owner or referrer, old)[0] == []
