"""Hostile addresses, each under its id: other people's papers, counted ids, strange spellings, methods and parameters."""

import re
import secrets

import pytest
from flask import url_for
from sqlalchemy import func, select

from coi.campaigns.actions import close
from coi.db import db as database
from coi.models import AuditEntry, DisclosureVersion, Refusal
from coi.vocabulary import State
from tests.attachments.conftest import draft, empty_disk
from tests.attachments.steps import signed_with_paper
from tests.disclosures.steps import NOTHING, campaign, filed, now, owed
from tests.factories import filing

__all__ = ["draft", "empty_disk"]

# What differs between two pages of one person.
BODY = re.compile(r'(name="(?:csrf_token|_who)" value=")[^"]*|data-(?:ends|limit)="\d+"')


@pytest.fixture
def case(db, cast):
    """A filing of Finn's with Olu."""
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    return made


def entries() -> int:
    """How long the audit chain is."""
    return database.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def own_addresses(reference: str) -> list[str]:
    """The pages of one filing."""
    return [f"/filings/{reference}", f"/filings/{reference}/receipt", f"/forms/{reference}", f"/review/{reference}"]


def test_u01_another_persons_filing_is_the_same_page_as_a_missing_one_and_is_noted(case, db, sign_in):
    kit = sign_in("kit")
    for there, missing in zip(own_addresses(case.reference), own_addresses("COI-2026-7K3F9Q"), strict=True):
        one, other = kit.get(there), kit.get(missing)
        assert (one.status_code, other.status_code) == (404, 404)
        assert BODY.sub("", one.text.replace(case.reference, "")) == BODY.sub("", other.text.replace("COI-2026-7K3F9Q", ""))
    noted = db.session.scalars(select(Refusal.code).where(Refusal.endpoint == "disclosures.show")).all()
    assert noted == [404, 404]


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30], ids=["five thousand nines", "thirty nines"])
def test_u05_a_very_long_number_is_nothing(case, sign_in, number):
    client = sign_in("finn")
    for address in (*own_addresses(number), f"/filings/{case.reference}/versions/{number}"):
        assert client.get(address).status_code == 404


STRANGE = ["0", "-1", "1.0", "+1", "0x1", "1%00", "01", "%D9%A1", "1e0", "%EF%BC%91", "1%20", "1_0"]


@pytest.mark.parametrize("number", STRANGE)
def test_u06_one_version_has_one_spelling(db, cast, sign_in, number):
    made = filed(cast.finn.person, cast.finn.actor)
    db.session.commit()
    client = sign_in("finn")
    assert client.get(f"/filings/{made.reference}/versions/1").status_code == 200
    before = entries()
    assert client.get(f"/filings/{made.reference}/versions/{number}").status_code == 404
    assert client.get(f"/filings/{number}").status_code == 404
    assert entries() == before


def test_u06_a_reference_has_one_spelling(case, sign_in):
    client, reference = sign_in("finn"), case.reference
    assert client.get(f"/filings/{reference}").status_code == 200
    for other in (reference.lower(), f"{reference}%20", f"%20{reference}", f"{reference}%00", reference.replace("-", "_")):
        assert client.get(f"/filings/{other}").status_code == 404


def test_u07_references_are_random_and_useless_to_others(db, cast, sign_in, client):
    made = sorted(filing(cast.finn.person, State.IN_REVIEW, cast.olu.person).reference for _one in range(40))
    db.session.commit()
    tails = [one.rpartition("-")[2] for one in made]
    assert len(set(tails)) == 40
    assert len({one[0] for one in tails}) > 8  # a counter would begin with one or two signs
    kit = sign_in("kit")
    for reference in made[:5]:
        assert kit.get(f"/filings/{reference}").status_code == 404
        assert client.get(f"/filings/{reference}").location == "/accounts/sign-in"


