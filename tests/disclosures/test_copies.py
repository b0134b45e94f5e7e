"""What is internal is seen by filer and reviewer on their pages and stands in no print, paper, copy, letter or workbook."""

import hashlib
import io
import json
import re

import pytest
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from coi.audit.chain import sha256
from coi.disclosures import actions, queries
from coi.disclosures.signing import sign
from coi.models import AuditEntry, Disclosure, Interest, Letter
from tests.disclosures.steps import now, owed, signature
from tests.factories import SMALL_FORM, QuestionnaireFactory

# Each secret is one word, so that no line of a PDF breaks it.
SECRETS = ("Zyxalone", "Zyxfield", "Zyxinner", "Zyxwithin", "Zyxlist")
INNER = {
    "item": "thing",
    "fields": [
        {"id": "what", "type": "text", "title": "What"},
        {"id": "inside", "type": "text", "title": "Inside", "visibility": "internal"},
    ],
}
WITHIN = {"item": "note", "fields": [{"id": "within", "type": "text", "title": "Within"}]}
FIELDS = [
    # The first of the entry: nothing may be called by it.
    {"id": "secret", "type": "text", "title": "Secret", "visibility": "internal", "match": "city_vendors"},
    {"id": "name", "type": "text", "title": "Name", "visibility": "public"},
    {"id": "items", "type": "entries", "title": "Things", "entries": INNER},
    {"id": "notes", "type": "entries", "title": "Notes", "visibility": "internal", "entries": WITHIN},
]
A_FLAG = [{"when": {"f": "name", "answered": True}, "risk": "low", "reason": "Look at it."}]
QUESTIONS = [
    {"id": "alone", "type": "text", "title": "Alone", "visibility": "internal"},
    {"id": "open", "type": "text", "title": "Open"},
    {"id": "givers", "type": "entries", "title": "Givers", "entries": {"item": "giver", "fields": FIELDS}, "triggers": A_FLAG},
    {
        "id": "whole",
        "type": "entries",
        "title": "Whole",
        "visibility": "internal",
        "entries": {"item": "one", "fields": [{"id": "told", "type": "text", "title": "Told"}]},
    },
]


def content(form_id: str, questions: list, **head) -> dict:
    return {
        "form": {**SMALL_FORM["form"], "id": form_id, **head},
        "sections": [{"id": "s", "title": "S", "questions": questions}],
    }


def answers(number: int = 1) -> dict:
    giver = {
        "_key": "giver00key",
        "secret": f"Zyxfield{number}",
        "name": "Apex",
        "items": [{"_key": "thing00key", "what": "Ham", "inside": f"Zyxinner{number}"}],
        "notes": [{"_key": "note000key", "within": f"Zyxwithin{number}"}],
    }
    return {
        "alone": f"Zyxalone{number}",
        "open": f"Seen{number}",
        "givers": [giver],
        "whole": [{"_key": "whole00key", "told": f"Zyxlist{number}"}],
    }


def put(disclosure: Disclosure, cast, told: dict, key: str) -> None:
    draft = queries.draft_of(disclosure)
    actions.save_draft(disclosure, told, {}, cast.finn.actor, now(), draft.revision)
    sign(disclosure, signature(key), cast.finn.actor, now())


def begun(cast, form_id: str) -> Disclosure:
    return actions.start(owed(cast.finn.person, form_id=form_id, occasion=form_id), cast.finn.actor, now())


@pytest.fixture
def mine(db, cast) -> Disclosure:
    """A form with something internal at every level but the form's, signed and corrected."""
    form = content("tests-copies", QUESTIONS)
    QuestionnaireFactory(form_id="tests-copies", content=form, sha256=sha256("tests-copies"))
    made = begun(cast, "tests-copies")
    put(made, cast, answers(), "key-1")
    actions.begin_correction(made, "a slip", cast.finn.actor, now())
    put(made, cast, answers(2), "key-2")
    db.session.commit()
    return made


@pytest.fixture
def wholly(db, cast) -> Disclosure:
    """A form that is internal as a whole but for one question."""
    ask = {"type": "text", "title": "Within"}
    form = content("tests-wholly", [{"id": "a", **ask}, {"id": "b", **ask, "visibility": "public"}], visibility="internal")
    QuestionnaireFactory(form_id="tests-wholly", content=form, sha256=sha256("tests-wholly"))
    made = begun(cast, "tests-wholly")
    put(made, cast, {"a": "Zyxwhole", "b": "Seen"}, "key-3")
    db.session.commit()
    return made


