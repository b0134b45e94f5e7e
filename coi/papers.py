"""Printed papers: one tagged PDF from titles, facts, entries and texts, which come as data, never as markup; kept nowhere."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import typst
from flask_babel import gettext as _

from coi.profiles.schema import City

Block = dict[str, Any]
Rows = Iterable[tuple[Any, Any]]

# The texts are values of a JSON document: what looks like markup in them is printed as it was typed.
PAGE = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title, author: told.city, keywords: (told.reference,))
#set page(
  paper: "us-letter",
  margin: (x: 2.2cm, top: 2.3cm, bottom: 2.2cm),
  header: context if counter(page).get().first() > 1 {
    set text(size: 8.5pt, fill: luma(80))
    grid(columns: (1fr, auto), told.title, told.reference)
  },
  footer: context {
    set text(size: 8.5pt, fill: luma(80))
    grid(columns: (1fr, auto), column-gutter: 1em, told.foot, told.page + " " + counter(page).display("1 / 1", both: true))
  },
)
#set text(size: 10.5pt, lang: told.language, region: "us", fallback: true, hyphenate: false)
#set par(leading: 0.62em, spacing: 0.9em)
#show heading: set block(above: 1.5em, below: 0.7em)
#show heading.where(level: 1): set text(size: 19pt)
#show heading.where(level: 2): set text(size: 14pt)
#show heading.where(level: 3): set text(size: 11.5pt)
#show heading.where(level: 4): set text(size: 10.5pt)
#let lines(words) = if words.starts-with(told.bar) {
  box(fill: black, inset: (x: 5pt, y: 2.5pt), text(fill: white, size: 8.5pt, words.slice(told.bar.len())))
} else { words.split("\\n").join(linebreak()) }
#let rows-of(rows) = for row in rows {
  block(above: 0.8em, below: 0.8em, breakable: true,
    if row.at(0) == "" { lines(row.at(1)) } else {
      grid(columns: (36%, 1fr), column-gutter: 1em, text(fill: luma(60), lines(row.at(0))), lines(row.at(1)))
    })
}
#text(size: 9.5pt, fill: luma(80), told.city)
#heading(level: 1, told.title)
#for one in told.blocks {
  if one.kind == "heading" { heading(level: one.level, one.text) }
  if one.kind == "facts" { rows-of(one.rows) }
  if one.kind == "text" { par(lines(one.text)) }
  if one.kind == "strong" { par(strong(lines(one.text))) }
  if one.kind == "big" { par(text(size: 15pt, weight: "bold", one.text)) }
  if one.kind == "quiet" { par(text(size: 9pt, fill: luma(70), lines(one.text))) }
  if one.kind == "mono" { par(text(size: 8.5pt, font: "DejaVu Sans Mono", lines(one.text))) }
  if one.kind == "points" { list(..one.items.map(lines)) }
  if one.kind == "entry" {
    block(stroke: (left: 1.5pt + luma(170)), inset: (left: 10pt, y: 3pt), width: 100%, breakable: true, {
      par(strong(one.title))
      if one.note != "" { par(emph(one.note)) }
      rows-of(one.rows)
    })
  }
  if one.kind == "sign" {
    block(above: 3em, breakable: false, grid(columns: (1fr, 5cm), column-gutter: 1.5cm, row-gutter: 0.4em,
      line(length: 100%, stroke: 0.6pt), line(length: 100%, stroke: 0.6pt), text(size: 9pt, one.who), text(size: 9pt, one.day)))
  }
  if one.kind == "boxes" {
    let square = box(width: 9pt, height: 9pt, stroke: 0.7pt)
    if one.items.len() <= 3 and one.items.map(item => item.len()).sum() <= 40 {
      block(above: 0.9em, below: 1.1em, one.items.map(item => [#square#h(6pt)#item]).join(h(1.4cm)))
    } else {
      for item in one.items { block(above: 0.6em, below: 0.6em, grid(columns: (16pt, 1fr), square, lines(item))) }
    }
  }
  if one.kind == "write" {
    if one.label != "" { block(above: 0.9em, below: 0.2em, text(size: 9.5pt, one.label)) }
    for number in range(one.lines) { block(above: 1.7em, below: 0.3em, line(length: 100%, stroke: 0.5pt + luma(120))) }
  }
  if one.kind == "page" { pagebreak(weak: true) }
  if one.kind == "attach" { pdf.attach(one.name, read(one.file, encoding: none), description: one.caption) }
  if one.kind == "sheet" {
    pagebreak(weak: true)
    par(text(size: 9pt, fill: luma(70), one.caption))
    let fits = (width: 100%, height: 100%, fit: "contain", alt: one.caption)
    block(height: 1fr, width: 100%, if one.page > 0 { image(one.file, page: one.page, ..fits) } else { image(one.file, ..fits) })
  }
}
"""
BAR = "\ue000"
LONG_WORD = re.compile(r"\S{66,}")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Removed(str):
    """What stands in place of an answer that was taken out: printed white on a black bar. Nobody can type one."""


