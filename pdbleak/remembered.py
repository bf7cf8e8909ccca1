"""What stands for an object that is not here: what was written down of it; knows no heap and no file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pdbleak.analyses.orphans import Unowned
    from pdbleak.analyses.waits import Waits


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """One object of a saved heap: its node, its one-line form, and the names of its references.

    `resolve` of a saved heap returns these in the place of live objects, and `names` answers from them: an
    analysis that asks `names.form(item)` and `names.reference_names(referrer, referent)` works on either.
    `names_to(node)` is by which names it refers to another node, `finalizer` whether its type has one, `weak`
    how many weak references it had. `verdict` is *alive* or *finished* where its state told, `reason` why.
    """

    node: int
    form: str
    names_to: Callable[[int], Sequence[str]]
    finalizer: bool = False
    weak: int = 0
    verdict: Literal["", "alive", "finished"] = ""
    reason: str = ""


class Recollection(Protocol):
    """What answers for the objects of a saved heap; `judged` are those whose types keep a state.

    That, what waited and what C held are None where the file does not tell: one of an older pdbleak.
    """

    @property
    def judged(self) -> Sequence[int] | None:
        """The nodes of objects that were asked whether they have finished."""

    @property
    def waits(self) -> Waits | None:
        """What waited, and where."""

    @property
    def unowned(self) -> Unowned | None:
        """What nobody visible owned."""

    def __call__(self, nodes: Iterable[int]) -> dict[int, Remembered]:
        """Return what is remembered of some nodes."""
