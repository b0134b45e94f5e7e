"""What is typed before a signature: kept over what was there, never over another window's words."""

import pytest
from sqlalchemy import func, select

from coi.db import db as database
from coi.disclosures import actions, queries
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import AuditEntry, Disclosure, Draft
from coi.vocabulary import Kind, State
from tests.disclosures.steps import A_JOB, complete, filed, now, owed, published, signature


def test_starting_twice_gives_the_same_draft(db, cast):
    obligation = owed(cast.finn.person)
    first = actions.start(obligation, cast.finn.actor, now())
    assert actions.start(obligation, cast.finn.actor, now()) is first
    assert db.session.scalar(select(func.count()).select_from(Disclosure)) == 1
    assert first.reference.startswith("COI-2026-")
    assert queries.draft_of(first).filer["level"] == "short"


def test_nobody_starts_or_types_another_persons_form(db, cast):
    obligation = owed(cast.finn.person)
    with pytest.raises(NotPossible):
        actions.start(obligation, cast.kit.actor, now())
    disclosure = actions.start(obligation, cast.finn.actor, now())
    for name in ("kit", "sam", "olu", "sia", "dee"):
        with pytest.raises(NotPossible):
            actions.save_draft(disclosure, {"has_gifts": "yes"}, {}, cast[name].actor, now(), 0)


def test_saving_merges_question_by_question(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    actions.save_draft(disclosure, {"has_gifts": "no"}, {}, cast.finn.actor, now(), 0)
    actions.save_draft(
        disclosure, {"has_power": "yes"}, {"7": {"receipt": "objection", "objection": "why"}}, cast.finn.actor, now(), 1
    )
    draft = queries.draft_of(disclosure)
    assert draft.answers == {"has_gifts": "no", "has_power": "yes"}
    assert draft.policies == {"7": {"receipt": "objection", "objection": "why"}}
    assert draft.revision == 2


def test_an_old_page_is_refused_and_what_was_there_stays(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    actions.save_draft(disclosure, {"has_gifts": "no"}, {}, cast.finn.actor, now(), 0)
    with pytest.raises(SomebodyWasFaster):
        actions.save_draft(disclosure, {"has_gifts": "yes"}, {}, cast.finn.actor, now(), 0)
    assert queries.draft_of(disclosure).answers == {"has_gifts": "no"}


def test_every_entry_has_a_key_of_its_own_that_stays(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    entry = A_JOB["outside_work"][0]
    draft = actions.save_draft(disclosure, {"outside_work": [entry, entry]}, {}, cast.finn.actor, now(), 0)
    one, two = (kept["_key"] for kept in draft.answers["outside_work"])
    assert one != two
    assert len(one) >= 8
    again = [*draft.answers["outside_work"], {**entry, "_key": one}, {**entry, "_key": "<b>"}, "no entry"]
    draft = actions.save_draft(disclosure, {"outside_work": again}, {}, cast.finn.actor, now(), 1)
    keys = [kept["_key"] for kept in draft.answers["outside_work"][:4]]
    assert keys[:2] == [one, two]
    assert len(set(keys)) == 4
    assert draft.answers["outside_work"][4] == "no entry"


def test_no_to_all_answers_every_door_and_nothing_else(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    draft = actions.no_to_all(disclosure, cast.finn.actor, now(), revision=0)
    found = queries.evaluated(draft, now().date(), agreed=True)
    assert found.faults == ()
    assert found.nil
    assert set(draft.answers.values()) == {"no"}
    assert "affirm" not in draft.answers
    with pytest.raises(SomebodyWasFaster):
        actions.no_to_all(disclosure, cast.finn.actor, now(), revision=0)


def test_discarding_a_new_filing_leaves_only_the_entry(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    reference = disclosure.reference
    actions.discard(disclosure, cast.finn.actor, now())
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Disclosure)) == 0
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
    newest = db.session.scalar(select(AuditEntry).order_by(AuditEntry.seq.desc()))
    assert (newest.event, newest.subject) == ("draft:discarded", f"disclosure:{reference}")


def test_discarding_a_correction_leaves_what_was_signed(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    actions.begin_correction(disclosure, "one job forgotten", cast.finn.actor, now())
    actions.discard(disclosure, cast.finn.actor, now())
    db.session.commit()
    kept = db.session.get(Disclosure, disclosure.id)
    assert (kept.version, queries.draft_of(kept)) == (1, None)


def test_a_signed_form_takes_no_more_typing(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    with pytest.raises(SomebodyWasFaster):
        actions.save_draft(disclosure, {"has_gifts": "yes"}, {}, cast.finn.actor, now(), 0)


def test_a_correction_needs_a_reason_and_begins_with_what_was_signed(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    with pytest.raises(Refused) as refusal:
        actions.begin_correction(disclosure, "  ", cast.finn.actor, now())
    assert refusal.value.field == "reason"
    draft = actions.begin_correction(disclosure, "the name was wrong", cast.finn.actor, now())
    assert draft.answers == queries.version_of(disclosure).answers
    assert actions.begin_correction(disclosure, "another reason", cast.finn.actor, now()) is draft
    assert draft.because == "another reason"
    with pytest.raises(NotPossible):
        actions.begin_correction(disclosure, "not mine", cast.kit.actor, now())


def test_a_gift_is_told_without_being_asked(db, cast):
    published()
    disclosure = actions.start_voluntary(Kind.GIFT, cast.finn.actor, now())
    assert actions.start_voluntary(Kind.GIFT, cast.finn.actor, now()) is disclosure
    assert (disclosure.kind, disclosure.state, disclosure.obligation_id) == (Kind.GIFT, State.DRAFT, None)
    with pytest.raises(NotPossible):
        actions.start_voluntary(Kind.ANNUAL, cast.finn.actor, now())


def test_a_form_that_is_not_published_is_said_to_be_so(db, cast):
    with pytest.raises(NotPossible):
        actions.start_voluntary(Kind.GIFT, cast.finn.actor, now())


def test_a_reference_that_is_taken_is_not_given_again(db, cast, monkeypatch):
    taken = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    offered = iter([taken.reference, taken.reference, "COI-2026-FREE34"])
    monkeypatch.setattr(actions, "new_reference", lambda _prefix: next(offered))
    assert actions.start(owed(cast.kit.person), cast.kit.actor, now()).reference == "COI-2026-FREE34"


def test_the_wording_to_agree_to_is_the_forms_own(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    draft = queries.draft_of(disclosure)
    assert queries.attestation(draft, now().date(), "es") == [
        "Lo que escribí es verdadero y completo según lo que sé hoy. Acepto firmar en esta pantalla; podía usar papel."
    ]
    complete(disclosure, cast.finn.actor)
    assert signature().agreed
    assert database is db
