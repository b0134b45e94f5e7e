"""Writes of gathering: a filing is put to a request, taken out again, and, when all its removals are ruled, let out (U64)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from coi.accounts.queries import holders
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import conflicts_with, facts_for
from coi.disclosures.official import is_official
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import day
from coi.models import Disclosure, Person, RecordsFiling, RecordsRelease, RecordsRequest
from coi.models.types import new_reference
from coi.notices import actions as notices
from coi.profiles.current import today
from coi.records import queries
from coi.records.queries import Far
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Event, JobState, Role


def gather(
    request: RecordsRequest, filings: Sequence[Disclosure], every_version: bool, actor: Actor, now: datetime
) -> list[RecordsFiling]:
    """Puts filings to a request with the newest version or with all there are; one that stands there already stays as it is."""
    db.session.refresh(request, with_for_update=True)
    if request.closed_seq is not None:
        raise NotPossible(_l("This request is answered."))
    if not filings:
        raise Refused(_l("Choose at least one filing."), "filings")
    there = {one.disclosure_id: one for one in request.filings}
    made = []
    for disclosure in filings:
        if not allows(actor, Permission.RECORDS_GATHER, facts_for(disclosure, actor)):
            raise Refused(
                _l("%(reference)s is not yours to gather: it is your own, or it is not signed.", reference=disclosure.reference),
                "filings",
            )
        known = there.get(disclosure.id)
        if known is not None and known.taken_out_seq is None:
            continue
        versions = list(range(1, disclosure.version + 1)) if every_version else [disclosure.version]
        told = {"disclosure": disclosure.reference, "versions": versions}
        seq = record(Event.RECORDS_GATHERED, actor, f"records:{request.reference}", now, **told)
        if known is not None:
            known.versions, known.taken_out_seq, known.seq, known.at = versions, None, seq, now
            made.append(known)
            continue
        one = RecordsFiling(
            disclosure_id=disclosure.id, filer_id=disclosure.filer_id, versions=versions, by_id=actor.person_id, at=now, seq=seq
        )
        request.filings.append(one)
        made.append(one)
    db.session.flush()
    for one in made:
        db.session.refresh(one)
        if not is_official(one.disclosure.form_id):
            _tell_ethics(request, one, now)
    return made


def _tell_ethics(request: RecordsRequest, one: RecordsFiling, now: datetime) -> None:
    """The reviewer of the filing, else the senior officers free of conflict, look what must be removed."""
    disclosure = one.disclosure
    seniors = holders({Role.SENIOR_OFFICER}, today(now))
    readers: list[Person] = [disclosure.reviewer] if disclosure.reviewer is not None else list(seniors)
    near = conflicts_with(disclosure.filer_id, [each.id for each in readers], disclosure)
    for each in readers:
        if each.id not in near:
            once = f"records_propose:{request.reference}:{disclosure.reference}:{one.seq}:{each.id}"
            told = {"filing": disclosure.reference, "until": LazyString(day, request.until)}
            notices.post("records_propose", each, now, once, reference=request.reference, **told)


def take_out(filing: RecordsFiling, actor: Actor, now: datetime) -> None:
    """Takes a filing out of a request before it went out; nothing is told to its filer."""
    _locked(filing, actor)
    if queries.far(filing) in (Far.OUT, Far.MAKING):
        raise NotPossible(_l("This filing went out already."))
    if filing.removals:
        raise NotPossible(_l("What is removed from this filing was proposed already: it stays in the request."))
    told = {"disclosure": filing.disclosure.reference}
    filing.taken_out_seq = record(Event.RECORDS_TAKEN_OUT, actor, f"records:{filing.request.reference}", now, **told)
    db.session.flush()


def release(filing: RecordsFiling, actor: Actor, now: datetime) -> RecordsRelease:
    """Lets a filing out whose removals are all ruled; the worker makes the copy. Pressed twice it is one release."""
    _locked(filing, actor)
    there = filing.release
    if there is not None and there.state not in (JobState.FAILED, JobState.CANCELLED):
        if there.by_id == actor.person_id:
            return there
        raise SomebodyWasFaster(_l("%(who)s released this already.", who=there.by.name))
    if queries.far(filing) is not Far.READY:
        raise NotPossible(_l("Not every removal of this filing is ruled yet."))
    if filing.request.closed_seq is not None:
        raise NotPossible(_l("This request is answered."))
    reference = there.reference if there is not None else new_reference(f"REL-{today(now).year}")
    told = {"disclosure": filing.disclosure.reference, "release": reference}
    seq = record(Event.RECORDS_RELEASE_ASKED, actor, f"records:{filing.request.reference}", now, **told)
    if there is not None:
        there.state, there.error, there.claimed_at, there.seq = JobState.WAITING, "", None, seq
        db.session.flush()
        return there
    who = {"filer_id": filing.filer_id, "by_id": actor.person_id}
    made = RecordsRelease(reference=reference, at=now, seq=seq, **who)
    filing.release = made
    db.session.flush()
    return made


def _locked(filing: RecordsFiling, actor: Actor) -> None:
    db.session.refresh(filing, with_for_update=True)
    if not allows(actor, Permission.RECORDS_GATHER, facts_for(filing.disclosure, actor)):
        raise NotPossible(_l("You may not do this with this filing."))


def begin(one: RecordsRelease, now: datetime) -> None:
    """Claims the job."""
    one.state, one.claimed_at, one.error = JobState.RUNNING, now, ""


def finish(one: RecordsRelease, sha256: str, size: int, actor: Actor, now: datetime) -> None:
    """The copy is whole and on disk; the person concerned is told what went out, but not of the State's form (U64)."""
    filing = one.filing
    disclosure, request = filing.disclosure, filing.request
    one.state, one.finished_at, one.sha256, one.size_bytes = JobState.DONE, now, sha256, size
    one.removed = queries.removed_of(filing)
    told = {"disclosure": disclosure.reference, "release": one.reference, "removed": one.removed, "sha256": sha256}
    one.done_seq = record(Event.RECORDS_RELEASED, actor, f"records:{request.reference}", now, **told)
    if not is_official(disclosure.form_id):
        filer = db.session.get_one(Person, filing.filer_id)
        versions = ", ".join(str(number) for number in filing.versions)
        letter = {"reference": disclosure.reference, "release": one.reference, "versions": versions, "removed": one.removed}
        notices.post("records_released", filer, now, f"records_released:{one.reference}", **letter)


def fail(one: RecordsRelease, why: str) -> None:
    """The job ended without a file; it can be released again."""
    one.state, one.error = JobState.FAILED, why[:500]
