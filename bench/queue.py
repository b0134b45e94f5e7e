"""The queue page at two sizes on both engines: what every list and filter costs and reads, page one and half way down.

    python -m bench.queue [--filings 10000 1000000] [--engine sqlite postgresql] [--url URL] [--times 5]

Makes a database of each size (bench/bulk.py), asks every page as a browser does, and prints for each size CPU, what was read, and rows,
then the ratios. CPU is the best of `--times`, of this process and of the server's process that answers it (SQLite works inside this
one). What was read does not depend on how busy the machine is: hundreds of steps of SQLite's machine, blocks of PostgreSQL. Where the
smaller city does not fill a page, what the missing rows cost to draw is added to it first (marked ~). The bar: at most 1.2 times on page
one, 1.3 half way down. Every first page is held against a plain count, so that none is empty without reason: what differs is
printed last, and the command fails. What is measured is told as it goes, on standard error. `--url` measures a database that bench/bulk.py filled before, without a ratio.
"""

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from flask import Flask
from sqlalchemy import Engine, func, select

from app import create_app
from bench import bulk, plain, reading
from bench.pages import browser
from coi.config import Settings
from coi.db import db, transaction
from coi.models import Account, Disclosure
from coi.review import finding
from coi.review import queue as reads
from coi.rules.permissions import Actor
from coi.setting_up import make_installation, make_tables
from coi.vocabulary import Role
from tests.engines import PostgresEngine
from tests.factories import OPERATOR, AccountFactory, Member, PersonFactory, RoleGrantFactory

FILTERS: tuple[dict[str, str], ...] = (
    {},
    *({"state": one} for one in ("submitted", "in_review", "returned", "escalated", "decided", "withdrawn")),
    *({"priority": one} for one in ("now", "first", "soon", "look", "routine")),
    {"department": "Department 07"},
    *({"kind": one} for one in ("annual", "gift", "leaving")),
    {"flag": "question_3"},
    *({"on": one} for one in reads.ON),
    {"overdue": "yes"},
    {"search": "rosa"},
    {"search": "{family}"},
    {"search": "comcast"},
    {"search": "{word}"},
    {"search": "rosa comcast"},
    {"search": "zz"},
    {"search": "COI-2026-00000042"},
    {"state": "decided", "department": "Department 07"},
    {"state": "decided", "search": "comcast"},
    {"department": "Department 07", "flag": "question_3"},
    {"department": "Department 07", "kind": "gift", "overdue": "yes"},
    {"priority": "now", "overdue": "yes", "kind": "annual"},
)
# CPU in ms, what was read, rows of the page, and the rows that a plain count expects on page one (-1: not asked; more than are shown where the page was cut).
Cell = tuple[float, float, int, int]
Found = dict[tuple[str, ...], Cell]
LISTS = (("olu", "mine"), ("olu", "desk"), ("olu", "escalated"), ("sia", "waiting"), ("sia", "all"), ("ada", "all"))


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--filings", type=int, nargs="+", default=[10_000, 1_000_000])
    asked.add_argument("--engine", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    asked.add_argument("--url")
    asked.add_argument("--times", type=int, default=5)
    asked.add_argument("--lists", nargs="+", default=["mine", "desk", "escalated", "waiting", "all"])
    told = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="coi-queue-"))
    wrong: list[str] = []
    try:
        if told.url:
            table({0: measured(city(told.url, folder), told.times, told.lists)})
        else:
            for engine in told.engine:
                wrong += compared(engine, told, folder)
    finally:
        shutil.rmtree(folder)
    if wrong:
        raise SystemExit("\n".join(["These pages do not show what a plain count finds:", *wrong]))


def compared(engine: str, told: argparse.Namespace, folder: Path) -> list[str]:
    """Measures one engine at every size and prints its table; gives what does not hold against the plain count."""
    server = PostgresEngine() if engine == "postgresql" else None
    found: dict[int, Found] = {}
    try:
        for filings in told.filings:
            url = server.empty(f"queue{filings}") if server else f"sqlite:///{folder / f'queue{filings}.db'}"
            app = city(url, folder)
            made(app, filings, engine)
            found[filings] = measured(app, told.times, told.lists)
            with app.app_context():
                db.engine.dispose()
    finally:
        if server:
            server.close()
    print(f"\n{engine}")
    table(found)
    return [
        f"{engine} {size:,}: {' '.join(key)}: {cell[2]} rows, not {cell[3]}"
        for size, cells in found.items()
        for key, cell in cells.items()
        if cell[3] not in (-1, cell[2])
    ]


def city(url: str, folder: Path) -> Flask:
    settings = Settings(database_url=url, folder=folder, demo=True, secret_key="a secret of one measurement", profile="lancaster")
    return create_app(settings)


