"""Whatever form a city publishes stands on the pages whole: levels, gifts, lists in lists, "none", homes, two languages."""

import re

import pytest

from coi.audit.chain import sha256
from coi.disclosures import actions, queries
from coi.models import Disclosure, PolicyReceipt
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import shipped
from coi.vocabulary import Kind, Receipt
from tests.disclosures.steps import NOTHING, now, owed, published
from tests.factories import OPERATOR, SMALL_FORM, QuestionnaireFactory

SIGNED = {"agreed": "yes", "signed_name": "Finn Filer", "key": "a-key-of-the-page", "revision": "0"}


def begun(db, cast, **columns) -> Disclosure:
    """A draft of Finn's for an obligation with these columns."""
    made = actions.start(owed(cast.finn.person, **columns), cast.finn.actor, now())
    db.session.commit()
    return made


@pytest.fixture
def sec1(db, cast) -> Disclosure:
    """Finn's draft of the State's form."""
    publish(shipped("pa_sec1"), "content", OPERATOR, now())
    return begun(db, cast, form_id="pa-sec-1")


def answers(disclosure: Disclosure) -> dict:
    kept = queries.draft_of(disclosure)
    assert kept is not None
    return kept.answers


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("level", ["policies_only", "short", "full", ""])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_level_and_kind_is_shown_in_both_languages(sign_in, db, cast, level, kind, language):
    published()
    filer = {"kind": kind.value, "department": "Parks", "unit": "civilian", **({"level": level} if level else {})}
    made = begun(db, cast, kind=kind, level=level, filer=filer)
    cast.finn.account.language = language
    finn = sign_in("finn")
    for more in ("", "/review", "/sign"):
        assert finn.get(f"/forms/{made.reference}{more}").status_code == 200
    asks = {"full": "has_debt.", "short": "has_gifts.", "": "has_gifts."}.get(level)
    page = finn.get(f"/forms/{made.reference}").text
    if asks and kind is not Kind.GIFT:
        assert f'name="{asks}"' in page
    if kind is Kind.GIFT:
        assert 'name="gifts.:0:giver."' in page
        assert 'name="has_outside_work."' not in page


def test_policies_alone_are_signed_with_three_clicks(sign_in, db, cast):
    published()
    load_from_profile(current_profile(), OPERATOR, now())
    made = begun(db, cast, level="policies_only", filer={"kind": "annual", "level": "policies_only"})
    due = queries.policies_due(made, queries.draft_of(made).filer, now().date())
    said = {f"policy.{one.id}": "received" for one in due}
    reply = sign_in("finn").post(f"/forms/{made.reference}/sign", data={"asked": "", **said, **SIGNED})
    assert reply.status_code == 303, reply.text
    assert PolicyReceipt.query.count() == len(due) > 0


def test_an_objection_needs_words_and_a_refusal_to_sign_does_not(sign_in, db, cast):
    published()
    load_from_profile(current_profile(), OPERATOR, now())
    made = begun(db, cast)
    due = queries.policies_due(made, queries.draft_of(made).filer, now().date())
    names = {f"{name}.": answer for name, answer in NOTHING.items()}
    said = {f"policy.{one.id}": "declined" for one in due}
    data = {"asked": " ".join(NOTHING), **names, **said, **SIGNED}
    first = due[0].id
    finn = sign_in("finn")
    reply = finn.post(f"/forms/{made.reference}/sign", data={**data, f"policy.{first}": "objection", f"objection.{first}": " "})
    assert reply.status_code == 422
    assert "Write what you object to." in reply.text
    data |= {f"policy.{first}": "objection", f"objection.{first}": "Part 3\r\ngoes too far"}
    assert finn.post(f"/forms/{made.reference}/sign", data=data).status_code == 303
    receipts = {one.policy_version_id: one for one in PolicyReceipt.query.all()}
    assert receipts[first].objection == "Part 3\ngoes too far"
    assert {one.receipt for number, one in receipts.items() if number != first} == {Receipt.DECLINED}


def test_a_receipt_that_nobody_offers_is_refused(sign_in, db, cast):
    published()
    load_from_profile(current_profile(), OPERATOR, now())
    made = begun(db, cast)
    names = {f"{name}.": answer for name, answer in NOTHING.items()}
    due = queries.policies_due(made, queries.draft_of(made).filer, now().date())
    said = {f"policy.{one.id}": "agreed_with_joy" for one in due}
    reply = sign_in("finn").post(f"/forms/{made.reference}/sign", data={"asked": " ".join(NOTHING), **names, **said, **SIGNED})
    assert reply.status_code == 422
    assert PolicyReceipt.query.count() == 0


