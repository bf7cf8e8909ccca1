"""Naming the hostile zoo runs none of its methods and raises nothing."""

from __future__ import annotations

import gc
from typing import Any

import hostile
import pytest

from pdbleak._native import managed_dict, referents
from pdbleak.names import form, reference_names, repr_form, type_name


@pytest.fixture
def zoo():
    yield hostile.build_zoo()
    hostile.disarm()


def look_at(item: Any) -> list[str]:
    """Name an object, its type and every reference of it and of what it refers to."""
    texts = [form(item), form(item, limit=10), type_name(type(item))]
    for referent in referents(item):
        texts += [form(referent), type_name(type(referent)), *reference_names(item, referent)]
        texts += [name for each in referents(referent)[:50] for name in reference_names(referent, each)]
    return texts


def test_naming_runs_no_code_of_the_program(zoo):
    guilty = {}
    for name, item in zoo.items():
        hostile.ran.clear()
        look_at(item)
        if hostile.ran:
            guilty[name] = list(hostile.ran)
    hostile.disarm()
    assert guilty == {}


def test_every_text_is_one_printable_line(zoo):
    texts = [text for item in zoo.values() for text in look_at(item)]
    hostile.disarm()
    assert [text for text in texts if type(text) is not str or not text.isprintable() or not text] == []
    assert max(map(len, texts)) < 450


def test_every_reference_of_the_zoo_has_a_name(zoo):
    unnamed = [
        (name, names)
        for name, item in zoo.items()
        for referent in referents(item)
        if (names := reference_names(item, referent))[0].startswith("(held")
    ]
    hostile.disarm()
    assert unnamed == []


def test_looking_makes_no_instance_dict(zoo):
    before = {name: managed_dict(item) is None for name, item in zoo.items()}
    for item in zoo.values():
        look_at(item)
    after = {name: managed_dict(item) is None for name, item in zoo.items()}
    hostile.disarm()
    assert after == before


def test_looking_leaves_no_object_behind(zoo):
    for item in zoo.values():
        look_at(item)
    gc.collect()
    before = len(gc.get_objects())
    for item in zoo.values():
        look_at(item)
    after = len(gc.get_objects())
    hostile.disarm()
    assert after - before <= 1


def test_a_repr_that_raises_is_told():
    class Broken:
        def __repr__(self) -> str:
            raise LookupError

    class Endless:
        def __repr__(self) -> str:
            return repr(self)

    class Wrong:
        def __repr__(self) -> str:
            return 7  # type: ignore[return-value]

    assert repr_form(Broken()) == "<repr raised LookupError>"
    assert repr_form(Endless()) == "<repr raised RecursionError>"
    assert repr_form(Wrong()) == "<repr raised TypeError>"


def test_a_repr_is_cut_and_on_one_line():
    class Long:
        def __repr__(self) -> str:
            return "a\nb" + "x" * 100

    text = repr_form(Long(), limit=10)
    assert text.startswith(r"a\nbxxx")
    assert text.endswith("…")


def test_ctrl_c_during_a_repr_gets_through():
    class Interrupted:
        def __repr__(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        repr_form(Interrupted())
