"""Tells a filer that the form was corrected while they filled it in: what changed, and what is not asked any more; reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coi.disclosures.asking import Page
from coi.disclosures.differences import answer_in_words
from coi.models import Draft
from coi.questionnaires.changes import Change, changes
from coi.questionnaires.queries import form_of, moves_of, version_by_id
from coi.rules.completeness import say
from coi.rules.form import Form


@dataclass(frozen=True)
class Corrected:
    """What a draft's pages say after the form was corrected: changes in words, and answers kept but not asked any more."""

    changes: list[Change]
    aside: list[tuple[str, str]]


def corrected(draft: Draft, page: Page, typed: Mapping[str, str]) -> Corrected | None:
    """None for a draft that stands on the version it was begun on; `typed` is what an older page still sent."""
    moves = moves_of(draft)
    if not moves:
        return None
    first = form_of(version_by_id(moves[0].origin_id))

    def words(told: Any) -> str:
        return say(told, page.language, page.form, page.evaluation.setting) if told else ""

    aside: list[tuple[str, str]] = []
    for move in moves:
        old = form_of(version_by_id(move.origin_id))
        aside += _in_words(old, move.aside, page.language, words)
    aside += [(_title(first, name, words), text) for name, text in typed.items()]
    return Corrected(changes(first, page.form, page.language, filer=True, words=words), list(dict.fromkeys(aside)))


def _in_words(old: Form, aside: Mapping[str, Any], language: str, words: Any) -> list[tuple[str, str]]:
    return [
        (_title(old, name, words), answer_in_words(old, language, old.by_id[name], answer))
        for name, answer in aside.items()
        if name in old.by_id
    ]


def _title(old: Form, name: str, words: Any) -> str:
    return words(old.by_id[name].title) if name in old.by_id else name
