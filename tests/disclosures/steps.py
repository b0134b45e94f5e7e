"""The steps of a filing as tests take them: a published form, what Finn owes, answers, a signature."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from coi.disclosures import actions, queries
from coi.disclosures.recording import Signature
from coi.disclosures.signing import sign
from coi.models import Campaign, Disclosure, DisclosureVersion, Draft, Obligation, Person, Questionnaire
from coi.models.types import new_reference
from coi.profiles.current import current_profile
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import shipped
from coi.rules.permissions import Actor
from coi.vocabulary import Kind
from tests.factories import OPERATOR, CampaignFactory, an_entry

NOTHING = {
    "has_outside_work": "no",
    "has_contract": "no",
    "has_power": "no",
    "has_family_vendor": "no",
    "has_gifts": "no",
    "has_posts": "no",
}
A_JOB = {
    "has_outside_work": "yes",
    "outside_work": [
        {
            "org": "José Ñuñez-O'Brien, Jr. Catering",
            "work": "=1+1",
            "dealing": ["not_sure"],
            "my_part": "no",
            "approved": "not_asked",
        }
    ],
}


def now() -> datetime:
    return datetime.now(UTC)


def published() -> Questionnaire:
    """The city's own form, once."""
    kept = queries_newest("city-coi")
    return kept or publish(shipped("city_coi"), "content", OPERATOR, now())


def queries_newest(form_id: str) -> Questionnaire | None:
    return Questionnaire.query.filter_by(form_id=form_id).order_by(Questionnaire.number.desc()).first()


def campaign() -> Campaign:
    made: Campaign | None = Campaign.query.first()
    return made or CampaignFactory()


def owed(person: Person, kind: Kind = Kind.ANNUAL, **columns: Any) -> Obligation:
    """What a person owes this year, with the snapshot of today."""
    from coi.db import db

    published()
    year = campaign()
    filer = current_profile().filer_of(
        {"title": person.title, "department": person.department, "group": person.group}, kind.value
    )
    made = Obligation(
        **{
            "reference": new_reference("DUE-2026"),
            "person_id": person.id,
            "campaign_id": year.id,
            "part_id": year.parts[0].id if year.parts else None,
            "form_id": "city-coi",
            "kind": kind,
            "occasion": "2026",
            "reporting_year": 2025,
            "level": "short",
            "filer": {**filer, "level": "short"},
            "told_on": date(2026, 3, 1),
            "due_on": date(2026, 5, 1),
            "number": person.number or "",
            "name": person.name,
            "department": person.department,
            "seq": an_entry(),
            **columns,
        }
    )
    db.session.add(made)
    db.session.flush()
    return made


def complete(disclosure: Disclosure, actor: Actor, **answers: Any) -> None:
    """Answers everything: nothing to declare but what is given."""
    draft = queries.draft_of(disclosure)
    assert draft is not None
    blanks = {name: "no" for name in missing_doors(disclosure) if name not in answers}
    actions.save_draft(disclosure, {**NOTHING, **blanks, **answers}, {}, actor, now(), draft.revision)


def by_mistake(draft: Draft) -> dict[str, dict[str, str]]:
    """That everything told before was told by mistake: what a correction that drops it has to say."""
    return {f"{one['question']}/{one['entry']['_key']}": {"said": "mistake", "on": ""} for one in draft.carried["items"]}


def missing_doors(disclosure: Disclosure) -> list[str]:
    from coi.questionnaires.queries import form_of

    draft = queries.draft_of(disclosure)
    return actions.opens_a_list(form_of(draft.questionnaire)) if draft else []


def signature(key: str = "key-1", **more: Any) -> Signature:
    told: dict[str, Any] = {
        "signed_name": "finn  F. ✓",
        "agreed": True,
        "idempotency_key": key,
        "language": "en",
        "method": "passphrase",
        "signed_in_at": now(),
        "address": "192.0.2.7",
        "agent": "a browser",
        "button": "Sign and send",
        "request_id": "req-1",
    }
    return Signature(**{**told, **more})


def filed(person: Person, actor: Actor, key: str = "key-1", answers: Mapping[str, Any] | None = None) -> Disclosure:
    """A filing of this person, signed and sent on its way."""
    disclosure = actions.start(owed(person), actor, now())
    complete(disclosure, actor, **(answers or {}))
    sign(disclosure, signature(key), actor, now())
    return disclosure


def versions(disclosure: Disclosure) -> list[DisclosureVersion]:
    from coi.db import db

    rows = select(DisclosureVersion).where(DisclosureVersion.disclosure_id == disclosure.id).order_by(DisclosureVersion.number)
    return list(db.session.scalars(rows))
