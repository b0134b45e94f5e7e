"""Numbers that nobody here needs (F45): warned of beside their field in two languages, never in the way, in no log or letter."""

import json
import logging
import re
from html import unescape

import pytest
import structlog
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from coi.disclosures import queries
from coi.disclosures.importing import import_line
from coi.models import AuditEntry, DisclosureVersion, Letter, RosterNote
from coi.notices.actions import post
from coi.notices.sweep import as_mail
from coi.policies.actions import load_from_profile
from coi.profiles.current import current_profile
from forms.base import MOST_LOOKED_AT, number_warning
from tests.disclosures.every_type import SIGNED, count, draft, sign, signed
from tests.disclosures.steps import filed, now
from tests.factories import OPERATOR
from tests.paper.conftest import begun, due, pat
from tests.paper.steps import page_of

__all__ = ["begun", "draft", "due", "pat"]

SSN, CARD = "078-05-1120", "4111 1111 1111 1111"
KEPT = f"My number is {SSN}, my card {CARD}."
HARMLESS = "Contract C-2025-00118 of 2025-07-01 for $1,250,000.00, phone 717-555-1234."
WARNED = {"en": "Do not enter such numbers: nobody here needs them.", "es": "No escriba esos números: aquí nadie los necesita."}
ABOVE = {"en": "You can take it out, or go on either way:", "es": "Puede quitarlo o seguir de todos modos:"}


def beside(page: str, anchor: str) -> str:
    """What stands beside a field about numbers."""
    found = re.search(rf'id="{re.escape(anchor)}-numbers"[^>]*>([^<]*)<', page)
    assert found is not None, anchor
    return unescape(found[1])


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_number_is_warned_of_beside_its_field_once_the_page_is_saved(sign_in, cast, draft, language):
    cast.finn.account.language = language
    finn, here = sign_in("finn"), f"/forms/{draft.reference}"
    things = {"things.:0:key": "abcdefgh1", "things.:0:asked": "name", "things.:0:name.": f"SSN {SSN}"}
    reply = finn.post(here, data={**SIGNED, **things, "longtext.": KEPT, "text.": HARMLESS, "press": "save"})
    assert reply.status_code == 303
    page = finn.get(here).text
    assert WARNED[language] in beside(page, "longtext.")
    assert WARNED[language] in beside(page, "things.:0:name.")
    assert (beside(page, "text."), beside(page, "must.")) == ("", "")
    assert re.search(r'<textarea[^>]*aria-describedby="longtext.-numbers', page)
    assert f'href="#longtext.">{"Text" if language == "en" else "Texto"}' in page
    assert queries.draft_of(draft).answers["longtext"] == KEPT


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_steps_on_is_told_on_the_next_page_and_signs_all_the_same(sign_in, db, cast, draft, language):
    cast.finn.account.language = language
    finn, here = sign_in("finn"), f"/forms/{draft.reference}"
    data = {**SIGNED, "must.": "Here", "longtext.": KEPT, "press": "continue"}
    onward = finn.post(f"{here}/sections/one", data=data)
    assert (onward.status_code, onward.location) == (303, f"{here}/review")
    for place in ("/review", "/sign"):
        page = unescape(finn.get(here + place).text)
        assert ABOVE[language] in page
        assert f'href="{here}/sections/one#longtext."' in page
    assert sign(finn, draft, longtext=KEPT, revision="1").status_code == 303
    assert signed(draft)["longtext"] == KEPT


def test_a_page_without_such_a_number_says_nothing_of_it(sign_in, cast, draft):
    finn, here = sign_in("finn"), f"/forms/{draft.reference}"
    finn.post(here, data={**SIGNED, "longtext.": HARMLESS, "press": "save"})
    for place in ("", "/sections/one", "/review", "/sign"):
        page = finn.get(here + place).text
        assert WARNED["en"] not in page
        assert 'id="numbers"' not in page


def test_a_refused_page_warns_beside_the_field_too(sign_in, db, cast, draft):
    reply = sign(sign_in("finn"), draft, longtext=KEPT, money="nothing")
    assert reply.status_code == 422
    assert WARNED["en"] in beside(reply.text, "longtext.")
    assert count(db, DisclosureVersion) == 0


def test_an_objection_to_a_policy_is_looked_at_as_well(sign_in, db, cast, draft):
    load_from_profile(current_profile(), OPERATOR, now())
    db.session.commit()
    finn, here = sign_in("finn"), f"/forms/{draft.reference}"
    first, *_more = queries.policies_due(draft, queries.draft_of(draft).filer, now().date())
    said = {f"policy.{first.id}": "objection", f"objection.{first.id}": KEPT}
    assert finn.post(here, data={**SIGNED, **said, "press": "save"}).status_code == 303
    page = finn.get(here).text
    assert WARNED["en"] in beside(page, f"objection.{first.id}")
    assert f'href="#objection.{first.id}"' in page


