"""Referred: to whom a case went and when, kept from its filer unless the officer chose otherwise (U41)."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import Refused
from coi.languages import day, language
from coi.models import Decision, Disclosure, Referral
from coi.plans.words import conditions_of
from coi.profiles.current import current_profile, today
from coi.rules.permissions import Actor
from coi.vocabulary import Event, Outcome


@dataclass(frozen=True)
class ReferTo:
    """To whom a case is referred, on which day (None is today), and whether the filer reads it with the reason."""

    whom: str
    day: date | None = None
    told: bool = False


def check(to: ReferTo | None, severest: Outcome, referred: bool, conditions: bool, now: datetime) -> None:
    """Raises Refused beside the field for a referral to nobody, on a day to come, or with conditions that would tell of it."""
    if not referred:
        if to is not None and to.whom:
            raise Refused(_l("This goes with the outcome “Referred”. Take it away, or choose that outcome."), "referred_to")
        return
    if to is None or not to.whom.strip():
        raise Refused(_l("Write to whom it is referred."), "referred_to")
    if to.day is not None and to.day > today(now):
        raise Refused(_l("Choose today or a day that has passed."), "referred_on")
    if severest is Outcome.REFERRED and conditions and not to.told:
        raise Refused(
            _l("Conditions are laid before the filer. Take them away, or tell the filer of the referral."), "conditions"
        )


def refer(decision: Decision, disclosure: Disclosure, to: ReferTo, actor: Actor, now: datetime) -> Referral:
    """Writes down to whom a decided case is referred; the entry holds no name."""
    on = to.day or today(now)
    seq = record(
        Event.REFERRED,
        actor,
        f"disclosure:{disclosure.reference}",
        now,
        decision=decision.reference,
        to=sha256(to.whom),
        on=on.isoformat(),
        told=to.told,
    )
    made = Referral(whom=to.whom, day=on, told=to.told, at=now, seq=seq)
    decision.referral = made
    db.session.flush()
    return made


@dataclass(frozen=True)
class Heard:
    """A decision as its filer reads it: the outcome in words, to whom it was referred, the reason, the conditions."""

    outcome: str
    referred: str
    reason: str
    conditions: list[str]


def heard(decision: Decision) -> Heard:
    """What the filer reads of a decision, on every page and paper; of a referral only that the review has ended (U41)."""
    words = current_profile().outcome_label(decision.outcome.value, language())
    if decision.outcome is not Outcome.REFERRED:
        return Heard(words, "", decision.reason_for_filer, conditions_of(decision))
    to = decision.referral
    if to is None or not to.told:
        return Heard(words, "", "", [])
    referred = _("It was referred to %(whom)s on %(day)s.", whom=to.whom, day=day(to.day))
    return Heard(words, referred, decision.reason_for_filer, conditions_of(decision))
