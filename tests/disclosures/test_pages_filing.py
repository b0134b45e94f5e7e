"""The pages of people who file, through the door: from the home page to the receipt, with nothing typed lost."""

import re
from datetime import timedelta

import pytest

from coi.disclosures import actions, queries
from coi.models import Disclosure, DisclosureVersion
from coi.vocabulary import State
from tests.disclosures.steps import NOTHING, filed, now, owed
from tests.factories import PASSPHRASE

NAMES = {f"{name}.": answer for name, answer in NOTHING.items()}
ASKED = " ".join([*NOTHING, "outside_work", "anything_else"])
SIGNED = {"agreed": "yes", "signed_name": "Finn Filer", "key": "a-key-of-the-page"}


@pytest.fixture
def draft(db, cast) -> Disclosure:
    """What Finn has begun."""
    made = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    db.session.commit()
    return made


def path(disclosure: Disclosure, *more: str) -> str:
    return "/".join(["/forms", disclosure.reference, *more])


def answers(disclosure: Disclosure) -> dict:
    kept = queries.draft_of(disclosure)
    assert kept is not None
    return kept.answers


def revision(disclosure: Disclosure) -> int:
    kept = queries.draft_of(disclosure)
    assert kept is not None
    return kept.revision


def test_the_home_page_says_what_to_do_and_by_when(sign_in, db, cast):
    owed(cast.finn.person)
    page = sign_in("finn").get("/").text
    assert "Due by May 1, 2026" in page
    assert "Start" in page


def test_box_and_name_are_missed_in_one_look(sign_in, draft):
    page = sign_in("finn").post(path(draft, "sign"), data={"asked": ASKED, "revision": "0", **NAMES, "key": "a-key"})
    assert page.status_code == 422
    assert ("Tick the box to sign." in page.text, "Type your name." in page.text) == (True, True)
    named = {"asked": ASKED, "revision": "1", **NAMES, "key": "a-key", "signed_name": "Finn Filer"}
    assert "Type your name." not in sign_in("finn").post(path(draft, "sign"), data=named).text


def test_the_home_page_says_that_there_is_nothing_to_do(sign_in, cast):
    assert "You have nothing to do now." in sign_in("kit").get("/").text


def test_start_leads_to_the_form_and_does_so_twice(sign_in, db, cast):
    obligation = owed(cast.finn.person)
    finn = sign_in("finn")
    first = finn.post(f"/forms/start/{obligation.reference}")
    again = finn.post(f"/forms/start/{obligation.reference}")
    assert first.status_code == 303
    assert first.location == again.location
    assert "Do you have another paid job" in finn.get(first.location).text


def test_the_whole_form_is_signed_from_one_page(sign_in, db, draft):
    finn = sign_in("finn")
    reply = finn.post(path(draft, "sign"), data={"asked": ASKED, "revision": "0", **NAMES, **SIGNED})
    assert reply.status_code == 303, reply.text
    page = finn.get(reply.location).text
    assert draft.reference in page
    assert "Done. We have your form." in page
    assert "You have nothing to do now." in finn.get("/").text


def test_a_double_click_makes_one_filing(sign_in, db, draft):
    finn = sign_in("finn")
    data = {"asked": ASKED, "revision": "0", **NAMES, **SIGNED}
    assert [finn.post(path(draft, "sign"), data=data).status_code for _time in range(2)] == [303, 303]
    assert DisclosureVersion.query.count() == 1


def test_signing_an_unfinished_form_shows_each_fault_and_keeps_what_was_typed(sign_in, db, draft):
    data = {"asked": ASKED, "revision": "0", **SIGNED, "anything_else.": "About my brother", "signed_name": "Finn typed this"}
    reply = sign_in("finn").post(path(draft, "sign"), data=data)
    assert reply.status_code == 422
    assert "Please answer this." in reply.text
    assert "About my brother" in reply.text
    assert "Finn typed this" in reply.text
    assert DisclosureVersion.query.count() == 0


def test_an_old_sign_in_asks_for_the_passphrase_and_carries_the_form(sign_in, db, draft):
    finn = sign_in("finn", ago=timedelta(minutes=61))
    data = {"asked": ASKED, "revision": "0", **NAMES, **SIGNED, "anything_else.": "Carried along"}
    reply = finn.post(path(draft, "sign"), data=data)
    assert reply.status_code == 422
    assert "Carried along" in reply.text
    assert DisclosureVersion.query.count() == 0
    again = finn.post(path(draft, "sign"), data={**data, "_passphrase": PASSPHRASE})
    assert again.status_code == 303
    assert DisclosureVersion.query.one().answers["anything_else"] == "Carried along"


def test_no_to_all_answers_every_question_that_opens_a_list(sign_in, db, draft):
    finn = sign_in("finn")
    reply = finn.post(path(draft), data={"asked": ASKED, "revision": "0", "press": "no-to-all", "anything_else.": "Kept too"})
    assert reply.status_code == 303
    assert {answers(draft)[name] for name in NOTHING} == {"no"}
    assert answers(draft)["anything_else"] == "Kept too"
    assert finn.get(reply.location).text.count("checked") >= len(NOTHING)


