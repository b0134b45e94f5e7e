"""Signing: one immutable version for one key, with its record, flags, interests and all that follows from it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.attachments import covering
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.campaigns.entering import due_when_signed
from coi.campaigns.event_days import days_in
from coi.campaigns.obligations import ByForm, as_listed, make_obligation, settle
from coi.db import db
from coi.disclosures import carried, queries
from coi.disclosures.actions import draft_to_write, lock
from coi.disclosures.carrying import Standing
from coi.disclosures.interests import flags_and_interests
from coi.disclosures.moving_on import move_on
from coi.disclosures.official import is_official
from coi.disclosures.record import text_of
from coi.disclosures.recording import Signature, record_of
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import Confirmation, Disclosure, DisclosureVersion, Draft, Obligation, PolicyVersion
from coi.notices import actions as notices
from coi.policies import actions as policies
from coi.profiles.current import today
from coi.questionnaires.queries import form_of
from coi.rules.answers import SPACES
from coi.rules.completeness import Evaluation, evaluate
from coi.rules.form import Form
from coi.rules.lifecycle import possible
from coi.rules.permissions import Actor
from coi.vendors.matches import match_version
from coi.vocabulary import Action, Event, Kind, Receipt, State

LONGEST_NAME = 200
LONGEST_KEY = 60
LONGEST_OBJECTION = 10_000
BLANKS = SPACES + "\u200c\u200d\u2060\ufeff"


class FaultsRemain(Refused):
    """The form is not complete: `evaluation` holds the faults, `policies` and `entries` of which nothing is said."""

    def __init__(
        self, evaluation: Evaluation | None, open_policies: Sequence[PolicyVersion], open_entries: Sequence[Standing] = ()
    ) -> None:
        super().__init__(_l("Some answers are missing or need another look. Nothing was signed yet."))
        self.evaluation = evaluation
        self.policies = list(open_policies)
        self.entries = list(open_entries)


def sign(disclosure: Disclosure, signature: Signature, actor: Actor, now: datetime) -> DisclosureVersion:
    """Signs the draft; the same key again gives the same version. Raises FaultsRemain, Refused, SomebodyWasFaster."""
    key = key_of(disclosure, signature)
    lock(disclosure, actor)
    made = _made_with(key)
    if made is not None:
        return made
    draft = draft_to_write(disclosure)
    _check_act(signature, draft)
    at = signature.signed_at or now
    form, on = form_of(draft.questionnaire), today(at)
    if not signature.imported:
        draft.filer = _as_listed(disclosure, draft, form, on)
    answers = queries.agreeing(form, draft.answers) if signature.agreed and not signature.bare else draft.answers
    found = evaluate(form, answers, queries.setting_of(draft, on))
    due = [] if signature.bare else _to_say(disclosure, draft, signature, now)
    open_policies = [version for version in due if not _is_said(draft.policies.get(str(version.id)))]
    before = [] if signature.imported else carried.standings_of(draft, queries.setting_of(draft, on), found)
    open_entries = [one for one in before if one.fault]
    if found.faults or open_policies or open_entries:
        raise FaultsRemain(found, open_policies, open_entries)
    _lock_obligations(disclosure)
    by_form = ByForm(form.id, found.due, days_in(form, found.signed))
    _owe_unasked(disclosure, form, found, by_form, actor, now)
    action = Action.SUBMIT if Action.SUBMIT in possible(disclosure.state) else Action.CORRECT
    version = _write(disclosure, draft, form, found, due, before, signature, key, actor, now)
    due_when_signed(disclosure, by_form, version.seq, now)
    move_on(disclosure, version, found, action, draft.because, actor, now)
    _settle(disclosure, version, draft, due, actor, now, signature.received_at or version.signed_at)
    db.session.delete(draft)
    db.session.flush()
    return version


def _as_listed(disclosure: Disclosure, draft: Draft, form: Form, on: date) -> dict[str, Any]:
    """The filer of a first signature, with the jobs of the first campaign taken as held before it (U23); else as they stand."""
    if disclosure.version:
        return dict(draft.filer)
    owed = db.session.get(Obligation, disclosure.obligation_id) if disclosure.obligation_id is not None else None
    codes = form.filer_attributes.get("job_approval") or ()
    return as_listed(draft.filer, codes, owed, disclosure.campaign, on)


def confirm_imported(
    disclosure: Disclosure, receipts: Mapping[str, Any], signature: Signature, actor: Actor, now: datetime
) -> DisclosureVersion:
    """The person says that what the office imported is what they filed, and signs the policies that stayed open."""
    db.session.refresh(disclosure, with_for_update=True)
    version = queries.version_of(disclosure)
    if actor.person_id != disclosure.filer_id or version is None:
        raise NotPossible(_l("You may not do this with this filing."))
    if version.confirmed_seq is not None or not version.imported:
        return version
    _check_name(signature)
    due = queries.policies_due(disclosure, version.filer, today(now))
    open_policies = [one for one in due if not _is_said(receipts.get(str(one.id)))]
    if open_policies:
        raise FaultsRemain(None, open_policies)
    seq = record(Event.DISCLOSURE_CONFIRMED, actor, _subject(disclosure), now, version=version.number, sha256=version.sha256)
    version.confirmed_seq = seq
    db.session.add(
        Confirmation(
            version_id=version.id,
            typed_name=signature.signed_name,
            language=signature.language,
            method=signature.method[:40],
            at=now,
            seq=seq,
        )
    )
    policies.sign(version, {one: receipts[one] for one in (str(each.id) for each in due)}, actor, now)
    _receipt_letter(disclosure, version, now)
    db.session.flush()
    return version


def key_of(disclosure: Disclosure, signature: Signature) -> str:
    """The key as kept: it counts for this filing alone, so that nobody can take another's."""
    given = signature.idempotency_key.strip()
    if not given or len(given) > LONGEST_KEY or not given.isascii() or not given.isprintable():
        raise Refused(_l("This page is too old. Load it again; what you typed is kept."))
    return given if signature.imported else f"{disclosure.reference}:{given}"


