"""The queue page at two sizes on both engines: page CPU and query time of every list and filter, page one and half way down.

    python -m bench.queue [--filings 10000 1000000] [--engine sqlite postgresql] [--url URL] [--times 9]

Makes a database of each size (bench/bulk.py), asks every page as the test client does, and prints the best of `--times` with the ratio
of the larger to the smaller: where the smaller city does not fill a page, what the missing rows cost to draw is added to it first
(marked ~; a row's cost is that of the list without a filter). `--url` measures a database that bench/bulk.py filled before, without a ratio. The bar: at most 1.2
times on page one, 1.3 half way down. Time of the database counts: SQLite works inside the process, PostgreSQL beside it.
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
from sqlalchemy import Engine, event, select

from app import create_app
from bench import bulk
from bench.pages import browser
from coi.config import Settings
from coi.db import db, transaction
from coi.models import Account
from coi.review import finding
from coi.review import queue as reads
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
Found = dict[tuple[str, ...], tuple[float, float, int]]
LISTS = (("olu", "mine"), ("olu", "desk"), ("olu", "escalated"), ("sia", "waiting"), ("sia", "all"), ("ada", "all"))


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--filings", type=int, nargs="+", default=[10_000, 1_000_000])
    asked.add_argument("--engine", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    asked.add_argument("--url")
    asked.add_argument("--times", type=int, default=9)
    asked.add_argument("--lists", nargs="+", default=["mine", "desk", "escalated", "waiting", "all"])
    told = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="coi-queue-"))
    if told.url:
        table({0: measured(city(told.url, folder), told.times, told.lists)}, told.url.startswith("sqlite"))
    else:
        for engine in told.engine:
            server = PostgresEngine() if engine == "postgresql" else None
            found = {}
            for filings in told.filings:
                url = server.empty(f"queue{filings}") if server else f"sqlite:///{folder / f'queue{filings}.db'}"
                app = city(url, folder)
                made(app, filings, engine)
                found[filings] = measured(app, told.times, told.lists)
                with app.app_context():
                    db.engine.dispose()
            print(f"\n{engine}")
            table(found, engine == "sqlite")
            if server:
                server.close()
    shutil.rmtree(folder)


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
    """For (who, list, filter, depth): milliseconds of CPU and of waiting for the database, the best of `times`, and rows."""
    found = {}
    family, word = bulk._word(7 * 13 % (bulk.WORDS // 2)), bulk._word(1234)
    with app.app_context():
        accounts = {one.email.partition("@")[0]: one for one in db.session.scalars(select(Account))}
        browsers = {name: browser(app, accounts[name]) for name in ("olu", "sia", "ada")}
        actors = {name: Member(accounts[name]).actor for name in browsers}
        db.session.commit()
        engine = db.engine
        for name, whose in LISTS:
            for asked in FILTERS if whose in lists else ():
                filters = {key: value.format(family=family, word=word) for key, value in asked.items()}
                deep = half_way(actors[name], reads.Filters(whose=whose, **filters))
                db.session.rollback()
                said = " ".join(f"{key}={value}" for key, value in asked.items()) or "nothing asked"
                for depth, after in (("one", ""), ("deep", deep)):
                    if after or depth == "one":
                        path = "/review/?" + urlencode({"whose": whose, "after": after, **filters})
                        found[name, whose, said, depth] = best(engine, browsers[name], path, times)
    return found


def half_way(actor: Any, filters: reads.Filters) -> str:
    """The place in the middle of a list, "" where it has no second page."""
    wanted = reads._wanted(actor, filters, datetime.now(UTC))
    many = finding.how_many(wanted, 10**9)
    if many <= 2 * reads.PAGE:
        return ""
    arms = finding._arms(wanted, None, 10**9)
    rows = arms[0] if len(arms) == 1 else finding._merged(arms, 10**9)
    one = db.session.execute(rows.limit(None).offset(many // 2).limit(1)).one()
    return reads._told(finding.Place(one[1], one[2], one[0]))


def best(engine: Engine, client: Any, path: str, times: int) -> tuple[float, float, int]:
    waited = [0.0]
    since = [0.0]

    def before(*_told: object) -> None:
        since[0] = time.perf_counter()

    def after(*_told: object) -> None:
        waited[0] += time.perf_counter() - since[0]

    reply = client.get(path)
    if reply.status_code != 200:
        raise SystemExit(f"{path} answered {reply.status_code}")
    cpu, query = [], []
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    for _time in range(times):
        waited[0], used = 0.0, time.process_time()
        client.get(path)
        cpu.append((time.process_time() - used) * 1000)
        query.append(waited[0] * 1000)
    event.remove(engine, "before_cursor_execute", before)
    event.remove(engine, "after_cursor_execute", after)
    return min(cpu), min(query), reply.text.count("data-row")


def table(found: dict[int, Found], inside: bool) -> None:
    """Prints it all; `inside`: the database's time is CPU of this process already."""
    sizes = sorted(found)
    heads = "".join(f"{f'CPU {size:,}':>15}{'query':>8}{'rows':>5}" for size in sizes)
    print(f"{'who':<5}{'list':<10}{'filter':<52}{'page':<5}{heads}{'ratio':>9}")
    worst = {"one": 0.0, "deep": 0.0}
    for key, large in found[sizes[-1]].items():
        cells = [found[size].get(key) for size in sizes]
        told = "".join(f"{one[0]:>15.1f}{one[1]:>8.1f}{one[2]:>5}" if one else f"{'':>28}" for one in cells)
        mark = ""
        if len(sizes) > 1:
            small = cells[0] or found[sizes[0]][(*key[:3], "one")]
            missing = large[2] - small[2]
            ratio = spent(large, inside) / (spent(small, inside) + missing * a_row(found[sizes[0]], key, inside))
            over = "  over" if ratio > (1.3 if key[3] == "deep" else 1.2) else ""
            mark = f"{'~' if missing else '':>3}{ratio:>6.2f}{over}"
            worst[key[3]] = max(worst[key[3]], ratio)
        print(f"{key[0]:<5}{key[1]:<10}{key[2]:<52}{key[3]:<5}{told}{mark}", flush=True)
    print(f"worst: page one {worst['one']:.2f}, half way down {worst['deep']:.2f}")


def spent(cell: tuple[float, float, int], inside: bool) -> float:
    return cell[0] if inside else cell[0] + cell[1]


def a_row(found: Found, key: tuple[str, ...], inside: bool) -> float:
    """What one row of a list costs, from the whole list and from a search that finds nothing."""
    full, empty = found[(*key[:2], "nothing asked", "one")], found[(*key[:2], "search=zz", "one")]
    return max(spent(full, inside) - spent(empty, inside), 0) / full[2] if full[2] else 0.0


if __name__ == "__main__":
    main()
