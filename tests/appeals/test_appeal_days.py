"""Until when a decision can be appealed: to the end of the last day in the city's time, never a day on which nobody works."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coi.appeals import actions, queries
from coi.errors import NotPossible
from coi.models import Appeal, Decision
from coi.rules.appeals import BURDENS, burdens, effect, last_day
from coi.vocabulary import AppealEffect, Outcome
from tests.appeals.appealing import WHY, burdened, decision_of

CITY = ZoneInfo("America/New_York")


def holiday_on(*days: date):
    """A calendar with these holidays, and without Saturdays and Sundays."""

    def next_business_day(on: date) -> date:
        while on.weekday() >= 5 or on in days:
            on += timedelta(days=1)
        return on

    return next_business_day


@pytest.mark.parametrize(
    ("told", "days", "holidays", "last"),
    [
        (date(2026, 3, 2), 30, (), date(2026, 4, 1)),  # a Wednesday
        (date(2026, 3, 5), 30, (), date(2026, 4, 6)),  # a Saturday: the Monday after it
        (date(2026, 3, 6), 30, (), date(2026, 4, 6)),  # a Sunday
        (date(2026, 3, 2), 30, (date(2026, 4, 1),), date(2026, 4, 2)),  # a holiday
        (date(2026, 4, 24), 31, (date(2026, 5, 25),), date(2026, 5, 26)),  # a Monday that is one
        (date(2026, 3, 2), 1, (), date(2026, 3, 3)),
        (date(2028, 2, 28), 1, (), date(2028, 2, 29)),
    ],
)
def test_the_last_day(told, days, holidays, last):
    assert last_day(told, days, holiday_on(*holidays)) == last


def test_what_burdens_can_be_appealed():
    assert burdens(Outcome.REFERRED, ["step_aside_party"])
    assert {one for one in Outcome if burdens(one)} == BURDENS == {Outcome.ELIMINATED, Outcome.MANAGED, Outcome.NOT_PERMITTED}


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ((Outcome.MANAGED, ["b", "a"], {1: Outcome.NOTED}), AppealEffect.UPHELD),
        ((Outcome.MANAGED, ["a", "b"], {9: Outcome.MANAGED}), AppealEffect.UPHELD),
        ((Outcome.NOTED, ["a", "b"], {1: Outcome.NOTED}), AppealEffect.CHANGED),
        ((Outcome.MANAGED, ["a"], {1: Outcome.NOTED}), AppealEffect.CHANGED),
        ((Outcome.MANAGED, ["a", "b"], {1: Outcome.MANAGED}), AppealEffect.CHANGED),
    ],
)
def test_upheld_or_changed(after, found):
    assert effect((Outcome.MANAGED, ["a", "b"], {1: Outcome.NOTED}), after) is found


@pytest.mark.parametrize(
    ("when", "fine"),
    [
        (datetime(2026, 4, 1, 23, 59, 59, tzinfo=CITY), True),
        (datetime(2026, 4, 2, 0, 0, tzinfo=CITY), False),
        (datetime(2026, 4, 2, 0, 1, tzinfo=CITY), False),
    ],
)
def test_the_last_minute_in_the_city(db, cast, when, fine):
    made = burdened(cast)
    told = {"decision": decision_of(made).reference, "language": "en"}
    if fine:
        assert actions.appeal(made, WHY, cast.finn.actor, when, **told).until == date(2026, 4, 1)
        return
    with pytest.raises(NotPossible, match="April 1, 2026"):
        actions.appeal(made, WHY, cast.finn.actor, when, **told)
    assert db.session.query(Appeal).count() == 0


def test_days_count_from_when_the_letter_leaves(db, cast):
    made = burdened(cast)
    decision = decision_of(made)
    late = Decision(
        outcome=Outcome.ELIMINATED, conditions=[], interests=[], at=datetime(2026, 3, 2, 23, 57, tzinfo=CITY), id=decision.id + 1
    )
    assert queries.until_of(late) == date(2026, 4, 2)
    assert queries.counted_from(datetime(2026, 3, 2, 23, 54, tzinfo=CITY)) == date(2026, 4, 1)


def test_who_comes_too_late_reads_when_it_ended_and_keeps_the_text(sign_in, db, cast, clock):
    made = burdened(cast)
    reference = decision_of(made).reference
    clock.move_to(datetime(2026, 4, 2, 9, 0, tzinfo=CITY))
    finn = sign_in("finn")
    page = finn.get(f"/filings/{made.reference}/appeal").text
    assert "The time to appeal this decision ended with April 1, 2026." in page
    assert "Call " in page
    assert "<textarea" not in page
    reply = finn.post(f"/filings/{made.reference}/appeal", data={"decision": reference, "reason": WHY})
    assert reply.status_code == 422
    assert "The time to appeal ended on April 1, 2026" in reply.text
    assert "The shop is my mother" in reply.text
    assert "The time to appeal ended on" in finn.get(f"/filings/{made.reference}").text
