"""A form that nobody here has seen goes from its file to a signed filing, by pages, without a script."""

import json
import re

import pytest
from sqlalchemy import select

from coi.models import AuditEntry, Disclosure, FormUsed, Obligation, Questionnaire, QuestionnaireDraft
from tests.factories import CampaignFactory
from tests.questionnaires.library import approve, ask, bring, draft_of, research, upload, written


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page
    )
    return found[1] if found else ""


def file_it(browser, address: str, **answers: str):
    """Fills in the one-page form at `address` and signs it, as a browser without a script posts it."""
    page = browser.get(address).text
    asked = list(re.findall(r'name="asked" value="([^"]*)"', page))
    told = {"asked": asked, "revision": hidden(page, "revision"), "key": hidden(page, "key"), **answers}
    return browser.post(f"{address}/sign", data={**told, "signed_name": "Finn", "agreed": "yes", "press": "sign"})


def test_a_form_never_seen_is_published_and_filed_as_a_change(sign_in, db, cast):
    made = bring(sign_in, db, research(), kinds=["change"])
    assert (made.form_id, made.number, made.change) == ("research-support", 1, "content")
    assert db.session.scalars(select(QuestionnaireDraft)).all() == []
    assert db.session.scalar(select(FormUsed)).kinds == ["change"]
    finn = sign_in("finn")
    assert "Start" in finn.get("/forms/new/change").text
    begun = finn.post("/forms/new/change")
    assert begun.status_code == 303
    address = begun.location
    saved = finn.post(
        address, data={"asked": "any_support supporters remarks lab", "any_support.": "yes", "revision": "0", "press": "save"}
    )
    assert saved.status_code == 303
    page = finn.get(address).text
    assert "Who supported it?" in page
    key = re.search(r'name="supporters\.:0:key" value="([^"]+)"', page)[1]
    told = {
        "any_support.": "yes",
        "supporters.:0:key": key,
        "supporters.:0:asked": "who how worth",
        "supporters.:0:who.": "Acme",
        "supporters.:0:how.": "cash",
        "supporters.:0:worth.": "7000",
        "lab.": "North",
    }
    signed = file_it(finn, address, **told)
    assert signed.status_code == 303, signed.text
    assert "/receipt" in signed.location
    filed = db.session.scalar(select(Disclosure).where(Disclosure.form_id == "research-support"))
    assert filed.versions[0].answers["supporters"][0]["who"] == "Acme"
    assert [flag.reason for flag in filed.versions[0].flags] == ["Read the agreement"]
    assert filed.versions[0].questionnaire_id == made.id


def test_where_several_forms_fit_the_person_chooses(sign_in, db, cast):
    bring(sign_in, db, research(), kinds=["gift"])
    other = research(id="field-trips", title={"en": "Field trips", "es": "Viajes"})
    bring(sign_in, db, other, kinds=["gift"])
    finn = sign_in("finn")
    page = finn.get("/forms/new/gift").text
    assert "Which form?" in page
    assert "Field trips" in page
    unsaid = finn.post("/forms/new/gift")
    assert unsaid.status_code == 422
    assert "Choose a form." in unsaid.text
    begun = finn.post("/forms/new/gift", data={"form": "field-trips"})
    assert begun.status_code == 303
    assert db.session.scalar(select(Disclosure.form_id)) == "field-trips"
    assert finn.post("/forms/new/gift", data={"form": "no-such-form"}).status_code == 422
    assert finn.post("/forms/new/gift", data={"form": "field-trips"}).location == begun.location


def test_a_form_for_the_yearly_round_is_asked_at_once_where_a_campaign_is_under_way(sign_in, db, cast):
    CampaignFactory()
    db.session.commit()
    bring(sign_in, db, research(), kinds=["annual"], at_once="y")
    owed = db.session.scalars(select(Obligation).where(Obligation.form_id == "research-support")).all()
    assert cast.finn.person.id in {one.person_id for one in owed}
    assert {(one.reporting_year, one.kind.value) for one in owed} == {(2025, "annual")}
    finn = sign_in("finn")
    home = finn.get("/").text
    assert "Support for research" in home
    mine = next(one for one in owed if one.person_id == cast.finn.person.id)
    begun = finn.post(f"/forms/start/{mine.reference}")
    signed = file_it(finn, begun.location, **{"any_support.": "no"})
    assert signed.status_code == 303
    db.session.expire_all()
    assert db.session.get(Obligation, mine.id).settled_on is not None


def test_asking_again_gives_nobody_a_second_form(sign_in, db, cast):
    CampaignFactory()
    db.session.commit()
    bring(sign_in, db, research(), kinds=["annual"], at_once="y")
    before = len(db.session.scalars(select(Obligation)).all())
    sia = sign_in("sia")
    told = {"kinds": ["annual", "change"], "whom": "", "at_once": "y", "reason": "also changes"}
    assert sia.post("/questionnaires/forms/research-support/use", data=told).status_code == 302
    assert approve(sign_in("sol"), db).status_code == 302
    db.session.expire_all()
    assert len(db.session.scalars(select(Obligation)).all()) == before
    assert [row.kinds for row in db.session.scalars(select(FormUsed).order_by(FormUsed.id))] == [["annual"], ["annual", "change"]]


