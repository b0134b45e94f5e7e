"""Makes what people owe, with a snapshot of who they were, and settles it: one filing settles every obligation it covers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import insert, select, update

from coi.audit.record import record
from coi.campaigns import queries
from coi.campaigns.event_days import Days, rule_of_form
from coi.campaigns.trouble import last_day_of, on_time
from coi.db import db
from coi.models import Campaign, CampaignPart, Disclosure, Letter, Obligation, Person, PersonVersion, Settlement
from coi.models.types import new_reference
from coi.profiles.current import current_profile, today
from coi.profiles.schema import Profile
from coi.questionnaires.uses import forms_for, uses
from coi.rules.deadlines import counted_from, covers, due_on, read_due
from coi.rules.permissions import SYSTEM, Actor
from coi.vocabulary import Event, Kind, Level

# A filing of one of these tells everything, so it may stand for another of these (U22); a gift or a change tells one thing.
WHOLE = frozenset({Kind.ANNUAL, Kind.NEW_HIRE, Kind.NEW_POSITION})
VOLUNTARY = frozenset({Kind.CHANGE, Kind.GIFT})
FROM_BEING_TOLD = frozenset({Kind.NEW_HIRE, Kind.NEW_POSITION})
AT_ONCE = 1000
FILED = "filed"
OWN_EVENTS = ("told", "event", "event_date", "campaign_due")
REQUIRED, FIRST_YEAR = "required", "first_year"
# How the occasion of a form begins that the desk gave to one person; the day of the event follows.
BY_DESK = "desk:"


@dataclass(frozen=True)
class Asked:
    """One form that one person is asked: what the roster and the profile say of them."""

    form_id: str
    level: str
    filer: dict[str, Any]


class Asking:
    """What a profile asks of whom; people with the same title, department and group are worked out once."""

    def __init__(self, profile: Profile) -> None:
        self.profile, self.uses = profile, uses(profile)
        self._known: dict[tuple[str, str, str, str, str | None], list[Asked]] = {}

    def of(self, person: Person, kind: Kind, part: CampaignPart | None = None) -> list[Asked]:
        """The forms that this person owes, none when the profile's `filers` leaves them out."""
        key = (person.title, person.department, person.group, kind.value, part.level if part else None)
        if key not in self._known:
            self._known[key] = self._work_out(*key)
        return self._known[key]

    def _work_out(self, title: str, department: str, group: str, kind: str, level: str | None) -> list[Asked]:
        known = {"title": title, "department": department, "group": group}
        if kind not in VOLUNTARY and not self.profile.asks(known):
            return []
        filer = self.profile.filer_of(known, kind)
        # A part's level holds only where the position gives none (DESIGN 4); without either nothing may stay unasked.
        filer["level"] = str(filer.get("level") or level or Level.FULL)
        return [Asked(form_id, filer["level"], filer) for form_id in forms_for(kind, filer, self.uses)]


@dataclass(frozen=True)
class ByForm:
    """What a filled-in form says of its own deadline: the DUE that fits its answers, and the days that it asked for."""

    form_id: str
    due: str
    days: Mapping[str, date]


def new_references(prefix: str, count: int) -> list[str]:
    """`count` references that no obligation has."""
    taken = set(db.session.scalars(select(Obligation.reference).where(Obligation.reference.startswith(f"{prefix}-"))))
    made: list[str] = []
    while len(made) < count:
        reference = new_reference(prefix)
        if reference not in taken:
            taken.add(reference)
            made.append(reference)
    return made


def snapshot(person: Person) -> dict[str, Any]:
    """Who a person is today, as the obligation keeps it."""
    return {
        "person_id": person.id,
        "number": person.number or "",
        "name": person.name,
        "department": person.department,
        "title": person.title,
        "group": person.group,
        "supervisor_id": person.supervisor_id,
    }


def add_rows(rows: Sequence[dict[str, Any]]) -> None:
    """Writes many obligations at once."""
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Obligation), rows[start : start + AT_ONCE])


def make_obligation(
    person: Person,
    kind: Kind,
    occasion: str,
    now: datetime,
    *,
    actor: Actor = SYSTEM,
    event_on: date | None = None,
    reporting_year: int | None = None,
    because: str = "",
    by_form: ByForm | None = None,
) -> list[Obligation]:
    """What this person owes for one occasion, one obligation for each form that applies; those made before come back."""
    make_obligations(
        [person],
        kind,
        occasion,
        now,
        actor=actor,
        event_on=event_on,
        reporting_year=reporting_year,
        because=because,
        by_form=by_form,
    )
    wanted = select(Obligation).where(Obligation.person_id == person.id, Obligation.kind == kind, Obligation.occasion == occasion)
    return list(db.session.scalars(wanted.order_by(Obligation.id)))


