"""All reads of filings as their filer sees them: own filings, drafts, what is missing, who has read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import not_, or_, select
from sqlalchemy.orm import joinedload

from coi.audit.chain import moment
from coi.campaigns import queries as campaigns
from coi.db import db
from coi.disclosures import seals
from coi.disclosures.facts import facts_for
from coi.models import (
    Account,
    AuditEntry,
    Campaign,
    CampaignPart,
    Disclosure,
    DisclosureVersion,
    Draft,
    Obligation,
    Person,
    PolicyReceipt,
    PolicyVersion,
    RoleGrant,
    Settlement,
    Transition,
)
from coi.policies import queries as policies
from coi.profiles.current import current_profile, zone
from coi.questionnaires.queries import form_of
from coi.rules.completeness import Evaluation, Setting, evaluate, say
from coi.rules.form import Ask, Form
from coi.rules.permissions import Actor, Facts
from coi.vendors.lists import city_lists
from coi.vocabulary import Event, Kind, Role, State

# Kinds with which policies are signed; a gift or a change is told quickly and asks for nothing else.
WITH_POLICIES = frozenset({Kind.ANNUAL, Kind.NEW_HIRE, Kind.NEW_POSITION})
OFFICE_ROLES = (
    Role.SENIOR_OFFICER,
    Role.REVIEWER,
    Role.SOLICITOR,
    Role.COMMISSIONER,
    Role.RECORDER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


def own(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """A filing by its reference, with the facts of this actor; the permission says whether it is the filer's own."""
    disclosure = db.session.scalar(select(Disclosure).where(Disclosure.reference == reference))
    return (disclosure, facts_for(disclosure, actor)) if disclosure else None


def obligation_of(reference: str, actor: Actor) -> tuple[Obligation, Facts] | None:  # noqa: ARG001  # the gate hands the actor to every loader
    """What somebody owes, by its reference, for the page that starts the filing."""
    owed = db.session.scalar(select(Obligation).where(Obligation.reference == reference))
    return (owed, Facts(filer_id=owed.person_id, owner_id=owed.person_id)) if owed else None


def filing_for(obligation: Obligation) -> Disclosure | None:
    """The filing that settled an obligation, else the one begun for it."""
    settled = select(Settlement.disclosure_id).where(Settlement.obligation_id == obligation.id)
    rows = select(Disclosure).where(
        or_(Disclosure.obligation_id == obligation.id, Disclosure.id.in_(settled)), Disclosure.state != State.WITHDRAWN
    )
    return db.session.scalar(rows.order_by(Disclosure.id.not_in(settled), Disclosure.id.desc()).limit(1))


def mine(person_id: int) -> list[Disclosure]:
    """Every filing of a person, the newest first."""
    rows = select(Disclosure).where(Disclosure.filer_id == person_id).options(joinedload(Disclosure.reviewer))
    return list(db.session.scalars(rows.order_by(Disclosure.created_at.desc(), Disclosure.id.desc())))


def draft_of(disclosure: Disclosure) -> Draft | None:
    """What was typed and not signed, of a new filing or of a correction."""
    return db.session.scalar(select(Draft).where(Draft.disclosure_id == disclosure.id))


def version_of(disclosure: Disclosure, number: int | None = None) -> DisclosureVersion | None:
    """One signed version by its number, or the one that counts."""
    wanted = disclosure.version if number is None else number
    return db.session.scalar(
        select(DisclosureVersion).where(DisclosureVersion.disclosure_id == disclosure.id, DisclosureVersion.number == wanted)
    )


def versions_of(disclosure: Disclosure) -> list[DisclosureVersion]:
    """Every signed version, the newest first."""
    rows = select(DisclosureVersion).where(DisclosureVersion.disclosure_id == disclosure.id)
    return list(db.session.scalars(rows.order_by(DisclosureVersion.number.desc())))


def is_unconfirmed(disclosure: Disclosure) -> bool:
    """Whether the version that counts was imported and its person has not confirmed it: "not signed here"."""
    version = version_of(disclosure) if disclosure.imported else None
    return version is not None and version.imported and version.confirmed_seq is None


def setting_of(draft: Draft, on: date) -> Setting:
    """What the form's conditions are judged against: the filer as the record knows them, the reporting year, the city's lists."""
    return setting_for(draft.filer, draft.disclosure.reporting_year, on)


def setting_for(filer: Mapping[str, Any], reporting_year: int, on: date) -> Setting:
    """The setting of a filer who signs on a day."""
    return Setting(
        filer=dict(filer), reporting_year=reporting_year, signed_on=on, lists=city_lists(), city=current_profile().city.short
    )


def evaluated(draft: Draft, on: date, agreed: bool = False) -> Evaluation:
    """Everything the form says about a draft; `agreed` takes the signing page's boxes as ticked, to see what else is missing."""
    form = form_of(draft.questionnaire)
    answers = agreeing(form, draft.answers) if agreed else draft.answers
    return evaluate(form, answers, setting_of(draft, on))


def signing_boxes(form: Form) -> list[Ask]:
    """The boxes that stand on the signing page: what the form's last section asks to attest."""
    return [question for question in form.sections[-1].questions if question.type == "attest"] if form.sections else []


