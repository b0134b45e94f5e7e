"""Rows of the register that the office causes: a plan's condition, or a review that is still open; each ends with its cause."""

from dataclasses import dataclass
from datetime import date, datetime

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.models import Person, StepAside, StepAsideLink, StepAsideStep
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.recusals import queries
from coi.recusals.actions import unused
from coi.rules.permissions import Actor
from coi.vocabulary import Event, Origin


@dataclass(frozen=True)
class Cause:
    """Why the row is there: exactly one of a condition and a filing; its letters leave at `due_at`, or at once."""

    origin: Origin
    condition_id: int | None = None
    disclosure_id: int | None = None
    due_at: datetime | None = None


def enter(
    person: Person, matter: str, party: str, since: date, stands_in: Person | None, cause: Cause, actor: Actor, now: datetime
) -> StepAside:
    """Puts somebody into the register; the supervisor and who stands in get a letter, as for an own wish."""
    reference = unused(f"REC-{today(now).year}")
    of = f"condition:{cause.condition_id}" if cause.condition_id is not None else f"filing:{cause.disclosure_id}"
    told = {"matter": sha256(matter), "party": sha256(party), "supervisor": person.supervisor_id, "origin": cause.origin.value}
    seq = record(Event.STEPPED_ASIDE_FOR, actor, f"recusal:{reference}", now, since=since.isoformat(), of=of, **told)
    made = StepAside(
        reference=reference,
        person_id=person.id,
        supervisor_id=person.supervisor_id,
        matter=matter,
        party=party[:500],
        since=since,
        origin=cause.origin,
        at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(
        StepAsideLink(step_aside_id=made.id, condition_id=cause.condition_id, disclosure_id=cause.disclosure_id, seq=seq)
    )
    db.session.flush()
    around = {"name": person.name, "reference": reference, "due_at": cause.due_at or now}
    if person.supervisor is not None and person.supervisor.active:
        notices.post("stepped_aside", person.supervisor, now, f"recusal:{reference}", **around)
    if stands_in is not None:
        named = record(Event.STAND_IN_NAMED, actor, f"recusal:{reference}", now, stand_in=stands_in.id)
        db.session.add(StepAsideStep(step_aside_id=made.id, stand_in_id=stands_in.id, by=actor.name, at=now, seq=named))
        db.session.flush()
        if stands_in.id != person.supervisor_id:
            notices.post("stand_in", stands_in, now, f"recusal:{reference}:{named}:stand_in", **around)
    db.session.expire(made, ["steps"])
    return made


def end(row: StepAside, on: date, actor: Actor, now: datetime, quiet: bool = False) -> None:
    """It is over with its cause, and whoever was told hears of it; `quiet`: what was undone before its letters left."""
    on = max(on, row.since)
    seq = record(Event.STEPPED_BACK, actor, f"recusal:{row.reference}", now, on=on.isoformat())
    db.session.add(StepAsideStep(step_aside_id=row.id, over_on=on, by=actor.name, at=now, seq=seq))
    db.session.flush()
    db.session.expire(row, ["steps"])
    if quiet:
        for once in [f"recusal:{row.reference}", *(f"recusal:{row.reference}:{one.seq}:stand_in" for one in row.steps)]:
            notices.drop(once, "undone")
        return
    # Who leads the person now, and who did when the notice went out: both were told, or would be.
    told = [one for one in (row.person.supervisor, row.supervisor, queries.stand_in(row)) if one is not None and one.active]
    for one in {each.id: each for each in told}.values():
        once = f"recusal:{row.reference}:over:{one.id}"
        notices.post("recusal_over", one, now, once, name=row.person.name, reference=row.reference)
