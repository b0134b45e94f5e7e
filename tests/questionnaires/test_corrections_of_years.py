"""At the edges of a year's form: words after the close, several later campaigns, other forms' versions, what a file brought."""

import pytest
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.campaigns import actions as campaigns
from coi.models import Campaign, DisclosureVersion, Questionnaire
from coi.questionnaires.actions import publish
from coi.questionnaires.corrections import corrections
from coi.vocabulary import State
from tests.city import CLOCK
from tests.factories import OPERATOR, CampaignFactory, DisclosureFactory, an_entry
from tests.questionnaires.library import research


def named(version: str, number: int = 0, **head) -> dict:
    made = research(version=version, **head)
    made["form"]["retention_years"] = 7 + number
    return made


@pytest.fixture
def plain(db, cast) -> Questionnaire:
    """A form whose versions name no year, and the campaign that asks about 2025."""
    CampaignFactory()
    return publish(named("first"), "content", OPERATOR, CLOCK)


def close_this_year(db) -> None:
    campaigns.close(db.session.scalars(select(Campaign).where(Campaign.reporting_year == 2025)).one(), OPERATOR, CLOCK)


def opened(db, year: int) -> Campaign:
    made = Campaign(year=year, reporting_year=year - 1, opened_at=CLOCK, seq=an_entry())
    db.session.add(made)
    db.session.flush()
    return made


def test_words_put_right_after_the_close_are_still_this_years(db, plain):
    close_this_year(db)
    made = named("first b")
    made["form"]["title"] = {"en": "In other words", "es": "En otras palabras"}
    publish(made, "wording", OPERATOR, CLOCK)
    assert corrections(plain, 2025) == [2]


def test_the_first_of_the_later_campaigns_ends_a_year(db, plain):
    opened(db, 2027)
    publish(named("second", 1), "content", OPERATOR, CLOCK)
    opened(db, 2028)
    assert corrections(plain, 2025) == []


def test_the_close_of_another_years_campaign_ends_nothing(db, plain):
    before = opened(db, 2025)
    before.closed_seq = an_entry()
    db.session.flush()
    publish(named("second", 1), "content", OPERATOR, CLOCK)
    assert corrections(plain, 2025) == [2]


def test_versions_of_another_form_correct_nothing(db, plain):
    for number in (1, 2):
        publish(named(f"other {number}", number, id="other-form"), "content", OPERATOR, CLOCK)
    assert corrections(plain, 2025) == []


def signed_2024(db, person, form: Questionnaire, *, imported: bool) -> None:
    """What somebody signed on a version of the form about 2024."""
    made = DisclosureFactory(
        filer=person, form_id=form.form_id, reporting_year=2024, version=1, state=State.SUBMITTED, due_at=CLOCK
    )
    row = {"record": "{}", "sha256": sha256("{}"), "answers": {}, "filer": {}, "language": "en", "signed_name": person.name}
    row |= {"signed_at": CLOCK, "nil": True, "idempotency_key": made.reference, "seq": an_entry()}
    db.session.add(DisclosureVersion(disclosure_id=made.id, number=1, questionnaire_id=form.id, imported=imported, **row))
    db.session.flush()


def test_what_a_file_brought_of_another_year_says_nothing(db, cast, plain):
    second = publish(named("second", 1), "content", OPERATOR, CLOCK)
    signed_2024(db, cast.kit.person, second, imported=True)
    assert corrections(plain, 2025) == [2]
    signed_2024(db, cast.sam.person, second, imported=False)
    assert corrections(plain, 2025) == []


def test_after_another_years_content_no_content_is_this_years_again(db, cast, plain):
    second = publish(named("second", 1), "content", OPERATOR, CLOCK)
    signed_2024(db, cast.kit.person, second, imported=False)
    publish(named("third", 2), "content", OPERATOR, CLOCK)
    assert corrections(plain, 2025) == []
