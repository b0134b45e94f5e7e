"""Files that show that a condition is kept, one with each word that it is done; only for who may read the condition."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from coi.attachments import keeping
from coi.attachments.actions import Taken, row_of, take
from coi.attachments.queries import MOST_BYTES_OF_A_FORM, Paper, listed
from coi.db import db
from coi.errors import Refused
from coi.models import Attachment, PlanCondition, PlanStep
from coi.plans import queries
from coi.rules.permissions import Actor, Facts
from coi.vocabulary import PlanStepKind


def taken_from(file: IO[bytes] | None, named: str) -> Taken | None:
    """A file judged and kept by the rules of every paper (kinds, size, nothing hidden); None without one. Raises Refused."""
    return take(file, named) if file is not None and named else None


def forget(taken: Taken | None) -> None:
    """Takes back the file of an act that was refused."""
    if taken is not None:
        keeping.forget(taken.stored)


def keep(condition: PlanCondition, step: PlanStep, taken: Taken | None, actor: Actor, now: datetime) -> None:
    """The row of a file beside the step that it belongs to; raises Refused where one condition holds too much."""
    if taken is None:
        return
    size = db.session.scalar(select(func.sum(Attachment.size)).where(Attachment.paper == condition.reference)) or 0
    if size + taken.size > MOST_BYTES_OF_A_FORM:
        raise Refused(_l("The files of one condition may have 50 MB together. Send a smaller one, or call us."), "file")
    made = row_of(taken, f"disclosure:{condition.plan.disclosure.reference}", actor, now)
    made.paper, made.entry_key, made.in_draft = condition.reference, str(step.id), False
    db.session.add(made)
    db.session.flush()


def shown_with(conditions: Iterable[PlanCondition]) -> dict[int, Paper]:
    """The file of each step of these conditions, by the step's id; asks only where somebody said that one is kept."""
    named = [one.reference for one in conditions if any(_says(step, one) for step in one.plan.steps)]
    rows = select(Attachment).where(Attachment.paper.in_(named), ~Attachment.in_draft).order_by(Attachment.id)
    return {int(one.entry_key): listed([one])[0] for one in db.session.scalars(rows)} if named else {}


def _says(step: PlanStep, condition: PlanCondition) -> bool:
    return step.kind is PlanStepKind.SAID and step.condition_id == condition.id


@dataclass(frozen=True)
class Proof:
    """One file with the condition that it shows."""

    condition: PlanCondition
    paper: Attachment


def proof_for(reference: str, paper: str, actor: Actor) -> tuple[Proof, Facts] | None:
    """One file of this condition, with what this person is to the condition."""
    found = queries.condition_for(reference, actor)
    kept = db.session.scalar(select(Attachment).where(Attachment.reference == paper, Attachment.paper == reference))
    return (Proof(found[0], kept), found[1]) if found is not None and kept is not None else None
