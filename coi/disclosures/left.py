"""How much is left to do on a form, as counts for the home page: questions, entries of an earlier form; never an answer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from coi.disclosures import carried, carrying, queries
from coi.models import Draft, Obligation
from coi.profiles.current import today
from coi.questionnaires.queries import form_of, newest


@dataclass(frozen=True)
class Left:
    """What a draft still wants: questions without an answer, entries of an earlier form of which nothing was said."""

    questions: int
    entries: int

    @property
    def words(self) -> str:
        """In a sentence; nothing left is said, too."""
        told: list[Any] = []
        if self.entries:
            told.append(ngettext("%(num)s entry of your last form", "%(num)s entries of your last form", self.entries))
        if self.questions:
            told.append(ngettext("%(num)s question without an answer", "%(num)s questions without an answer", self.questions))
        if not told:
            return str(_("Every question has an answer: look over it and sign."))
        both = _("%(one)s and %(other)s", one=told[0], other=told[1]) if len(told) > 1 else told[0]
        return str(_("Still open: %(what)s.", what=both))


def left_of(draft: Draft, on: date) -> Left:
    """What a draft still wants before it can be signed, counted by question; the boxes of the signature are not counted."""
    found = queries.evaluated(draft, on, agreed=True)
    standings = carried.standings_of(draft, queries.setting_of(draft, on), found)
    questions = {fault.path.split("[")[0].split(".")[0] for fault in found.faults}
    return Left(len(questions), sum(1 for one in standings if one.fault))


def told_before(owed: Obligation, on: date) -> int:
    """How many entries of earlier forms will come back into one that is not begun; a gift brings nothing back."""
    versions = carried.versions_of(owed.person_id, owed.form_id) if owed.kind not in carried.ALONE else []
    questionnaire = newest(owed.form_id) if versions else None
    if questionnaire is None:
        return 0
    setting = queries.setting_for({"level": owed.level, **owed.filer}, owed.reporting_year, on)
    days = {one.id: today(one.signed_at) for one in versions}
    return len(carrying.begun(form_of(questionnaire), setting, {}, versions, days)["items"])
