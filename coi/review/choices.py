"""What the queue's filters offer: the departments and the reasons by which filings are found, in the reader's words."""

from functools import lru_cache

from flask_babel import gettext as _
from sqlalchemy import select

from coi.db import db
from coi.languages import language
from coi.models import Questionnaire
from coi.questionnaires.queries import form_of, published
from coi.review.finding import marks_like
from coi.review.queue import CONTRACT
from coi.rules.form import in_language

MOST = 200
LONGEST = 70


def departments() -> list[str]:
    """The departments of which there is a signed filing."""
    return [mark.partition(":")[2] for mark in marks_like("department:", MOST)]


def flags() -> list[tuple[str, str]]:
    """Why a case can be here, as (code, words in the reader's language): new contracts, then each question that raised a task."""
    newest = db.session.scalar(select(Questionnaire.sha256).order_by(Questionnaire.id.desc()).limit(1))
    titles = _titles(newest, language()) if newest else {}
    asked = [mark.partition(":")[2] for mark in marks_like("flag:", MOST)]
    tasks = sorted(((one, titles.get(one, one)) for one in asked), key=lambda told: told[1].casefold())
    return [(CONTRACT, _("A new contract with somebody named")), *tasks]


@lru_cache(maxsize=16)
def _titles(_newest: str, spoken: str) -> dict[str, str]:
    """The title of every question of every published form, the newest form's first; read once for each new form."""
    found: dict[str, str] = {}
    for questionnaire in sorted(published(), key=lambda one: -one.id):
        for section in form_of(questionnaire).sections:
            for question in section.questions:
                title = in_language(question.title, spoken)
                found.setdefault(question.id, title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip() + "…")
    return found
