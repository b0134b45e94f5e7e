"""Hostile answers (group "form fields"), through the page and by import: each is kept exactly, or refused in words."""

import json
import re
import time
from html import escape, unescape
from typing import Any
from unicodedata import normalize

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from coi.disclosures import actions, queries
from coi.disclosures.importing import import_line
from coi.models import AuditEntry, Disclosure, DisclosureVersion, Refusal
from coi.questionnaires.queries import form_of
from coi.questionnaires.words import fault_text
from coi.rules.completeness import Fault
from tests.disclosures.every_type import ASKED, SIGNED, count, draft, sign, signed
from tests.disclosures.steps import now, owed
from tests.factories import OPERATOR

__all__ = ["draft"]

KEPT_APART = "This holds a character that can't be kept."


def imported(person: Any, **answers: Any) -> Any:
    """The same answers on an import line."""
    line = {
        "employee": person.number,
        "form": "every-type",
        "kind": "annual",
        "reporting_year": 2025,
        "filer": {"kind": "annual"},
    }
    line |= {"answers": {"must": "Here", **answers}, "signed_name": "Finn Filer", "signed_at": "2026-02-20"}
    return import_line(1, json.dumps(line).encode(), OPERATOR, now())


# Input of the list, where, what is posted, and the code of what is wrong with it.
REFUSED = [
    ("F11", "longtext", "x" * 10_001, "too_long", {"most": 10_000, "count": 10_001}),
    ("F11", "text", "x" * 501, "too_long", {"most": 500, "count": 501}),
    ("F13", "longtext", "y" * 40_000, "too_long", {"most": 10_000, "count": 40_000}),
    ("F14", "must", "   ", "blank", {}),
    ("F14", "must", "\u00a0\u00a0", "blank", {}),
    ("F14", "must", "\u200b \u200b", "blank", {}),
    ("F17", "text", "z" + "\u0301" * 5000, "too_long", {"most": 500, "count": 5000}),
    ("F19", "money", "NaN", "not_a_number", {}),
    ("F19", "money", "sNaN", "not_a_number", {}),
    ("F19", "money", "Infinity", "not_a_number", {}),
    ("F19", "money", "-Infinity", "not_a_number", {}),
    ("F19", "money", "1E+999999", "not_a_number", {}),
    ("F19", "percent", "NaN", "not_a_number", {}),
    ("F22", "money", "-1", "negative", {}),
    ("F22", "money", "0.001", "decimals", {"places": 2}),
    ("F22", "money", "99999999999999.99", "too_big", {}),
    ("F22", "number", "1.00001", "decimals", {"places": 4}),
    ("F22", "percent", "1000.5", "percent_range", {"most": 1000}),
    ("F23", "money", "9" * 5000, "too_big", {}),
    ("F23", "number", "9" * 5000, "too_big", {}),
    ("F24", "began", "2026-02-30", "not_a_date", {}),
    ("F24", "began", "31/31/2026", "not_a_date", {}),
    ("F24", "began", "0000-00-00", "not_a_date", {}),
    ("F24", "began", "10000-01-01", "not_a_date", {}),
    ("F25", "began", "0001-01-01", "date_range", {"first": 1900, "last": 2100}),
    ("F25", "began", "1899-12-31", "date_range", {"first": 1900, "last": 2100}),
    ("F25", "began", "9999-12-31", "date_range", {"first": 1900, "last": 2100}),
    ("F28", "choice", "green", "not_a_choice", {}),
    ("F28", "yes_no", "maybe", "not_yes_no", {}),
    ("F28", "multi", ["red", "green"], "not_a_choice", {}),
    ("F28", "multi", ["none", "red"], "not_together", {"code": "none"}),
]
NAMES = [f"{number} {name} {place}" for place, (number, name, *_more) in enumerate(REFUSED)]


