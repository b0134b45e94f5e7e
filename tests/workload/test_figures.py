"""What is open: every count is the one made straight from the tables, and only of cases that its reader may see."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from coi.languages import speaking
from coi.models import Decision, Disclosure
from coi.review import decisions
from coi.rules.deadlines import add_business_days
from coi.vocabulary import Outcome, Risk, State
from coi.workload import queries
from coi.workload.digests import week_in_words
from tests.disclosures.steps import now
from tests.factories import PersonFactory, filing
from tests.review.cases import case_of, decided, holder, tie

STATES = (State.SUBMITTED, State.IN_REVIEW, State.ESCALATED, State.RETURNED, State.DECIDED, State.DRAFT)


@pytest.fixture
def forty(db, cast):
    """Forty filings of all sorts, drawn with a fixed seed."""
    draw = random.Random(47)
    for _each in range(40):
        state = draw.choice(STATES)
        reader = None if state in (State.SUBMITTED, State.DRAFT) else cast[draw.choice(("olu", "ren", "sia"))].person
        made = filing(PersonFactory(), state, reader)
        made.first_submitted_at = now() - timedelta(days=draw.choice((0, 1, 6, 7, 8, 13, 14, 20, 41, 45, 90)))
        made.risk = draw.choice(list(Risk))
        made.due_at = now() + timedelta(days=draw.choice((-3, 3)))
        if state in (State.IN_REVIEW, State.RETURNED) and draw.random() < 0.4:
            made.waiting_on_filer_since = now()
    db.session.commit()


def age(disclosure):
    """The business days since the first signature, counted day by day."""
    from coi.profiles.current import current_profile, today

    on, days = today(disclosure.first_submitted_at), 0
    while on < today(now()):
        on = add_business_days(on, 1, current_profile().next_business_day)
        days += on <= today(now())
    return days


def band(days):
    return next(code for code, (first, last) in queries.AGES.items() if first <= days and (last is None or days <= last))


def by_hand(db, mine=None):
    """The counts, made from the rows one by one."""
    told = {"ages": Counter(), "late": 0, "with_filer": 0, "reviewers": Counter(), "priorities": Counter()}
    for one in db.session.scalars(select(Disclosure)):
        if one.state in (State.DECIDED, State.DRAFT, State.WITHDRAWN) or (mine is not None and one.reviewer_id != mine):
            continue
        waits = one.state is State.RETURNED or one.waiting_on_filer_since is not None
        told["ages"][band(age(one))] += 1
        told["with_filer"] += waits
        told["late"] += not waits and one.due_at < now()
        told["reviewers"][one.reviewer_id or 0] += 1
        told["priorities"][one.risk, band(age(one))] += 1
    return told


@pytest.mark.parametrize(("name", "whose"), [("sia", "all"), ("olu", "mine"), ("ren", "mine")])
def test_the_counts_are_those_of_the_tables(db, cast, forty, name, whose):
    actor = cast[name].actor
    assert queries.whose(actor) == whose
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    figures = queries.figures(actor, whose, now())
    assert len(statements) <= 12  # whatever the number of cases
    hand = by_hand(db, None if whose == "all" else actor.person_id)
    assert figures.ages == hand["ages"]
    assert (figures.late, figures.with_filer) == (hand["late"], hand["with_filer"])
    assert Counter({row.person_id: row.total for row in figures.reviewers}) == hand["reviewers"]
    counted = {(risk, code): number for risk, counter in figures.priorities.items() for code, number in counter.items() if number}
    assert counted == dict(hand["priorities"])


def test_a_case_in_conflict_is_counted_for_nobody_who_may_not_see_it(db, cast):
    made = case_of(cast)
    assert queries.figures(cast.sia.actor, "all", now()).total == 1
    tie(cast, "finn", "sia")
    assert queries.figures(cast.sia.actor, "all", now()).total == 0
    assert made.state is State.IN_REVIEW


def test_a_case_before_the_body_waits_for_a_meeting_and_is_not_without_a_reviewer(sign_in, db, cast):
    waits, lies = case_of(cast), filing(PersonFactory(), State.ESCALATED, None, desk="commission")
    lies.first_submitted_at = now()
    waits.state, waits.reviewer_id = State.SUBMITTED, None
    db.session.commit()
    figures = queries.figures(cast.sia.actor, "all", now())
    assert (figures.total, figures.nobody.total, figures.at_the_body.total) == (2, 1, 1)
    assert "Before the Ethics Commission" in sign_in("sia").get("/what-is-open/").text
    with speaking("es"):
        assert week_in_words(figures)["nobody"].splitlines() == [
            "Nadie tiene 1 de ellos.",
            "Ante el órgano que decide en reunión (Comisión de Ética): 1.",
        ]


def test_an_undone_decision_counts_in_no_week(db, cast, clock):
    made = decided(cast, Outcome.NOTED)
    who = cast[holder(made, cast)].actor
    assert [week.decided for week in queries.weeks(who, "mine", now())] == [0] * 7 + [1]
    assert queries.weeks(cast.sia.actor, "all", now())[-1].decided == 1
    decisions.undo(made, who, now())
    db.session.commit()
    assert queries.weeks(who, "mine", now())[-1].decided == 0
    assert len(db.session.scalars(select(Decision)).all()) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_and_its_picture(sign_in, db, cast, forty, language):
    cast.sia.account.language = language
    db.session.commit()
    figures = queries.figures(cast.sia.actor, "all", now())
    page = sign_in("sia").get("/what-is-open/")
    assert page.status_code == 200
    assert f"<strong>{figures.total}</strong>" in page.text
    assert "/review/?whose=all&amp;priority=now" in page.text
    picture = sign_in("sia").get("/what-is-open/picture.svg")
    assert picture.mimetype == "image/svg+xml"
    assert f">{figures.ages['31-']}</text>" in picture.text
    mine = sign_in("olu").get("/what-is-open/").text
    assert "Ren Reviewer" not in mine
