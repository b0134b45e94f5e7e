"""Correcting what is signed after the form itself was corrected (U24): on the newest correction, never on another year's form."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.campaigns import actions as campaigns
from coi.disclosures import queries as filings
from coi.disclosures.actions import begin_correction, save_draft, start_voluntary
from coi.disclosures.signing import sign
from coi.models import AuditEntry, Campaign, Disclosure, FormUsed, Questionnaire
from coi.questionnaires.actions import publish
from coi.questionnaires.corrections import corrections, newest_correction, year_named
from coi.questionnaires.queries import moves_of
from coi.vocabulary import Kind
from tests.city import CLOCK
from tests.disclosures.steps import signature
from tests.factories import OPERATOR, CampaignFactory, an_entry
from tests.questionnaires.library import corrected, research, reworded

ANSWERS = {
    "any_support": "yes",
    "supporters": [
        {"_key": "abcdefgh", "who": "Acme", "how": "people", "worth": "10.00"},
        {"_key": "ijklmnop", "who": "Bolt", "how": "cash", "worth": "20.00"},
    ],
    "remarks": "A word that must not be lost",
    "lab": "North wing",
}


@pytest.fixture
def first(db, cast) -> Questionnaire:
    """The form as it was first published, of the year 2025."""
    made = publish(research(), "content", OPERATOR, CLOCK)
    db.session.add(FormUsed(form_id="research-support", kinds=["change"], at=CLOCK, seq=an_entry()))
    db.session.flush()
    return made


@pytest.fixture
def signed(db, cast, first) -> Disclosure:
    """What Finn signed on it."""
    made = start_voluntary(Kind.CHANGE, cast.finn.actor, CLOCK)
    save_draft(made, ANSWERS, {}, cast.finn.actor, CLOCK, 0)
    sign(made, signature(), cast.finn.actor, CLOCK)
    db.session.commit()
    return made


def named(version: str, number: int = 0) -> dict:
    """The form under another name; `number` makes its content differ."""
    made = research(version=version)
    made["form"]["retention_years"] = 7 + number
    return made


def test_the_draft_of_a_correction_begins_on_the_corrected_form(db, cast, signed, first):
    record = filings.version_of(signed).record
    made = publish(corrected(), "content", OPERATOR, CLOCK)
    draft = begin_correction(signed, "Bolt was no supporter", cast.finn.actor, CLOCK)
    assert draft.questionnaire_id == made.id
    assert draft.answers == {
        "any_support": "yes",
        "supporters": [{"_key": "abcdefgh", "who": "Acme", "worth": "10.00"}, ANSWERS["supporters"][1]],
    }
    [move] = moves_of(draft)
    assert (move.origin_id, move.target_id) == (first.id, made.id)
    assert move.aside == {"supporters": [{"how": "people"}], "remarks": ANSWERS["remarks"], "lab": "North wing"}
    entry = db.session.get(AuditEntry, move.seq)
    assert (entry.event, entry.actor, '"count":1' in entry.details) == ("drafts:moved", cast.finn.actor.name, True)
    assert "North" not in entry.details
    version = filings.version_of(signed)
    assert (version.questionnaire_id, version.record) == (first.id, record)


def test_each_signed_version_keeps_the_form_that_it_was_signed_on(db, cast, signed, first, sign_in):
    made = publish(corrected(), "content", OPERATOR, CLOCK)
    draft = begin_correction(signed, "with goods", cast.finn.actor, CLOCK)
    answers = {"supporters": [{**draft.answers["supporters"][0], "how": "goods"}, draft.answers["supporters"][1]], "place": "Lab"}
    save_draft(signed, answers, {}, cast.finn.actor, CLOCK, draft.revision)
    sign(signed, signature("key-2"), cast.finn.actor, CLOCK)
    db.session.commit()
    assert [one.questionnaire_id for one in reversed(filings.versions_of(signed))] == [first.id, made.id]
    finn = sign_in("finn")
    old = finn.get(f"/filings/{signed.reference}/versions/1").text
    assert "North wing" in old
    assert "A word that must not be lost" in old
    compared = finn.get(f"/filings/{signed.reference}/compare/1/2").text
    assert "North wing" in compared
    assert "Where do you work?" in compared
    assert "North wing" not in finn.get(f"/filings/{signed.reference}").text


def test_the_filer_reads_what_changed_and_what_is_not_asked_any_more(db, cast, signed, sign_in):
    publish(corrected(), "content", OPERATOR, CLOCK)
    db.session.commit()
    finn = sign_in("finn")
    assert finn.post(f"/filings/{signed.reference}/correct", data={"reason": "a slip"}).status_code in (302, 303)
    page = finn.get(f"/forms/{signed.reference}").text
    for words in ("The form was corrected", "A word that must not be lost", "North wing", "People", "outside the City support"):
        assert words in page
    assert "Read the agreement" not in page
    changes = finn.get(f"/forms/{signed.reference}/changes")
    assert (changes.status_code, "North wing" in changes.text) == (200, True)
    assert "The form was corrected" in finn.get(f"/forms/{signed.reference}/review").text


def test_words_only_change_no_answer(db, cast, signed):
    made = publish(reworded(), "wording", OPERATOR, CLOCK)
    draft = begin_correction(signed, "a slip", cast.finn.actor, CLOCK)
    assert (draft.questionnaire_id, draft.answers) == (made.id, ANSWERS)
    assert [move.aside for move in moves_of(draft)] == [{}]


def test_a_form_that_nobody_corrected_stays_and_nothing_is_told(db, cast, signed, first):
    draft = begin_correction(signed, "a slip", cast.finn.actor, CLOCK)
    assert (draft.questionnaire_id, moves_of(draft)) == (first.id, [])


@pytest.mark.parametrize(
    ("later", "numbers"),
    [
        (["2026 b"], [2]),
        (["2026 b", "2026 c"], [2, 3]),
        (["2027"], []),
        (["2027", "second printing"], []),
        (["2027", "2026 again"], [3]),
        (["second", "third"], [2, 3]),
    ],
)
def test_a_version_that_names_another_year_is_that_years_form(db, first, later, numbers):
    for number, version in enumerate(later, start=1):
        publish(named(version, number), "content", OPERATOR, CLOCK)
    assert corrections(first, 2025) == numbers
    assert newest_correction(first, 2025).number == (numbers[-1] if numbers else 1)


@pytest.fixture
def plain(db, cast) -> Questionnaire:
    """A form whose versions name no year, and the campaign that asks about 2025."""
    CampaignFactory()
    return publish(named("first"), "content", OPERATOR, CLOCK)


def test_what_comes_after_the_next_campaign_opened_is_the_form_of_that_year(db, plain):
    publish(named("second", 1), "content", OPERATOR, CLOCK)
    db.session.add(Campaign(year=2027, reporting_year=2026, opened_at=CLOCK, seq=an_entry()))
    db.session.flush()
    publish(named("third", 2), "content", OPERATOR, CLOCK)
    assert (corrections(plain, 2025), corrections(plain, 2026)) == ([2], [2, 3])


def test_other_content_after_the_campaign_closed_is_the_next_form_and_so_are_its_words(db, plain):
    campaigns.close(db.session.scalars(select(Campaign)).one(), OPERATOR, CLOCK)
    second = named("second", 1)
    publish(second, "content", OPERATOR, CLOCK)
    second["form"]["title"] = {"en": "In other words", "es": "En otras palabras"}
    second["form"]["version"] = "second b"
    publish(second, "wording", OPERATOR, CLOCK)
    assert corrections(plain, 2025) == []


def test_a_version_signed_only_for_other_years_is_theirs(db, cast, signed, first):
    publish(named("next"), "content", OPERATOR, CLOCK)
    assert corrections(first, 2025) == [2]
    later = CLOCK + timedelta(days=366)
    other = start_voluntary(Kind.CHANGE, cast.kit.actor, later)
    save_draft(other, {"any_support": "no"}, {}, cast.kit.actor, later, other.draft.revision)
    sign(other, signature("key-9"), cast.kit.actor, later)
    assert (other.reporting_year, corrections(first, 2025), corrections(first, 2026)) == (2026, [], [2])


def test_a_form_without_an_amount_for_the_year_can_not_take_it_over(db, first):
    made = named("2026 b")
    made["thresholds"]["small_sum"][0]["from"] = 2026
    publish(made, "content", OPERATOR, CLOCK)
    assert newest_correction(first, 2025).id == first.id
    assert newest_correction(first, 2026).number == 2


def test_an_open_correction_moves_with_a_correction_and_not_with_another_years_form(db, cast, signed, first):
    draft = begin_correction(signed, "a slip", cast.finn.actor, CLOCK)
    other = start_voluntary(Kind.CHANGE, cast.kit.actor, CLOCK)
    publish(named("2027"), "content", OPERATOR, CLOCK)
    assert (draft.questionnaire_id, other.draft.questionnaire.number) == (first.id, 2)
    made = publish(named("2026 b", 1), "content", OPERATOR, CLOCK)
    db.session.refresh(draft)
    assert draft.questionnaire_id == made.id
    assert [move.origin_id for move in moves_of(draft)] == [first.id]


@pytest.mark.parametrize(
    ("version", "year"),
    [
        ("2026", "2026"),
        ("2026 b", "2026"),
        ("v2026-03-01", "2026"),
        ("draft-2", None),
        ("2024 as amended 2077", None),
        ("120265", None),
    ],
)
def test_the_year_in_a_name(version, year):
    assert year_named(version) == year
