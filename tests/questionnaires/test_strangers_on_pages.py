"""What is not asked, not answered, or may stay blank in a form of others, in the words of the pages of filer and reviewer."""

import json
import re
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select

from coi.disclosures.importing import import_line
from coi.models import Disclosure
from tests.disclosures.steps import now
from tests.factories import OPERATOR
from tests.questionnaires.library import bring, research

T = {"en": "T", "es": "T"}


def form() -> dict[str, Any]:
    """A list that takes an entry or "none", a field not always asked, a text that raises a flag, a period by answer."""
    period = [
        {"for": {"filer": "role", "is": "candidate"}, "period": "last_12_months"},
        {"for": {"not": {"filer": "role", "is": "candidate"}}, "period": "previous_calendar_year"},
    ]
    made = research(reporting_period=period, filer_attributes={"kind": ["annual", "change"], "role": ["member", "candidate"]})
    questions = made["sections"][0]["questions"]
    shares = [
        {"id": "name", "title": {"en": "Firm", "es": "Empresa"}, "type": "text", "required": True},
        {"id": "share", "title": {"en": "Share", "es": "Parte"}, "type": "percent"},
        {"id": "clients", "title": {"en": "Clients", "es": "Clientes"}, "type": "number", "show_if": {"f": "share", "gt": 50}},
    ]
    told = {"when": {"q": "remarks", "answered": True}, "risk": "low", "reason": "Read it"}
    questions[1:] = [
        {
            "id": "firms",
            "title": {"en": "Your firms", "es": "Sus empresas"},
            "type": "entries",
            "none_statement": True,
            "entries": {"item": {"en": "firm", "es": "empresa"}, "fields": shares},
        },
        {
            "id": "remarks",
            "title": {"en": "Anything else?", "es": "¿Algo más?"},
            "type": "longtext",
            "triggers": [told],
        },
        {"id": "role", "title": {"en": "Role", "es": "Papel"}, "type": "choice", "choices": ["member", "candidate"]},
    ]
    return made


@pytest.fixture
def used(sign_in, db, cast):
    return bring(sign_in, db, form(), kinds=["change"])


def test_a_list_that_takes_an_entry_or_none_is_not_called_optional(sign_in, used):
    finn = sign_in("finn")
    page = finn.get(finn.post("/forms/new/change").location).text
    optional = r"\s*(?:<[^>]*>\s*)*\(optional\)"
    assert re.search("Anything else\\?" + optional, page)
    assert "Your firms" in page
    assert not re.search("Your firms" + optional, page)


def filed(sign_in, db, cast, remarks: str = "Hello") -> tuple[Disclosure, Any]:
    """Finn's filing of this form, and the browser of who has the case."""
    answers = {"any_support": "no", "firms": [{"name": "Ann & Co", "share": "5"}], "remarks": remarks, "role": "candidate"}
    line = {"employee": cast.finn.person.number, "form": "research-support", "kind": "change", "reporting_year": 2025}
    line |= {"answers": answers, "signed_name": "Finn", "signed_at": "2026-03-01"}
    assert import_line(1, json.dumps(line).encode(), OPERATOR, now()).errors == []
    db.session.commit()
    made = db.session.scalar(select(Disclosure))
    return made, sign_in(next(name for name in cast if cast[name].person.id == made.reviewer_id))


def test_the_reviewer_reads_a_text_with_its_lines_and_a_reason_as_english(sign_in, db, cast, used):
    made, reviewer = filed(sign_in, db, cast, "One line.\n\nAnd another.")
    reviewer.post("/accounts/language", data={"language": "es"})
    page = html.fromstring(reviewer.get(f"/review/{made.reference}").text)
    told = [one for one in page.iter() if one.text == "One line.\n\nAnd another."]
    assert told
    assert {one.get("class") for one in told} == {"coi-lines"}
    reasons = page.xpath("//*[normalize-space(text())='Read it']")
    assert reasons
    assert {tuple(one.xpath("ancestor-or-self::*[@lang][1]/@lang")) for one in reasons} == {("en",)}


def test_what_was_not_asked_is_not_called_unanswered(sign_in, db, cast, used):
    made, reviewer = filed(sign_in, db, cast)
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", reviewer.get(f"/review/{made.reference}").text))
    assert "Share 5%" in page
    assert "Clients" not in page  # neither as an answer nor as one that is missing
    assert "Anything else? As the whole filing" in page
    # The day from which the questions count follows the answer, also in the language that nobody signed in.
    assert "since March 2, 2025?" in page
    reviewer.post("/accounts/language", data={"language": "es"})
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", reviewer.get(f"/review/{made.reference}").text))
    assert "desde 2 de marzo de 2025?" in page
    assert "Parte 5%" in page
    assert "Clientes" not in page


def test_a_section_may_be_called_like_another_or_like_the_signature(sign_in, db, cast):
    made = research()
    made["sections"][0]["title"] = {"en": "Sign", "es": "Firmar"}
    made["sections"].append(
        {**made["sections"][0], "id": "more", "questions": [{"id": "more", "title": T, "type": "text", "required": True}]}
    )
    bring(sign_in, db, made, kinds=["change"])
    finn = sign_in("finn")
    page = html.fromstring(finn.get(finn.post("/forms/new/change").location).text)
    assert [one.text_content().strip() for one in page.xpath("//h2")].count("Sign") == 3
    named = page.xpath("//section/@aria-labelledby")
    words = [page.get_element_by_id(one).text_content().strip() for one in named]
    assert len(words) == len(set(words))