def make_obligations(
    people: Iterable[Person],
    kind: Kind,
    occasion: str,
    now: datetime,
    *,
    actor: Actor = SYSTEM,
    event_on: date | None = None,
    reporting_year: int | None = None,
    because: str = "",
    forms: Collection[str] | None = None,
    by_form: ByForm | None = None,
) -> int:
    """The same for many people under one entry; says how many were new. Who has one for this occasion already gets no second.

    `forms` names the only forms that are to be asked; all that apply when it is None.
    """
    profile, told = current_profile(), today(now)
    asking, everyone = Asking(profile), list(people)
    had = _made_before([person.id for person in everyone], kind, occasion)
    owed = [
        (person, asked)
        for person in everyone
        for asked in asking.of(person, kind)
        if (person.id, asked.form_id) not in had and (forms is None or asked.form_id in forms)
    ]
    if not owed:
        return 0
    year = reporting_year if reporting_year is not None else told.year - 1
    campaign = queries.latest()
    campaign_id = campaign.id if campaign is not None and campaign.reporting_year == year else None
    days = Days({asked.form_id for _person, asked in owed})
    references = new_references(f"DUE-{told.year}", len(owed))
    subject = f"obligation:{references[0]}" if len(owed) == 1 else f"obligations:{kind.value}:{occasion}"
    seq = record(Event.OBLIGATION_MADE, actor, subject, now, kind=kind.value, count=len(owed), because=because)
    add_rows(
        [
            {
                **snapshot(person),
                "reference": reference,
                "campaign_id": campaign_id,
                "form_id": asked.form_id,
                "kind": kind,
                "occasion": occasion,
                "reporting_year": year,
                "level": asked.level,
                "filer": asked.filer,
                "told_on": told,
                "due_on": due_of(
                    profile,
                    asked,
                    kind,
                    events_of(person, kind, told, event_on, days.of(asked.form_id, person.id)),
                    year,
                    by_form,
                ),
                "seq": seq,
            }
            for reference, (person, asked) in zip(references, owed, strict=True)
        ]
    )
    return len(owed)


def _made_before(people: Sequence[int], kind: Kind, occasion: str) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    for start in range(0, len(people), AT_ONCE):
        wanted = select(Obligation.person_id, Obligation.form_id).where(
            Obligation.person_id.in_(people[start : start + AT_ONCE]), Obligation.kind == kind, Obligation.occasion == occasion
        )
        found.update(db.session.execute(wanted).all())
    return found


def events_of(
    person: Person, kind: Kind, told: date, event_on: date | None, entered: Mapping[str, date] = MappingProxyType({})
) -> dict[str, date | None]:
    """The days from which a due date may count; for a new hire or position never before the person was told (U23).

    `entered` are the days that the office entered for this form and person; they win over the profile's.
    """
    campaign = queries.latest()
    hired_on = event_on if event_on and kind is Kind.NEW_HIRE else person.hired_on
    left_on = event_on if event_on and kind is Kind.LEAVING else person.left_on
    happened = event_on or (hired_on if kind is Kind.NEW_HIRE else left_on if kind is Kind.LEAVING else None)
    events: dict[str, date | None] = {
        **current_profile().events,
        **entered,
        "told": told,
        "event": happened,
        "event_date": happened,
        "hired_on": hired_on,
        "left_on": left_on,
        "campaign_due": max((part.due_on for part in campaign.parts), default=None) if campaign is not None else None,
    }
    if kind in FROM_BEING_TOLD:
        later = counted_from(happened, told)
        events |= {"told": later, "event": later, "event_date": later, "hired_on": counted_from(hired_on, told)}
    return events


def due_of(
    profile: Profile,
    asked: Asked,
    kind: Kind,
    events: Mapping[str, date | None],
    reporting_year: int,
    by_form: ByForm | None = None,
) -> date | None:
    """When it is due: the profile decides, the form is its default also where the profile's event is none that this form has.

    None while the event is not known. The day of an event comes from the roster, from what the office entered, or from the
    answer to a question of its name.
    """
    return counted(profile, asked, kind, events, reporting_year, by_form)[0]


def counted(
    profile: Profile,
    asked: Asked,
    kind: Kind,
    events: Mapping[str, date | None],
    reporting_year: int,
    by_form: ByForm | None = None,
) -> tuple[date | None, str]:
    """The same, with the event that the due date counts from, or for which it waits; no event where a day of the year is told."""
    filled = by_form if by_form is not None and by_form.form_id == asked.form_id else None
    # The profile's rule for the day of a change or of a new position is in `events` already (U23).
    known = {**events, **{name: on for name, on in filled.days.items() if name not in OWN_EVENTS}} if filled else events
    waits = ""
    for rule in (profile.deadlines.get(kind), filled.due if filled else rule_of_form(asked.form_id, asked.filer)):
        day = due_on(rule, known, reporting_year, profile.next_business_day) if rule else None
        if rule:
            waits = read_due(rule).event
        if day is not None:
            return day, waits
    return None, waits


