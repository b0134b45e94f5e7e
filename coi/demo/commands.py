"""`flask demo`: fills an empty installation with a made-up city and serves it; keeps what is there; refuses a real city."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

import click
from flask import Flask, current_app, g
from sqlalchemy import func, select

from coi.campaigns.reminders import A_RUN, write_due
from coi.cli import clock, fail, operator
from coi.config import Settings
from coi.db import db, transaction
from coi.demo import cases, office, questions, records, stories
from coi.demo.city import PASSPHRASE, found
from coi.demo.people import CAST
from coi.demo.stories import Act
from coi.demo.tour import slip_codes, slips_for_tour, where_to_look, whom
from coi.demo.years import days_of, open_year
from coi.models import Campaign, Disclosure, Installation, Person
from coi.notices.sweep import sweep
from coi.profiles.current import forget, today, zone
from coi.serve import run_both
from coi.setting_up import init_here

EVERY_LETTER = 10_000
DAYS_OF_LAST_YEAR = 40
DAYS_OF_THIS_YEAR = 20
# An import acts on the next business day: within a week, whatever the holidays.
DAYS_SINCE_THE_ROSTER = 8
DAYS_SINCE_THE_PLAN = 9
Acts = dict[int, list[Act]]
TOUR = frozenset(one.number for one in CAST)


def register(app: Flask) -> None:
    """Adds `flask demo`, and to the front page of a demo whom to sign in as."""
    app.cli.add_command(demo)
    settings: Settings = app.config["SETTINGS"]
    if settings.demo:
        app.jinja_env.globals.update(demo_people=whom, demo_passphrase=PASSPHRASE)


@click.command()
@click.option("--people", default=600, show_default=True, type=click.IntRange(60, 20_000), help="How many people the city has.")
@click.option("--serve/--no-serve", default=True, help="Whether to serve the city when it is filled.")
@click.option("--port", default=8000, envvar="PORT", show_default=True, type=click.IntRange(1, 65_535), help="Where to listen.")
def demo(people: int, serve: bool, port: int) -> None:
    """A made-up city to look at: filled once, kept afterwards, served until Ctrl-C."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.demo:
        fail("A demo needs COI_DEMO=1, so that no real city is filled with made-up people. `make demo` sets it.")
    # Nothing in the log goes back in time: what is made at the beginning happens before the first year.
    current_app.config["NOW"] = lambda: first_day(datetime.now(UTC)) - timedelta(days=31)
    init_here()
    current_app.config.pop("NOW")
    installation = db.session.scalars(select(Installation)).one()
    real = not installation.demo
    db.session.rollback()
    if real:
        fail("This database belongs to a real installation. Point COI_DATABASE_URL at another one for the demo.")
    _fill(people)
    _tell(port)
    if serve:
        sys.exit(run_both(port, "127.0.0.1", 1))


def _fill(people: int) -> None:
    """Fills what is empty; a demo that was interrupted half way says how to start over."""
    years = list(db.session.scalars(select(Campaign.year)))
    there = db.session.scalar(select(func.count()).select_from(Person)) or 0
    now = clock()
    on = today(now)
    db.session.rollback()
    if len(years) > 1 and _filled():
        return
    if there:
        fail("The demo was interrupted while it was being filled. Remove its database (by default in var/) and start again.")
    _say(f"Filling a made-up city of {people} people; this happens once.")
    actor = operator()
    g.actor = actor
    last = first_day(now)
    _hurry()
    with transaction():
        found(people, on, actor, last - timedelta(days=30))
    forget()
    with transaction():
        before = open_year(on.year - 1, actor, last)
        db.session.flush()
    _live(before, DAYS_OF_LAST_YEAR, 0.97, 0.0, last + timedelta(days=1), True, frozenset(), {})
    start = max(_afternoon(now) - timedelta(days=DAYS_OF_THIS_YEAR + 1), datetime(on.year, 1, 1, 14, 0, tzinfo=UTC))
    _act(office.before_opening(), start - timedelta(hours=1))
    with transaction():
        current = open_year(on.year, actor, start)
    days = max(1, min(DAYS_OF_THIS_YEAR, (now - start).days - 1))
    acts = _acts_of(days)
    _live(current, days, 0.5, 0.08, start + timedelta(days=1) - timedelta(hours=7), False, TOUR, acts)
    with transaction():
        slips_for_tour(actor, now)


