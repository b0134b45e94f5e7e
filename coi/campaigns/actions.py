"""All writes of a campaign as a whole: open, pause, resume, close; each by two people (access 23), or by an operator in setup."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from coi.accounts import requests
from coi.audit.actions import make_checkpoint
from coi.audit.letters import mail_checkpoint
from coi.audit.record import record
from coi.campaigns import queries
from coi.campaigns.obligations import AT_ONCE, Asking, add_rows, new_references, settle, snapshot
from coi.campaigns.readiness import Readiness, readiness
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.models import Campaign, CampaignPart, CampaignStep, Disclosure, Obligation, Person, Request, Settlement
from coi.notices.rehearsal import go_without
from coi.profiles.current import current_profile, today
from coi.profiles.schema import Profile
from coi.rules.deadlines import COVERS_WITHIN_DAYS, covers, day_of_year
from coi.rules.permissions import Actor, Permission
from coi.vocabulary import Event, Kind, State

__all__ = ["ask_to_close", "ask_to_open", "ask_to_pause", "close", "open_campaign", "pause", "settle"]

OPEN, CLOSE, PAUSE = "open_campaign", "close_campaign", "pause_campaign"
YEARS = range(2000, 2101)


def ask_to_open(year: int, reason: str, actor: Actor, now: datetime) -> Request | None:
    """Asks a second person to open the campaign of a year; None when it was opened at once."""
    _check_open(year, today(now))
    return requests.ask(OPEN, _subject(year), {"year": year}, reason, actor, now)


def ask_to_close(campaign: Campaign, reason: str, actor: Actor, now: datetime) -> Request | None:
    """Asks a second person to close a campaign; None when it was closed at once."""
    _check_not_closed(campaign)
    return requests.ask(CLOSE, _subject(campaign.year), {"year": campaign.year}, reason, actor, now)


def ask_to_pause(part: CampaignPart, paused: bool, reason: str, actor: Actor, now: datetime) -> Request | None:
    """Asks a second person to pause one part, or to let it go on; None when it was done at once."""
    _check_pause(part, paused)
    told = {"year": part.campaign.year, "part": part.position, "paused": paused}
    return requests.ask(PAUSE, _subject(part.campaign.year), told, reason, actor, now)


def open_campaign(year: int, actor: Actor, now: datetime, *, request: str = "", setup: bool = False) -> Campaign:
    """Opens the campaign of `year`, which reports the year before: its parts from the profile, and what everybody asked owes."""
    profile, on = current_profile(), today(now)
    _check_open(year, on)
    parts = [_new_part(profile, year, position, on) for position in range(len(profile.campaign.parts))]
    owed = _everything_owed(profile, parts)
    references = new_references(f"DUE-{year}", len(owed))
    seq = record(
        Event.CAMPAIGN_OPENED,
        actor,
        _subject(year),
        now,
        year=year,
        reporting_year=year - 1,
        parts=len(parts),
        obligations=len(owed),
        two_persons=bool(request),
        request=request,
        setup=setup,
    )
    campaign = Campaign(year=year, reporting_year=year - 1, opened_at=now, seq=seq, parts=parts)
    db.session.add(campaign)
    db.session.flush()
    db.session.add(CampaignStep(campaign_id=campaign.id, step="opened", seq=seq))
    around = {
        "campaign_id": campaign.id,
        "kind": Kind.ANNUAL,
        "occasion": _subject(year),
        "reporting_year": year - 1,
        "told_on": on,
        "seq": seq,
    }
    add_rows(
        [
            {**row, **around, "part_id": part.id, "due_on": part.due_on, "reference": reference}
            for reference, (row, part) in zip(references, owed, strict=True)
        ]
    )
    _count_new_hires(campaign, on, seq)
    if setup:
        # An operator who sets the city up tries its letters by himself; later the desk has them sent to itself first (U25).
        go_without(campaign, "setup", actor, now)
    return campaign


def _check_open(year: int, on: date) -> None:
    if year not in YEARS:
        raise Refused(_("Type a year with four digits."), "year")
    if queries.campaign_of(year) is not None:
        raise NotPossible(_("The campaign of %(year)s is open already.", year=year), "year")
    faults = readiness(year, planned(year, on), on).faults
    if faults:
        raise NotPossible("\n".join(faults))


def planned(year: int | None, on: date) -> list[CampaignPart]:
    """The parts that a campaign of `year` would have, for looking at; nothing is kept."""
    profile = current_profile()
    if year is None or year not in YEARS:
        return []
    return [_new_part(profile, year, place, on) for place in range(len(profile.campaign.parts))]


def looked_at(year: int | None, on: date) -> Readiness | None:
    """What is missing for the campaign of a year, and who would be asked what; None for a year that can't be or is open."""
    parts = planned(year, on)
    return readiness(year, parts, on) if year is not None and parts and queries.campaign_of(year) is None else None


