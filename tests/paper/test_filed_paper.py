"""A form on paper that was filed: as the pages file, counted on its day of receipt, read until its person confirms it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from coi.campaigns.queries import owed_by
from coi.disclosures import actions, queries
from coi.disclosures.facts import conflicts_with, in_conflict
from coi.disclosures.record import read
from coi.disclosures.signing import sign
from coi.errors import NotPossible
from coi.models import (
    Attachment,
    Confirmation,
    Disclosure,
    Draft,
    Letter,
    PaperForm,
    PolicyReceipt,
    Settlement,
)
from coi.review.assignment import candidates
from coi.vocabulary import Kind, Receipt, Role, Standing, State
from tests.disclosures.steps import NOTHING, now, owed, signature, versions
from tests.factories import RoleGrantFactory, find_cast
from tests.paper.steps import RECEIVED, SIGNED, begin, confirm, count, entries, file, page_of, scan


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"signed_name": " "}, "Type the name as it is signed"),
        ({"signed_on": ""}, "Give the day that stands beside"),
        ({"signed_on": "2026-02-25"}, "after the day on which the paper was received"),
        ({"has_gifts.": ""}, "error"),
    ],
)
def test_a_paper_that_is_not_complete_is_not_filed_and_nothing_typed_is_lost(db, begun, change, words):
    scan(begun)
    reply = file(begun, **change)
    assert reply.status_code == 422
    assert words in reply.text
    assert "Sin más" in reply.text
    assert (count(db, Disclosure), count(db, Settlement)) == (0, 0)


def test_without_its_scan_a_paper_is_not_filed(db, begun):
    reply = file(begun)
    assert reply.status_code == 422
    assert "Add the scan of the signed paper first." in reply.text
    assert count(db, Disclosure) == 0


def test_a_paper_is_filed_as_the_pages_file(db, cast, due, typed):
    version = versions(typed.disclosure)[0]
    assert typed.disclosure.state in (State.IN_REVIEW, State.DECIDED, State.SUBMITTED)
    assert (version.imported, version.signed_name, version.language) == (True, "Finn Filer", "es")
    assert version.signed_at.astimezone(now().tzinfo).date() == SIGNED
    kept = read(version.record)
    assert kept["paper"] == {
        "reference": typed.form.reference,
        "typed_by": find_cast().pat.actor.name,
        "signed_on": "2026-02-20",
        "received_on": "2026-02-24",
        "helped": "Ana Intérprete",
    }
    assert kept["sign_in"]["method"] == "paper"
    assert [one["name"] for one in kept["attachments"]] == ["scan.pdf"]
    assert queries.is_unconfirmed(typed.disclosure)
    assert count(db, Draft) == 0


def test_the_day_of_receipt_counts(db, cast, due, typed):
    db.session.refresh(due)
    assert due.settled_on == RECEIVED
    assert db.session.scalar(select(Settlement.counted_on)) == RECEIVED
    assert [one.standing for one in owed_by(cast.finn.person.id, now().date())] == [Standing.FILED]


def test_the_log_says_who_typed_it(db, cast, typed):
    pat, subject = find_cast().pat.actor.name, f"disclosure:{typed.disclosure.reference}"
    told = entries(db, "paper:typed")
    assert [(one["actor"], one["subject"], one["received"], one["paper"]) for one in told] == [
        (pat, subject, "2026-02-24", typed.form.reference)
    ]
    submitted = entries(db, "disclosure:submitted")
    assert [(one["actor"], one["subject"], one["signature"], one["imported"]) for one in submitted] == [
        (pat, subject, "paper", True)
    ]


def test_a_letter_tells_the_person(db, cast, typed):
    letter = db.session.scalar(select(Letter).where(Letter.kind == "paper_typed"))
    assert letter.person_id == cast.finn.person.id
    assert typed.disclosure.reference in letter.text
    assert f"/filings/{typed.disclosure.reference}/confirm" in letter.text
    assert "Sin más" not in letter.text
    assert db.session.scalar(select(func.count()).where(Letter.kind == "receipt")) == 0


def test_filing_twice_files_once(db, typed):
    again = typed.browser.post(f"{typed.at}/file", data={"press": "file", "revision": 99})
    assert (again.status_code, again.location) == (303, f"{typed.at}/filed")
    assert (count(db, Disclosure), count(db, Settlement)) == (1, 1)


def test_what_the_paper_says_of_policies_is_kept_and_what_it_does_not_say_stays_open(db, cast, due, begun, sign_in):
    scan(begun)
    bound = queries.policies.to_sign(cast.finn.person.id, begun.form.filer, now().date())
    said = {f"policy.{bound[0].id}": "objection", f"objection.{bound[0].id}": "Not fair"}
    said |= {f"policy.{one.id}": "" for one in bound[1:]}
    assert file(begun, **{**said, f"objection.{bound[0].id}": ""}).status_code == 422
    assert file(begun, **said).status_code == 303
    kept = db.session.scalars(select(PolicyReceipt)).all()
    assert [(one.policy_version_id, one.receipt, one.objection) for one in kept] == [(bound[0].id, Receipt.OBJECTION, "Not fair")]
    db.session.refresh(begun.form)
    disclosure = db.session.get(Disclosure, begun.form.disclosure_id)
    still = queries.policies_due(disclosure, begun.form.filer, now().date())
    assert {one.id for one in still} == {one.id for one in bound[1:]}


def test_a_gift_on_paper_needs_no_obligation(db, cast, pat, due, sign_in):
    browser = sign_in("pat")
    assert begin(browser, cast.finn.person, "gift").status_code == 303
    form = db.session.scalar(select(PaperForm))
    assert (form.kind, form.obligation_id) == (Kind.GIFT, None)
    assert browser.get(f"/paper/{form.reference}").status_code == 200


def test_the_clerk_reads_it_until_the_person_confirms_and_nothing_else(db, cast, typed, sign_in):
    page = typed.browser.get(f"{typed.at}/filed")
    assert page.status_code == 200
    assert "Sin más" in page.text
    assert "not yet confirmed by the person" in page.text
    assert [(one["as"], one["subject"]) for one in entries(db, "disclosure:read")] == [
        ("clerk", f"disclosure:{typed.disclosure.reference}")
    ]
    for path in (
        f"/filings/{typed.disclosure.reference}",
        f"/review/{typed.disclosure.reference}",
        f"/forms/{typed.disclosure.reference}",
    ):
        assert typed.browser.get(path).status_code == 404
    made = db.session.scalar(select(Attachment))
    assert typed.browser.get(f"/attachments/{made.reference}").status_code == 200
    confirm(sign_in("finn"), typed)
    assert typed.browser.get(f"{typed.at}/filed").status_code == 404
    assert typed.browser.get(f"/attachments/{made.reference}").status_code == 404
    assert typed.disclosure.reference not in typed.browser.get("/paper/").text


def test_the_right_taken_away_ends_the_reading(db, cast, typed, sign_in):
    from coi.models import RoleGrant

    db.session.execute(text("UPDATE role_grants SET ends_on = '2026-01-02' WHERE role = 'paper_entry'"))
    db.session.commit()
    assert count(db, RoleGrant) > 0
    assert typed.browser.get(f"{typed.at}/filed").status_code == 404


def test_who_typed_a_form_never_reviews_it(db, cast, pat, typed):
    RoleGrantFactory(account=pat.account, role=Role.REVIEWER)
    db.session.commit()
    people = [pat.person.id, cast.olu.person.id]
    assert conflicts_with(cast.finn.person.id, people, typed.disclosure).get(pat.person.id) == frozenset({"typed"})
    found = {one.person_id: one.conflicts for one in candidates(typed.disclosure, "ethics", now())}
    assert found.get(pat.person.id, frozenset({"typed"})) == frozenset({"typed"})
    assert db.session.scalars(select(Disclosure.id).where(in_conflict(pat.person.id))).all() == [typed.disclosure.id]


def test_a_clerk_writes_no_draft_of_anybody_without_a_paper_form_of_theirs(db, cast, pat, due):
    with pytest.raises(NotPossible):
        actions.start(due, pat.actor, now())


def test_the_home_page_asks_for_it_before_everything_else(db, cast, typed, sign_in):
    owed(cast.finn.person, Kind.NEW_POSITION, occasion="new", due_on=date(2026, 1, 1))
    db.session.commit()
    page = sign_in("finn").get("/").text
    first = page[page.index("coi-next__title") :]
    assert first.index("Please confirm your form") < 200


def test_the_person_sees_who_typed_it_and_the_scan_and_confirms_by_name(db, cast, typed, sign_in):
    finn, here = sign_in("finn"), f"/filings/{typed.disclosure.reference}"
    page = finn.get(f"{here}/confirm").text
    for words in ("Pat Paper", "Ana Intérprete", "February 24, 2026", "scan.pdf", "Sin más", "this is not what I wrote"):
        assert words in page
    assert "not yet confirmed by the person" in finn.get(here).text
    assert confirm(finn, typed, signed_name=" ").status_code == 422
    assert [confirm(finn, typed).status_code for _time in range(2)] == [303, 303]
    row = db.session.scalars(select(Confirmation)).one()
    assert (row.typed_name, row.version_id) == ("Finn F. Filer", versions(typed.disclosure)[0].id)
    assert [one["actor"] for one in entries(db, "disclosure:confirmed")] == [cast.finn.actor.name]
    assert "confirmed by the person" in finn.get(here).text
    assert "not yet confirmed" not in finn.get(here).text


@pytest.mark.parametrize("change", ["UPDATE confirmations SET typed_name = 'x'", "DELETE FROM confirmations"])
def test_a_confirmation_stays_as_it_was_given(db, cast, typed, sign_in, change):
    confirm(sign_in("finn"), typed)
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(change))
    db.session.rollback()


def test_this_is_not_what_i_wrote_leads_to_a_correction_that_ends_the_clerks_reading(db, cast, typed, sign_in):
    finn = sign_in("finn")
    reply = finn.post(f"/filings/{typed.disclosure.reference}/correct", data={"reason": "I never wrote that"})
    assert reply.status_code == 303
    assert typed.browser.get(f"{typed.at}/filed").status_code == 200
    draft = queries.draft_of(typed.disclosure)
    said = {str(one.id): {"receipt": "received"} for one in queries.policies_due(typed.disclosure, draft.filer, now().date())}
    actions.save_draft(typed.disclosure, {**NOTHING, "anything_else": "Mine"}, said, cast.finn.actor, now(), draft.revision)
    sign(typed.disclosure, signature(), cast.finn.actor, now())
    db.session.commit()
    assert not queries.is_unconfirmed(typed.disclosure)
    assert typed.browser.get(f"{typed.at}/filed").status_code == 404
    assert read(versions(typed.disclosure)[1].record).get("paper") is None


def test_the_office_reads_that_it_was_typed_from_paper(db, cast, typed, sign_in):
    page = sign_in("sia").get(f"/review/{typed.disclosure.reference}")
    if page.status_code == 404:
        page = sign_in("sia").get(f"/review/cases/{typed.disclosure.reference}")
    assert "Typed from paper, not yet confirmed by the person" in page.text
    assert "scan.pdf" in page.text


def test_a_form_typed_by_an_old_sign_in_asks_the_passphrase_and_keeps_what_was_typed(db, begun, sign_in):
    scan(begun)
    db.session.refresh(begun.form)
    old = sign_in("pat", ago=timedelta(hours=1))
    reply = old.post(f"{begun.at}/file", data=page_of(begun.form, press="file"))
    assert reply.status_code == 422
    assert count(db, Disclosure) == 0