def test_the_states_form_stands_on_the_page_whole(sign_in, sec1):
    page = sign_in("finn").get(f"/forms/{sec1.reference}")
    assert page.status_code == 200
    assert "I have none to report here" in page.text


def test_none_is_said_and_taken_back(sign_in, sec1, db):
    lists = [ask.id for section in form_of(sec1).sections for ask in section.questions if ask.none_statement]
    finn, here = sign_in("finn"), f"/forms/{sec1.reference}"
    finn.post(here, data={"asked": lists[0], "revision": "0", "press": "save", f"{lists[0]}.none": "yes"})
    assert answers(sec1)[lists[0]] == "none"
    finn.post(here, data={"asked": lists[0], "revision": "1", "press": f"add:{lists[0]}=abcdefgh12", f"{lists[0]}.none": "yes"})
    assert answers(sec1)[lists[0]] == [{"_key": "abcdefgh12"}]


NESTED = {
    "form": {**SMALL_FORM["form"], "id": "tests_nested"},
    "sections": [
        {
            "id": "gifts",
            "title": "Gifts",
            "questions": [
                {
                    "id": "givers",
                    "type": "entries",
                    "title": "Givers",
                    "entries": {
                        "item": "giver",
                        "fields": [
                            {"id": "name", "type": "text", "title": "Name"},
                            {
                                "id": "items",
                                "type": "entries",
                                "title": "What they gave",
                                "entries": {"item": "thing", "fields": [{"id": "data", "type": "money", "title": "Worth"}]},
                            },
                        ],
                    },
                },
                {"id": "givers_2", "type": "text", "title": "A name that begins like a list"},
                {"id": "data", "type": "text", "title": "A name that a form has itself"},
            ],
        }
    ],
}


def test_a_list_in_a_list_is_added_to_and_taken_from(sign_in, db, cast):
    QuestionnaireFactory(form_id="tests_nested", content=NESTED, sha256=sha256("tests_nested"))
    made = begun(db, cast, form_id="tests_nested")
    finn, here = sign_in("finn"), f"/forms/{made.reference}"
    finn.post(
        here,
        data={
            "asked": "givers data givers_2",
            "revision": "0",
            "press": "add:givers=abcdefgh12",
            "data.": "kept",
            "givers_2.": "too",
        },
    )
    finn.post(here, data={"asked": "", "revision": "1", "press": "add:givers/abcdefgh12/items=zzzzzzzz34"})
    assert answers(made) == {
        "givers": [{"_key": "abcdefgh12", "items": [{"_key": "zzzzzzzz34"}]}],
        "data": "kept",
        "givers_2": "too",
    }
    page = finn.get(here).text
    assert 'name="givers.:0:items.:0:data."' in page
    rows = {
        "givers.:0:key": "abcdefgh12",
        "givers.:0:asked": "name items",
        "givers.:0:items.:0:key": "zzzzzzzz34",
        "givers.:0:items.:0:asked": "data",
        "givers.:0:items.:0:data.": "$10",
    }
    finn.post(here, data={"asked": "givers", "revision": "2", "press": "save", **rows})
    assert answers(made)["givers"][0]["items"] == [{"_key": "zzzzzzzz34", "data": "10"}]
    (button,) = re.findall(r'value="(remove:[^"]*zzzzzzzz34)"', finn.get(here).text)
    finn.post(here, data={"asked": "", "revision": "3", "press": button})
    assert answers(made)["givers"][0]["items"] == []


def form_of(disclosure: Disclosure):
    from coi.questionnaires.queries import form_of as compiled

    return compiled(queries.draft_of(disclosure).questionnaire)


def test_an_address_says_whether_it_is_a_home(sign_in, db, cast):
    made = begun(db, cast, level="full", filer={"kind": "annual", "level": "full"})
    data = {
        "has_property.": "yes",
        "property.:0:key": "abcdefgh12",
        "property.:0:asked": "address",
        "property.:0:address.": "12 Mulberry Street",
        "property.:0:address.home": "no",
    }
    finn = sign_in("finn")
    finn.post(f"/forms/{made.reference}", data={"asked": "has_property property", "revision": "0", "press": "save", **data})
    assert answers(made)["property"][0]["address"] == {"text": "12 Mulberry Street", "home": "no"}
    assert "Is this somebody's home?" in finn.get(f"/forms/{made.reference}").text
