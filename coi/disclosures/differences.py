"""What two windows say about the same questions, side by side in words; decides nothing."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from coi.db import db
from coi.disclosures.asking import Page, kept_as
from coi.disclosures.sameness import same
from coi.languages import language
from coi.models import PolicyVersion
from coi.rules.form import Ask, Form
from coi.vocabulary import Receipt


def differences(page: Page, kept: Mapping[str, Any], typed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """For each question that differs: its title, what is kept, what was typed here."""
    told = []
    for name, answer in typed.items():
        ask = page.form.by_id.get(name)
        if ask is not None and not same(kept.get(name), answer):
            told.append((page.words(ask.title), in_words(page, ask, kept.get(name)), in_words(page, ask, answer)))
    return told


def in_words(page: Page, ask: Ask, answer: Any) -> str:
    """An answer as one text, for comparing by eye."""
    return answer_in_words(page.form, page.language, ask, answer)


def answer_in_words(form: Form, language: str, ask: Ask, answer: Any) -> str:
    """The same without a page: an answer to a question of this form."""
    if answer in (None, "", []):
        return _("nothing")
    if ask.entries is not None:
        return _entries(form, language, ask, answer) if isinstance(answer, list) else _("none")
    if ask.type in ("yes_no", "choice"):
        return form.label(str(answer), language)
    if ask.type == "multi" and isinstance(answer, list):
        return ", ".join(form.label(str(code), language) for code in answer)
    if isinstance(answer, Mapping):
        return str(answer.get("text", ""))
    return kept_as(ask.type, answer) or str(answer)


def _entries(form: Form, language: str, ask: Ask, rows: list[Any]) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        known = row if isinstance(row, Mapping) else {}
        fields = ask.entries.fields if ask.entries else ()
        told = [answer_in_words(form, language, one, known[one.id]) for one in fields if known.get(one.id) not in (None, "", [])]
        lines.append(f"{number}. {', '.join(told) if told else _('nothing')}")
    return "\n".join(lines)


def said_differently(kept: Mapping[str, Any], typed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """For each policy about which two windows say different things: its title, what is kept, what was typed here."""
    told = []
    for number, mine in typed.items():
        before, here = _about_policy(kept.get(number)), _about_policy(mine)
        if before != here:
            version = db.session.get(PolicyVersion, int(number))
            if version is not None:
                told.append((version.title.get(language()) or version.title["en"], before, here))
    return told


def _about_policy(said: Any) -> str:
    known = said if isinstance(said, Mapping) else {}
    receipt = known.get("receipt") or Receipt.RECEIVED.value
    label = Receipt(receipt).label if receipt in set(Receipt) else _("nothing")
    return "\n".join(str(one) for one in (label, known.get("objection")) if one)
