"""Questions about published forms; a published version never changes, so its compiled form is kept."""

from collections import OrderedDict
from threading import Lock

from sqlalchemy import func, select

from coi.db import db
from coi.models import Questionnaire
from coi.rules.form import Form

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
