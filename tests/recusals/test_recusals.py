"""Stepping aside: three fields, at once in the register; the supervisor sees matter and stand-in, the memorandum is printed."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select, text

from coi.errors import NotPossible
from coi.models import AuditEntry, Letter, StepAside, StepAsideStep
from coi.recusals import actions, queries
from tests.city import CLOCK

MATTER, PARTY = "The paving contract for Queen Street", "Ácme Paving & Sons"
FIELDS = {"matter": MATTER, "party": PARTY, "since": "2026-03-02"}


@pytest.fixture
def finns(db, cast) -> StepAside:
    """What Finn stepped aside from; Sam leads Finn."""
    made = actions.step_aside(MATTER, PARTY, CLOCK.date(), cast.finn.actor, CLOCK)
    db.session.commit()
    return made


def words(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_three_fields_and_it_is_in_the_register_with_its_entry(sign_in, db, cast):
    reply = sign_in("finn").post("/stepping-aside/", data=FIELDS)
    assert reply.status_code == 303
    row = db.session.scalar(select(StepAside))
    assert reply.location.endswith(f"/stepping-aside/{row.reference}")
    assert row.reference.startswith("REC-2026-")
    assert (row.matter, row.party, row.supervisor_id) == (MATTER, PARTY, cast.sam.person.id)
    entry = db.session.get(AuditEntry, row.seq)
    assert entry.event == "recusal:filed"
    assert PARTY not in entry.details
    assert MATTER not in entry.details


def test_everybody_may_an_officer_and_an_auditor_too(sign_in, db):
    for name in ("kit", "sia", "ada", "dee"):
        assert sign_in(name).post("/stepping-aside/", data=FIELDS).status_code == 303
    assert StepAside.query.count() == 4


def test_a_double_click_is_one_row(sign_in, db):
    finn = sign_in("finn")
    first, second = (finn.post("/stepping-aside/", data=FIELDS).location for _time in range(2))
    assert first == second
    assert StepAside.query.count() == 1


def test_the_supervisor_gets_a_letter_without_matter_and_party(db, cast, finns):
    letter = db.session.scalar(select(Letter).where(Letter.kind == "stepped_aside"))
    assert letter.person_id == cast.sam.person.id
    assert MATTER not in letter.text
    assert PARTY not in letter.text
    assert "Finn" in letter.text


def test_the_supervisor_sees_matter_and_stand_in_and_never_the_party(sign_in, finns):
    sam = sign_in("sam")
    page = sam.get(f"/stepping-aside/{finns.reference}").text
    assert MATTER in page
    assert "cme Paving" not in page
    assert "Nobody stands in yet." in page
    assert "cme Paving" not in sam.get("/stepping-aside/").text
    assert sam.get(f"/stepping-aside/{finns.reference}/memorandum.pdf").status_code == 404


def test_the_supervisor_names_who_handles_it_and_a_later_name_takes_the_place(sign_in, db, cast, finns):
    sam, here = sign_in("sam"), f"/stepping-aside/{finns.reference}"
    for name in ("kit", "olu"):
        reply = sam.post(f"{here}/stand-in", data={"number": cast[name].person.number})
        assert reply.status_code == 303
    page = sam.get(here).text
    assert f"Who handles it: {cast.olu.person.name}" in page
    assert [step.stand_in_id for step in StepAsideStep.query.all()] == [cast.kit.person.id, cast.olu.person.id]
    kinds = [letter.kind for letter in Letter.query.all()]
    assert kinds.count("stand_in") == 2
    assert kinds.count("stand_in_named") == 2


def test_who_stands_in_sees_the_matter_and_not_the_party(sign_in, db, cast, finns):
    assert sign_in("kit").get(f"/stepping-aside/{finns.reference}").status_code == 404
    actions.name_stand_in(finns, cast.kit.person.number, cast.sam.actor, CLOCK)
    page = sign_in("kit").get(f"/stepping-aside/{finns.reference}")
    assert MATTER in page.text
    assert "cme Paving" not in page.text


@pytest.mark.parametrize("number", ["", "999999", "0' OR 1=1", "٠٠١٠٠٣", "x" * 41, "\ufffe"])
def test_a_stand_in_that_nobody_is_is_refused_with_what_was_typed(sign_in, db, finns, number):
    reply = sign_in("sam").post(f"/stepping-aside/{finns.reference}/stand-in", data={"number": number})
    assert reply.status_code == 422
    assert StepAsideStep.query.count() == 0


def test_who_stepped_aside_cannot_stand_in(sign_in, cast, finns):
    data = {"number": cast.finn.person.number}
    reply = sign_in("sam").post(f"/stepping-aside/{finns.reference}/stand-in", data=data)
    assert reply.status_code == 422
    assert "Choose somebody else." in reply.text


def test_over_on_a_day_stays_in_the_register_and_is_said_once(sign_in, db, finns, cast):
    finn, here = sign_in("finn"), f"/stepping-aside/{finns.reference}"
    assert finn.post(f"{here}/over", data={"on": "2026-03-02"}).status_code == 303
    assert "Over on March 2, 2026." in finn.get(here).text
    assert finn.post(f"{here}/over", data={"on": "2026-03-02"}).status_code == 409
    assert sign_in("sam").post(f"{here}/stand-in", data={"number": cast.kit.person.number}).status_code == 409
    assert StepAside.query.count() == 1


@pytest.mark.parametrize("on", ["", "2026-03-01", "2026-03-03", "9999-12-31", "0001-01-01", "yesterday", "2026-02-30"])
def test_a_day_that_cannot_be_is_refused(sign_in, finns, on):
    assert sign_in("finn").post(f"/stepping-aside/{finns.reference}/over", data={"on": on}).status_code == 422


HOSTILE = [
    {"matter": "   "},
    {"matter": "\u200b\u00a0"},
    {"party": ""},
    {"matter": "x" * 2001},
    {"party": "x" * 501},
    {"matter": "a\x07b"},
    {"party": "a\ufffeb"},
    {"since": ""},
    {"since": "2030-01-01"},
    {"since": "1000000-01-01"},
]


@pytest.mark.parametrize("change", HOSTILE)
def test_what_cannot_be_kept_is_refused_and_what_was_typed_comes_back(sign_in, db, change):
    reply = sign_in("finn").post("/stepping-aside/", data={**FIELDS, **change})
    assert reply.status_code == 422
    assert "usa-error-message" in reply.text
    assert StepAside.query.count() == 0


@pytest.mark.parametrize("matter", ["<script>alert(1)</script>", "=1+1", "{{ 7*7 }}", "Ñandú – 中文 🙂", "a\r\nb"])
def test_strange_words_are_kept_and_shown_as_words(sign_in, db, matter):
    finn = sign_in("finn")
    reply = finn.post("/stepping-aside/", data={**FIELDS, "matter": matter})
    page = finn.get(reply.location).text
    assert "<script>alert" not in page
    assert finn.get(f"{reply.location}/memorandum.pdf").data.startswith(b"%PDF")
    assert StepAside.query.one().matter == matter.replace("\r\n", "\n")


def test_the_memorandum_names_matter_party_and_law_for_who_votes(sign_in, db, cast):
    cast.finn.person.group = "Elected"
    made = actions.step_aside(MATTER, PARTY, CLOCK.date(), cast.finn.actor, CLOCK)
    told = words(sign_in("finn").get(f"/stepping-aside/{made.reference}/memorandum.pdf").data)
    assert MATTER in told
    assert PARTY in told
    assert "65 Pa.C.S. section 1103(j)" in told
    assert "I abstain" in told


def test_the_memorandum_of_who_does_not_vote_is_in_their_language(sign_in, db, cast, finns):
    cast.finn.account.language = "es"
    reply = sign_in("finn").get(f"/stepping-aside/{finns.reference}/memorandum.pdf")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    told = words(reply.data)
    assert "Memorando" in told
    assert "1103(j)" not in told


def test_the_office_reads_the_register_and_the_auditor_without_the_party(sign_in, db, finns):
    page = sign_in("olu").get("/stepping-aside/register").text
    assert MATTER in page
    assert "cme Paving" in page
    page = sign_in("ada").get("/stepping-aside/register").text
    assert MATTER in page
    assert "cme Paving" not in page
    assert "not shown" in page
    assert "cme Paving" not in sign_in("ada").get(f"/stepping-aside/{finns.reference}").text
    read = db.session.scalars(select(AuditEntry.event).where(AuditEntry.event.in_(["list:read", "recusal:read"]))).all()
    assert sorted(read) == ["list:read", "list:read", "recusal:read"]


def test_an_officer_in_the_reporting_line_reads_as_a_supervisor_does(sign_in, db, cast, finns):
    cast.finn.person.supervisor_id = cast.olu.person.id
    db.session.commit()
    page = sign_in("olu").get(f"/stepping-aside/{finns.reference}")
    assert page.status_code == 200
    assert "cme Paving" not in page.text


def test_nobody_else_finds_it(sign_in, finns):
    for name in ("kit", "dee"):
        client = sign_in(name)
        assert client.get(f"/stepping-aside/{finns.reference}").status_code == 404
        assert client.get("/stepping-aside/register").status_code == 403
        assert finns.reference not in client.get("/stepping-aside/").text


def test_without_a_supervisor_a_senior_officer_names_the_stand_in(sign_in, db, cast):
    made = actions.step_aside(MATTER, PARTY, CLOCK.date(), cast.kit.actor, CLOCK)
    assert "We know of no supervisor of yours." in sign_in("kit").get(f"/stepping-aside/{made.reference}").text
    data = {"number": cast.sam.person.number}
    assert sign_in("sia").post(f"/stepping-aside/{made.reference}/stand-in", data=data).status_code == 303


def test_an_action_refuses_what_its_page_would_not_offer(db, cast, finns):
    with pytest.raises(NotPossible):
        actions.name_stand_in(finns, cast.olu.person.number, cast.kit.actor, CLOCK)
    with pytest.raises(NotPossible):
        actions.step_back(finns, CLOCK.date(), cast.sam.actor, CLOCK)


@pytest.mark.parametrize("change", ["UPDATE step_asides SET party = 'x'", "DELETE FROM step_asides"])
def test_the_register_refuses_every_change(db, finns, change):
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(change))
    db.session.rollback()


def test_the_newest_steps_are_what_counts(db, cast, finns):
    actions.name_stand_in(finns, cast.kit.person.number, cast.sam.actor, CLOCK)
    actions.step_back(finns, CLOCK.date(), cast.finn.actor, CLOCK + timedelta(hours=1))
    line = queries.mine(cast.finn.person.id)[0]
    assert (line.stand_in.id, line.over_on) == (cast.kit.person.id, CLOCK.date())
    assert all(step.seq > finns.seq for step in finns.steps)
