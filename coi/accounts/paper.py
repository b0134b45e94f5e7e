"""Printed slips: one sealed sheet for each person, both languages, one PDF for a station; made by typst, kept nowhere."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import typst

from coi.models import Person
from coi.profiles.schema import City

PAGE = """
#let told = json(bytes(sys.inputs.told))
#set document(title: "Sign-in slips")
#set page(paper: "us-letter", margin: 2cm)
#set text(size: 11pt, lang: "en")
#for (place, one) in told.sheets.enumerate() {
  if place > 0 { pagebreak() }
  text(size: 15pt, weight: "bold")[#told.city]
  linebreak()
  text(fill: luma(90))[#one.station]
  v(1.2em)
  text(size: 13pt, weight: "bold")[#one.name]
  v(0.8em)
  box(stroke: 0.7pt, inset: 12pt, radius: 4pt, width: 100%)[
    Employee number · Número de empleado: *#one.number* \\
    #v(0.2em)
    Code · Código: #text(size: 18pt, font: "DejaVu Sans Mono", weight: "bold")[#one.code]
  ]
  v(0.8em)
  [*How to sign in.* Go to *#told.address*, choose “I have a printed slip”, and type the number and the code. The code works once,
  until #told.until. You may do this in work time, on any phone or computer. Paper is fine, too: ask us.]
  v(0.6em)
  text(lang: "es")[*Cómo entrar.* Vaya a *#told.address*, elija «Tengo una hoja impresa» y escriba el número y el código. El código
  sirve una sola vez, hasta el #told.hasta. Puede hacerlo en horas de trabajo, con cualquier teléfono o computadora. También puede
  usar papel: pregúntenos.]
  v(0.6em)
  [Questions · Preguntas: #told.contact]
  v(1fr)
  line(length: 100%, stroke: (dash: "dashed"))
  align(center, text(size: 9pt, fill: luma(90))[Fold here, seal, hand over in person. · Doble aquí, selle y entregue en persona.])
  v(1fr)
  text(size: 9pt, fill: luma(90))[To be opened by #one.name only. · Solo para #one.name.]
}
"""
MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"


@dataclass(frozen=True)
class Sheet:
    """One person's slip with the code as it is printed."""

    person: Person
    code: str


def pdf(sheets: Sequence[Sheet], city: City, until: datetime, address: str = "") -> bytes:
    """The slips as one PDF, a page each; texts go in as data, so that a name is never read as markup."""
    month = MONTHS.split()[until.month - 1]
    told = {
        "city": city.name,
        "address": address or city.short,
        "contact": f"{city.contact.name}, {city.contact.phone}, {city.contact.email}, {city.contact.hours}",
        "until": f"{until:%B} {until.day}, {until.year}",
        "hasta": f"{until.day} de {month} de {until.year}",
        "sheets": [
            {"name": one.person.name, "number": one.person.number or "", "station": one.person.department, "code": one.code}
            for one in sheets
        ],
    }
    return bytes(typst.compile(PAGE.encode(), sys_inputs={"told": json.dumps(told)}))
