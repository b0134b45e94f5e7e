"""Opening one filing to an auditor for a time: asked by one, approved by another, both free of conflict; ends by itself (SD8)."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coi.accounts import requests
from coi.accounts.queries import holders
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import conflicts_with, facts_for
from coi.errors import NotPossible, Refused
from coi.models import Disclosure, Person, ReadGrant, Request
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.review.queries import case
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import Event, Role

DAYS = 14  # access.md SD8: by default
LONGEST = 90


def ask(reference: str, auditor_id: int, days: int, reason: str, actor: Actor, now: datetime) -> Request | None:
    """Asks a second person to open a filing to an auditor; raises Refused or NotPossible, in the same words for a filing
    that is not there and one that is not for this officer."""
    on = today(now)
    if not 1 <= days <= LONGEST:
        raise Refused(_("Choose from 1 to %(most)s days.", most=LONGEST), "days")
    disclosure = _filing(reference, actor)
    if auditor_id not in {one.id for one in holders({Role.AUDITOR}, on)}:
        raise Refused(_("Choose an auditor."), "auditor")
    if auditor_id == disclosure.filer_id:
        raise Refused(_("Nobody audits their own form."), "auditor")
    told = {"reference": disclosure.reference, "auditor": auditor_id, "days": days}
    return requests.ask("open_to_auditor", f"disclosure:{disclosure.reference}", told, reason, actor, now)


def _filing(reference: str, actor: Actor) -> Disclosure:
    found = case(reference.strip().upper(), actor)
    if found is None or not allows(actor, Permission.OPEN_TO_AUDITOR, found[1]):
        raise Refused(_("There is no such filing, or it is not yours to open."), "reference")
    return found[0]


def _run(told: Any, request: Request | None, actor: Actor, now: datetime) -> None:
    if request is None or request.asked_by_id is None:
        raise NotPossible(_("This needs two people."))
    disclosure = _filing(told["reference"], actor)
    if conflicts_with(disclosure.filer_id, [request.asked_by_id], disclosure):
        raise NotPossible(_("Who asked this has come into a conflict with the filer. It must be asked again by somebody else."))
    on = today(now)
    auditor = db.session.get_one(Person, int(told["auditor"]))
    if auditor.id not in {one.id for one in holders({Role.AUDITOR}, on)} or auditor.id == disclosure.filer_id:
        raise NotPossible(_("This person is no auditor, or it is the own form."))
    until = on + timedelta(days=int(told["days"]) - 1)
    reference = new_reference(f"OPN-{on.year}")
    seq = record(
        Event.READ_GRANTED,
        actor,
        f"disclosure:{disclosure.reference}",
        now,
        grant=reference,
        auditor=auditor.id,
        from_=on.isoformat(),
        until=until.isoformat(),
        asked_by=request.asked_by,
        request=request.reference,
        because=sha256(request.reason),
    )
    db.session.add(
        ReadGrant(
            reference=reference,
            disclosure_id=disclosure.id,
            filer_id=disclosure.filer_id,
            auditor_id=auditor.id,
            starts_on=on,
            ends_on=until,
            reason=request.reason,
            asked_by_id=request.asked_by_id,
            approved_by_id=actor.person_id,
            request=request.reference,
            at=now,
            seq=seq,
        )
    )
    db.session.flush()
    notices.post("opened", auditor, now, f"opened:{reference}", reference=disclosure.reference)


def _words(told: Any) -> str:
    name = db.session.scalar(select(Person.name).where(Person.id == int(told["auditor"]))) or "?"
    return str(_("Open %(reference)s to the auditor %(name)s for %(days)s days", name=name, **_plain(told)))


def _plain(told: Any) -> dict[str, Any]:
    return {"reference": told["reference"], "days": told["days"]}


def _version(subject: str) -> str:
    """What a request is bound to: the filing in the version that it had."""
    reference = subject.partition(":")[2]
    return str(db.session.scalar(select(Disclosure.version).where(Disclosure.reference == reference)) or "")


def _barred(told: Any, person_id: int) -> bool:
    """Who is the filer, or has a conflict with the filer, neither reads nor decides it."""
    disclosure = db.session.scalar(select(Disclosure).where(Disclosure.reference == str(told["reference"])))
    return disclosure is None or bool(conflicts_with(disclosure.filer_id, [person_id], disclosure))


def grants(actor: Actor) -> list[ReadGrant]:
    """What was opened, the newest first: an auditor's own; for senior officers those of filings that they may read."""
    wanted = select(ReadGrant).order_by(ReadGrant.id.desc()).limit(100)
    around = (joinedload(ReadGrant.auditor), joinedload(ReadGrant.asked_by), joinedload(ReadGrant.approved_by))
    if Role.AUDITOR in actor.roles:
        wanted = wanted.where(ReadGrant.auditor_id == actor.person_id)
        return list(db.session.scalars(wanted.options(*around)))
    found = db.session.scalars(wanted.options(*around))
    return [one for one in found if allows(actor, Permission.READ_CASE, facts_for(filing_of(one), actor))]


def filing_of(grant: ReadGrant) -> Disclosure:
    """The filing that was opened."""
    return db.session.get_one(Disclosure, grant.disclosure_id)


def runs(grant: ReadGrant, on: date) -> bool:
    """Whether the time of a grant runs on a day."""
    return grant.starts_on <= on <= grant.ends_on


def opened(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """A filing with the facts of this auditor, among them whether it is open to them today."""
    return case(reference, actor)


def grant_behind(disclosure: Disclosure, actor: Actor) -> ReadGrant | None:
    """The grant by which an auditor reads a filing today: its reason stands on the page and its name in the log."""
    mine = select(ReadGrant).where(ReadGrant.disclosure_id == disclosure.id, ReadGrant.auditor_id == actor.person_id)
    mine = mine.where(ReadGrant.starts_on <= actor.on, ReadGrant.ends_on >= actor.on)
    return db.session.scalar(mine.order_by(ReadGrant.ends_on.desc(), ReadGrant.id.desc()).limit(1))


requests.register("open_to_auditor", _run, _words, _version, barred=_barred, right=Permission.DUTIES)