def test_yes_opens_a_list_with_room_for_one(sign_in, db, draft):
    finn = sign_in("finn")
    reply = finn.post(path(draft), data={"asked": ASKED, "revision": "0", "press": "save", "has_outside_work.": "yes"})
    page = finn.get(reply.location).text
    assert 'name="outside_work.:0:org."' in page
    assert "Job or business 1" in page


def test_entries_are_added_and_removed_without_a_script(sign_in, db, draft):
    finn = sign_in("finn")
    section = path(draft, "sections", "everyone")
    finn.post(
        section,
        data={
            "asked": "has_outside_work outside_work",
            "revision": "0",
            "press": "add:outside_work=abcdefgh12",
            "has_outside_work.": "yes",
        },
    )
    kept = answers(draft)["outside_work"]
    assert [row["_key"] for row in kept] == ["abcdefgh12"]
    one = {"outside_work.:0:key": "abcdefgh12", "outside_work.:0:asked": "org work", "outside_work.:0:org.": "First"}
    two = {"outside_work.:1:key": "zzzzzzzz34", "outside_work.:1:asked": "org work", "outside_work.:1:org.": "Second"}
    asked = {"asked": "has_outside_work outside_work", "revision": "1", "has_outside_work.": "yes"}
    finn.post(section, data={**asked, **one, **two, "press": "save"})
    assert [row["org"] for row in answers(draft)["outside_work"]] == ["First", "Second"]
    reply = finn.post(section, data={**asked, **one, **two, "revision": "2", "press": "remove:outside_work:abcdefgh12"})
    assert reply.status_code == 303
    assert [row["org"] for row in answers(draft)["outside_work"]] == ["Second"]


def test_a_field_that_was_not_asked_is_left_as_it_was(sign_in, db, draft, cast):
    rows = [{"_key": "abcdefgh12", "org": "Acme", "work": "Painting"}]
    actions.save_draft(draft, {"has_outside_work": "yes", "outside_work": rows}, {}, cast.finn.actor, now(), 0)
    data = {"outside_work.:0:key": "abcdefgh12", "outside_work.:0:asked": "org", "outside_work.:0:org.": "Acme Paving"}
    sign_in("finn").post(path(draft), data={"asked": "outside_work", "revision": "1", "press": "save", **data})
    assert answers(draft)["outside_work"] == [{"_key": "abcdefgh12", "org": "Acme Paving", "work": "Painting"}]
    assert answers(draft)["has_outside_work"] == "yes"


NONSENSE = [
    *("", "nonsense", ":", "add:", "add:nowhere", "add:has_gifts", "add:gifts/x/y/z", "add:outside_work/zz/org"),
    *("remove:", "remove:gifts", "remove:gifts:nobody", "remove:has_gifts:x"),
]


@pytest.mark.parametrize("press", NONSENSE)
def test_a_button_nobody_knows_changes_nothing_and_breaks_nothing(sign_in, db, draft, press):
    reply = sign_in("finn").post(path(draft), data={"asked": "has_gifts", "revision": "0", "press": press, "has_gifts.": "no"})
    assert reply.status_code == 303
    assert answers(draft) == {"has_gifts": "no"}


def test_save_and_continue_leads_on_when_all_is_said_and_says_what_is_missing_otherwise(sign_in, db, draft):
    finn = sign_in("finn")
    section = path(draft, "sections", "gifts")
    reply = finn.post(section, data={"asked": "has_gifts", "revision": "0", "press": "continue"})
    assert "check=yes" in reply.location
    assert "Please answer this." in finn.get(reply.location).text
    reply = finn.post(
        section, data={"asked": "has_gifts", "revision": str(revision(draft)), "press": "continue", "has_gifts.": "no"}
    )
    assert reply.location.endswith("/sections/groups")


def test_the_first_button_of_a_section_is_save_and_continue(sign_in, db, draft):
    page = sign_in("finn").get(path(draft, "sections", "gifts")).text
    form = page[page.index("data-filing") :]
    assert re.findall(r'name="press" value="([^"]+)"', form)[0] == "continue"


def test_two_windows_show_both_texts_and_keep_what_was_typed(sign_in, db, draft, cast):
    actions.save_draft(draft, {"anything_else": "From the other window"}, {}, cast.finn.actor, now(), 0)
    data = {"asked": "anything_else", "revision": "0", "press": "save", "anything_else.": "From this window"}
    reply = sign_in("finn").post(path(draft), data=data)
    assert reply.status_code == 409
    assert "From the other window" in reply.text
    assert "From this window" in reply.text
    assert answers(draft)["anything_else"] == "From the other window"
    again = sign_in("finn").post(path(draft), data={**data, "revision": "1"})
    assert again.status_code == 303
    assert answers(draft)["anything_else"] == "From this window"


