"""Puts a letter into words: the shipped ones, or the city's own with a fixed list of placeholders; runs nothing of a text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from coi.languages import speaking
from coi.notices.words import KINDS, PLACE, Words, placeholders
from coi.profiles.current import current_profile
from coi.profiles.schema import City, LetterWords
from coi.rules.private_numbers import masked

LONGEST_SUBJECT = 300


@dataclass(frozen=True)
class Written:
    """A letter in one language: what is kept, sent and printed."""

    subject: str
    text: str
    html: str


def in_words(kind: str, reader: str, spoken: str, values: Mapping[str, Any], sample: bool = False) -> Written:
    """The letter of a kind to `reader`; `values` fill its words and its link."""
    words, profile = KINDS[kind], current_profile()
    with speaking(spoken):
        line = profile.questions.line_in(spoken)  # under every question to a filer: work time, and who may help (U40)
        told = {"line": line, **_common(reader, profile.city), **{name: str(value) for name, value in values.items()}}
        own = profile.letters.words.get(kind)
        subject, paragraphs = _of_the_city(own, spoken, _named(kind, told)) if own else _shipped(words, told)
        subject = masked(" ".join((_("Sample: %(subject)s", subject=subject) if sample else subject).split()))[:LONGEST_SUBJECT]
        around = {
            "subject": subject,
            "greeting_name": masked(reader),
            "paragraphs": [masked(paragraph) for paragraph in paragraphs if paragraph.strip()],
            "why": str(words.why),
            "link": address(words.endpoint, **{name: values[name] for name in words.arguments}) if words.endpoint else "",
            "link_text": str(words.link_text),
            "site": current_app.config["SETTINGS"].public_url.rstrip("/"),
            "spelled": words.spelled,
            "city": profile.city,
            "language": spoken,
        }
        # Without what stands around pages: a letter may be written by a command, and a thousand of them in one transaction.
        text, html = (
            current_app.jinja_env.get_template(f"letters/letter.{kind_of}").render(around) for kind_of in ("txt", "html")
        )
    return Written(subject, text, html)


def address(endpoint: str, **values: Any) -> str:
    """A full address built from the configured one, never from the Host header (TRAPS: Web)."""
    path = current_app.url_map.bind("city").build(endpoint, values)
    return current_app.config["SETTINGS"].public_url.rstrip("/") + path


def fill(text: str, values: Mapping[str, str]) -> str:
    """A city's text with what its placeholders stand for; whatever is none of the kind's stays as it was typed."""
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def _named(kind: str, told: Mapping[str, str]) -> dict[str, str]:
    """Only what the fixed list of the kind names: no token, no value that the shipped words do not say."""
    return {name: told[name] for name in placeholders(kind) if name in told}


def _common(reader: str, city: City) -> dict[str, str]:
    contact = city.contact
    return {
        "reader": reader,
        "city": city.name,
        "phone": contact.phone,
        "email": contact.email,
        "hours": str(contact.hours),
    }


def _shipped(words: Words, told: Mapping[str, str]) -> tuple[str, list[str]]:
    return str(words.subject) % told, [str(paragraph) % told for paragraph in words.paragraphs]


def _of_the_city(own: LetterWords, spoken: str, told: Mapping[str, str]) -> tuple[str, list[str]]:
    subject = own.subject.get(spoken) or own.subject["en"]
    body = own.body.get(spoken) or own.body["en"]
    return fill(subject, told), [fill(part.strip(), told) for part in re.split(r"\n\s*\n", body)]
