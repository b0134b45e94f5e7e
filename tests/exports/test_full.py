"""A full workbook: asked for with a purpose, made only when somebody else approved it, checked at job and download."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from coi.accounts import requests
from coi.audit.queries import links
from coi.errors import NotPossible, Refused
from coi.exports import actions, jobs, queries
from coi.models import Export, ExportApproval, Letter, Request, RoleGrant, Seal
from coi.profiles.current import current_profile
from coi.vocabulary import ExportKind, JobState, RequestState
from tests.city import CLOCK, apart
from tests.exports.answers import ADVICE, CONFIDENTIAL, HOME, INTERNAL, NOTE, REASONING, RESTRICTED
from tests.exports.workbooks import read_all, sheets, table
from tests.factories import OPERATOR, an_entry

ASK = {"campaign": "2026", "language": "en", "kind": "full", "purpose": "Audit of 2026, finding 7"}


@pytest.fixture
def ask_full(sign_in, campaign, db):
    """`ask_full("ada")`: a full workbook that somebody asked for on the page, as a second person finds it."""

    def ask(name: str, **more: str) -> Export:
        reply = sign_in(name).post("/exports/", data={**ASK, **more})
        assert reply.status_code == 302, reply.text
        return db.session.scalars(select(Export).order_by(Export.id.desc())).first()

    return ask


@pytest.fixture
def answer(sign_in, db):
    """`answer("sia", "approve")`: what the page says when somebody decides the newest request."""

    def decide(name: str, what: str, reason: str = "Seen", **more):
        request = db.session.scalars(select(Request).order_by(Request.id.desc())).first()
        return sign_in(name, **more).post(f"/accounts/requests/{request.reference}/{what}", data={"reason": reason})

    return decide


def sweep(app, now=CLOCK) -> int:
    """The worker's sweep, in a context of its own."""

    def work() -> int:
        with app.app_context():
            return jobs.run_waiting(now)

    return apart(work)


def test_a_full_workbook_waits_for_a_second_person_and_shows_every_word(
    app,
    ask_full,
    answer,
    sign_in,
    telling,
    db,
    cast,
):
    export = ask_full("ada")
    reference = export.reference
    page = sign_in("ada").get("/exports/").text
    assert ("Waits for a second person" in page, ASK["purpose"] in page) == (True, True)
    assert (sweep(app), queries.workbook_of(export).exists()) == (0, False)
    assert sign_in("ada").get(f"/exports/{reference}/workbook").status_code == 404
    shown = sign_in("sia").get("/accounts/requests").text
    assert (ASK["purpose"] in shown, reference in shown) == (True, True)
    assert answer("sia", "approve").status_code == 302
    assert sweep(app) == 1
    book = queries.workbook_of(db.session.get_one(Export, export.id))
    reply = sign_in("ada").get(f"/exports/{reference}/workbook")
    assert (reply.status_code, reply.data) == (200, book.read_bytes())
    for name in ("sia", "sol", "dee"):
        assert sign_in(name).get(f"/exports/{reference}/workbook").status_code == 404
    content = read_all(book)
    for told in (RESTRICTED, CONFIDENTIAL, HOME, REASONING):
        assert told.encode() in content, told
    for secret in (INTERNAL, NOTE, ADVICE):
        assert secret.encode() not in content, secret
    read = sheets(book)
    (decision,) = table(read["Decisions"])
    assert (decision["Internal reasoning"], decision["Internal notes"]) == (REASONING, 1)
    about = {row[0]: row[1] for row in read["About"] if len(row) > 1}
    assert about["What for"] == ASK["purpose"]
    assert about["Approved by"].startswith(cast.sia.person.name)
    assert [link.actor for link in links() if link.event == "register:approved"] == [cast.sia.actor.name]
    asked = next(link for link in links() if link.event == "register:asked")
    assert (asked.actor, ASK["purpose"] in str(list(links()))) == (cast.ada.actor.name, False)


def test_a_full_workbook_verifies_against_the_database(app, ask_full, answer, telling, runner, db):
    ask_full("sia")
    answer("sol", "approve")
    sweep(app)
    export = db.session.scalars(select(Export)).one()
    told = runner.invoke(args=["audit", "verify", "--workbook", str(queries.workbook_of(export))])
    assert told.exit_code == 0, told.output


@pytest.mark.parametrize(
    ("asker", "who", "status"), [("sia", "sia", 404), ("ada", "ada", 404), ("ada", "dee", 404), ("sia", "olu", 404)]
)
def test_nobody_approves_their_own_and_nobody_but_a_senior_officer(app, ask_full, answer, db, asker, who, status):
    ask_full(asker)
    assert answer(who, "approve").status_code == status
    assert sweep(app) == 0
    assert db.session.scalars(select(ExportApproval)).all() == []


def test_approving_needs_a_fresh_sign_in(ask_full, answer, db):
    ask_full("ada")
    assert answer("sia", "approve", ago=timedelta(minutes=16)).status_code == 422
    assert db.session.scalars(select(ExportApproval)).all() == []


def test_a_refusal_is_told_by_letter_and_its_reason_stands_on_the_card(app, ask_full, answer, sign_in, db, cast):
    export = ask_full("ada")
    assert answer("sol", "refuse", "The standard one is enough").status_code == 302
    assert db.session.scalars(select(Letter.person_id).where(Letter.kind == "full_refused")).all() == [cast.ada.person.id]
    assert "The standard one is enough" in sign_in("ada").get("/exports/").text
    assert (sweep(app), db.session.get_one(Export, export.id).state) == (0, JobState.CANCELLED)