def test_the_same_page_sent_twice_is_no_conflict(sign_in, db, draft):
    finn = sign_in("finn")
    data = {"asked": "anything_else", "revision": "0", "press": "save", "anything_else.": "Once"}
    assert [finn.post(path(draft), data=data).status_code for _time in range(2)] == [303, 303]


def test_a_page_sent_after_signing_shows_what_was_typed(sign_in, db, cast):
    made = filed(cast.finn.person, cast.finn.actor)
    data = {"asked": "anything_else", "revision": "0", "press": "save", "anything_else.": "Written too late"}
    reply = sign_in("finn").post(path(made), data=data)
    assert reply.status_code == 409
    assert "Written too late" in reply.text


def test_the_review_page_says_what_is_missing_and_what_will_not_be_signed(sign_in, db, draft, cast):
    told = {"has_outside_work": "no", "outside_work": [{"_key": "abcdefgh12", "org": "Forgotten Firm"}]}
    actions.save_draft(draft, told, {}, cast.finn.actor, now(), 0)
    page = sign_in("finn").get(path(draft, "review")).text
    assert "missing before you can sign" in page
    assert "It will not be signed" in page
    assert "Forgotten Firm" in page


def test_money_and_dates_are_taken_as_people_type_them_and_shown_as_kept(sign_in, db, draft):
    finn = sign_in("finn")
    data = {
        "asked": "has_gifts gifts",
        "has_gifts.": "yes",
        "gifts.:0:key": "abcdefgh12",
        "gifts.:0:asked": "giver value date",
        "gifts.:0:giver.": "Acme",
        "gifts.:0:value.": "$1,250",
        "gifts.:0:date.": "7/1/2025",
    }
    finn.post(path(draft), data={"revision": "0", "press": "save", **data})
    kept = answers(draft)["gifts"][0]
    assert (kept["value"], kept["date"]) == ("1250", "2025-07-01")
    page = finn.get(path(draft)).text
    assert "We keep: $1,250.00" in page
    assert "We keep: July 1, 2025" in page


@pytest.mark.parametrize("text", ["a\x00b", "a\ufffeb", "a\uffffb", "a\x1bb"])
def test_what_cannot_be_kept_is_refused_beside_the_field(sign_in, db, draft, text):
    data = {"asked": "anything_else", "revision": "0", "press": "save", "anything_else.": text, "has_gifts.": "yes"}
    reply = sign_in("finn").post(path(draft), data=data)
    assert reply.status_code == 422
    assert "character that can&#39;t be kept" in reply.text
    assert answers(draft) == {}


def test_too_many_entries_are_counted_before_anything_is_done(sign_in, db, draft):
    data = {f"outside_work.:{number}:org.": "x" for number in range(201)}
    reply = sign_in("finn").post(path(draft), data={"asked": "outside_work", "revision": "0", "press": "save", **data})
    assert reply.status_code == 422
    assert "at most 200" in reply.text


def test_numbers_of_entries_that_are_none_are_passed_over(sign_in, db, draft):
    names = [
        "outside_work.:²:org.",
        "outside_work.:٣:org.",
        f"outside_work.:{'9' * 5000}:org.",
        "outside_work.:-1:org.",
        "_proto.",
    ]
    data = dict.fromkeys(names, "x")
    reply = sign_in("finn").post(path(draft), data={"asked": "outside_work", "revision": "0", "press": "save", **data})
    assert reply.status_code == 303
    assert answers(draft).get("outside_work", []) == []


def test_a_form_page_belongs_to_its_filer_alone(sign_in, db, draft):
    for name in ("kit", "sam", "olu", "sia", "ada", "dee"):
        person = sign_in(name)
        assert person.get(path(draft)).status_code == 404
        assert person.post(path(draft), data={"press": "save"}).status_code == 404


def test_a_signed_form_sends_its_old_pages_to_the_filing(sign_in, db, cast):
    made = filed(cast.finn.person, cast.finn.actor)
    for more in ((), ("sections", "gifts"), ("review",), ("sign",)):
        assert sign_in("finn").get(path(made, *more)).location.endswith(f"/filings/{made.reference}")


def test_every_text_of_the_form_is_in_the_readers_language(sign_in, db, draft, cast):
    cast.finn.account.language = "es"
    page = sign_in("finn").get(path(draft)).text
    assert "¿Tiene otro trabajo pagado o un negocio propio?" in page
    assert "desde el 1 de enero de 2025" in page


def test_discarding_asks_first_and_then_lets_start_again(sign_in, db, draft):
    finn, here = sign_in("finn"), path(draft)
    assert "Throw it away" in finn.get(f"{here}/discard").text
    assert finn.post(f"{here}/discard").status_code == 303
    assert finn.get(here).status_code == 404
    assert Disclosure.query.filter_by(state=State.DRAFT).count() == 0
