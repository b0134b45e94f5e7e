"""Legal advice (U46): who reads and writes it, that no output holds a word of it, and the solicitor's own act that lets it go."""

import io
import json
import zipfile

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from coi.advice import actions, queries
from coi.audit.chain import sha256
from coi.errors import NotPossible
from coi.models import AdviceRelease, AuditEntry, Letter, Message
from coi.review.queries import thread
from coi.vocabulary import MessageKind, Role
from tests.disclosures.steps import now
from tests.review.cases import at, case_of, holder, holds, tie

SECRET = "Privileged: quokka doctrine"


@pytest.fixture
def advised(db, cast):
    """A case on which its holder wrote something for the solicitor, who is Kit."""
    holds(cast, "kit", Role.SOLICITOR)
    made = case_of(cast)
    actions.advise(made, SECRET, cast[holder(made, cast)].actor, now())
    db.session.commit()
    return made


def test_the_button_says_who_reads_it_and_the_solicitor_gets_a_letter_without_a_word(sign_in, db, cast):
    holds(cast, "kit", Role.SOLICITOR)
    made = case_of(cast)
    olu = sign_in(holder(made, cast))
    assert "Keep as legal advice, for the solicitor and the officers on the case" in olu.get(f"/review/{made.reference}").text
    entry = made.versions[-1].answers["outside_work"][0]["_key"]
    sent = {**at(made), "text": SECRET, "about": f"outside_work#{entry}"}
    for _press in range(2):
        assert olu.post(f"/review/{made.reference}/legal-advice", data=sent).status_code == 302
    message = db.session.scalars(select(Message).where(Message.kind == MessageKind.LEGAL_ADVICE)).one()
    assert (message.question_id, message.entry_key) == ("outside_work", entry)
    letter = db.session.scalars(select(Letter).where(Letter.kind == "advice_asked")).one()
    assert letter.person_id == cast.kit.person.id
    assert "quokka" not in letter.text
    page = olu.get(f"/review/{made.reference}").text
    assert page.count(SECRET) == 2  # at the entry, and under Legal advice


@pytest.mark.parametrize(
    ("name", "code"), [("kit", 200), ("holder", 200), ("sia", 200), ("ren", 404), ("sam", 404), ("finn", 404), ("ada", 404)]
)
def test_who_reads_it(sign_in, cast, advised, name, code):
    who = holder(advised, cast) if name == "holder" else name
    if name == "ren" and who == holder(advised, cast):
        who = "olu"
    reply = sign_in(who).get(f"/legal-advice/{advised.reference}")
    assert reply.status_code == code
    assert (SECRET in reply.text) is (code == 200)


def test_the_solicitor_sees_the_advice_and_not_the_form(sign_in, cast, advised):
    kit = sign_in("kit")
    assert advised.reference in kit.get("/legal-advice/").text
    assert "Catering" not in kit.get(f"/legal-advice/{advised.reference}").text
    assert kit.get(f"/review/{advised.reference}").status_code == 404


def test_a_case_on_which_nobody_asked_is_not_the_solicitors(sign_in, cast):
    holds(cast, "kit", Role.SOLICITOR)
    made = case_of(cast)
    assert sign_in("kit").get(f"/legal-advice/{made.reference}").status_code == 404


def test_a_solicitor_in_conflict_reads_nothing(sign_in, db, cast, advised):
    tie(cast, "finn", "kit")
    kit = sign_in("kit")
    assert kit.get(f"/legal-advice/{advised.reference}").status_code == 404
    assert advised.reference not in kit.get("/legal-advice/").text
    with pytest.raises(NotPossible):
        actions.release(advised, queries.of(advised)[0].message.number, "why", cast.kit.actor, now())


def outputs(sign_in, runner, cast, made, tmp_path):
    """Everything that leaves the case page and the office: name and bytes as text."""
    finn, ada = sign_in("finn"), sign_in("ada")
    told = {}
    for path in ("", "/receipt", "/receipt.pdf", "/form.pdf", "/versions/1/record", "/versions/1/record.json"):
        told[path or "own page"] = finn.get(f"/filings/{made.reference}{path}").data
    told["complete file"] = finn.post("/my-record/complete-file").data
    told["the audit log"] = ada.get("/audit/").data
    told["the auditor's list"] = ada.get("/review/").data
    assert runner.invoke(args=["exports", "run", "--out", str(tmp_path / "book.xlsx")]).exit_code == 0
    told |= {f.name: f.read_bytes() for f in tmp_path.iterdir()}
    return {name: as_text(content) for name, content in told.items()}


def as_text(content):
    """The words of a page, a PDF, a workbook."""
    if content[:5] == b"%PDF-":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return " ".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return content.decode("utf-8", "replace")


def test_no_output_holds_a_word_of_it(sign_in, runner, db, cast, advised, tmp_path):
    told = outputs(sign_in, runner, cast, advised, tmp_path)
    assert {name for name, text in told.items() if "quokka" in text} == set()
    assert any(advised.reference in text for text in told.values())
    assert all("quokka" not in one for one in db.session.scalars(select(AuditEntry.details)))
    assert [one for one in thread(advised, with_notes=True) if "quokka" in one.text] == []
    # On the case page it is never printed: it stands in what paper leaves out.
    page = sign_in(holder(advised, cast)).get(f"/review/{advised.reference}").text
    before = page[: page.index(SECRET)]
    assert before.rindex('class="coi-noprint"') > before.rindex("</section>")


def test_the_solicitor_alone_releases_a_piece_with_a_reason_once(sign_in, db, cast, advised):
    number = str(queries.of(advised)[0].message.number)
    address = f"/legal-advice/{advised.reference}/release"
    for name in (holder(advised, cast), "sia"):
        assert sign_in(name).post(address, data={"number": number, "reason": "why"}).status_code == 404
    kit = sign_in("kit")
    empty = kit.post(address, data={"number": number, "reason": " "})
    assert empty.status_code == 422
    assert "Write the reason." in empty.text
    assert kit.post(address, data={"number": "99", "reason": "why"}).status_code == 422
    for _press in range(2):
        assert kit.post(address, data={"number": number, "reason": "The court asked."}).status_code == 303
    row = db.session.scalars(select(AdviceRelease)).one()
    assert (row.reason, row.by_id) == ("The court asked.", cast.kit.person.id)
    details = db.session.scalar(select(AuditEntry.details).where(AuditEntry.event == "advice:released"))
    assert json.loads(details) == {"because": sha256("The court asked."), "number": int(number)}
    assert SECRET in [one.text for one in thread(advised, with_notes=True)]
    assert SECRET not in [one.text for one in thread(advised, with_notes=False)]
    assert "quokka" not in sign_in("finn").get(f"/filings/{advised.reference}").text


def test_what_the_solicitor_writes_reaches_the_reviewer(sign_in, db, cast, advised):
    kit = sign_in("kit")
    assert kit.post(f"/legal-advice/{advised.reference}", data={"text": ""}).status_code == 422
    assert kit.post(f"/legal-advice/{advised.reference}", data={"text": "No privilege here."}).status_code == 303
    assert "No privilege here." in sign_in(holder(advised, cast)).get(f"/review/{advised.reference}").text
    assert db.session.scalars(select(Letter.person_id).where(Letter.kind == "advice_given")).all() == [advised.reviewer_id]
