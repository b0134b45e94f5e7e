"""Official forms of another body (SEC-1): filled in and printed here, filed when the office records that it has the paper."""

from datetime import date, datetime, time

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.audit.record import record
from coi.campaigns.obligations import settle
from coi.db import db
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import Disclosure, Obligation, OfficialFormReceived
from coi.notices import actions as notices
from coi.profiles.current import today, zone
from coi.rules.permissions import Actor
from coi.vocabulary import Event, State

# The State's Statement of Financial Interests: whoever asks for it, it is filed on paper with the City.
ON_PAPER = frozenset({"pa-sec-1"})


def is_official(form_id: str) -> bool:
    """Whether this form is filed on paper, and nothing here may say that it was filed."""
    return form_id in ON_PAPER


def received(disclosure: Disclosure, version: int | None = None) -> OfficialFormReceived | None:
    """That the office has the printed form, of one version or of any; the newest counts."""
    wanted = select(OfficialFormReceived).where(OfficialFormReceived.disclosure_id == disclosure.id)
    if version is not None:
        wanted = wanted.where(OfficialFormReceived.version == version)
    return db.session.scalar(wanted.order_by(OfficialFormReceived.version.desc()).limit(1))


def waits_for_paper(disclosure: Disclosure) -> bool:
    """Whether the newest version is filled in and the office has no paper of it yet; one that came on paper does not wait."""
    if not is_official(disclosure.form_id) or disclosure.imported or disclosure.state in (State.DRAFT, State.WITHDRAWN):
        return False
    return received(disclosure, disclosure.version) is None


def receive(disclosure: Disclosure, version: int, on: date, actor: Actor, now: datetime) -> OfficialFormReceived:
    """The office records that it has the signed paper of a version, and from which day on."""
    db.session.refresh(disclosure, with_for_update=True)
    if not is_official(disclosure.form_id) or actor.person_id is None or actor.person_id == disclosure.filer_id:
        raise NotPossible(_l("You may not do this with this filing."))
    if version != disclosure.version:
        raise SomebodyWasFaster(_l("There is a newer version of this form. Load the page again and look which one the paper is."))
    known = received(disclosure, version)
    if known is not None:
        return known
    if on > today(now):
        raise Refused(_l("Choose today or a day that has passed."), "on")
    # Rows first, the chain last: what is due is settled now, not when the form was filled in.
    owed = select(Obligation.id).where(Obligation.person_id == disclosure.filer_id).order_by(Obligation.id)
    db.session.execute(owed.with_for_update()).all()
    subject = f"disclosure:{disclosure.reference}"
    seq = record(Event.OFFICIAL_FORM_RECEIVED, actor, subject, now, version=version, on=on.isoformat())
    made = OfficialFormReceived(
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        version=version,
        received_on=on,
        by_id=actor.person_id,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    settle(disclosure, actor, datetime.combine(on, time(12), zone()), seq)
    once = f"on_paper:{disclosure.reference}:{version}"
    notices.post("on_paper", disclosure.filer, now, once, reference=disclosure.reference)
    return made
