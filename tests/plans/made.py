"""Plans as tests take them: decided with conditions, answered; and one written by hand for pages that only refuse."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from coi.audit.chain import sha256
from coi.db import db
from coi.disclosures import actions as filing
from coi.disclosures import queries
from coi.disclosures.signing import sign
from coi.models import Decision, Disclosure, DisclosureVersion, Plan, PlanCondition
from coi.plans import actions
from coi.plans.drafting import Draft, Terms
from coi.review import decisions
from coi.vocabulary import Outcome, Party, PlanAnswered
from tests.city import CLOCK
from tests.disclosures.steps import NOTHING, by_mistake, now, owed, signature
from tests.factories import Cast, an_entry
from tests.review.cases import at, escalated, holder

SHOP = "José Ñuñez-O'Brien, Jr. Catering"


def draft(code: str = "", **more: str) -> Draft:
    """One row of the editor as it is kept."""
    told = {"code": code, "owner": "filer", "due": "at once", "confirms": "supervisor", "party": SHOP}
    return {**told, **({} if code else {"own_words": "Call us each month."}), **more}


def managed(cast: Cast, *drafts: Draft, outcome: Outcome = Outcome.MANAGED, **terms: Any) -> Plan:
    """A decided case of Finn's with these conditions; its plan waits for Finn."""
    made = escalated(cast)
    second = cast[holder(made, cast)].actor
    terms = {"rule": "Code, section 9", **terms}
    plan = drafts or (draft("step_aside_party"), draft("report_change", due="10 business days after the change"))
    decisions.decide(made, outcome, "Section 4.", "for us", second, now(), plan=plan, terms=Terms(**terms), **at(made))
    db.session.commit()
    return plan_of(made)


def plan_of(disclosure: Disclosure) -> Plan:
    """The newest plan of a filing."""
    return db.session.scalars(select(Plan).where(Plan.disclosure_id == disclosure.id).order_by(Plan.id.desc())).first()


def answered(plan: Plan, cast: Cast, said: PlanAnswered = PlanAnswered.ACCEPTED, words: str = "", when: Any = None) -> Plan:
    """The filer's answer."""
    actions.answer(plan, said, words, "Finn", plan.sha256, cast.finn.actor, when or now())
    db.session.commit()
    return plan


def next_form(cast: Cast) -> Disclosure:
    """The form that Finn owes after that one: nothing to declare, what was told before was told by mistake."""
    made = filing.start(owed(cast.finn.person, occasion="2027"), cast.finn.actor, now())
    kept = queries.draft_of(made)
    assert kept is not None
    filing.save_draft(made, NOTHING, {}, cast.finn.actor, now(), kept.revision, said=by_mistake(kept))
    sign(made, signature("the next"), cast.finn.actor, now())
    db.session.commit()
    return made


def by_hand(cast: Cast, disclosure: Disclosure) -> tuple[str, str]:
    """A plan in force with one condition that Finn keeps and Sam confirms: its reference and the condition's."""
    seq = an_entry(CLOCK)
    version = db.session.scalar(select(DisclosureVersion).where(DisclosureVersion.disclosure_id == disclosure.id))
    decision = Decision(
        reference="DEC-WORLD1",
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        version_id=version.id,
        outcome=Outcome.NOT_PERMITTED,
        reason_for_filer="Section 4.",
        rule="tests",
        second_hand=True,
        at=CLOCK,
        seq=seq,
    )
    db.session.add(decision)
    db.session.flush()
    days = {"accept_by": CLOCK.date() + timedelta(days=14), "appeal_until": CLOCK.date() + timedelta(days=30)}
    who = {
        "reference": decision.reference,
        "decision_id": decision.id,
        "disclosure_id": disclosure.id,
        "filer_id": disclosure.filer_id,
    }
    plan = Plan(**who, **days, text="{}", sha256=sha256("{}"), at=CLOCK, seq=seq)
    db.session.add(plan)
    db.session.flush()
    words = {"text": {"en": "Sell nothing.", "es": "No venda nada."}, "proof": {"en": "a note", "es": "una nota"}}
    people = {
        "owner": Party.FILER,
        "owner_id": disclosure.filer_id,
        "confirms": Party.SUPERVISOR,
        "confirmer_id": cast.sam.person.id,
    }
    db.session.add(
        PlanCondition(reference="CND-WORLD1", plan_id=plan.id, number=1, due_rule="at once", **words, **people, seq=seq)
    )
    db.session.flush()
    return decision.reference, "CND-WORLD1"


__all__ = ["SHOP", "answered", "by_hand", "draft", "managed", "next_form", "plan_of"]
