"""The table of commands, in the order of `leak help`; knows nothing of prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak.commands.auto import auto
from pdbleak.commands.backrefs import backrefs
from pdbleak.commands.chain import chain
from pdbleak.commands.count import count
from pdbleak.commands.cut import cut
from pdbleak.commands.cycles import cycles
from pdbleak.commands.defer import defer
from pdbleak.commands.diff import diff
from pdbleak.commands.fresh import fresh
from pdbleak.commands.gc import gc
from pdbleak.commands.growth import growth
from pdbleak.commands.heap import heap
from pdbleak.commands.help import help_
from pdbleak.commands.history import history
from pdbleak.commands.ignore import ignore
from pdbleak.commands.list import list_
from pdbleak.commands.mark import mark
from pdbleak.commands.memory import memory
from pdbleak.commands.objgraph import objgraph
from pdbleak.commands.orphans import orphans
from pdbleak.commands.paths import paths
from pdbleak.commands.random import random
from pdbleak.commands.refs import refs
from pdbleak.commands.report import report
from pdbleak.commands.save import save
from pdbleak.commands.show import show
from pdbleak.commands.size import size
from pdbleak.commands.sql import sql
from pdbleak.commands.tasks import tasks
from pdbleak.commands.top import top
from pdbleak.commands.trace import trace
from pdbleak.commands.triage import triage
from pdbleak.commands.types import types
from pdbleak.commands.via import via
from pdbleak.commands.why import why
from pdbleak.commands.zombies import zombies

if TYPE_CHECKING:
    from pdbleak.command import Command

COMMANDS: tuple[Command[Any], ...] = (
    triage,
    gc,
    types,
    count,
    list_,
    growth,
    random,
    show,
    size,
    backrefs,
    refs,
    chain,
    paths,
    via,
    cycles,
    top,
    cut,
    why,
    ignore,
    heap,
    objgraph,
    zombies,
    tasks,
    memory,
    orphans,
    mark,
    diff,
    auto,
    history,
    trace,
    defer,
    save,
    report,
    sql,
    fresh,
    help_,
)