def as_listed(
    filer: Mapping[str, Any], codes: Collection[str], obligation: Obligation | None, campaign: Campaign | None, on: date
) -> dict[str, Any]:
    """The filer as the form's conditions see them: who lists a job by the due date of the first campaign had it before (U23).

    Only where the form knows the code `first_year`, which asks for the approval of a job and raises nothing.
    """
    told = dict(filer)
    if told.get("job_approval") != REQUIRED or FIRST_YEAR not in codes or obligation is None or campaign is None:
        return told
    if obligation.kind is not Kind.ANNUAL or campaign.year != queries.first_year():
        return told
    due = last_day_of(obligation)
    return {**told, "job_approval": FIRST_YEAR} if due is None or on <= due else told


def settle(
    disclosure: Disclosure,
    actor: Actor,
    now: datetime,
    seq: int,
) -> list[Obligation]:
    """Counts a signed filing for every obligation it covers, on the city's day of `now`, and stops their letters.

    What nobody asked for (a gift, a change, an imported filing of an earlier year) gets the obligation that it settles.
    """
    filed = today(now)
    wanted = select(Obligation).where(
        Obligation.person_id == disclosure.filer_id,
        Obligation.form_id == disclosure.form_id,
        Obligation.settled_on.is_(None),
        Obligation.ended_seq.is_(None),
    )
    waiting = db.session.scalars(wanted.order_by(Obligation.id).with_for_update())
    covered = [one for one in waiting if _covers(disclosure, one, filed)]
    if not covered and disclosure.obligation_id is None:
        covered = [_unasked(disclosure, filed, seq)]
    for obligation in covered:
        counted = on_time(obligation, disclosure, filed, actor, now)
        db.session.add(Settlement(obligation_id=obligation.id, disclosure_id=disclosure.id, counted_on=counted, seq=seq))
        obligation.settled_on = counted
        if disclosure.obligation_id is None:
            disclosure.obligation_id = obligation.id
        stop_letters(obligation)
    db.session.flush()
    return covered


def _unasked(disclosure: Disclosure, filed: date, seq: int) -> Obligation:
    version = disclosure.versions[-1] if disclosure.versions else None
    filer = dict(version.filer) if version is not None else {}
    made = Obligation(
        **snapshot(disclosure.filer),
        reference=new_references(f"DUE-{filed.year}", 1)[0],
        campaign_id=disclosure.campaign_id,
        form_id=disclosure.form_id,
        kind=disclosure.kind,
        occasion=disclosure.reference,
        reporting_year=disclosure.reporting_year,
        level=str(filer.get("level") or ""),
        filer=filer,
        told_on=filed,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _covers(disclosure: Disclosure, obligation: Obligation, filed: date) -> bool:
    if obligation.id == disclosure.obligation_id:
        return True
    if disclosure.kind == obligation.kind:
        return disclosure.kind in WHOLE and disclosure.reporting_year == obligation.reporting_year
    return disclosure.kind in WHOLE and obligation.kind in WHOLE and covers(obligation.extended_to or obligation.due_on, filed)


def stop_letters(obligation: Obligation, because: str = FILED) -> None:
    """Takes what the outbox still holds about an obligation out of it; a later run writes anew what is still needed."""
    db.session.execute(
        update(Letter)
        .where(
            Letter.person_id == obligation.person_id,
            Letter.sent_at.is_(None),
            Letter.kind.in_(queries.ABOUT_DUE),
            Letter.once.contains(obligation.reference, autoescape=True),
        )
        .values(dropped=because)
    )


def end(obligation: Obligation, because: str, actor: Actor, now: datetime) -> None:
    """Nothing is owed any more (an import was undone, somebody was asked by mistake); the row stays."""
    if obligation.ended_seq is not None or obligation.settled_on is not None:
        return
    stop_letters(obligation, "ended")
    obligation.ended_seq = record(Event.OBLIGATION_ENDED, actor, f"obligation:{obligation.reference}", now, because=because)
    db.session.flush()


def newcomers(version_ids: Iterable[PersonVersion]) -> list[Person]:
    """Who of these versions is a new hire: active, and hired after the latest campaign opened or on a day nobody knows."""
    campaign = queries.latest()
    if campaign is None:
        return []
    opened = today(campaign.opened_at)
    fresh = [one.person_id for one in version_ids if one.active and (one.hired_on is None or one.hired_on > opened)]
    found: list[Person] = []
    for start in range(0, len(fresh), AT_ONCE):
        wanted = select(Person).where(Person.id.in_(fresh[start : start + AT_ONCE]), Person.active, Person.employee)
        found.extend(db.session.scalars(wanted.order_by(Person.id)))
    return found
