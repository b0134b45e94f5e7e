"""Due dates: the grammar, weekends and holidays, business days, leave, and what one filing covers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coi.rules.deadlines import (
    Due,
    add_business_days,
    after_leave,
    counted_from,
    covers,
    due_on,
    next_weekday,
    on_leave,
    read_due,
)

HOLIDAYS = {date(2026, 5, 25), date(2026, 7, 3)}
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def workday(on: date) -> date:
    """The next business day of a city with two holidays."""
    while on.weekday() >= 5 or on in HOLIDAYS:
        on += timedelta(days=1)
    return on


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ("05-01", Due(month=5, day=1)),
        ("02-29", Due(month=2, day=29)),
        ("left_on", Due(event="left_on")),
        ("30_days_after_hired_on", Due(event="hired_on", days=30)),
        ("10_business_days_after_event", Due(event="event", days=10, business=True)),
        ("10_days_before_confirmation_vote", Due(event="confirmation_vote", days=-10)),
        ("5_days_after_Date-of-vote", Due(event="Date-of-vote", days=5)),
        ("3_business_days_before_vote", Due(event="vote", days=-3, business=True)),
    ],
)
def test_a_rule_is_read(rule, due):
    assert read_due(rule) == due


@pytest.mark.parametrize(
    "rule",
    ["", "13-01", "02-30", "5-1", "30 days after hired_on", "Hired on", "1_day_after_vote", "-3_days_after_event", "05-01\n"],
)
def test_another_text_is_refused(rule):
    with pytest.raises(ValueError):
        read_due(rule)


@pytest.mark.parametrize(
    ("rule", "events", "year", "expected"),
    [
        ("05-01", {}, 2025, date(2026, 5, 1)),  # a Friday in the year after the reporting year
        ("05-01", {}, 2026, date(2027, 5, 3)),  # a Saturday moves to Monday
        ("05-25", {}, 2025, date(2026, 5, 26)),  # a holiday moves on
        ("02-29", {}, 2025, date(2026, 3, 2)),  # no such day in 2026: March 1, a Sunday, moves on
        ("30_days_after_hired_on", {"hired_on": date(2026, 3, 2)}, 2025, date(2026, 4, 1)),
        ("30_days_after_hired_on", {"hired_on": None}, 2025, None),
        ("30_days_after_hired_on", {}, 2025, None),
        ("left_on", {"left_on": date(2026, 3, 7)}, 2025, date(2026, 3, 9)),
        ("10_business_days_after_event", {"event": date(2026, 5, 15)}, 2025, date(2026, 6, 1)),  # over Memorial Day
        ("2_business_days_before_event", {"event": date(2026, 5, 27)}, 2025, date(2026, 5, 22)),
        ("0_days_after_event", {"event": date(2026, 5, 27)}, 2025, date(2026, 5, 27)),
    ],
)
def test_a_rule_gives_its_day(rule, events, year, expected):
    assert due_on(rule, events, year, workday) == expected


@given(DAYS, st.integers(0, 60))
def test_business_days_are_counted_one_by_one(start, days):
    found = add_business_days(start, days, workday)
    between = [start + timedelta(days=n) for n in range(1, (found - start).days + 1)]
    assert sum(workday(day) == day for day in between) == days


@given(DAYS)
def test_the_next_weekday_is_the_first_that_is_one(on):
    moved = next_weekday(on)
    assert moved.weekday() < 5
    assert all((on + timedelta(days=n)).weekday() >= 5 for n in range((moved - on).days))


@pytest.mark.parametrize(
    ("leave_from", "leave_to", "expected"),
    [
        (None, None, date(2026, 5, 1)),
        (date(2026, 3, 1), date(2026, 3, 31), date(2026, 5, 1)),  # 30 days after April 1 is May 1
        (date(2026, 3, 1), date(2026, 4, 30), date(2026, 6, 1)),  # back on May 1, 30 days: May 31, a Sunday
        (date(2026, 4, 1), date(2026, 6, 2), date(2026, 7, 6)),  # July 3 is a holiday
        (date(2026, 5, 2), date(2026, 9, 1), date(2026, 5, 1)),  # went away when it was late already
        (date(2026, 3, 1), None, date(2026, 5, 1)),  # nobody knows yet when
        (date(2026, 3, 1), date.max, date(2026, 5, 1)),  # the same, as some rosters write it
    ],
)
def test_after_a_leave_there_are_thirty_days(leave_from, leave_to, expected):
    assert after_leave(date(2026, 5, 1), leave_from, leave_to, workday) == expected


@given(DAYS, DAYS, st.integers(0, 400))
def test_a_leave_never_makes_anything_due_earlier(due, start, length):
    assert after_leave(due, start, start + timedelta(days=length)) >= due


def test_a_leave_without_an_end_covers_every_later_day():
    assert on_leave(date(2026, 3, 1), None, date(2027, 1, 1))
    assert not on_leave(date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 6))
    assert not on_leave(None, None, date(2026, 3, 6))
    assert on_leave(date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 5))


def test_a_new_position_counts_from_the_later_of_event_and_being_told():
    assert counted_from(date(2026, 1, 1), date(2026, 3, 1)) == date(2026, 3, 1)
    assert counted_from(date(2026, 4, 1), date(2026, 3, 1)) == date(2026, 4, 1)
    assert counted_from(None, date(2026, 3, 1)) == date(2026, 3, 1)


@pytest.mark.parametrize(("days", "expected"), [(0, True), (90, True), (-90, True), (91, False), (-91, False)])
def test_a_filing_covers_what_is_due_within_ninety_days(days, expected):
    filed = date(2026, 3, 2)
    assert covers(filed + timedelta(days=days), filed) is expected
    assert not covers(None, filed)
