"""How much is left to do on a form, as counts for the home page: questions, entries of an earlier form; never an answer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from coi.disclosures import carried, queries
from coi.models import Draft


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


def told_before(person_id: int, form_id: str) -> int:
    """How many entries of this person's last form will come back, before this one is begun."""
    last = queries.suggested(person_id, form_id)
    return sum(len(rows) for rows in last.values() if isinstance(rows, list) and rows and isinstance(rows[0], dict))