def _made_with(key: str) -> DisclosureVersion | None:
    return db.session.scalar(select(DisclosureVersion).where(DisclosureVersion.idempotency_key == key))


def _check_act(signature: Signature, draft: Draft) -> None:
    if signature.revision is not None and signature.revision != draft.revision:
        raise SomebodyWasFaster(_l("This form was changed in another window after you reviewed it. Please look at it once more."))
    if not signature.agreed:
        raise Refused(_l("Tick the box to sign."), "agreed")
    _check_name(signature)


def _check_name(signature: Signature) -> None:
    """Taken as typed, never compared with the roster (U27); only nothing at all is no name."""
    if not signature.signed_name.strip(BLANKS):
        raise Refused(_l("Type your name."), "signed_name")
    if len(signature.signed_name) > LONGEST_NAME:
        raise Refused(_l("Please use at most 200 characters for your name."), "signed_name")


def _to_say(disclosure: Disclosure, draft: Draft, signature: Signature, now: datetime) -> list[PolicyVersion]:
    """The policies of this signature; what a paper says nothing about stays open until its person confirms."""
    due = queries.policies_due(disclosure, draft.filer, today(now))
    return due if signature.paper is None else [one for one in due if (draft.policies.get(str(one.id)) or {}).get("receipt")]


def _is_said(told: Any) -> bool:
    if not isinstance(told, Mapping) or told.get("receipt") not in set(Receipt):
        return False
    objection = str(told.get("objection") or "")
    if told["receipt"] == Receipt.OBJECTION and not objection.strip(BLANKS):
        return False
    return len(objection) <= LONGEST_OBJECTION


def _lock_obligations(disclosure: Disclosure) -> None:
    """Rows first, the chain last: settling changes these (DESIGN 2)."""
    owed = select(Obligation.id).where(Obligation.person_id == disclosure.filer_id).order_by(Obligation.id)
    db.session.execute(owed.with_for_update()).all()


def _owe_unasked(disclosure: Disclosure, form: Form, found: Evaluation, by_form: ByForm, actor: Actor, now: datetime) -> None:
    """A gift or a change that nobody asked for becomes something owed at the moment it is filed, so that it is counted."""
    if disclosure.obligation_id is not None or disclosure.kind is Kind.ANNUAL:
        return
    owed = make_obligation(
        disclosure.filer,
        disclosure.kind,
        disclosure.reference,
        now,
        actor=actor,
        event_on=event_of(disclosure.kind, form, found.signed),
        reporting_year=disclosure.reporting_year,
        because="filed",
        by_form=by_form,
    )
    disclosure.obligation_id = next((one.id for one in owed if one.form_id == disclosure.form_id), None)


