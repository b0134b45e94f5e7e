"""A full workbook needs two persons: asked for with a purpose, approved by a senior officer who did not ask (SD6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coi.accounts import requests
from coi.audit.chain import moment
from coi.audit.record import record
from coi.db import db
from coi.errors import NotPossible, Refused
from coi.exports import filters, queries
from coi.languages import LANGUAGES, clock
from coi.models import Export, ExportApproval, Request
from coi.notices import actions as notices
from coi.rules.permissions import SYSTEM, Actor, Permission
from coi.vocabulary import Event, JobEnd, JobState

FULL = "full_export"


def check(purpose: str, actor: Actor) -> None:
    """Raises Refused for who asks on the terminal, and beside the field for a purpose that is missing or too long."""
    if actor.person_id is None:
        raise Refused(_l("A full workbook is asked for on the page, by name, and approved there by a second person."), "kind")
    if not purpose.strip():
        raise Refused(_l("Write what the full workbook is for. The second person reads it."), "purpose")
    if len(purpose) > requests.LONGEST_REASON:
        raise Refused(_l("Use at most %(number)s characters.", number=requests.LONGEST_REASON), "purpose")


def ask(export: Export, purpose: str, actor: Actor, now: datetime) -> None:
    """Puts a full workbook before a second person; the job waits at once where the city's profile asks for none."""
    told = {"export": export.reference}
    if not requests.needs_second(FULL):
        told |= {"purpose": purpose}
    requests.ask(FULL, f"export:{export.reference}", told, purpose, actor, now)


def withdraw(export: Export, actor: Actor, now: datetime) -> None:
    """Who asked wants it no more: its request waits for nobody."""
    requests.withdraw(FULL, f"export:{export.reference}", actor, now)


def _run(told: Mapping[str, Any], request: Request | None, actor: Actor, now: datetime) -> None:
    export = queries.locked(str(told["export"]))
    if export is None or export.state is not JobState.ASKED or export.asked_by_id is None:
        raise NotPossible(_l("This workbook is not asked for any more."))
    two = request is not None
    seq = record(
        Event.EXPORT_APPROVED,
        actor,
        f"export:{export.reference}",
        now,
        request=request.reference if request else "",
        asked_by=export.asked_by,
        two_persons=two,
    )
    db.session.add(
        ExportApproval(
            export_id=export.id,
            asked_by_id=export.asked_by_id,
            approved_by_id=actor.person_id if two else None,
            request=request.reference if request else "",
            purpose=request.reason if request else str(told["purpose"]),
            at=now,
            seq=seq,
        )
    )
    export.state = JobState.WAITING
    db.session.flush()


def _say(told: Mapping[str, Any]) -> str:
    export = queries.by_reference(str(told["export"]))
    if export is None:
        return _briefly(told)
    lines = [
        _("Make a full workbook: %(reference)s", reference=export.reference),
        _("It shows restricted and confidential answers and the internal reasoning in words, to who asked."),
        _("Campaign: %(year)s", year=export.filters["campaign"] or _("All campaigns")),
        *(f"{label}: {words}" for label, words in filters.lines(export.filters)),
        _("As of: %(moment)s", moment=clock(moment(export.as_of))),
        _("Language: %(language)s", language=LANGUAGES[export.language]),
    ]
    return "\n".join(lines)


def _briefly(_told: Mapping[str, Any]) -> str:
    return _("Make a full workbook")


def _state(subject: str) -> str:
    """What a request is bound to: a workbook that was cancelled meanwhile can be approved by nobody."""
    export = queries.by_reference(subject.partition(":")[2])
    return export.state.value if export is not None else ""


def _lock(told: Mapping[str, Any]) -> object:
    return queries.locked(str(told["export"]))


def _refused(told: Mapping[str, Any], request: Request, now: datetime) -> None:
    """Who asked is told by letter; why stands on the card of the workbook."""
    export = queries.locked(str(told["export"]))
    if export is None or export.state is not JobState.ASKED:
        return
    export.state, export.because = JobState.CANCELLED, JobEnd.REFUSED.value
    record(Event.EXPORT_ENDED, SYSTEM, f"export:{export.reference}", now, because=JobEnd.REFUSED.value)
    asker = queries.person(export.asked_by_id)
    if asker is not None:
        notices.post("full_refused", asker, now, f"full_refused:{request.reference}", reference=export.reference)


requests.register(FULL, _run, _say, _state, brief=_briefly, lock=_lock, refused=_refused, right=Permission.EXPORT)
