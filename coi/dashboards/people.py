"""The figures of who filed: by department, by group, and over time against the last day; a person counts once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from coi.campaigns import desk
from coi.campaigns.desk import Unit
from coi.campaigns.queries import latest
from coi.dashboards.hiding import NOTHING, TOTAL, Hidden, of_days, of_people
from coi.dashboards.shapes import Bar, Cell, Figure, Line, Row, counted, not_shown, percent, words_of
from coi.languages import day
from coi.models import Campaign
from coi.profiles.current import today as day_of
from coi.rules.permissions import Actor, Permission, allows
from coi.rules.searching import search_text
from coi.rules.small_cells import SMALL
from coi.vocabulary import Standing

# More points than these are drawn every second, fourth … week.
MOST_WEEKS = 26
WEEK = timedelta(weeks=1)
SHOWN = (
    Standing.FILED,
    Standing.LATE,
    Standing.STARTED,
    Standing.NOT_STARTED,
    Standing.ON_LEAVE,
    Standing.EXCUSED,
)


@dataclass(frozen=True)
class People:
    """Everybody of a campaign by department, group and standing, and what of it this reader may see; `lists`: also who."""

    campaign: Campaign
    units: Sequence[Unit]
    lists: bool
    hidden: Hidden
    address: str
    earlier: bool

    def of(self, table: str, name: str) -> Counter[Standing]:
        """How many stand where, in one row."""
        told: Counter[Standing] = Counter()
        for one in self.units:
            if table == TOTAL or getattr(one, table) == name:
                told[one.standing] += one.people
        return told

    def url(self, standing: str, table: str = TOTAL, name: str = "") -> str | None:
        """The list of these people, for who may open it."""
        if not self.lists:
            return None
        asked: dict[str, Any] = {"standing": standing}
        if table != TOTAL:
            asked[table] = name or desk.NONE
        if self.earlier:
            asked["year"] = self.campaign.year
        return f"{self.address}?{urlencode(asked)}"  # hundreds of them on a page


def people_of(campaign: Campaign, actor: Actor, today: date) -> People:
    """The people of a campaign as this reader may see them."""
    units, lists = desk.units(campaign, today), allows(actor, Permission.CAMPAIGN_READ)
    newest = latest()
    earlier = newest is not None and newest.id != campaign.id
    return People(campaign, units, lists, NOTHING if lists else of_people(units), url_for("campaigns.people"), earlier)


def by_department(told: People) -> Figure:
    """Who filed in each department, the fewest first."""
    return _completion(told, "department", _("Filed, by department"), _("Department"), _("No department"))


def by_group(told: People) -> Figure:
    """Who filed in each group, the fewest first."""
    return _completion(told, "group", _("Filed, by group"), _("Group"), _("No group"))


def _completion(told: People, table: str, title: str, heading: str, nameless: str) -> Figure:
    names = sorted({getattr(one, table) for one in told.units}, key=search_text)
    counts = {name: told.of(table, name) for name in names}
    shown = [name for name in names if (table, name) not in told.hidden]
    # Those of a few people stand last: there one person is a large share.
    shown.sort(key=lambda name: (counts[name].total() < SMALL, _share(counts[name]), -counts[name].total()))
    order = shown + [name for name in names if name not in shown]
    rows = [Row(name or nameless, _cells(told, table, name, counts[name])) for name in order]
    rows.append(Row(_("All"), _cells(told, TOTAL, "", told.of(TOTAL, "")), total=True))
    bars = [
        Bar(
            name or nameless,
            _share(counts[name]),
            _("%(percent)s of %(people)s", percent=_filed(counts[name]), people=counts[name].total()),
        )
        if name in shown
        else Bar(name or nameless, None, _("not shown"))
        for name in order
    ]
    lowest = [(name or nameless, counts[name]) for name in shown if counts[name][Standing.FILED] < counts[name].total()]
    head = [heading, _("People"), _("Filed"), _("Share"), *(_heads() if told.lists else [_("Not filed")])]
    finding = _finding(told, lowest if len(shown) > 1 else [])
    return Figure(f"by-{table}", title, finding, head, rows if names else [], bars, hides=bool(told.hidden), scale=100)


def _heads() -> list[str]:
    return [str(one.label) for one in SHOWN if one is not Standing.FILED]


def _share(counts: Counter[Standing]) -> float:
    return 100 * counts[Standing.FILED] / counts.total()


def _filed(counts: Counter[Standing]) -> str:
    return percent(counts[Standing.FILED], counts.total())


def _cells(told: People, table: str, name: str, counts: Counter[Standing]) -> list[Cell]:
    further = len(SHOWN) - 1 if told.lists else 1
    if (table, name) in told.hidden:
        return [not_shown()] * (3 + further)
    cells = [
        counted(counts.total(), told.url("everybody", table, name)),
        counted(counts[Standing.FILED], told.url(Standing.FILED.value, table, name)),
        Cell(_filed(counts)),
    ]
    if not told.lists:
        return [*cells, counted(counts.total() - counts[Standing.FILED])]
    return cells + [counted(counts[one], told.url(one.value, table, name)) for one in SHOWN if one is not Standing.FILED]


def _finding(told: People, lowest: list[tuple[str, Counter[Standing]]]) -> str:
    whole = told.of(TOTAL, "")
    parts = []
    if not told.units:
        return _("There is nothing to count yet.")
    if (TOTAL, "") not in told.hidden:
        parts.append(
            ngettext(
                "%(filed)s of %(people)s person has filed.",
                "%(filed)s of %(people)s people have filed.",
                whole.total(),
                filed=words_of(whole[Standing.FILED]),
                people=words_of(whole.total()),
            )
        )
    if lowest:
        name, counts = lowest[0]
        parts.append(_("Lowest: %(name)s, with %(percent)s.", name=name, percent=_filed(counts)))
    elif not parts:
        parts.append(_("The numbers are too small to be shown."))
    elif whole[Standing.FILED] == whole.total():
        parts.append(_("Nobody is missing."))
    return " ".join(parts)


def over_time(told: People, today: date) -> Figure:
    """How many had filed by the end of each week, and by each last day, against how many were asked."""
    filed = desk.filed_by_day(told.campaign, today)
    last_days = sorted({part.due_on for part in told.campaign.parts})
    points = _points(told.campaign, filed, last_days, today) if told.units else []
    whole = told.of(TOTAL, "")
    gone = (TOTAL, "") in told.hidden
    hides = frozenset(on for on, _number in points) if gone else frozenset() if told.lists else of_days(points)
    rows = [
        Row(
            _("%(day)s, the last day", day=day(on)) if on in last_days else day(on),
            [not_shown()] * 2 if on in hides else [counted(number), Cell(percent(number, whole.total()))],
        )
        for on, number in points
    ]
    shown = [(on, number) for on, number in points if on not in hides]
    finding = _so_far(told, dict(shown), last_days, today)
    named = [(on, _("last day: %(day)s", day=day(on))) for on in last_days]
    return Figure(
        "over-time",
        _("Filed over time"),
        finding,
        [_("By the end of"), _("Filed"), _("Share of all")],
        rows,
        line=Line(_("Filed"), shown, whole.total(), named) if shown else None,
        note=_("A person counts from the day on which the last thing was filed that was asked of them."),
        hides=bool(hides),
    )


def _points(campaign: Campaign, filed: Counter[date], last_days: list[date], today: date) -> list[tuple[date, int]]:
    """Running counts: at the end of each week until today or the last filing, at each last day that has come, and today."""
    first = min([day_of(campaign.opened_at), *(part.opens_on for part in campaign.parts), *filed])
    until = today if campaign.closed_seq is None or not filed else min(today, max([*filed, *last_days]))
    sunday = first + timedelta(days=6 - first.weekday())
    weeks = max(1, (until - sunday).days // 7 + 1)
    step = 1
    while weeks / step > MOST_WEEKS:
        step *= 2
    days = {sunday + WEEK * number for number in range(step - 1, weeks, step)}
    days = {on for on in days if on < until} | {on for on in last_days if on <= until} | {until}
    return [(on, sum(number for when, number in filed.items() if when <= on)) for on in sorted(days)]


def _so_far(told: People, shown: dict[date, int], last_days: list[date], today: date) -> str:
    whole = told.of(TOTAL, "")
    parts = []
    if not told.units:
        return _("There is nothing to count yet.")
    if shown:
        number = shown[max(shown)]
        parts.append(
            _(
                "By %(day)s, %(filed)s of %(people)s had filed.",
                day=day(max(shown)),
                filed=words_of(number),
                people=words_of(whole.total()),
            )
        )
    else:
        parts.append(_("The numbers are too small to be shown."))
    coming = [on for on in last_days if on >= today]
    if coming:
        left = (coming[0] - today).days
        parts.append(
            ngettext(
                "The last day, %(day)s, is in %(num)s day.",
                "The last day, %(day)s, is in %(num)s days.",
                left,
                day=day(coming[0]),
            )
            if left
            else _("Today is the last day.")
        )
    elif last_days and last_days[-1] in shown:
        parts.append(
            _("On the last day, %(day)s, it was %(filed)s.", day=day(last_days[-1]), filed=words_of(shown[last_days[-1]]))
        )
    return " ".join(parts)
