"""One signature: one immutable version, its record, what it raises, where it goes; the same key never signs twice."""

import contextvars
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from coi.audit.chain import canonical_json, first_fault, sha256
from coi.audit.queries import links
from coi.db import transaction
from coi.disclosures import actions, queries
from coi.disclosures.record import read, readable, text_of
from coi.disclosures.signing import FaultsRemain, sign
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import speaking
from coi.models import (
    Account,
    Assignment,
    AuditEntry,
    Disclosure,
    DisclosureVersion,
    Flag,
    Interest,
    Letter,
    Obligation,
    PriorityRow,
    Settlement,
    Transition,
)
from coi.rules.permissions import Actor
from coi.vocabulary import Kind, Outcome, Risk, State
from tests.disclosures.steps import A_JOB, by_mistake, complete, filed, now, owed, published, signature, versions
from tests.factories import AccountFactory, PersonFactory

A_GIFT = {
    "has_gifts": "yes",
    "gifts": [
        {
            "giver": "Acme",
            "owner": "me",
            "kind": "meal",
            "value": "20",
            "date": "2025-06-01",
            "kept": "kept",
            "my_part": "no",
        },
        {
            "giver": "Beta",
            "owner": "me",
            "kind": "cash_or_gift_card",
            "value": "$5" if False else "5",
            "date": "2025-06-02",
            "kept": "kept",
            "my_part": "no",
        },
    ],
}


def draft_of_finn(cast: Any, **answers: Any) -> Disclosure:
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(disclosure, cast.finn.actor, **answers)
    return disclosure


def test_a_signature_becomes_a_version_an_entry_a_case_and_a_receipt(db, cast):
    disclosure = draft_of_finn(cast, **A_JOB)
    version = sign(disclosure, signature(), cast.finn.actor, now())
    assert (disclosure.state, disclosure.version, version.number) == (State.IN_REVIEW, 1, 1)
    assert disclosure.reviewer_id in (cast.olu.person.id, cast.ren.person.id)
    entry = db.session.get(AuditEntry, version.seq)
    details = json.loads(entry.details)
    assert entry.event == "disclosure:submitted"
    assert details["sha256"] == version.sha256 == sha256(version.record)
    assert details["signature"] == "passphrase"
    assert [one.action for one in queries.history(disclosure)] == ["submit", "assign"]
    assert db.session.scalars(select(Letter.kind)).all() == ["receipt"]
    obligation = db.session.get(Obligation, disclosure.obligation_id)
    assert obligation.settled_on is not None
    assert db.session.scalar(select(Settlement.disclosure_id)) == disclosure.id
    assert disclosure.first_submitted_at == now()
    assert disclosure.due_at > now()
    assert queries.draft_of(disclosure) is None
    assert first_fault(links()) is None


def test_the_record_holds_everything_the_signature_stands_on(db, cast):
    version = sign(draft_of_finn(cast, **A_JOB), replace(signature(), language="es"), cast.finn.actor, now())
    told = read(version.record)
    assert told["person"]["id"] == cast.finn.person.id
    assert told["person"]["name"] == cast.finn.person.name
    assert told["sign_in"]["method"] == "passphrase"
    assert told["sign_in"]["at"] == "2026-03-02T15:04:05.000000Z"
    questions = {question["id"]: question for section in told["asked"] for question in section["questions"]}
    assert questions["has_outside_work"]["title"] == "¿Tiene otro trabajo pagado o un negocio propio?"
    assert questions["has_outside_work"]["choices"] == [["yes", "Sí"], ["no", "No"]]
    assert "contracts" not in questions
    assert told["form"]["version"] == version.questionnaire.version
    assert told["form"]["sha256"] == version.questionnaire.sha256
    assert told["answers"] == version.answers
    assert told["attestation"]["language"] == "es"
    assert told["attestation"]["text"][0].startswith("Lo que escribí es verdadero")
    assert told["act"] == {"agreed": True, "typed_name": "finn  F. ✓", "button": "Sign and send"}
    assert told["time"]["utc"] == "2026-03-02T15:04:05.000000Z"
    assert told["time"]["city"] == "2026-03-02T10:04:05-05:00"
    assert told["time"]["zone"] == "America/New_York"
    assert told["time"]["zone_rules"]
    assert told["origin"] == {"address": "192.0.2.7", "agent": "a browser"}
    assert told["request"] == {"idempotency_key": "key-1", "request_id": "req-1"}
    assert told["previous"] == ""


