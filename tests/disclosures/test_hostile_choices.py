"""Choices that no page offers (F28), days that do not fit together (F26), and more text than a page may send (F34)."""

import re
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from coi.disclosures import queries
from coi.models import AuditEntry, Decision, DisclosureVersion, Refusal, RosterNote
from coi.questionnaires.queries import form_of
from coi.questionnaires.words import both_of_a_pair
from coi.rules.completeness import Fault, evaluate
from coi.typed import mark
from coi.vocabulary import State
from tests.disclosures.every_type import SIGNED, count, draft, sign
from tests.disclosures.steps import now, owed
from tests.factories import filing
from tests.paper.conftest import begun, due, pat
from tests.paper.steps import page_of

__all__ = ["begun", "draft", "due", "pat"]

RULE = "value outside fixed list"


def noted(db) -> list[Refusal]:
    """The refusals because of such a choice."""
    return list(db.session.scalars(select(Refusal).where(Refusal.rule == RULE).order_by(Refusal.id)))


def wrong_fields(page: str) -> set[str]:
    """The names of the fields that a page marks as wrong."""
    return set(re.findall(r'name="([^"]+)"[^>]*aria-invalid="true"', page))


def wrong_fields_by_id(page: str) -> set[str]:
    """The fields beside which an error stands."""
    return set(re.findall(r'id="([^"]+)-error"', page))


CHOICES = [("choice", "green-7"), ("yes_no", "maybe-7"), ("multi", "green-7")]


@pytest.mark.parametrize(("name", "value"), CHOICES)
def test_f28_a_signature_over_a_choice_that_nobody_offered_is_refused_and_noted(sign_in, db, cast, draft, name, value):
    before = count(db, AuditEntry)
    reply = sign(sign_in("finn"), draft, **{name: value})
    assert reply.status_code == 422
    assert f'id="{name}.-error"' in reply.text
    (one,) = noted(db)
    assert (one.actor, one.endpoint, one.code) == (cast.finn.actor.name, "disclosures.sign", 422)
    assert value not in "".join((one.actor, one.endpoint, one.rule))
    assert count(db, AuditEntry) == before


@pytest.mark.parametrize(("name", "value"), CHOICES)
def test_f28_a_saved_page_says_so_beside_the_field_at_once_and_notes_it_once(sign_in, db, cast, draft, name, value):
    finn, here = sign_in("finn"), f"/forms/{draft.reference}"
    data = {**SIGNED, f"{name}.": value, "press": "save"}
    assert finn.post(here, data=data).status_code == 303
    assert f'id="{name}.-error"' in finn.get(here).text
    finn.post(here, data={**data, "text.": "more", "revision": "1"})
    assert [one.code for one in noted(db)] == [303]
    finn.post(here, data={**SIGNED, "press": "save", "revision": "2"})
    assert f'id="{name}.-error"' not in finn.get(here).text
    trail = " ".join(db.session.scalars(select(AuditEntry.details)))
    assert value not in trail


def test_f28_f30_what_a_page_of_ours_sends_is_noted_nowhere(app, sign_in, db, cast, draft):
    finn = sign_in("finn")
    finn.post(f"/forms/{draft.reference}", data={**SIGNED, "gone_from_the_form.": "typed on a page before", "press": "save"})
    more = {"choice": "red", "yes_no": "no", "multi": ["red", "blue"], "revision": "1"}
    assert sign(finn, draft, **more, _who=mark(cast.finn.account.id), csrf_token="a token").status_code == 303
    assert db.session.scalars(select(Refusal.rule)).all() == []


def test_f28_what_is_said_of_a_policy_and_of_an_entry_is_looked_at_too(sign_in, db, cast, draft):
    from coi.policies.actions import load_from_profile
    from coi.profiles.current import current_profile
    from tests.factories import OPERATOR

    load_from_profile(current_profile(), OPERATOR, now())
    db.session.commit()
    first, *_more = queries.policies_due(draft, queries.draft_of(draft).filer, now().date())
    finn, here = sign_in("finn"), f"/forms/{draft.reference}"
    finn.post(here, data={**SIGNED, f"policy.{first.id}": "received", "press": "save"})
    assert noted(db) == []
    finn.post(here, data={**SIGNED, "revision": "1", f"policy.{first.id}": "refused-7", "press": "save"})
    finn.post(here, data={**SIGNED, "revision": "2", "carried.things.k": "perhaps", "carried.things.k.was": "", "press": "save"})
    assert len(noted(db)) == 2