PARAMETERS = [
    "page=-1",
    "page=0",
    "page=1e9",
    "per_page=1000000",
    "sort=password_hash",
    "sort=;DROP",
    "after=;DROP",
    "after=" + "9" * 400,
    "state=nothing",
    "priority=%00",
    "year=2026&year=2025",
    "status[]=x",
    "whose=everybody",
    "search=%25%25%25",
    "search=" + "a" * 5000,
    "year=99999999999999999999",
    "year=-1",
    "date=0000-00-00",
]
LISTS = [
    ("sia", "review.queue"),
    ("sia", "audit.log"),
    ("ada", "audit.log"),
    ("dee", "campaigns.desk"),
    ("dee", "people.everybody"),
    ("dee", "notices.letters"),
    ("ada", "exports.exports"),
    ("dee", "accounts.roles"),
    ("dee", "people.roster"),
]


@pytest.mark.parametrize("parameters", PARAMETERS)
def test_u09_u11_strange_parameters_of_lists_are_clamped_or_refused(app, case, sign_in, parameters):
    asked = 0
    for name, endpoint in LISTS:
        if endpoint in app.view_functions:
            with app.test_request_context():
                address = url_for(endpoint)
            reply = sign_in(name).get(f"{address}?{parameters}")
            assert reply.status_code in (200, 302, 400, 404, 422), (endpoint, reply.status_code)
            assert "password_hash" not in reply.text.replace("sort=password_hash", "")
            asked += reply.status_code == 200
    assert asked > 3


