"""A form on paper: typed in by who holds the right, for one other person; filed as the pages file; read until it is confirmed."""

import json
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, text

from coi.campaigns.queries import owed_by
from coi.db import db as database
from coi.disclosures import actions, queries
from coi.disclosures.facts import conflicts_with, in_conflict
from coi.disclosures.record import read
from coi.disclosures.signing import sign
from coi.errors import NotPossible
from coi.models import (
    Attachment,
    AuditEntry,
    Confirmation,
    Disclosure,
    Draft,
    Letter,
    Obligation,
    PaperForm,
    PolicyReceipt,
    Settlement,
)
from coi.paper import actions as paper
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.review.assignment import candidates
from coi.vocabulary import Kind, Receipt, Role, Standing, State
from tests.attachments.files import HTML, PDF, jpg
from tests.disclosures.steps import A_JOB, NOTHING, complete, now, owed, signature, versions
from tests.factories import OPERATOR, AccountFactory, PersonFactory, RoleGrantFactory, find_cast

RECEIVED, SIGNED = date(2026, 2, 24), date(2026, 2, 20)


@pytest.fixture
def pat(db, cast):
    """Pat, who types in paper forms."""
    person = PersonFactory(number="001099", name="Pat Paper", email="pat@city.example")
    RoleGrantFactory(account=AccountFactory(person=person), role=Role.PAPER_ENTRY)
    db.session.commit()
    cast.members["pat"] = find_cast().pat
    return cast.pat


@pytest.fixture
def due(db, cast, pat) -> Obligation:
    """What Finn owes."""
    load_from_profile(current_profile(), OPERATOR, now())
    made = owed(cast.finn.person, told_on=date(2026, 2, 1), due_on=date(2026, 2, 25))
    db.session.commit()
    return made


@pytest.fixture
def begun(db, cast, pat, due, sign_in):
    """Pat's browser at Finn's paper form."""
    browser = sign_in("pat")
    reply = begin(browser, cast.finn.person, due.reference)
    assert reply.status_code == 303
    form = db.session.scalar(select(PaperForm))
    return SimpleNamespace(browser=browser, form=form, at=f"/paper/{form.reference}")


def begin(browser, person, code: str, **more):
    data = {"code": code, "language": "es", "received_on": RECEIVED.isoformat(), "helped": "Ana Intérprete", **more}
    return browser.post(f"/paper/for/{person.number}", data=data)


def doors(form: PaperForm) -> list[str]:
    from coi.questionnaires.queries import form_of

    return actions.opens_a_list(form_of(form.questionnaire))


def page_of(form: PaperForm, **more) -> dict:
    answers = {**dict.fromkeys(doors(form), "no"), "anything_else": "Sin más"}
    fields = {f"{name}.": value for name, value in answers.items()}
    told = {"signed_name": "Finn Filer", "signed_on": SIGNED.isoformat()}
    return {"asked": " ".join(answers), "revision": form.revision, **fields, **told, **more}


def scan(begun, data: bytes = PDF, name: str = "scan.pdf"):
    return begun.browser.post(f"{begun.at}/scans", data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def file(begun, **more):
    database.session.refresh(begun.form)
    return begun.browser.post(f"{begun.at}/file", data=page_of(begun.form, press="file", **more))


@pytest.fixture
def typed(db, begun):
    """Finn's paper form, filed by Pat."""
    assert scan(begun).status_code == 303
    reply = file(begun)
    assert (reply.status_code, reply.location) == (303, f"{begun.at}/filed")
    db.session.expire_all()
    return SimpleNamespace(**vars(begun), disclosure=db.session.get(Disclosure, begun.form.disclosure_id))


def count(db, model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def entries(db, event: str) -> list[dict]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq))
    return [{"actor": row.actor, "subject": row.subject, **json.loads(row.details)} for row in rows]


# --- for whom ---------------------------------------------------------------------------------------------------------------


def test_people_are_found_by_name_or_number_with_their_unit_and_nothing_else(cast, pat, due, sign_in):
    browser = sign_in("pat")
    found = browser.get("/paper/?search=finn").text
    assert "Finn Filer" in found
    assert "Public Works" in found
    assert cast.finn.person.email not in found
    assert "Finn Filer" in browser.get(f"/paper/?search={cast.finn.person.number}").text
    assert "Nobody found" in browser.get("/paper/?search=f").text
    assert "Pat Paper" not in browser.get("/paper/?search=pat").text.partition("<h2")[2]


