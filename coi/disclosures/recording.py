"""Builds the record of one signature from the draft, what the form made of it, and the act of signing; writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from coi.audit.chain import stamp
from coi.db import db
from coi.disclosures import queries
from coi.disclosures.record import FORMAT, asked, time_of, words
from coi.models import Account, Disclosure, Draft, Person, PolicyVersion
from coi.profiles.current import today
from coi.rules.completeness import Evaluation, say
from coi.rules.form import Form
from coi.rules.permissions import Actor
from coi.vocabulary import Receipt


@dataclass(frozen=True)
class Signature:
    """The act of signing as the page saw it; `revision` is the draft's as reviewed, `signed_at` only for imports and paper.

    `paper` is what the record says of a paper form: who typed it when, when it was received; `received_at` is what counts.
    """

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
    received_at: datetime | None = None
    paper: Mapping[str, Any] | None = None

    @property
    def bare(self) -> bool:
        """Imported from a file: answers and a name, without a box that was ticked here and without policies."""
        return self.imported and self.paper is None


def record_of(
    disclosure: Disclosure,
    draft: Draft,
    form: Form,
    found: Evaluation,
    due: Sequence[PolicyVersion],
    signature: Signature,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Everything that the signature stands on, but the version's number and the hash of the one before."""
    at, language = signature.signed_at or now, signature.language
    setting = found.setting
    questionnaire = draft.questionnaire
    boxes = queries.wording(form, found.shown, setting, language)
    from_paper = {"paper": dict(signature.paper)} if signature.paper is not None else {}
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
        **from_paper,
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
        "method": f"{method}+desk_code" if by_desk and not signature.imported else method,
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
