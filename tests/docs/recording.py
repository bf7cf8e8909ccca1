"""A session of a page, run again on a real terminal; knows no page.

Changes in an answer only what names a machine.
"""

from __future__ import annotations

import re
import shlex
import sys
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e"))

from terminal import Daemon, Terminal
from transcripts import ROOT, TRIES, trim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

READY = re.compile(r"(?:listening on 127\.0\.0\.1:(\d+)|[^\n]*\bis open)\r\n")
FORGET_PICK = '!__import__("pdbleak").plugin.SESSION.handles.popitem() and None'


class Recording:
    """One running program and its terminal; `folder` is its working directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.terminal: Terminal | None = None
        self.picture = ""
        (folder / "examples").symlink_to(ROOT / "examples")
        (folder / "shop.py").symlink_to(Path(__file__).with_name("shop.py"))

    def repeat(self, typed: str, options: Mapping[str, str]) -> list[str]:
        """Do what one typed line of a page says; return what the terminal shows below it."""
        if typed.startswith("$ "):
            return self.clean(self.start(typed[2:], int(options.get("columns", "100"))))
        terminal = self.terminal
        assert terminal is not None, "a session begins with $"
        if typed == "^C":
            self.make_traffic(options)
            return self.clean(terminal.press_ctrl_c().rpartition("^C")[2])
        line = typed.removeprefix("(Pdb) ")
        if line == "c":
            terminal.resume()
            return []
        if line == "q":
            assert terminal.quit_cleanly()
            return []
        answer = terminal.type(line)
        drawn = re.search(r"^picture: (\S+)", answer, re.MULTILINE)
        self.picture = drawn[1] if drawn else ""
        return self.clean(answer)

    def pick(self, typed: str, options: Mapping[str, str], accept: Callable[[list[str]], bool]) -> list[str]:
        """Repeat a line that picks at random until its answer is accepted; return the last answer."""
        answer = self.repeat(typed, options)
        for _ in range(TRIES):
            if accept(answer):
                break
            self.forget_pick()
            answer = self.repeat(typed, options)
        return answer

    def start(self, command: str, columns: int) -> str:
        """Start a program and return what it writes until it is ready."""
        words = shlex.split(command.replace("--port 5672", "--port 0"))
        words[0] = {"python": sys.executable}[words[0]]
        script = Path(words[3])
        if script.parts[0] == "examples":
            self.terminal = Daemon(script.stem, self.folder, command=words, columns=columns)
        else:
            self.terminal = Terminal(words, self.folder, columns=columns)
        before = self.terminal.wait_for(READY)
        match = self.terminal.child.match
        assert match is not None
        self.terminal.port = int(match[1] or 0)
        return before + match[0].replace(f":{match[1]}", ":5672").replace("\r", "")

    def make_traffic(self, options: Mapping[str, str]) -> None:
        """Let clients do what the block says, before the key is pressed."""
        if "busy" in options:
            assert isinstance(self.terminal, Daemon)
            self.terminal.keep_busy()
            time.sleep(float(options["busy"]))
        if "traffic" not in options:
            return
        assert isinstance(self.terminal, Daemon)
        rounds = int(options["traffic"])
        if "stay" in options:
            self.terminal.drive_on(rounds, "--stay", options["stay"])
        else:
            self.terminal.drive(rounds)

    def forget_pick(self) -> None:
        """Let go of the object that was picked last."""
        assert self.terminal is not None
        self.terminal.type(FORGET_PICK)

    def clean(self, text: str) -> list[str]:
        """Return an answer's lines without what is this machine's, and without pdb++'s frame numbers."""
        version = "python{}.{}".format(*sys.version_info)
        for found, shown in (
            (sysconfig.get_path("stdlib"), f"/usr/lib/{version}"),
            (str(Path(sysconfig.get_path("stdlib")).resolve()), f"/usr/lib/{version}"),
            (f"{self.folder}/", "/srv/"),
        ):
            text = text.replace(found, shown)
        # What a terminal erases again.
        text = re.sub(r"^.* \.\.\. \d+(?:%| s) *\r?(\x1b\[K)?", "", text, flags=re.MULTILINE)
        text = re.sub(r"\S*/pdbleak-\d+/", "/tmp/pdbleak-1000/", text)
        text = re.sub(r"as process \d+", "as process 4711", text)
        text = re.sub(r"-\d+-(\d+\.svg)", r"-4711-\1", text)
        text = re.sub(r"^\[\d+\] > ", "> ", text, flags=re.MULTILINE)
        return trim(text.splitlines())

    def close(self) -> None:
        """End whatever is left."""
        if self.terminal is not None:
            self.terminal.close()
