"""A form with a question of every type, Finn's draft of it, and how everything on its one page is sent and signed."""

from typing import Any

import pytest
from sqlalchemy import func, select

from coi.disclosures import actions
from coi.models import Disclosure, DisclosureVersion
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import parse_form
from coi.typed import OF_THE_PAGE
from tests.disclosures.steps import now, owed
from tests.factories import OPERATOR

EVERY_TYPE = parse_form("""
form:
  id: every-type
  version: "1"
  title: {en: Every type, es: Todos los tipos}
  retention_years: 5
  reporting_period: previous_calendar_year
sections:
  - id: one
    title: {en: One, es: Uno}
    questions:
      - {id: yes_no, title: {en: Yes or no, es: Sí o no}, type: yes_no}
      - {id: choice, title: {en: Colour, es: Color}, type: choice, choices: [red, blue]}
      - {id: multi, title: {en: Colours, es: Colores}, type: multi, choices: [red, blue, none]}
      - {id: text, title: {en: Line, es: Renglón}, type: text}
      - {id: must, title: {en: Must, es: Obligatorio}, type: text, required: true}
      - {id: longtext, title: {en: Text, es: Texto}, type: longtext}
      - {id: money, title: {en: Amount, es: Monto}, type: money}
      - {id: number, title: {en: Number, es: Número}, type: number}
      - {id: percent, title: {en: Percent, es: Por ciento}, type: percent}
      - {id: began, title: {en: Began, es: Empezó}, type: date}
      - {id: ended, title: {en: Ended, es: Terminó}, type: date, not_before: began}
      - {id: more, title: {en: More, es: Más}, type: text, show_if: {q: yes_no, is: "yes"}}
      - id: things
        title: {en: Things, es: Cosas}
        type: entries
        entries: {item: {en: thing, es: cosa}, fields: [{id: name, title: {en: Name, es: Nombre}, type: text}]}
labels: {red: {en: Red, es: Rojo}, blue: {en: Blue, es: Azul}, none: {en: None, es: Ninguno}}
""")
ASKED = "yes_no choice multi text must longtext money number percent began ended more things"
SIGNED = {
    "asked": ASKED,
    "revision": "0",
    "agreed": "yes",
    "signed_name": "Finn Filer",
    "key": "a-key-of-the-page",
    "must.": "Here",
}


@pytest.fixture
def draft(db, cast) -> Disclosure:
    """Finn's draft of a form with every type."""
    publish(EVERY_TYPE, "content", OPERATOR, now())
    made = actions.start(owed(cast.finn.person, form_id="every-type", filer={"kind": "annual"}), cast.finn.actor, now())
    db.session.commit()
    return made


def sign(finn: Any, draft: Disclosure, **fields: Any) -> Any:
    """Everything on one page, and its signature."""
    named = {name if name in SIGNED or name in OF_THE_PAGE else f"{name}.": value for name, value in fields.items()}
    return finn.post(f"/forms/{draft.reference}/sign", data={**SIGNED, **named})


def signed(draft: Disclosure) -> dict[str, Any]:
    """What stands in the signed version."""
    return DisclosureVersion.query.one().answers


def count(db: Any, model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model))