def _new_part(profile: Profile, year: int, position: int, on: date) -> CampaignPart:
    """One part with its days; a campaign opened after a due date keeps as many days to file as the profile gives."""
    plan = profile.campaign.parts[position]
    opens, due = _day(year, plan.opens), _day(year, plan.due)
    if due < opens:
        raise NotPossible(_("A part of the campaign is due before it opens. Correct the profile first."))
    if due < on:
        opens, due = on, on + (due - opens)
    return CampaignPart(
        position=position,
        groups=list(plan.groups),
        opens_on=opens,
        due_on=profile.next_business_day(due),
        level=plan.level.value if plan.level else None,
        policies=list(plan.policies) if plan.policies is not None else None,
        paused=False,
    )


def _day(year: int, month_day: str) -> date:
    month, day = month_day.split("-")
    return day_of_year(year, int(month), int(day))


def _everything_owed(profile: Profile, parts: list[CampaignPart]) -> list[tuple[dict[str, Any], CampaignPart]]:
    asking = Asking(profile)
    named = {group.casefold(): part for part in reversed(parts) for group in part.groups}
    everyone_else = next((part for part in parts if not part.groups), None)
    people = select(Person).where(Person.active, Person.employee).order_by(Person.id).execution_options(yield_per=AT_ONCE)
    owed = []
    for person in db.session.scalars(people):
        part = named.get(person.group.casefold(), everyone_else)
        if part is None:
            continue
        for asked in asking.of(person, Kind.ANNUAL, part):
            row = {**snapshot(person), "form_id": asked.form_id, "level": asked.level, "filer": asked.filer}
            owed.append((row, part))
    return owed


def _count_new_hires(campaign: Campaign, on: date, seq: int) -> None:
    """Who filed as a new hire within 90 days of the due date is not asked twice (U22)."""
    since = min(part.due_on for part in campaign.parts) - timedelta(days=COVERS_WITHIN_DAYS)
    filed = (
        select(Obligation, Disclosure)
        .join(Disclosure, (Disclosure.filer_id == Obligation.person_id) & (Disclosure.form_id == Obligation.form_id))
        .where(
            Obligation.campaign_id == campaign.id,
            Obligation.seq == seq,
            Disclosure.kind.in_((Kind.NEW_HIRE, Kind.NEW_POSITION)),
            Disclosure.state.not_in((State.DRAFT, State.WITHDRAWN)),
            Disclosure.first_submitted_at >= datetime.combine(since, datetime.min.time(), campaign.opened_at.tzinfo),
        )
        .order_by(Obligation.id, Disclosure.id)
    )
    for obligation, disclosure in db.session.execute(filed).all():
        signed = disclosure.first_submitted_at
        if obligation.settled_on is None and signed is not None and covers(obligation.due_on, today(signed)):
            db.session.add(Settlement(obligation_id=obligation.id, disclosure_id=disclosure.id, counted_on=on, seq=seq))
            obligation.settled_on = on
    db.session.flush()


