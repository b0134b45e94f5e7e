"""A file that shows that a condition is kept: judged as every paper, read by who may read the condition, in no letter."""

from io import BytesIO

import pytest
from sqlalchemy import select

from coi.attachments import keeping
from coi.models import Attachment, AuditEntry, Letter, PlanStep
from tests.attachments.files import EICAR, HTML, PDF, SVG, of_size
from tests.attachments.steps import send_large
from tests.plans.made import answered, draft, managed

WORDS = "The kitchen is closed to me; see the letter."


@pytest.fixture
def one(db, cast):
    """A condition in force that Finn keeps and Sam confirms."""
    return answered(managed(cast, draft("step_aside_party")), cast).conditions[0]


def say(browser, one, data: bytes | None = PDF, name: str = "../letter <b>.pdf", words: str = WORDS):
    told = {"words": words} | ({"file": (BytesIO(data), name)} if data is not None else {})
    return browser.post(f"/conditions/one/{one.reference}/done", data=told, content_type="multipart/form-data")


def files(app) -> int:
    return len(list(keeping.folder().iterdir()))


def test_a_file_comes_with_the_word_and_is_read_by_who_confirms(app, sign_in, db, cast, one):
    before = files(app)
    finn = sign_in("finn")
    assert [say(finn, one).status_code for _click in range(2)] == [303, 303]
    kept = db.session.scalars(select(Attachment)).one()
    assert files(app) == before + 1, "the second click keeps no second file"
    url = f"/conditions/one/{one.reference}/proof/{kept.reference}"
    for name in ("finn", "sam", "sia"):
        page = sign_in(name).get(f"/conditions/one/{one.reference}").text
        assert url in page
        assert "letter &lt;b&gt;.pdf" in page
        reply = sign_in(name).get(url)
        assert (reply.status_code, reply.data, reply.content_type) == (200, PDF, "application/pdf")
        assert reply.headers["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in reply.headers["Content-Security-Policy"]
    for name in ("kit", "ada", "dee", "ren"):
        assert sign_in(name).get(url).status_code == 404, name
    for name in ("finn", "sam", "sia", "kit"):
        assert sign_in(name).get(f"/attachments/{kept.reference}").status_code == 404, name
    reads = db.session.scalars(select(AuditEntry.details).where(AuditEntry.event == "attachment:read")).all()
    assert len(reads) == 3
    assert url in sign_in("sia").get(f"/review/{one.plan.disclosure.reference}").text
    told = "".join(db.session.scalars(select(Letter.text)))
    assert "letter <b>" not in told
    assert kept.reference not in told
    assert kept.reference not in sign_in("sia").get("/stepping-aside/register").text


@pytest.mark.parametrize(("data", "name"), [(HTML, "a.pdf"), (SVG, "a.svg"), (b"", "a.pdf"), (EICAR, "a.txt")])
def test_what_no_paper_may_be_is_refused_beside_the_field_with_the_words_kept(app, sign_in, db, one, data, name):
    before = files(app)
    reply = say(sign_in("finn"), one, data, name)
    assert reply.status_code == 422
    assert ("file-error" in reply.text, WORDS in reply.text) == (True, True)
    assert (db.session.scalars(select(Attachment)).all(), files(app)) == ([], before)
    assert [one.kind.value for one in db.session.scalars(select(PlanStep))] == []


def test_too_large_is_refused_and_without_words_nothing_is_kept(app, sign_in, db, one):
    before = files(app)
    finn = sign_in("finn")
    assert say(finn, one, words=" ").status_code == 422
    assert send_large(finn, f"/conditions/one/{one.reference}/done", of_size(13 * 1024 * 1024)).status_code in (413, 422)
    assert (db.session.scalars(select(Attachment)).all(), files(app)) == ([], before)


def test_nobody_else_leaves_a_file_there(app, sign_in, db, one):
    before = files(app)
    for name in ("kit", "sam", "olu"):
        assert say(sign_in(name), one).status_code == 404, name
    assert files(app) == before
