"""The Plans sheet: one row per condition of each management plan, as it stood at entry N; holds no note and no reasoning."""

from collections.abc import Iterator, Sequence
from typing import Any

from coi.db import db
from coi.exports.registers.asof import BATCH, Moment
from coi.exports.registers.conditions import Standing, plan_rows, standings
from coi.exports.registers.interests import mask
from coi.exports.registers.masking import How, how
from coi.exports.registers.named import people_as_of
from coi.exports.registers.sieve import EVERYTHING, Sieve
from coi.exports.registers.words import STILL_OPEN, due_rule
from coi.models import Campaign, Disclosure, Plan
from coi.vocabulary import PlanStepKind


def plans(at: Moment, campaign: Campaign | None, sieve: Sieve = EVERYTHING, kind: str = "standard") -> Iterator[tuple[Any, ...]]:
    """One row per condition of each plan made by N, in the order of the plans; those of decisions taken back included."""
    wanted = (
        plan_rows(at.n).add_columns(Disclosure.reference.label("filing")).join(Disclosure, Disclosure.id == Plan.disclosure_id)
    )
    if campaign is not None:
        wanted = wanted.where(Disclosure.campaign_id == campaign.id)
    last, shows = 0, how(kind, "plans", "text")
    while True:
        batch = db.session.execute(wanted.where(Plan.id > last).order_by(Plan.id).limit(BATCH)).all()
        if not batch:
            return
        last = batch[-1].id
        kept = sieve.filings({row.disclosure_id for row in batch})
        known = standings([row for row in batch if row.disclosure_id in kept], at.n)
        ids = {one.plan.filer_id for one in known}
        ids |= {who for one in known for each in one.conditions for who in (each.owner_id, each.confirmer_id)}
        ids |= {step.by_id for one in known for step in one.steps}
        people = people_as_of(ids, at.n)
        for one in known:
            yield from _of(one, people, at, shows)


def _of(one: Standing, people: dict[int, Any], at: Moment, shows: How) -> Iterator[tuple[Any, ...]]:
    plan, filer, around, since = one.plan, people.get(one.plan.filer_id), one.state(at.today), one.since(at)
    replaced = one.newest.reference if one.newest is not None and one.newest.id != plan.decision_id else ""
    answer = one.answers[-1] if one.answers else None
    for each in one.conditions:
        state = one.of(each, around, at.today)
        steps = [step for step in one.steps if step.condition_id == each.id]
        kept = steps[-1] if steps else None
        said = _newest(steps, PlanStepKind.SAID)
        confirmed = _newest(steps, PlanStepKind.CONFIRMED)
        yield (
            *(plan.filing, plan.reference),
            *((filer.number or "", filer.name, filer.department) if filer is not None else ("", "", "")),
            *(each.number, each.reference, each.code, told(each.text, each.party, at, shows)),
            *(
                each.owner,
                _name(people, each.owner_id),
                due_rule(each.due_rule),
                each.due_on,
            ),
            *(told(each.proof, each.party, at, shows), each.confirms, _name(people, each.confirmer_id)),
            *(around, since, answer.answer if answer else None, answer.at if answer else None, state),
            *(kept.kind if kept else None, kept.at if kept else None, said.at if said else None),
            *(_name(people, confirmed.by_id) if confirmed else "", confirmed.at if confirmed else None),
            *((at.today - at.day(plan.at)).days if state in STILL_OPEN else None, replaced, plan.seq),
        )


def _newest(steps: Sequence[Any], kind: PlanStepKind) -> Any:
    return next((one for one in reversed(steps) if one.kind is kind), None)


def _name(people: dict[int, Any], who: int | None) -> str:
    return people[who].name if who is not None and who in people else ""


def told(words: dict[str, Any], party: str, at: Moment, shows: How) -> str:
    """What the filer was told, in the workbook's language; in the standard kind without the name of the outside party."""
    text = str(words.get(at.language) or words.get("en") or "")
    if shows is How.NAMELESS and party:
        return text.replace(party, f"({mask('restricted', party)})")
    return text
