"""The conditions that are proposed to the final body: as they were drafted, and in words; reads only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from coi.db import db
from coi.languages import day, language
from coi.meetings import queries
from coi.models import Disclosure, Person
from coi.plans.drafting import Draft, of_strings, strings_of
from coi.plans.words import rule_in_words
from coi.profiles.current import current_profile
from coi.review import queries as review
from coi.rules.form import in_language
from coi.rules.plans import AT_ONCE, filled
from coi.vocabulary import Party


def drafted(disclosure: Disclosure) -> list[Draft]:
    """The conditions of the cover, each as it was drafted with the recommendation where it was; without a cover, of that."""
    standing, sent = review.standing_recommendation(disclosure), queries.cover(disclosure)
    drafts = list(standing.plan or of_strings(standing.conditions, disclosure)) if standing is not None else []
    if sent is None:
        return drafts
    known = dict(zip(strings_of(drafts), drafts, strict=True))
    return [known.get(str(told)) or of_strings([told], disclosure)[0] for told in sent.conditions]


def in_words(draft: Mapping[str, str]) -> tuple[str, list[tuple[str, str]]]:
    """One drafted condition: its text with what the library leaves open filled in; who keeps it, by when, how it is shown."""
    known = current_profile().condition(draft.get("code", ""))
    values = {
        "matter": draft.get("matter") or _("this matter"),
        "party": draft.get("party") or _("this party"),
        "Name": _named(draft.get("handled_by", "")) or _("Somebody else"),
    }
    text = filled(in_language(known.text, language()), values) if known else draft.get("own_words", "")
    owner = _named(draft.get("owner_number", "")) or str(Party(draft.get("owner") or Party.FILER).label)
    due = draft.get("due_on") or ""
    by_when = day(date.fromisoformat(due)) if due else rule_in_words(draft.get("due") or AT_ONCE)
    proof = _proof(known, draft.get("proof", ""))
    rows = [(_("Who keeps it"), owner), (_("By when"), by_when), (_("How it is shown"), proof)]
    return text, [(label, value) for label, value in rows if value]


def _named(number: str) -> str:
    return db.session.scalar(select(Person.name).where(Person.number == number.strip())) or "" if number.strip() else ""


def _proof(known: Any, typed: str) -> str:
    """The library's own words in the reader's language where the officer left them; else the officer's."""
    if known is not None and (not typed or typed in known.proof.words.values()):
        return str(known.proof)
    return typed
