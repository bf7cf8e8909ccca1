"""Reading one `leak` line; knows the declarations it is given, and nothing of what commands do.

Options stand at either end of the line, a trailing integer is the number, and what is between is the
subject exactly as typed: pdb rewrites `$name` into an expression with quotes in it (CPython 3.12), which
splitting into shell words would break.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak.command import Argument, Command, CommandError, Line, suggest
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUE = r"\"[^\"]*\"|'[^']*'|[^\s\"']\S*"
LEADING = compile_apart(rf"(--?[A-Za-z][\w-]*)(?:=({VALUE}))?(?:\s+|$)")
NEXT_VALUE = compile_apart(rf"({VALUE})(?:\s+|$)")
# The word after an option may be its value, but not if it is the next option.
TRAILING = compile_apart(rf"(?:^|\s)(--[A-Za-z][\w-]*|-[a-z])(?:=({VALUE})|\s+(?!--[A-Za-z])({VALUE}))?$")
NUMBER = compile_apart(r"(?:^|\s)([+-]?\d+)$")
OPEN_EXPRESSION = compile_apart(r"(?:[-+*/%@&|^<>=,(\[{.:~]|\b(?:in|is|not|and|or|if|else|lambda))$")
NAMES_A_TYPE = ("TYPE", "SUBJECT")
COMMON = ("json", "repr", "o")
LARGEST = 1_000_000
# What `leak` without a command is.
ALONE = "triage"


def read(text: str, commands: Sequence[Command[Any]]) -> Line:
    """Read what was typed after `leak`; without a command it is `triage`.

    Raises CommandError, which says what to type instead.
    """
    name, _, rest = text.strip().partition(" ")
    table = {command.name: command for command in commands}
    if not name or (name[0] in "-0123456789" and ALONE in table):
        name, rest = (ALONE, text) if ALONE in table else ("help", "")
    command = table.get(name)
    if command is None:
        raise CommandError(f"unknown command {name!r}{suggest(name, table)}; type: leak help")
    rest = rest.strip()
    if rest in ("-h", "--help", "?"):
        return Line(table["help"], {"subject": name})
    given: dict[str, Any] = {}
    rest = take_trailing(command, take_leading(command, rest, given), given)
    common = {key: given.pop(key) for key in COMMON if key in given}
    return Line(
        command,
        given | take_number_and_subject(command, rest),
        json=bool(common.get("json")),
        output=str(common.get("o", "")),
        repr=bool(common.get("repr")),
    )


def take_leading(command: Command[Any], rest: str, given: dict[str, Any]) -> str:
    """Take the options at the start of the line; return what is left."""
    while (match := LEADING.match(rest)) and not is_expression(match[1]):
        rest = rest[match.end() :]
        value = match[2]
        if value is None and takes_value(command, match[1]):
            following = NEXT_VALUE.match(rest)
            if following is not None:
                value, rest = following[1], rest[following.end() :]
        put(command, match[1], value, given)
    return rest


def take_trailing(command: Command[Any], rest: str, given: dict[str, Any]) -> str:
    """Take the options at the end of the line, the last one first; return what is left."""
    while match := TRAILING.search(rest):
        option, value = match[1], match[2]
        if is_expression(option):
            break
        if match[3] is not None:
            if not takes_value(command, option):
                # `--new Foo` in the middle: an option stands at either end.
                break
            value = match[3]
        put(command, option, value, given)
        rest = rest[: match.start()].rstrip()
    return rest


def is_expression(option: str) -> bool:
    """Tell a sign from an option: the only short one is `-o`."""
    return not option.startswith("--") and option != "-o"


def takes_value(command: Command[Any], option: str) -> bool:
    """Tell whether the next word belongs to the option."""
    declared = find(command, option.lstrip("-"))
    return option == "-o" or (declared is not None and declared.kind == "choice")


def find(command: Command[Any], name: str) -> Argument | None:
    """Return the declared option of that name."""
    return next((a for a in command.arguments if a.name == name and a.kind in ("choice", "flag")), None)


def put(command: Command[Any], option: str, value: str | None, given: dict[str, Any]) -> None:
    """Check one option and add it to what is given."""
    name = option.lstrip("-")
    value = value.strip("\"'") if value is not None else None
    declared = find(command, name)
    if option == "-o" or (declared is None and name in COMMON):
        takes = option == "-o"
        if takes and not value:
            raise CommandError("-o needs a file: -o FILE.json")
        if not takes and value is not None:
            raise CommandError(f"{option} takes no value; type: {option}")
        given[name] = value if takes else True
        return
    if declared is None:
        known = [f"--{a.name}" for a in command.arguments if a.kind in ("choice", "flag")]
        raise CommandError(
            f"unknown option {option!r}{suggest(option, [*known, '--json', '--repr', '-o'])}; "
            f"type: leak {command.usage} [--json] [-o FILE]"
        )
    if declared.kind == "flag":
        if value is not None:
            raise CommandError(f"{option} takes no value; type: {option}")
        given[name] = True
        return
    if value not in declared.choices:
        wanted = f"{option} {'|'.join(declared.choices)}"
        if value is None:
            raise CommandError(f"{option} needs a value: {wanted}")
        raise CommandError(f"{option} cannot be {value!r}{suggest(value, declared.choices)}; type: {wanted}")
    given[name] = value


def take_number_and_subject(command: Command[Any], rest: str) -> dict[str, Any]:
    """Read what is between the options: the subject, and the number at its end."""
    subject = next((a for a in command.arguments if a.kind == "subject"), None)
    number = next((a for a in command.arguments if a.kind == "number"), None)
    given: dict[str, Any] = {}
    match = NUMBER.search(rest)
    if match is not None and OPEN_EXPRESSION.search(rest[: match.start()].rstrip()):
        match = None
    if match is not None and number is not None:
        given[number.name] = checked(command, number, match[1])
        rest = rest[: match.start()].rstrip()
    elif match is not None and subject is not None and subject.metavar in NAMES_A_TYPE:
        raise CommandError(f"{command.name} takes no number; type: leak {command.usage}")
    if subject is None:
        if rest:
            what = f"a whole number, not {rest!r}" if number is not None else f"no {rest!r}"
            raise CommandError(f"{command.name} takes {what}; type: leak {command.usage}")
    elif rest:
        given[subject.name] = rest
    elif subject.required:
        raise CommandError(f"{command.name} needs {subject.metavar}; type: leak {command.usage}")
    return given


def checked(command: Command[Any], number: Argument, text: str) -> int:
    """Return the number, within its limits."""
    value = int(text) if len(text) <= len(str(LARGEST)) + 1 else LARGEST + 1
    low, high = number.least, number.most
    if not low <= value <= high:
        wanted = f"{number.metavar} of {command.name} is {low:,} to {high:,}"
        raise CommandError(f"{wanted}, not {text}; type: leak {command.usage}")
    return value
