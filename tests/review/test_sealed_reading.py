"""A seal on the reading of a filing: two persons, named readers, a year at most; told to the filer when it ends, not before."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from coi.accounts import requests
from coi.audit.record import record
from coi.disclosures import whole
from coi.disclosures.queries import readers_for_filer
from coi.errors import NotPossible
from coi.models import Installation, Letter, Request, Seal
from coi.review import sealing
from coi.vocabulary import Event, RequestState, Role
from tests.disclosures.steps import now
from tests.factories import an_entry
from tests.review.cases import case_of, holds, tie

WHY = "The police asked for quiet until March."


@pytest.fixture(autouse=True)
def in_service(db, cast):
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry()
    db.session.commit()


@pytest.fixture
def third(db, cast):
    """Finn is a senior officer himself: the seal is about one who may otherwise see everything."""
    holds(cast, "finn", Role.SENIOR_OFFICER)
    return cast.finn


def looks(db, cast, made, *names):
    for name in names:
        record(Event.DISCLOSURE_READ, cast[name].actor, f"disclosure:{made.reference}", now(), version=1, as_="office")
    db.session.commit()


def asked(sign_in, cast, made, **more):
    data = {"readers": [str(cast.sia.person.id)], "until": "2026-06-30", "reason": WHY, **more}
    return sign_in("sia").post(f"/review/{made.reference}/seal", data=data)


def sealed(sign_in, db, cast, made) -> Seal:
    assert asked(sign_in, cast, made).status_code == 303
    request = db.session.scalars(select(Request).where(Request.action == "seal")).one()
    assert sign_in("sol").post(f"/accounts/requests/{request.reference}/approve", data={}).status_code == 302
    return db.session.scalars(select(Seal)).one()


def told(made, on=None) -> str:
    return " ".join(one.who for one in readers_for_filer(made, on or now().date()))


def what_finn_sees(sign_in, db, cast, made) -> str:
    """The own pages, the log and the requests as far as he may see them, the letters, the complete file."""
    finn = sign_in("finn")
    places = (f"/filings/{made.reference}", f"/filings/{made.reference}/receipt", "/my-record", "/audit/", "/accounts/requests")
    pages = [finn.get(where).text for where in (*places, "/notices/letters")]
    letters = [one.text for one in db.session.scalars(select(Letter).where(Letter.person_id == cast.finn.person.id))]
    file, _count = whole.complete_file(cast.finn.person.id, now().date(), now())
    return " ".join([*pages, *letters, *(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)])


def test_before_during_and_after_a_seal(sign_in, db, cast):
    made = case_of(cast)
    looks(db, cast, made, "sia")
    assert asked(sign_in, cast, made).status_code == 303
    assert "Sia" in told(made)
    request = db.session.scalars(select(Request).where(Request.action == "seal")).one()
    with pytest.raises(NotPossible):
        requests.approve(request, "", cast.sia.actor, now())
    db.session.rollback()
    assert WHY in sign_in("sol").get(f"/accounts/requests/{request.reference}").text
    assert sign_in("sol").post(f"/accounts/requests/{request.reference}/approve", data={}).status_code == 302
    seal = db.session.scalars(select(Seal)).one()
    count = told(made).count("Sia")
    looks(db, cast, made, "sia", "sol")
    before = {one.who: one.count for one in readers_for_filer(made, now().date())}
    assert (count, "Sol" in told(made)) == (1, True)
    after = {one.who: one.count for one in readers_for_filer(made, seal.until + timedelta(days=1))}
    senior = next(who for who in after if "Sia" in who)
    assert after[senior] == before[senior] + 1
    assert "Sealed until" in sign_in("sol").get(f"/review/{made.reference}").text
    lift = f"/review/{made.reference}/seals/{seal.reference}/lift"
    assert sign_in("sol").post(lift, data={"because": " "}).status_code == 422
    for _press in range(2):
        assert sign_in("sol").post(lift, data={"because": "The inquiry is over."}).status_code == 303
    assert {one.who: one.count for one in readers_for_filer(made, now().date())}[senior] == after[senior]


def test_a_filer_who_is_a_senior_officer_learns_nothing_of_it(sign_in, db, cast, third):
    made = case_of(cast)
    seal = sealed(sign_in, db, cast, made)
    looks(db, cast, made, "sia")
    request = db.session.scalars(select(Request).where(Request.action == "seal")).one()
    seen = what_finn_sees(sign_in, db, cast, made)
    hidden = (
        WHY,
        seal.reference,
        request.reference,
        "Seal the reading",
        "sealed the reading",
        "Ethics reviewer Sia",
        "officer Sia",
    )
    assert [words for words in hidden if words in seen] == []
    finn = sign_in("finn")
    assert finn.get(f"/accounts/requests/{request.reference}").status_code == 404
    assert finn.get(f"/review/{made.reference}/seal").status_code == 404
    assert finn.post(f"/review/{made.reference}/seals/{seal.reference}/lift", data={"because": "x"}).status_code == 404
    told_to = db.session.scalars(select(Letter.person_id).where(Letter.kind == "request_waiting")).all()
    assert (cast.sol.person.id in told_to, cast.finn.person.id in told_to) == (True, False)
    assert seal.reference in sign_in("sol").get("/audit/").text
    sealing.lift(seal, made, "over", cast.sol.actor, now())
    db.session.commit()
    later = what_finn_sees(sign_in, db, cast, made)
    assert ("officer Sia" in later, seal.reference in later) == (True, True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"until": "2026-02-01"}, "Choose today or a day to come."),
        ({"until": "2027-06-01"}, "A seal lasts a year at most."),
        ({"until": ""}, "until-error"),
        ({"readers": []}, "Choose whose reading is not told."),
        ({"reason": " "}, "Write the reason."),
    ],
)
def test_what_can_not_be_so_is_refused_beside_its_field(sign_in, db, cast, more, words):
    made = case_of(cast)
    reply = asked(sign_in, cast, made, **more)
    assert (reply.status_code, words in reply.text) == (422, True)
    assert db.session.scalars(select(Request)).all() == []


def test_nobody_with_a_conflict_asks_or_approves(sign_in, db, cast, third):
    made = case_of(cast)
    assert asked(sign_in, cast, made).status_code == 303
    tie(cast, "finn", "sol")
    request = db.session.scalars(select(Request).where(Request.action == "seal")).one()
    assert sign_in("sol").post(f"/accounts/requests/{request.reference}/approve", data={}).status_code == 404
    for one in (cast.sol, cast.finn):
        with pytest.raises(NotPossible):
            requests.approve(request, "", one.actor, now())
        db.session.rollback()
    assert (request.state, db.session.scalars(select(Seal)).all()) == (RequestState.WAITING, [])