def test_f28_a_clerks_page_notes_it_as_well(db, pat, begun):
    (name, *_more) = [one for one in page_of(begun.form) if one.startswith("has_")]
    begun.browser.post(begun.at, data=page_of(begun.form, **{name: "perhaps", "press": "save"}))
    (one,) = noted(db)
    assert one.actor == pat.actor.name


@pytest.mark.parametrize(("act", "field"), [("clear", "outcome"), ("priority", "risk"), ("escalate", "conditions")])
def test_f28_a_form_of_the_office_refuses_and_notes_it(sign_in, db, cast, act, field):
    case = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    page = {"version": "1", "state": "in_review", "outcome": "no_conflict", "reason": "Because.", "reasoning": "Because."}
    reply = sign_in("olu").post(f"/review/{case.reference}/{act}", data={**page, field: "banana-7"})
    assert reply.status_code == 422
    assert "Choose among what is offered." in reply.text
    assert [(one.actor, one.code) for one in noted(db)] == [(cast.olu.actor.name, 422)]
    assert count(db, Decision) == 0


def test_f28_who_may_read_refusals_finds_it_there(sign_in, db, cast, draft):
    sign(sign_in("finn"), draft, choice="green-7")
    page = sign_in("dee").get("/audit/refusals")
    if page.status_code == 403:
        page = sign_in("sia").get("/audit/refusals")
    assert page.status_code == 200
    assert RULE in page.text
    assert "green-7" not in page.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_f26_an_end_before_its_start_is_said_at_both_days(sign_in, db, cast, draft, language):
    cast.finn.account.language = language
    finn = sign_in("finn")
    reply = sign(finn, draft, began="2025-05-02", ended="2025-05-01")
    assert reply.status_code == 422
    assert wrong_fields(reply.text) == {"began.", "ended."}
    words = {
        "en": ("not before the answer to “Began”", "not after the answer to “Ended”"),
        "es": ("no sea anterior a la respuesta a «Empezó»", "no sea posterior a la respuesta a «Terminó»"),
    }[language]
    for anchor, told in zip(("ended.", "began."), words, strict=True):
        beside = re.search(rf'id="{anchor}-error">(.*?)</span>\s*</?(?:input|textarea|span|div)', unescape(reply.text), re.DOTALL)
        assert beside is not None
        assert told in beside[1] or told in unescape(reply.text).split(f'id="{anchor}-error"')[1][:400]
    assert {'href="#began."', 'href="#ended."'} <= set(re.findall(r'href="#[a-z]+\."', reply.text))
    assert wrong_fields(sign(finn, draft, began="2025-05-01", ended="2025-05-02", money="x").text) == {"money."}


def test_f26_the_engine_names_one_path_and_the_page_both(db, cast, draft):
    form = form_of(queries.draft_of(draft).questionnaire)
    setting = queries.setting_of(queries.draft_of(draft), date(2026, 3, 2))
    found = evaluate(form, {"must": "x", "began": "2025-05-02", "ended": "2025-05-01"}, setting)
    assert [(one.path, one.code) for one in found.faults] == [("ended", "before")]
    assert [path for path, _words in both_of_a_pair(found.faults, form, "en")] == ["began"]
    inside = Fault("jobs[2].until", "before", {"other": "since", "date": "2025-05-02"})
    assert [path for path, _words in both_of_a_pair([inside, Fault("a", "blank")], form, "en")] == ["jobs[2].since"]


def test_f26_other_days_that_belong_together_are_both_marked(sign_in, db, cast):
    data = {"name": "Vera", "email": "v@law.example", "body": "Commission", "appointed_by": "Council"}
    reply = sign_in("dee").post("/accounts/outsiders", data={**data, "serves_from": "2026-12-31", "serves_to": "2026-01-01"})
    assert (reply.status_code, wrong_fields_by_id(reply.text)) == (422, {"serves_from", "serves_to"})
    away = {"leave-leave_from": "2026-08-31", "leave-leave_to": "2026-08-01"}
    owes = owed(cast.finn.person)
    db.session.commit()
    reply = sign_in("dee").post(f"/campaign-desk/people/{owes.reference}/leave", data=away)
    assert (reply.status_code, wrong_fields_by_id(reply.text)) == (422, set(away))


