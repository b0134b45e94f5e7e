"""When a records request is due, and which answers the form marks before anybody looks."""

from datetime import date

import pytest

from coi.rules.removals import due_on, echoes, extended_to, premarked, remind_on
from coi.vocabulary import RemovalGround

HOLIDAYS = {date(2026, 1, 19), date(2026, 5, 25), date(2026, 11, 26), date(2026, 11, 27)}


def next_business_day(on: date) -> date:
    while on.weekday() >= 5 or on in HOLIDAYS:
        on = date.fromordinal(on.toordinal() + 1)
    return on


@pytest.mark.parametrize(
    ("received", "due", "more"),
    [
        ("2026-03-02", "2026-03-09", "2026-04-08"),  # Monday: the next Monday; 30 days on is a Wednesday
        ("2026-03-06", "2026-03-13", "2026-04-13"),  # Friday; 30 days on is a Sunday, so the Monday after
        ("2026-03-07", "2026-03-13", "2026-04-13"),  # it came on a Saturday: Monday is the first day
        ("2026-01-15", "2026-01-23", "2026-02-23"),  # a holiday in between; 30 days on is a Sunday
        ("2026-11-20", "2026-12-01", "2026-12-31"),  # two holidays and a weekend
        ("2026-05-25", "2026-06-01", "2026-07-01"),  # it came on a holiday
    ],
)
def test_five_business_days_and_thirty_days_more(received, due, more):
    last = due_on(date.fromisoformat(received), next_business_day)
    assert (last.isoformat(), extended_to(last, next_business_day).isoformat()) == (due, more)


def test_the_reminder_comes_two_business_days_before():
    assert remind_on(date(2026, 3, 9), next_business_day) == date(2026, 3, 5)
    assert remind_on(date(2026, 12, 1), next_business_day) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("field", "kind", "visibility", "value", "ground"),
    [
        ("org", "text", "public", "Acme", None),
        ("address", "address", "redact_if_home", {"text": "1 Elm St", "home": "yes"}, RemovalGround.HOME),
        ("address", "address", "redact_if_home", "1 Elm St", RemovalGround.HOME),
        ("address", "address", "redact_if_home", {"text": "1 Elm St", "home": "no"}, None),
        ("address", "address", "restricted", {"text": "1 Elm St", "home": "yes"}, RemovalGround.HOME),
        ("trip", "text", "restricted", "Vegas", RemovalGround.OFF_DUTY),
        ("hours", "text", "confidential", "Saturdays", RemovalGround.OFF_DUTY),
        ("person", "text", "confidential", "Maria", RemovalGround.FAMILY),
        ("amount", "money", "restricted", "12.50", RemovalGround.CONFIDENTIAL),
        ("secret", "text", "confidential", "x", RemovalGround.CONFIDENTIAL),
    ],
)
def test_what_is_marked_before_anybody_looks(field, kind, visibility, value, ground):
    assert premarked(field, kind, visibility, value) is ground


def test_the_same_words_elsewhere_are_found():
    kept = [("a", "I work at  Maria Lopez' shop"), ("b", "Something else"), ("c", "MARIA LOPEZ")]
    assert echoes("maria  lopez", kept) == ["a", "c"]
    assert echoes("Ann", [("a", "Hannah")]) == [], "a short word stands anywhere by chance"