def test_what_was_cancelled_is_approved_by_nobody(app, ask_full, answer, sign_in, db):
    export = ask_full("ada")
    assert sign_in("ada").post(f"/exports/{export.reference}/cancel").status_code == 302
    assert db.session.scalars(select(Request.state)).all() == [RequestState.VOID]
    assert answer("sia", "approve").status_code == 409
    assert sweep(app) == 0


def test_a_right_that_ended_before_the_approval_voids_it(app, ask_full, answer, sign_in, db, cast):
    ask_full("ada")
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.account_id == cast.ada.account.id)).one()
    grant.ended_seq = an_entry()
    db.session.commit()
    answer("sia", "approve")
    assert db.session.scalars(select(Request.state)).all() == [RequestState.VOID]
    assert sweep(app) == 0


def test_a_job_without_its_approval_is_neither_made_nor_taken(app, ask_full, db, cast, sign_in):
    export = ask_full("ada")
    export.state = JobState.WAITING
    db.session.commit()
    assert sweep(app) == 0
    assert db.session.get_one(Export, export.id).state is JobState.CANCELLED
    queries.workbook_of(export).write_bytes(b"book")
    db.session.get_one(Export, export.id).state = JobState.DONE
    db.session.commit()
    assert sign_in("ada").get(f"/exports/{export.reference}/workbook").status_code == 404


def test_the_same_request_twice_is_one_request(ask_full, sign_in, db, clock):
    first = ask_full("ada")
    assert ask_full("ada").id == first.id
    assert len(db.session.scalars(select(Request)).all()) == 1
    clock.shift(timedelta(days=15))
    assert "Nobody approved it in time" in sign_in("ada").get("/exports/").text
    assert ask_full("ada").id != first.id


@pytest.mark.parametrize(
    ("purpose", "told"), [("", "what the full workbook is for"), ("  ", "what the"), ("x" * 2001, "at most")]
)
def test_a_purpose_is_written(sign_in, campaign, db, purpose, told):
    reply = sign_in("ada").post("/exports/", data={**ASK, "purpose": purpose})
    assert (reply.status_code, told in reply.text) == (422, True)
    assert db.session.scalars(select(Export)).all() == []


def test_the_terminal_makes_no_full_workbook_not_even_while_the_city_is_set_up(
    campaign,
    db,
):
    with pytest.raises(Refused):
        actions.ask(campaign, "en", None, OPERATOR, CLOCK, kind=ExportKind.FULL, purpose="Because")


def test_a_full_workbook_is_not_asked_for_again_without_its_purpose(app, ask_full, answer, sign_in, db, cast):
    export = ask_full("ada")
    answer("sia", "approve")
    sweep(app)
    assert "Ask for it again" not in sign_in("ada").get("/exports/").text
    with pytest.raises(NotPossible):
        actions.again(db.session.get_one(Export, export.id), cast.ada.actor, CLOCK)


def test_where_the_profile_asks_for_no_second_person_the_log_and_about_say_so(app, sign_in, campaign, db, monkeypatch):
    monkeypatch.setattr(requests, "needs_second", lambda action: action != "full_export")
    assert current_profile().two_persons.full_export
    assert sign_in("ada").post("/exports/", data=ASK).status_code == 302
    assert sweep(app) == 1
    export = db.session.scalars(select(Export)).one()
    about = {row[0]: row[1] for row in sheets(queries.workbook_of(export))["About"] if len(row) > 1}
    assert (about["Approved by"], about["What for"]) == ("nobody: in this city one person may ask alone", ASK["purpose"])
    assert '"two_persons":false' in next(link.details for link in links() if link.event == "register:approved")


def test_the_database_itself_refuses_one_person_for_both(ask_full, db, cast):
    export, seq = ask_full("sia"), an_entry()
    who = cast.sia.person.id
    row = f"{export.id}, {who}, {who}, 'REQ', 'why', '2026-03-02 15:00:00+00:00', {seq}"
    with pytest.raises(IntegrityError):
        db.session.execute(
            text(
                f"INSERT INTO export_approvals (export_id, asked_by_id, approved_by_id, request, purpose, at, seq) VALUES ({row})"
            )
        )


def test_the_filer_is_told_in_which_full_workbooks_a_filing_stood(app, ask_full, answer, sign_in, telling, db, cast):
    for more in ({}, {"outcomes": "not_permitted"}):
        ask_full("ada", **more)
        answer("sia", "approve")
    assert sweep(app) == 2
    page = sign_in("kit").get(f"/filings/{telling.reference}").text
    assert page.count(f"full workbook that {cast.ada.person.name} asked for") == 1
    who = {"asked_by_id": cast.sia.person.id, "approved_by_id": cast.sol.person.id, "readers": [cast.ada.person.id]}
    row = {"reference": "SEAL-2", "disclosure_id": telling.id, "filer_id": telling.filer_id, "reason": "x", "until": CLOCK.date()}
    db.session.add(Seal(at=CLOCK, seq=an_entry(), **row, **who))
    db.session.commit()
    assert "full workbook" in sign_in("kit").get(f"/filings/{telling.reference}").text
    db.session.execute(update(Seal).values(seq=1))
    db.session.commit()
    assert "full workbook" not in sign_in("kit").get(f"/filings/{telling.reference}").text
