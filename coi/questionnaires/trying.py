"""The values that a trial of a condition puts in, and the scope that shows them to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, islice
from typing import Any

from coi.rules.answers import ALONE, HIGHEST_PERCENT
from coi.rules.conditions import LEVELS, Match, Sum
from coi.rules.form import Ask, Form, Section
from coi.vocabulary import Kind

SMALLEST = {"money": Decimal("0.01"), "number": Decimal("0.0001"), "percent": Decimal("0.0001")}
ONE_VALUED = ("kind", "level")
YES_NO = ("yes", "no")
OTHER = "another value"
MOST_COMBINATIONS = 20_000


# The fields that a condition reads from where it stands, by their ids: those above it, the nearest list first.
View = Mapping[str, Ask]


def within(ask: Ask) -> dict[str, Ask]:
    """Every field of a list, as its report_if and its triggers read them."""
    return {one.id: one for one in ask.entries.fields} if ask.entries else {}


def views_of(asks: Sequence[Ask]) -> dict[int, View]:
    """What each field's own conditions read, by `id` of the field; `asks` are the lists at hand, the nearest first."""
    views: dict[int, View] = {}
    for ask in reversed(asks):
        above: dict[str, Ask] = dict(views.get(id(ask), {}))
        for one in ask.entries.fields if ask.entries else ():
            views[id(one)] = dict(above)
            above[one.id] = one
    return views


@dataclass
class Variable:
    """Something that a condition reads, with every plain condition that reads it."""

    subject: str
    name: Any
    parts: list[Mapping[str, Any]] = field(default_factory=list)
    ask: Ask | None = None


def domain_of(variable: Variable, form: Form) -> list[Any]:
    """What is tried for a variable: None is blank, several codes are a tuple."""
    by_subject: dict[str, Callable[[], list[Any]]] = {
        "match": lambda: [None, *LEVELS],
        "overlap": lambda: [False, True],
        "year": lambda: sorted({row.since for rows in form.thresholds.values() for row in rows}),
        "sum": lambda: _amounts(variable, form, _kind_of_sum(variable.name, form)),
        "filer": lambda: _attribute(variable, form),
    }
    if variable.subject in by_subject:
        return by_subject[variable.subject]()
    return _answers(variable, form)


def _answers(variable: Variable, form: Form) -> list[Any]:
    ask = variable.ask
    if ask is not None and ask.type in SMALLEST:
        return [None, *_amounts(variable, form, ask.type)]
    if ask is not None and ask.type in ("yes_no", "choice", "multi"):
        codes = YES_NO if ask.type == "yes_no" else ask.choices
        return _codes(variable, codes, several=ask.type == "multi")
    return [None, "in", "out"] if any("in_period" in part for part in variable.parts) else [None, "in"]


def _attribute(variable: Variable, form: Form) -> list[Any]:
    ask = variable.ask
    told: Sequence[str] | None = form.filer_attributes.get(variable.name)
    answers = () if ask is None else YES_NO if ask.type == "yes_no" else ask.choices
    if told is None and variable.name == "kind":
        told = tuple(kind.value for kind in Kind)
    if told is None or told == "text":
        # What the record holds is any text, also where the form asks for it: a blank answer leaves the record's value.
        told = () if told is None and answers else (*sorted({code for part in variable.parts for code in _named(part)}), OTHER)
    codes = tuple(dict.fromkeys((*told, *answers)))
    several = variable.name not in ONE_VALUED and not set(codes) <= set(YES_NO)
    return _codes(variable, codes, several)


def _named(part: Mapping[str, Any]) -> tuple[str, ...]:
    if "in" in part:
        return tuple(part["in"])
    return (part["is"],) if "is" in part and "match" not in part else ()


