"""Commands of the notices room: send what is due, have all letters sent to somebody first, note an address that failed."""

import sys
from datetime import datetime
from typing import BinaryIO

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_babel import gettext as _

from coi.accounts.queries import person_by_number
from coi.campaigns.queries import latest
from coi.campaigns.reminders import write_due
from coi.cli import acting, clock
from coi.db import db, for_reading
from coi.errors import NotPossible, Refused
from coi.models import Campaign
from coi.notices import bounces, rehearsal
from coi.notices.hours import in_work_hours, next_work_hour
from coi.notices.queries import waiting_for_hours
from coi.notices.sweep import A_RUN, sweep
from coi.profiles.current import today, zone
from coi.rules.permissions import Actor

# A returned mail holds the letter once more, hardly anything else.
LONGEST_MAIL = 2_000_000


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
    app.cli.add_command(notices)


@click.group()
def notices() -> None:
    """Letters."""


@notices.command("send")
@click.option("--most", type=click.IntRange(1, 100_000), help="Stop after this many letters.")
@with_appcontext
def send(most: int | None) -> None:
    """Writes and sends what is due, without waiting for the worker or the pace; safe to run beside it and to run again.

    Letters to many leave in work hours only.
    """
    now = clock()
    while write_due(now):
        pass
    left = most
    total = 0
    while left is None or left > 0:
        sent = sweep(now, min(A_RUN, left) if left else A_RUN, paced=False)
        if not sent:
            break
        total += sent
        left = left - sent if left is not None else None
        if sys.stderr.isatty():
            click.echo(f"\r{total} letters sent", err=True, nl=False)
    click.echo("1 letter sent." if total == 1 else f"{total} letters sent.")
    _say_what_waits(now)


def _say_what_waits(now: datetime) -> None:
    with for_reading():
        waiting = 0 if in_work_hours(now) else waiting_for_hours(now)
        when = next_work_hour(now).astimezone(zone())
        db.session.rollback()
    if waiting:
        click.echo(f"{waiting} letters to many wait for work hours: {when:%A %H:%M}.")


@notices.command("first")
@click.option("--to", "number", help="The employee number of who gets every letter of the latest campaign as a sample.")
@click.option("--without", "reason", help="Let the letters leave without that; the reason is kept.")
@acting
def first(number: str | None, reason: str | None, actor: Actor, now: datetime) -> None:
    """Has all letters of the latest campaign sent to one person first; until then letters to many wait."""
    if bool(number) == bool(reason):
        raise Refused(_("Give either --to with an employee number, or --without with a reason."))
    campaign = _campaign()
    if reason:
        rehearsal.go_without(campaign, reason, actor, now)
        click.echo(_("The letters of this campaign may leave now."))
        return
    person = person_by_number(number or "")
    if person is None:
        raise NotPossible(_("Nobody has this employee number."))
    sent = rehearsal.send_to_me(campaign, actor, person, now, today(now))
    click.echo(f"{sent} samples are on their way to {person.name}. The letters of the campaign may leave now.")


def _campaign() -> Campaign:
    campaign = latest()
    if campaign is None:
        raise NotPossible(_("There is no campaign yet."))
    return campaign


@notices.command("returned")
@click.argument("mails", type=click.File("rb"), nargs=-1)
@click.option("--address", help="An address that failed, where there is no returned mail to read.")
@click.option("--what", default="noted on the terminal", help="What the mail server said.")
@acting
def returned(mails: tuple[BinaryIO, ...], address: str | None, what: str, actor: Actor, now: datetime) -> None:
    """Notes addresses that failed: from returned mails (files, or - for what a mail server pipes in), or one by hand."""
    found = [(address, what)] if address else []
    for mail in mails:
        found += bounces.failed_addresses(mail.read(LONGEST_MAIL))
    noted = 0
    for one, said in found:
        try:
            noted += bounces.mark_failed(one, said, actor, now)
        except NotPossible as unknown:
            click.echo(f"{one}: {unknown.message}", err=True)
    click.echo(f"{noted} noted.")