def _acts_of(days: int) -> Acts:
    """What is done in which evening, counted from nothing."""
    acts: Acts = {}
    for place, more in (
        (1, stories.early()),
        (days // 2, office.half_way()),
        (days - DAYS_SINCE_THE_ROSTER, stories.in_between()),
        (days - DAYS_SINCE_THE_PLAN, cases.some_days_before()),
        (days - questions.DAYS_OF_WAITING, [questions.in_between]),
        (
            days - 1,
            stories.lately()
            + office.lately()
            + cases.lately()
            + records.lately()
            + [questions.ask_a_supervisor, questions.ask_the_solicitor],
        ),
    ):
        acts.setdefault(min(max(0, place), days - 1), []).extend(more)
    return acts


def _act(acts: Iterable[Act], now: datetime) -> None:
    """One after the other, each in a transaction of its own: a file is judged before anything is locked."""
    for place, act in enumerate(acts):
        with transaction():
            act(now + timedelta(minutes=2 * place))


def first_day(now: datetime) -> datetime:
    """When last year's campaign opened: about where this year's opens, a year before."""
    return datetime(now.year - 1, 1, 1, 14, 0, tzinfo=UTC) + timedelta(days=max(5, now.timetuple().tm_yday - 25))


def _hurry() -> None:
    """SQLite need not wait for the disk while a made-up city is filled: a power cut costs nothing but another try."""
    if db.engine.dialect.name == "sqlite":
        db.session.rollback()
        with db.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA synchronous=OFF")


def _live(
    campaign: Campaign,
    days: int,
    share: float,
    begun: float,
    now: datetime,
    settle_all: bool,
    kept_out: frozenset[str],
    acts: Acts,
) -> None:
    steps = days_of(campaign, days, share, begun, now, operator(), settle_all, kept_out)
    for place in count():
        with transaction():
            evening = next(steps, None)
        if evening is None:
            return
        while acts and write_due(evening) >= A_RUN:
            pass
        _act(acts.get(place, ()), evening)
        sweep(evening + timedelta(hours=1), EVERY_LETTER, paced=False)
        if evening.day % 5 == 0:
            _say(f"  {evening:%B} {evening.day}, {evening.year}")


def _afternoon(now: datetime) -> datetime:
    return now.astimezone(zone()).replace(hour=14, minute=0, second=0, microsecond=0).astimezone(UTC)


def _filled() -> bool:
    return bool(db.session.scalar(select(func.count()).select_from(Disclosure)))


def _say(line: str) -> None:
    """Progress on a terminal; quiet in a pipe."""
    if sys.stdout.isatty():
        click.echo(line)


def _tell(port: int) -> None:
    """Where to go and whom to sign in as."""
    click.echo(f"\nThe city is at http://localhost:{port}   (Ctrl-C stops everything)")
    click.echo(f"Everybody's passphrase here: {PASSPHRASE}\n")
    for role, login, name in whom():
        click.echo(f"  {role!s:<48} {login:<38} {name}")
    click.echo("\nOf the review in particular:")
    for what, login, page in where_to_look():
        click.echo(f"  {what!s:<48} {login:<38} {page}")
    codes = slip_codes(clock())
    if codes:
        click.echo("\nFirst sign-in with a printed slip:")
        for number, code, name in codes:
            click.echo(f"  employee number {number}, code {code}{name and f'   {name}'}")
    click.echo("")
