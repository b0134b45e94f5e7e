"""Questions about forms, published and being written; a published version never changes, so its compiled form is kept."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from coi.audit.queries import names_of
from coi.audit.words import by_whom
from coi.db import db
from coi.models import AuditEntry, Disclosure, DisclosureVersion, Draft, DraftMove, Questionnaire, QuestionnaireDraft, Request
from coi.rules.form import Form
from coi.rules.permissions import Facts
from coi.vocabulary import RequestState

MOST_KEPT = 64
_kept: "OrderedDict[str, Form]" = OrderedDict()
_lock = Lock()


def newest(form_id: str) -> Questionnaire | None:
    """The version of a form that is filed now, or None when it was never published."""
    found = db.session.scalar(
        select(Questionnaire.id).where(Questionnaire.form_id == form_id).order_by(Questionnaire.number.desc()).limit(1)
    )
    # A form is 100 kB of data: a session that holds it already does not read it again.
    return db.session.get(Questionnaire, found) if found is not None else None


def newest_to_file(form_id: str) -> Questionnaire | None:
    """The same for a draft that is about to begin: nobody publishes the next version before the draft is kept."""
    found = newest(form_id)
    if found is None:
        return None
    db.session.execute(select(Questionnaire.id).where(Questionnaire.id == found.id).with_for_update(read=True)).all()
    return newest(form_id)


def published() -> list[Questionnaire]:
    """Every published version, the newest of each form first."""
    return list(db.session.scalars(select(Questionnaire).order_by(Questionnaire.form_id, Questionnaire.number.desc())))


def next_number(form_id: str) -> int:
    """The number that the next version of a form gets."""
    last = db.session.scalar(select(func.max(Questionnaire.number)).where(Questionnaire.form_id == form_id))
    return (last or 0) + 1


def form_of(questionnaire: Questionnaire) -> Form:
    """The compiled form of a version: made once for this process, found again by what it says."""
    # By its hash and not its id: a database that is restored may give the id to another form. The data itself decides.
    key = f"{questionnaire.sha256}:{questionnaire.form_id}"
    with _lock:
        form = _kept.get(key)
        if form is not None and form.content == questionnaire.content:
            _kept.move_to_end(key)
            return form
    form = Form.from_content(questionnaire.content)
    with _lock:
        _kept[key] = form
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return form


@dataclass(frozen=True)
class Published:
    """One published version without its data: who asked for it, who approved it, how many signed it."""

    id: int
    form_id: str
    number: int
    version: str
    change: str
    sha256: str
    published_at: datetime
    asked_by: str
    approved_by: str
    signed: int
    drafts: int


VERSION = (
    *(Questionnaire.id, Questionnaire.form_id, Questionnaire.number, Questionnaire.version, Questionnaire.change),
    *(Questionnaire.sha256, Questionnaire.published_at, Questionnaire.seq),
)


def versions_of(form_id: str) -> list[Published]:
    """Every version of a form, the newest first."""
    rows = db.session.execute(
        select(*VERSION).where(Questionnaire.form_id == form_id).order_by(Questionnaire.number.desc())
    ).all()
    ids = [row.id for row in rows]
    signed = _counted(DisclosureVersion.questionnaire_id, ids)
    open_drafts = _counted(Draft.questionnaire_id, ids)
    who = _who([row.seq for row in rows])
    return [
        Published(
            *row[:7],
            *who.get(row.seq, ("", "")),
            signed=signed.get(row.id, 0),
            drafts=open_drafts.get(row.id, 0),
        )
        for row in rows
    ]


def _counted(column: Any, ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(select(column, func.count()).where(column.in_(ids)).group_by(column))
    return {row[0]: row[1] for row in rows}


def _who(seqs: list[int]) -> dict[int, tuple[str, str]]:
    """Who asked for and who published each version: names, or the codes of operators and the system."""
    entries = db.session.execute(
        select(AuditEntry.seq, AuditEntry.actor, AuditEntry.details).where(AuditEntry.seq.in_(seqs))
    ).all()
    named = {entry.seq: str(json.loads(entry.details).get("request") or "") for entry in entries}
    asked_for = {
        one.reference: one
        for one in db.session.scalars(
            select(Request)
            .where(Request.reference.in_([name for name in named.values() if name]))
            .options(joinedload(Request.asker))
        )
    }
    names = names_of(entry.actor for entry in entries)
    told = {}
    for entry in entries:
        by = by_whom(entry.actor, names)
        request = asked_for.get(named[entry.seq])
        if request is None:
            told[entry.seq] = (by, "")
        else:
            asker = {request.asked_by: request.asker.name} if request.asker else {}
            told[entry.seq] = (by_whom(request.asked_by, asker), by)
    return told


def library() -> list[Questionnaire]:
    """The newest version of every form, by the form's id."""
    newest_of = select(func.max(Questionnaire.id)).group_by(Questionnaire.form_id)
    return list(db.session.scalars(select(Questionnaire).where(Questionnaire.id.in_(newest_of)).order_by(Questionnaire.form_id)))


def form_by_id(form_id: str) -> tuple[Questionnaire, Facts] | None:
    """The newest version of a form, for its page."""
    found = newest(form_id)
    return (found, Facts()) if found is not None else None


def version_by_number(form_id: str, number: str) -> tuple[Questionnaire, Facts] | None:
    """One version of a form by its number."""
    if not (number.isascii() and number.isdigit() and len(number) < 7 and str(int(number)) == number):
        return None
    found = version_of(form_id, int(number))
    return (found, Facts()) if found is not None else None


def version_of(form_id: str, number: int) -> Questionnaire | None:
    """One version of a form by its number."""
    return db.session.scalar(select(Questionnaire).where(Questionnaire.form_id == form_id, Questionnaire.number == number))


def version_by_id(questionnaire_id: int) -> Questionnaire:
    """The version behind a reference of our own."""
    return db.session.get_one(Questionnaire, questionnaire_id)


def being_written() -> list[QuestionnaireDraft]:
    """Every draft of a form, the last saved first."""
    rows = select(QuestionnaireDraft).options(joinedload(QuestionnaireDraft.saved_by))
    return list(db.session.scalars(rows.order_by(QuestionnaireDraft.saved_at.desc(), QuestionnaireDraft.id.desc())))


def draft_by_reference(reference: str) -> tuple[QuestionnaireDraft, Facts] | None:
    """One draft of a form, for its page."""
    found = written(reference)
    return (found, Facts()) if found is not None else None


def written(reference: str) -> QuestionnaireDraft | None:
    """One draft of a form."""
    return db.session.scalar(select(QuestionnaireDraft).where(QuestionnaireDraft.reference == reference))


def open_drafts(form_id: str) -> int:
    """How many filers have begun this form and not signed."""
    rows = select(func.count()).select_from(Draft).join(Disclosure, Disclosure.id == Draft.disclosure_id)
    return db.session.scalar(rows.where(Disclosure.form_id == form_id)) or 0


def moves_of(draft: Draft) -> list[DraftMove]:
    """How a filer's draft came to the version it is on, the first move first."""
    return list(db.session.scalars(select(DraftMove).where(DraftMove.draft_id == draft.id).order_by(DraftMove.id)))


def waiting_requests(reference: str) -> list[Request]:
    """What was asked about a draft of a form and waits."""
    rows = select(Request).where(Request.subject == f"form_draft:{reference}", Request.state == RequestState.WAITING)
    return list(db.session.scalars(rows.options(joinedload(Request.asker)).order_by(Request.id)))
