"""Commands of the campaigns room: `campaigns open|close|pause|resume|event|status`; what needs two persons becomes a request."""

from datetime import date, datetime

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import gettext as _

from coi.campaigns import actions, desk, entering, event_words, queries
from coi.cli import acting, clock, fail
from coi.db import for_reading
from coi.errors import NotPossible, Refused
from coi.models import Campaign, CampaignPart, Request
from coi.people import queries as roster
from coi.profiles.current import today
from coi.rules.permissions import Actor

YEAR = click.option("--year", type=click.IntRange(2000, 2100), help="The year in which it runs; default: the latest campaign.")
REASON = click.option("--reason", default="asked on the terminal", help="For the second person who decides.")
PART = click.option("--part", "place", type=click.IntRange(1, 500), required=True, help="The part's number, as status shows it.")

campaigns = AppGroup("campaigns", help="The yearly campaign: open, pause, resume, close, and how far it is.")


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
    app.cli.add_command(campaigns)


@campaigns.command("open")
@click.option(
    "--year", type=click.IntRange(2000, 2100), help="The year in which it runs; it reports the year before. Default: now."
)
@REASON
@acting
def open_one(year: int | None, reason: str, actor: Actor, now: datetime) -> None:
    """Opens the campaign of a year, or asks a second person to."""
    wanted = year or today(now).year
    found = actions.looked_at(wanted, today(now))
    for remark in found.remarks if found else ():
        click.echo(_("Look at this: %(remark)s", remark=remark), err=True)
    if _waits(actions.ask_to_open(wanted, reason, actor, now)):
        return
    campaign = _campaign(wanted)
    owed = desk.total(desk.stations(campaign, today(now)))
    click.echo(_("The campaign of %(year)s is open: %(people)s people are asked.", year=wanted, people=owed.people))
    for part in campaign.parts:
        click.echo(_part(part))


@campaigns.command("close")
@YEAR
@REASON
@acting
def close_one(year: int | None, reason: str, actor: Actor, now: datetime) -> None:
    """Ends the reminders and makes the checkpoint; filing stays possible."""
    campaign = _campaign(year)
    if not _waits(actions.ask_to_close(campaign, reason, actor, now)):
        click.echo(_("The campaign of %(year)s is closed.", year=campaign.year))


@campaigns.command("pause")
@PART
@YEAR
@REASON
@acting
def pause_one(place: int, year: int | None, reason: str, actor: Actor, now: datetime) -> None:
    """Pauses one part: no letters, nothing late, everything kept."""
    part = _found(_campaign(year), place)
    if not _waits(actions.ask_to_pause(part, True, reason, actor, now)):
        click.echo(_("The part is paused."))


@campaigns.command("resume")
@PART
@YEAR
@REASON
@acting
def resume_one(place: int, year: int | None, reason: str, actor: Actor, now: datetime) -> None:
    """Lets a paused part go on."""
    part = _found(_campaign(year), place)
    if not _waits(actions.ask_to_pause(part, False, reason, actor, now)):
        click.echo(_("The part goes on."))


@campaigns.command("event")
@click.argument("form_id", metavar="FORM")
@click.argument("event")
@click.argument("on", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--person", "number", default="", help="The employee number of the one person for whom it counts; else everybody.")
@acting
def event_one(form_id: str, event: str, on: datetime, number: str, actor: Actor, now: datetime) -> None:
    """Enters the day of an event from which a form's due dates count, or corrects it."""
    person = roster.person(number) if number else None
    if number and person is None:
        raise Refused(_("Nobody on the roster has this number or name."))
    made = entering.enter(form_id, event, on.date(), person[0] if person else None, actor, now)
    click.echo(event_words.plan_in_words(made, today(now)))


@campaigns.command("status")
@YEAR
def status(year: int | None) -> None:
    """How many people stand where, whole and by part."""
    try:
        with for_reading():
            _tell(_campaign(year), today(clock()))
    except NotPossible as refusal:
        fail(str(refusal.message))


def _tell(campaign: Campaign, on: date) -> None:
    state = _("closed") if campaign.closed_seq is not None else _("open")
    click.echo(
        _("Campaign of %(year)s, reporting %(about)s: %(state)s", year=campaign.year, about=campaign.reporting_year, state=state)
    )
    for part in campaign.parts:
        click.echo(_part(part))
    total = desk.total(desk.stations(campaign, on))
    click.echo(_("%(people)s people are asked.", people=total.people))
    for standing in desk.ORDER:
        click.echo(f"  {standing.label}: {total.counts[standing]}")


def _part(part: CampaignPart) -> str:
    whom = ", ".join(part.groups) or _("everybody else")
    told = _(
        "  Part %(place)s: %(whom)s, opens %(opens)s, due %(due)s",
        place=part.position + 1,
        whom=whom,
        opens=part.opens_on.isoformat(),
        due=part.due_on.isoformat(),
    )
    return f"{told} ({_('paused')})" if part.paused else told


def _campaign(year: int | None) -> Campaign:
    campaign = queries.campaign_of(year) if year is not None else queries.latest()
    if campaign is None:
        raise NotPossible(_("There is no such campaign. Open one with: flask campaigns open"))
    return campaign


def _found(campaign: Campaign, place: int) -> CampaignPart:
    part = queries.part_of(campaign, place - 1)
    if part is None:
        raise NotPossible(_("This campaign has no such part."))
    return part


def _waits(request: Request | None) -> bool:
    if request is not None:
        click.echo(
            _("Asked as %(reference)s. A senior officer decides on the page “Second person”.", reference=request.reference)
        )
    return request is not None
