"""The packet holds what the filer added: pictures and PDFs as pages behind the text; whatever else, by name and with why not."""

import io
import shutil

import pytest
from pypdf import PdfReader, PdfWriter

from coi.attachments import keeping
from coi.disclosures import actions as filings
from coi.disclosures.signing import sign
from coi.meetings import actions, packet_papers
from coi.meetings.packet import packet_of
from coi.models import Attachment
from coi.review import actions as review
from coi.vocabulary import Outcome
from tests.attachments.files import PDF, jpg, png
from tests.attachments.steps import A_JOB_WITH_KEY, here, send
from tests.disclosures.steps import complete, now, owed, signature
from tests.meetings.body import a_body
from tests.review.cases import at, holder


def a_pdf(pages: int) -> bytes:
    made, written = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        made.add_blank_page(612, 792)
    made.write(written)
    return written.getvalue()


PAPERS = {
    "three.pdf": a_pdf(3),
    "photo.png": png(),
    "torn.jpg": jpg(),  # passes as a picture, and nobody can decode it
    "none.pdf": PDF,
    "long.pdf": a_pdf(41),
}


@pytest.fixture
def before(app, db, cast, sign_in):
    """Finn's case before the body, with these papers."""
    shutil.rmtree(app.config["SETTINGS"].uploads_folder, ignore_errors=True)
    a_body(cast)
    made = filings.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor, **A_JOB_WITH_KEY)
    db.session.commit()
    for name, data in PAPERS.items():
        assert send(sign_in("finn"), here(made), data, name).status_code == 303, name
    sign(made, signature(), cast.finn.actor, now())
    review.escalate(made, Outcome.NOT_PERMITTED, "Look.", cast[holder(made, cast)].actor, now(), **at(made))
    words = "May it go on?", Outcome.NOT_PERMITTED, "It sells to the City."
    actions.send(made, *words, [], cast[holder(made, cast)].actor, now(), **at(made))
    db.session.commit()
    return made


def printed(made) -> tuple[list[str], str]:
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(packet_of(made, "Abel", now()))).pages]
    return pages, " ".join(pages)


def test_what_can_be_printed_stands_behind_the_text_and_the_rest_is_named(db, app, cast, before, monkeypatch):
    with app.test_request_context():
        pages, text = printed(before)
        behind = [page for page in pages if "Paper 1: three.pdf, page" in page or "Paper 2: photo.png" in page]
        assert (behind, len(behind)) == (pages[-4:], 4)
        assert all("For Abel only" in page for page in behind), "the reader's name stands on every page"
        for words in (
            "1. three.pdf behind this text, 3 pages",
            "2. photo.png behind this text, 1 page",
            "3. torn.jpg Not printed: the file could not be opened for printing.",
            "4. none.pdf Not printed: the file could not be opened for printing.",
            "5. long.pdf Not printed: it has 41 pages, and at most 40 are printed of one paper.",
        ):
            assert words in text, words
        monkeypatch.setattr(packet_papers, "MOST_PAGES", 3)
        assert "2. photo.png Not printed: the packet would have too many pages." in printed(before)[1]
        monkeypatch.setattr(packet_papers, "pdf_with", lambda *_told: None)
        pages, text = printed(before)
        assert ("1. three.pdf Not printed: the papers together" in text, "Paper 1:" in text) == (True, False)


def test_a_file_that_is_gone_or_not_looked_at_is_said_so(db, app, cast, before):
    one, two, three, *_others = Attachment.query.order_by(Attachment.id)
    (keeping.folder() / one.stored).unlink()
    two.scan, three.scan = "waiting", "bad"
    db.session.commit()
    with app.test_request_context():
        text = printed(before)[1]
    for words in ("1. three.pdf Not printed: the file is gone", "2. photo.png Not printed: the virus scanner has not looked"):
        assert words in text, words
    assert "3. torn.jpg Not printed: the virus scanner found something in it." in text
