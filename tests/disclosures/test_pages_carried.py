"""The pages of what was told before: posted without a script, refused with words and a link, read by filer and reviewer."""

import re

import pytest

from coi.disclosures import actions, carried, queries
from coi.disclosures.signing import sign
from coi.models import Disclosure
from coi.vocabulary import Carried
from tests.disclosures.steps import A_JOB, filed, now, owed, signature

STOCK = ("This field is required", "Not a valid", "Field cannot be longer", "Field must be", "Invalid input", "Invalid Choice")


@pytest.fixture
def draft(db, cast) -> Disclosure:
    """Finn told of a job before, and has this year's draft."""
    filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    made = actions.start(owed(cast.finn.person, occasion="2027"), cast.finn.actor, now())
    db.session.commit()
    return made


def card_of(draft: Disclosure) -> str:
    item = queries.draft_of(draft).carried["items"][0]
    return f"carried.{item['question']}.{item['entry']['_key']}"


def post(browser, draft: Disclosure, where: str = "", **fields: str):
    data = {"revision": str(queries.draft_of(draft).revision), "press": "say", **fields}
    return browser.post(f"/forms/{draft.reference}{where}", data=data)


def said(draft: Disclosure, db) -> dict:
    db.session.expire_all()
    return next(iter(queries.draft_of(draft).carried["said"].values()), {})


def test_the_card_says_what_was_told_and_chooses_nothing(sign_in, draft):
    page = sign_in("finn").get(f"/forms/{draft.reference}").text
    card = page[page.index('class="coi-carried') : page.index("</article>")]
    assert "José Ñuñez-O&#39;Brien, Jr. Catering" in card
    assert "told on March 2, 2026" in card
    assert "checked" not in card


def test_a_choice_and_a_submit_are_enough(sign_in, db, draft):
    card = card_of(draft)
    reply = post(sign_in("finn"), draft, **{f"{card}.was": "", card: "same"})
    assert (reply.status_code, reply.location) == (303, f"/forms/{draft.reference}#before")
    assert said(draft, db) == {"said": "same", "on": ""}
    assert queries.draft_of(draft).answers["has_outside_work"] == "yes"


def test_what_a_page_only_repeats_is_no_word(sign_in, db, draft):
    card = card_of(draft)
    finn = sign_in("finn")
    post(finn, draft, **{f"{card}.was": "", card: "ended", f"{card}.on": "8/15/2025"})
    assert said(draft, db) == {"said": "ended", "on": "2025-08-15"}
    post(finn, draft, **{f"{card}.was": "same", card: "same"})
    assert said(draft, db) == {"said": "ended", "on": "2025-08-15"}


@pytest.mark.parametrize("value", ["", "yes", "SAME", "same'--", "\ufffd", "a" * 5000])
def test_a_word_that_no_card_offers_changes_nothing(sign_in, db, draft, value):
    card = card_of(draft)
    post(sign_in("finn"), draft, **{f"{card}.was": "", card: value})
    assert said(draft, db) == {}


def test_a_card_that_is_not_there_changes_nothing(sign_in, db, draft):
    post(sign_in("finn"), draft, **{"carried.gifts.abcdefgh12.was": "", "carried.gifts.abcdefgh12": "same"})
    assert said(draft, db) == {}
    assert "gifts" not in queries.draft_of(draft).answers


def test_a_signature_with_an_open_card_is_refused_at_the_card_and_names_the_sections(sign_in, draft):
    act = {"agreed": "yes", "signed_name": "Finn", "key": "the-first-key"}
    reply = post(sign_in("finn"), draft, "/sign", asked="", **act)
    assert reply.status_code == 422
    assert f'href="#{card_of(draft)}-0"' in reply.text
    assert "Look at: What you told us before; Your work and your family; Gifts; Groups and anything else." in reply.text
    from_steps = post(sign_in("finn"), draft, "/sign", **act)
    assert from_steps.status_code == 422
    assert f"/forms/{draft.reference}/before?check=yes#{card_of(draft)}-0" in from_steps.text


def test_the_answer_of_last_time_stands_beside_the_question_and_is_not_chosen(sign_in, draft):
    page = sign_in("finn").get(f"/forms/{draft.reference}/sections/gifts").text
    assert "Your answer on March 2, 2026: No" in page
    assert not re.search(r'name="has_gifts\."[^>]*checked', page)


def test_filer_and_reviewer_read_what_was_said_of_each_entry(sign_in, db, draft, cast):
    card = card_of(draft)
    finn = sign_in("finn")
    post(finn, draft, **{f"{card}.was": "", card: "ended", f"{card}.on": "2025-08-15"})
    actions.no_to_all(draft, cast.finn.actor, now())
    assert "Ended on August 15, 2025. Told on the form of March 2, 2026." in finn.get(f"/forms/{draft.reference}/review").text
    sign(draft, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    reader = next(name for name in cast if cast[name].person.id == draft.reviewer_id)
    for browser, path in ((finn, f"/filings/{draft.reference}"), (sign_in(reader), f"/review/{draft.reference}")):
        assert "Ended on August 15, 2025. Told on the form of March 2, 2026." in browser.get(path).text
    assert [one.said for one in carried.rows_of(queries.version_of(draft))] == [Carried.ENDED]


def test_what_stands_on_the_form_no_more_is_told_to_both(sign_in, db, draft, cast):
    card = card_of(draft)
    finn = sign_in("finn")
    post(finn, draft, **{f"{card}.was": "", card: "ended", f"{card}.on": "2023-08-15"})
    actions.no_to_all(draft, cast.finn.actor, now())
    sign(draft, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    reader = next(name for name in cast if cast[name].person.id == draft.reviewer_id)
    for browser, path in ((finn, f"/filings/{draft.reference}"), (sign_in(reader), f"/review/{draft.reference}")):
        page = browser.get(path).text
        assert "Told before, not on this form any more" in page
        assert "Ended on August 15, 2023." in page


def test_the_words_of_wtforms_are_never_shown(sign_in, draft, cast):
    finn = sign_in("finn")
    signed = Disclosure.query.filter(Disclosure.version == 1).first()
    for path, data in (
        ("/forms/new/gift", {"form": "no-such-form"}),
        ("/my-record/wrong", {}),
        ("/my-record/wrong", {"text": "x" * 1001}),
        (f"/filings/{signed.reference}/correct", {}),
        (f"/filings/{signed.reference}/correct", {"reason": "x" * 10_001}),
    ):
        for language in ("en", "es"):
            cast.finn.account.language = language
            page = finn.post(path, data=data).text
            assert [words for words in STOCK if words in page] == []
