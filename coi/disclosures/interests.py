"""What a signed version raised and reported: flags as tasks for the reviewer, interests to be decided one by one."""

from collections.abc import Mapping
from typing import Any

from coi.db import db
from coi.models import DisclosureVersion, Flag, Interest
from coi.rules.completeness import Evaluation
from coi.rules.form import INTERNAL, Ask, Form
from coi.rules.matching import normal
from coi.rules.searching import search_text
from coi.vocabulary import Risk


def flags_and_interests(version: DisclosureVersion, form: Form, found: Evaluation) -> None:
    """Writes what the evaluation raised and reported, under the entry of the signature."""
    highest: dict[tuple[str, int | None], Risk] = {}
    for flag in found.flags:
        place = (flag.question, flag.entry)
        highest[place] = max(highest.get(place, Risk.NONE), Risk(flag.risk), key=lambda risk: risk.rank)
        db.session.add(
            Flag(
                version_id=version.id,
                risk=Risk(flag.risk),
                reason=flag.reason,
                question_id=flag.question,
                entry_number=flag.entry,
                entry_key=entry_key(found.signed, flag.question, flag.entry),
                matched=[dict(one) for one in flag.matched],
                route=flag.route or "",
                seq=version.seq,
            )
        )
    for question, number in interests_of(form, found):
        party = party_of(form.question(question), found.signed, number)
        db.session.add(
            Interest(
                version_id=version.id,
                question_id=question,
                entry_number=number,
                entry_key=entry_key(found.signed, question, number),
                party=party,
                party_search=search_text(party),
                party_normal=normal(party)[:500],
                risk=highest.get((question, number), Risk.NONE),
                seq=version.seq,
            )
        )
    db.session.flush()


def interests_of(form: Form, found: Evaluation) -> list[tuple[str, int | None]]:
    """Every reported entry of a list, and every question outside lists that raised a flag, in the order of the form."""
    flagged = {flag.question for flag in found.flags if flag.entry is None}
    interests: list[tuple[str, int | None]] = []
    for section in form.sections:
        for question in section.questions:
            if question.type == "entries":
                interests += [(question.id, number) for number in found.reportable.get(question.id, ())]
            elif question.id in flagged:
                interests.append((question.id, None))
    return interests


def entry_key(signed: Mapping[str, Any], question: str, number: int | None) -> str:
    """The key of an entry in what was signed."""
    if number is None:
        return ""
    return str(signed[question][number].get("_key", ""))


def party_of(question: Ask, signed: Mapping[str, Any], number: int | None) -> str:
    """The name of who an interest is about: the first field that is looked up in a list, else the first text.

    Never one that is internal: by this name an entry is called in workbooks, letters and prints, where none of that may stand.
    """
    if number is None or question.entries is None:
        return ""
    entry = signed[question.id][number]
    texts = [one for one in question.entries.fields if one.type in ("text", "address") and one.visibility != INTERNAL]
    for one in sorted(texts, key=lambda field: not field.match):
        told = entry.get(one.id)
        name = told.get("text", "") if isinstance(told, Mapping) else told
        if name:
            return str(name)[:500]
    return ""
