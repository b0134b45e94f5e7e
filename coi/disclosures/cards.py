"""Entries of an earlier form as cards: what was told, what may be said of it now, what is wrong with what is said; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from coi.disclosures.asking import AskedEntry, AskedSection, Page
from coi.disclosures.carrying import CHANGED, ENDED, MISTAKE, ONCE, SAME, Standing, belongs, day_of, once_day
from coi.disclosures.differences import in_words
from coi.disclosures.interests import party_of
from coi.languages import day
from coi.rules.completeness import period
from coi.rules.form import INTERNAL, Ask


@dataclass
class Card:
    """One entry of an earlier form, with the choices that stand under it."""

    standing: Standing
    anchor: str
    item: str
    what: str
    question: str
    facts: list[tuple[str, str, bool]]
    choices: list[tuple[str, str]]
    chosen: str
    on: str
    kept: str
    note: str
    then: str
    errors: list[str] = field(default_factory=list)
    ask: Any = None
    entry: AskedEntry | None = None

    @property
    def was(self) -> str:
        """What the page was shown with, so that only what is said anew counts."""
        return f"{self.chosen} {self.on if self.chosen == ENDED else ''}".strip()

    @property
    def gone(self) -> bool:
        """Whether it was on the form and is not any more, without a word about it."""
        return self.standing.fault == "gone"

    @property
    def open(self) -> bool:
        """Whether something is still to be said."""
        return bool(self.standing.fault)


def cards_of(page: Page, standings: Sequence[Standing], gone: Sequence[str], check: bool) -> list[Card]:
    """A card for every entry that is asked about: all of an earlier filing, and of a corrected version what is lost."""
    start = period(page.form, page.evaluation.setting)[0]
    told = [one for one in standings if one.item.asked or one.fault or one.said]
    return [_card(page, one, one.item.id in gone or not one.item.asked, start, check) for one in told]


def _card(page: Page, one: Standing, lost: bool, start: date, check: bool) -> Card:
    ask = page.form.by_id[one.item.question]
    item = page.words(ask.entries.item) if ask.entries else ""
    named = party_of(ask, {ask.id: [one.item.entry]}, 0)
    what = named or item
    happened = once_day(page.form, one.item, start)
    chosen = ONCE if one.once and one.said == ENDED else one.said
    return Card(
        standing=one,
        anchor=f"carried.{one.item.question}.{one.item.key}",
        item=item,
        what=what,
        question=_question(what, lost or one.fault == "gone", day(one.item.signed_on)),
        facts=facts_of(page, ask, one.item.entry, named),
        choices=_choices(lost or one.fault == "gone", happened),
        chosen=chosen,
        on=one.on if chosen == ENDED else "",
        kept=_day_in_words(one.on) if chosen == ENDED else "",
        note=_note(one, start),
        then=day(one.item.signed_on),
        errors=[_fault(one)] if one.fault and (check or one.fault in ("not_a_day", "future")) else [],
    )


def _question(what: str, lost: bool, then: str) -> str:
    if lost:
        return _("You told us on %(day)s about %(what)s. Is it over?", day=then, what=what)
    return _("Is this still true?")


def _choices(lost: bool, happened: str) -> list[tuple[str, str]]:
    over = (ENDED, _("It is over"))
    once = [(ONCE, _("It happened once, on %(day)s", day=_day_in_words(happened)))] if happened else []
    if lost:
        return [over, *once, (MISTAKE, _("It was a mistake: it was never so")), (SAME, _("It is still true: put it back"))]
    return [(SAME, _("Still true")), (CHANGED, _("It changed")), *once, over]


def _note(one: Standing, start: date) -> str:
    """What follows from what was said, where it can't be seen."""
    if one.fault or one.said not in (ENDED, MISTAKE):
        return ""
    if one.said == MISTAKE:
        return _("It is off this form. The ethics office sees that you said so.")
    if belongs({"said": ENDED, "on": one.on}, start):
        return _("It stays on this form, with the day: this form asks about the time since %(day)s.", day=day(start))
    return _("It is off this form: it was over before %(day)s. The ethics office sees the day.", day=day(start))


def _fault(one: Standing) -> str:
    told: dict[str, Any] = {
        "unanswered": _("Say whether this is still true, changed, or over."),
        "gone": _("Say what became of it."),
        "no_day": _("Give the day on which it ended."),
        "not_a_day": _("Give a real day as year, month, day, such as 2026-03-02."),
        "future": _("This day is still to come. If it is not over yet, say that it is still true."),
        "unchanged": _("You said that it changed. Change below what is different now, or say that it is still true."),
    }
    return str(told[one.fault])


def facts_of(page: Page, ask: Ask, entry: Mapping[str, Any], named: str = "") -> list[tuple[str, str, bool]]:
    """What an entry said, field by field, and whether a print leaves it out; not once more what stands over it as its name."""
    fields = ask.entries.fields if ask.entries else ()
    told = [
        (page.words(one.title), in_words(page, one, entry[one.id]), one.visibility == INTERNAL)
        for one in fields
        if entry.get(one.id) not in (None, "", [])
    ]
    return [one for one in told if one[1] != named]


def _day_in_words(text: str) -> str:
    found = day_of(text)
    return day(found) if found else ""


def join(cards: Sequence[Card], sections: Sequence[AskedSection], inside: bool) -> None:
    """Marks the entries of a page with what was said of them; with `inside` a changed one is typed in its card, nowhere else."""
    found = {card.standing.item.id: card for card in cards}
    for section in sections:
        for asked in section.asks:
            for entry in asked.entries:
                card = found.get(f"{asked.ask.id}/{entry.key}")
                if card is None:
                    continue
                entry.card = card
                entry.folded = card.standing.said in (SAME, ENDED) and not entry.wanting
                if inside and card.standing.said == CHANGED:
                    card.ask, card.entry, entry.above = asked, entry, True
