"""The demo: filled once and kept, never on a city of real people, and every page says what it is."""

import pytest
from sqlalchemy import ColumnElement, func, inspect, select

from coi import models
from coi.db import db
from coi.demo.city import PASSPHRASE
from coi.demo.people import HEAD
from coi.demo.tour import whom
from coi.models import Campaign, Disclosure, Person
from coi.serve import refuse_what_is_no_city
from coi.vocabulary import Kind, Receipt, RequestState, Role, State
from tests.city import apart
from tests.faults.filers import looking
from tests.faults.small_city import LATER, MADE_AT, PEOPLE, demo_settings, fill
from tests.faults.test_faults_reading import fingerprints


def test_the_demo_is_a_city_of_so_many_people_with_two_years(demo_city):
    with looking():
        assert db.session.scalar(select(func.count()).select_from(Person).where(Person.employee)) == PEOPLE
        assert db.session.scalar(select(func.count()).select_from(Campaign)) == 2
        assert db.session.scalar(select(func.count()).select_from(Disclosure)) > PEOPLE
    assert PASSPHRASE in demo_city.made.output


def _there(model: type, *held: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*held)) or 0


def _owned(number: str, *held: ColumnElement[bool]) -> list[Disclosure]:
    """The filings of this year of somebody, by number."""
    year = select(func.max(Campaign.id)).scalar_subquery()
    wanted = select(Disclosure).join(Person, Person.id == Disclosure.filer_id)
    return list(db.session.scalars(wanted.where(Person.number == number, Disclosure.campaign_id == year, *held)))


def test_paper_is_typed_by_who_holds_the_right_and_waits_is_confirmed_or_is_begun(demo_city):
    with looking():
        held = select(models.Account).join(models.RoleGrant, models.RoleGrant.account_id == models.Account.id)
        clerk = db.session.scalars(held.where(models.RoleGrant.role == Role.PAPER_ENTRY)).one()
        assert db.session.get_one(Person, clerk.person_id).number == "000018"
        assert "000018" in demo_city.made.output
        assert _there(models.PaperForm) == 3
        assert _there(models.PaperForm, models.PaperForm.filed_seq.is_(None)) == 1
        [waiting], [confirmed] = _owned("000108"), _owned("000109")
        versions = models.DisclosureVersion
        assert _there(versions, versions.disclosure_id == waiting.id, versions.imported, versions.confirmed_seq.is_(None)) == 1
        assert _there(versions, versions.disclosure_id == confirmed.id, versions.confirmed_seq.is_not(None)) == 1
        assert _there(models.Attachment, models.Attachment.paper != "", models.Attachment.kind == "png") == 2


def test_one_form_was_corrected_with_papers_and_an_objection_and_one_sent_back_with_a_decline(demo_city):
    with looking():
        [corrected], [returned] = _owned("000106"), _owned("000107")
        assert corrected.version == 2
        assert _there(models.Attachment, models.Attachment.disclosure_id == corrected.id) == 2
        assert returned.state is State.RETURNED
        said = models.PolicyReceipt
        assert _there(said, said.person_id == corrected.filer_id, said.receipt == Receipt.OBJECTION) > 0
        assert _there(said, said.person_id == returned.filer_id, said.receipt == Receipt.DECLINED) == 1


def test_one_draft_is_half_done_and_was_moved_and_one_waits_for_word_on_last_year(demo_city):
    with looking():
        [half], [carried] = _owned("000105", Disclosure.state == State.DRAFT), _owned("000104", Disclosure.state == State.DRAFT)
        drafts = {one.disclosure_id: one for one in db.session.scalars(select(models.Draft))}
        assert drafts[half.id].answers["outside_work"][0]["work"] == ""
        assert "has_gifts" not in drafts[half.id].answers
        assert _there(models.DraftMove, models.DraftMove.draft_id == drafts[half.id].id) == 1
        items = drafts[carried.id].carried["items"]
        assert [one["question"] for one in items] == ["outside_work", "gifts", "posts"]
        assert not drafts[carried.id].carried.get("said")


def test_the_form_and_a_policy_changed_under_way_by_two_people_and_one_change_waits(demo_city):
    with looking():
        forms = db.session.scalars(select(models.Questionnaire).order_by(models.Questionnaire.number)).all()
        assert [one.change for one in forms if one.form_id == "city-coi"] == ["content", "wording"]
        of_2026 = models.PolicyVersion.effective_on >= MADE_AT.date().replace(month=1, day=1)
        newer = db.session.scalars(select(models.PolicyVersion).where(of_2026)).one()
        older = db.session.scalars(
            select(models.PolicyVersion).where(models.PolicyVersion.policy_id == newer.policy_id, ~of_2026)
        ).one()
        for code, words in (("en", "Gift cards"), ("es", "Tarjetas de regalo")):
            assert (words in newer.text[code], words in older.text[code]) == (True, False)
        assert _there(models.Request, models.Request.state == RequestState.APPROVED) == 2
        waiting = select(models.Request.action).where(models.Request.state == RequestState.WAITING)
        assert sorted(db.session.scalars(waiting)) == ["full_export", "publish_policy"]
        assert _there(models.QuestionnaireDraft, models.QuestionnaireDraft.errors > 0) == 1


