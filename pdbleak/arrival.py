"""Doing something to a module when the program imports it, and not before; knows none of these modules."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class Arrival:
    """An import hook for one import: it leaves every other alone, and steps aside for that one."""

    __slots__ = ("name", "then")

    def __init__(self, name: str, then: Callable[[ModuleType], None]) -> None:
        """Wait for the module `name`."""
        self.name = name
        self.then = then

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Find the module as it would have been found, and call `then` once it is loaded."""
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        from importlib.util import find_spec  # noqa: PLC0415 - loaded by runpy already

        spec = find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        loader, then = spec.loader, self.then
        load = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            then(module)

        loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def upon(name: str, then: Callable[[ModuleType], None]) -> None:
    """Call `then` with a module as soon as it is imported; at once if it is already."""
    loaded = sys.modules.get(name)
    if loaded is not None:
        then(loaded)
    else:
        sys.meta_path.insert(0, Arrival(name, then))
