"""What a condition sees while a form is judged: questions so far, fields of the entry at hand, attributes, totals, records."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from coi.rules.conditions import COMPARES, LEVELS, Match, Sum, attribute
from coi.rules.form import Ask, Form
from coi.rules.likeness import normal
from coi.rules.periods import first_and_last


class AsksLists(Protocol):
    """The city's lists, as conditions ask them."""

    def loaded(self, name: str) -> bool:
        """Whether the city has loaded this list."""
        ...

    def find(self, name: str, text: str) -> Sequence[Any]:
        """Records that fit, the surest first, each with `level` and `record`."""
        ...


class About(Protocol):
    """Who files, about which year, on which day."""

    @property
    def filer(self) -> Mapping[str, Any]:
        """What the record knows of the filer."""
        ...

    @property
    def reporting_year(self) -> int:
        """The calendar year reported."""
        ...

    @property
    def signed_on(self) -> date:
        """The day of signing, or today."""
        ...

    @property
    def lists(self) -> AsksLists:
        """The city's lists."""
        ...


class Facts:
    """What all conditions of one pass share."""

    def __init__(self, form: Form, about: About) -> None:
        self.form = form
        self.about = about
        self.values: dict[str, Any] = {}
        self.not_loaded: set[str] = set()
        self._periods: dict[tuple[Any, ...], tuple[str, str]] = {}
        self._loaded: dict[str, bool] = {}
        self._found: dict[tuple[str, str], Sequence[Any]] = {}
        self._thresholds: dict[str, tuple[str, Decimal]] = {}

    def filer(self, name: str) -> Any:
        """An attribute: the filer's own answer where the form asks it and has one, else what the record knows."""
        asked = self.values.get(name)
        return asked if asked is not None else attribute(self.about.filer.get(name))

    def threshold(self, name: str) -> tuple[str, Decimal]:
        """Operator and amount for the reporting year."""
        if name not in self._thresholds:
            row = self.form.row(name, self.about.reporting_year)
            if row is None:
                raise LookupError(name)
            self._thresholds[name] = (row.op, row.amount)
        return self._thresholds[name]

    def in_period(self, value: str) -> bool:
        """Whether a date lies in the form's period."""
        answers = tuple(self.values.get(name) for name in self.form.period_asks)
        if answers not in self._periods:
            first, last = first_and_last(self.form, self.answered(), self.about.reporting_year, self.about.signed_on)
            self._periods[answers] = (first.isoformat(), last.isoformat())
        first_day, last_day = self._periods[answers]
        return first_day <= value <= last_day

    def answered(self) -> Mapping[str, Any]:
        """What the record knows of the filer, with the answers so far to what the form's period depends on in its place."""
        return {**self.about.filer, **{name: self.filer(name) for name in self.form.period_asks}}

    def is_loaded(self, name: str) -> bool:
        """Whether the city has loaded a list, asked once."""
        if name not in self._loaded:
            self._loaded[name] = self.about.lists.loaded(name)
        return self._loaded[name]

    def found(self, match: Match, text: str) -> list[Mapping[str, Any]]:
        """The records that fit at this level or surer, with the overlap that is asked."""
        if not self.is_loaded(match.list):
            self.not_loaded.add(match.list)
            return []
        known = (match.list, text)
        if known not in self._found:
            self._found[known] = self.about.lists.find(match.list, text)
        least = LEVELS.index(match.level)
        records = [one.record for one in self._found[known] if LEVELS.index(one.level) >= least]
        if match.overlap is None:
            return records
        mine = _names(self.filer(match.overlap[0]))
        return [record for record in records if mine & _names(attribute(record.get(match.overlap[1])))]


