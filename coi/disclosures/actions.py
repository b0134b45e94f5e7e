"""All writes of a filing before it is signed: start, keep what was typed, no to all, discard, begin a correction."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from coi.attachments.covering import carry_on, let_go
from coi.audit.record import record
from coi.db import db
from coi.disclosures import carried, carrying, queries
from coi.disclosures.facts import facts_for, from_paper, open_assignment
from coi.disclosures.move import move
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import Disclosure, DisclosureVersion, Draft, Obligation, Person, Questionnaire
from coi.models.types import new_reference
from coi.plans.interim import end_interim
from coi.profiles.current import current_profile, today
from coi.questionnaires.corrections import newest_correction
from coi.questionnaires.keys import new_key
from coi.questionnaires.moving import begin_on, fit
from coi.questionnaires.queries import form_of, newest, newest_to_file
from coi.questionnaires.uses import forms_for
from coi.rules.completeness import Setting, evaluate
from coi.rules.form import Form, questions_read
from coi.rules.lifecycle import VOLUNTARY, possible
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vendors.alerts import end_with_withdrawal
from coi.vocabulary import Action, Event, Kind, Receipt, State

LONGEST_REASON = 10_000
CHANGED_MEANWHILE = _l(
    "This form was changed in another window meanwhile. What you typed is still below: look at it and save again."
)


def start(obligation: Obligation, actor: Actor, now: datetime) -> Disclosure:
    """The filing that answers an obligation: the one begun before, signed or not, else a new draft."""
    check_own(obligation.person_id, actor)
    db.session.refresh(obligation, with_for_update=True)
    begun = queries.filing_for(obligation)
    if begun is not None:
        return begun
    if obligation.ended_seq is not None:
        raise NotPossible(_l("This form is no longer asked of you."))
    filer = dict(obligation.filer) or filer_of(obligation.person, obligation.kind)
    if obligation.level and not filer.get("level"):
        filer["level"] = obligation.level
    return _open(
        obligation.person,
        obligation.form_id,
        obligation.kind,
        obligation.reporting_year,
        filer,
        now,
        campaign_id=obligation.campaign_id,
        obligation_id=obligation.id,
    )


def start_voluntary(kind: Kind, actor: Actor, now: datetime, form_id: str = "") -> Disclosure:
    """A gift or a change, told by the person without being asked; the open draft of that kind and form if there is one."""
    if kind.value not in VOLUNTARY or actor.person_id is None:
        raise NotPossible(_l("This kind of form can't be started here."))
    person = db.session.get_one(Person, actor.person_id, with_for_update=True)
    if person.employee and not person.active:
        raise NotPossible(_l("You no longer work for the City. You can file what is asked of you, and read what you filed."))
    filer = filer_of(person, kind)
    forms = forms_for(kind.value, filer)
    if not forms:
        raise NotPossible(_l("Your city has no form for this. Please call the ethics office."))
    if form_id and form_id not in forms:
        raise Refused(_l("Choose among what is offered."), "form")
    chosen = form_id or next((one for one in forms if newest(one) is not None), forms[0])
    begun = db.session.scalar(
        select(Disclosure)
        .where(
            Disclosure.filer_id == person.id,
            Disclosure.form_id == chosen,
            Disclosure.kind == kind,
            Disclosure.state == State.DRAFT,
        )
        .limit(1)
    )
    return begun or start_unasked(person, chosen, kind, today(now).year - 1, filer, now)


def start_unasked(
    person: Person, form_id: str, kind: Kind, reporting_year: int, filer: Mapping[str, Any], now: datetime
) -> Disclosure:
    """A draft that answers no obligation; signing makes the obligation that it settles."""
    campaign = queries.latest_campaign()
    belongs = campaign is not None and campaign.reporting_year == reporting_year
    return _open(person, form_id, kind, reporting_year, filer, now, campaign_id=campaign.id if campaign and belongs else None)


def filer_of(person: Person, kind: Kind) -> dict[str, Any]:
    """What the roster and the profile say about a filer today."""
    return current_profile().filer_of({"title": person.title, "department": person.department, "group": person.group}, kind.value)


def _open(
    person: Person,
    form_id: str,
    kind: Kind,
    reporting_year: int,
    filer: Mapping[str, Any],
    now: datetime,
    campaign_id: int | None = None,
    obligation_id: int | None = None,
) -> Disclosure:
    questionnaire = newest_to_file(form_id)
    if questionnaire is None:
        raise NotPossible(_l("This form is not published yet. Please call the ethics office."))
    year = queries.campaign_year(campaign_id) or today(now).year
    disclosure = Disclosure(
        reference=_unused_reference(f"COI-{year}"),
        filer_id=person.id,
        campaign_id=campaign_id,
        obligation_id=obligation_id,
        form_id=form_id,
        kind=kind,
        reporting_year=reporting_year,
        created_at=now,
    )
    db.session.add(disclosure)
    db.session.flush()
    draft = _new_draft(disclosure, questionnaire, filer, {}, now)
    draft.carried = carried.begin(draft, today(now))
    draft.answers = prefilled(draft, today(now))
    return disclosure


def prefilled(draft: Draft, on: date) -> dict[str, Any]:
    """What the record knows of questions that ask an attribute of the filer: to be seen and changed."""
    form = form_of(draft.questionnaire)
    questions = [question.id for section in form.sections for question in section.questions]
    before = (draft.carried or {}).get("last", {})
    told = {name: draft.filer.get(name) or before.get(name) for name in questions if name in form.filer_attributes}
    known = {name: answer for name, answer in told.items() if answer}
    if not known:
        return {}
    found = evaluate(form, known, queries.setting_of(draft, on))
    wrong = {fault.path for fault in found.faults}
    return {name: answer for name, answer in known.items() if name in found.shown and name not in wrong}


def _unused_reference(prefix: str) -> str:
    # 25^6 references a year: with 10,000 filings one year in five would see two alike.
    while True:
        reference = new_reference(prefix)
        if db.session.scalar(select(Disclosure.id).where(Disclosure.reference == reference)) is None:
            return reference


def _new_draft(
    disclosure: Disclosure, questionnaire: Questionnaire, filer: Mapping[str, Any], answers: Mapping[str, Any], now: datetime
) -> Draft:
    draft = Draft(
        disclosure_id=disclosure.id,
        questionnaire_id=questionnaire.id,
        filer=dict(filer),
        answers=dict(answers),
        policies={},
        seen=[],
        revision=0,
        saved_at=now,
        because="",
    )
    draft.questionnaire = questionnaire
    db.session.add(draft)
    db.session.flush()
    db.session.expire(disclosure, ["draft"])
    return draft


def save_draft(
    disclosure: Disclosure,
    answers: Mapping[str, Any],
    policies: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    revision: int,
    seen: str | None = None,
    said: Mapping[str, Any] | None = None,
) -> Draft:
    """Keeps what was typed over what was there, question by question; `seen` is the section just left.

    `said` is what the page says of entries of an earlier form: they come onto this one, or go. Every entry of a list gets a key.
    Raises SomebodyWasFaster when the page was older than the draft: nothing is lost, the page shows both.
    """
    draft = locked_draft(disclosure, actor)
    if draft.revision != revision:
        raise SomebodyWasFaster(CHANGED_MEANWHILE)
    typed = {**draft.answers, **{question: keyed(answer) for question, answer in answers.items()}}
    draft.answers, draft.carried = _carry(draft, typed, said or {}, now)
    draft.policies = {**draft.policies, **{version: _said(told) for version, told in policies.items()}}
    if seen and seen not in draft.seen:
        draft.seen = [*draft.seen, seen]
    _saved(draft, now)
    return draft


def _carry(draft: Draft, typed: dict[str, Any], said: Mapping[str, Any], now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was typed, with the entries of an earlier form where what is said of them puts them."""
    if not draft.carried:
        return typed, {}
    form, setting = form_of(draft.questionnaire), queries.setting_of(draft, today(now))
    return carrying.after(form, setting, typed, draft.carried, said)


