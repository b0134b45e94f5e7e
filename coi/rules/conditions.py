"""The condition language of forms and profiles, compiled once: true, false, or open where an answer is not known yet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

COMPARES: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}
SUBJECTS = ("q", "f", "filer", "sum", "case")
OPERATORS = ("is", "in", "gt", "gte", "lt", "lte", "threshold", "answered")
LEVELS = ("possible", "likely", "exact")

# What a condition answers: None is open, "not known yet", and stands in a report_if only.
Truth = bool | None


@dataclass(frozen=True)
class Sum:
    """A total over the entries of one name; `skip` names a threshold whose amounts do not count."""

    entries: str
    by: str
    of: tuple[str, ...]
    skip: str | None = None


@dataclass(frozen=True)
class Match:
    """A name looked up in a list; `overlap` is (filer attribute, attribute of the record)."""

    field: str
    list: str
    level: str
    overlap: tuple[str, str] | None = None


class Scope(Protocol):
    """What a condition may ask; a blank is None, several codes are a tuple, numbers are Decimals or their text."""

    def value(self, subject: str, name: str) -> Any:
        """The value of a question (q), field (f) or attribute (filer, case), or None for blank and unknown."""
        ...

    def unknown(self, subject: str, name: str) -> bool:
        """Whether a comparison with this blank is open: a shown field in a report_if."""
        ...

    def total(self, of: Sum) -> tuple[Decimal, bool]:
        """The total at this entry, and whether something in it is still open."""
        ...

    def threshold(self, name: str) -> tuple[str, Decimal]:
        """Operator and amount of the row for the reporting year."""
        ...

    def found(self, match: Match) -> Sequence[Mapping[str, Any]]:
        """The records that fit."""
        ...

    def in_period(self, value: str) -> bool:
        """Whether a date lies in the form's period."""
        ...

    @property
    def matched(self) -> list[Mapping[str, Any]]:
        """Where the records behind a true condition are collected."""
        ...


Test = Callable[[Scope], Truth]


def compiled(when: Mapping[str, Any]) -> Test:
    """The condition as a function; expects a condition that the check let through."""
    group = next((key for key in GROUPS if key in when), None)
    if group is not None:
        return GROUPS[group](when)
    subject, name = subject_of(when)
    operator = next(key for key in OPERATORS if key in when)
    if subject == "sum":
        return _sum(sum_of(name), operator, when[operator])
    if operator == "answered":
        return _answered(subject, name, bool(when["answered"]))
    if operator in ("is", "in"):
        return _codes(subject, name, frozenset([when["is"]] if operator == "is" else when["in"]))
    return _number(subject, name, operator, when[operator])


def subject_of(when: Mapping[str, Any]) -> tuple[str, Any]:
    """Which subject a plain condition asks, and its name."""
    subject = next(key for key in SUBJECTS if key in when)
    return subject, when[subject]


def sum_of(given: Mapping[str, Any]) -> Sum:
    """The sum as data."""
    of = given["of"]
    return Sum(given["entries"], given["by"], (of,) if isinstance(of, str) else tuple(of), given.get("skip"))


def match_of(when: Mapping[str, Any]) -> Match:
    """The look-up as data."""
    overlap = when.get("overlap")
    pair = (overlap["filer"], overlap["attr"]) if overlap else None
    return Match(when["match"]["f"], when["match"]["list"], when["is"], pair)


def walk(when: Any) -> Iterator[Mapping[str, Any]]:
    """Every plain condition inside, from left to right."""
    if not isinstance(when, Mapping):
        return
    for key in ("all", "any"):
        if isinstance(when.get(key), Sequence) and not isinstance(when[key], str):
            for part in when[key]:
                yield from walk(part)
            return
    if "not" in when:
        yield from walk(when["not"])
        return
    yield when


def sums_in(when: Mapping[str, Any]) -> list[Sum]:
    """The sums that a condition asks."""
    return [sum_of(part["sum"]) for part in walk(when) if "sum" in part]


def _all(parts: Sequence[Test]) -> Test:
    def test(scope: Scope) -> Truth:
        mark, is_open = len(scope.matched), False
        for part in parts:
            truth = part(scope)
            if truth is False:
                del scope.matched[mark:]
                return False
            is_open = is_open or truth is None
        return None if is_open else True

    return test


def _any(parts: Sequence[Test]) -> Test:
    def test(scope: Scope) -> Truth:
        # Every part is asked, so that the reviewer is shown all records behind a flag.
        answers = [part(scope) for part in parts]
        if True in answers:
            return True
        return None if None in answers else False

    return test


