"""Plugins are imported anew at each change, and the old modules' handlers stay registered.

leaks: HANDLERS
kept: function
issue: https://github.com/renpy/renpy/issues/291
"""

import types

from steady import rounds

HANDLERS = []
SOURCE = """
TABLE = {number: str(number) for number in range(200)}
def handle(event):
    return TABLE.get(event)
"""


def load_plugin():
    module = types.ModuleType("plugin")
    exec(SOURCE, vars(module))
    HANDLERS.append(module.handle)


for _ in rounds(20, warm_up=40):
    load_plugin()
