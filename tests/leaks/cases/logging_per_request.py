"""A logger for every connection: the logging module keeps them all by name.

leaks: loggerDict
kept: Logger
issue: https://github.com/tarasko/picows/issues/72
"""

import logging

from steady import rounds

log = logging.getLogger("server")


class Connection:
    def __init__(self, number):
        self.log = log.getChild(f"connection-{number}")

    def serve(self):
        self.log.debug("served")


for number in rounds(200):
    Connection(number).serve()
