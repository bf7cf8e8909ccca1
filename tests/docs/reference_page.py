"""The reference page, made from the declarations of the commands and a table of examples; knows no answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transcripts import ROOT, read_sessions

from pdbleak.commands import COMMANDS
from pdbleak.commands.help import COMMON, explanation, usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.command import Command

PAGE = ROOT / "docs" / "reference.md"
ABOVE = """\
# Reference

This page is made from the declarations of the commands, and its examples are run by the test suite;
`make docs` makes both again. The examples look at [shop.py](../tests/docs/shop.py): three customers, twelve
orders, and thirty dropped baskets that wait for a collection.

## The line

    leak COMMAND [SUBJECT] [N] [options]

Options stand at either end of the line, a trailing integer is the number, and what is between them is the
subject, exactly as typed. `leak` alone is `leak triage`.

A **TYPE** is a type's name as the debugger shows it (`Channel`, `amqp.Channel`), or a pattern (`*Channel`). A
name without its module means every type of that name.

A **SUBJECT** is a type, of which one object is picked at random, or any expression of the current frame
(`self.pool`, `_1`). A live type wins over a variable of the same name; parentheses force an expression:
`(Channel)`.

A picked object is bound to `_1`, `_2`, … and can be used in every expression while the prompt is open. The
names are not written into the program's namespaces, and nothing is held after `c`. Where the program has such
a name of its own, the program's wins outside of `leak` commands, and that is said.

These options go with every command:

"""
STARTED = """\
## The program of the examples

"""


@dataclass(frozen=True, slots=True)
class Example:
    """What is typed to show a command, and the words that must come back where the rest may differ."""

    lines: tuple[str, ...]
    about: str = ""
    head: int = 0


EXAMPLES = {
    "triage": Example(("leak",), about="history,leak"),
    "gc": Example(("leak gc",), about="Basket,Line", head=8),
    "types": Example(
        ("leak types 5", "leak types 5 --by size", "leak types 5 --by retained"), about="Order,overlap"
    ),
    "count": Example(
        ("leak count Order", "leak count Cust*", "leak count Odrer"), about="Order,Customer,Odrer"
    ),
    "list": Example(("leak list Order 3",), about="Order"),
    "growth": Example(("leak growth", 'shop.order("ada", 12)', "leak growth"), about="Order,counted"),
    "random": Example(("leak random Customer",), about="Customer"),
    "show": Example(("leak show shop", "leak show shop.waiting"), about="Shop,Order"),
    "size": Example(("leak size shop", "leak size Order"), about="Shop,Order,retained,alone"),
    "backrefs": Example(('leak backrefs shop.customers["ada"].orders 3',), about="Customer,Shop"),
    "refs": Example(("leak refs shop 2",), about="Shop,Customer,Order"),
    "chain": Example(("leak chain Customer",), about="Customer,Shop"),
    "paths": Example(("leak paths Order", "leak paths Cust* --keys"), about="Order,Customer"),
    "via": Example(("leak via Order", "leak via Customer"), about="Order,Customer"),
    "cycles": Example(("leak cycles Order",), about="Order,Customer"),
    "top": Example(("leak top Shop", "leak top shop.customers 3"), about="Shop,Customer,customers,Order"),
    "cut": Example(('leak cut shop.customers["ada"].orders[0]', "leak cut shop.waiting"), about="Order,list"),
    "why": Example(('leak why shop.customers["ada"].orders[0]',), about="Order"),
    "ignore": Example(("leak ignore 2",), about="Order"),
    "heap": Example(("leak heap rp Shop",), about="Shop", head=12),
    "objgraph": Example(("leak objgraph count Order",), about="Order"),
    "zombies": Example(
        ('shop.log = open("/dev/null")', "shop.log.close()", "leak zombies"), about="Shop.log,closed"
    ),
    "tasks": Example(("leak tasks",), about="MainThread,shop.py"),
    "memory": Example(("leak memory",), about="Python,malloc"),
    "orphans": Example(("leak orphans 4",), about="later"),
    "mark": Example(("leak mark before", 'shop.order("ada", 13)', "leak mark"), about="stood,diff"),
    "diff": Example(
        ("leak mark now", "shop.drafts = [Basket() for _ in range(90)]", "leak diff now"),
        about="drafts",
    ),
    "history": Example(("leak history",), about="per"),
    "auto": Example(("leak auto 0",), about="auto"),
    "trace": Example(
        ("leak trace on", 'shop.order("mary", 14)', "leak show shop.waiting[-1]", "leak trace off"),
        about="allocated,number",
    ),
    "defer": Example(("leak defer shop.customers", "leak defer customers"), about="shop.customers"),
    "save": Example(("leak save shop.leak",), about="saved"),
    "report": Example(("leak report shop.html",), about="written"),
    "sql": Example(
        (
            """leak sql "select type, count from types where type like '%Order'\"""",
            """leak sql "select name, count(*) from refs group by name order by 2 desc limit 3" shop.leak""",
        ),
        about="Order",
    ),
    "fresh": Example(("leak fresh",), about="garbage"),
    "help": Example(("leak help chain", "leak help chian", "leak chian Order")),
}


def page_lines() -> Iterator[str]:
    """Yield the page without the answers of its examples."""
    yield from ABOVE.splitlines()
    yield "| option | meaning |"
    yield "| --- | --- |"
    yield from (f"| `{entry.usage}` | {entry.summary} |" for entry in COMMON)
    yield ""
    yield from STARTED.splitlines()
    yield from block(("$ python -m pdbleak shop.py", "^C"))
    yield "## The commands"
    yield ""
    yield "| command | answer |"
    yield "| --- | --- |"
    for command in COMMANDS:
        cells = command.usage.replace("|", "\\|"), command.summary
        yield f"| [`leak {cells[0]}`](#leak-{command.name}) | {cells[1]} |"
    for command in COMMANDS:
        yield ""
        yield from section(command)


def section(command: Command[Any]) -> Iterator[str]:
    """Yield one command's part of the page."""
    yield f"### leak {command.name}"
    yield ""
    yield f"    leak {command.usage}"
    yield ""
    yield from command.documentation.splitlines()
    yield ""
    if command.arguments:
        yield "| argument | meaning |"
        yield "| --- | --- |"
        for argument in command.arguments:
            yield "| `{}` | {} |".format(usage(argument).replace("|", "\\|"), explanation(argument))
        yield ""
    example = EXAMPLES[command.name]
    yield from list(block(tuple(f"(Pdb) {line}" for line in example.lines), example))[:-1]


def block(typed: tuple[str, ...], example: Example | None = None) -> Iterator[str]:
    """Yield one example without its answers."""
    options = ["session=shop"]
    if example is not None and example.about:
        options.append(f"about={example.about}")
    if example is not None and example.head:
        options.append(f"head={example.head}")
    yield f"<!-- replay {' '.join(options)} -->"
    yield "```text"
    yield from typed
    yield "```"
    yield ""


def strip_answers() -> list[str]:
    """Return the page as it stands, without the answers of its examples."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    blocks = [each for session in read_sessions(PAGE) for each in session.blocks]
    for each in sorted(blocks, key=lambda each: -each.start):
        lines[each.start : each.end] = [exchange.typed for exchange in each.exchanges]
    return lines


def write_page() -> None:
    """Write the page; its examples have no answers yet."""
    PAGE.write_text("\n".join(page_lines()) + "\n", encoding="utf-8")