class Spot:
    """Where a condition stands: at a question (`own` is None), or in an entry, perhaps of a list inside a list."""

    __slots__ = ("_totals", "ask", "facts", "hidden", "matched", "number", "outer", "own", "reporting", "siblings")

    def __init__(
        self,
        facts: Facts,
        own: dict[str, Any] | None = None,
        outer: "Spot | None" = None,
        siblings: "list[Spot] | None" = None,
        number: int = 0,
        ask: Ask | None = None,
    ) -> None:
        self.facts = facts
        self.own = own
        self.outer = outer
        self.siblings = [] if siblings is None else siblings
        self.number = number
        self.ask = ask
        self.hidden: set[str] = set()
        self.matched: list[Mapping[str, Any]] = []
        self.reporting = False
        self._totals: dict[Sum, dict[Any, tuple[Decimal, bool]]] = {}

    def fields_of(self, ask: Ask) -> tuple[dict[str, Any], tuple[Ask, ...]]:
        """The values of this entry, to be filled, and the fields of its list."""
        own = {} if self.own is None else self.own
        return own, ask.entries.fields if ask.entries else ()

    def value(self, subject: str, name: str) -> Any:
        """The value of a question, field or attribute; a field is looked for in the nearest entry first."""
        if subject == "f":
            return self._field(name)
        if subject == "q":
            return self.facts.values.get(name)
        return self.facts.filer(name) if subject == "filer" else None

    def _field(self, name: str) -> Any:
        spot: Spot | None = self
        while spot is not None and spot.own is not None:
            if name in spot.own:
                return spot.own[name]
            spot = spot.outer
        return None

    def date_of(self, name: str) -> Any:
        """The date of the same entry, or of an earlier question."""
        return self.facts.values.get(name) if self.own is None else self.own.get(name)

    def unknown(self, subject: str, name: str) -> bool:
        """In a report_if a shown blank field is not known, and not under the line."""
        return self.reporting and subject == "f" and name not in self.hidden

    def threshold(self, name: str) -> tuple[str, Decimal]:
        """Operator and amount for the reporting year."""
        return self.facts.threshold(name)

    def in_period(self, value: str) -> bool:
        """Whether a date lies in the form's period."""
        return self.facts.in_period(value)

    def found(self, match: Match) -> list[Mapping[str, Any]]:
        """The records that fit the field's text."""
        return self.facts.found(match, str(self._field(match.field)))

    def name(self, of: Sum) -> Any:
        """By what this entry is added up; an entry without a name stands alone."""
        by = (self.own or {}).get(of.by)
        return normal(by) if isinstance(by, str) else self.number

    def total(self, of: Sum) -> tuple[Decimal, bool]:
        """The total of this entry's name, and whether a shown amount in it is blank; added up once for the list."""
        first = self.siblings[0]
        if of not in first._totals:
            first._totals[of] = _totals(self.siblings, of)
        total, is_open = first._totals[of][self.name(of)]
        return total, is_open and self.reporting


def _names(value: Any) -> set[str]:
    if isinstance(value, str):
        return {normal(value)}
    return {normal(one) for one in value or ()}


def _totals(spots: Sequence[Spot], of: Sum) -> dict[Any, tuple[Decimal, bool]]:
    totals: dict[Any, tuple[Decimal, bool]] = {}
    for spot in spots:
        amounts, is_open = _amounts(spot, of)
        before, was_open = totals.get(spot.name(of), (Decimal(0), False))
        totals[spot.name(of)] = (before + sum(amounts, Decimal(0)), was_open or is_open)
    return totals


def _amounts(spot: Spot, of: Sum) -> tuple[list[Decimal], bool]:
    """The amounts of one entry, also those of the lists inside, and whether one that is shown is blank."""
    amounts: list[Decimal] = []
    is_open = False
    skip = spot.facts.threshold(of.skip) if of.skip else None
    for one in spot.ask.entries.fields if spot.ask and spot.ask.entries else ():
        value = (spot.own or {}).get(one.id)
        if one.entries is None:
            if one.id not in of.of:
                continue
            if value is None:
                is_open = is_open or one.id not in spot.hidden
            elif skip is None or not COMPARES[skip[0]](Decimal(value), skip[1]):
                amounts.append(Decimal(value))
        elif any(inner.id in of.of for inner in one.entries.fields):
            is_open = is_open or (value is None and one.id not in spot.hidden)
            for inner_spot in value or ():
                more, more_open = _amounts(inner_spot, of)
                amounts += more
                is_open = is_open or more_open
    return amounts, is_open