def agreeing(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with every box of the signing page ticked."""
    return {**answers, **{question.id: "yes" for question in signing_boxes(form)}}


def attestation(draft: Draft, on: date, language: str) -> list[str]:
    """The wording to agree to, as this filer is shown it; a form without any has the house's own."""
    form = form_of(draft.questionnaire)
    setting = setting_of(draft, on)
    found = evaluate(form, agreeing(form, draft.answers), setting)
    return wording(form, found.shown, found.setting, language)


def wording(form: Form, shown: frozenset[str], setting: Setting, language: str) -> list[str]:
    """The attestation's sentences in one language."""
    told = [say(box.title, language, form, setting) for box in signing_boxes(form) if box.id in shown]
    return told or [HOUSE_WORDING.get(language) or HOUSE_WORDING["en"]]


# What is signed where a form brings no attestation of its own (U27); part of the record, so a change gets a new version.
HOUSE_WORDING_VERSION = "house-1"
HOUSE_WORDING = {
    "en": "What I wrote is true and complete as far as I know today. I agree to sign on this screen; I could have used paper.",
    "es": "Lo que escribí es verdadero y completo según lo que sé hoy. Acepto firmar en esta pantalla; podía usar papel.",
}


def policies_due(disclosure: Disclosure, filer: Mapping[str, Any], on: date) -> list[PolicyVersion]:
    """The policy versions that this signature must say something about; none is asked twice with one filing."""
    if disclosure.kind not in WITH_POLICIES or (disclosure.version and not is_unconfirmed(disclosure)):
        return []
    named = _policies_of_part(disclosure)
    due = policies.to_sign(disclosure.filer_id, filer, on)
    received = _received_with(disclosure)
    return [one for one in due if one.id not in received and (named is None or one.policy_id in named)]


def _policies_of_part(disclosure: Disclosure) -> list[str] | None:
    return db.session.scalar(
        select(CampaignPart.policies)
        .join(Obligation, Obligation.part_id == CampaignPart.id)
        .where(Obligation.id == disclosure.obligation_id)
    )


def _received_with(disclosure: Disclosure) -> set[int]:
    rows = (
        select(PolicyReceipt.policy_version_id)
        .join(DisclosureVersion, DisclosureVersion.id == PolicyReceipt.disclosure_version_id)
        .where(DisclosureVersion.disclosure_id == disclosure.id)
    )
    return set(db.session.scalars(rows))


def receipts_of(version: DisclosureVersion) -> list[PolicyReceipt]:
    """What was said about each policy with this signature."""
    rows = select(PolicyReceipt).where(PolicyReceipt.disclosure_version_id == version.id)
    return list(db.session.scalars(rows.options(joinedload(PolicyReceipt.policy_version)).order_by(PolicyReceipt.id)))


def receipts_until(version: DisclosureVersion) -> list[PolicyReceipt]:
    """What was said about each policy with this signature or an earlier one of the filing: a correction asks it no more."""
    rows = (
        select(PolicyReceipt)
        .join(DisclosureVersion, DisclosureVersion.id == PolicyReceipt.disclosure_version_id)
        .where(DisclosureVersion.disclosure_id == version.disclosure_id, DisclosureVersion.number <= version.number)
        .options(joinedload(PolicyReceipt.policy_version))
        .order_by(PolicyReceipt.id)
    )
    return list({one.policy_version_id: one for one in db.session.scalars(rows)}.values())


def history(disclosure: Disclosure) -> list[Transition]:
    """Every move of the filing, in order; the filer reads actions and days, never the office's reasons."""
    return list(db.session.scalars(select(Transition).where(Transition.disclosure_id == disclosure.id).order_by(Transition.seq)))


@dataclass(frozen=True)
class Reader:
    """Who read the filing on one day, in words, and how often."""

    who: str
    day: date
    count: int


def readers_for_filer(disclosure: Disclosure, on: date) -> list[Reader]:
    """Who has read this or what lies with it, grouped by reader and day of the city, the newest first; never the filer.

    It counts how often the form itself was opened; who only took a paper of it, say, or read one condition, is told once a day.

    What was read under a seal that stands on this day is left out; when the seal ends it is told (U41).
    """
    rows = db.session.execute(
        select(AuditEntry.actor, AuditEntry.at, AuditEntry.event)
        .where(
            AuditEntry.subject == f"disclosure:{disclosure.reference}",
            AuditEntry.event.in_(seals.OF_READING),
            AuditEntry.actor.like("account:%"),
            *(not_(one) for one in seals.hidden(disclosure, on)),
        )
        .order_by(AuditEntry.seq.desc())
    ).all()
    counted: dict[tuple[str, date], int] = {}
    for actor, at, event in rows:
        place = (actor, moment(at).astimezone(zone()).date())
        counted[place] = counted.get(place, 0) + (event == Event.DISCLOSURE_READ.code)
    words = _readers_in_words({actor for actor, _day in counted}, disclosure.filer_id)
    return [Reader(words[actor], day, max(count, 1)) for (actor, day), count in counted.items() if actor in words]


def _readers_in_words(actors: set[str], filer_id: int) -> dict[str, str]:
    ids = {int(actor.partition(":")[2]) for actor in actors if actor.partition(":")[2].isdigit()}
    rows = db.session.execute(
        select(Account.id, Person.name, RoleGrant.role)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.id.in_(ids), Account.person_id != filer_id)
    )
    names: dict[int, str] = {}
    roles: dict[int, set[Role]] = {}
    for account_id, name, role in rows:
        names[account_id] = name
        roles.setdefault(account_id, set()).update({role} if role else set())
    words = {}
    for account_id, name in names.items():
        held = next((one for one in OFFICE_ROLES if one in roles[account_id]), None)
        words[f"account:{account_id}"] = f"{held.label} {name}" if held else name
    return words


def campaign_year(campaign_id: int | None) -> int | None:
    """The year a campaign runs, for a reference."""
    return db.session.scalar(select(Campaign.year).where(Campaign.id == campaign_id))


def latest_campaign() -> Campaign | None:
    """The campaign that a voluntary filing or an import belongs to when nothing else is said."""
    return campaigns.latest()
