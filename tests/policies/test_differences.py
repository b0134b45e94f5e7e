"""What changed since this person last signed: paragraphs and words, in the reader's language, said by words and not by colour."""

from datetime import date

import pytest

from coi.models import PolicyVersion
from coi.policies.actions import sign
from coi.policies.differences import CHANGED, GONE, NEW, SAME, compare, is_changed, paragraphs, worth_reading
from coi.policies.since import since
from coi.vocabulary import State
from tests.city import CLOCK
from tests.factories import an_entry, filing

OLD = "# Gifts\n\nTake no gift of 50 dollars or more.\n\n* Return it within ten days.\n* Tell us.\n\nOld words.\n"
FRESH = (
    "# Gifts\n\nTake no gift of 25 dollars or more.\n\n* Return it within ten days.\n* Tell us.\n\n## Meals\n\nA meal is a gift."
)


def test_a_changed_word_is_told_within_its_paragraph():
    told = [one for one in compare(OLD, FRESH) if one.what == CHANGED]
    assert [(piece.what, piece.text.strip()) for piece in told[0].pieces] == [
        (SAME, "Take no gift of"),
        (GONE, "50"),
        (NEW, "25"),
        (SAME, "dollars or more."),
    ]


def test_new_and_taken_out_paragraphs_are_whole_and_nothing_is_lost():
    told = compare(OLD, FRESH)
    assert [(one.what, one.pieces[0].text) for one in told if one.what in (NEW, GONE)] == [
        (NEW, "Meals"),
        (NEW, "A meal is a gift."),
        (GONE, "Old words."),
    ]
    kept = ["".join(piece.text for piece in one.pieces if piece.what != GONE) for one in told if one.what != GONE]
    assert kept == [words for _heading, words in paragraphs(FRESH)]
    was = ["".join(piece.text for piece in one.pieces if piece.what != NEW) for one in told if one.what != NEW]
    assert sorted(was) == sorted(words for _heading, words in paragraphs(OLD))


def test_a_heading_stands_only_above_what_differs_below_it():
    old = "# Gifts\n\nTake none.\n\n# Meals\n\nPay yours.\n\n# Cars\n\nDrive slowly."
    told = compare(old, old.replace("Pay yours.", "Pay yours, always."))
    assert [(one.what, one.pieces[0].text.strip()) for one in worth_reading(told)] == [(SAME, "Meals"), (CHANGED, "Pay")]


def test_marks_of_markdown_are_no_change():
    assert not is_changed(compare("Be **fair** to all.", "Be fair\nto all."))


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "![x](javascript:alert(1))", "[x](javascript:alert(1))"])
def test_hostile_words_come_out_as_words_on_the_page(db, cast, sign_in, hostile):
    two_versions(db, {"en": "Fair."}, {"en": f"Fair. {hostile}"})
    signed(db, cast.finn.person, 1)
    page = sign_in("finn").get("/policies/code-of-conduct/2/changes").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "<script" not in main
    assert 'href="javascript' not in main
    assert "<img" not in main


def two_versions(db, old: dict, new: dict) -> list[PolicyVersion]:
    """The code of conduct in two versions of the city's own."""
    made = []
    for number, (text, day) in enumerate(((old, date(2024, 1, 1)), (new, date(2026, 2, 1))), start=1):
        title = {"en": "Code of conduct", "es": "Código de conducta"}
        row = {"policy_id": "code-of-conduct", "title": title, "sha256": str(number) * 64, "seq": an_entry()}
        made.append(PolicyVersion(version=str(number), effective_on=day, text=text, summary=False, **row))
    db.session.add_all(made)
    db.session.commit()
    return made


def signed(db, person, number: int, receipt: str = "received", objection: str = "") -> None:
    """The person signed this version."""
    version = db.session.scalar(db.select(PolicyVersion).where(PolicyVersion.version == str(number)))
    made = filing(person, State.SUBMITTED)
    sign(made.versions[0], {str(version.id): {"receipt": receipt, "objection": objection}}, _actor(person), CLOCK)
    db.session.commit()


def _actor(person):
    from coi.rules.permissions import Actor

    return Actor(f"person:{person.id}", person.id)


def test_it_is_compared_with_what_this_person_signed(db, cast):
    first, second = two_versions(db, {"en": OLD}, {"en": FRESH})
    signed(db, cast.finn.person, 1)
    finn, kit = since(cast.finn.person.id, second, "en"), since(cast.kit.person.id, second, "en")
    assert (finn.before.id, finn.changed, finn.language) == (first.id, True, "en")
    assert kit.is_new
    assert not kit.told


def test_who_only_declined_has_signed_nothing(db, cast):
    _first, second = two_versions(db, {"en": OLD}, {"en": FRESH})
    signed(db, cast.finn.person, 1, receipt="declined")
    assert since(cast.finn.person.id, second, "en").is_new


def test_the_readers_language_is_compared_where_both_have_it(db, cast):
    _first, second = two_versions(db, {"en": "Fair.", "es": "Justo."}, {"en": "Fair!", "es": "Muy justo."})
    signed(db, cast.finn.person, 1)
    assert since(cast.finn.person.id, second, "es").language == "es"


def test_without_a_text_in_the_readers_language_another_is_compared_and_none_at_all_says_so(db, cast, sign_in):
    _first, second = two_versions(db, {"en": "Fair."}, {"en": "Fair!", "es": "Justo."})
    signed(db, cast.finn.person, 1)
    assert since(cast.finn.person.id, second, "es").language == "en"
    page = sign_in("finn").get("/policies/code-of-conduct/2/changes").text
    assert "<ins>" in page
    assert "<del>" in page
    assert "begin of new words:" in page
    assert "begin of words taken out:" in page


def test_texts_without_a_common_language_are_not_compared(db, cast, sign_in):
    two_versions(db, {"en": "Fair."}, {"es": "Justo."})
    signed(db, cast.finn.person, 1)
    page = sign_in("finn").get("/policies/code-of-conduct/2/changes").text
    assert "be compared here" in page
    assert "/policies/code-of-conduct/1" in page


def test_the_page_of_the_text_leads_there_and_says_what_signing_is(db, cast, sign_in, client):
    two_versions(db, {"en": OLD}, {"en": FRESH})
    signed(db, cast.finn.person, 1)
    sentence = "Signing is not agreement. You give up no right under the law or your union contract."
    page = sign_in("finn").get("/policies/code-of-conduct/2").text
    assert "What changed since you last signed" in page
    assert "<ins>" in page
    assert sentence in page
    assert "<ins>" not in client.get("/policies/code-of-conduct/2").text


def test_my_own_list_shows_what_i_said_and_nobody_elses(db, cast, sign_in):
    two_versions(db, {"en": OLD}, {"en": FRESH})
    signed(db, cast.finn.person, 1, "objection", "I object to the line on meals.")
    mine, other = sign_in("finn").get("/policies/signed").text, sign_in("sam").get("/policies/signed").text
    assert "I object to the line on meals." in mine
    assert "I received it and object" in mine
    assert "I object to the line on meals." not in other