def event_of(kind: Kind, form: Form, signed: Mapping[str, Any]) -> date | None:
    """The day from which the due date counts: the day of the change, or of the earliest gift."""
    if kind is not Kind.GIFT:
        told = signed.get("event_date")
        return date.fromisoformat(told) if isinstance(told, str) else None
    lists = [ask for ask in form.by_id.values() if ask.entries is not None and isinstance(signed.get(ask.id), list)]
    days = [
        entry[one.id]
        for ask in lists
        for one in (ask.entries.fields if ask.entries else ())
        for entry in signed[ask.id]
        if one.type == "date" and one.id in entry
    ]
    return date.fromisoformat(min(days)) if days else None


def _write(
    disclosure: Disclosure,
    draft: Draft,
    form: Form,
    found: Evaluation,
    due: Sequence[PolicyVersion],
    before: Sequence[Standing],
    signature: Signature,
    key: str,
    actor: Actor,
    now: datetime,
) -> DisclosureVersion:
    previous = queries.version_of(disclosure) if disclosure.version else None
    number = disclosure.version + 1
    told = record_of(disclosure, draft, form, found, due, signature, actor, now)
    told["version"], told["previous"] = number, previous.sha256 if previous else ""
    papers = covering.of_draft(disclosure, found.signed)
    if papers:
        told["attachments"] = covering.as_recorded(papers)
    if carried.said_in(before):
        told["carried"] = carried.as_recorded(
            before, form, signature.language, queries.setting_of(draft, today(signature.signed_at or now))
        )
    text = text_of(told)
    digest = sha256(text)
    details: dict[str, Any] = {
        "version": number,
        "sha256": digest,
        "form": disclosure.form_id,
        "kind": disclosure.kind.value,
        "risk": found.risk.value,
        "flags": len(found.flags),
        "signature": told["sign_in"]["method"],
    }
    if previous is None:
        seq = record(Event.DISCLOSURE_SUBMITTED, actor, _subject(disclosure), now, imported=signature.imported, **details)
    else:
        because = sha256(draft.because) if draft.because else ""
        seq = record(
            Event.DISCLOSURE_CORRECTED, actor, _subject(disclosure), now, previous=previous.sha256, because=because, **details
        )
    version = DisclosureVersion(
        disclosure_id=disclosure.id,
        number=number,
        questionnaire_id=draft.questionnaire_id,
        record=text,
        sha256=digest,
        answers=found.signed,
        filer=dict(draft.filer),
        language=signature.language,
        signed_at=signature.signed_at or now,
        signed_name=signature.signed_name,
        because=draft.because,
        nil=found.nil,
        not_checked=list(found.not_checked),
        imported=signature.imported,
        idempotency_key=key,
        seq=seq,
    )
    db.session.add(version)
    db.session.flush()
    covering.cover(version, disclosure, papers, actor, now)
    carried.keep_with(version, before)
    flags_and_interests(version, form, found)
    match_version(version)
    disclosure.imported = disclosure.imported or signature.imported
    return version


def _settle(
    disclosure: Disclosure,
    version: DisclosureVersion,
    draft: Draft,
    due: Sequence[PolicyVersion],
    actor: Actor,
    now: datetime,
    counts_at: datetime,
) -> None:
    if due:
        policies.sign(version, {str(one.id): draft.policies[str(one.id)] for one in due}, actor, now)
    if version.imported or not is_official(disclosure.form_id):
        settle(disclosure, actor, counts_at, version.seq)
    if not version.imported:
        _receipt_letter(disclosure, version, now)


def _receipt_letter(disclosure: Disclosure, version: DisclosureVersion, now: datetime) -> None:
    once = f"receipt:{disclosure.reference}:{version.number}"
    kind = "receipt_on_paper" if is_official(disclosure.form_id) else "receipt"
    if kind == "receipt" and disclosure.state is State.DECIDED and not version.imported:
        kind = "receipt_by_rule"  # nobody reads it: the letter names the rule
    notices.post(kind, disclosure.filer, now, once, reference=disclosure.reference)


def _subject(disclosure: Disclosure) -> str:
    return f"disclosure:{disclosure.reference}"