def rules(app, method: str):
    """Every address of the application, with something in the place of each part."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "assets.serve":
            parts = {name: "1" if "int" in str(rule._converters.get(name)).lower() else "nothing" for name in rule.arguments}
            with app.test_request_context():
                yield rule, url_for(rule.endpoint, **parts), method in (rule.methods or ())


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "DELETE", "PUT", "PATCH", "BOGUS"])
def test_u12_no_other_method_reaches_a_view(app, cast, sign_in, method):
    client = sign_in("sia")
    before = entries()
    told = {client.open(address, method=method).status_code for _rule, address, _there in rules(app, method)}
    assert told == {405}
    assert entries() == before


def test_u12_head_and_options_change_nothing_and_a_get_changes_no_state(app, db, cast, sign_in, case):
    client = sign_in("olu")
    before = entries()
    for rule, address, _served in rules(app, "GET"):
        for method in ("OPTIONS", "HEAD"):
            assert client.open(address, method=method).status_code < 500, (method, rule.endpoint)
    assert client.head(f"/review/{case.reference}").status_code == 200
    assert entries() == before
    assert client.get(f"/review/{case.reference}").status_code == 200
    assert entries() == before + 1
    for rule, address, _served in rules(app, "GET"):
        assert client.get(address).status_code < 500, rule.endpoint
    told = set(db.session.scalars(select(AuditEntry.event).where(AuditEntry.seq > before)))
    assert {event for event in told if not event.endswith(":read")} == set()


def test_u12_signing_out_and_deciding_are_no_links(case, sign_in):
    client = sign_in("olu")
    assert client.get("/accounts/sign-out").status_code == 405
    assert client.get(f"/review/{case.reference}/clear?outcome=no_conflict&reason=x&version=1&state=in_review").status_code == 405
    assert client.get("/").status_code in (200, 302)
    assert case.state is State.IN_REVIEW


def test_u12_every_post_wants_its_token(app, cast, sign_in, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = sign_in("sia")
    before = entries()
    bare = {rule.endpoint: client.post(address).status_code for rule, address, served in rules(app, "POST") if served}
    assert {endpoint: code for endpoint, code in bare.items() if code != 400} == {}
    assert entries() == before


@pytest.mark.parametrize(
    ("field", "header"), [("_method", ""), ("", "X-HTTP-Method-Override"), ("", "X-Method-Override"), ("method", "X-HTTP-Method")]
)
def test_u13_no_field_and_no_header_changes_the_method(case, sign_in, field, header):
    client = sign_in("olu")
    headers = {header: "DELETE"} if header else {}
    before = entries()
    assert client.get(f"/review/{case.reference}/note?{field or 'x'}=POST&text=x", headers=headers).status_code == 405
    assert client.post(f"/review/{case.reference}", data={field or "x": "DELETE"}, headers=headers).status_code == 405
    assert client.get("/accounts/sign-out", headers={header or "X": "POST"}).status_code == 405
    assert entries() == before


def spellings(reference: str) -> list[str]:
    """One address in other clothes."""
    return [
        f"/review/{reference}/",
        f"//review/{reference}",
        f"/review//{reference}",
        f"/REVIEW/{reference}",
        f"/Review/{reference}",
        f"/review/{reference};jsessionid=1",
        f"/review/./{reference}",
        f"/review/../review/{reference}",
        f"/review/%2e%2e/review/{reference}",
        f"/accounts/..%2freview/{reference}",
        f"/assets/../review/{reference}",
        f"/assets/%2e%2e/review/{reference}",
        f"/review/{reference}%2f",
        f"/review%2f{reference}",
        f"/review/{reference}?",
        f"/review/{reference}#x",
        f"/healthz/../review/{reference}",
    ]


def test_u15_no_spelling_of_an_address_goes_round_a_rule(case, client, sign_in):
    kit = sign_in("kit")
    for address in spellings(case.reference):
        for browser in (kit, client):
            reply = browser.get(address)
            assert reply.status_code in (301, 302, 308, 404), (address, reply.status_code)
            if reply.status_code != 404:
                reply = browser.get(reply.location)
                assert reply.status_code in (200, 302, 404), (address, reply.status_code)
            assert case.reference not in reply.text.split("<main", 1)[-1].split("</main>")[0]
            assert "Finn Filer" not in reply.text


@pytest.mark.parametrize("tail", [".js", ".css", "/x.css", "/x.js", "/.png", ";x.css", "%0ax.css", "%3fx.css", "%23x.css"])
def test_u16_no_personal_page_comes_under_the_name_of_a_picture_or_style(case, sign_in, tail):
    finn = sign_in("finn")
    for address in own_addresses(case.reference):
        reply = finn.get(address + tail)
        assert reply.status_code == 404
        assert reply.headers["Cache-Control"] == "no-store"


def test_u16_every_page_of_a_person_is_never_stored(app, cast, sign_in, case):
    client = sign_in("finn")
    for rule, address, served in rules(app, "GET"):
        if served:
            assert "no-store" in client.get(address).headers["Cache-Control"], rule.endpoint
    assert client.get(f"/filings/{case.reference}").headers["Cache-Control"] == "no-store"


def test_u17_the_address_of_a_signed_paper_is_worth_nothing_to_others(db, cast, draft, sign_in, client):
    here = f"/attachments/{signed_with_paper(db, cast, draft, sign_in).reference}"
    finn = sign_in("finn")
    assert finn.get(here).status_code == 200
    assert client.get(here).location == "/accounts/sign-in"
    for name in ("kit", "sam", "ada", "dee"):
        assert sign_in(name).get(here).status_code == 404, name
    finn.post("/accounts/sign-out")
    assert finn.get(here).location == "/accounts/sign-in"


def test_u18_the_form_of_a_closed_campaign_is_filed_late(db, cast, sign_in):
    obligation = owed(cast.finn.person)
    year = campaign()
    close(year, cast.sia.actor, now())
    db.session.commit()
    client = sign_in("finn")
    begun = client.post(f"/forms/start/{obligation.reference}")
    assert begun.status_code == 303
    reference = begun.location.rpartition("/")[2]
    sent = {"asked": " ".join(NOTHING), **{f"{name}.": answer for name, answer in NOTHING.items()}}
    page = client.get(f"/forms/{reference}").text
    sent |= {"agreed": "yes", "signed_name": "Finn", "key": secrets.token_urlsafe(12), "revision": revision(page)}
    sent |= dict.fromkeys(re.findall(r'name="(policy\.\d+)"', page), "received")
    reply = client.post(f"/forms/{reference}/sign", data=sent)
    assert (reply.status_code, "/receipt" in (reply.location or "")) == (303, True), reply.text
    assert db.session.scalar(select(func.count()).select_from(DisclosureVersion)) == 1


def test_u18_a_withdrawn_filing_explains_itself(db, cast, sign_in):
    made = filing(cast.finn.person, State.WITHDRAWN, None)
    db.session.commit()
    reply = sign_in("finn").get(f"/filings/{made.reference}")
    assert (reply.status_code, "withdr" in reply.text.casefold()) == (200, True)


def revision(page: str) -> str:
    """What the page says about how new it is."""
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found is not None
    return found[1]