def made(app: Flask, filings: int, engine: str) -> None:
    """Fills a fresh database, and lets the engine count what it holds, as it does by itself within minutes."""
    began, now = time.perf_counter(), datetime.now(UTC)
    with app.app_context():
        make_tables()
        with transaction():
            make_installation(OPERATOR, now)
            reviewers = [officer(f"reviewer{number}", Role.REVIEWER) for number in range(11)]
            seniors = [officer(name, Role.SENIOR_OFFICER) for name in ("sia", "sol")]
            reviewers.insert(0, officer("olu", Role.REVIEWER))
            officer("ada", Role.AUDITOR)
        if engine == "sqlite":
            db.session.remove()
            with closing(db.engine.raw_connection()) as own:  # the pool gives the same connection to the session
                for pragma in ("synchronous = OFF", "cache_size = -600000", "foreign_keys = OFF", "temp_store = MEMORY"):
                    own.cursor().execute(f"PRAGMA {pragma}")
        with transaction():
            bulk.fill(db.session.connection(), filings, reviewers, seniors, now)
        if engine == "postgresql":
            with closing(
                psycopg.connect(str(db.engine.url.render_as_string(hide_password=False)).replace("+psycopg", ""), autocommit=True)
            ) as own:
                own.execute("VACUUM ANALYZE")
        db.engine.dispose()
    print(f"{engine}: {filings:,} filings made in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def officer(name: str, role: Role) -> int:
    """Somebody with an account and a role; gives the id of the person."""
    account = AccountFactory(person=PersonFactory(name=f"{name.title()} Officer", email=f"{name}@city.example"))
    RoleGrantFactory(account=account, role=role)
    return int(account.person_id)


def measured(app: Flask, times: int, lists: list[str]) -> Found:
    """For (who, list, filter, depth) what it costs."""
    family, word = bulk._word(7 * 13 % (bulk.WORDS // 2)), bulk._word(1234)
    asked: dict[tuple[str, ...], tuple[str, str, int]] = {}
    with app.app_context():
        accounts = {one.email.partition("@")[0]: one for one in db.session.scalars(select(Account))}
        browsers = {name: browser(app, accounts[name]) for name in ("olu", "sia", "ada")}
        people = {name: Member(accounts[name]).actor for name in browsers}
        db.session.commit()
        engine = db.engine
        for name, whose in LISTS:
            for wanted in FILTERS if whose in lists else ():
                filters = {key: value.format(family=family, word=word) for key, value in wanted.items()}
                said = " ".join(f"{key}={value}" for key, value in wanted.items()) or "nothing asked"
                many, deep = plainly(people[name], whose, filters)
                db.session.rollback()
                for depth, after in (("one", ""), ("deep", deep)):
                    if after or depth == "one":
                        path = "/review/?" + urlencode({"whose": whose, "after": after, **filters})
                        asked[name, whose, said, depth] = (path, name, min(many, reads.PAGE) if depth == "one" else -1)
    # Outside of the app's context: within it Flask would give every request the same one, and with it whoever asked first.
    cells: Found = {}
    for key, (path, name, many) in asked.items():
        cells[key] = (*best(engine, browsers[name], path, times), many)
        print(f"{' '.join(key):<75}{cells[key][0]:>8.1f} ms", file=sys.stderr, flush=True)
    return cells


def plainly(actor: Actor, whose: str, filters: dict[str, str]) -> tuple[int, str]:
    """How many filings a plain question finds, without any of the queue's own ways, and the place in their middle."""
    order = (Disclosure.rank, Disclosure.due_at, Disclosure.id)
    wanted = plain.asked(actor, whose, filters)
    many = db.session.scalar(select(func.count()).select_from(wanted.with_only_columns(Disclosure.id).subquery())) or 0
    if many <= 2 * reads.PAGE:
        return many, ""
    one = db.session.execute(wanted.with_only_columns(*order).order_by(*order).offset(many // 2).limit(1)).one()
    return many, reads._at(finding.Place(*one))


def best(engine: Engine, client: Any, path: str, times: int) -> tuple[float, float, int]:
    """CPU in ms, what was read, and the rows of a page."""
    reply = client.get(path)
    if reply.status_code != 200:
        raise SystemExit(f"{path} answered {reply.status_code}")
    cpu = []
    for _time in range(times):
        used = used_by(engine)
        client.get(path)
        cpu.append(used_by(engine) - used)
    return min(cpu), reading.of(engine, lambda: client.get(path)), reply.text.count("data-row")


def used_by(engine: Engine) -> float:
    """Milliseconds of CPU of this process and of the server's that work for it."""
    return time.process_time() * 1000 + reading.of_server(engine)


def table(found: dict[int, Found]) -> None:
    """Prints it all."""
    sizes = sorted(found)
    heads = "".join(f"{f'CPU {size:,}':>15}{'read':>8}{'rows':>5}" for size in sizes)
    print(f"{'who':<5}{'list':<10}{'filter':<52}{'page':<5}{heads}{'CPU':>9}{'read':>7}")
    worst = {"one": 0.0, "deep": 0.0}
    over = 0
    for key, large in found[sizes[-1]].items():
        cells = [found[size].get(key) for size in sizes]
        told = "".join(f"{one[0]:>15.1f}{one[1]:>8.0f}{one[2]:>5}" if one else f"{'':>28}" for one in cells)
        mark = ""
        if len(sizes) > 1:
            small = cells[0] or found[sizes[0]][(*key[:3], "one")]
            missing = large[2] - small[2]
            ratio = large[0] / (small[0] + missing * a_row(found[sizes[0]], key))
            is_over = ratio > (1.3 if key[3] == "deep" else 1.2)
            over += is_over
            mark = f"{'~' if missing else '':>3}{ratio:>6.2f}{large[1] / small[1]:>7.1f}{'  over' if is_over else ''}"
            worst[key[3]] = max(worst[key[3]], ratio)
        print(f"{key[0]:<5}{key[1]:<10}{key[2]:<52}{key[3]:<5}{told}{mark}", flush=True)
    print(
        f"worst: page one {worst['one']:.2f}, half way down {worst['deep']:.2f}; over the bar: {over} of {len(found[sizes[-1]])} pages"
    )


def a_row(found: Found, key: tuple[str, ...]) -> float:
    """What one row of a list costs, from the whole list and from a search that finds nothing."""
    full, empty = found[(*key[:2], "nothing asked", "one")], found[(*key[:2], "search=zz", "one")]
    return max(full[0] - empty[0], 0) / full[2] if full[2] else 0.0


if __name__ == "__main__":
    main()
