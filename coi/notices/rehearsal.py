""" "Send all to me first" (U25): every letter of a campaign as a sample to who asks; until then letters to many wait."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.languages import day, speaking
from coi.models import Campaign, Person, Rehearsal
from coi.notices.actions import Cause, keep
from coi.notices.queries import MASS
from coi.notices.wording import Written, in_words
from coi.profiles.current import current_profile
from coi.rules.permissions import Actor
from coi.vocabulary import Event

LONGEST_REASON = 1_000


def rehearsals(campaign: Campaign) -> list[Rehearsal]:
    """When the letters of a campaign were sent to somebody first, or who went without; the newest first."""
    wanted = select(Rehearsal).where(Rehearsal.campaign_id == campaign.id).order_by(Rehearsal.id.desc())
    return list(db.session.scalars(wanted))


def samples(reader: Person, on: date) -> list[tuple[str, str, Written]]:
    """Every letter to many as it will read: (kind, language, words), with made-up names and days."""
    profile = current_profile()
    found: list[tuple[str, str, Written]] = []
    for kind in MASS:
        for spoken in profile.city.languages:
            found.append((kind, spoken, in_words(kind, reader.name, spoken, _values(spoken, on), sample=True)))
    return found


def _values(spoken: str, on: date) -> Mapping[str, Any]:
    with speaking(spoken):
        signer = current_profile().letters.signed_by
        title = (signer[0].title.get(spoken) or signer[0].title["en"]) if signer else ""
        return {
            "due": day(on + timedelta(days=60)),
            "opens": day(on),
            "department": _("Department of Samples"),
            "names": "Ana Sample\nBen Sample",
            "count": 2,
            "who": _("Somebody at the desk"),
            "signed_by": "\n".join(filter(None, (_("Name of who signs"), title))),
        }


def send_to_me(campaign: Campaign, actor: Actor, reader: Person, now: datetime, on: date) -> int:
    """Writes every letter of the campaign to `reader`; from now on letters to many may leave. Says how many there are."""
    _check(campaign)
    if not reader.email:
        raise NotPossible(_("You have no e-mail address on the roster. Ask somebody who has, or go on without and say why."))
    made = samples(reader, on)
    row = _keep(campaign, False, "", len(made), actor, now)
    for kind, spoken, words in made:
        cause = Cause("sample", f"sample:{campaign.year}:{row.id}:{kind}:{spoken}", reader.id)
        keep(words, cause, reader.email, spoken, now, now)
    return len(made)


def go_without(campaign: Campaign, reason: str, actor: Actor, now: datetime) -> Rehearsal:
    """Lets the letters leave although nobody had them sent to themselves; says why."""
    _check(campaign)
    told = reason.strip()
    if not told:
        raise Refused(_("Write the reason."), "reason")
    if len(told) > LONGEST_REASON:
        raise Refused(_("Use at most %(number)s characters.", number=LONGEST_REASON), "reason")
    return _keep(campaign, True, told, 0, actor, now)


def _check(campaign: Campaign) -> None:
    if campaign.closed_seq is not None:
        raise NotPossible(_("The campaign of %(year)s is closed already.", year=campaign.year))


def _keep(campaign: Campaign, waived: bool, reason: str, letters: int, actor: Actor, now: datetime) -> Rehearsal:
    because = sha256(reason) if reason else ""
    subject = f"campaign:{campaign.year}"
    seq = record(Event.LETTERS_REHEARSED, actor, subject, now, letters=letters, waived=waived, because=because)
    row = Rehearsal(campaign_id=campaign.id, waived=waived, reason=reason, letters=letters, by=actor.name, at=now, seq=seq)
    db.session.add(row)
    db.session.flush()
    return row
