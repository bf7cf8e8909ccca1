"""A context variable per request id: structlog keeps one for every key that was ever bound.

leaks: _CONTEXT_VARS
kept: ContextVar
issue: https://github.com/hynek/structlog/issues/591
needs: structlog
"""

import io

import structlog
from steady import rounds

structlog.configure(
    processors=[structlog.contextvars.merge_contextvars, structlog.processors.JSONRenderer()],
    logger_factory=structlog.PrintLoggerFactory(io.StringIO()),
)
log = structlog.get_logger()


def serve(number):
    structlog.contextvars.bind_contextvars(**{f"request_{number}": "started"})
    structlog.contextvars.unbind_contextvars(f"request_{number}")


for number in rounds(200):
    serve(number)
