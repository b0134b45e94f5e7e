"""What a review asked somebody to keep out of is over however the case ends, with entry and letters; nothing stands for ever."""

from typing import Any

import pytest
from sqlalchemy import select

from coi.disclosures import actions as filer_s
from coi.models import AuditEntry, Letter, StepAside
from coi.plans import interim
from coi.recusals import entering, queries
from coi.recusals.queries import over_on
from coi.review import decisions
from coi.rules.lifecycle import MOVES
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Action, Kind, Origin, Outcome, State
from tests.disclosures.steps import now
from tests.review.cases import at, case_of, holder

MATTER = "The catering of the July 4 picnic"


def withdraws(made, cast) -> None:
    filer_s.withdraw(made, cast.finn.actor, now())


def is_decided(made, cast) -> None:
    decisions.decide(made, Outcome.NOTED, "fine", "", cast[holder(made, cast)].actor, now(), **at(made))


def is_closed_by_rule(made, cast) -> None:
    decisions.decide_by_rule(made, "nil", SYSTEM, now())


def is_taken_back(made, cast) -> None:
    interim.take_away(made, cast[holder(made, cast)].actor, now())


# Each way in which a case ends, who is written down for it, and whether its filer needs a letter of their own about it.
WAYS: dict[Any, tuple[Any, str, bool]] = {
    Action.WITHDRAW: (withdraws, "finn", True),
    Action.DECIDE: (is_decided, "holder", False),
    Action.CLEAR_BY_RULE: (is_closed_by_rule, "system", True),
    "the officer": (is_taken_back, "holder", True),
}


def case(cast, way):
    made = case_of(cast)
    if way is Action.WITHDRAW:  # only what nobody asked for can be withdrawn
        made.kind = Kind.GIFT
    who = cast[holder(made, cast)].actor
    return made, interim.set_aside(made, MATTER, cast.kit.person.number, who, now())


def test_no_way_in_which_a_case_ends_is_missing_here():
    ends = {action for action, move in MOVES.items() if move.target in (State.DECIDED, State.WITHDRAWN)}
    assert ends == {way for way in WAYS if isinstance(way, Action)}


@pytest.mark.parametrize("way", list(WAYS))
def test_it_ends_with_an_entry_and_who_was_told_hears_of_it(db, cast, way):
    act, who, letter = WAYS[way]
    made, row = case(cast, way)
    by = {"finn": cast.finn.actor.name, "system": "system"}.get(who) or cast[holder(made, cast)].actor.name
    act(made, cast)
    db.session.commit()
    assert over_on(row) == now().date()
    entry = db.session.get(AuditEntry, row.steps[-1].seq)
    assert (entry.event, entry.actor, entry.subject) == ("recusal:over", by, f"recusal:{row.reference}")
    told = {(one.kind, one.person_id) for one in db.session.scalars(select(Letter))}
    assert {("recusal_over", cast.sam.person.id), ("recusal_over", cast.kit.person.id)} <= told
    assert (("interim_over", cast.finn.person.id) in told) is letter
    assert len(db.session.scalars(select(StepAside)).all()) == 1


def test_a_notice_of_before_a_new_supervisor_is_called_back_too(db, cast):
    made, row = case(cast, Action.WITHDRAW)
    cast.finn.person.supervisor_id = cast.ada.person.id
    db.session.flush()
    db.session.refresh(cast.finn.person)
    withdraws(made, cast)
    told = {one.person_id for one in db.session.scalars(select(Letter).where(Letter.kind == "recusal_over"))}
    assert told == {cast.sam.person.id, cast.ada.person.id, cast.kit.person.id}
    assert over_on(row) is not None


def test_while_it_is_looked_at_only_the_office_ends_it_and_afterwards_the_filer_can(sign_in, db, cast):
    made, row = case(cast, Action.WITHDRAW)
    db.session.commit()
    finn, over = sign_in("finn"), f"/stepping-aside/{row.reference}/over"
    assert 'action="' + over not in finn.get(f"/stepping-aside/{row.reference}").text
    assert finn.post(over, data={"on": now().date().isoformat()}).status_code == 422
    assert over_on(row) is None
    withdraws(made, cast)
    cause = entering.Cause(Origin.INTERIM, disclosure_id=made.id)  # a row that an older release left standing
    left = entering.enter(cast.finn.person, MATTER, MATTER, now().date(), None, cause, cast.olu.actor, now())
    db.session.commit()
    assert queries.may_step_back(left)
    url = f"/stepping-aside/{left.reference}"
    assert f'action="{url}/over"' in finn.get(url).text
    assert sign_in("sam").post(f"{url}/over", data={"on": now().date().isoformat()}).status_code == 404
    assert finn.post(f"{url}/over", data={"on": now().date().isoformat()}).status_code == 303
    db.session.expire_all()
    assert over_on(left) == now().date()