def no_to_all(disclosure: Disclosure, actor: Actor, now: datetime, revision: int | None = None) -> Draft:
    """Answers no to every shown question that opens a list, also to those that only show after one of these noes."""
    draft = locked_draft(disclosure, actor)
    if revision is not None and draft.revision != revision:
        raise SomebodyWasFaster(_l("This form was changed in another window meanwhile. Load the page again."))
    form, setting = form_of(draft.questionnaire), queries.setting_of(draft, today(now))
    told = carrying.standings(form, draft.answers, draft.carried or {}, setting, evaluate(form, draft.answers, setting))
    draft.answers = all_no(form, draft.answers, setting, carrying.held_doors(form, told))
    _saved(draft, now)
    return draft


def all_no(form: Form, typed: Mapping[str, Any], setting: Setting, held: Collection[str] = ()) -> dict[str, Any]:
    """The answers with no to every shown question that opens a list, but those that entries of an earlier form hold open."""
    doors = [door for door in opens_a_list(form) if door not in held]
    answers = dict(typed)
    for _round in range(len(doors) + 1):
        shown = evaluate(form, answers, setting).shown
        open_still = [door for door in doors if door in shown and answers.get(door) != "no"]
        if not open_still:
            break
        answers.update(dict.fromkeys(open_still, "no"))
    return answers