def test_what_a_person_owes_is_said_with_its_status(cast, pat, due, sign_in):
    page = sign_in("pat").get(f"/paper/for/{cast.finn.person.number}").text
    assert str(Standing.LATE.label) in page
    assert "2025" in page


@pytest.mark.parametrize("name", ["kit", "olu", "sia", "ada", "dee", "finn"])
def test_without_the_right_nothing_of_paper_is_there(cast, due, sign_in, name):
    browser = sign_in(name)
    assert browser.get("/paper/").status_code == 403
    assert begin(browser, cast.kit.person, "gift").status_code == 404


def test_nobody_types_a_form_of_their_own(db, pat, sign_in):
    assert begin(sign_in("pat"), pat.person, "gift").status_code == 404
    told = paper.Begun("gift", "en", RECEIVED, "")
    with pytest.raises(NotPossible):
        paper.begin(pat.person, told, pat.actor, now())
    with pytest.raises(Exception, match="nobody_types_their_own"):
        db.session.execute(
            text(
                "INSERT INTO paper_forms (reference, person_id, clerk_id, questionnaire_id, kind, reporting_year, language, "
                "received_on, helped, signed_name, filer, answers, policies, revision, begun_at, saved_at, seq) "
                f"VALUES ('x', {pat.person.id}, {pat.person.id}, 1, 'gift', 2025, 'en', '2026-01-01', '', '', '{{}}', '{{}}', "
                "'{}', 0, '2026-01-01', '2026-01-01', 1)"
            )
        )
    db.session.rollback()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("code", "", "Choose which form it is."),
        ("code", "DUE-2026-XXXXXX", "Choose"),
        ("language", "tlh", "Choose"),
        ("received_on", "2026-03-03", "in the future"),
        ("received_on", "", "real day"),
        ("received_on", "24.2.2026", "real day"),
        ("helped", "a\0b", "can&#39;t be kept"),
    ],
)
def test_what_is_wrong_before_typing_is_said_beside_the_field(db, cast, due, sign_in, field, value, words):
    reply = begin(sign_in("pat"), cast.finn.person, **{"code": due.reference, field: value})
    assert reply.status_code == 422
    assert words in reply.text
    assert "Ana Int" in reply.text or field == "helped"
    assert count(db, PaperForm) == 0


def test_a_form_that_a_person_filed_is_not_typed_again(db, cast, due, sign_in):
    made = actions.start(due, cast.finn.actor, now())
    complete(made, cast.finn.actor)
    said = {
        str(one.id): {"receipt": "received"} for one in queries.policies_due(made, queries.draft_of(made).filer, now().date())
    }
    actions.save_draft(made, {}, said, cast.finn.actor, now(), queries.draft_of(made).revision)
    sign(made, signature(), cast.finn.actor, now())
    reply = begin(sign_in("pat"), cast.finn.person, due.reference)
    assert reply.status_code == 422
    assert count(db, PaperForm) == 0


def test_a_persons_own_draft_is_said_and_never_written_over(db, cast, due, begun):
    made = actions.start(due, cast.finn.actor, now())
    complete(made, cast.finn.actor, **A_JOB)
    db.session.commit()
    before = dict(queries.draft_of(made).answers)
    reply = begin(begun.browser, cast.finn.person, due.reference)
    assert reply.status_code == 422
    assert "has begun this form here" in reply.text
    scan(begun)
    refused = file(begun)
    assert refused.status_code == 422
    assert "has begun this form here" in refused.text
    db.session.expire_all()
    assert dict(queries.draft_of(made).answers) == before
    assert made.state is State.DRAFT


def test_a_second_clerk_hears_that_a_colleague_is_at_it_and_sees_nothing(db, cast, due, begun, sign_in):
    other = PersonFactory(number="001098", name="Quin Paper", email="quin@city.example")
    RoleGrantFactory(account=AccountFactory(person=other), role=Role.PAPER_ENTRY)
    db.session.commit()
    cast.members["quin"] = find_cast().quin
    quin = sign_in("quin")
    assert "A colleague is typing in this form already." in begin(quin, cast.finn.person, due.reference).text
    for path in (begun.at, f"{begun.at}/scans", f"{begun.at}/discard"):
        assert quin.get(path).status_code == 404
    assert quin.post(f"{begun.at}/file").status_code == 404
    assert count(db, PaperForm) == 1