LONG = "word and " * 70_000  # 630 kB


def urlencoded(fields: dict[str, str]) -> dict[str, object]:
    """A page as most browsers' forms send it."""
    return {"data": urlencode(fields).encode(), "content_type": "application/x-www-form-urlencoded"}


def multipart(fields: dict[str, str]) -> dict[str, object]:
    """A page as a form with a file sends it; made here, because the client of tests leaves a file of its own open."""
    parts = [f'--mark\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    return {"data": "".join([*parts, "--mark--\r\n"]).encode(), "content_type": "multipart/form-data; boundary=mark"}


@pytest.mark.parametrize("sent", [urlencoded, multipart])
@pytest.mark.parametrize("way", ["", "/sections/one", "/sign"])
def test_f34_more_text_than_a_page_may_send_comes_back_in_its_field(sign_in, db, cast, draft, sent, way):
    finn, here = sign_in("finn"), f"/forms/{draft.reference}"
    finn.post(here, data={**SIGNED, "text.": "kept before", "press": "save"})
    data = {**SIGNED, "revision": "1", "longtext.": LONG, "press": "save"}
    reply = finn.post(here + way, **sent(data))
    assert reply.status_code == 413
    assert f"{LONG.strip()}</textarea>" in reply.text
    assert wrong_fields(reply.text) == {"longtext."}
    assert "data-unsaved" in reply.text
    assert queries.draft_of(draft).answers["text"] == "kept before"
    assert queries.draft_of(draft).answers["longtext"] == ""
    assert count(db, DisclosureVersion) == 0


@pytest.mark.parametrize(("language", "told"), [("en", "at most 500 kB of text"), ("es", "como máximo 500 kB de texto")])
def test_f34_many_texts_that_are_too_much_together_stand_on_our_page(sign_in, db, cast, draft, language, told):
    cast.finn.account.language = language
    finn, here = sign_in("finn"), f"/forms/{draft.reference}"
    part = "a part of it " * 7_000  # 91 kB
    texts = {f"things.:{place}:name.": f"{place} {part}" for place in range(6)}
    keys = {f"things.:{place}:key": f"abcdefgh{place}" for place in range(6)}
    asked = {f"things.:{place}:asked": "name" for place in range(6)}
    reply = finn.post(here, data={**SIGNED, **texts, **keys, **asked, "press": "save"})
    assert reply.status_code == 413
    assert told in unescape(reply.text)
    for text in texts.values():
        assert text in reply.text
    assert f'href="{here}"' in reply.text
    assert "data-unsaved" in reply.text
    assert queries.draft_of(draft).answers == {}
    assert db.session.scalars(select(Refusal.rule)).all() == ["too_much_text"]


def test_f34_as_much_as_a_page_may_send_is_kept(sign_in, db, cast, draft):
    finn, here = sign_in("finn"), f"/forms/{draft.reference}"
    texts = {f"things.:{place}:name.": "x" * 98_000 for place in range(5)}
    keys = {f"things.:{place}:key": f"abcdefgh{place}" for place in range(5)}
    asked = {f"things.:{place}:asked": "name" for place in range(5)}
    assert finn.post(here, data={**SIGNED, **texts, **keys, **asked, "press": "save"}).status_code == 303
    assert len(queries.draft_of(draft).answers["things"]) == 5


def test_f34_every_other_form_keeps_the_text_in_the_page_too(sign_in, db, cast):
    case = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    forms = [("finn", "/my-record/wrong", {}), ("olu", f"/review/{case.reference}/note", {"version": "1", "state": "in_review"})]
    for name, address, more in forms:
        reply = sign_in(name).post(address, data={**more, "text": LONG})
        assert (reply.status_code, LONG.strip() in reply.text) == (413, True), address
    assert count(db, RosterNote) == 0


def test_f34_a_text_over_all_bounds_is_not_read_and_the_page_says_what_to_do(sign_in, cast, draft):
    reply = sign_in("finn").post(f"/forms/{draft.reference}", data={**SIGNED, "longtext.": "x" * 13_000_000})
    assert reply.status_code == 413
    assert "what you typed is still there" in reply.text


def test_f34_many_entries_are_refused(sign_in, db, cast, draft):
    many = {f"things.:{number}:name.": "x" for number in range(5000)}
    assert sign_in("finn").post(f"/forms/{draft.reference}", data={**SIGNED, **many}).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(DisclosureVersion)) == 0
