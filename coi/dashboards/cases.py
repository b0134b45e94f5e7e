"""The figures of what became of the filings: outcomes, priorities, ages, days to a decision; and of the letters."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from coi.campaigns.queries import time_of
from coi.dashboards import queries
from coi.dashboards.hiding import NOTHING, TOTAL, Hidden, of_cases, of_letters
from coi.dashboards.queries import NOT_DECIDED, WITHDRAWN, Cases
from coi.dashboards.shapes import Bar, Cell, Figure, Row, counted, not_shown, percent, words_of
from coi.models import Campaign
from coi.notices import queries as letters
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Outcome, Risk
from coi.workload.words import age_in_words

LETTERS = ("sent", "waiting", "bounced", "no_address", "stopped")


@dataclass(frozen=True)
class Told:
    """The cases of a campaign as one reader may see them; `lists`: also which ones."""

    campaign: Campaign
    cases: Cases
    lists: bool
    hidden: Hidden

    def url(self, by: str, code: str) -> str | None:
        """The list of these cases, for who may open it."""
        asked: dict[str, Any] = {by: code} if by != TOTAL else {}
        return url_for("dashboards.cases", year=self.campaign.year, **asked) if self.lists else None


def cases_of(campaign: Campaign, actor: Actor, now: datetime) -> Told:
    """The cases of a campaign as this reader may see them."""
    cases, lists = queries.counted(campaign, actor, now), queries.names_cases(actor)
    return Told(campaign, cases, lists, NOTHING if lists else of_cases(cases))


def _figure(
    told: Told, by: str, codes: Sequence[tuple[str, str]], counts: Counter[str], words: tuple[str, str, str, str], whole: Cell
) -> Figure:
    """Rows and bars of one list of codes; `words`: title, heading, finding, note."""
    title, heading, finding, note = words
    rows, bars = [], []
    for code, label in codes:
        number = counts[code]
        cell = not_shown() if (by, code) in told.hidden else counted(number, told.url(by, code))
        share = Cell(percent(number, counts.total())) if cell.number is not None and whole.number else Cell("–")
        rows.append(Row(label, [cell, share]))
        bars.append(Bar(label, cell.number, cell.text))
    rows.append(Row(_("All"), [whole, Cell("")], total=True))
    named = {"outcome": "outcomes", "priority": "priorities", "age": "ages", "days": "days"}[by]
    hides = any(key[0] == by for key in told.hidden)
    return Figure(named, title, finding, [heading, _("Cases"), _("Share")], rows if counts else [], bars, note=note, hides=hides)


def _whole(told: Told, by: str, code: str, number: int, of: list[tuple[str, str]]) -> Cell:
    """The total of a table, hidden where it is, or where all that it sums up is."""
    return not_shown() if any(key in told.hidden for key in of) else counted(number, told.url(by, code))


def outcomes(told: Told) -> Figure:
    """What became of what was signed."""
    counts, whole = told.cases.outcomes, _whole(told, TOTAL, "", told.cases.total, [(TOTAL, "")])
    codes = [(one.value, str(one.label)) for one in Outcome]
    codes += [(NOT_DECIDED, _("Not decided yet")), (WITHDRAWN, _("Withdrawn"))]
    finding = _most(told, "outcome", codes, counts)
    if ("outcome", NOT_DECIDED) not in told.hidden and whole.number:
        number = counts[NOT_DECIDED]
        waits = ngettext(
            "%(waiting)s of %(all)s cases waits for a decision.",
            "%(waiting)s of %(all)s cases wait for a decision.",
            number,
            waiting=words_of(number),
            all=whole.text,
        )
        finding = f"{waits} {finding}"
    note = _("Each filing counts with the most severe of what was decided about it.")
    return _figure(told, "outcome", codes, counts, (_("Outcomes"), _("Outcome"), finding, note), whole)


def priorities(told: Told) -> Figure:
    """How urgent what was signed is or was."""
    counts, whole = told.cases.priorities, _whole(told, TOTAL, "", told.cases.total, [(TOTAL, "")])
    codes = [(risk.priority, str(risk.label)) for risk in reversed(Risk)]
    finding = _most(told, "priority", codes, counts)
    return _figure(told, "priority", codes, counts, (_("Review priorities"), _("Priority"), finding, ""), whole)


def ages(told: Told) -> Figure:
    """How long what is not decided has been with the City."""
    counts = told.cases.ages
    whole = _whole(told, "outcome", NOT_DECIDED, counts.total(), [("outcome", NOT_DECIDED)])
    codes = [(band, age_in_words(band)) for band in queries.DAYS]
    note = _("Business days since the form was signed first.")
    if ("age", "31-") in told.hidden:
        finding = _most(told, "age", codes, counts)
    elif not counts.total():
        finding = _("Nothing is open.")
    else:
        finding = ngettext(
            "%(num)s open case is older than 30 business days.",
            "%(num)s open cases are older than 30 business days.",
            counts["31-"],
        )
    return _figure(told, "age", codes, counts, (_("Age of open cases"), _("Business days"), finding, note), whole)


def days(told: Told) -> Figure:
    """How long it took to decide."""
    counts = told.cases.days
    decided = [("outcome", outcome.value) for outcome in Outcome]
    whole = _whole(told, "days", "all", counts.total(), decided)
    codes = [(band, age_in_words(band)) for band in queries.DAYS]
    note = _("From the first signature to the decision; also days on which the City waited for the filer.")
    if ("days", "0-5") in told.hidden:
        finding = _most(told, "days", codes, counts)
    elif not counts.total():
        finding = _("Nothing is decided yet.")
    else:
        share = percent(counts["0-5"], counts.total()) if whole.number else str(counts["0-5"])
        finding = _("Within five days of the signature: %(number)s of the decisions.", number=share)
    return _figure(told, "days", codes, counts, (_("Days to a decision"), _("Days"), finding, note), whole)


def _most(told: Told, by: str, codes: Sequence[tuple[str, str]], counts: Counter[str]) -> str:
    shown = [
        (counts[code], label) for code, label in codes if (by, code) not in told.hidden and counts[code] and code != NOT_DECIDED
    ]
    if not shown:
        return _("The numbers are too small to be shown.") if counts else _("There is nothing to count yet.")
    number, label = max(shown, key=lambda one: one[0])
    return _("Most often: %(label)s, with %(number)s.", label=label, number=number)


def of_campaign_letters(campaign: Campaign, actor: Actor) -> Figure:
    """What became of the letters written in the time of a campaign."""
    counts = letters.counts(time_of(campaign))
    hidden = NOTHING if allows(actor, Permission.CAMPAIGN_READ) else of_letters(counts, LETTERS)
    opens = allows(actor, Permission.LETTERS)
    named = {
        "sent": _("Sent"),
        "waiting": _("Waiting to be sent"),
        "bounced": _("Came back: the address does not work"),
        "no_address": _("To print: no e-mail address"),
        "stopped": _("Stopped: no longer needed"),
    }

    def cell(code: str, number: int) -> Cell:
        key = ("letters", code) if code else (TOTAL, "")
        if key in hidden:
            return not_shown()
        asked: dict[str, Any] = {"campaign": campaign.year, **({"state": code} if code else {})}
        return counted(number, url_for("notices.letters", **asked) if opens else None)

    total = sum(counts[code] for code in LETTERS)
    cells = {code: cell(code, counts[code]) for code in LETTERS}
    rows = [Row(named[code], [cells[code]]) for code in LETTERS] + [Row(_("All"), [cell("", total)], total=True)]
    if not total:
        finding = _("There is nothing to count yet.")
    elif hidden:
        sent = cells["sent"].text
        finding = _("Sent: %(number)s.", number=sent) if cells["sent"].number else _("The numbers are too small to be shown.")
    else:
        finding = ngettext(
            "%(written)s letter was written; %(back)s came back, %(waiting)s wait to be sent.",
            "%(written)s letters were written; %(back)s came back, %(waiting)s wait to be sent.",
            total,
            written=words_of(total),
            back=words_of(counts["bounced"]),
            waiting=words_of(counts["waiting"]),
        )
    bars = [Bar(named[code], cells[code].number, cells[code].text) for code in LETTERS]
    note = _("Letters written since this campaign was opened, until the next one was.")
    return Figure(
        "letters",
        _("Letters"),
        finding,
        [_("What became of them"), _("Letters")],
        rows if total else [],
        bars,
        note=note,
        hides=bool(hidden),
    )
