"""One question in SQL, answered by DuckDB; a child's program: the question on stdin, the answer on stdout."""

from __future__ import annotations

import json
import math
import re
import sys
from typing import Any

from pdbleak.patterns import compile_apart
from pdbleak.saved.container import BadFileError

# `retained` is computed only for who asks, and who asks for all columns does.
ASKS_RETAINED = compile_apart(
    r"\bretained|\*(?!\s*\))|\bcolumns\s*\(|\bdescribe\b|\bsummarize\b", re.IGNORECASE
)
NOT_THERE = "leak sql needs DuckDB, which is not installed: pip install 'pdbleak[sql]'"


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to {sql, path, most}: {columns, rows, files, more}, or {error}."""
    try:
        import duckdb  # noqa: PLC0415 - where it is not there, that is the answer

        from pdbleak.saved.tables import add_tables, files_below  # noqa: PLC0415
    except ImportError:
        return {"error": NOT_THERE}
    connection = duckdb.connect(":memory:")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET autoinstall_known_extensions = false")
    sql, most = question["sql"], question["most"]
    try:
        files = files_below(question["path"])
        add_tables(connection, files, retained=ASKS_RETAINED.search(sql) is not None)
        done = connection.execute(sql)
        if done is None or done.description is None:
            return {"columns": [], "rows": [], "files": len(files), "more": False}
        columns = [str(column[0]) for column in done.description]
        rows = done.fetchmany(most + 1)
    except BadFileError as error:
        return {"error": f"cannot read {question['path']!r}: {error}"}
    except OSError as error:
        return {"error": f"cannot read {question['path']!r}: {error.strerror or error}"}
    except duckdb.Error as error:
        # Its first line says what is wrong; the others draw an arrow below the query.
        return {"error": f"{str(error).strip().splitlines()[0]}"}
    shown = [[_plain(cell) for cell in row] for row in rows[:most]]
    return {"columns": columns, "rows": shown, "files": len(files), "more": len(rows) > most}


def _plain(cell: Any) -> str | int | float | None:
    """Return a cell as JSON has it."""
    if cell is None or type(cell) is int or type(cell) is bool:
        return cell
    if type(cell) is float:
        return cell if math.isfinite(cell) else str(cell)
    return str(cell)


def main() -> None:
    """Answer one question."""
    sys.stdout.write(json.dumps(answer(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
