"""What the pages show is what the program answers: every transcript is run again."""

import pytest
from masking import differences
from recording import Recording
from transcripts import PAGES, PICKS, Session, read_sessions

SESSIONS = [session for page in PAGES for session in read_sessions(page)]


def replay(recording, exchange, block):
    """What is missing in the answer; a random pick is repeated until it is such a one as the page's."""
    words = () if exchange.typed[0] in "^$" else block.words

    def missing(answer):
        return differences(exchange.answer, answer, words)

    if PICKS.match(exchange.typed):
        answer = recording.pick(
            exchange.typed, block.options, lambda answer: block.accepts(answer) and not missing(answer)
        )
    else:
        answer = recording.repeat(exchange.typed, block.options)
    lost = missing(answer)
    return [exchange.typed, *lost, "--- the answer:", *answer] if lost else []


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: f"{session.page.stem}-{session.name}")
def test_a_transcript_comes_back(session: Session, tmp_path):
    recording = Recording(tmp_path)
    try:
        for block in session.blocks:
            for exchange in block.exchanges:
                lost = replay(recording, exchange, block)
                assert not lost, "\n".join(lost)
    finally:
        recording.close()


def test_every_page_has_a_transcript():
    assert [page.name for page in PAGES if not read_sessions(page)] == []


def test_every_transcript_is_replayed():
    """A fence that shows a prompt has a mark above it."""
    for page in PAGES:
        lines = page.read_text(encoding="utf-8").splitlines()
        marked = [n for session in read_sessions(page) for b in session.blocks for n in range(b.start, b.end)]
        prompts = [n for n, line in enumerate(lines) if line.startswith("(Pdb) leak")]
        assert [n + 1 for n in prompts if n not in marked] == []