def _not(part: Test) -> Test:
    def test(scope: Scope) -> Truth:
        mark = len(scope.matched)
        truth = part(scope)
        del scope.matched[mark:]
        return None if truth is None else not truth

    return test


def _blank(scope: Scope, subject: str, name: str) -> Truth:
    return None if scope.unknown(subject, name) else False


def _codes(subject: str, name: str, codes: frozenset[str]) -> Test:
    def test(scope: Scope) -> Truth:
        value = scope.value(subject, name)
        if value is None:
            return _blank(scope, subject, name)
        if isinstance(value, str):
            return value in codes
        return any(code in codes for code in value)

    return test


def _answered(subject: str, name: str, wanted: bool) -> Test:
    def test(scope: Scope) -> Truth:
        return (scope.value(subject, name) is not None) is wanted

    return test


def _number(subject: str, name: str, operator: str, against: Any) -> Test:
    fixed = None if operator == "threshold" else Decimal(str(against))

    def test(scope: Scope) -> Truth:
        value = scope.value(subject, name)
        if value is None:
            return _blank(scope, subject, name)
        by, amount = scope.threshold(against) if fixed is None else (operator, fixed)
        return COMPARES[by](Decimal(value), amount)

    return test


def _sum(of: Sum, operator: str, against: Any) -> Test:
    fixed = None if operator == "threshold" else Decimal(str(against))

    def test(scope: Scope) -> Truth:
        total, is_open = scope.total(of)
        by, amount = scope.threshold(against) if fixed is None else (operator, fixed)
        truth = COMPARES[by](total, amount)
        # What is not known can only add: a line that is reached stays reached, one that is kept below may not stay so.
        if is_open and truth is (by in ("lt", "lte")):
            return None
        return truth

    return test


def _match(match: Match) -> Test:
    def test(scope: Scope) -> Truth:
        if scope.value("f", match.field) is None:
            return _blank(scope, "f", match.field)
        records = scope.found(match)
        scope.matched.extend(record for record in records if record not in scope.matched)
        return bool(records)

    return test


def _in_period(field: str) -> Test:
    def test(scope: Scope) -> Truth:
        value = scope.value("f", field)
        if value is None:
            return _blank(scope, "f", field)
        return scope.in_period(value)

    return test


GROUPS: dict[str, Callable[[Mapping[str, Any]], Test]] = {
    "all": lambda when: _all([compiled(part) for part in when["all"]]),
    "any": lambda when: _any([compiled(part) for part in when["any"]]),
    "not": lambda when: _not(compiled(when["not"])),
    "match": lambda when: _match(match_of(when)),
    "in_period": lambda when: _in_period(when["in_period"]),
}


@dataclass
class Plain:
    """A scope of known attributes alone, as profiles and deadlines ask them."""

    facts: Mapping[str, Mapping[str, Any]]

    def __post_init__(self) -> None:
        self.matched: list[Mapping[str, Any]] = []

    def value(self, subject: str, name: str) -> Any:
        """The attribute as text or tuple of texts, or None."""
        return attribute(self.facts.get(subject, {}).get(name))

    def unknown(self, subject: str, name: str) -> bool:
        """Nothing is open here: a blank satisfies nothing."""
        return False

    def total(self, of: Sum) -> tuple[Decimal, bool]:
        """There are no entries."""
        return Decimal(0), False

    def threshold(self, name: str) -> tuple[str, Decimal]:
        """There are no thresholds; nothing is above this one."""
        return "gt", Decimal("Infinity")

    def found(self, match: Match) -> Sequence[Mapping[str, Any]]:
        """There are no lists."""
        return []

    def in_period(self, value: str) -> bool:
        """There is no period."""
        return False


def attribute(value: Any) -> Any:
    """What a record knows, as conditions see it: a text, a tuple of texts, or None for blank and for what is no text."""
    if isinstance(value, str):
        return value.strip(" \t\r\n\u00a0\u200b") or None
    if isinstance(value, list | tuple | set | frozenset):
        kept = tuple(one for one in (attribute(part) for part in value if isinstance(part, str)) if one)
        return kept or None
    return None


def holds(when: Mapping[str, Any], facts: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a condition of the profile is true for these facts: {"filer": {…}, "case": {…}}; a blank satisfies nothing."""
    return compiled(when)(Plain(facts)) is True
