"""Records requests: received with its last day, gathered, proposed, ruled, released, answered; each step by its own person."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from coi.disclosures.queries import readers_for_filer
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import AuditEntry, Installation, Letter, RecordsFiling, RecordsRequest
from coi.records import gathering, intake, queries, removals
from coi.records.listing import safe
from coi.records.queries import Far
from coi.rules.permissions import clashes
from coi.vocabulary import JobState, MoreTime, RecordsAnswer, RemovalGround, Role
from tests.casefiles.made import words_of
from tests.disclosures.steps import now
from tests.factories import an_entry
from tests.records.asked import ASKED, gathered, newest, places, ruled, swept, taken_in, two_more
from tests.review.cases import case_of, tie

GIFT = {"has_gifts": "yes", "gifts": [{"giver": "Acme Paving", "owner": "me", "kind": "travel_or_hotel", "value": "900"}]}
GIFT["gifts"][0] |= {"date": "2025-07-04", "trip": "Lake Wobegon lodge", "kept": "kept", "my_part": "no"}
OUTSIDE = {"org": "Dive Bar", "work": "bouncer", "dealing": ["not_sure"], "my_part": "no", "approved": "not_asked"}


@pytest.fixture(autouse=True)
def office(db, cast):
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry()
    two_more(cast)
    db.session.commit()


@pytest.fixture
def case(db, cast):
    """A filing with a gift trip, an outside job and a note that names the lodge once more."""
    note = {"anything_else": "We stayed at the lake wobegon LODGE twice."}
    made = case_of(cast, answers={**GIFT, **note, "has_outside_work": "yes", "outside_work": [OUTSIDE]})
    db.session.commit()
    return made


def kinds(db, person) -> list[str]:
    return list(db.session.scalars(select(Letter.kind).where(Letter.person_id == person.id, Letter.kind.like("records%"))))


def details(db, event: str) -> list[dict]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq))
    return [json.loads(one.details) for one in rows]


def test_received_extended_once_answered_once(db, cast, sign_in):
    ron = sign_in("ron")
    told = {"received_on": "2026-02-27", "requester": "The Daily Paper", "contact": "x@paper.example", "asked": ASKED}
    assert ron.post("/records/new", data={**told, "received_on": "2026-03-09"}).status_code == 422
    assert ron.post("/records/new", data={**told, "asked": " "}).status_code == 422
    assert ron.post("/records/new", data={**told, "language": "en"}).status_code == 303
    one = newest(db)
    assert (one.due_on, one.until) == (date(2026, 3, 6), date(2026, 3, 6))
    where = f"/records/{one.reference}"
    assert ron.post(f"{where}/extend", data={"ground": "because", "words": "x"}).status_code == 422
    for _press in range(2):
        assert ron.post(f"{where}/extend", data={"ground": "legal", "words": "Counsel reads."}).status_code == 303
    db.session.refresh(one)
    assert (one.until, one.extended.ground) == (date(2026, 4, 6), MoreTime.LEGAL)
    with pytest.raises(SomebodyWasFaster):
        intake.extend(one, MoreTime.STAFF, "again", cast.ron.actor, now())
    db.session.rollback()
    assert ron.post(f"{where}/answer", data={"answer": "granted", "words": "Here."}).status_code == 422
    assert ron.post(f"{where}/answer", data={"answer": "nothing", "words": "There is none."}).status_code == 303
    assert ron.post(f"{where}/answer", data={"answer": "denied", "words": "No."}).status_code == 409
    told = details(db, "records:received") + details(db, "records:extended") + details(db, "records:answered")
    assert [sorted(one) for one in told] == [
        ["asked", "due_on", "received_on"],
        ["because", "ground", "until"],
        ["answer", "because", "filings"],
    ]
    assert "Daily Paper" not in json.dumps(told)


def test_more_time_only_before_the_last_day(db, cast):
    late = taken_in(cast, received=date(2026, 2, 2))
    with pytest.raises(NotPossible):
        intake.extend(late, MoreTime.STAFF, "x", cast.ron.actor, now())


def test_who_may_do_what(db, cast, case, sign_in):
    filing = gathered(cast, case)
    db.session.commit()
    reference, number = filing.request.reference, case.reference
    around = f"/records/{reference}/filings/{number}"
    pages = {
        "/records/": {"ron": 200, "lea": 200, "sia": 200, "olu": 200, "ada": 200, "kit": 403, "finn": 403, "dee": 403},
        f"/records/{reference}": {"ron": 200, "lea": 200, "sia": 200, "ada": 200, "kit": 404, "finn": 404, "dee": 404},
        "/records/new": {"ron": 200, "lea": 403, "sia": 403, "ada": 403},
        f"/records/{reference}/gather": {"ron": 200, "lea": 404, "sia": 404, "ada": 404},
        f"{around}/propose": {"ron": 404, "lea": 404, "sia": 200, "ada": 404, "finn": 404, "kit": 404},
        f"{around}/rule": {"ron": 404, "lea": 200, "sia": 404, "ada": 404, "finn": 404},
        f"/review/{number}": {"ron": 404, "lea": 404},
        f"/filings/{number}": {"ron": 404, "lea": 404},
    }
    got = {path: {name: sign_in(name).get(path).status_code for name in expected} for path, expected in pages.items()}
    assert got == pages
    posts = {
        f"{around}/propose": {"ron": 404, "lea": 404, "ada": 404, "finn": 404},
        f"{around}/rule": {"ron": 404, "sia": 404, "ada": 404, "finn": 404},
        f"{around}/release": {"lea": 404, "sia": 404, "ada": 404, "finn": 404},
        f"{around}/take-out": {"lea": 404, "sia": 404, "ada": 404, "finn": 404},
        f"/records/{reference}/gather": {"lea": 404, "sia": 404, "ada": 404},
        f"/records/{reference}/answer": {"lea": 404, "sia": 404, "ada": 404},
    }
    got = {path: {name: sign_in(name).post(path, data={}).status_code for name in expected} for path, expected in posts.items()}
    assert got == posts
    assert "Dive Bar" not in sign_in("ron").get(f"/records/{reference}").text
    tie(cast, "sia", "finn")
    tie(cast, "lea", "finn")
    assert sign_in("sia").get(f"{around}/propose").status_code == 404
    assert sign_in("lea").get(f"{around}/rule").status_code == 404
    with pytest.raises(NotPossible):
        removals.propose(filing, {}, cast.sia.actor, now())
    with pytest.raises(NotPossible):
        removals.rule(filing, {}, cast.ron.actor, now())
    with pytest.raises(NotPossible):
        gathering.release(filing, cast.ron.actor, now())
    assert clashes(frozenset({Role.RECORDS_OFFICER, Role.SOLICITOR})) is not None


def test_nobody_gathers_their_own(db, cast):
    from tests.factories import RoleGrantFactory

    RoleGrantFactory(account=cast.kit.account, role=Role.RECORDS_OFFICER)
    db.session.commit()
    cast.kit.__dict__.pop("actor", None)
    own = case_of(cast, "kit")
    with pytest.raises(Refused, match="your own"):
        gathering.gather(taken_in(cast), [own], False, cast.kit.actor, now())


def test_what_the_form_marks_is_proposed_and_the_same_words_elsewhere(db, cast, case):
    filing = gathered(cast, case)
    assert kinds(db, case.reviewer) == ["records_propose"]
    made = {one.place: one for one in removals.propose(filing, {}, cast.sia.actor, now())}
    assert made["gifts[0].trip"].ground is RemovalGround.OFF_DUTY
    assert all(one.marked for one in made.values() if one.place != "nothing")
    assert "outside_work[0].org" not in made, "what the form calls public is not marked"
    assert kinds(db, cast.lea.person) == ["records_rule"]
    with pytest.raises(SomebodyWasFaster):
        removals.propose(filing, {}, cast.sol.actor, now())
    assert removals.propose(filing, {}, cast.sia.actor, now()) == list(filing.removals), "pressed twice is once"


def test_a_public_answer_taken_out_takes_its_echo_along(db, cast):
    twice = {"org": "Dive Bar", "work": "bouncer at dive  bar", "dealing": ["not_sure"], "my_part": "no", "approved": "not_asked"}
    filing = gathered(cast, case_of(cast, answers={"has_outside_work": "yes", "outside_work": [twice]}))
    key = "1/outside_work[0].org"
    made = removals.propose(filing, {key: removals.Proposed(RemovalGround.SECURITY)}, cast.sia.actor, now())
    found = {one.place: one.ground for one in made if not one.marked}
    assert found == {"outside_work[0].org": RemovalGround.SECURITY, "outside_work[0].work": RemovalGround.SECURITY}


def test_the_page_asks_for_words_beside_the_answer(db, cast, case, sign_in):
    filing = gathered(cast, case)
    db.session.commit()
    where = f"/records/{filing.request.reference}/filings/{case.reference}/propose"
    items = queries.items_in(filing)
    trip = next(number for number, one in enumerate(items) if one.place == "gifts[0].trip")
    data = {f"ground_{number}": one.mark.value if one.mark else "give" for number, one in enumerate(items)}
    sia = sign_in("sia")
    for wrong in ({f"ground_{trip}": "keep"}, {f"ground_{trip}": "other"}, {f"ground_{trip}": "mine"}):
        reply = sia.post(where, data={**data, **wrong})
        assert (reply.status_code, f'id="words_{trip}-error"' in reply.text or f'id="ground_{trip}-error"' in reply.text) == (
            422,
            True,
        )
    assert sia.post(where, data={**data, f"ground_{trip}": "keep", f"words_{trip}": "It was in the paper."}).status_code == 303
    db.session.refresh(filing)
    kept = next(one for one in filing.removals if one.place == "gifts[0].trip")
    assert (kept.keep, kept.words) == (True, "It was in the paper.")
    assert sign_in("sol").post(where, data=data).status_code == 409
    rule = f"/records/{filing.request.reference}/filings/{case.reference}/rule"
    lea = sign_in("lea")
    assert "It was in the paper." in lea.get(rule).text
    assert "Dive Bar" not in lea.get(rule).text, "the solicitor reads only what is proposed"
    every = {f"all_{ground}": "remove" for ground in ("off_duty", "confidential", "family", "home")}
    assert lea.post(rule, data={**every, f"ruling_{kept.id}": "stays"}).status_code == 422
    assert lea.post(rule, data={**every, f"ruling_{kept.id}": "stays", f"reason_{kept.id}": "Known."}).status_code == 303
    db.session.expire_all()
    assert queries.far(filing) is Far.READY
    assert {one.place for one in filing.removals if not one.ruling.approved} == {"gifts[0].trip"}


def test_nobody_rules_twice_or_on_their_own_proposal(db, cast, case):
    filing = gathered(cast, case)
    removals.propose(filing, {}, cast.sia.actor, now())
    first = filing.removals[0]
    with pytest.raises(Refused, match="why it stays"):
        removals.rule(filing, {first.id: removals.Ruled(False)}, cast.lea.actor, now())
    removals.rule(filing, {first.id: removals.Ruled(True)}, cast.lea.actor, now())
    assert queries.far(filing) is Far.RULE
    assert removals.rule(filing, {first.id: removals.Ruled(True)}, cast.lea.actor, now()) == []
    with pytest.raises(NotPossible):
        gathering.release(filing, cast.ron.actor, now())


def test_reads_are_seen_by_the_filer(db, cast, case, sign_in):
    filing = gathered(cast, case)
    removals.propose(filing, {}, cast.sia.actor, now())
    db.session.commit()
    sign_in("lea").get(f"/records/{filing.request.reference}/filings/{case.reference}/rule")
    assert any("Lea Lawyer" in one.who for one in readers_for_filer(case, now().date()))


def test_due_and_overdue_letters_come_once(db, cast):
    one = taken_in(cast)
    db.session.commit()
    assert swept() == 0
    for days, told in ((3, ["records_due"]), (4, ["records_due"]), (8, ["records_due", "records_overdue"])):
        swept(now() + timedelta(days=days))
        assert kinds(db, cast.ron.person) == told
    assert "Overdue" not in one.asked


def test_the_list_is_for_a_spreadsheet_and_runs_nothing(db, cast, case, sign_in):
    filing = gathered(cast, case)
    ruled(cast, filing)
    gathering.release(filing, cast.ron.actor, now())
    db.session.commit()
    swept()
    text = sign_in("ron").get(f"/records/{filing.request.reference}/list.csv").data.decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert dict(zip(head, row, strict=True))["Reference"] == case.reference
    assert [safe(one) for one in ("=1+1", "\x00=1", "＝1", "-1", "plain")] == ["'=1+1", "'=1", "'＝1", "'-1", "plain"]


def test_taken_out_answered_and_seen_to(db, cast, case):
    filing = gathered(cast, case)
    with pytest.raises(Refused, match=case.reference):
        intake.close(filing.request, RecordsAnswer.GRANTED, "x", cast.ron.actor, now())
    gathering.take_out(filing, cast.ron.actor, now())
    assert queries.far(filing) is Far.TAKEN_OUT
    again = gathering.gather(filing.request, [case], True, cast.ron.actor, now())
    assert [one.id for one in again] == [filing.id]
    ruled(cast, filing)
    gathering.release(filing, cast.ron.actor, now())
    gathering.release(filing, cast.ron.actor, now())
    db.session.commit()
    swept()
    intake.close(filing.request, RecordsAnswer.PARTLY, "Here.", cast.ron.actor, now())
    assert db.session.scalars(select(RecordsRequest)).one().closed.answer is RecordsAnswer.PARTLY


def test_a_copy_that_fails_leaves_nothing_and_goes_out_later(db, cast, case, monkeypatch):
    filing = gathered(cast, case)
    ruled(cast, filing)
    gathering.release(filing, cast.ron.actor, now())
    db.session.commit()
    with monkeypatch.context() as broken:
        broken.setattr("coi.records.jobs.copy_of", lambda *_told: 1 / 0)
        swept()
    one = db.session.scalars(select(RecordsFiling)).one()
    assert (one.release.state, queries.pdf_of(one.release).exists(), queries.far(one)) == (JobState.FAILED, False, Far.READY)
    gathering.release(one, cast.ron.actor, now())
    db.session.commit()
    swept()
    db.session.expire_all()
    assert queries.far(one) is Far.OUT
    assert words_of(queries.pdf_of(one.release).read_bytes())
    assert places(one)