def opens_a_list(form: Form) -> list[str]:
    """The yes_no questions whose yes asks for a list, in the order of the form."""
    questions = [question for section in form.sections for question in section.questions]
    named = {name for question in questions if question.type == "entries" for name in questions_read(question.show_if)}
    return [question.id for question in questions if question.type == "yes_no" and question.id in named]


def discard(disclosure: Disclosure, actor: Actor, now: datetime) -> None:
    """Throws away what was typed: a new filing is gone, a signed one stays as it was signed."""
    draft = locked_draft(disclosure, actor)
    record(Event.DRAFT_DISCARDED, actor, f"disclosure:{disclosure.reference}", now, form=disclosure.form_id)
    let_go(disclosure, actor, now)
    db.session.delete(draft)
    db.session.flush()
    if disclosure.state is State.DRAFT:
        db.session.execute(delete(Disclosure).where(Disclosure.id == disclosure.id))
        db.session.expunge(disclosure)


def begin_correction(disclosure: Disclosure, reason: str, actor: Actor, now: datetime) -> Draft:
    """A draft of a new version, from every signed state, with a reason unless the office sent the filing back (U28)."""
    db.session.refresh(disclosure, with_for_update=True)
    if not allows(actor, Permission.CORRECT_OWN, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    allowed = possible(disclosure.state)
    if Action.CORRECT not in allowed and Action.SUBMIT not in allowed:
        raise NotPossible(_l("This filing was withdrawn. It stays as it is."))
    reason = reason.strip()
    if Action.CORRECT in allowed and not reason:
        raise Refused(_l("Write in a few words what you correct."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_l("Please write at most 10,000 characters."), "reason")
    signed = queries.version_of(disclosure)
    draft = queries.draft_of(disclosure)
    if draft is None and signed is not None:
        draft = _correcting(disclosure, signed, actor, now)
    if draft is None:
        raise NotPossible(_l("This filing is not signed yet."))
    draft.because = reason or draft.because
    db.session.flush()
    return draft


def _correcting(disclosure: Disclosure, signed: DisclosureVersion, actor: Actor, now: datetime) -> Draft:
    """The answers as they were signed, on the newest correction of the form (U24); the signed version keeps its own."""
    origin = signed.questionnaire
    target = newest_correction(origin, disclosure.reporting_year)
    kept, aside = (
        fit(form_of(origin).by_id, form_of(target).by_id, signed.answers) if target is not origin else (signed.answers, {})
    )
    draft = _new_draft(disclosure, target, signed.filer, kept, now)
    draft.seen = [section.id for section in form_of(origin).sections]
    draft.carried = carried.begin_correction(signed)
    carry_on(disclosure, signed)
    if target is not origin:
        begin_on(draft, origin, aside, actor, now)
    return draft


def withdraw(disclosure: Disclosure, actor: Actor, now: datetime) -> None:
    """Takes back a gift or a change that nobody asked for; it is kept. What is owed is corrected, never withdrawn."""
    check_own(disclosure.filer_id, actor)
    db.session.refresh(disclosure, with_for_update=True)
    if disclosure.kind.value not in VOLUNTARY:
        raise NotPossible(_l("This form is asked of you. Correct it instead."))
    draft, standing = queries.draft_of(disclosure), open_assignment(disclosure)
    seq = move(disclosure, Action.WITHDRAW, actor, now)
    disclosure.waiting_on_filer_since = None  # nothing is asked of them any more
    end_interim(disclosure, actor, now)
    end_with_withdrawal(disclosure, now)
    if standing is not None:
        standing.ended_seq, standing.ended_because = seq, "withdrawn"
    if draft is not None:
        let_go(disclosure, actor, now)
        db.session.delete(draft)
    db.session.flush()


def locked_draft(disclosure: Disclosure, actor: Actor) -> Draft:
    """The draft of an own filing, with the filing's row locked; raises SomebodyWasFaster when there is none any more."""
    lock(disclosure, actor)
    return draft_to_write(disclosure)


def lock(disclosure: Disclosure, actor: Actor) -> None:
    """Locks an own filing and reads it anew: two windows of one person take turns."""
    check_own(disclosure.filer_id, actor)
    db.session.refresh(disclosure, with_for_update=True)


def draft_to_write(disclosure: Disclosure) -> Draft:
    """The draft as it is in the database now; raises SomebodyWasFaster when it was signed meanwhile."""
    draft = db.session.scalar(select(Draft).where(Draft.disclosure_id == disclosure.id).execution_options(populate_existing=True))
    if draft is None:
        raise SomebodyWasFaster(_l("This form is already signed. To change it, correct it from its page."))
    return draft


def check_own(filer_id: int, actor: Actor) -> None:
    """Only the filer writes a draft; an operator's import, and who types a paper form, write it for the filer and say so."""
    facts = Facts(filer_id=filer_id, extra=from_paper(filer_id, actor))
    may = allows(actor, Permission.FILE_OWN, facts) or allows(actor, Permission.FILE_FROM_PAPER, facts)
    if not may and not actor.name.startswith("operator:"):
        raise NotPossible(_l("You may not do this with this filing."))


def note_file(made: bytes, filings: int, actor: Actor, now: datetime) -> None:
    """That somebody took a copy of everything of their own; the entry holds the fingerprint of the file, never the file."""
    digest = hashlib.sha256(made).hexdigest()
    record(Event.FILE_TAKEN, actor, f"person:{actor.person_id}", now, filings=filings, sha256=digest)


def keyed(answer: Any) -> Any:
    """The answer with a key of its own on every entry of its lists: comments, flags and interests hang on it."""
    if not isinstance(answer, list):
        return answer
    taken: set[str] = set()
    return [_keyed_entry(entry, taken) if isinstance(entry, Mapping) else entry for entry in answer]


def _keyed_entry(entry: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    kept = {name: keyed(value) for name, value in entry.items()}
    key = kept.get("_key")
    fits = isinstance(key, str) and 8 <= len(key) <= 40 and key.isascii() and key.isalnum() and key not in taken
    kept["_key"] = key if fits else new_key()
    taken.add(kept["_key"])
    return kept


def _said(told: Any) -> dict[str, str]:
    """What was said about a policy: a receipt's code and the words of an objection."""
    told = told if isinstance(told, Mapping) else {"receipt": told}
    receipt, objection = str(told.get("receipt") or ""), str(told.get("objection") or "")
    return {"receipt": receipt if receipt in set(Receipt) else "", "objection": objection}


def _saved(draft: Draft, now: datetime) -> None:
    draft.revision += 1
    draft.saved_at = now
    db.session.flush()
