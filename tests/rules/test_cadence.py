"""Letters of a campaign: on which days, at most how many, and what a worker that slept makes up for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coi.rules.cadence import MOST_AFTER, MOST_BEFORE, Step, candidate, digest, heads_on, missed, steps

OPENS, DUE = date(2026, 3, 2), date(2026, 5, 1)


def weekday(on: date) -> bool:
    """A city without holidays."""
    return on.weekday() < 5


def test_the_cadence_of_a_spring_campaign():
    assert [(step.name, step.on) for step in steps(OPENS, DUE, weekday)] == [
        ("soon", date(2026, 2, 23)),
        ("invitation", date(2026, 3, 2)),
        ("half", date(2026, 4, 1)),
        ("week", date(2026, 4, 24)),
        ("two", date(2026, 4, 29)),
        ("due", date(2026, 5, 1)),
        ("late_1", date(2026, 5, 4)),
        ("late_5", date(2026, 5, 6)),
        ("late_15", date(2026, 5, 18)),
    ]


def test_two_days_before_a_monday_is_the_friday_before():
    planned = {step.name: step.on for step in steps(OPENS, date(2026, 5, 4), weekday)}
    assert planned["two"] == date(2026, 5, 1)


def test_a_profile_may_leave_a_letter_out():
    assert "half" not in [step.name for step in steps(OPENS, DUE, weekday, {"half": False, "week": True})]


def test_a_short_window_has_one_letter_a_day():
    planned = steps(date(2026, 4, 30), DUE, weekday)
    assert [step.name for step in planned][:3] == ["soon", "invitation", "due"]
    assert len({step.on for step in planned}) == len(planned)


def simulate(
    opens: date, due: date, asleep: frozenset[date] = frozenset(), cadence=None, since: date | None = None
) -> list[tuple[str, date]]:
    """What a worker writes that wakes on every business day but those of `asleep`, twice a day."""
    written: list[tuple[str, date]] = []
    first = since or opens
    for number in range((due - first).days + 40):
        on = first + timedelta(days=number)
        if weekday(on) and on not in asleep:
            for _time in range(2):
                step = candidate(steps(opens, due, weekday, cadence), written, on)
                if step is not None:
                    written.append((step.name, on))
    return written


def test_each_letter_is_written_once_on_its_day():
    first = OPENS - timedelta(days=10)
    assert simulate(OPENS, DUE, since=first) == [(step.name, step.on) for step in steps(OPENS, DUE, weekday)]


def test_coming_soon_is_no_invitation_and_is_not_sent_late():
    planned = steps(OPENS, DUE, weekday)
    soon = Step("soon", date(2026, 2, 23))
    assert candidate(planned, [], date(2026, 2, 22)) is None
    assert candidate(planned, [], date(2026, 2, 27)) == soon
    assert candidate(planned, [("soon", date(2026, 2, 27))], OPENS) == Step("invitation", OPENS)
    assert candidate(planned, [], OPENS) == Step("invitation", OPENS)


def test_a_letter_by_hand_is_the_letter_of_its_day_and_none_of_the_six():
    planned = steps(OPENS, DUE, weekday)
    before = [("soon", date(2026, 2, 23)), ("invitation", OPENS), ("half", date(2026, 4, 1))]
    by_hand = [("hand", date(2026, 4, number)) for number in range(2, 22)]
    assert candidate(planned, [*before, *by_hand], date(2026, 4, 24)) == Step("week", date(2026, 4, 24))
    assert candidate(planned, [*before, ("hand", date(2026, 4, 24))], date(2026, 4, 24)) is None


def test_what_came_while_the_worker_slept_is_named():
    planned = steps(OPENS, DUE, weekday)
    written = [("invitation", OPENS)]
    newest = candidate(planned, written, date(2026, 5, 6))
    assert newest is not None
    assert missed(planned, written, newest, OPENS) == ["half", "week", "two", "due", "late_1"]
    assert missed(planned, [], newest, date(2026, 5, 1)) == ["due", "late_1"]


@pytest.mark.parametrize(
    ("on", "name"),
    [(date(2026, 5, 5), None), (date(2026, 5, 6), "digest_5"), (date(2026, 5, 17), "digest_5"), (date(2026, 6, 30), "digest_15")],
)
def test_a_head_gets_the_newest_list_only(on, name):
    assert digest(DUE, on, weekday) == name


def test_heads_are_asked_three_weeks_before():
    assert heads_on(OPENS, weekday) == date(2026, 2, 9)


def test_a_worker_that_slept_writes_only_the_newest_of_what_it_missed():
    asleep = frozenset(date(2026, 3, 20) + timedelta(days=n) for n in range(41))
    assert [name for name, _on in simulate(OPENS, DUE, asleep)][:3] == ["invitation", "two", "due"]


def test_who_never_had_a_letter_is_invited_first():
    assert candidate(steps(OPENS, DUE, weekday), [], date(2026, 4, 27)) == Step("invitation", OPENS)


def test_who_never_had_a_letter_and_is_late_is_told_that():
    step = candidate(steps(OPENS, DUE, weekday), [], date(2026, 5, 7))
    assert step is not None
    assert step.name == "late_5"


def test_nothing_is_written_a_week_before_the_opening():
    assert candidate(steps(OPENS, DUE, weekday), [], date(2026, 2, 20)) is None


@given(st.integers(0, 120), st.sets(st.integers(0, 160), max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_there_are_never_more_than_six_before_and_three_after(window, asleep, extensions):
    opens, due = OPENS, OPENS + timedelta(days=window)
    written: list[tuple[str, date]] = []
    later = sorted(extensions)
    for number in range(window + 200):
        on = opens + timedelta(days=number)
        if later and number % 20 == 19:
            due += timedelta(days=later.pop())
        if weekday(on) and number not in asleep:
            step = candidate(steps(opens, due, weekday), written, on)
            if step is not None:
                written.append((step.name, on))
    after = [name for name, _on in written if name.startswith("late")]
    assert len(after) <= MOST_AFTER
    assert len(written) - len(after) <= MOST_BEFORE
    assert len({on for _name, on in written}) == len(written)


@pytest.mark.parametrize("due", [DUE + timedelta(days=n) for n in range(10)])
def test_every_letter_but_the_last_day_falls_on_a_business_day(due):
    assert all(weekday(step.on) for step in steps(OPENS, due, weekday) if step.name != "due")