def test_the_record_reads_back_to_the_same_bytes_and_so_does_its_copy(db, cast):
    version = sign(draft_of_finn(cast, **A_JOB), signature(), cast.finn.actor, now())
    db.session.commit()
    kept = db.session.get(DisclosureVersion, version.id)
    copy = readable(read(kept.record))
    for _upgrade in range(10):
        assert text_of(read(kept.record)) == kept.record == canonical_json(json.loads(kept.record))
        assert readable(read(kept.record)) == copy
    assert "José Ñuñez-O'Brien, Jr. Catering" in copy
    assert "=1+1" in copy
    assert "Not answered" not in copy.split("Tell us about each job")[0]


def test_the_same_key_signs_once(db, cast):
    disclosure = draft_of_finn(cast)
    first = sign(disclosure, signature(), cast.finn.actor, now())
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    assert sign(disclosure, signature(), cast.finn.actor, now()) is first
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries
    assert len(versions(disclosure)) == 1


def test_another_key_after_the_signature_is_told_that_it_is_signed(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    with pytest.raises(SomebodyWasFaster):
        sign(disclosure, signature("key-2"), cast.finn.actor, now())


def test_the_same_key_of_two_people_signs_two_forms(db, cast):
    one = filed(cast.finn.person, cast.finn.actor, key="the same")
    two = filed(cast.kit.person, cast.kit.actor, key="the same")
    assert versions(one)[0].id != versions(two)[0].id


def test_nobody_else_signs(db, cast):
    disclosure = draft_of_finn(cast)
    for name in ("kit", "sam", "olu", "sia", "dee", "ada"):
        with pytest.raises(NotPossible):
            sign(disclosure, signature(name), cast[name].actor, now())
    assert versions(disclosure) == []


def test_an_unfinished_form_is_not_signed_and_names_every_fault(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    actions.save_draft(disclosure, {"has_outside_work": "yes"}, {}, cast.finn.actor, now(), 0)
    with pytest.raises(FaultsRemain) as refusal:
        sign(disclosure, signature(), cast.finn.actor, now())
    paths = {fault.path for fault in refusal.value.evaluation.faults}
    assert {"outside_work", "has_contract", "has_gifts"} <= paths
    assert "affirm" not in paths
    assert versions(disclosure) == []
    assert queries.draft_of(disclosure).answers == {"has_outside_work": "yes"}


@pytest.mark.parametrize("name", ["", "   ", "\u00a0\u200b"])
def test_no_name_is_no_signature(db, cast, name):
    with pytest.raises(Refused) as refusal:
        sign(draft_of_finn(cast), signature(signed_name=name), cast.finn.actor, now())
    assert refusal.value.field == "signed_name"


@pytest.mark.parametrize("name", ["X", "somebody else entirely", "=cmd|' /C calc'!A0", "ñ" * 200])
def test_a_name_is_taken_as_typed(db, cast, name):
    version = sign(draft_of_finn(cast), signature(signed_name=name), cast.finn.actor, now())
    assert version.signed_name == name


def test_who_does_not_agree_does_not_sign(db, cast):
    with pytest.raises(Refused) as refusal:
        sign(draft_of_finn(cast), signature(agreed=False), cast.finn.actor, now())
    assert refusal.value.field == "agreed"


def test_what_was_changed_after_the_review_is_looked_at_again(db, cast):
    disclosure = draft_of_finn(cast)
    with pytest.raises(SomebodyWasFaster):
        sign(disclosure, signature(revision=0), cast.finn.actor, now())
    assert sign(disclosure, signature(revision=1), cast.finn.actor, now()).number == 1


def test_a_signature_after_a_code_from_the_desk_says_so(db, cast):
    cast.finn.account.last_code_by_desk = True
    version = sign(draft_of_finn(cast), signature(), cast.finn.actor, now())
    assert read(version.record)["sign_in"]["method"] == "passphrase+desk_code"


def test_flags_and_interests_hang_on_the_keys_of_their_entries(db, cast):
    version = sign(draft_of_finn(cast, **A_GIFT), signature(), cast.finn.actor, now())
    gifts = version.answers["gifts"]
    flags = db.session.scalars(select(Flag).order_by(Flag.id)).all()
    assert [(flag.risk, flag.question_id, flag.entry_number, flag.entry_key) for flag in flags] == [
        (Risk.CRITICAL, "gifts", 1, gifts[1]["_key"])
    ]
    interests = db.session.scalars(select(Interest)).all()
    # The meal of $20 is under the line: kept and signed, but nothing to decide.
    assert [(one.entry_number, one.party, one.risk) for one in interests] == [(1, "Beta", Risk.CRITICAL)]
    assert [(one.party_search, one.party_normal) for one in interests] == [("beta", "beta")]
    disclosure = version.disclosure
    assert (disclosure.risk, disclosure.rank, disclosure.nil) == (Risk.CRITICAL, 0, False)
    assert db.session.scalar(select(PriorityRow.risk)) is Risk.CRITICAL
    assert disclosure.desk == "chief"
    assert {flag.seq for flag in flags} == {version.seq}


def test_nothing_to_declare_is_nil_and_still_reaches_a_reviewer(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    assert (disclosure.nil, disclosure.risk, disclosure.state) == (True, Risk.NONE, State.IN_REVIEW)


def test_a_profile_may_clear_nothing_to_declare_by_rule(db, cast, monkeypatch):
    by_rule(monkeypatch, sample_percent=0)
    disclosure = filed(cast.finn.person, cast.finn.actor)
    assert (disclosure.state, disclosure.outcome) == (State.DECIDED, Outcome.NO_CONFLICT)
    assert [one.action for one in queries.history(disclosure)] == ["submit", "clear_by_rule"]
    something = filed(cast.kit.person, cast.kit.actor, answers=A_JOB)
    assert something.state is State.IN_REVIEW


def test_a_sample_of_nothing_to_declare_is_read_all_the_same(db, cast, monkeypatch):
    by_rule(monkeypatch, sample_percent=100)
    assert filed(cast.finn.person, cast.finn.actor).state is State.IN_REVIEW


def test_a_correction_to_nothing_is_not_cleared_by_rule(db, cast, monkeypatch):
    by_rule(monkeypatch, sample_percent=0)
    disclosure = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    draft = actions.begin_correction(disclosure, "no job after all", cast.finn.actor, now())
    actions.save_draft(disclosure, {"has_outside_work": "no"}, {}, cast.finn.actor, now(), draft.revision, said=by_mistake(draft))
    sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert (disclosure.state, disclosure.nil) == (State.IN_REVIEW, True)


def by_rule(monkeypatch: pytest.MonkeyPatch, sample_percent: int) -> None:
    """The profile's `nil: {clear: rule}`."""
    from coi.disclosures import moving_on
    from coi.profiles.current import current_profile

    nil = current_profile().nil.model_copy(update={"clear": "rule", "sample_percent": sample_percent})
    profile = current_profile().model_copy(update={"nil": nil})
    monkeypatch.setattr(moving_on, "current_profile", lambda: profile)


def test_a_gift_that_nobody_asked_for_is_counted_when_it_is_filed(db, cast):
    published()
    disclosure = actions.start_voluntary(Kind.GIFT, cast.finn.actor, now())
    complete(disclosure, cast.finn.actor, gifts=A_GIFT["gifts"])
    sign(disclosure, signature(), cast.finn.actor, now())
    obligation = db.session.get(Obligation, disclosure.obligation_id)
    assert (obligation.kind, obligation.occasion) == (Kind.GIFT, disclosure.reference)
    assert obligation.settled_on is not None


@pytest.mark.parametrize(
    "statement",
    [
        update(DisclosureVersion).values(record="{}"),
        update(DisclosureVersion).values(answers={}),
        delete(DisclosureVersion),
        text("UPDATE disclosure_versions SET sha256 = ''"),
    ],
)
def test_the_database_itself_keeps_a_signed_version_as_it_is(db, cast, statement):
    filed(cast.finn.person, cast.finn.actor)
    db.session.commit()
    with pytest.raises(DatabaseError):
        db.session.execute(statement)
    db.session.rollback()


GOLDEN = Path(__file__).parent / "golden"


def test_a_record_of_years_ago_still_reads_to_the_same_bytes(app, monkeypatch):
    kept = (GOLDEN / "record.json").read_text(encoding="utf-8")
    copy = (GOLDEN / "copy.txt").read_text(encoding="utf-8")
    assert text_of(read(kept)) == kept
    for language in ("en", "es"):  # whatever the reader speaks, and whatever the house's words have become meanwhile
        with speaking(language):
            assert readable(read(kept)) == copy
    monkeypatch.setattr("coi.disclosures.record.words", lambda _language: {})
    assert readable(read(kept)) == copy


# In parallel: each thread with an app context and a transaction of its own, as requests have.


def side_by_side(app: Any, jobs: list[Callable[[], None]]) -> list[BaseException]:
    """Runs all at once; returns what they raised."""
    raised: list[BaseException] = []
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        start.wait()
        try:
            with app.app_context(), transaction():
                job()
        except BaseException as fault:  # the test looks at every kind
            raised.append(fault)

    threads = [threading.Thread(target=contextvars.Context().run, args=(run, job)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def signing_job(db: Any, reference: str, actor: Actor, key: str) -> Callable[[], None]:
    def job() -> None:
        disclosure = db.session.scalar(select(Disclosure).where(Disclosure.reference == reference))
        sign(disclosure, signature(key), actor, now())

    return job


def test_a_double_click_in_parallel_gives_one_version(app, db, cast):
    disclosure = draft_of_finn(cast)
    reference, actor = disclosure.reference, cast.finn.actor
    db.session.commit()
    assert side_by_side(app, [signing_job(db, reference, actor, "one") for _click in range(4)]) == []
    db.session.expire_all()
    assert len(versions(disclosure)) == 1
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 1


def test_two_windows_in_parallel_sign_once(app, db, cast):
    disclosure = draft_of_finn(cast)
    reference, actor = disclosure.reference, cast.finn.actor
    db.session.commit()
    raised = side_by_side(app, [signing_job(db, reference, actor, f"window {number}") for number in range(3)])
    assert [type(fault) for fault in raised] == [SomebodyWasFaster, SomebodyWasFaster]
    db.session.expire_all()
    assert len(versions(disclosure)) == 1


def test_fifty_people_at_once_give_fifty_filings_and_a_whole_chain(app, db, cast):
    jobs = []
    for number in range(50):
        person = PersonFactory(name=f"Signer Number {number}")
        account: Account = AccountFactory(person=person)
        actor = Actor(f"account:{account.id}", person.id)
        disclosure = actions.start(owed(person), actor, now())
        complete(disclosure, actor, **(A_JOB if number % 2 else {}))
        jobs.append(signing_job(db, disclosure.reference, actor, "key"))
    db.session.commit()
    for group in (jobs[:25], jobs[25:]):
        assert side_by_side(app, group) == []
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(DisclosureVersion)) == 50
    assert db.session.scalar(select(func.count()).where(Disclosure.state == State.IN_REVIEW)) == 50
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 50
    assert db.session.scalar(select(func.count()).select_from(Settlement)) == 50
    assert first_fault(links()) is None
    shares = db.session.execute(select(func.count()).select_from(Assignment).group_by(Assignment.reviewer_id)).scalars().all()
    assert max(shares) - min(shares) <= 1


def test_the_first_look_is_due_by_the_priority(db, cast):
    routine = filed(cast.finn.person, cast.finn.actor)
    urgent = filed(cast.kit.person, cast.kit.actor, answers=A_GIFT)
    assert urgent.due_at < routine.due_at
    assert urgent.due_at - now() < timedelta(days=4)
    assert db.session.scalar(select(func.count()).select_from(Transition)) == 4