@dataclass
class Paper:
    """One document: its title, what it is about, and its blocks in order; `language` is the reader's."""

    title: str
    city: City
    language: str
    reference: str = ""
    foot: str = ""
    blocks: list[Block] = field(default_factory=list)

    def heading(self, text: Any, level: int = 2) -> None:
        """A heading; the title of the paper is level 1."""
        self.blocks.append({"kind": "heading", "level": level, "text": plain(text)})

    def facts(self, rows: Rows) -> None:
        """Labels with their values, one under another."""
        self.blocks.append({"kind": "facts", "rows": [[plain(label), plain(value)] for label, value in rows]})

    def text(self, text: Any, kind: str = "text") -> None:
        """A paragraph: `text`, `strong`, `big`, `quiet` or `mono`."""
        if str(text):
            self.blocks.append({"kind": kind, "text": plain(text)})

    def points(self, items: Sequence[Any]) -> None:
        """A list; nothing when it has no item."""
        if items:
            self.blocks.append({"kind": "points", "items": [plain(one) for one in items]})

    def entry(self, title: Any, rows: Rows, note: Any = "") -> None:
        """One entry of a list with its fields; a value without a label goes over the whole width."""
        told = [[plain(label), plain(value)] for label, value in rows]
        self.blocks.append({"kind": "entry", "title": plain(title), "note": plain(note), "rows": told})

    def boxes(self, items: Sequence[Any]) -> None:
        """Squares to tick, one under another."""
        self.blocks.append({"kind": "boxes", "items": [plain(one) for one in items]})

    def write(self, label: Any, lines: int) -> None:
        """Lines to write on by hand, under a label."""
        self.blocks.append({"kind": "write", "label": plain(label), "lines": lines})

    def sign(self, who: Any, day: Any) -> None:
        """A line to sign by hand."""
        self.blocks.append({"kind": "sign", "who": plain(who), "day": plain(day)})

    def sheet(self, file: str, page: int, caption: Any) -> None:
        """One page of a file that lies beside (coi.papers_behind), or a picture where `page` is 0, on a page of its own."""
        self.blocks.append({"kind": "sheet", "file": file, "page": page, "caption": plain(caption)})

    def attach(self, file: str, name: str, caption: Any) -> None:
        """A file that lies beside (coi.papers_behind), kept in the PDF as it is."""
        self.blocks.append({"kind": "attach", "file": file, "name": plain(name), "caption": plain(caption)})

    def page(self) -> None:
        """What follows begins on a new page."""
        self.blocks.append({"kind": "page"})


def pdf(paper: Paper) -> bytes:
    """The paper as a tagged PDF (PDF/UA-1); where no font has a letter that somebody typed, tagged without that promise."""
    told = told_of(paper)
    try:
        return bytes(typst.compile(PAGE.encode(), sys_inputs={"told": told}, pdf_standards=["ua-1"]))
    except typst.TypstError:
        return bytes(typst.compile(PAGE.encode(), sys_inputs={"told": told}))


def told_of(paper: Paper) -> str:
    """What PAGE reads, as JSON."""
    return json.dumps(
        {
            "title": plain(paper.title),
            "city": plain(paper.city.name),
            "language": paper.language,
            "reference": plain(paper.reference),
            "foot": plain(paper.foot or contact_line(paper.city)),
            "page": str(_("Page")),
            "bar": BAR,
            "blocks": paper.blocks,
        }
    )


def contact_line(city: City) -> str:
    """Whom to call, on every paper (U15)."""
    return " · ".join([str(city.contact.name), city.contact.phone, city.contact.email])


def plain(text: Any) -> str:
    """What can be printed of a text: even line ends, no control character, and places to break a very long word."""
    even = str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    printed = LONG_WORD.sub(_breakable, UNPRINTABLE.sub("\ufffd", even.replace(BAR, "\ufffd")))
    return BAR + printed if isinstance(text, Removed) else printed


def _breakable(found: re.Match[str]) -> str:
    word = found[0]
    return "\u200b".join(word[start : start + 32] for start in range(0, len(word), 32))
