"""Make the reference page and every transcript again: `python tests/docs/refresh.py [PAGE ...]`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

# `make docs` keeps the script's folder off the path, so that the installed pdbleak is the one that is shown.
sys.path.append(str(Path(__file__).parent))

from recording import Recording
from reference_page import write_page
from transcripts import PAGES, PICKS, ROOT, Block, Session, read_sessions, replace_blocks


def rerun(session: Session, folder: Path) -> list[tuple[Block, list[list[str]]]]:
    """Run a session and return its answers by block."""
    recording = Recording(folder)
    try:
        found = []
        for block in session.blocks:
            answers = [
                recording.pick(exchange.typed, block.options, block.accepts)
                if PICKS.match(exchange.typed)
                else recording.repeat(exchange.typed, block.options)
                for exchange in block.exchanges
            ]
            if "picture" in block.options:
                shutil.copyfile(recording.picture, ROOT / block.options["picture"])
            found.append((block, answers))
        return found
    finally:
        recording.close()


def main(names: list[str]) -> None:
    """Refresh the pages that are named, or all."""
    if not names or "reference" in names:
        write_page()
    for page in PAGES:
        if names and page.stem not in names:
            continue
        answers = []
        for session in read_sessions(page):
            with tempfile.TemporaryDirectory() as folder:
                answers += rerun(session, Path(folder))
        changed = replace_blocks(page, answers)
        print(page.relative_to(ROOT), "changed" if changed else "is as before")


if __name__ == "__main__":
    main(sys.argv[1:])