def pause(part: CampaignPart, paused: bool, actor: Actor, now: datetime, *, request: str = "") -> None:
    """Stops the letters of one part and the counting of days late (court order, side letter), or lets it go on; all is kept."""
    db.session.refresh(part, with_for_update=True)
    _check_pause(part, paused)
    year = part.campaign.year
    seq = record(Event.CAMPAIGN_PAUSED, actor, _subject(year), now, part=part.position, paused=paused, request=request)
    part.paused = paused
    step = "paused" if paused else "resumed"
    db.session.add(CampaignStep(campaign_id=part.campaign_id, part_id=part.id, step=step, seq=seq))
    db.session.flush()


def _check_pause(part: CampaignPart, paused: bool) -> None:
    _check_not_closed(part.campaign)
    if part.paused == paused:
        raise NotPossible(_("This part is paused already.") if paused else _("This part is not paused."), "part")


def close(campaign: Campaign, actor: Actor, now: datetime, *, request: str = "", setup: bool = False) -> Campaign:
    """Ends the reminders and signs how the log stands; filing stays possible, and what is late stays late."""
    db.session.refresh(campaign, with_for_update=True)
    _check_not_closed(campaign)
    signed = make_checkpoint(f"campaign {campaign.year}", actor, now)
    details = {"size": signed["size"], "head": signed["head"], "two_persons": bool(request), "setup": setup}
    seq = record(Event.CAMPAIGN_CLOSED, actor, _subject(campaign.year), now, request=request, **details)
    campaign.closed_seq = seq
    mail_checkpoint(signed, now)
    db.session.add(CampaignStep(campaign_id=campaign.id, step="closed", seq=seq))
    db.session.flush()
    return campaign


def _check_not_closed(campaign: Campaign) -> None:
    if campaign.closed_seq is not None:
        raise NotPossible(_("The campaign of %(year)s is closed already.", year=campaign.year))


def _subject(year: int) -> str:
    return f"campaign:{year}"


def _existing(year: Any) -> Campaign:
    campaign = queries.campaign_of(int(year))
    if campaign is None:
        raise NotPossible(_("There is no campaign of %(year)s.", year=year))
    return campaign


def _reference(request: Request | None) -> str:
    return request.reference if request is not None else ""


def _in_setup(request: Request | None) -> bool:
    """Without a request it ran at once: by an operator before the first senior officer, or where the profile wants one person."""
    return request is None and current_profile().two_persons.open_campaign


def _run_open(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    open_campaign(int(told["year"]), actor, now, request=_reference(request), setup=_in_setup(request))


def _run_close(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    close(_existing(told["year"]), actor, now, request=_reference(request), setup=_in_setup(request))


def _run_pause(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    part = queries.part_of(_existing(told["year"]), int(told["part"]))
    if part is None:
        raise NotPossible(_("This campaign has no such part."))
    pause(part, bool(told["paused"]), actor, now, request=_reference(request))


def _version(subject: str) -> str:
    """What a request was asked about: whether the campaign was there, and whether it was closed."""
    campaign = queries.campaign_of(int(subject.partition(":")[2]))
    return "none" if campaign is None else "closed" if campaign.closed_seq is not None else "open"


def _say_pause(told: Mapping[str, Any]) -> str:
    if told["paused"]:
        return _("Pause part %(part)s of the campaign of %(year)s", part=int(told["part"]) + 1, year=told["year"])
    return _("Resume part %(part)s of the campaign of %(year)s", part=int(told["part"]) + 1, year=told["year"])


requests.register(
    OPEN, _run_open, lambda told: _("Open the campaign of %(year)s", year=told["year"]), _version, right=Permission.CAMPAIGN
)
requests.register(
    CLOSE, _run_close, lambda told: _("Close the campaign of %(year)s", year=told["year"]), _version, right=Permission.CAMPAIGN
)
requests.register(PAUSE, _run_pause, _say_pause, _version, right=Permission.CAMPAIGN)
