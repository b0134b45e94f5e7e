"""Papers of the made-up city as files: the scan of a form filled in by hand, a letter, a photo of a receipt."""

import io
import json
from typing import IO, Literal

import typst

FORM = """
#set page(width: 14cm, height: 18cm, margin: 1.6cm, fill: rgb("#fbfaf5"))
#set text(size: 11pt)
#text(size: 9pt, told.city)
#v(2pt)
#text(size: 15pt, weight: "bold")[Conflict of interest form, on paper]
#v(8pt)
#let hand(words) = text(style: "italic", fill: rgb("#1c2f6b"), size: 12.5pt, words)
#let line-of(asked, told) = {
  text(size: 9.5pt, asked)
  linebreak()
  hand(told)
  v(5pt)
  line(length: 100%, stroke: 0.4pt)
  v(4pt)
}
#line-of("Name", told.name)
#line-of("Employee number", told.number)
#line-of("Other paid job or business / Otro trabajo o negocio", told.answer)
#line-of("Anything else to report / Algo más que declarar", "No")
#line-of("I received the policies / Recibí las políticas", "X")
#v(10pt)
#text(size: 9.5pt)[Signature / Firma]
#linebreak()
#hand(text(size: 19pt, told.name))
#h(1fr)
#hand(told.day)
"""
LETTER = """
#set document(title: told.title)
#set page(paper: "us-letter", margin: 2.8cm)
#set text(size: 11pt, lang: "en")
#heading(level: 1, told.title)
#v(1em)
#told.day
#v(1em)
#for part in told.parts { par(part) }
#v(2em)
#emph(told.name)
"""
RECEIPT = """
#set page(width: 8cm, height: 11cm, margin: 0.9cm, fill: rgb("#fffef8"))
#set text(font: "DejaVu Sans Mono", size: 8.5pt)
#align(center, text(size: 11pt, weight: "bold", told.title))
#v(6pt)
#for row in told.rows { grid(columns: (1fr, auto), row.at(0), row.at(1)); v(2pt) }
#line(length: 100%, stroke: (dash: "dashed"))
#grid(columns: (1fr, auto), strong("Total"), strong(told.total))
#v(6pt)
#align(center, told.day)
"""


def scan_of(name: str, number: str, answer: str, day: str, city: str) -> IO[bytes]:
    """One page as a scanner keeps it: a picture."""
    return _made(FORM, "png", name=name, number=number, answer=answer, day=day, city=city)


def letter_of(title: str, parts: list[str], day: str, name: str) -> IO[bytes]:
    """A letter as a PDF."""
    return _made(LETTER, "pdf", title=title, parts=parts, day=day, name=name)


def receipt_of(title: str, rows: list[tuple[str, str]], total: str, day: str) -> IO[bytes]:
    """A till receipt as a picture."""
    return _made(RECEIPT, "png", title=title, rows=rows, total=total, day=day)


def _made(page: str, kind: Literal["pdf", "png"], **told: object) -> IO[bytes]:
    source = f"#let told = json(bytes(sys.inputs.told))\n{page}"
    made = typst.compile(source.encode(), format=kind, ppi=110.0, timestamp=0, sys_inputs={"told": json.dumps(told)})
    return io.BytesIO(bytes(made))