def _codes(variable: Variable, codes: Iterable[str], several: bool) -> list[Any]:
    """Blank and each code; codes that no condition tells apart are tried once. With several also every set of these."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for code in codes:
        alike = tuple(code in _named(part) for part in variable.parts)
        groups.setdefault((*alike, code in ALONE and several), []).append(code)
    kinds = [group[0] for group in groups.values()]
    if not several:
        return [None, *kinds]
    together = [code for code in kinds if code not in ALONE]
    # Two codes of one group may stand together as well, but no condition sees a difference.
    sets = (one for size in range(1, len(together) + 1) for one in combinations(together, size))
    # One more than may be tried is as good as all of them: nothing is judged then.
    return [None, *islice(sets, MOST_COMBINATIONS + 1), *((code,) for code in kinds if code in ALONE)]


def _amounts(variable: Variable, form: Form, kind: str) -> list[Decimal]:
    """Each limit with its neighbours, as far as an answer can have them."""
    step = SMALLEST[kind]
    limits: set[Decimal] = set()
    for part in variable.parts:
        for operator in ("gt", "gte", "lt", "lte"):
            if operator in part:
                limits.add(Decimal(str(part[operator])))
        if "threshold" in part:
            limits |= {row.amount for row in form.thresholds[part["threshold"]]}
    tried = {value for limit in limits for value in (limit - step, limit, limit + step)} | {Decimal(0)}
    highest = HIGHEST_PERCENT if kind == "percent" else Decimal(10) ** 12 - step
    return sorted(value for value in tried if 0 <= value <= highest)


def _kind_of_sum(of: Sum, form: Form) -> str:
    """The finest kind of amount that a sum adds up; a total may pass what a single percent may not."""
    fields = [one for ask in form.by_id[of.entries].entries.fields for one in (ask, *within(ask).values())]  # type: ignore[union-attr]  # the check let the sum through, so this is a list
    return "money" if all(one.type == "money" for one in fields if one.id in of.of) else "number"


class Trial:
    """One combination of values as the scope of a condition; what is not shown is blank."""

    def __init__(self, form: Form, views: Mapping[int, View], view: View, values: Mapping[tuple[str, Any], Any]) -> None:
        self.form = form
        self.views = views
        self.view = view
        self.values = values
        self.matched: list[Mapping[str, Any]] = []
        self._shown: dict[int, bool] = {}

    def is_shown(self, one: Ask | Section) -> bool:
        """Whether a section, question or field is shown under this combination."""
        known = self._shown.get(id(one))
        if known is None:
            known = one.shows is None or self._from(one)
            if isinstance(one, Ask) and self.form.by_id.get(one.id) is one:
                known = known and self.is_shown(self.form.section_of[one.id])
            self._shown[id(one)] = known
        return known

    def _from(self, one: Ask | Section) -> bool:
        """Whether a show_if holds, read from where it stands: a field of an inner list may be called like one around it."""
        before, self.view = self.view, self.views.get(id(one), {})
        shown = one.shows is None or one.shows(self) is True
        self.view = before
        return shown

    def value(self, subject: str, name: str) -> Any:
        """The value tried; blank for what is not shown."""
        if subject == "filer":
            return self.values.get((subject, name))
        ask = self.form.by_id.get(name) if subject == "q" else self.view.get(name)
        tried = self.values.get((subject, ask if subject == "f" else name))
        return tried if ask is None or self.is_shown(ask) else None

    def unknown(self, subject: str, name: str) -> bool:
        """A trial knows everything."""
        return False

    def total(self, of: Sum) -> tuple[Decimal, bool]:
        """The total tried."""
        return self.values.get(("sum", of), Decimal(0)), False

    def threshold(self, name: str) -> tuple[str, Decimal]:
        """The row of the year tried; the nearest one where that year has none."""
        rows = self.form.thresholds[name]
        year = self.values.get(("year", ""), rows[-1].since)
        row = self.form.row(name, year) or rows[-1]
        return row.op, row.amount

    def found(self, match: Match) -> Sequence[Mapping[str, Any]]:
        """Whether a record fits at the level tried."""
        level = self.values.get(("match", (self.view[match.field], match.list)))
        if level is None or LEVELS.index(level) < LEVELS.index(match.level):
            return []
        if match.overlap and not self.values.get(("overlap", (self.view[match.field], match.list, match.overlap))):
            return []
        return [{}]

    def in_period(self, value: str) -> bool:
        """Whether the day tried lies in the period."""
        return value == "in"
