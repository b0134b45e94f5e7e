"""Papers that were signed: covered by the signature, kept by corrections, read through the permission, handed out as files."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from coi.attachments import covering, jobs, keeping
from coi.attachments.jobs import tidy_up
from coi.disclosures import actions, queries
from coi.disclosures.record import read, readable
from coi.disclosures.signing import sign
from coi.models import Attachment, SignedAttachment
from coi.vocabulary import State
from tests.attachments.files import HTML, PDF, jpg, pdf, png
from tests.attachments.steps import A_JOB_WITH_KEY, KEY, OTHER, TWO_JOBS, count, entries, here, send, signed_with_paper
from tests.disclosures.steps import complete, now, owed, signature, versions


def test_a_signature_covers_the_papers_of_its_entries(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    version = versions(draft)[0]
    kept = read(version.record)
    assert [(one["key"], one["sha256"], one["name"]) for one in kept["attachments"]] == [(KEY, made.sha256, "contract.pdf")]
    assert made.sha256 in readable(kept)
    assert [(one["version"], one["sha256"]) for one in entries(db, "attachment:signed")] == [(1, [made.sha256])]
    assert not made.in_draft


def test_a_record_without_papers_says_nothing_of_them(db, cast, draft):
    sign(draft, signature(), cast.finn.actor, now())
    assert "attachments" not in read(versions(draft)[0].record)
    assert entries(db, "attachment:signed") == []


def test_a_paper_whose_entry_was_removed_is_not_signed_and_goes(db, cast, sign_in):
    made = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor, **TWO_JOBS)
    finn = sign_in("finn")
    send(finn, here(made, KEY), PDF)
    send(finn, here(made, OTHER), pdf(b"other"))
    actions.save_draft(made, A_JOB_WITH_KEY, {}, cast.finn.actor, now(), queries.draft_of(made).revision)
    sign(made, signature(), cast.finn.actor, now())
    assert [one["key"] for one in read(versions(made)[0].record)["attachments"]] == [KEY]
    assert count(db) == 1


def test_a_correction_keeps_the_papers_and_taking_one_away_leaves_the_signed_version_as_it_was(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    finn = sign_in("finn")
    assert "contract.pdf" in finn.get(here(draft)).text
    send(finn, here(draft), pdf(b"new"), "new.pdf")
    assert finn.post(f"{here(draft)}/{made.reference}/remove").status_code == 303
    sign(draft, signature("key-2"), cast.finn.actor, now())
    first, second = versions(draft)
    assert [one["name"] for one in read(first.record)["attachments"]] == ["contract.pdf"]
    assert [one["name"] for one in read(second.record)["attachments"]] == ["new.pdf"]
    assert (keeping.folder() / made.stored).is_file()
    assert "contract.pdf" in finn.get(f"/filings/{draft.reference}/versions/1").text
    assert "new.pdf" in finn.get(f"/filings/{draft.reference}").text
    assert finn.get(f"/attachments/{made.reference}").data == PDF


def test_a_correction_without_a_touch_signs_the_same_papers_again(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    sign(draft, signature("key-2"), cast.finn.actor, now())
    assert [one["attachment"] for one in read(versions(draft)[1].record)["attachments"]] == [made.reference]
    assert count(db, SignedAttachment) == 2


def test_a_discarded_draft_leaves_no_paper_and_its_file_goes_with_the_sweep(db, cast, draft, sign_in):
    send(sign_in("finn"), here(draft))
    path = keeping.folder() / db.session.scalar(select(Attachment.stored))
    actions.discard(draft, cast.finn.actor, now())
    db.session.commit()
    assert count(db) == 0
    old = (now() - timedelta(hours=2)).timestamp()
    os.utime(path, (old, old))
    assert tidy_up(now()) == 1
    assert not path.exists()


def test_a_discarded_correction_leaves_what_was_signed(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    send(sign_in("finn"), here(draft), pdf(b"new"), "new.pdf")
    actions.discard(draft, cast.finn.actor, now())
    assert [one.reference for one in db.session.scalars(select(Attachment))] == [made.reference]
    assert covering.in_draft(draft) == []


@pytest.mark.parametrize("change", ["UPDATE signed_attachments SET attachment_id = 9", "DELETE FROM signed_attachments"])
def test_what_a_signature_covers_can_be_changed_by_nobody(db, cast, draft, sign_in, change):
    signed_with_paper(db, cast, draft, sign_in)
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(change))
    db.session.rollback()
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        db.session.execute(text("DELETE FROM attachments"))
    db.session.rollback()


def test_a_paper_leaves_as_a_file_and_never_as_a_page(db, cast, draft, sign_in):
    finn = sign_in("finn")
    send(finn, here(draft), PDF, "Carta para José.pdf")
    made = db.session.scalar(select(Attachment))
    reply = finn.get(f"/attachments/{made.reference}")
    assert (reply.status_code, reply.data, reply.content_type) == (200, PDF, "application/pdf")
    told = reply.headers["Content-Disposition"]
    assert told.startswith("attachment; ")
    assert "filename*=UTF-8''Carta%20para%20Jos%C3%A9.pdf" in told
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    assert reply.headers["Cache-Control"] == "no-store"


def test_each_download_leaves_an_entry(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    reviewer = draft.reviewer.name.split()[0].lower()
    for name in ("finn", reviewer):
        assert sign_in(name).get(f"/attachments/{made.reference}").status_code == 200
    assert [(one["actor"], one["as"]) for one in entries(db, "attachment:read")] == [
        (cast.finn.actor.name, "filer"),
        (cast[reviewer].actor.name, "office"),
    ]
    assert {one["subject"] for one in entries(db, "attachment:read")} == {f"disclosure:{draft.reference}"}


def test_who_may_read_the_case_reads_its_papers_and_nobody_else_does(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    reviewer = draft.reviewer.name.split()[0].lower()
    may = {"finn", reviewer, "sia", "sol"}
    got = {name: sign_in(name).get(f"/attachments/{made.reference}").status_code for name in cast}
    assert {name for name, code in got.items() if code == 200} == may
    assert set(got.values()) == {200, 404}


def test_a_paper_that_is_not_signed_is_its_filers_alone(db, cast, draft, sign_in):
    sign(draft, signature(), cast.finn.actor, now())
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    send(sign_in("finn"), here(draft))
    made = db.session.scalar(select(Attachment))
    got = {name: sign_in(name).get(f"/attachments/{made.reference}").status_code for name in cast}
    assert {name for name, code in got.items() if code == 200} == {"finn"}


def test_the_office_sees_the_papers_beside_the_entry(db, cast, draft, sign_in):
    made = signed_with_paper(db, cast, draft, sign_in)
    reviewer = sign_in(draft.reviewer.name.split()[0].lower())
    page = reviewer.get(f"/review/cases/{draft.reference}")
    if page.status_code == 404:
        page = reviewer.get(f"/review/{draft.reference}")
    assert f"/attachments/{made.reference}" in page.text


@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_row_without_its_file_is_said_on_the_page_and_in_the_log(db, cast, draft, sign_in, how, capfd):
    made = signed_with_paper(db, cast, draft, sign_in)
    path = keeping.folder() / made.stored
    path.unlink() if how == "gone" else path.write_bytes(HTML)
    finn = sign_in("finn")
    reply = finn.get(f"/attachments/{made.reference}")
    assert reply.status_code == 404
    assert "missing or was changed" in reply.text
    assert made.reference in "".join(capfd.readouterr())
    assert finn.get(f"/filings/{draft.reference}").status_code == 200
    if how == "gone":
        assert "The file is missing" in finn.get(f"/filings/{draft.reference}").text


@pytest.mark.parametrize("reference", ["ATT-XXXXXXXXXXXX", "../../../etc/passwd", "1", "ATT-\0", "%2e%2e%2fcoi.db"])
def test_an_address_that_is_no_papers_finds_nothing(cast, sign_in, reference):
    assert sign_in("finn").get(f"/attachments/{reference}").status_code == 404


@pytest.mark.parametrize("data", [jpg(), png()], ids=["jpg", "png"])
def test_a_photo_comes_back_as_it_was_kept(db, cast, draft, sign_in, data):
    made = signed_with_paper(db, cast, draft, sign_in, data)
    assert sign_in("finn").get(f"/attachments/{made.reference}").data == data


def test_the_state_of_a_filing_with_papers_is_as_any_others(db, cast, draft, sign_in):
    signed_with_paper(db, cast, draft, sign_in)
    assert draft.state in (State.IN_REVIEW, State.SUBMITTED)
    assert jobs.tidy_up(now()) == 0
