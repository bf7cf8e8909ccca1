"""A `leak` line as typed: options at either end, a number last, the subject raw between them."""

from __future__ import annotations

import pytest

from pdbleak import line
from pdbleak.command import CommandError, choice, command, flag, number, subject


@command(number("limit", "how many", default=20), choice("by", "order", choices=("count", "size")))
def types(_session, *, limit, by):
    """Types."""


@command(subject("TYPE", "a type"), number("limit", "how many", default=10), flag("new", "young ones"))
def list_(_session, *, subject, limit, new):
    """List."""


@command(subject("SUBJECT", "an object"))
def chain(_session, *, subject):
    """Chain."""


@command(subject("SUBJECT", "an object"), number("depth", "how deep", default=3, metavar="DEPTH", most=99))
def backrefs(_session, *, subject, depth):
    """Backrefs."""


@command(subject("CALL", "a call"))
def objgraph(_session, *, subject):
    """Objgraph."""


@command(number("generation", "which", default=0, metavar="GEN"))
def gc(_session, *, generation):
    """Collect."""


@command()
def fresh(_session):
    """Fresh."""


@command(subject("COMMAND", "a command", required=False))
def help_(_session, *, subject):
    """Help."""


COMMANDS = (types, list_, chain, backrefs, objgraph, gc, fresh, help_)


def read(text):
    """Return what was read as one dict."""
    found = line.read(text, COMMANDS)
    more = {key: value for key in ("json", "output", "repr") if (value := getattr(found, key))}
    return {"command": found.command.name, **found.options, **more}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"command": "help"}),
        ("  help  types ", {"command": "help", "subject": "types"}),
        ("types", {"command": "types"}),
        ("types 5", {"command": "types", "limit": 5}),
        ("types --by size 5", {"command": "types", "limit": 5, "by": "size"}),
        ("types 5 --by size", {"command": "types", "limit": 5, "by": "size"}),
        ("types --by=size", {"command": "types", "by": "size"}),
        ("types --help", {"command": "help", "subject": "types"}),
        ("list Channel", {"command": "list", "subject": "Channel"}),
        ("list amqp.Channel 7", {"command": "list", "subject": "amqp.Channel", "limit": 7}),
        ("list *Channel 7", {"command": "list", "subject": "*Channel", "limit": 7}),
        (
            "list --new Channel 7 --json",
            {"command": "list", "subject": "Channel", "limit": 7, "new": True, "json": True},
        ),
        (
            "list Channel --new -o out.csv",
            {"command": "list", "subject": "Channel", "new": True, "output": "out.csv"},
        ),
        ("list -o out.csv Channel", {"command": "list", "subject": "Channel", "output": "out.csv"}),
        ("list Channel -o 'my file.csv'", {"command": "list", "subject": "Channel", "output": "my file.csv"}),
        (
            'list -o "my file.csv" Channel 3',
            {"command": "list", "subject": "Channel", "output": "my file.csv", "limit": 3},
        ),
        ("chain self.pool --repr", {"command": "chain", "subject": "self.pool", "repr": True}),
        ("chain (a - b)", {"command": "chain", "subject": "(a - b)"}),
        ("chain items[-1]", {"command": "chain", "subject": "items[-1]"}),
        ("chain x + 5", {"command": "chain", "subject": "x + 5"}),
        ("chain 'a b'  + \"c d\"", {"command": "chain", "subject": "'a b'  + \"c d\""}),
        ("chain {'--by': 1}['--by']", {"command": "chain", "subject": "{'--by': 1}['--by']"}),
        (
            'chain __pdb_convenience_variables["x"].y',
            {"command": "chain", "subject": '__pdb_convenience_variables["x"].y'},
        ),
        ("backrefs _1 4", {"command": "backrefs", "subject": "_1", "depth": 4}),
        ("backrefs x[1] 4", {"command": "backrefs", "subject": "x[1]", "depth": 4}),
        ("backrefs x == 4", {"command": "backrefs", "subject": "x == 4"}),
        ("objgraph show_backrefs Channel 10", {"command": "objgraph", "subject": "show_backrefs Channel 10"}),
        ("gc 0", {"command": "gc", "generation": 0}),
        ("fresh", {"command": "fresh"}),
    ],
)
def test_a_line_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tpyes", "unknown command 'tpyes'; did you mean 'types'?; type: leak help"),
        ("xyzzy", "unknown command 'xyzzy'; type: leak help"),
        ("types --bye size", "unknown option '--bye'; did you mean '--by'?"),
        ("types --by weight", "--by cannot be 'weight'; type: --by count|size"),
        ("types --by siz", "--by cannot be 'siz'; did you mean 'size'?; type: --by count|size"),
        ("types --by", "--by needs a value: --by count|size"),
        ("types Foo", "types takes a whole number, not 'Foo'; type: leak types [N] [--by count|size]"),
        ("types 1.5", "types takes a whole number, not '1.5'"),
        ("types 0", "N of types is 1 to 1,000,000, not 0"),
        ("types -3", "N of types is 1 to 1,000,000, not -3"),
        ("types 99999999999999999999", "N of types is 1 to 1,000,000, not 99999999999999999999"),
        ("backrefs x 100", "DEPTH of backrefs is 1 to 99, not 100"),
        ("list", "list needs TYPE; type: leak list TYPE [N] [--new]"),
        ("list 5", "list needs TYPE"),
        ("list --new=1 Foo", "--new takes no value; type: --new"),
        ("list Foo --json=1", "--json takes no value; type: --json"),
        ("chain", "chain needs SUBJECT; type: leak chain SUBJECT"),
        ("chain Channel 5", "chain takes no number; type: leak chain SUBJECT"),
        ("fresh air", "fresh takes no 'air'; type: leak fresh"),
        ("fresh 5", "fresh takes no '5'; type: leak fresh"),
        ("list Foo -o", "-o needs a file: -o FILE.json"),
    ],
)
def test_a_mistake_says_what_to_type(text, message):
    with pytest.raises(CommandError) as caught:
        read(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