@pytest.mark.parametrize(("number", "name", "typed", "code", "values"), REFUSED, ids=NAMES)
def test_a_wrong_answer_is_said_beside_its_field_and_stays_there(sign_in, db, cast, draft, number, name, typed, code, values):
    finn, form = sign_in("finn"), form_of(queries.draft_of(draft).questionnaire)
    for place, language in enumerate(("en", "es")):
        cast.finn.account.language = language
        began = time.process_time()
        reply = sign(finn, draft, **{name: typed})
        assert reply.status_code == 422
        assert number != "F23" or time.process_time() - began < 2 + place
        with force_locale(language):
            words = str(fault_text(Fault(name, code, values), form, language))
        assert words in unescape(reply.text)
        for one in typed if isinstance(typed, list) else [typed]:
            # A radio that nobody offers has no button to stay at; every other value stands where it was typed.
            assert normalize("NFC", one.strip(" \u00a0\u200b")) in reply.text or number == "F28"
    assert count(db, DisclosureVersion) == 0


@pytest.mark.parametrize(("number", "name", "typed", "code", "values"), REFUSED, ids=NAMES)
def test_the_same_on_an_import_line_is_refused_at_its_path(db, cast, draft, number, name, typed, code, values):
    actions.discard(draft, cast.finn.actor, now())
    result = imported(cast.finn.person, **{name: typed})
    assert [error["path"] for error in result.errors] == [name]
    assert all(str(value) in result.errors[0]["message"] for value in values.values() if code not in ("not_together",))
    assert count(db, DisclosureVersion) == 0


KEPT = [
    ("F05", "longtext", "one\r\ntwo\rthree\n", "one\ntwo\nthree"),
    ("F06", "text", "_x0041_B", "_x0041_B"),
    ("F09", "text", "{{7*7}} %(x)s {0.__class__} ${1+1}", "{{7*7}} %(x)s {0.__class__} ${1+1}"),
    ("F09", "longtext", "{% include '/etc/passwd' %}", "{% include '/etc/passwd' %}"),
    ("F10", "text", "'); DROP TABLE disclosure;-- % _ \\", "'); DROP TABLE disclosure;-- % _ \\"),
    ("F12", "longtext", "😀" * 9_990, "😀" * 9_990),
    ("F17", "text", "z" + "\u0301" * 400, "ź" + "\u0301" * 399),
    ("F18", "text", "𠜎 שלום سلام 中文 ñ Ñ", "𠜎 שלום سلام 中文 ñ Ñ"),
    ("F18", "text", "man\u0303ana", "mañana"),
    ("F22", "money", "0", "0.00"),
    ("F22", "money", "999999999999.99", "999999999999.99"),
    ("F22", "money", "$1,250.5", "1250.50"),
    ("F24", "began", "12/31/2026", "2026-12-31"),
    ("F24", "began", "31/12/2026", "2026-12-31"),
    ("F25", "began", "1900-01-01", "1900-01-01"),
    ("F26", "began", "2090-01-01", "2090-01-01"),
    ("F42", "longtext", "<script>alert(1)</script><svg onload=x> **b**", "<script>alert(1)</script><svg onload=x> **b**"),
]


@pytest.mark.parametrize(
    ("number", "name", "typed", "kept"), KEPT, ids=[f"{number} {name} {typed[:9]!a}" for number, name, typed, _ in KEPT]
)
def test_an_odd_answer_is_signed_as_it_is_kept_and_shown_as_text(sign_in, db, cast, draft, number, name, typed, kept):
    finn = sign_in("finn")
    reply = sign(finn, draft, **{name: typed})
    assert reply.status_code == 303, reply.text
    assert signed(draft)[name] == kept
    page = finn.get(f"/filings/{draft.reference}").text
    if name in ("text", "longtext"):
        assert escape(kept).replace("&#x27;", "&#39;").replace("&quot;", "&#34;").replace("\n", "") in page.replace(
            "\n", ""
        ).replace("<br>", "")
    assert "<script>alert" not in page
    assert "<svg onload" not in page


