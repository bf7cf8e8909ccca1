"""The sessions that stand in a page, as blocks of typed lines and answers; knows no terminal.

A block is a fenced text after a comment that names its session, invisible where the page is rendered:

    <!-- replay session=broker about=Channel,Message head=12 traffic=60 stay=3 -->
    ```text
    $ python -m pdbleak examples/broker/broker.py     starts the program
    ^C                                                presses the key
    (Pdb) leak gc                                     types a line
    ```

Blocks of one session follow each other in one running program. `traffic` and `stay` say what a client does
before the key is pressed, `busy` for how many seconds one has been there then that goes on, `head` how many
lines of a long answer are shown, `about` which words must come back where the rest of an answer differs from
run to run, `columns` how wide the terminal is, `picture` where the picture of the block goes, and `want`
which texts an object that is picked at random must have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(ROOT / name for name in ("README.md", "docs/tutorial.md", "docs/reference.md"))
MARK = re.compile(r"<!-- replay (.*?) -->")
TYPED = re.compile(r"\$ |\^C$|\(Pdb\) ")
FENCE = "```"
# What is answered about an object that is picked at random, and so differs from time to time.
PICKS = re.compile(r"\(Pdb\) leak (?:random|show|backrefs|refs|chain) [A-Z]\w*\b(?!\.)")
TRIES = 40
ELIDED = re.compile(r"⋮ \d+ lines are left out here$")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A line that is typed, and what stands below it."""

    typed: str
    answer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced text: its options, the lines of the page that it takes, and its exchanges."""

    page: Path
    start: int
    end: int
    options: dict[str, str]
    exchanges: tuple[Exchange, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words that must come back; none if all lines must."""
        return tuple(filter(None, self.options.get("about", "").split(",")))

    def accepts(self, answer: list[str]) -> bool:
        """Tell whether the head of an answer has every text that a random pick must have."""
        wanted = filter(None, self.options.get("want", "").split(","))
        return all(any(text in line for line in answer[:3]) for text in wanted)


@dataclass(slots=True)
class Session:
    """The blocks of one running program, in the order of the page."""

    page: Path
    name: str
    blocks: list[Block] = field(default_factory=list)


def read_sessions(page: Path) -> list[Session]:
    """Return the sessions of a page."""
    lines = page.read_text(encoding="utf-8").splitlines()
    sessions: dict[str, Session] = {}
    for number, line in enumerate(lines):
        match = MARK.fullmatch(line)
        if match is None:
            continue
        options = dict(word.split("=", 1) for word in match[1].split())
        start = number + 2
        assert lines[number + 1].startswith(FENCE), f"{page.name}:{number + 2}: a fence must follow the mark"
        end = lines.index(FENCE, start)
        name = options["session"]
        block = Block(page, start, end, options, split_exchanges(lines[start:end]))
        sessions.setdefault(name, Session(page, name)).blocks.append(block)
    return list(sessions.values())


def split_exchanges(lines: list[str]) -> tuple[Exchange, ...]:
    """Split a transcript at the lines that are typed."""
    typed: list[tuple[str, list[str]]] = []
    for line in lines:
        if TYPED.match(line):
            typed.append((line, []))
        else:
            typed[-1][1].append(line)
    return tuple(Exchange(line, tuple(trim(answer))) for line, answer in typed)


def trim(lines: list[str]) -> list[str]:
    """Leave out empty lines at both ends."""
    kept = [line.rstrip() for line in lines]
    while kept and not kept[0]:
        del kept[0]
    while kept and not kept[-1]:
        del kept[-1]
    return kept


def shorten(answer: list[str], head: int) -> list[str]:
    """Leave out the middle of an answer that is longer than `head` lines, and say so; its last line stays."""
    if head <= 0 or len(answer) <= head + 2:
        return answer
    return [*answer[:head], f"⋮ {len(answer) - head - 1} lines are left out here", answer[-1]]


def replace_blocks(page: Path, answers: list[tuple[Block, list[list[str]]]]) -> bool:
    """Write answers into the blocks of a page; tell whether the page changed."""
    before = page.read_text(encoding="utf-8")
    lines = before.splitlines()
    for block, found in sorted(answers, key=lambda pair: -pair[0].start):
        head = int(block.options.get("head", "0"))
        fresh: list[str] = []
        for exchange, answer in zip(block.exchanges, found, strict=True):
            if exchange.typed.startswith("(Pdb) ") and fresh and fresh[-1]:
                fresh.append("")
            fresh += [exchange.typed, *shorten(answer, head)]
        lines[block.start : block.end] = fresh
    after = "\n".join(lines) + "\n"
    page.write_text(after, encoding="utf-8")
    return after != before
