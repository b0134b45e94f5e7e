"""What of plans waits for the office, in the queue's numbers and in a letter; whom conditions bind when they leave."""

from datetime import timedelta

import pytest

from coi.plans import actions
from coi.plans.binding import bound
from coi.profiles.current import today
from coi.review import decisions
from coi.review.queue import three_numbers
from coi.vocabulary import PlanAnswered
from coi.workload.digests import in_words, news
from tests.appeals.appealing import appealed
from tests.disclosures.steps import now
from tests.plans.made import answered, draft, managed


def waits(cast, name) -> tuple[int, int]:
    told = three_numbers(cast[name].actor, today(now()))
    return told["on_me"], told["declined"]


def named(cast, plan) -> set[str]:
    """Whose letter of the morning names the plan."""
    who = ("sia", "sol", "olu", "ren")
    told = news([cast[name].person.id for name in who], now())
    return {name for name in who if plan.disclosure.reference in told[cast[name].person.id].plans}


def test_a_no_counts_among_what_waits_for_who_decided_until_they_looked_at_it(sign_in, db, cast, clock):
    plan = answered(managed(cast), cast, PlanAnswered.DECLINED, "I need this job.")
    first = next(name for name in ("sia", "sol") if cast[name].person.id == plan.decision.by_id)
    other = {"sia": "sol", "sol": "sia"}[first]
    assert (waits(cast, first), waits(cast, other)) == ((1, 1), (0, 0))
    assert named(cast, plan) >= {"sia", "sol"}
    page = sign_in(first).get("/review/").text
    assert "1 of what waits for me: conditions that their filer declined" in page
    assert "declined" not in sign_in(other).get("/review/").text
    actions.look_at(plan, "I called Finn.", cast[first].actor, now())
    db.session.commit()
    assert (waits(cast, first), named(cast, plan)) == ((0, 0), set())
    clock.shift(timedelta(days=7))
    assert (waits(cast, first), named(cast, plan) >= {first}) == ((1, 1), True)


def test_a_no_to_what_is_appealed_waits_as_the_appeal_does(db, cast):
    plan = answered(managed(cast), cast, PlanAnswered.DECLINED, "I need this job.")
    appealed(cast, plan.disclosure)
    assert {waits(cast, name) for name in ("sia", "sol")} == {(0, 0), (1, 0)}


def test_a_proof_for_the_office_is_named_in_the_morning(db, cast):
    plan = answered(managed(cast, draft("step_aside_party", confirms="office")), cast)
    assert named(cast, plan) == set()
    actions.say_done(plan.conditions[0], "I told the kitchen.", cast.finn.actor, now())
    db.session.commit()
    assert named(cast, plan) >= {"sia", "sol"}
    told = news([cast.sia.person.id], now())[cast.sia.person.id]
    assert told.something
    assert in_words(told).startswith("The conditions of 1 decided case are to be looked at:")


def kept(plan, cast) -> None:
    actions.say_done(plan.conditions[0], "Done.", cast.finn.actor, now())
    actions.confirm(plan.conditions[0], "", cast.sam.actor, now())


def ended(plan, cast) -> None:
    by = next(name for name in ("sia", "sol") if cast[name].person.id == plan.decision.by_id)
    actions.end_early(plan.conditions[0], "over", cast[by].actor, now())


def undone(plan, cast) -> None:
    by = next(name for name in ("sia", "sol") if cast[name].person.id == plan.decision.by_id)
    decisions.undo(plan.disclosure, cast[by].actor, now())


def yes(plan, cast) -> None:
    answered(plan, cast)


def no(plan, cast) -> None:
    answered(plan, cast, PlanAnswered.DECLINED, "no")


BINDS = {
    "not answered": ("at once", (), True),
    "declined": ("at once", (no,), True),
    "in force": ("at once", (yes,), True),
    "shown, and goes on": ("at once", (yes, kept), True),
    "done once and confirmed": ("30 days", (yes, kept), False),
    "ended early": ("at once", (yes, ended), False),
    "undone": ("at once", (undone,), False),
}


@pytest.mark.parametrize("what", BINDS)
def test_whom_conditions_still_bind(db, cast, what):
    due, steps, binds = BINDS[what]
    plan = managed(cast, draft("step_aside_party", due=due))
    for step in steps:
        step(plan, cast)
        db.session.commit()
    on = today(now())
    assert bound([cast.finn.person.id, cast.kit.person.id], on) == ({cast.finn.person.id} if binds else set())
