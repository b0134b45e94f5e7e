"""The worker's clock: huey wakes one idempotent sweep each minute and whenever it is nudged; the work itself lies in rows."""

import os
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, current_app
from huey import PostgresHuey, SqliteHuey, crontab
from psycopg.errors import UniqueViolation

from coi.config import Settings

log = structlog.get_logger()


def _make() -> Any:
    settings = Settings()
    if settings.database_url.startswith("postgresql"):
        # huey makes its own tables in the same database; a libpq address without the driver's name.
        address = settings.database_url.replace("postgresql+psycopg://", "postgresql://")
        try:
            return PostgresHuey("coi", dsn=address, results=False)
        except UniqueViolation:  # another process started first in the same moment and made them
            return PostgresHuey("coi", dsn=address, results=False)
    # A file of its own: enqueuing inside a request's write transaction would wait for itself.
    folder = Path(os.environ.get("COI_FOLDER", str(settings.folder)))
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("coi", filename=str(folder / "clock.db"), results=False)


huey = _make()


@lru_cache(maxsize=1)
def _app() -> Flask:
    from app import create_app

    return create_app()


@huey.periodic_task(crontab(minute="*"))
def each_minute() -> None:
    """The clock."""
    with _app().app_context():
        sweep_all(datetime.now(UTC))


@huey.task()
def nudged() -> None:
    """The nudge: the same sweep, at once."""
    with _app().app_context():
        sweep_all(datetime.now(UTC))


def nudge() -> None:
    """Wakes the worker after a commit; a lost nudge costs at most a minute. A test runs the sweep itself."""
    if current_app.testing:
        return
    try:
        nudged()
    except Exception as fault:  # whatever the queue suffers, the work lies in rows and the clock comes by
        log.warning("nobody to nudge", fault=str(fault))


def sweep_all(now: datetime) -> dict[str, int]:
    """Everything that is due and not done; each part in transactions of its own, one failing part stops no other."""
    from coi.attachments.jobs import tidy_up
    from coi.audit.jobs import daily_checkpoint
    from coi.campaigns.reminders import write_due
    from coi.casefiles.jobs import make_waiting
    from coi.duties.sweep import keep_apart
    from coi.exports.jobs import run_waiting, tidy
    from coi.notices.sweep import sweep
    from coi.people.keeping import forget_old
    from coi.plans.sweep import remind as remind_of_plans
    from coi.records.jobs import make_waiting as make_copies
    from coi.records.sweep import remind as remind_of_records
    from coi.review.jobs import carry_out
    from coi.review.sweep import recheck
    from coi.vendors.jobs import match_anew
    from coi.workload.digests import write as write_digests
    from coi.workload.reminders import remind

    done: dict[str, int] = {}
    for name, part in (
        ("exports", run_waiting),
        ("workbooks", tidy),
        ("case_files", make_waiting),
        ("copies", make_copies),
        ("records", remind_of_records),
        ("review", recheck),
        ("rules", carry_out),
        ("matches", match_anew),
        ("duties", keep_apart),
        ("reminders", write_due),
        ("questions", remind),
        ("digests", write_digests),
        ("plans", remind_of_plans),
        ("checkpoint", daily_checkpoint),
        ("letters", sweep),
        ("rosters", forget_old),
        ("papers", tidy_up),
    ):
        try:
            done[name] = part(now)
        except Exception:
            log.exception("a part of the sweep failed", part=name)
            done[name] = -1
    return done
