"""What a request makes the database read, in units that no other work on the machine changes: steps, or blocks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, text

A_HUNDRED = 100


def of(engine: Engine, request: Callable[[], object]) -> float:
    """Hundreds of steps of SQLite's machine, or blocks that PostgreSQL looked at, for one request."""
    return _steps(engine, request) if engine.dialect.name == "sqlite" else _blocks(engine, request)


def of_server(engine: Engine) -> float:
    """Milliseconds of CPU that the server's processes for this database have used so far; none where the engine is inside."""
    if engine.dialect.name == "sqlite":
        return 0.0
    if engine not in WATCHED:
        WATCHED[engine] = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    here = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    numbers = WATCHED[engine].execute(text(here)).scalars().all()
    return sum(int(Path(f"/proc/{number}/schedstat").read_text().split()[0]) for number in numbers) / 1e6


WATCHED: dict[Engine, Any] = {}


def _steps(engine: Engine, request: Callable[[], object]) -> float:
    counted = [0]

    def tick() -> int:
        counted[0] += 1
        return 0

    def taken(connection: Any, *_told: object) -> None:
        connection.set_progress_handler(tick, A_HUNDRED)

    def given(connection: Any, *_told: object) -> None:
        connection.set_progress_handler(None, A_HUNDRED)

    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given)
    request()
    event.remove(engine, "checkout", taken)
    event.remove(engine, "checkin", given)
    return counted[0]


def _blocks(engine: Engine, request: Callable[[], object]) -> float:
    told: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            told.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    request()
    event.remove(engine, "before_cursor_execute", note)
    blocks = 0
    with engine.connect() as own:
        for statement, parameters in told:
            told_of = own.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}", parameters).scalar()
            plan = (json.loads(told_of) if isinstance(told_of, str) else told_of)[0]["Plan"]
            blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return blocks