def test_somebody_comes_somebody_leaves_somebody_is_on_leave_and_two_stepped_aside(demo_city):
    with looking():
        asked = select(models.Obligation.number, models.Obligation.kind).where(models.Obligation.kind != Kind.ANNUAL)
        kinds = {row.number: row.kind for row in db.session.execute(asked)}
        assert kinds == {"000110": Kind.LEAVING, "000111": Kind.NEW_HIRE}
        assert "employee number 000111, code" in demo_city.made.output
        assert _there(models.Leave, models.Leave.leave_to > MADE_AT.date()) > 0
        by_a_plan = models.StepAside.id.in_(select(models.StepAsideLink.step_aside_id))
        assert _there(models.StepAside, ~by_a_plan) == 2
        assert _there(models.StepAside, by_a_plan) > 0
        assert _there(models.StepAsideStep, models.StepAsideStep.stand_in_id.is_not(None)) == 1


def test_letters_came_back_and_wait_to_be_printed_and_heads_answered(demo_city):
    with looking():
        assert _there(models.AddressFault, models.AddressFault.done_seq.is_(None)) == 1
        assert _there(models.Letter, models.Letter.kind == "invitation", models.Letter.sent_at.is_not(None)) > 0
        assert _there(models.Letter, models.Letter.dropped == "no_address") > 0
        assert _there(models.Letter, models.Letter.kind == "by_hand", models.Letter.dropped == "no_address") == 1
        assert _there(models.DepartmentCheck) > 3
        assert _there(models.RosterNote) == 1


def test_nothing_in_the_log_goes_back_in_time(demo_city):
    with looking():
        made = models.AuditEntry.seq <= demo_city.last_seq
        times = db.session.scalars(select(models.AuditEntry.at).where(made).order_by(models.AuditEntry.seq)).all()
        assert list(times) == sorted(times)
        assert max(times) <= f"{MADE_AT:%Y-%m-%dT%H:%M:%S.%f}Z"


def test_the_front_page_says_whom_to_sign_in_as_and_everybody_can(demo_city, own_city):
    page = demo_city.app.test_client().get("/accounts/sign-in").text
    assert PASSPHRASE in page
    for _part, login, name in whom():
        assert (login in page, name in page) == (True, True)
        reply = demo_city.app.test_client().post("/accounts/sign-in", data={"login": login, "passphrase": PASSPHRASE})
        assert reply.status_code in (302, 303), (login, reply.status_code)
    head = demo_city.app.test_client()
    apart(head.post, "/accounts/sign-in", data={"login": HEAD, "passphrase": PASSPHRASE})
    assert apart(head.get, "/my-department/").status_code == 200
    assert PASSPHRASE not in own_city.app.test_client().get("/accounts/sign-in").text


def test_a_second_run_keeps_everything_as_it_is(demo_city):
    before = fingerprints()
    again = demo_city.run("demo", "--people", str(PEOPLE), "--no-serve", at=LATER)
    assert again.exit_code == 0, again.output
    assert fingerprints() == before
    assert PASSPHRASE in again.output


def test_without_the_switch_nothing_is_filled(engine, tmp_path):
    app = demo_settings(engine.empty("no_switch"), tmp_path)
    told = fill(app)
    assert told.exit_code == 1
    assert "COI_DEMO=1" in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    with app.app_context():
        assert not inspect(db.engine).get_table_names()
        db.engine.dispose()


def test_a_real_installation_is_never_filled(own_city):
    before = fingerprints()
    app = demo_settings(own_city.url, own_city.folder, demo=True)
    told = fill(app)
    with app.app_context():
        db.engine.dispose()
    assert told.exit_code == 1
    assert "real installation" in told.stderr
    assert fingerprints() == before


def test_production_does_not_serve_a_demo(demo_city, tmp_path):
    app = demo_settings(demo_city.url, tmp_path)
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"testing": False})
    with pytest.raises(SystemExit, match="demo"):
        refuse_what_is_no_city(app)
    with app.app_context():
        db.engine.dispose()


def test_every_page_says_that_it_is_a_demo(demo_city, own_city):
    for path in ("/accounts/sign-in", "/help", "/no-such-page"):
        assert "demo" in demo_city.app.test_client().get(path).text.lower()
        assert "coi-demo" not in own_city.app.test_client().get(path).text
