"""The colours of all pictures, by what a box stands for; knows nothing else."""

from __future__ import annotations

from typing import Literal

Mood = Literal["plain", "subject", "root", "stub"]

INK = "#1f2933"
FAINT = "#5f6c7b"
LABEL = "#2c5d8f"
LINE = "#7b8794"
FILL: dict[Mood, str] = {"plain": "#ffffff", "subject": "#fff3c4", "root": "#e3f4e8", "stub": "#ffffff"}
BORDER: dict[Mood, str] = {"plain": "#9aa5b1", "subject": "#c99a06", "root": "#3f9158", "stub": "#9aa5b1"}