def test_beginning_twice_goes_on_with_the_same_form(db, cast, due, begun):
    assert begin(begun.browser, cast.finn.person, due.reference).location.endswith(begun.form.reference)
    assert count(db, PaperForm) == 1


# --- typing -----------------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_gone_on_with_later(db, begun):
    reply = begun.browser.post(begun.at, data=page_of(begun.form, press="save"))
    assert (reply.status_code, reply.location) == (303, begun.at)
    page = begun.browser.get(begun.at).text
    assert "Sin más" in page
    assert "Finn Filer" in page
    assert begun.form.reference in begun.browser.get("/paper/").text
    assert count(db, Disclosure) == 0, "nothing is there for the person before it is filed"


def test_a_list_opens_grows_and_shrinks_without_a_script(db, begun):
    data = {"asked": "has_outside_work", "has_outside_work.": "yes", "revision": 0, "press": "add:outside_work"}
    begun.browser.post(begun.at, data=data)
    db.session.refresh(begun.form)
    rows = begun.form.answers["outside_work"]
    assert len(rows) == 1
    key = rows[0]["_key"]
    page = begun.browser.get(begun.at).text
    assert f'value="remove:outside_work:{key}"' in page
    assert "attach:" not in page
    begun.browser.post(begun.at, data={"revision": begun.form.revision, "press": f"remove:outside_work:{key}"})
    db.session.refresh(begun.form)
    assert begun.form.answers["outside_work"] == []


def test_no_to_all_answers_every_list(db, begun):
    begun.browser.post(begun.at, data={"revision": 0, "press": "no-to-all"})
    db.session.refresh(begun.form)
    assert {begun.form.answers[name] for name in doors(begun.form) if name in begun.form.answers} == {"no"}


def test_two_windows_of_one_clerk_lose_no_word(db, begun):
    begun.browser.post(begun.at, data=page_of(begun.form, press="save"))
    reply = begun.browser.post(begun.at, data={**page_of(begun.form), "revision": 0, "anything_else.": "The other window"})
    assert reply.status_code == 409
    assert "The other window" in reply.text


def test_what_can_not_be_kept_comes_back_as_it_was_typed(db, begun):
    reply = begun.browser.post(begun.at, data=page_of(begun.form, **{"anything_else.": "a\0b", "press": "save"}))
    assert reply.status_code == 422
    assert count(db, Disclosure) == 0
    bad = begun.browser.post(begun.at, data=page_of(begun.form, signed_on="99", press="save"))
    assert bad.status_code == 422
    assert "real day" in bad.text


def test_a_form_is_thrown_away_with_its_scan(db, begun):
    scan(begun)
    assert begun.browser.get(f"{begun.at}/discard").status_code == 200
    assert begun.browser.post(f"{begun.at}/discard").status_code == 303
    assert (count(db, PaperForm), count(db, Attachment)) == (0, 0)
    assert [one["actor"] for one in entries(db, "paper:discarded")] == [find_cast().pat.actor.name]


def test_the_scan_is_judged_as_every_paper_is(db, begun):
    assert scan(begun, HTML).status_code == 422
    assert scan(begun, jpg(), "page 1.jpg").status_code == 303
    assert [scan(begun).status_code for _time in range(2)] == [303, 303]
    made = db.session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert [(one.paper, one.disclosure_id) for one in made] == [(begun.form.reference, None)] * 2
    assert begun.browser.get(f"/attachments/{made[0].reference}").status_code == 200
    assert begun.browser.post(f"{begun.at}/scans/{made[0].reference}/remove").status_code == 303
    assert count(db, Attachment) == 1


def test_nobody_but_the_clerk_opens_a_scan_before_it_is_filed(db, cast, begun, sign_in):
    scan(begun)
    made = db.session.scalar(select(Attachment))
    got = {name: sign_in(name).get(f"/attachments/{made.reference}").status_code for name in cast.members}
    assert {name for name, code in got.items() if code == 200} == {"pat"}


# --- filing -----------------------------------------------------------------------------------------------------------------


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


# --- who reads it, and who does not ------------------------------------------------------------------------------------------


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


# --- the person -------------------------------------------------------------------------------------------------------------


def confirm(browser, typed, **more):
    signed = queries.version_of(typed.disclosure)
    due = queries.policies_due(typed.disclosure, signed.filer, now().date())
    said = {f"policy.{one.id}": "received" for one in due}
    return browser.post(
        f"/filings/{typed.disclosure.reference}/confirm", data={"signed_name": "Finn F. Filer", "key": "confirm", **said, **more}
    )


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
