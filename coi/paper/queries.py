"""All reads of paper forms: one's own, one by its reference with who asks, whom to type for and what that person owes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from coi.campaigns.queries import Owed, owed_by
from coi.db import db
from coi.disclosures import queries as filings
from coi.disclosures.facts import facts_for
from coi.languages import language
from coi.models import Attachment, Disclosure, DisclosureVersion, Obligation, PaperForm, Person, PolicyVersion
from coi.people import queries as people
from coi.policies import queries as policies
from coi.profiles.current import current_profile
from coi.questionnaires.queries import form_of, newest
from coi.rules.completeness import Setting
from coi.rules.form import in_language
from coi.rules.lifecycle import VOLUNTARY
from coi.rules.permissions import Actor, Facts
from coi.vocabulary import Kind, Standing

SHORTEST_SEARCH = 2
MOST_FOUND = 20


def person(number: str) -> tuple[Person, Facts] | None:
    """Somebody to type a form for, by employee number."""
    found = people.person(number)
    return found if found is not None and found[0].active else None


def own(reference: str) -> tuple[PaperForm, Facts] | None:
    """A paper form by its reference, with who typed it as its owner."""
    found = db.session.scalar(select(PaperForm).where(PaperForm.reference == reference))
    return (found, Facts(filer_id=found.person_id, owner_id=found.clerk_id)) if found else None


def filed(reference: str, actor: Actor) -> tuple[PaperForm, Facts] | None:
    """A paper form that was filed, with what the rules know of its filing."""
    found = db.session.scalar(select(PaperForm).where(PaperForm.reference == reference, PaperForm.filed_seq.is_not(None)))
    if found is None or found.disclosure is None:
        return None
    return found, facts_for(found.disclosure, actor)


def looked_for(search: str, actor: Actor) -> list[Person]:
    """People by name or number, the clerk not among them; nothing for a search that is too short."""
    if len(search.strip()) < SHORTEST_SEARCH:
        return []
    return [one for one in people.people(search).rows if one.number and one.id != actor.person_id][:MOST_FOUND]


@dataclass(frozen=True)
class Choice:
    """One form that may be typed for a person: what it answers, and why it can't be typed now."""

    code: str
    label: str
    due_on: date | None
    status: str
    fault: str = ""


def choices(one: Person, today: date) -> list[Choice]:
    """What a person owes, and what anybody may tell at any time: names and status, no answer."""
    told = [_choice(owed) for owed in owed_by(one.id, today)]
    told += [Choice(kind.value, str(kind.label), None, "") for kind in Kind if kind.value in VOLUNTARY]
    return told


def _choice(owed: Owed) -> Choice:
    made = owed.obligation
    published = newest(made.form_id)
    title = in_language(form_of(published).title, language()) if published else made.form_id
    label = f"{title}: {made.kind.label} {made.reporting_year}"
    done = owed.standing in (Standing.FILED, Standing.EXCUSED)
    return Choice(made.reference, label, owed.due_on, str(owed.standing.label), "done" if done else "")


def obligation(reference: str, one: Person) -> Obligation | None:
    """What a person owes, by its reference."""
    rows = select(Obligation).where(
        Obligation.reference == reference, Obligation.person_id == one.id, Obligation.ended_seq.is_(None)
    )
    return db.session.scalar(rows)


def open_for(one: Person, owed: Obligation | None, kind: Kind) -> PaperForm | None:
    """A paper form of the same person and the same thing that somebody is typing already."""
    rows = select(PaperForm).where(PaperForm.person_id == one.id, PaperForm.filed_seq.is_(None), PaperForm.kind == kind)
    rows = rows.where(PaperForm.obligation_id.is_(None) if owed is None else PaperForm.obligation_id == owed.id)
    return db.session.scalar(rows.limit(1))


def being_typed(actor: Actor) -> list[PaperForm]:
    """The paper forms that this clerk has begun."""
    rows = select(PaperForm).where(PaperForm.clerk_id == actor.person_id, PaperForm.filed_seq.is_(None))
    return list(db.session.scalars(rows.order_by(PaperForm.id)))


def unconfirmed(actor: Actor) -> list[PaperForm]:
    """The forms that this clerk typed in and whose person has not confirmed them: all that may still be read."""
    rows = (
        select(PaperForm)
        .join(Disclosure, Disclosure.id == PaperForm.disclosure_id)
        .join(DisclosureVersion, DisclosureVersion.disclosure_id == Disclosure.id)
        .where(
            PaperForm.clerk_id == actor.person_id,
            PaperForm.filed_seq.is_not(None),
            DisclosureVersion.number == Disclosure.version,
            DisclosureVersion.imported,
            DisclosureVersion.confirmed_seq.is_(None),
        )
    )
    return list(db.session.scalars(rows.order_by(PaperForm.id.desc())))


def scans(form: PaperForm) -> list[Attachment]:
    """The scan of a paper form, in the order in which its pages came."""
    return list(db.session.scalars(select(Attachment).where(Attachment.paper == form.reference).order_by(Attachment.id)))


def setting(form: PaperForm, on: date) -> Setting:
    """What the form's conditions are judged against."""
    return filings.setting_for(form.filer, form.reporting_year, on)


def policies_on(form: PaperForm, today: date) -> list[PolicyVersion]:
    """The policies about which the paper may say something."""
    if form.kind not in filings.WITH_POLICIES:
        return []
    return policies.to_sign(form.person_id, form.filer, today)


def behind(disclosure: Disclosure | None) -> PaperForm | None:
    """The paper form that a filing was typed from."""
    if disclosure is None:
        return None
    rows = select(PaperForm).where(PaperForm.disclosure_id == disclosure.id, PaperForm.filed_seq.is_not(None))
    return db.session.scalar(rows.order_by(PaperForm.id.desc()).limit(1))


def languages() -> list[str]:
    """The languages in which a paper form may be written."""
    return list(current_profile().city.languages)


def said(form: PaperForm, version: PolicyVersion) -> Mapping[str, Any]:
    """What the paper says about one policy, as typed so far."""
    told: Mapping[str, Any] = form.policies.get(str(version.id)) or {}
    return told
