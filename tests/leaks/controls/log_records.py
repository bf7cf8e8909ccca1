"""The last records of a log are held in memory and flushed when there are many."""

import io
import logging
import logging.handlers

from steady import rounds

target = logging.StreamHandler(io.StringIO())
logging.basicConfig(level=logging.INFO, handlers=[logging.handlers.MemoryHandler(300, target=target)])
log = logging.getLogger("service")

for number in rounds(200):
    log.info("request %d took %.3f s", number, number / 1000)
    if number % 300 == 0:
        target.setStream(io.StringIO())
