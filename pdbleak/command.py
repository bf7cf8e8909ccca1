"""How a leak command is declared and how its line is read; not which commands there are, nor any output."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Result = TypeVar("Result")
Kind = Literal["subject", "number", "choice", "flag"]
FORMS = ("json", "csv", "txt", "md", "dot", "svg", "png", "html", "folded")


class CommandError(Exception):
    """The user's mistake, in one line that says what to type instead."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command.

    A *subject* is the raw middle of the line, a *number* the trailing integer, a *choice* an
    option with one of a few values (`--by size`), a *flag* an option without a value (`--new`).
    A number is from `least` to `most`.
    """

    name: str
    kind: Kind
    help: str
    default: Any = None
    required: bool = False
    choices: tuple[str, ...] = ()
    metavar: str = ""
    least: int = 1
    most: int = 1_000_000

    @property
    def usage(self) -> str:
        """How the argument stands in a usage line: `TYPE`, `[N]`, `[--by count|size]`."""
        if self.kind == "choice":
            return f"[--{self.name} {'|'.join(self.choices)}]"
        if self.kind == "flag":
            return f"[--{self.name}]"
        return self.metavar if self.required else f"[{self.metavar}]"


def subject(metavar: str, summary: str, *, required: bool = True) -> Argument:
    """Declare the subject: a type name or an expression, taken from the line as it stands."""
    return Argument("subject", "subject", summary, default="", required=required, metavar=metavar)


def number(
    name: str,
    summary: str,
    *,
    default: int,
    metavar: str = "N",
    least: int | None = None,
    most: int = 1_000_000,
) -> Argument:
    """Declare the trailing integer; it is at least 1, unless its default is less."""
    return Argument(
        name,
        "number",
        summary,
        default=default,
        metavar=metavar,
        least=min(1, default) if least is None else least,
        most=most,
    )


def choice(name: str, summary: str, *, choices: tuple[str, ...]) -> Argument:
    """Declare an option with a value; the first choice is the default."""
    return Argument(name, "choice", summary, default=choices[0], choices=choices)


def flag(name: str, summary: str) -> Argument:
    """Declare an option without a value."""
    return Argument(name, "flag", summary, default=False)


@dataclass(frozen=True, slots=True)
class Command(Generic[Result]):
    """A function from a session to a frozen value, with what the line may say about it.

    One that is `live` asks the running program, and cannot answer from a saved heap. `files` returns the
    saved heaps that a subject names, where the command asks them and nothing else.
    """

    name: str
    function: Callable[..., Result]
    arguments: tuple[Argument, ...]
    live: bool = False
    files: Callable[[str], list[str]] = lambda _subject: []

    def __call__(self, session: Any, **options: Any) -> Result:
        """Run the command; what is not given has its declared default."""
        if self.live and session.saved is not None:
            raise CommandError(f"leak {self.name} asks the running program, and this is a saved heap")
        given = {argument.name: argument.default for argument in self.arguments} | options
        return self.function(session, **given)

    @property
    def usage(self) -> str:
        """The command's usage line, `types [N] [--by count|size]`."""
        return " ".join([self.name, *(argument.usage for argument in self.arguments)])

    @property
    def summary(self) -> str:
        """The first sentence of its documentation."""
        return self.documentation.partition("\n")[0]

    @property
    def documentation(self) -> str:
        """The function's docstring, dedented."""
        first, *others = (self.function.__doc__ or "").strip().splitlines() or [""]
        # From 3.13 on the compiler has removed the indentation already.
        margin = min((len(line) - len(line.lstrip()) for line in others if line.strip()), default=0)
        return "\n".join([first, *(line[margin:] for line in others)])


def command(
    *arguments: Argument, live: bool = False, files: Callable[[str], list[str]] = lambda _subject: []
) -> Callable[[Callable[..., Result]], Command[Result]]:
    """Declare a function as a leak command under its own name; registers nothing."""

    def declare(function: Callable[..., Result]) -> Command[Result]:
        return Command(function.__name__.rstrip("_"), function, arguments, live, files)

    return declare


@dataclass(frozen=True, slots=True)
class Line:
    """A line as read: the command, its options by name, and how the answer is wanted."""

    command: Command[Any]
    options: Mapping[str, Any]
    json: bool = False
    output: str = ""
    repr: bool = False


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the nearest known word, or an empty text."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
