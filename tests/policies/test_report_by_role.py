"""Who is shown that somebody declined (U20): officers and auditors who do not supervise them, and nobody else."""

import pytest
from sqlalchemy import select

from coi.models import AuditEntry, Refusal
from tests.policies.test_report import ADDRESS, policy, says

__all__ = ["policy", "says"]
DECLINED = "I decline to sign"
NOT_FOR = {"finn": 404, "sam": 404, "kit": 404, "olu": 404, "ren": 404}


def row_of(page: str, name: str) -> str:
    """The line of the report about one person; nothing where they are not on it."""
    return next((row for row in page.split("<tr")[1:] if name in row), "").partition("</tr>")[0]


@pytest.mark.parametrize(("name", "told"), [("sia", True), ("sol", True), ("ada", True), ("dee", False), ("dan", False)])
def test_a_decline_is_told_to_the_office_and_not_to_the_desk(sign_in, says, name, told):
    says("finn", "declined")
    client = sign_in(name)
    assert (DECLINED in row_of(client.get(ADDRESS).text, "Finn Filer")) is told
    assert ("Finn Filer" in client.get(f"{ADDRESS}?status=declined").text) is told
    assert "Finn Filer" in client.get(f"{ADDRESS}?status=answered").text


@pytest.mark.parametrize(("name", "code"), NOT_FOR.items())
def test_who_has_no_part_in_it_gets_no_report(sign_in, db, says, name, code):
    says("finn", "declined")
    reply = sign_in(name).get(ADDRESS)
    assert (reply.status_code, "Finn Filer" in reply.text and name != "finn") == (code, False)
    assert sign_in(name).get("/policies/acknowledgements").status_code == 403
    assert len(db.session.scalars(select(Refusal.id)).all()) == 2


@pytest.mark.parametrize("name", ["sia", "ada"])
@pytest.mark.parametrize("far", [False, True], ids=["their own", "one further down"])
def test_no_supervisor_reads_it_whatever_office_they_hold(sign_in, db, cast, says, name, far):
    cast.finn.person.supervisor_id = cast.sam.person.id if far else cast[name].person.id
    cast.sam.person.supervisor_id = cast[name].person.id
    db.session.commit()
    says("finn", "declined")
    says("kit", "declined")
    client = sign_in(name)
    page = client.get(ADDRESS).text
    assert DECLINED not in row_of(page, "Finn Filer")
    assert "Answered" in row_of(page, "Finn Filer")
    assert DECLINED in row_of(page, "Kit Stranger")
    only = client.get(f"{ADDRESS}?status=declined").text
    assert ("Finn Filer" in only, "Kit Stranger" in only) == (False, True)


HOSTILE = [
    "?status=<script>alert(1)</script>",
    "?department=%3Cscript%3Ealert(1)",
    "?department=%00",
    "?after=%C2%B2",
    "?after=-1",
    "?after=999999999",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_filter_is_an_empty_list_at_most(sign_in, says, query):
    says("finn", "declined")
    reply = sign_in("dee").get(f"{ADDRESS}{query}")
    assert (reply.status_code, "<script>alert" in reply.text) == (200, False)


def test_who_read_the_list_stands_in_the_log_without_what_was_said(sign_in, db, says):
    says("finn", "objection", "Zyxwords")
    sign_in("sia").get(ADDRESS)
    told = db.session.scalars(select(AuditEntry.details).where(AuditEntry.event == "list:read")).all()
    assert len(told) == 1
    assert not any("Zyxwords" in one for one in db.session.scalars(select(AuditEntry.details)))
