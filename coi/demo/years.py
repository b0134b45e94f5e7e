"""Two years of the made-up city: last year filed and decided, this year half filed; every step by the actions of the pages."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from coi.accounts.door import actor_of
from coi.campaigns.actions import close, open_campaign
from coi.campaigns.extensions import extend, set_leave
from coi.db import db
from coi.demo.answers import drawn, of_story, of_the_state_form
from coi.demo.people import CAST
from coi.demo.reviewing import review_day
from coi.disclosures import actions as filing
from coi.disclosures import queries
from coi.disclosures.recording import Signature
from coi.disclosures.signing import sign
from coi.models import Account, Campaign, Disclosure, Draft, Obligation, Person
from coi.profiles.current import current_profile, today
from coi.rules.permissions import Actor
from coi.vocabulary import ExtensionReason, Receipt

STATE_FORM = "pa-sec-1"
FILED_LAST_YEAR = frozenset(one.number for one in CAST)
PHONE = "Mozilla/5.0 (a telephone of the demo)"


@dataclass(frozen=True)
class Plan:
    """How one year goes: who files on which day, who only begins."""

    files: dict[int, list[str]]
    begins: dict[int, list[str]]


def plan(
    draw: random.Random, references: list[str], days: int, share: float, begun: float = 0.0, sure: frozenset[str] = frozenset()
) -> Plan:
    """`share` of the obligations, and all `sure` ones, are filed, most of them early or near the end; `begun` more are begun."""
    files: dict[int, list[str]] = {}
    begins: dict[int, list[str]] = {}
    for reference in references:
        fate = draw.random()
        day = min(days - 1, int(days * draw.choice((draw.random() ** 2, 1 - draw.random() ** 2))))
        if fate < share or reference in sure:
            files.setdefault(day, []).append(reference)
        elif fate < share + begun:
            begins.setdefault(day, []).append(reference)
    return Plan(files, begins)


def open_year(year: int, actor: Actor, now: datetime) -> Campaign:
    """Opens the campaign, as an operator may before the first senior officer signed in."""
    return open_campaign(year, actor, now, setup=True)


def days_of(
    campaign: Campaign,
    days: int,
    share: float,
    begun: float,
    now: datetime,
    actor: Actor,
    settle_all: bool,
    kept_out: frozenset[str],
) -> Iterator[datetime]:
    """Lives through `days` days from `now`; yields each evening, so that the caller commits; numbers `kept_out` do nothing."""
    draw = random.Random(campaign.year)  # nosec B311  # a made-up city, no secret
    owed = select(Obligation.reference).where(Obligation.campaign_id == campaign.id, Obligation.number.not_in(kept_out))
    with_story = owed.where(Obligation.number.in_(FILED_LAST_YEAR))
    sure = frozenset(db.session.scalars(with_story)) if settle_all else frozenset()
    told = plan(draw, list(db.session.scalars(owed.order_by(Obligation.id))), days, share, begun, sure)
    year = campaign.year
    for day in range(days):
        morning = now + timedelta(days=day)
        if day == 3:
            _leave_and_time(campaign, draw, actor, morning, kept_out)
        for place, reference in enumerate(told.files.get(day, [])):
            _file(reference, draw, morning + timedelta(minutes=3 * place))
        for place, reference in enumerate(told.begins.get(day, [])):
            _begin(reference, draw, morning + timedelta(hours=5, minutes=place))
        review_day(draw, morning + timedelta(hours=7), settle_all=settle_all, last=day == days - 1)
        yield morning + timedelta(hours=8)
    if settle_all:
        for extra in range(1, 15):
            afternoon = now + timedelta(days=days + 7 * extra)
            review_day(draw, afternoon, settle_all=True, last=extra > 8)
            yield afternoon + timedelta(hours=1)
        campaign = db.session.scalars(select(Campaign).where(Campaign.year == year)).one()
        close(campaign, actor, now + timedelta(days=days + 110), setup=True)


def _leave_and_time(campaign: Campaign, draw: random.Random, actor: Actor, now: datetime, kept_out: frozenset[str]) -> None:
    """A few people are on leave, a few have more time."""
    owed = db.session.scalars(
        select(Obligation)
        .where(Obligation.campaign_id == campaign.id, Obligation.settled_on.is_(None), Obligation.number.not_in(kept_out))
        .order_by(Obligation.id)
    ).all()
    one_each = list({one.person_id: one for one in owed}.values())
    drawn_ones = draw.sample(one_each, min(11, len(one_each)))
    for obligation in drawn_ones[:6]:
        person = db.session.get_one(Person, obligation.person_id)
        set_leave(person, today(now), today(now) + timedelta(days=60), True, actor, now)
    for obligation in drawn_ones[6:]:
        if obligation.due_on is not None:
            extend(obligation, obligation.due_on + timedelta(days=14), ExtensionReason.RECORDS, "asked for more time", actor, now)


def acting_for(person_id: int, now: datetime) -> Actor:
    """The person as they act when signed in."""
    account = db.session.scalars(select(Account).where(Account.person_id == person_id)).one()
    return actor_of(account, today(now))


def _file(reference: str, draw: random.Random, now: datetime) -> None:
    disclosure, actor = _begin(reference, draw, now)
    draft = queries.draft_of(disclosure)
    if draft is None:
        return
    due = queries.policies_due(disclosure, draft.filer, today(now))
    said: dict[str, Any] = {}
    for version in due:
        fate = draw.random()
        kind = Receipt.DECLINED if fate < 0.01 else Receipt.OBJECTION if fate < 0.02 else Receipt.RECEIVED
        words = "I think part of this should be bargained." if kind is Receipt.OBJECTION else ""
        said[str(version.id)] = {"receipt": kind.value, "objection": words}
    filing.save_draft(disclosure, {}, said, actor, now, draft.revision, said=_said_of_before(draw, draft))
    # The sign-in is older than the act by minutes; the signing itself happens now.
    sign(disclosure, signature_of(disclosure, f"demo-{reference}", now), actor, now + timedelta(minutes=2))


def signature_of(disclosure: Disclosure, key: str, now: datetime) -> Signature:
    """The act of signing on a telephone, a few minutes after signing in."""
    return Signature(
        signed_name=disclosure.filer.name,
        agreed=True,
        idempotency_key=key,
        language=disclosure.filer.language,
        method="passphrase",
        signed_in_at=now - timedelta(minutes=6),
        address="192.0.2.17",
        agent=PHONE,
        button="Sign and file",
        request_id=key,
    )


def _said_of_before(draw: random.Random, draft: Draft) -> dict[str, Any]:
    """Most of what was told a year ago is still true; some of it is over since the middle of the year reported."""
    told: dict[str, Any] = {}
    for item in (draft.carried or {}).get("items", ()):
        over = draw.random() < 0.3
        day = f"{draft.disclosure.reporting_year - draw.randrange(2)}-08-15"
        told[f"{item['question']}/{item['entry']['_key']}"] = {"said": "ended", "on": day} if over else {"said": "same", "on": ""}
    return told


def _begin(reference: str, draw: random.Random, now: datetime) -> tuple[Disclosure, Actor]:
    obligation = db.session.scalars(select(Obligation).where(Obligation.reference == reference)).one()
    actor = acting_for(obligation.person_id, now)
    disclosure = filing.start(obligation, actor, now)
    draft = queries.draft_of(disclosure)
    if draft is not None:
        answers = _answers(draw, obligation, draft.filer, now)
        filing.save_draft(disclosure, answers, {}, actor, now, draft.revision)
    return disclosure, actor


def _answers(draw: random.Random, obligation: Obligation, filer: dict[str, Any], now: datetime) -> dict[str, Any]:
    if obligation.form_id != STATE_FORM:
        told = drawn(draw, filer, obligation.reporting_year)
        return of_story(obligation.number, filer, obligation.reporting_year) or told
    city = current_profile().city.name
    return of_the_state_form(draw, obligation.name, obligation.title, city, filer, obligation.reporting_year, today(now))
