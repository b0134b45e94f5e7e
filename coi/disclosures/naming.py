"""Where a form asks for names, and the names that a person typed before; reads only."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.models import Disclosure, DisclosureVersion, Draft
from coi.questionnaires.queries import form_of
from coi.rules.form import Ask, Form

# A phone shows a few, and each page carries them.
MOST_OWN = 60
MOST_VERSIONS = 20


@lru_cache(maxsize=64)
def naming(form: Form) -> Mapping[str, str]:
    """The fields that take a name, without the numbers of entries (`gifts.giver`), each with the list it is looked up in."""
    return dict(_naming(form.by_id.values(), ""))


def _naming(asks: Iterable[Ask], before: str) -> Iterator[tuple[str, str]]:
    texts = [ask for ask in asks if ask.type == "text" and not ask.of_reviewer]
    first = texts[0] if before and texts and not any(ask.match for ask in texts) else None
    for ask in asks:
        if ask.entries is not None:
            yield from _naming(ask.entries.fields, f"{before}{ask.id}.")
        elif ask in texts and (ask.match or ask is first):
            yield before + ask.id, ask.match


def field_of(path: str) -> str:
    """`gifts[0].giver` as `gifts.giver`."""
    return ".".join(part.partition("[")[0] for part in path.split("."))


def own_names(person_id: int, draft: Draft | None = None) -> list[str]:
    """The names that a person typed where forms ask for one, the newest first: in this draft and in what they signed."""
    found: dict[str, None] = {}
    if draft is not None:
        found.update(dict.fromkeys(_names_in(form_of(draft.questionnaire), draft.answers)))
    rows = db.session.scalars(
        select(DisclosureVersion)
        .join(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
        .where(Disclosure.filer_id == person_id, DisclosureVersion.number == Disclosure.version)
        .order_by(DisclosureVersion.seq.desc())
        .limit(MOST_VERSIONS)
    )
    for version in rows:
        found.update(dict.fromkeys(_names_in(form_of(version.questionnaire), version.answers)))
    return list(found)[:MOST_OWN]


def _names_in(form: Form, answers: Mapping[str, Any]) -> Iterator[str]:
    for path in naming(form):
        yield from _at(answers, path.split("."))


def _at(here: Any, way: list[str]) -> Iterator[str]:
    if not way:
        if isinstance(here, str) and here.strip():
            yield here.strip()
    elif isinstance(here, list):
        for row in here:
            yield from _at(row, way)
    elif isinstance(here, Mapping):
        yield from _at(here.get(way[0]), way[1:])
