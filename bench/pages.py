"""Server time of the main pages for each role, on a filled demo: median milliseconds and database statements of one request.

    .venv/bin/python -m bench.pages --database sqlite:///var/demo/coi.db

The database is a demo that `flask demo --people 600 --no-serve` filled; a copy is read, for reading leaves entries.
"""

import argparse
import shutil
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from app import create_app
from coi.config import Settings
from coi.db import db
from coi.demo.city import account_of, number_of
from coi.models import Account, Disclosure, Obligation
from coi.vocabulary import State
from tests.factories import make_sign_in

PAGES: dict[str, tuple[str, ...]] = {
    "nobody": ("/accounts/sign-in", "/help", "/policies/"),
    "employee": ("/", "{draft}", "{draft}/review", "{draft}/sign", "/accounts/me", "/my-record/wrong"),
    "filed": ("/", "{own}", "{own}/receipt", "{own}/correct"),
    "reviewer1": ("/review/", "{case}", "/", "/review/?search=a"),
    "senior1": (
        "/review/?whose=all",
        "/review/?whose=all&state=decided",
        "{escalated}",
        "/campaign-desk/",
        "/campaign-desk/people",
        "/exports/",
        "/audit/",
        "/audit/verify",
        "/accounts/roles",
        "/accounts/requests",
        "/notices/",
    ),
    "auditor": ("/review/?whose=all", "/campaign-desk/", "/exports/", "/audit/", "/people/"),
    "admin1": (
        "/campaign-desk/",
        "/campaign-desk/people",
        "/campaign-desk/people?standing=all",
        "{owed}",
        "/campaign-desk/printed-list",
        "/people/",
        "/people/roster",
        "/notices/",
        "/accounts/slips",
        "/accounts/roles",
        "/campaign-desk/open",
    ),
}


def browser(app: Flask, account: object) -> FlaskClient:
    client = app.test_client()
    if account is not None:
        token = make_sign_in(account, datetime.now(UTC))
        with client.session_transaction() as cookie:
            cookie["sign_in"] = token
    return client


def places() -> tuple[dict[str, object], dict[str, str]]:
    """Who looks, and where the pages with a reference lie."""
    people = {name: account_of(number_of(name)) for name in ("reviewer1", "senior1", "auditor", "admin1")}

    def newest(*where: object) -> Disclosure:
        return db.session.scalars(select(Disclosure).where(*where).order_by(Disclosure.id.desc()).limit(1)).one()

    def account(person_id: int) -> Account:
        return db.session.scalars(select(Account).where(Account.person_id == person_id)).one()

    draft = newest(Disclosure.state == State.DRAFT)
    signed = newest(Disclosure.state == State.DECIDED, Disclosure.nil.is_(False))
    reviewer = people["reviewer1"].person_id
    case = newest(Disclosure.state == State.IN_REVIEW, Disclosure.reviewer_id == reviewer, Disclosure.nil.is_(False))
    escalated = newest(Disclosure.outcome.is_not(None), Disclosure.nil.is_(False))
    owed = db.session.scalars(select(Obligation).where(Obligation.settled_on.is_(None)).limit(1)).one()
    people |= {"nobody": None, "employee": account(draft.filer_id), "filed": account(signed.filer_id)}
    return people, {
        "draft": f"/forms/{draft.reference}",
        "own": f"/filings/{signed.reference}",
        "case": f"/review/{case.reference}",
        "escalated": f"/review/{escalated.reference}",
        "owed": f"/campaign-desk/people/{owed.reference}",
    }


def measured(engine: Engine, client: FlaskClient, path: str, times: int) -> tuple[int, float, float, int, int]:
    """Code, median milliseconds by the clock and of CPU, statements of the last request, bytes before compression."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(statement)

    reply, spent, cpu = client.get(path), [], []
    event.listen(engine, "before_cursor_execute", note)
    for _time in range(times):
        told.clear()
        began, used = time.perf_counter(), time.process_time()
        reply = client.get(path)
        spent.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    event.remove(engine, "before_cursor_execute", note)
    return reply.status_code, statistics.median(spent) * 1000, statistics.median(cpu) * 1000, len(told), len(reply.data)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--database", required=True, help="of a filled demo; an SQLite file is copied first")
    asked.add_argument("--times", type=int, default=15)
    told = asked.parse_args()
    folder, url = Path(tempfile.mkdtemp(prefix="coi-pages-")), told.database
    if url.startswith("sqlite:///"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as source, sqlite3.connect(folder / "coi.db") as copy:
            source.backup(copy)
        url = f"sqlite:///{folder / 'coi.db'}"
    app = create_app(Settings(database_url=url, folder=folder, demo=True, secret_key="a secret of one measurement"))
    with app.app_context():
        people, where = places()
        browsers = {name: browser(app, account) for name, account in people.items()}
        db.session.commit()
        engine = db.engine
    print(f"{'':<12}{'page':<42}{'code':>5}{'ms':>9}{'CPU ms':>9}{'statements':>12}{'kB':>8}")
    for role, paths in PAGES.items():
        for path in paths:
            code, spent, cpu, statements, size = measured(engine, browsers[role], path.format(**where), told.times)
            mark = "  slow" if cpu > 50 else ""  # a busy machine makes the clock say more
            print(f"{role:<12}{path:<42}{code:>5}{spent:>9.1f}{cpu:>9.1f}{statements:>12}{size / 1000:>8.1f}{mark}", flush=True)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
