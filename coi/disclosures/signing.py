"""Signing: one immutable version for one key, with its record, flags, interests and all that follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.audit.chain import sha256, stamp
from coi.audit.record import record
from coi.campaigns import actions as campaigns
from coi.db import db
from coi.disclosures import queries
from coi.disclosures.actions import locked_draft
from coi.disclosures.moving_on import move_on
from coi.disclosures.record import FORMAT, asked, text_of, time_of, words
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import Account, Disclosure, DisclosureVersion, Draft, Flag, Interest, Obligation, Person, PolicyVersion
from coi.notices import actions as notices
from coi.policies import actions as policies
from coi.profiles.current import today
from coi.questionnaires.queries import form_of
from coi.rules.answers import SPACES
from coi.rules.completeness import Evaluation, evaluate, say
from coi.rules.form import Ask, Form
from coi.rules.lifecycle import possible
from coi.rules.permissions import Actor
from coi.vocabulary import Action, Event, Receipt, Risk

LONGEST_NAME = 200
LONGEST_KEY = 60
LONGEST_OBJECTION = 10_000
BLANKS = SPACES + "\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True)
class Signature:
    """The act of signing as the page saw it; `revision` is the draft's as reviewed, `signed_at` only for imports of paper."""

    signed_name: str
    agreed: bool
    idempotency_key: str
    language: str
    method: str = ""
    signed_in_at: datetime | None = None
    address: str = ""
    agent: str = ""
    button: str = ""
    request_id: str = ""
    revision: int | None = None
    signed_at: datetime | None = None
    imported: bool = False


class FaultsRemain(Refused):
    """The form is not complete: `evaluation` holds the faults, `policies` the versions about which nothing is said."""

    def __init__(self, evaluation: Evaluation | None, open_policies: Sequence[PolicyVersion]) -> None:
        super().__init__(_l("Some answers are missing or need another look. Nothing was signed yet."))
        self.evaluation = evaluation
        self.policies = list(open_policies)


def sign(disclosure: Disclosure, signature: Signature, actor: Actor, now: datetime) -> DisclosureVersion:
    """Signs the draft; the same key again gives the same version. Raises FaultsRemain, Refused, SomebodyWasFaster."""
    key = key_of(disclosure, signature)
    made = _made_with(key)
    if made is None:
        db.session.refresh(disclosure, with_for_update=True)
        made = _made_with(key)
    if made is not None:
        return made
    draft = locked_draft(disclosure, actor)
    _check_act(signature, draft)
    at = signature.signed_at or now
    form, on = form_of(draft.questionnaire), today(at)
    answers = queries.agreeing(form, draft.answers) if signature.agreed and not signature.imported else draft.answers
    found = evaluate(form, answers, queries.setting_of(draft, on))
    due = [] if signature.imported else queries.policies_due(disclosure, draft.filer, today(now))
    open_policies = [version for version in due if not _is_said(draft.policies.get(str(version.id)))]
    if found.faults or open_policies:
        raise FaultsRemain(found, open_policies)
    _lock_obligations(disclosure)
    action = Action.SUBMIT if Action.SUBMIT in possible(disclosure.state) else Action.CORRECT
    version = _write(disclosure, draft, form, found, due, signature, key, actor, now)
    move_on(disclosure, version, found, action, draft.because, actor, now)
    _settle(disclosure, version, draft, due, actor, now)
    db.session.delete(draft)
    db.session.flush()
    return version


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


def _write(
    disclosure: Disclosure,
    draft: Draft,
    form: Form,
    found: Evaluation,
    due: Sequence[PolicyVersion],
    signature: Signature,
    key: str,
    actor: Actor,
    now: datetime,
) -> DisclosureVersion:
    previous = queries.version_of(disclosure) if disclosure.version else None
    number = disclosure.version + 1
    told = _record(disclosure, draft, form, found, due, signature, actor, now)
    told["version"], told["previous"] = number, previous.sha256 if previous else ""
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
    _flags_and_interests(version, form, found)
    disclosure.imported = disclosure.imported or signature.imported
    return version


