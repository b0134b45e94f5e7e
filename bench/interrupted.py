"""`python -m bench.interrupted [--times 20] [--entries 3000] [--engine sqlite]`: workbooks interrupted at random by kill -9,
a full disk or a download that breaks off; none may be on offer half, each must come to the same roots again. Prints a table."""

import errno
import random
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from sqlalchemy import select

from coi.db import db, for_reading, transaction
from coi.exports import jobs, queries
from coi.exports.actions import ask
from coi.models import Export
from coi.vocabulary import JobState
from tests.engines import ENGINES
from tests.factories import an_entry, find_cast
from tests.faults.standing import kill, sign_in, standing, start

WORKER = ["bench.interrupted", "--work"]


def main() -> int:
    """Interrupts on one engine; 1 when anything half was on offer or came out otherwise."""
    asked = ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=20)
    asked.add_argument("--entries", type=int, default=3000)
    asked.add_argument("--engine", choices=sorted(ENGINES), default="sqlite")
    asked.add_argument("--work", action="store_true")
    told = asked.parse_args()
    if told.work:
        from app import create_app

        with create_app().app_context():
            return 0 if jobs.run_waiting(datetime.now(UTC)) else 1
    engine = ENGINES[told.engine]()
    try:
        with tempfile.TemporaryDirectory() as folder, standing(engine, "interrupted", Path(folder)) as city:
            return _run(city, told)
    finally:
        engine.close()


def _until_claimed(reference: str) -> None:
    for _try in range(600):
        with for_reading():
            state = db.session.scalar(select(Export.state).where(Export.reference == reference))
            db.session.rollback()
        if state is not JobState.WAITING:
            return
        time.sleep(0.02)


def _run(city, told) -> int:  # type: ignore[no-untyped-def]  # the standing city of the tests
    with transaction():
        for _entry in range(told.entries):
            an_entry(datetime.now(UTC))
    ada = find_cast().ada
    browser = city.app.test_client()
    cookie = sign_in(city.app, ada.account)
    as_of, roots, found = "", None, Counter[str]()
    began = time.perf_counter()
    for number in range(told.times + 1):
        with transaction():
            export = ask(None, "en", as_of or None, find_cast().ada.actor, datetime.now(UTC))
            reference, as_of = export.reference, export.as_of
        how = "not" if number == 0 else random.SystemRandom().choice(["kill -9", "kill -9", "full disk", "closed connection"])
        at = datetime.now(UTC)
        if how == "kill -9":
            worker = start(WORKER, city.environment, city.folder / "worker.log")
            _until_claimed(reference)
            time.sleep(random.SystemRandom().uniform(0.0, 0.8))
            kill(worker)
        elif how == "full disk":
            with mock.patch("coi.exports.making.os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device")):
                jobs.run_waiting(at)
        db.session.expire_all()
        state = db.session.scalars(select(Export.state).where(Export.reference == reference)).one()
        db.session.rollback()
        half = state is not JobState.DONE and queries.own_done(reference) is not None
        found[f"{how}: {state.value}"] += 1
        found["half on offer"] += half
        if state is JobState.FAILED:
            with transaction():
                reference = ask(None, "en", as_of, find_cast().ada.actor, datetime.now(UTC)).reference
        jobs.run_waiting(at + queries.STALE + timedelta(minutes=1))
        if how == "closed connection":
            reply = browser.get(f"/exports/{reference}/workbook", headers={"Cookie": cookie.cookie}, buffered=False)
            next(iter(reply.response), b"")
            reply.close()
        db.session.expire_all()
        export = db.session.scalars(select(Export).where(Export.reference == reference)).one()
        sheets = (export.seal or {}).get("sheets")
        good = queries.own_done(reference) is not None and jobs.digest(queries.workbook_of(export)) == export.sha256
        roots = roots or sheets
        found["made again with the same roots" if good and sheets == roots else "WRONG"] += number > 0
        db.session.rollback()
        queries.workbook_of(export).unlink(missing_ok=True)  # so that the same moment is made anew
    left = jobs.tidy(datetime.now(UTC) + timedelta(hours=1))
    halves = [path.name for path in queries.folder().iterdir() if path.name.startswith(".")]
    took = time.perf_counter() - began
    print(f"engine {told.engine}: {told.times} interrupted in {took:.0f} s; {left} leftovers swept, {halves} stay")
    for what, count in sorted(found.items()):
        print(f"  {what}: {count}")
    return 1 if found["half on offer"] or found["WRONG"] or halves else 0


if __name__ == "__main__":
    sys.exit(main())