@pytest.mark.parametrize("number", ["F02", "F03", "F04"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_characters_that_nothing_can_carry_are_refused_and_nothing_else_is_lost(sign_in, db, cast, draft, number, language):
    cast.finn.account.language = language
    finn = sign_in("finn")
    odd = {"F02": "\ufffe\uffff", "F03": "\x7f\x85", "F04": "\x00\x01\x02\x08\x0b\x0c\x0e\x1f"}[number]
    for one in odd:
        for way in ("", "/sign"):
            data = {**SIGNED, "text.": f"a{one}b", "longtext.": "kept beside it", "press": "save"}
            reply = finn.post(f"/forms/{draft.reference}{way}", data=data)
            assert reply.status_code == 422
            assert "kept beside it" in reply.text
            assert (KEPT_APART in reply.text.replace("&#39;", "'")) is (language == "en")
            assert not set(reply.text) & {"\ufffe", "\uffff", "\x00", "\x01", "\x0b", "\x1f"}
        result = imported(cast.finn.person, text=f"a{one}b")
        assert "text" in {error["path"] for error in result.errors}
    assert count(db, DisclosureVersion) == 0


def test_f03_half_a_character_never_reaches_the_database(sign_in, db, cast, draft):
    reply = sign_in("finn").post(
        f"/forms/{draft.reference}",
        data=b"asked=text&revision=0&press=save&text.=a%ED%A0%80b",
        content_type="application/x-www-form-urlencoded",
    )
    assert reply.status_code in (303, 422)
    assert "\ud800" not in json.dumps(queries.draft_of(draft).answers, ensure_ascii=False)
    result = import_line(1, b'{"employee": "1", "answers": {"text": "\\ud800"}}', OPERATOR, now())
    assert "half a character" in result.errors[0]["message"]


def test_f35_bytes_that_are_no_utf_8_are_answered_and_not_signed_as_something_else(sign_in, db, cast, draft):
    finn = sign_in("finn")
    reply = finn.post(
        f"/forms/{draft.reference}",
        data=b"asked=text&revision=0&press=save&text.=%FF%FE",
        content_type="application/x-www-form-urlencoded",
    )
    assert reply.status_code in (303, 400, 422)
    assert finn.get(f"/forms/{draft.reference}?check=%FF%FE").status_code == 200
    assert import_line(1, b'{"a": "\xff\xfe"}', OPERATOR, now()).errors[0]["message"] == "This line is not UTF-8 text."


def test_f30_fields_that_the_form_does_not_have_change_nothing(sign_in, db, cast, draft):
    more = {
        "status": "approved",
        "owner_id": "7",
        "is_admin": "1",
        "submitted_at": "2020-01-01",
        "version": "999",
        "state": "decided",
    }
    more |= {f"{name}.": value for name, value in more.items()} | {"things.:0:owner_id.": "7", "filer.level.": "short"}
    finn = sign_in("finn")
    data = {
        **SIGNED,
        **more,
        "asked": f"{ASKED} status version",
        "things.:0:key": "abcdefgh1",
        "things.:0:asked": "name owner_id",
    }
    reply = finn.post(f"/forms/{draft.reference}/sign", data={**data, "things.:0:name.": "A thing"})
    assert reply.status_code == 303, reply.text
    kept = db.session.scalar(select(Disclosure))
    assert (kept.filer_id, kept.version, kept.state.value) == (cast.finn.person.id, 1, "in_review")
    (thing,) = signed(draft)["things"]
    assert thing == {"_key": "abcdefgh1", "name": "A thing"}
    assert set(signed(draft)) == {"must", "things"}
    noted = db.session.scalars(select(Refusal)).one()
    assert (noted.actor, noted.endpoint, noted.rule) == (cast.finn.actor.name, "disclosures.sign", "field that the form has not")
    told = "".join(db.session.scalars(select(AuditEntry.details)))
    assert not {"owner_id", "is_admin", "submitted_at"} & {word for word in more if word in told}


def test_f30_an_unknown_id_on_an_import_line_is_an_error_at_its_own_path(db, cast, draft):
    actions.discard(draft, cast.finn.actor, now())
    result = imported(cast.finn.person, status="approved", things=[{"name": "x", "owner_id": 7}, {"name": "y", "zz\u0007": 1}])
    assert {error["path"] for error in result.errors} == {"status", "things[0].owner_id", "things[1].zz\ufffd"}


def test_f31_the_form_and_the_entries_of_somebody_else_are_out_of_reach(sign_in, db, cast, draft):
    finn, kit = sign_in("finn"), sign_in("kit")
    finn.post(f"/forms/{draft.reference}", data={**SIGNED, "press": "add:things=abcdefgh1"})
    before = queries.draft_of(draft).answers
    for way in ("", "/sign", "/sections/one"):
        reply = kit.post(f"/forms/{draft.reference}{way}", data={**SIGNED, "revision": "1", "things.:0:key": "abcdefgh1"})
        assert reply.status_code == 404
    noted = db.session.execute(select(Refusal.actor, Refusal.code).order_by(Refusal.id)).all()
    assert [tuple(one) for one in noted] == [(cast.kit.actor.name, 404)] * 3
    # The key of somebody's entry in an own form is only a name there: nothing of the other comes with it.
    mine = actions.start(owed(cast.kit.person, form_id="every-type", filer={"kind": "annual"}), cast.kit.actor, now())
    kit.post(f"/forms/{mine.reference}", data={**SIGNED, "things.:0:key": "abcdefgh1", "things.:0:asked": "", "press": "save"})
    assert queries.draft_of(mine).answers["things"] == [{"_key": "abcdefgh1"}]
    assert queries.draft_of(draft).answers == before


@pytest.mark.parametrize(
    "raw",
    [
        b'{"answers": {"money": NaN}}',
        b'{"answers": {"money": -Infinity}}',
        b'{"answers": {"text": "a", "text": "b"}}',
        b'{"answers": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
        b'{"answers": {"things": ' + b"[" * 10_000 + b"]" * 10_000 + b"}}",
        b'{"answers": {"money": ' + b"9" * 5000 + b"}}",
        b"{'single': 'quotes'}",
        b'{"a": 1} {"b": 2}',
    ],
    ids=["NaN", "-Infinity", "a key twice", "10,000 objects deep", "10,000 lists deep", "5,000 digits", "no JSON", "two objects"],
)
def test_f37_json_that_is_none_is_refused_with_a_sentence(app, raw):
    result = import_line(3, raw, OPERATOR, now())
    (error,) = json.loads(result.report())["errors"]
    assert (error["path"], bool(error["message"])) == ("", True)


def test_f37_a_number_out_of_every_range_is_an_error_at_its_field(db, cast, draft):
    line = {
        "employee": cast.finn.person.number,
        "form": "every-type",
        "kind": "annual",
        "signed_name": "Finn Filer",
        "answers": 0,
    }
    raw = json.dumps(line).encode().replace(b'"answers": 0', b'"answers": {"must": "x", "money": 1e400, "number": 1e99}')
    errors = {error["path"]: error["message"] for error in import_line(1, raw, OPERATOR, now()).errors}
    assert set(errors) >= {"money", "number"} or "" in errors


def test_f40_a_form_that_is_not_finished_cannot_be_signed_by_skipping(sign_in, db, cast, draft):
    data = {"agreed": "yes", "signed_name": "Finn Filer", "key": "a-key-of-the-page", "revision": "0"}
    reply = sign_in("finn").post(f"/forms/{draft.reference}/sign", data=data)
    assert reply.status_code == 422
    assert "Look at: One" in reply.text
    assert re.search(r"Must</a>:\s*Please answer this", reply.text)
    assert count(db, DisclosureVersion) == 0


def test_f41_answers_that_are_no_longer_asked_are_told_before_and_dropped_at_signing(sign_in, db, cast, draft):
    finn = sign_in("finn")
    finn.post(f"/forms/{draft.reference}", data={**SIGNED, "yes_no.": "yes", "more.": "Left over", "press": "save"})
    finn.post(f"/forms/{draft.reference}", data={**SIGNED, "revision": "1", "yes_no.": "no", "asked": "yes_no", "press": "save"})
    review = finn.get(f"/forms/{draft.reference}/review").text
    dropped = review.partition('id="dropped"')[2].partition("</dl>")[0]
    assert "<dt>More</dt>" in dropped
    assert "Left over" in dropped
    assert sign(finn, draft, yes_no="no", revision="2").status_code == 303
    assert signed(draft) == {"yes_no": "no", "must": "Here"}


def test_no_hostile_answer_stands_in_the_audit_trail(sign_in, db, cast, draft):
    finn = sign_in("finn")
    sign(finn, draft, text="078-05-1120 <b>mine</b>", choice="green")
    sign(finn, draft, text="078-05-1120 <b>mine</b>")
    assert count(db, DisclosureVersion) == 1
    trail = " ".join(db.session.scalars(select(AuditEntry.details)))
    assert "078-05-1120" not in trail
    assert "<b>" not in trail
