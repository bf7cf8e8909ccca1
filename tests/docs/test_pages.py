"""The reference page is up to date, and the pages name nothing that is not there."""

import re

from reference_page import EXAMPLES, page_lines, strip_answers
from transcripts import ROOT

from pdbleak.commands import COMMANDS

LINK = re.compile(r"\]\(([^)#\s]+)(?:#([^)\s]*))?\)")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


def test_the_reference_page_is_made_from_the_declarations():
    assert strip_answers() == list(page_lines()), "make it again: python tests/docs/refresh.py reference"


def test_every_command_has_an_example():
    assert [command.name for command in COMMANDS if command.name not in EXAMPLES] == []


def test_every_link_leads_somewhere():
    broken = [
        f"{page.name}: {target}"
        for page in PAGES
        for target, _ in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_architecture_names_every_module():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    sources = [path for path in (ROOT / "pdbleak").rglob("*.p*") if path.suffix in (".py", ".pyx", ".pxi")]
    sources = [path for path in sources if path.parent.name != "commands"]
    names = {f"{path.parent.name}/" if path.stem.startswith("__") else path.name for path in sources}
    unnamed = {name for name in names if name not in text and name.removesuffix(".py") not in text}
    assert unnamed - {"pdbleak/"} == set()


def test_the_readme_has_every_command():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [command.name for command in COMMANDS if f"`leak {command.name}" not in text] == []