def _record(
    disclosure: Disclosure,
    draft: Draft,
    form: Form,
    found: Evaluation,
    due: Sequence[PolicyVersion],
    signature: Signature,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    at, language = signature.signed_at or now, signature.language
    setting = queries.setting_of(draft, today(at))
    questionnaire = draft.questionnaire
    boxes = queries.wording(form, found.shown, setting, language)
    own_wording = any(box.id in found.shown for box in queries.signing_boxes(form))
    return {
        "format": FORMAT,
        "reference": disclosure.reference,
        "because": draft.because,
        "imported": signature.imported,
        "person": _person(db.session.get_one(Person, disclosure.filer_id), actor),
        "sign_in": _sign_in(signature, actor),
        "form": {
            "id": form.id,
            "version": questionnaire.version,
            "number": questionnaire.number,
            "sha256": questionnaire.sha256,
            "language": language,
            "title": say(form.title, language, form, setting),
            "kind": disclosure.kind.value,
            "reporting_year": disclosure.reporting_year,
            "signed_on": today(at).isoformat(),
            "filer": dict(draft.filer),
        },
        "asked": asked(form, found.shown, language, setting),
        "shown": sorted(found.shown),
        "reported": {question: list(numbers) for question, numbers in found.reportable.items()},
        "not_checked": list(found.not_checked),
        "answers": found.signed,
        "policies": [_policy(one, draft.policies[str(one.id)], language) for one in due],
        "attestation": {
            "text": boxes,
            "language": language,
            "version": questionnaire.version if own_wording else queries.HOUSE_WORDING_VERSION,
        },
        "act": {"agreed": signature.agreed, "typed_name": signature.signed_name, "button": signature.button},
        "time": time_of(at),
        "origin": {"address": signature.address, "agent": signature.agent[:500]},
        "request": {"idempotency_key": signature.idempotency_key, "request_id": signature.request_id},
        "words": words(language),
    }


def _person(person: Person, actor: Actor) -> dict[str, Any]:
    return {
        "id": person.id,
        "number": person.number or "",
        "name": person.name,
        "title": person.title,
        "department": person.department,
        "group": person.group,
        "roles": sorted(role.value for role in actor.roles) if actor.person_id == person.id else [],
    }


def _sign_in(signature: Signature, actor: Actor) -> dict[str, Any]:
    """How the signer came in; a passphrase set with a code from the desk says so (U1)."""
    by_desk = db.session.scalar(select(Account.last_code_by_desk).where(Account.person_id == actor.person_id)) or False
    method = signature.method or ("imported" if signature.imported else "unknown")
    return {
        "actor": actor.name,
        "method": f"{method}, desk code" if by_desk and not signature.imported else method,
        "factors": ["passphrase"] if method == "passphrase" else [],
        "subject": "",
        "at": stamp(signature.signed_in_at) if signature.signed_in_at else "",
    }


def _policy(version: PolicyVersion, told: Mapping[str, str], language: str) -> dict[str, str]:
    return {
        "policy": version.policy_id,
        "version": version.version,
        "sha256": version.sha256,
        "title": version.title.get(language) or version.title["en"],
        "receipt": told["receipt"],
        "objection": told.get("objection", "") if told["receipt"] == Receipt.OBJECTION else "",
    }


def _flags_and_interests(version: DisclosureVersion, form: Form, found: Evaluation) -> None:
    highest: dict[tuple[str, int | None], Risk] = {}
    for flag in found.flags:
        place = (flag.question, flag.entry)
        highest[place] = max(highest.get(place, Risk.NONE), Risk(flag.risk), key=lambda risk: risk.rank)
        db.session.add(
            Flag(
                version_id=version.id,
                risk=Risk(flag.risk),
                reason=flag.reason,
                question_id=flag.question,
                entry_number=flag.entry,
                entry_key=entry_key(found.signed, flag.question, flag.entry),
                matched=[dict(one) for one in flag.matched],
                route=flag.route or "",
                seq=version.seq,
            )
        )
    for question, number in interests_of(form, found):
        db.session.add(
            Interest(
                version_id=version.id,
                question_id=question,
                entry_number=number,
                entry_key=entry_key(found.signed, question, number),
                party=party_of(form.question(question), found.signed, number),
                risk=highest.get((question, number), Risk.NONE),
                seq=version.seq,
            )
        )
    db.session.flush()


def interests_of(form: Form, found: Evaluation) -> list[tuple[str, int | None]]:
    """Every reported entry of a list, and every question outside lists that raised a flag, in the order of the form."""
    flagged = {flag.question for flag in found.flags if flag.entry is None}
    interests: list[tuple[str, int | None]] = []
    for section in form.sections:
        for question in section.questions:
            if question.type == "entries":
                interests += [(question.id, number) for number in found.reportable.get(question.id, ())]
            elif question.id in flagged:
                interests.append((question.id, None))
    return interests


def entry_key(signed: Mapping[str, Any], question: str, number: int | None) -> str:
    """The key of an entry in what was signed."""
    if number is None:
        return ""
    return str(signed[question][number].get("_key", ""))


def party_of(question: Ask, signed: Mapping[str, Any], number: int | None) -> str:
    """The name of who an interest is about: the first field that is looked up in a list, else the first text."""
    if number is None or question.entries is None:
        return ""
    entry = signed[question.id][number]
    texts = [one for one in question.entries.fields if one.type in ("text", "address")]
    for one in sorted(texts, key=lambda field: not field.match):
        told = entry.get(one.id)
        name = told.get("text", "") if isinstance(told, Mapping) else told
        if name:
            return str(name)[:500]
    return ""


def _settle(
    disclosure: Disclosure, version: DisclosureVersion, draft: Draft, due: Sequence[PolicyVersion], actor: Actor, now: datetime
) -> None:
    if due:
        policies.sign(version, {str(one.id): draft.policies[str(one.id)] for one in due}, actor, now)
    campaigns.settle(disclosure, actor, now, version.seq)
    if not version.imported:
        _receipt_letter(disclosure, version, now)


def _receipt_letter(disclosure: Disclosure, version: DisclosureVersion, now: datetime) -> None:
    once = f"receipt:{disclosure.reference}:{version.number}"
    notices.post("receipt", disclosure.filer, now, once, reference=disclosure.reference)


def _subject(disclosure: Disclosure) -> str:
    return f"disclosure:{disclosure.reference}"
