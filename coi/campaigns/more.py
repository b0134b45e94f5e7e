"""Asks one more form in the campaign under way: of everybody whom the profile and the choice at publishing name, each once."""

from datetime import datetime, timedelta

from sqlalchemy import select

from coi.audit.record import record
from coi.campaigns import queries
from coi.campaigns.obligations import AT_ONCE, Asking, add_rows, new_references, snapshot
from coi.db import db
from coi.models import CampaignPart, Obligation, Person
from coi.profiles.current import current_profile, today
from coi.rules.permissions import Actor
from coi.vocabulary import Event, Kind

A_MONTH = timedelta(days=30)


def ask_everybody(form_id: str, actor: Actor, now: datetime) -> int:
    """How many people now owe this form in the open campaign; none without one. Who owes it already gets no second."""
    campaign = queries.latest()
    if campaign is None or campaign.closed_seq is not None:
        return 0
    parts: dict[str, CampaignPart] = {group.casefold(): part for part in reversed(campaign.parts) for group in part.groups}
    everyone_else = next((part for part in campaign.parts if not part.groups), None)
    had = set(
        db.session.scalars(
            select(Obligation.person_id).where(Obligation.campaign_id == campaign.id, Obligation.form_id == form_id)
        )
    )
    asking, owed = Asking(current_profile()), []
    people = select(Person).where(Person.active, Person.employee).order_by(Person.id).execution_options(yield_per=AT_ONCE)
    for person in db.session.scalars(people):
        part = parts.get(person.group.casefold(), everyone_else)
        if part is None or person.id in had:
            continue
        owed += [(snapshot(person), part, one) for one in asking.of(person, Kind.ANNUAL, part) if one.form_id == form_id]
    if not owed:
        return 0
    occasion = f"campaign:{campaign.year}"
    details = {"kind": Kind.ANNUAL.value, "count": len(owed), "because": f"form:{form_id}"}
    seq = record(Event.OBLIGATION_MADE, actor, f"obligations:{Kind.ANNUAL.value}:{occasion}", now, **details)
    told, references = today(now), new_references(f"DUE-{today(now).year}", len(owed))
    add_rows(
        [
            {
                **row,
                "reference": reference,
                "campaign_id": campaign.id,
                "part_id": part.id,
                "form_id": form_id,
                "kind": Kind.ANNUAL,
                "occasion": occasion,
                "reporting_year": campaign.reporting_year,
                "level": one.level,
                "filer": one.filer,
                "told_on": told,
                # Nobody is late on the day of asking: who is asked after the due date has a month.
                "due_on": part.due_on if part.due_on > told else current_profile().next_business_day(told + A_MONTH),
                "seq": seq,
            }
            for reference, (row, part, one) in zip(references, owed, strict=True)
        ]
    )
    return len(owed)
