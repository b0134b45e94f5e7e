"""The period that a form is about: first and last day, both included."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from coi.rules.conditions import Plain
from coi.rules.form import Form

PERIODS = ("previous_calendar_year", "previous_calendar_year_and_today", "last_12_months")


def first_and_last(form: Form, filer: Mapping[str, Any], reporting_year: int, signed_on: date) -> tuple[date, date]:
    """The first period whose `for` fits the filer, whose answers to what the form asks of them win; the calendar year else."""
    known = Plain({"filer": filer})
    name = next((name for test, name in form.periods if test is None or test(known) is True), PERIODS[0])
    return days_of(name, reporting_year, signed_on)


def days_of(name: str, reporting_year: int, signed_on: date) -> tuple[date, date]:
    """The two days of a period by its name."""
    if name == "last_12_months":
        return a_year_before(signed_on) + timedelta(days=1), signed_on
    first = date(reporting_year, 1, 1)
    return first, date(reporting_year, 12, 31) if name == "previous_calendar_year" else signed_on


def a_year_before(day: date) -> date:
    """The same day a year ago; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