def paper(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def on_paper(page: str) -> html.HtmlElement:
    """A page as it comes out of a printer: without what the print style hides."""
    tree = html.fromstring(page)
    for hidden in tree.find_class("coi-noprint"):
        hidden.drop_tree()
    return tree


def printed(page: str) -> str:
    return " ".join(on_paper(page).find("body").text_content().split())


def reviewer(cast, disclosure: Disclosure) -> str:
    return next(name for name in cast if cast[name].person.id == disclosure.reviewer_id)


def test_no_paper_holds_it_and_the_others_are_there(sign_in, mine):
    finn = sign_in("finn")
    papers = [finn.get(f"/filings/{mine.reference}/{name}.pdf").data for name in ("receipt", "form")]
    papers.append(finn.post("/my-record/complete-file").data)
    for made in papers:
        assert "Zyx" not in paper(made)
    for made in papers[1:]:
        told = " ".join(paper(made).split())
        assert "Seen2" in told
        assert "What Ham" in told
        assert "left out of copies" in told
    assert "Seen1" in paper(papers[2])


@pytest.mark.parametrize(
    "path", ["", "/versions/1", "/versions/2", "/compare/1/2", "/versions/2/record"], ids=["now", "v1", "v2", "compare", "record"]
)
@pytest.mark.parametrize("office", [False, True], ids=["filer", "office"])
def test_the_pages_show_it_and_their_prints_do_not(sign_in, cast, mine, path, office):
    if office and path.startswith("/versions/") and not path.endswith("record"):
        path = ""
    at = f"/review/{mine.reference}{path}" if office else f"/filings/{mine.reference}{path}"
    page = sign_in(reviewer(cast, mine) if office else "finn").get(at).text
    number = 1 if path == "/versions/1" else 2
    for secret in SECRETS:
        assert f"{secret}{number}" in page, secret
    assert "left out of" in page
    assert "Zyx" not in printed(page)
    assert f"Seen{number}" in printed(page)


def test_the_draft_shows_it_and_its_print_does_not(sign_in, db, cast, mine):
    actions.begin_correction(mine, "again", cast.finn.actor, now())
    db.session.commit()
    page = sign_in("finn").get(f"/forms/{mine.reference}").text
    assert "Zyxfield2" in page
    form = on_paper(page).find_class("coi-form")[0]
    for offered in form.findall(".//datalist"):
        offered.drop_tree()  # names to choose from stand on no paper
    told = html.tostring(form).decode()
    assert "Seen2" in told
    assert "Zyx" not in told


def test_the_record_stays_whole_and_its_copy_leaves_out_and_says_so(sign_in, mine):
    signed = queries.version_of(mine)
    assert all(f"{secret}2" in signed.record for secret in SECRETS)
    assert sha256(signed.record) == signed.sha256
    finn = sign_in("finn")
    page = finn.get(f"/filings/{mine.reference}/versions/2/record").text
    assert signed.sha256 in page
    assert "5 answers that only the rules use are left out" in page
    file = finn.get(f"/filings/{mine.reference}/versions/2/record.json")
    assert "version-2-copy.json" in file.headers["Content-Disposition"]
    assert hashlib.sha256(file.data).hexdigest() in page
    assert b"Zyx" not in file.data
    told, kept = json.loads(file.data), json.loads(signed.record)
    assert told["left_out"] == ["alone", "givers[0].secret", "givers[0].items[0].inside", "givers[0].notes", "whole"]
    assert told["answers"]["givers"] == [{"_key": "giver00key", "name": "Apex", "items": [{"_key": "thing00key", "what": "Ham"}]}]
    assert {**kept, **{name: told[name] for name in ("asked", "answers", "left_out")}} == told


def test_nothing_is_called_by_it(db, mine):
    names = set(db.session.scalars(select(Interest.party)))
    assert "Apex" in names
    assert not any("Zyx" in name for name in names)


def test_no_letter_and_no_entry_of_the_log_holds_it(db, mine, wholly):
    texts = [*db.session.scalars(select(Letter.text)), *db.session.scalars(select(AuditEntry.details))]
    assert texts
    assert not any("Zyx" in text for text in texts)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_workbook_holds_it(runner, mine, wholly, tmp_path, language):
    path = tmp_path / "book.xlsx"
    reply = runner.invoke(args=["exports", "run", "--out", str(path), "--language", language])
    assert reply.exit_code == 0, reply.output
    cells = [str(cell) for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("Apex" in cell for cell in cells)
    assert not any("Zyx" in cell for cell in cells)


def test_a_form_that_is_internal_as_a_whole_prints_what_is_not(sign_in, cast, wholly):
    finn = sign_in("finn")
    told = paper(finn.get(f"/filings/{wholly.reference}/form.pdf").data)
    assert "Zyxwhole" not in told
    assert re.search(r"Within\s+Seen", told)
    assert "Zyxwhole" in finn.get(f"/filings/{wholly.reference}").text
    assert b"Zyxwhole" not in finn.get(f"/filings/{wholly.reference}/versions/1/record.json").data
    page = sign_in(reviewer(cast, wholly)).get(f"/review/{wholly.reference}").text
    assert "Zyxwhole" in page
    assert "Zyxwhole" not in printed(page)


def test_a_form_without_anything_internal_is_copied_as_it_was_signed(sign_in, db, cast):
    form = content("tests-plain", [QUESTIONS[1]])
    QuestionnaireFactory(form_id="tests-plain", content=form, sha256=sha256("tests-plain"))
    made = begun(cast, "tests-plain")
    put(made, cast, {"open": "Seen"}, "key-4")
    db.session.commit()
    file = sign_in("finn").get(f"/filings/{made.reference}/versions/1/record.json")
    assert hashlib.sha256(file.data).hexdigest() == queries.version_of(made).sha256
    assert "version-1.json" in file.headers["Content-Disposition"]
