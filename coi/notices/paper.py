"""Letters as one PDF for a station, each on a sheet of its own in its reader's language; texts come as data, kept nowhere."""

import json
from collections.abc import Sequence

import typst

from coi.models import Letter, Person
from coi.papers import UNPRINTABLE
from coi.profiles.schema import City

PAGE = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title, author: told.city)
#set page(paper: "us-letter", margin: (x: 2.5cm, y: 2.5cm))
#set text(size: 11.5pt, lang: told.language, region: "us", fallback: true, hyphenate: false)
#set par(leading: 0.65em, spacing: 1em)
#let lines(words) = words.split("\\n").join(linebreak())
#for (place, one) in told.letters.enumerate() {
  if place > 0 { pagebreak() }
  set text(lang: one.language)
  text(size: 9.5pt, fill: luma(80), told.city)
  block(above: 1.2em, below: 2.2em, lines(one.reader))
  heading(level: 1, outlined: true, one.subject)
  for part in one.parts { par(lines(part)) }
}
"""


def pdf(letters: Sequence[tuple[Letter, Person]], city: City, title: str, language: str) -> bytes:
    """The letters in order as a tagged PDF; where no font has a letter that somebody typed, tagged without that promise."""
    told = json.dumps(
        {
            "title": title,
            "city": plain(city.name),
            "language": language,
            "letters": [_sheet(letter, person) for letter, person in letters],
        }
    )
    try:
        return bytes(typst.compile(PAGE.encode(), sys_inputs={"told": told}, pdf_standards=["ua-1"]))
    except typst.TypstError:
        return bytes(typst.compile(PAGE.encode(), sys_inputs={"told": told}))


def _sheet(letter: Letter, person: Person) -> dict[str, object]:
    """Subject, text in paragraphs without the subject once more, and who it is for: name, number, station."""
    body = letter.text.removeprefix(letter.subject).strip()
    parts = [plain(part.strip()) for part in body.split("\n\n") if part.strip()]
    reader = "\n".join(filter(None, (person.name, person.number or "", person.department)))
    return {"subject": plain(letter.subject), "language": letter.language, "reader": plain(reader), "parts": parts}


def plain(text: str) -> str:
    """What can be printed of a text."""
    return UNPRINTABLE.sub("\ufffd", text)
