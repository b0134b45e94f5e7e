"""Correcting on a new version in hostile hands: pressed twice, by others, from a stale page, with words that are no words."""

import pytest
from sqlalchemy import func, select

from coi.disclosures import queries as filings
from coi.models import AuditEntry, Draft, DraftMove
from coi.questionnaires.actions import publish
from tests.city import CLOCK
from tests.factories import OPERATOR
from tests.questionnaires.library import corrected
from tests.questionnaires.test_corrected_after_signing import first, signed

__all__ = ["first", "signed"]
HOSTILE = '<script>alert(1)</script>\u202e=HYPERLINK("x")'


@pytest.fixture
def newer(db, signed) -> str:
    """Where Finn begins a correction, on a form that was corrected since."""
    publish(corrected(), "content", OPERATOR, CLOCK)
    db.session.commit()
    return f"/filings/{signed.reference}/correct"


def count(db, model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def moves(db) -> list[str]:
    return list(db.session.scalars(select(AuditEntry.details).where(AuditEntry.event == "drafts:moved")))


def test_pressed_twice_it_is_one_draft_that_moved_once(sign_in, db, newer):
    finn = sign_in("finn")
    assert [finn.post(newer, data={"reason": "a slip"}).status_code for _press in range(2)] == [303, 303]
    assert (count(db, Draft), count(db, DraftMove), len(moves(db))) == (1, 1, 1)


def test_begun_thrown_away_and_begun_again_it_moves_anew_and_nothing_signed_is_lost(sign_in, db, signed, newer):
    finn, record = sign_in("finn"), filings.version_of(signed).record
    for _time in range(2):
        finn.post(newer, data={"reason": "a slip"})
        assert finn.post(f"/forms/{signed.reference}/discard").status_code in (302, 303)
        assert (count(db, Draft), count(db, DraftMove)) == (0, 0)
    assert len(moves(db)) == 2
    assert filings.version_of(signed).record == record


@pytest.mark.parametrize("name", ["kit", "sam", "olu", "ada", "sia", "dee"])
def test_nobody_else_corrects_it(sign_in, db, newer, name):
    before = count(db, AuditEntry)
    client = sign_in(name)
    assert [client.get(newer).status_code, client.post(newer, data={"reason": "a slip"}).status_code] == [404, 404]
    assert (count(db, Draft), count(db, AuditEntry)) == (0, before)


@pytest.mark.parametrize(
    ("reason", "code"), [("", 422), (" \u200b", 422), ("a\x00b", 422), ("x" * 10_001, 422), ("x" * 500_001, 413)]
)
def test_a_reason_that_is_none_begins_nothing_and_moves_nothing(sign_in, db, newer, reason, code):
    before = count(db, AuditEntry)
    assert sign_in("finn").post(newer, data={"reason": reason}).status_code == code
    assert (count(db, Draft), count(db, AuditEntry)) == (0, before)


def test_a_hostile_reason_is_words_on_pages_and_in_no_entry(sign_in, db, signed, newer):
    finn = sign_in("finn")
    assert finn.post(newer, data={"reason": HOSTILE}).status_code == 303
    assert db.session.scalars(select(Draft.because)).one().startswith("<script>")
    for path in ("", "/review", "/changes", "/sign"):
        page = finn.get(f"/forms/{signed.reference}{path}")
        assert (page.status_code, "<script>alert" in page.text) == (200, False)
    assert not any("alert(1)" in told for told in db.session.scalars(select(AuditEntry.details)))


def test_a_stale_page_of_the_old_form_keeps_every_word(sign_in, db, signed, newer):
    finn = sign_in("finn")
    finn.post(newer, data={"reason": "a slip"})
    old = {"asked": "any_support remarks lab", "any_support.": "yes", "remarks.": "Word of the old page", "lab.": "South wing"}
    reply = finn.post(f"/forms/{signed.reference}", data={**old, "revision": "0", "press": "save"})
    shown = reply.text + finn.get(f"/forms/{signed.reference}").text
    assert "Word of the old page" in shown
    assert "South wing" in shown
    kept = db.session.scalars(select(Draft)).one()
    assert not {"remarks", "lab"} & set(kept.answers)


@pytest.mark.parametrize("path", ["versions/1/record", "versions/1/record.json", "form.pdf", "compare/1/1"])
@pytest.mark.parametrize("name", ["kit", "sam", "ada", "dee"])
def test_what_is_taken_away_is_nobody_elses(sign_in, db, signed, path, name):
    before = count(db, AuditEntry)
    assert sign_in(name).get(f"/filings/{signed.reference}/{path}").status_code == 404
    assert count(db, AuditEntry) == before


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_record_is_only_read(sign_in, signed, method):
    finn = sign_in("finn")
    for path in ("record", "record.json"):
        assert getattr(finn, method)(f"/filings/{signed.reference}/versions/1/{path}").status_code == 405