def test_an_imported_line_keeps_it(db, cast, draft):
    from coi.disclosures import actions

    actions.discard(draft, cast.finn.actor, now())
    line = {"employee": cast.finn.person.number, "form": "every-type", "kind": "annual", "reporting_year": 2025}
    line |= {"filer": {"kind": "annual"}, "answers": {"must": KEPT}, "signed_name": "Finn", "signed_at": "2026-02-20"}
    assert import_line(1, json.dumps(line).encode(), OPERATOR, now()).errors == []
    assert signed(draft)["must"] == KEPT


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_form_typed_from_paper_warns_its_clerk(db, pat, begun, language):
    pat.account.language = language
    db.session.commit()
    reply = begun.browser.post(begun.at, data=page_of(begun.form, **{"anything_else.": KEPT}, press="save"))
    assert reply.status_code == 303
    page = begun.browser.get(begun.at).text
    assert WARNED[language] in beside(page, "anything_else.")
    assert 'href="#anything_else."' in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_message_is_sent_and_the_next_page_warns(sign_in, db, cast, language):
    cast.finn.account.language = language
    finn = sign_in("finn")
    assert finn.post("/my-record/wrong", data={"text": KEPT}).status_code == 303
    assert WARNED[language] in unescape(finn.get("/").text)
    assert db.session.scalars(select(RosterNote.text)).one() == KEPT
    assert WARNED[language] not in unescape(finn.get("/").text)


def test_a_message_that_is_refused_warns_beside_its_field(sign_in, cast):
    reply = sign_in("finn").post("/my-record/wrong", data={"text": f"{KEPT} {'x' * 20_000}"})
    assert reply.status_code == 422
    assert WARNED["en"] in beside(reply.text, "text")
    assert re.search(r'<textarea[^>]*aria-describedby="[^"]*text-numbers', reply.text)


def carries(text: str) -> bool:
    """Whether a text holds either number, however it is written."""
    digits = re.sub(r"\D", "", text)
    return any(re.sub(r"\D", "", number)[:-4] in digits for number in (SSN, CARD))


def test_no_letter_of_a_filing_carries_it(sign_in, db, cast, draft):
    assert sign(sign_in("finn"), draft, longtext=KEPT, text=KEPT).status_code == 303
    letters = db.session.scalars(select(Letter)).all()
    assert letters
    assert not any(carries(one.subject + one.text + one.html) for one in letters)
    assert not any(carries(one.details) for one in db.session.scalars(select(AuditEntry)))


def test_what_a_letter_is_filled_with_is_masked(db, cast):
    values = {"who": KEPT, "role": "auditor", "name": KEPT, "until": "noon", "reason": KEPT}
    post("break_glass", cast.sia.person, now(), "once", **values)
    letter = db.session.scalars(select(Letter)).one()
    assert "•••-••-1120" in letter.text
    assert "•••-••-1120" in letter.html
    assert not carries(letter.text.replace(current_profile().city.contact.phone, ""))
    assert SSN not in as_mail(letter).as_string()
    assert CARD not in as_mail(letter).get_body(("html",)).get_content()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    """What was logged since the last look."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def test_a_log_line_is_one_line_and_carries_no_such_number(app, capsys):
    log = structlog.get_logger()
    told = f"typed\n{KEPT}"
    log.warning(told, words=KEPT, several=[KEPT], count=3)
    try:
        raise ValueError(KEPT)
    except ValueError:
        log.exception("broken")
    first, second = lines(capsys)
    assert (first["level"], first["count"], "\n" in first["event"]) == ("warning", 3, True)
    assert "ValueError: My number is •••-••-1120" in second["exception"]
    assert not any(carries(value) for line in (first, second) for key, value in line.items() if key not in ("count", "timestamp"))


def test_a_line_of_a_library_carries_none_either(app, caplog):
    try:
        raise ValueError(KEPT)
    except ValueError:
        logging.getLogger("gunicorn.error").exception("Broken by %s", KEPT)
    assert "Broken by My number is •••-••-1120" in caplog.text
    assert SSN not in caplog.text
    assert CARD not in caplog.text


def test_a_page_that_breaks_over_it_logs_it_masked(app, sign_in, cast, draft, capsys, monkeypatch):
    def breaks(*_arguments):
        raise RuntimeError(KEPT)

    monkeypatch.setattr("coi.disclosures.routes.keep", breaks)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert sign_in("finn").post(f"/forms/{draft.reference}", data={**SIGNED, "longtext.": KEPT}).status_code == 500
    (line,) = [one for one in lines(capsys) if one["event"] == "a page broke"]
    assert "RuntimeError: My number is •••-••-1120" in line["exception"]
    assert SSN not in json.dumps(line)


def test_a_fault_of_the_database_tells_nothing_that_was_typed(db, cast, capsys):
    person = cast.finn.person
    row = {"person_id": person.id, "text": KEPT, "at": None, "seq": None}
    with pytest.raises(IntegrityError) as fault:
        db.session.execute(insert(RosterNote).values(**row))
    db.session.rollback()
    structlog.get_logger().error("broken", exc_info=fault.value, constraint=str(fault.value.orig))
    (line,) = lines(capsys)
    assert "NOT NULL" in line["exception"].upper() or "null value" in line["exception"]
    assert SSN not in json.dumps(line)
    assert "[parameters" not in line["exception"]


def test_a_filing_is_shown_with_it_to_its_filer(sign_in, db, cast):
    case = filed(cast.finn.person, cast.finn.actor, answers={"anything_else": KEPT})
    db.session.commit()
    assert KEPT in sign_in("finn").get(f"/filings/{case.reference}").text


def test_a_flood_is_refused_and_not_looked_through_first(app):
    assert number_warning("078-05-1120")
    assert number_warning("x" * MOST_LOOKED_AT + " 078-05-1120") == ""
