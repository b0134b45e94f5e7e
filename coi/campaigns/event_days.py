"""The days of events that the office entered, and which events of a form it may enter; changes nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.models import EventDate
from coi.profiles.check import EVENTS
from coi.questionnaires.queries import newest
from coi.rules.conditions import holds
from coi.rules.deadlines import read_due
from coi.rules.form import Form


class Days:
    """The day of each event of some forms: a person's own row before everybody's, and of each the newest."""

    def __init__(self, form_ids: Collection[str]) -> None:
        self._days: dict[tuple[str, int | None], dict[str, date]] = defaultdict(dict)
        rows = select(EventDate).where(EventDate.form_id.in_(sorted(form_ids))).order_by(EventDate.seq, EventDate.id)
        for row in db.session.scalars(rows):
            self.put(row.form_id, row.event, row.person_id, row.happens_on)

    def put(self, form_id: str, event: str, person_id: int | None, on: date) -> None:
        """Takes one more day as entered; keeps it nowhere."""
        self._days[form_id, person_id][event] = on

    def own(self, form_id: str, event: str, person_id: int | None) -> date | None:
        """What was entered for just this person, or for everybody."""
        return self._days.get((form_id, person_id), {}).get(event)

    def of(self, form_id: str, person_id: int) -> dict[str, date]:
        """What counts for a person, by event."""
        return {**self._days.get((form_id, None), {}), **self._days.get((form_id, person_id), {})}


def rule_of_form(form_id: str, filer: Mapping[str, Any]) -> str | None:
    """The DUE of the form's newest version that fits a filer before anything is answered."""
    questionnaire = newest(form_id)
    listed = (questionnaire.content["form"].get("deadlines") or []) if questionnaire is not None else []
    return next((str(one["due"]) for one in listed if holds(one["for"], {"filer": filer})), None)


def events_to_enter(form: Form) -> list[str]:
    """The events whose day only the office knows, in the order of the form's deadlines."""
    named = [read_due(str(one["due"])).event for one in form.deadlines]
    return [name for name in dict.fromkeys(named) if name in form.events and name not in EVENTS]


def days_in(form: Form, signed: Mapping[str, Any]) -> dict[str, date]:
    """The answers to the form's questions for a date: a deadline may count from one of them."""
    return {ask.id: date.fromisoformat(signed[ask.id]) for ask in form.by_id.values() if ask.type == "date" and ask.id in signed}
