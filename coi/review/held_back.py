"""Which filings need a look of their own and are never cleared with others or by a rule, and why; reads only."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from coi.db import db
from coi.models import (
    ContractAlert,
    Decision,
    Disclosure,
    DisclosureVersion,
    Interest,
    InterestMatch,
    StepAside,
    StepAsideLink,
    StepAsideStep,
)
from coi.plans.binding import bound
from coi.vendors.alerts import SURE, verdicts_on
from coi.vendors.queries import pair_of
from coi.vocabulary import LeftOut

# Whether a condition or a verdict stands hangs on no day here: the daily sweep ends a verdict whose last day has passed.
ANY_DAY = date.min


def held_back(ids: Collection[int]) -> dict[int, LeftOut]:
    """Why each of these filings needs a look of its own; what may be cleared with others is not in it.

    A new contract that nobody settled; a company that is likely one of the City's vendors without anybody's verdict; a filer
    who keeps out of something for the time of this review; conditions of an earlier decision that the filer still has.
    """
    found = dict.fromkeys(_with_conditions(ids), LeftOut.CONDITIONS)
    found |= dict.fromkeys(_unverified(ids), LeftOut.UNVERIFIED)
    found |= dict.fromkeys(_stepped_aside(ids), LeftOut.STEPPED_ASIDE)
    alerts = select(ContractAlert.disclosure_id).where(ContractAlert.disclosure_id.in_(ids), ContractAlert.ended_seq.is_(None))
    return found | dict.fromkeys(db.session.scalars(alerts), LeftOut.NEW_CONTRACT)


def _with_conditions(ids: Collection[int]) -> set[int]:
    rows = select(Disclosure.id, Disclosure.filer_id).where(Disclosure.id.in_(ids))
    decided = select(Decision.id).where(Decision.filer_id == Disclosure.filer_id, Decision.undone_seq.is_(None))
    filers = dict(db.session.execute(rows.where(decided.exists())).all())
    with_them = bound(set(filers.values()), ANY_DAY) if filers else set()
    return {number for number, filer in filers.items() if filer in with_them}


def _unverified(ids: Collection[int]) -> set[int]:
    rows = (
        select(DisclosureVersion.disclosure_id, Interest.party_normal, InterestMatch.vendor_key)
        .join(Interest, Interest.version_id == DisclosureVersion.id)
        .join(InterestMatch, InterestMatch.interest_id == Interest.id)
        .join(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
        .where(
            DisclosureVersion.disclosure_id.in_(ids),
            DisclosureVersion.number == Disclosure.version,
            InterestMatch.ended_seq.is_(None),
            InterestMatch.level.in_(SURE),
        )
    )
    pairs = {(number, pair_of(party, vendor)) for number, party, vendor in db.session.execute(rows)}
    judged = verdicts_on(pairs, ANY_DAY) if pairs else {}
    return {number for number, pair in pairs if (number, pair) not in judged}


def _stepped_aside(ids: Collection[int]) -> set[int]:
    over = select(StepAsideStep.id).where(StepAsideStep.step_aside_id == StepAside.id, StepAsideStep.over_on.is_not(None))
    rows = (
        select(StepAsideLink.disclosure_id)
        .join(StepAside, StepAside.id == StepAsideLink.step_aside_id)
        .where(StepAsideLink.disclosure_id.in_(ids), ~over.exists())
    )
    return {number for number in db.session.scalars(rows) if number is not None}
