"""All writes of paper forms: begin, keep what is typed, add the scan, throw away, file by the actions of the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.attachments import covering, keeping
from coi.attachments.actions import row_of, take
from coi.audit.record import record
from coi.db import db
from coi.disclosures import queries as filings
from coi.disclosures.actions import filer_of, keyed, save_draft, start, start_unasked
from coi.disclosures.recording import Signature
from coi.disclosures.signing import sign
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import Attachment, Disclosure, DisclosureVersion, Draft, Obligation, PaperForm, Person
from coi.models.types import new_reference
from coi.notices.actions import post
from coi.paper import queries
from coi.profiles.current import current_profile, today, zone
from coi.questionnaires.queries import newest
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import Event, Kind, Receipt, State

MOST_SCANS = 20
MOST_BYTES = 50 * 1024 * 1024
NOT_HERE = _l("You may not do this with this form.")


@dataclass(frozen=True)
class Begun:
    """What is known of a paper before its answers are typed."""

    code: str
    language: str
    received_on: date
    helped: str


def begin(person: Person, told: Begun, actor: Actor, now: datetime) -> PaperForm:
    """Begins to type a form for somebody; the clerk's own open one for the same thing if there is one. Raises Refused."""
    if not allows(actor, Permission.TYPE_PAPER, Facts(filer_id=person.id)):
        raise NotPossible(NOT_HERE)
    # Two clerks with one paper take turns; nothing that only points to the person waits.
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    if told.received_on > today(now):
        raise Refused(_l("This day lies in the future."), "received_on")
    owed = queries.obligation(told.code, person)
    if owed is None and told.code not in (Kind.GIFT, Kind.CHANGE):
        raise Refused(_l("Choose which form it is."), "code")
    kind = owed.kind if owed is not None else Kind(told.code)
    _check_free(owed)
    there = queries.open_for(person, owed, kind)
    if there is not None and there.clerk_id == actor.person_id:
        return there
    if there is not None:
        raise NotPossible(_l("A colleague is typing in this form already."), "code")
    filer = dict(owed.filer) if owed is not None and owed.filer else filer_of(person, kind)
    if owed is not None and owed.level and not filer.get("level"):
        filer["level"] = owed.level
    form_id = owed.form_id if owed is not None else _form_for(kind, filer)
    questionnaire = newest(form_id)
    if questionnaire is None:
        raise NotPossible(_l("This form is not published yet."), "code")
    reference = new_reference(f"PAP-{today(now).year}")
    seq = record(
        Event.PAPER_BEGUN, actor, f"paper:{reference}", now, form=form_id, kind=kind.value, received=told.received_on.isoformat()
    )
    made = PaperForm(
        reference=reference,
        person_id=person.id,
        clerk_id=actor.person_id,
        obligation_id=owed.id if owed is not None else None,
        questionnaire_id=questionnaire.id,
        kind=kind,
        reporting_year=owed.reporting_year if owed is not None else today(now).year - 1,
        language=told.language,
        received_on=told.received_on,
        helped=told.helped,
        filer=filer,
        answers={},
        policies={},
        begun_at=now,
        saved_at=now,
        seq=seq,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _form_for(kind: Kind, filer: Mapping[str, Any]) -> str:
    uses = current_profile().forms_for(kind.value, dict(filer))
    if not uses:
        raise NotPossible(_l("Your city has no form for this."), "code")
    return str(uses[0].form)


def _check_free(owed: Obligation | None) -> None:
    """What a person filed or typed here is never written over."""
    begun = filings.filing_for(owed) if owed is not None else None
    if begun is None:
        return
    if begun.version:
        raise NotPossible(
            _l("This person has filed this form already. What they want to change, they correct themselves."), "code"
        )
    draft = filings.draft_of(begun)
    if draft is not None and draft.revision:
        raise NotPossible(
            _l(
                "This person has begun this form here, and it is not signed. "
                "Nothing is typed over it: ask them to finish it, or to throw it away."
            ),
            "code",
        )


def _mine(form: PaperForm, actor: Actor) -> None:
    """Locks a form that is still being typed by this clerk."""
    db.session.refresh(form, with_for_update=True)
    if not allows(actor, Permission.PAPER_DRAFT, Facts(filer_id=form.person_id, owner_id=form.clerk_id)):
        raise NotPossible(NOT_HERE)
    if form.filed_seq is not None:
        raise SomebodyWasFaster(_l("This paper form is filed already."))


@dataclass(frozen=True)
class Typed:
    """One page as typed: answers, what the paper says about policies, its name and date."""

    answers: Mapping[str, Any]
    policies: Mapping[str, Mapping[str, str]]
    signed_name: str
    signed_on: date | None
    revision: int


def save(form: PaperForm, typed: Typed, actor: Actor, now: datetime) -> None:
    """Keeps what was typed; raises SomebodyWasFaster when another window of the clerk was."""
    _mine(form, actor)
    if form.revision != typed.revision:
        raise SomebodyWasFaster(
            _l("This form was changed in another window meanwhile. What you typed is still below: look at it and save again.")
        )
    form.answers = {**form.answers, **{question: keyed(answer) for question, answer in typed.answers.items()}}
    form.policies = {**form.policies, **{version: _said(told) for version, told in typed.policies.items()}}
    form.signed_name, form.signed_on = typed.signed_name[:200], typed.signed_on
    form.revision += 1
    form.saved_at = now
    db.session.flush()


def answer_no(form: PaperForm, answers: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Keeps the answers with no to every list."""
    _mine(form, actor)
    form.answers = dict(answers)
    form.revision += 1
    form.saved_at = now
    db.session.flush()


def _said(told: Mapping[str, str]) -> dict[str, str]:
    receipt = told.get("receipt", "")
    return {"receipt": receipt if receipt in set(Receipt) else "", "objection": told.get("objection", "")}


def add_scan(form: PaperForm, file: IO[bytes], named: str, actor: Actor, now: datetime) -> Attachment:
    """Adds a page, or all pages, of the scanned paper; the same bytes once more are what is there. Raises Refused."""
    subject = f"paper:{form.reference}"
    taken = take(file, named)
    try:
        _mine(form, actor)
        there = queries.scans(form)
        known = next((one for one in there if one.sha256 == taken.sha256), None)
        if known is not None:
            keeping.forget(taken.stored)
            return known
        if len(there) >= MOST_SCANS or sum(one.size for one in there) + taken.size > MOST_BYTES:
            raise Refused(_l("A paper form may have 20 files and 50 MB. Put several pages into one PDF."), "file")
    except Refused:
        keeping.forget(taken.stored)
        raise
    made = row_of(taken, subject, actor, now)
    made.paper = form.reference
    db.session.add(made)
    db.session.flush()
    return made


def remove_scan(form: PaperForm, reference: str, actor: Actor, now: datetime) -> None:
    """Takes a scan away while the form is typed."""
    _mine(form, actor)
    found = next((one for one in queries.scans(form) if one.reference == reference), None)
    if found is not None:
        covering.take_away(found, f"paper:{form.reference}", "removed", actor, now)
        db.session.flush()


def discard(form: PaperForm, actor: Actor, now: datetime) -> None:
    """Throws away what was typed, and its scans."""
    _mine(form, actor)
    for one in queries.scans(form):
        covering.take_away(one, f"paper:{form.reference}", "draft_gone", actor, now)
    record(Event.PAPER_DISCARDED, actor, f"paper:{form.reference}", now, form=form.questionnaire.form_id)
    db.session.delete(form)
    db.session.flush()


def file(form: PaperForm, signature: Signature, actor: Actor, now: datetime) -> DisclosureVersion:
    """Files what was typed, by the same start, save and sign as a person's own; raises FaultsRemain, Refused."""
    db.session.refresh(form, with_for_update=True)
    if form.filed_seq is not None and form.disclosure is not None:  # the same click twice
        version = filings.version_of(form.disclosure, 1)
        if version is not None and form.clerk_id == actor.person_id:
            return version
    _mine(form, actor)
    scans = queries.scans(form)
    signed_on = _check_paper(form, scans, now)
    _check_free(form.obligation)
    disclosure = _filing_of(form, actor, now)
    draft = _empty_draft(disclosure)
    draft.questionnaire_id, draft.questionnaire = form.questionnaire_id, form.questionnaire
    draft.filer, draft.answers = dict(form.filer), {}
    save_draft(disclosure, form.answers, form.policies, actor, now, draft.revision)
    form.disclosure_id, form.disclosure = disclosure.id, disclosure
    for one in scans:
        one.disclosure_id = disclosure.id
    db.session.flush()
    version = sign(disclosure, signature, actor, now)
    form.filed_seq = record(
        Event.PAPER_TYPED,
        actor,
        f"disclosure:{disclosure.reference}",
        now,
        paper=form.reference,
        version=version.number,
        sha256=version.sha256,
        received=form.received_on.isoformat(),
        signed_on=signed_on.isoformat(),
    )
    post("paper_typed", form.person, now, f"paper_typed:{form.reference}", reference=disclosure.reference)
    db.session.flush()
    return version


def signature_of(form: PaperForm, actor: Actor, now: datetime, **around: Any) -> Signature:
    """The act of signing as the paper shows it; `around` is how the clerk came in."""
    signed_on = form.signed_on or form.received_on
    return Signature(
        signed_name=form.signed_name,
        agreed=True,
        idempotency_key=f"paper:{form.reference}",
        language=form.language,
        method="paper",
        signed_at=min(_noon(signed_on), now),
        received_at=min(_noon(form.received_on), now),
        imported=True,
        paper={
            "reference": form.reference,
            "typed_by": actor.name,
            "signed_on": signed_on.isoformat(),
            "received_on": form.received_on.isoformat(),
            "helped": form.helped,
        },
        **around,
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), zone())


def _check_paper(form: PaperForm, scans: list[Attachment], now: datetime) -> date:
    if not scans:
        raise Refused(_l("Add the scan of the signed paper first."), "scans")
    if not form.signed_name.strip():
        raise Refused(_l("Type the name as it is signed on the paper."), "signed_name")
    if form.signed_on is None:
        raise Refused(_l("Give the day that stands beside the signature."), "signed_on")
    if form.signed_on > form.received_on or form.signed_on > today(now):
        raise Refused(_l("This day lies after the day on which the paper was received."), "signed_on")
    return form.signed_on


def _filing_of(form: PaperForm, actor: Actor, now: datetime) -> Disclosure:
    if form.obligation is not None:
        return start(form.obligation, actor, now)
    # A draft of the person's own of the same kind stays theirs: what is told without being asked may be told twice.
    return start_unasked(form.person, form.questionnaire.form_id, form.kind, form.reporting_year, form.filer, now)


def _empty_draft(disclosure: Disclosure) -> Draft:
    """The empty draft that the paper fills, with nobody else at it."""
    draft = db.session.scalar(select(Draft).where(Draft.disclosure_id == disclosure.id).with_for_update())
    if disclosure.state is not State.DRAFT or draft is None or draft.revision or covering.in_draft(disclosure):
        raise NotPossible(_l("This person has begun this form here meanwhile. Nothing is typed over it."), "")
    return draft
