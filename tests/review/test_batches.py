"""Filings decided together: alike facts, a sample that anybody can draw again, opened before one press decides; never half."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from coi.audit.chain import sha256
from coi.disclosures.facts import open_assignment
from coi.errors import Refused, SomebodyWasFaster
from coi.models import AuditEntry, BatchStep, Decision, Disclosure, Letter, ReviewBatch, RoleGrant
from coi.review import actions, batches, decisions, queries, together
from coi.review.assignment import reassign
from coi.rules import sampling
from coi.rules.lifecycle import BY_REVIEWER
from coi.vocabulary import BatchAct, LeftOut, Outcome, Risk, Role, State
from tests.disclosures.steps import A_JOB, filed, now
from tests.factories import PersonFactory, an_entry
from tests.review.cases import tie

REASON = "Nothing to declare."


def only_olu(db) -> None:
    """One reviewer, who gets everything."""
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.REVIEWER)):
        if grant.account.email != "olu@city.example":
            grant.ended_seq = an_entry()
    db.session.flush()


def filings(db, cast, count, answers=None) -> list[Disclosure]:
    """Filings of so many new people, all with Olu."""
    only_olu(db)
    made = []
    for number in range(count):
        person = PersonFactory(name=f"Nil {number:03} of Parks")
        filer = cast.kit.actor.__class__(f"account:9{number:03}", person.id)
        made.append(filed(person, filer, key=f"key {number} {bool(answers)}", answers=answers))
    db.session.commit()
    return made


def begun(db, cast, count=3, **more) -> ReviewBatch:
    made = filings(db, cast, count, **more)
    (group,) = together.groups(cast.olu.actor, "mine")
    batch = batches.begin(group, [one.reference for one in made], "once", cast.olu.actor, now())
    db.session.commit()
    return batch


def opened(sign_in, batch, name="olu") -> None:
    """The sample is opened on its pages and confirmed."""
    browser = sign_in(name)
    for reference in [one.disclosure.reference for one in batches.to_open(batch)]:
        at = f"/review/batches/{batch.reference}/{reference}"
        assert browser.get(at).status_code == 200
        assert browser.post(f"{at}/look", data={"answer": "as_expected"}).status_code == 303


def decide(batch, cast, name="olu", outcome=Outcome.NO_CONFLICT) -> batches.Done:
    return batches.decide(batch, outcome, REASON, "", cast[name].actor, now())


def test_a_batch_is_previewed_opened_and_decided_through_its_pages(sign_in, db, cast):
    made = filings(db, cast, 4)
    olu = sign_in("olu")
    page = olu.get("/review/together").text
    assert "4 filings: " in page
    assert "Nothing to declare: no list has an entry" in page
    (group,) = together.groups(cast.olu.actor, "mine")
    preview = olu.get(f"/review/together/{group.key}").text
    assert all(one.reference in preview for one in made)
    chosen = [one.reference for one in made[1:]]
    data = {"once": "abc", "filings": chosen}
    assert {olu.post(f"/review/together/{group.key}", data=data).location for _press in range(2)} != set()
    batch = db.session.scalars(select(ReviewBatch)).one()
    at = f"/review/batches/{batch.reference}"
    assert olu.post(f"{at}/decide", data={"outcome": "no_conflict", "reason": REASON}).status_code == 422
    opened(sign_in, batch)
    for _press in range(2):
        assert olu.post(f"{at}/decide", data={"outcome": "no_conflict", "reason": REASON}).status_code == 303
    db.session.expire_all()
    rows = db.session.scalars(select(Decision)).all()
    assert sorted(one.disclosure_id for one in rows) == sorted(one.id for one in made[1:])
    assert {(one.outcome, one.by_id, one.batch_id) for one in rows} == {(Outcome.NO_CONFLICT, cast.olu.person.id, batch.id)}
    assert len({one.seq for one in rows}) == 3
    assert [one.state for one in made] == [State.IN_REVIEW, *[State.DECIDED] * 3]
    assert all(open_assignment(one) is None for one in made[1:])
    letters = db.session.scalars(select(Letter).where(Letter.kind == "outcome")).all()
    assert {one.due_at for one in letters} == {now() + queries.UNDO_WITHIN}
    assert len(letters) == 3
    page = olu.get(at).text
    assert "3 filings have each their own decision." in page
    assert "Undo all of them" in page


def test_alike_means_the_same_form_kind_lists_and_tasks(db, cast):
    filings(db, cast, 2)
    jobs = filings(db, cast, 2, answers=A_JOB)
    keys = {one.key: len(one.members) for one in together.groups(cast.olu.actor, "mine")}
    assert len(keys) == 2
    assert jobs[0].risk.rank <= Risk.LOW.rank
    actions.set_risk(jobs[0], Risk.MEDIUM, "look closer", cast.olu.actor, an_entry())
    db.session.commit()
    assert [one.nil for one in together.groups(cast.olu.actor, "mine")] == [True]


def test_who_lists_it_may_decide_it(db, cast):
    made = filings(db, cast, 3)
    assert together.groups(cast.ren.actor, "mine") == []
    assert together.groups(cast.ren.actor, "all") == []
    assert together.groups(cast.ada.actor, "all") == []
    assert len(together.groups(cast.sia.actor, "all")[0].members) == 3
    tie(cast, "sia", "finn")
    made[0].desk = "outside_counsel"
    actions.ask(made[1], "Really?", cast.olu.actor, now(), version=1, state="in_review")
    db.session.commit()
    assert together.groups(cast.sia.actor, "all") == []


def test_the_sample_can_be_drawn_again_from_the_log_alone(db, cast):
    batch = begun(db, cast, 5)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "batch:begun")).one()
    told = json.loads(entry.details)
    order = sorted(told["filings"], key=lambda one: sha256(f"{told['seed']}:{one}"))
    drawn = json.loads(db.session.scalars(select(AuditEntry.details).where(AuditEntry.event == "batch:drawn")).one())
    assert drawn["filings"] == order[:1] == [one.disclosure.reference for one in batches.drawn(batch)]


def test_what_was_read_before_the_draw_is_no_proof(sign_in, db, cast):
    made = filings(db, cast, 2)
    olu = sign_in("olu")
    for one in made:
        olu.get(f"/review/{one.reference}")
    (group,) = together.groups(cast.olu.actor, "mine")
    batch = batches.begin(group, [one.reference for one in made], "once", cast.olu.actor, now())
    with pytest.raises(Refused):
        batches.look(batch, batches.to_open(batch)[0], True, cast.olu.actor, now())
    db.session.commit()
    opened(sign_in, batch)
    assert batches.to_open(batch) == []
    assert db.session.scalars(select(BatchStep.read_seq)).one() > batch.seq


def test_one_that_is_not_as_expected_doubles_the_sample_and_a_second_one_stops(sign_in, db, cast):
    batch = begun(db, cast, 5)
    first = batches.to_open(batch)[0]
    olu, at = sign_in("olu"), f"/review/batches/{batch.reference}"
    for wanted in (2, 0):
        member = batches.to_open(batch)[0].disclosure.reference
        olu.get(f"{at}/{member}")
        assert olu.post(f"{at}/{member}/look", data={"answer": "not_expected"}).status_code == 303
        db.session.expire_all()
        assert len(batches.to_open(batch)) == wanted or batches.end_of(batch) is not None
    assert first not in batches.still_in(batch)
    assert batches.end_of(batch).step is BatchAct.STOPPED
    with pytest.raises(SomebodyWasFaster):
        decide(batch, cast)
    assert "Two of the sample were not as expected" in olu.get(at).text
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 0


def test_taking_out_a_drawn_one_draws_the_next(db, cast):
    batch = begun(db, cast, 4)
    order = [one.id for one in batch.members]
    batches.take_out(batch, batch.members[0], cast.olu.actor, now())
    batches.take_out(batch, batch.members[0], cast.olu.actor, now())
    assert [one.id for one in batches.to_open(batch)] == [order[1]]
    assert [one.id for one in batches.still_in(batch)] == order[1:]


def test_what_has_changed_meanwhile_is_left_out_and_named(sign_in, db, cast):
    batch = begun(db, cast, 8)
    opened(sign_in, batch)
    moved, asked, given, newer, raised, tied = batch.members[2:8]
    actions.escalate(moved.disclosure, Outcome.REFERRED, "look", cast.olu.actor, now(), version=1, state="in_review")
    actions.ask(asked.disclosure, "Really?", cast.olu.actor, now(), version=1, state="in_review")
    reassign(given.disclosure, cast.sol.person.id, str(cast.olu.person.id), cast.sia.actor, now())
    actions.set_risk(raised.disclosure, Risk.HIGH, "so", cast.olu.actor, an_entry())
    correct(newer.disclosure)
    actions.confirm_tie(tied.disclosure, cast.olu.person.id, "relation", cast.sia.actor, now())
    db.session.commit()
    assert decide(batch, cast).decided == 2
    left = {one.id: why for one, why in batches.done_of(batch).left_out}
    assert left == {
        moved.disclosure_id: LeftOut.MOVED,
        asked.disclosure_id: LeftOut.ASKED,
        given.disclosure_id: LeftOut.GIVEN_AWAY,
        newer.disclosure_id: LeftOut.NEWER_VERSION,
        raised.disclosure_id: LeftOut.PRIORITY,
        tied.disclosure_id: left[tied.disclosure_id],
    }
    assert left[tied.disclosure_id] in (LeftOut.CONFLICT, LeftOut.MOVED, LeftOut.GIVEN_AWAY)
    db.session.commit()
    page = sign_in("olu").get(f"/review/batches/{batch.reference}").text
    assert str(LeftOut.NEWER_VERSION.label) in page
    assert moved.disclosure.reference in page


def correct(disclosure) -> None:
    """Its filer signs another version; what else follows from it is not looked at here."""
    from coi.models import DisclosureVersion

    first = decisions.newest_version(disclosure)
    columns = {name: getattr(first, name) for name in ("questionnaire_id", "record", "sha256", "answers", "filer", "language")}
    around = {"signed_at": now(), "signed_name": "x", "nil": True, "idempotency_key": f"2 {first.id}", "seq": an_entry()}
    row = DisclosureVersion(disclosure_id=disclosure.id, number=2, **columns, **around)
    from coi.db import db

    db.session.add(row)
    db.session.flush()
    disclosure.version = 2


def test_a_batch_is_undone_whole_or_one_by_one_within_five_minutes(sign_in, db, cast, clock):
    batch = begun(db, cast, 3)
    opened(sign_in, batch)
    decide(batch, cast)
    one = batch.members[0].disclosure
    decisions.undo(one, cast.olu.actor, now())
    db.session.commit()
    assert sign_in("olu").post(f"/review/batches/{batch.reference}/undo").status_code == 303
    db.session.expire_all()
    assert {member.disclosure.state for member in batch.members} == {State.IN_REVIEW}
    assert set(db.session.scalars(select(Letter.dropped).where(Letter.kind == "outcome"))) == {"undone"}
    assert [one.nil for one in together.groups(cast.olu.actor, "mine")] == [True]


def test_after_five_minutes_nothing_is_undone(sign_in, db, cast, clock):
    batch = begun(db, cast, 2)
    opened(sign_in, batch)
    decide(batch, cast)
    db.session.commit()
    clock.shift(timedelta(minutes=6))
    assert sign_in("olu").post(f"/review/batches/{batch.reference}/undo").status_code == 422
    db.session.expire_all()
    assert {member.disclosure.state for member in batch.members} == {State.DECIDED}


def test_a_batch_is_its_makers_alone(sign_in, db, cast):
    batch = begun(db, cast, 2)
    at = f"/review/batches/{batch.reference}"
    for name in ("ren", "sia", "finn"):
        assert sign_in(name).get(at).status_code == 404
        assert sign_in(name).post(f"{at}/decide", data={"outcome": "noted", "reason": "x"}).status_code == 404
        opens = sign_in(name).get(f"{at}/{batch.members[0].disclosure.reference}").status_code
        assert opens == (200 if name == "sia" else 404)


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in BY_REVIEWER])
def test_nothing_grave_is_decided_together(sign_in, db, cast, outcome):
    batch = begun(db, cast, 2)
    with pytest.raises(Refused):
        decide(batch, cast, outcome=outcome)
    row = {"batch_id": batch.id, "step": BatchAct.DECIDED, "by_id": cast.olu.person.id, "at": now(), "seq": an_entry()}
    db.session.add(BatchStep(outcome=outcome, **row))
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize(
    ("count", "percent", "unexpected", "wanted"),
    [(1, 5, 0, 1), (19, 5, 0, 1), (20, 5, 0, 3), (100, 5, 0, 5), (100, 5, 1, 10), (2, 0, 0, 1), (3, 100, 1, 3), (61, 5, 0, 4)],
)
def test_how_many_are_drawn(count, percent, unexpected, wanted):
    assert sampling.size(count, percent, unexpected) == wanted


def test_the_order_is_that_of_the_hashes():
    order = sampling.in_order("seed", ["COI-A", "COI-B", "COI-C"])
    assert order == sorted(order, key=lambda one: sha256(f"seed:{one}"))
    assert sampling.in_order("other", order) != order or sampling.in_order("third", order) != order
