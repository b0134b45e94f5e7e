"""Seals: for a time the filer is not told that named people read the filing; two persons, a reason, an end (U41)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.accounts import requests
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import conflicts_with, facts_for
from coi.disclosures.seals import standing
from coi.errors import NotPossible, Refused
from coi.languages import day
from coi.models import Disclosure, Request, Seal
from coi.models.types import new_reference
from coi.profiles.current import today
from coi.review import queries
from coi.review.seats import seated
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import Event

SEAL = "seal"
LONGEST = timedelta(days=366)


def may_be_named(disclosure: Disclosure, on: date) -> list[tuple[int, str]]:
    """Whose reading a seal may cover, by name: who sits at a desk and has no conflict with the filer."""
    people = seated(on)
    out = conflicts_with(disclosure.filer_id, [number for number, _name in people], disclosure)
    return [(number, name) for number, name in people if number != disclosure.filer_id and not out.get(number)]


def ask(
    disclosure: Disclosure, readers: Collection[int], until: date, reason: str, actor: Actor, now: datetime
) -> Request | None:
    """A senior officer free of conflict asks for a seal of at most a year.

    Raises NotPossible (not yours, or asked already) and Refused beside the field for nobody named, a day that has passed, or a
    day more than a year away.
    """
    db.session.refresh(disclosure, with_for_update=True)
    if not allows(actor, Permission.SEAL, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    known = {number for number, _name in may_be_named(disclosure, today(now))}
    if not readers or not set(readers) <= known:
        raise Refused(_l("Choose whose reading is not told."), "readers")
    _within_a_year(until, now)
    told = {"reference": disclosure.reference, "readers": sorted(readers), "until": until.isoformat()}
    return requests.ask(SEAL, f"disclosure:{disclosure.reference}", told, reason, actor, now)


def _within_a_year(until: date, now: datetime) -> None:
    if until < today(now):
        raise Refused(_l("Choose today or a day to come."), "until")
    if until > today(now) + LONGEST:
        raise Refused(_l("A seal lasts a year at most. It can be asked for again."), "until")


def lift(seal: Seal, disclosure: Disclosure, because: str, actor: Actor, now: datetime) -> None:
    """Ends a seal before its day: from now on the filer sees who read it; lifted twice is lifted once."""
    db.session.refresh(seal, with_for_update=True)
    if not allows(actor, Permission.SEAL, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    if seal.lifted_seq is not None:
        return
    if not because.strip():
        raise Refused(_l("Write the reason."), "because")
    told = {"disclosure": disclosure.reference, "because": sha256(because)}
    seal.lifted_seq = record(Event.SEAL_LIFTED, actor, f"seal:{seal.reference}", now, **told)
    db.session.flush()


def of_case(reference: str, seal: str, actor: Actor) -> tuple[tuple[Seal, Disclosure], Facts] | None:
    """A seal of a case by both references, with the facts of this actor."""
    found = queries.case(reference, actor)
    if found is None:
        return None
    row = db.session.scalar(select(Seal).where(Seal.reference == seal, Seal.disclosure_id == found[0].id))
    return ((row, found[0]), found[1]) if row is not None else None


def on_case(disclosure: Disclosure, on: date) -> list[tuple[Seal, str]]:
    """The seals that stand on a case, each with the names of the readers."""
    return [(one, ", ".join(sorted(queries.names(set(one.readers)).values()))) for one in standing(disclosure.id, on)]


def _found(told: Mapping[str, Any], lock: bool = False) -> Disclosure | None:
    wanted = select(Disclosure).where(Disclosure.reference == str(told["reference"]))
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def _run(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    disclosure = _found(told, lock=True)
    if disclosure is None or request is None or request.asked_by_id is None or actor.person_id is None:
        raise NotPossible(_l("A seal needs two persons."))
    asked_by = request.asked_by_id
    until = date.fromisoformat(str(told["until"]))
    if not allows(actor, Permission.SEAL, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    if conflicts_with(disclosure.filer_id, [asked_by], disclosure).get(asked_by):
        raise NotPossible(_l("Who asked this has come into a conflict with the filer. It must be asked again by somebody else."))
    if until < today(now):
        raise NotPossible(_l("The day on which the seal ends has passed."))
    readers = sorted(int(one) for one in told["readers"])
    reference = new_reference("SEAL")
    seq = record(
        Event.SEAL_SET,
        actor,
        f"seal:{reference}",
        now,
        disclosure=disclosure.reference,
        readers=readers,
        until=until.isoformat(),
        because=sha256(request.reason),
        request=request.reference,
        asked_by=request.asked_by,
    )
    row = {"disclosure_id": disclosure.id, "filer_id": disclosure.filer_id, "readers": readers, "reason": request.reason}
    who = {"asked_by_id": asked_by, "approved_by_id": actor.person_id}
    db.session.add(Seal(reference=reference, until=until, at=now, seq=seq, **row, **who))
    db.session.flush()


def _say(told: Mapping[str, Any]) -> str:
    disclosure = _found(told)
    names = ", ".join(sorted(queries.names({int(one) for one in told["readers"]}).values()))
    until = day(date.fromisoformat(str(told["until"])))
    about = disclosure.filer.name if disclosure is not None else ""
    return "\n".join(
        [
            _("Seal the reading of %(reference)s for a time", reference=told["reference"]),
            about,
            _("Until %(day)s the filer is not told that these people read it: %(names)s", day=until, names=names),
        ]
    )


def _briefly(_told: Mapping[str, Any]) -> str:
    """What a letter says: not whose filing, for letters are listed to every senior officer."""
    return _("Seal the reading of a filing for a time")


def _barred(told: Mapping[str, Any], person_id: int) -> bool:
    """The filer, and everybody with a conflict with the filer, neither reads nor decides it, nor gets its letter."""
    disclosure = _found(told)
    return disclosure is None or bool(conflicts_with(disclosure.filer_id, [person_id], disclosure).get(person_id))


def _look(told: Mapping[str, Any]) -> str:
    return url_for("review.show", reference=told["reference"])


def _lock(told: Mapping[str, Any]) -> object:
    return _found(told, lock=True)


requests.register(SEAL, _run, _say, brief=_briefly, lock=_lock, look=_look, barred=_barred, right=Permission.DUTIES)
