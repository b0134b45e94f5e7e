"""Printed slips: one sealed sheet for each person, both languages, one PDF for a station; made by typst, kept nowhere."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import typst

from coi.models import Person
from coi.profiles.current import zone
from coi.profiles.schema import City, Spoken

# A letter folded in three: name outside, code inside, closed with tape (U1). Texts come as data, never as markup.
PAGE = """
#let told = json(bytes(sys.inputs.told))
#set document(title: "Sign-in slips")
#set page(paper: "us-letter", margin: (x: 2.2cm, y: 1.2cm))
#set text(size: 11pt, lang: "en", fallback: true)
#let fold(words) = {
  line(length: 100%, stroke: (paint: luma(150), dash: "dashed"))
  v(-0.9em)
  align(right, text(size: 8pt, fill: luma(90))[#words])
}
#let spanish(words) = text(lang: "es", words)
#for (place, one) in told.sheets.enumerate() {
  if place > 0 { pagebreak() }
  block(height: 8cm, width: 100%)[
    #text(size: 10pt, fill: luma(70))[#told.city]
    #v(1fr)
    #text(size: 17pt, weight: "bold")[#one.name]
    #linebreak()
    #one.station
    #v(0.8em)
    #text(size: 9.5pt)[To be opened by #one.name only. · #spanish[Solo para #one.name.]]
    #v(1fr)
  ]
  fold[Fold 2: back, then close with tape · #spanish[Doblez 2: hacia atrás; cierre con cinta]]
  block(height: 8.2cm, width: 100%)[
    #v(0.4em)
    #box(stroke: 0.8pt, inset: 12pt, radius: 4pt, width: 100%)[
      #grid(columns: (1fr, 1fr), row-gutter: 0.7em,
        [Employee number · #spanish[Número de empleado]], [Code · #spanish[Código]],
        text(size: 17pt, font: "DejaVu Sans Mono", weight: "bold")[#one.number],
        text(size: 17pt, font: "DejaVu Sans Mono", weight: "bold")[#one.code])
    ]
    #v(0.5em)
    *How to sign in.* On any phone or computer, go to *#told.address* and choose “I have a printed slip”. Type the number and the
    code, then choose a passphrase. The code works once, until #told.until. Nobody will ask you for it: keep it to yourself.
    You may do this in work time. Paper is fine, too: ask us.
  ]
  fold[Fold 1: up · #spanish[Doblez 1: hacia arriba]]
  block(height: 6.6cm, width: 100%)[
    #v(0.4em)
    #spanish[
      *Cómo entrar.* Con cualquier teléfono o computadora, vaya a *#told.address* y elija «Tengo una hoja de acceso».
      Escriba el número y el código, y luego elija una frase de acceso. El código sirve una sola vez, hasta el #told.hasta.
      Nadie se lo pedirá: no se lo dé a nadie. Puede hacerlo en horas de trabajo. También puede usar papel: pregúntenos.
    ]
    #v(0.6em)
    *Questions · #spanish[Preguntas]:* #told.contact
  ]
}
"""
MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"


@dataclass(frozen=True)
class Sheet:
    """One person's slip with the code as it is printed."""

    person: Person
    code: str


def _both(words: Spoken) -> str:
    """Both languages on one sheet, once where they are the same."""
    return " / ".join(dict.fromkeys(words.words.get(language, words.words["en"]) for language in ("en", "es")))


def pdf(sheets: Sequence[Sheet], city: City, until: datetime, site: str) -> bytes:
    """The slips as one PDF, a page each, with the address to type in; `until` is when the codes end."""
    last = until.astimezone(zone())
    told = {
        "city": city.name,
        "address": site.removeprefix("https://").removeprefix("http://").rstrip("/"),
        "contact": " · ".join([_both(city.contact.name), city.contact.phone, city.contact.email, _both(city.contact.hours)]),
        "until": f"{last:%B} {last.day}, {last.year}",
        "hasta": f"{last.day} de {MONTHS.split()[last.month - 1]} de {last.year}",
        "sheets": [
            {"name": one.person.name, "number": one.person.number or "", "station": one.person.department, "code": one.code}
            for one in sheets
        ],
    }
    return bytes(typst.compile(PAGE.encode(), sys_inputs={"told": json.dumps(told)}))