def test_a_form_is_asked_of_some_people_only(sign_in, db, cast):
    CampaignFactory()
    db.session.commit()
    page = sign_in("sia").get("/questionnaires/forms/research-support/use")
    assert page.status_code == 404
    bring(sign_in, db, research(), kinds=["annual"], at_once="y", whom="level=full")
    row = db.session.scalar(select(FormUsed))
    assert row.whom == {"filer": "level", "is": "full"}
    assert all(one.level == "full" for one in db.session.scalars(select(Obligation)))
    assert sign_in("sia").get("/questionnaires/forms/research-support/use").status_code == 200


def test_an_unused_form_is_filed_through_an_import(sign_in, db, cast, runner, tmp_path):
    bring(sign_in, db, research())
    assert db.session.scalars(select(FormUsed)).all() == []
    lines = tmp_path / "filings.jsonl"
    line = {
        "employee": cast.finn.person.number,
        "form": "research-support",
        "kind": "annual",
        "language": "en",
        "reporting_year": 2025,
        "answers": {"any_support": "no"},
        "signed_name": "Finn",
        "signed_at": "2026-03-02",
    }
    lines.write_text(json.dumps(line) + "\n")
    report = tmp_path / "report.jsonl"
    done = runner.invoke(args=["filings", "import", str(lines), "--report", str(report)])
    assert done.exit_code == 0, done.output
    assert '"accepted": true' in report.read_text().replace('"accepted":true', '"accepted": true')


def test_the_second_person_reads_the_very_text_and_a_changed_draft_voids_the_request(sign_in, db, cast):
    sia = sign_in("sia")
    draft = written(sia, db, research())
    assert ask(sia, draft).status_code == 303
    sol = sign_in("sol")
    waiting = sol.get("/accounts/requests").text
    assert "research-support" in waiting
    reference = re.search(r"/accounts/requests/(REQ-[0-9A-Z-]+)", waiting)[1]
    assert f"/questionnaires/drafts/{draft.reference}" in sol.get(f"/accounts/requests/{reference}").text
    saved = sia.post(
        f"/questionnaires/drafts/{draft.reference}", data={"text": draft.text + "# more\n", "revision": draft.revision}
    )
    assert saved.status_code == 303
    assert approve(sol, db).status_code == 302
    db.session.expire_all()
    assert db.session.scalars(select(Questionnaire)).all() == []
    assert draft_of(db).revision == 2


def test_nobody_approves_their_own_form(sign_in, db, cast):
    sia = sign_in("sia")
    ask(sia, written(sia, db, research()))
    assert approve(sia, db).status_code == 404
    assert db.session.scalars(select(Questionnaire)).all() == []


def test_every_act_on_a_form_is_in_the_log_with_ids_and_hashes_only(sign_in, db, cast):
    bring(sign_in, db, research(), kinds=["change"])
    sia = sign_in("sia")
    draft = written(sia, db, research(version="z"))
    sia.post(f"/questionnaires/drafts/{draft.reference}/discard")
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.event.like("questionnaire:%"))).all()
    assert [entry.event.partition(":")[2] for entry in entries] == [
        "draft_saved",
        "published",
        "used",
        "draft_saved",
        "draft_discarded",
    ]
    assert not any("outside support" in entry.details for entry in entries)


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"\xff\xfe\x00form", 422, "no UTF-8 text"),
        (b"a: 1\n" * 101_000, 413, "too large"),
        (b"", 422, "no text"),
        (b"form: 1\x00", 422, "can&#39;t be kept"),
    ],
)
def test_a_file_that_can_not_be_kept_is_refused_in_words(sign_in, db, cast, data, code, says):
    reply = upload(sign_in("sia"), data)
    assert reply.status_code == code
    assert says in reply.text
    assert db.session.scalars(select(QuestionnaireDraft)).all() == []


def bomb(levels: int = 9) -> str:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


def merges(levels: int = 9) -> str:
    lines = ["a0: &a0 {k: v}"] + [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "a: 1\na: 2",
        "- 1",
        "a: !!python/object:os.system x",
        "[" * 5000,
        bomb(),
        merges(),
        'form: "\\0"',
        "a: &a [*a]",
        "\t- x",
    ],
)
def test_a_text_that_is_no_form_is_kept_with_its_error(sign_in, db, cast, text):
    sia = sign_in("sia")
    assert upload(sia, text).status_code == 303
    draft = draft_of(db)
    assert (draft.text, draft.errors, draft.form_id) == (text, 1, "")
    page = sia.get(f"/questionnaires/drafts/{draft.reference}")
    assert page.status_code == 200
    assert "There is one error" in page.text
    assert sia.get(f"/questionnaires/drafts/{draft.reference}/preview").status_code == 404
    assert ask(sia, draft).status_code == 422
