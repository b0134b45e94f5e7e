"""What a plan, or a review that is still open, writes into the register of who steps aside; rows end with their cause."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from coi.db import db
from coi.languages import speaking
from coi.models import Disclosure, Person, Plan, PlanCondition, StepAside, StepAsideLink
from coi.notices.actions import language_of
from coi.plans import standing
from coi.profiles.current import today
from coi.recusals import entering, queries
from coi.rules.permissions import Actor
from coi.vocabulary import Origin

# The conditions that keep somebody out of something: they are in the register from the day they hold.
KEEP_OUT = frozenset({"step_aside_matter", "step_aside_party", "gatekeeper", "no_line_power"})


def enter_all(plan: Plan, actor: Actor, now: datetime, due_at: datetime | None = None) -> None:
    """Each condition of a plan in force that keeps its filer out of something gets its row, once."""
    since = standing.since_when(plan) or today(now)
    for condition in plan.conditions:
        stands = standing.standing(condition, today(now))
        if condition.code not in KEEP_OUT or stands.state == standing.ENDED or _open_row(condition.id):
            continue
        cause = entering.Cause(Origin.PLAN, condition_id=condition.id, due_at=due_at)
        matter = matter_of(condition, plan.filer)
        entering.enter(plan.filer, matter, condition.party or matter, since, condition.handled_by, cause, actor, now)


def matter_of(condition: PlanCondition, filer: Person) -> str:
    """What the supervisor, the clerk and procurement read: the matter, in the language of the filer's supervisor."""
    with speaking(language_of(filer.supervisor or filer)):
        if condition.code == "no_line_power":
            return _("Hiring, rating, scheduling, pay and discipline of a relative")
        if condition.code == "step_aside_matter":
            return condition.matter or _("a matter that the ethics office names")
        return _("All City work that involves %(party)s", party=condition.party or _("a party that the ethics office names"))


def leave(conditions: Collection[int], actor: Actor, now: datetime, quiet: bool = False) -> None:
    """The rows of these conditions end today; `quiet` where they never should have been."""
    wanted = select(StepAside).join(StepAsideLink, StepAsideLink.step_aside_id == StepAside.id)
    for row in db.session.scalars(wanted.where(StepAsideLink.condition_id.in_(conditions)).order_by(StepAside.id)):
        if queries.over_on(row) is None:
            entering.end(row, today(now), actor, now, quiet)


def interim_rows(disclosure: Disclosure) -> list[StepAside]:
    """What the filer keeps out of for the time of this review, the newest last; also what is over."""
    wanted = select(StepAside).join(StepAsideLink, StepAsideLink.step_aside_id == StepAside.id)
    return list(db.session.scalars(wanted.where(StepAsideLink.disclosure_id == disclosure.id).order_by(StepAside.id)))


def _open_row(condition_id: int) -> bool:
    wanted = select(StepAside).join(StepAsideLink, StepAsideLink.step_aside_id == StepAside.id)
    rows = db.session.scalars(wanted.where(StepAsideLink.condition_id == condition_id))
    return any(queries.over_on(one) is None for one in rows)
