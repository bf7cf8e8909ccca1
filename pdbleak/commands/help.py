"""`leak help`: the manual, made from the declarations; knows no command by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak.analyses.manual import Entry, Manual, ManualPage
from pdbleak.command import Argument, Command, CommandError, command, subject, suggest

if TYPE_CHECKING:
    from pdbleak.session import Session

COMMON = (
    Entry("--json", "the answer as JSON"),
    Entry("-o FILE", "the answer to a file; its suffix chooses the form: json csv txt md dot svg png"),
    Entry("--repr", "show objects by their own repr, which runs their code"),
)


@command(subject("COMMAND", "the command to explain", required=False))
def help_(session: Session, *, subject: str) -> Manual | ManualPage:
    """List the commands, or explain one of them."""
    commands = {each.name: each for each in session.commands}
    if not subject:
        rows = tuple(Entry(each.usage, each.summary) for each in commands.values())
        return Manual(rows=rows, next="leak help types" if "types" in commands else "leak help help")
    found = commands.get(subject.removeprefix("leak ").strip())
    if found is None:
        raise CommandError(f"no command {subject!r}{suggest(subject, commands)}; type: leak help")
    return page(found)


def page(found: Command[Any]) -> ManualPage:
    """Return one command's page."""
    arguments = tuple(Entry(usage(each), explanation(each)) for each in found.arguments)
    return ManualPage(
        command=found.name,
        usage=found.usage,
        text=found.documentation,
        arguments=arguments + COMMON,
        next=f"leak {found.name}" if not any(each.required for each in found.arguments) else "leak help",
    )


def usage(argument: Argument) -> str:
    """Return how an argument stands in the page's list: without brackets."""
    return argument.usage.strip("[]")


def explanation(argument: Argument) -> str:
    """Return what an argument means, with its default where it has one worth saying."""
    if argument.kind in ("choice", "number"):
        return f"{argument.help} (default {argument.default})"
    return argument.help
