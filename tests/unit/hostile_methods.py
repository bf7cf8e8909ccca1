"""Methods, metaclasses and descriptors that record that they ran, then raise, lie, block or print.

They behave until `arm()` is called, so that a zoo can be built of them.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ran: list[str] = []
_armed = threading.Event()
_never = threading.Event()
BLOCKED_SECONDS = 60


class HostileError(Exception):
    """What the raising half of the zoo raises."""


def arm() -> None:
    """Record every call from now on."""
    ran.clear()
    _armed.set()


def disarm() -> None:
    """Let the zoo behave, so that a test runner may look at it."""
    _armed.clear()


def _raises(what: str, lie: Any) -> Any:
    raise HostileError(what)


def _lies(what: str, lie: Any) -> Any:
    return lie


def _blocks(what: str, lie: Any) -> Any:
    _never.wait(BLOCKED_SECONDS)
    return lie


def _prints(what: str, lie: Any) -> Any:
    print("hostile", what)
    return lie


MOODS: dict[str, Callable[[str, Any], Any]] = {
    "raises": _raises,
    "lies": _lies,
    "blocks": _blocks,
    "prints": _prints,
}

# What each method answers when it lies; what may run while the zoo is built must then behave.
_TEXTS = (
    *("__str__", "__format__", "__getitem__", "__missing__", "__reduce__", "__reduce_ex__", "__add__"),
    *("__or__", "__fspath__", "get_name", "__repr__"),
)
_NOTHINGS = ("__next__", "__call__", "__copy__", "__getstate__", "__enter__", "get", "__bytes__")
_EMPTIES = ("__iter__", "__reversed__", "__await__", "keys", "items", "values", "__dir__", "encode")
_TRUTHS = (
    *("__contains__", "__eq__", "__lt__", "__gt__", "__instancecheck__", "__subclasscheck__"),
    *("isidentifier", "startswith"),
)
_NUMBERS = {
    "__hash__": 0,
    "__sizeof__": -1,
    "__index__": -1,
    "__int__": 0,
    "__float__": 0.0,
    "__bool__": False,
}
METHODS: dict[str, Any] = {
    **dict.fromkeys(_TEXTS, "innocent"),
    **dict.fromkeys(_NOTHINGS),
    **dict.fromkeys(_EMPTIES, iter(())),
    **dict.fromkeys(_TRUTHS, True),
    **_NUMBERS,
    "__ne__": False,
    "__len__": 1 << 40,
    "__length_hint__": 1 << 40,
}
PROPERTIES: dict[str, Any] = {
    "name": "innocent",
    "id": 7,
    "args": ("innocent",),
    "closed": True,
    "__name__": "innocent",
    "__wrapped__": None,
    "__traceback__": None,
    "__cause__": None,
}


def method_of(base: type, name: str, mood: str, lie: Any) -> Callable[..., Any]:
    own = next((vars(cls)[name] for cls in base.__mro__ if name in vars(cls)), None)

    def method(*args: Any, **options: Any) -> Any:
        if _armed.is_set():
            ran.append(f"{base.__name__}.{name} ({mood})")
            return MOODS[mood](name, lie)
        return own.__get__(args[0])(*args[1:], **options) if own else lie

    return method


def _property(base: type, name: str, mood: str, lie: Any) -> property:
    def read(self: Any) -> Any:
        if _armed.is_set():
            ran.append(f"{base.__name__}.{name} ({mood})")
            return MOODS[mood](name, lie)
        raise AttributeError(name)

    def write(self: Any, value: Any) -> None:
        if _armed.is_set():
            ran.append(f"{base.__name__}.{name} = ({mood})")

    return property(read, write)


def getattribute_of(base: type, mood: str) -> Callable[[Any, str], Any]:
    def getattribute(self: Any, name: str) -> Any:
        if _armed.is_set():
            ran.append(f"{base.__name__}.__getattribute__ {name} ({mood})")
            return MOODS[mood](name, "innocent")
        return base.__getattribute__(self, name)

    return getattribute


def namespace_of(base: type, mood: str) -> dict[str, Any]:
    """Every special method and telling attribute, overridden."""
    names: dict[str, Any] = {}
    for name, lie in METHODS.items():
        names[name] = method_of(base, name, mood, lie)
    for name, lie in PROPERTIES.items():
        names[name] = _property(base, name, mood, lie)
    names["__class__"] = property(lambda self: _class_of(self, mood))
    names["__getattribute__"] = getattribute_of(base, mood)
    names["__getattr__"] = getattribute_of(base, mood)
    return names


def _class_of(item: Any, mood: str) -> Any:
    if _armed.is_set():
        ran.append(f"__class__ ({mood})")
        return MOODS[mood]("__class__", int)
    return type(item)


class HostileMeta(type):
    """A metaclass that overrides whatever a reader of types may ask for."""

    def mro(cls) -> Any:
        if _armed.is_set():
            ran.append("meta.mro")
        return type.mro(cls)

    def __call__(cls, *args: Any, **options: Any) -> Any:
        if _armed.is_set():
            ran.append("meta.__call__")
        return type.__call__(cls, *args, **options)

    def __getattribute__(cls, name: str) -> Any:
        if _armed.is_set():
            ran.append(f"meta.__getattribute__ {name}")
            raise HostileError(name)
        return type.__getattribute__(cls, name)


def _meta_method(name: str, mood: str, lie: Any) -> Callable[..., Any]:
    def method(*args: Any, **options: Any) -> Any:
        if _armed.is_set():
            ran.append(f"meta.{name} ({mood})")
            return MOODS[mood](name, lie)
        return getattr(type, name)(*args, **options)

    return method


def _meta_property(name: str, mood: str, lie: Any) -> property:
    def read(cls: type) -> Any:
        if _armed.is_set():
            ran.append(f"meta.{name} ({mood})")
            return MOODS[mood](name, lie)
        return type.__dict__[name].__get__(cls)

    return property(read)


def build_meta(mood: str) -> type:
    names: dict[str, Any] = {
        name: _meta_method(name, mood, METHODS.get(name))
        for name in ("__repr__", "__eq__", "__ne__", "__hash__", "__instancecheck__", "__subclasscheck__")
    }
    for name in ("__len__", "__bool__", "__iter__", "__sizeof__", "__dir__", "__or__", "__subclasses__"):
        names[name] = _meta_method(name, mood, METHODS.get(name))
    # A property cannot be called __qualname__: `__getattribute__` answers for that one.
    for name in ("__name__", "__module__", "__mro__", "__bases__", "__dict__"):
        names[name] = _meta_property(name, mood, "innocent")
    for name in ("__flags__", "__dictoffset__", "__base__", "__doc__"):
        names[name] = _meta_property(name, mood, 0)
    return type(f"Meta_{mood}", (HostileMeta,), names)


class Trap:
    """A descriptor that records being read."""

    def __init__(self, name: str) -> None:
        self._trap = name

    def __get__(self, item: Any, owner: type | None = None) -> Any:
        if _armed.is_set():
            ran.append(f"descriptor {object.__getattribute__(self, '_trap')}")
            raise HostileError
        return self

    def __set__(self, item: Any, value: Any) -> None:
        if _armed.is_set():
            ran.append("descriptor set")


def answer_no(*_: Any) -> bool:
    return False


def hostile_str(mood: str) -> Callable[[str], str]:
    return type(f"Str_{mood}", (str,), namespace_of(str, mood))
