"""All writes about certified case files: asked for, approved, begun under the chain's lock, finished, told to the filer (U63)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.accounts import requests
from coi.audit.actions import make_checkpoint
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.casefiles import queries
from coi.casefiles.proof import statement_sha256
from coi.db import db
from coi.disclosures.facts import conflicts_with, facts_for
from coi.errors import NotPossible, Refused
from coi.languages import LANGUAGES
from coi.models import CaseFile, Disclosure, Person, Request
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import CasePurpose, Event, JobState

ACTION = "case_file"


def ask(
    disclosure: Disclosure, purpose: CasePurpose, language: str, reason: str, actor: Actor, now: datetime
) -> Request | CaseFile | None:
    """A senior officer free of conflict asks for one case as one file; the same again gives the file that there is.

    Raises NotPossible where it is not theirs to ask, or was asked already and waits; Refused beside the field.
    """
    db.session.refresh(disclosure, with_for_update=True)
    if not allows(actor, Permission.CASE_FILE, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    if language not in LANGUAGES:
        raise Refused(_l("Choose one of the languages offered."), "language")
    there = queries.same_request(disclosure, purpose, language, reason, actor)
    if there is not None:
        return there
    told = {"reference": disclosure.reference, "purpose": purpose.value, "language": language}
    return requests.ask(ACTION, f"disclosure:{disclosure.reference}", told, reason, actor, now, alone=False)


def _found(told: Mapping[str, Any], lock: bool = False) -> Disclosure | None:
    wanted = select(Disclosure).where(Disclosure.reference == str(told["reference"]))
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def _run(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    disclosure = _found(told, lock=True)
    if disclosure is None or request is None or request.asked_by_id is None or actor.person_id is None:
        raise NotPossible(_l("A certified case file needs two persons."))
    if not allows(actor, Permission.CASE_FILE_SECOND, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))
    if conflicts_with(disclosure.filer_id, [request.asked_by_id], disclosure).get(request.asked_by_id):
        raise NotPossible(_l("Who asked this has come into a conflict with the filer. It must be asked again by somebody else."))
    purpose, reference = CasePurpose(str(told["purpose"])), new_reference(f"CASE-{today(now).year}")
    seq = record(
        Event.CASE_FILE_ASKED,
        actor,
        f"case_file:{reference}",
        now,
        disclosure=disclosure.reference,
        version=disclosure.version,
        purpose=purpose.value,
        because=sha256(request.reason),
        request=request.reference,
        asked_by=request.asked_by,
    )
    case = {"disclosure_id": disclosure.id, "filer_id": disclosure.filer_id, "version": disclosure.version}
    who = {"asked_by_id": request.asked_by_id, "approved_by_id": actor.person_id, "request": request.reference}
    words = {"purpose": purpose, "reason": request.reason, "language": str(told["language"])}
    db.session.add(CaseFile(reference=reference, at=now, seq=seq, **case, **who, **words))
    db.session.flush()


def begin(one: CaseFile, actor: Actor, now: datetime) -> dict[str, Any]:
    """Claims the job and signs how long the log is: the file holds what was written up to there; gives the checkpoint."""
    one.state, one.claimed_at, one.error = JobState.RUNNING, now, ""
    db.session.flush()
    return make_checkpoint(ACTION, actor, now)


def finish(one: CaseFile, statement: Mapping[str, Any], size: int, actor: Actor, now: datetime) -> None:
    """The file is whole and on disk: from here on it is on offer, and its proof stands in the log."""
    one.state, one.finished_at, one.size_bytes = JobState.DONE, now, size
    one.sha256, one.statement, one.through = statement["pdf"]["sha256"], dict(statement), int(statement["as_of"])
    told = {"disclosure": one.disclosure.reference, "version": one.version, "sha256": one.sha256}
    told |= {"size": one.through, "head": statement["head"], "statement": statement_sha256(statement)}
    one.done_seq = record(Event.CASE_FILE_MADE, actor, f"case_file:{one.reference}", now, **told)
    notices.post("case_file_done", one.asked_by, now, f"case_file:{one.reference}:done", reference=one.reference)


def fail(one: CaseFile, why: str) -> None:
    """The job ended without a file; it can be asked for again."""
    one.state, one.error = JobState.FAILED, why[:500]


def give_up(one: CaseFile) -> None:
    """Who asked may not have it any more (SD10)."""
    one.state, one.error = JobState.CANCELLED, "right_ended"


def tell(one: CaseFile, now: datetime) -> None:
    """The filer learns that the file was made, by whose will and what for; once."""
    one.told_at = now
    filer = db.session.get_one(Person, one.filer_id)
    told = {"reference": one.disclosure.reference, "who": one.asked_by.name, "other": one.approved_by.name}
    notices.post("case_file_made", filer, now, f"case_file:{one.reference}:filer", purpose=one.purpose.label, **told)


def _say(told: Mapping[str, Any]) -> str:
    disclosure, purpose = _found(told), CasePurpose(str(told["purpose"]))
    about = disclosure.filer.name if disclosure is not None else ""
    return "\n".join(
        [
            _("Make one certified file of the case %(reference)s", reference=told["reference"]),
            about,
            _("What for: %(purpose)s", purpose=purpose.label),
            _("It holds every version, paper, message, note and decision. Only who asked gets it."),
        ]
    )


def _briefly(_told: Mapping[str, Any]) -> str:
    """What a letter says: not whose filing, for letters are listed to every senior officer."""
    return _("Make one certified file of a case")


def _version(subject: str) -> str:
    """What a request is bound to: the filing in the version that it had."""
    reference = subject.partition(":")[2]
    return str(db.session.scalar(select(Disclosure.version).where(Disclosure.reference == reference)) or "")


def _barred(told: Mapping[str, Any], person_id: int) -> bool:
    """The filer, and everybody with a conflict with the filer, neither reads nor decides it, nor gets its letter."""
    disclosure = _found(told)
    return disclosure is None or bool(conflicts_with(disclosure.filer_id, [person_id], disclosure).get(person_id))


def _look(told: Mapping[str, Any]) -> str:
    return url_for("review.show", reference=told["reference"])


def _lock(told: Mapping[str, Any]) -> object:
    return _found(told, lock=True)


requests.register(
    ACTION, _run, _say, _version, brief=_briefly, lock=_lock, look=_look, barred=_barred, right=Permission.CASE_FILES
)
