"""What two windows say about the same questions, side by side in words; decides nothing."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from coi.disclosures.asking import Page, kept_as
from coi.rules.form import Ask


def differences(page: Page, kept: Mapping[str, Any], typed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """For each question that differs: its title, what is kept, what was typed here."""
    told = []
    for name, answer in typed.items():
        ask = page.form.by_id.get(name)
        if ask is not None and not same(kept.get(name), answer):
            told.append((page.words(ask.title), in_words(page, ask, kept.get(name)), in_words(page, ask, answer)))
    return told


def same(one: Any, other: Any) -> bool:
    """Whether two answers say the same: blank is blank, a blank field of an entry is no field."""
    return bool(_bare(one) == _bare(other))


def _bare(answer: Any) -> Any:
    if isinstance(answer, Mapping):
        return {name: _bare(value) for name, value in answer.items() if _bare(value) is not None}
    if isinstance(answer, list):
        return [_bare(one) for one in answer] or None
    return None if answer in (None, "") else answer


def in_words(page: Page, ask: Ask, answer: Any) -> str:
    """An answer as one text, for comparing by eye."""
    if answer in (None, "", []):
        return _("nothing")
    if ask.entries is not None:
        return _entries(page, ask, answer) if isinstance(answer, list) else _("none")
    if ask.type in ("yes_no", "choice"):
        return page.form.label(str(answer), page.language)
    if ask.type == "multi" and isinstance(answer, list):
        return ", ".join(page.form.label(str(code), page.language) for code in answer)
    if isinstance(answer, Mapping):
        return str(answer.get("text", ""))
    return kept_as(ask.type, answer) or str(answer)


def _entries(page: Page, ask: Ask, rows: list[Any]) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        known = row if isinstance(row, Mapping) else {}
        fields = ask.entries.fields if ask.entries else ()
        told = [in_words(page, one, known[one.id]) for one in fields if known.get(one.id) not in (None, "", [])]
        lines.append(f"{number}. {', '.join(told) if told else _('nothing')}")
    return "\n".join(lines)
