"""What a program of `cases` or `controls` says of itself in its docstring; runs nothing."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
FIELDS = ("leaks", "kept", "issue", "needs")


@dataclass(frozen=True, slots=True)
class Case:
    """A program that leaks, or a healthy one.

    `leaks` holds alternatives, each some words that must all stand in the finding that names the culprit;
    none for a control. `kept` is the type of what piles up, for tools that know types only. `issue` is where
    users reported it, `needs` the packages.
    """

    name: str
    path: Path
    title: str
    leaks: tuple[tuple[str, ...], ...] = ()
    kept: str = ""
    issue: str = ""
    needs: tuple[str, ...] = ()

    @property
    def control(self) -> bool:
        """Tell whether nothing leaks here."""
        return not self.leaks

    def versions(self) -> dict[str, str]:
        """Return the packages' versions; raises PackageNotFoundError where one is missing."""
        return {name: version(name) for name in self.needs}

    def missing(self) -> list[str]:
        """Return the packages that are not installed."""
        found = []
        for name in self.needs:
            try:
                version(name)
            except PackageNotFoundError:
                found.append(name)
        return found


def read_case(path: Path) -> Case:
    """Read one program's docstring: a line of what it does, then `field: text` lines."""
    text = ast.get_docstring(ast.parse(path.read_text())) or ""
    title, _, rest = text.partition("\n")
    fields = dict(re.findall(r"^(\w+):[ \t]*(.*)$", rest, re.MULTILINE))
    unknown = fields.keys() - set(FIELDS)
    if unknown or not title:
        raise ValueError(f"{path.name}: {', '.join(sorted(unknown)) or 'no title'}")
    return Case(
        name=path.stem,
        path=path,
        title=title.strip(),
        leaks=tuple(tuple(part.split()) for part in fields.get("leaks", "").split("|") if part.strip()),
        kept=fields.get("kept", ""),
        issue=fields.get("issue", ""),
        needs=tuple(fields.get("needs", "").replace(",", " ").split()),
    )


def read_cases(folder: str) -> list[Case]:
    """Read all programs of `cases` or of `controls`, by name."""
    return [read_case(path) for path in sorted((HERE / folder).glob("*.py"))]
