"""Where a paper is told after the signature: the papers to take away, the record, the comparison; the receipt only counts."""

import io

import pytest
from pypdf import PdfReader

from coi.disclosures import actions
from coi.disclosures.signing import sign
from tests.attachments.files import pdf
from tests.attachments.steps import A_JOB_WITH_KEY, here, send, signed_with_paper
from tests.disclosures.steps import by_mistake, now, signature


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.fixture
def paper(db, cast, draft, sign_in):
    """A signed filing with one paper."""
    return signed_with_paper(db, cast, draft, sign_in)


def corrected(db, cast, draft, finn, *files: tuple[bytes, str], without: str = "") -> str:
    """The correction with these papers more and one less, signed: what its comparison says."""
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    db.session.commit()
    for data, name in files:
        assert send(finn, here(draft), data, name).status_code == 303
    if without:
        assert finn.post(f"{here(draft)}/{without}/remove").status_code == 303
    sign(draft, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    return " ".join(finn.get(f"/filings/{draft.reference}/compare/1/2").text.split())


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_papers_to_take_away_name_it_with_size_and_fingerprint(sign_in, cast, draft, paper, language):
    cast.finn.account.language = language
    finn = sign_in("finn")
    for made in (finn.get(f"/filings/{draft.reference}/form.pdf").data, finn.post("/my-record/complete-file").data):
        told = words(made)
        assert f"contract.pdf · 1 kB · SHA-256 {paper.sha256[:16]}" in told
        assert ("Added paper" if language == "en" else "Documento agregado") in told


def test_the_receipt_counts_and_names_nothing(sign_in, draft, paper):
    finn = sign_in("finn")
    page, made = (
        finn.get(f"/filings/{draft.reference}/receipt").text,
        words(finn.get(f"/filings/{draft.reference}/receipt.pdf").data),
    )
    for told in (page, made):
        assert "1 entry, 1 paper" in told
        assert "contract.pdf" not in told


def test_the_record_lists_it_with_its_whole_fingerprint(sign_in, cast, draft, paper):
    page = sign_in("finn").get(f"/filings/{draft.reference}/versions/1/record").text
    listed = page.split("Papers that this signature covers")[1].split("</ul>")[0]
    assert f"/attachments/{paper.reference}" in listed
    assert "contract.pdf" in listed
    assert paper.sha256 in listed


def test_a_paper_that_came_is_told_by_the_comparison(db, cast, draft, paper, sign_in):
    told = corrected(db, cast, draft, sign_in("finn"), (pdf(b"more"), "more.pdf"))
    assert "Paper added" in told
    assert "more.pdf · 1 kB" in told
    assert "contract.pdf" not in told


def test_a_paper_that_went_is_told_by_the_comparison(db, cast, draft, paper, sign_in):
    told = corrected(db, cast, draft, sign_in("finn"), without=paper.reference)
    assert "Paper taken out" in told
    assert f'<del class="coi-lines">contract.pdf · 1 kB · SHA-256 {paper.sha256[:16]}' in told


@pytest.mark.parametrize("name", ["contract.pdf", "another.pdf"])
def test_a_paper_in_the_place_of_another_is_told_as_replaced(db, cast, draft, paper, sign_in, name):
    told = corrected(db, cast, draft, sign_in("finn"), (pdf(b"new"), name), without=paper.reference)
    assert "Paper replaced" in told
    assert '<del class="coi-lines">contract.pdf' in told
    assert f'<ins class="coi-lines">{name}' in told
    assert "Paper added" not in told


def test_the_same_paper_under_the_same_entry_is_no_change(db, cast, draft, paper, sign_in):
    assert "Nothing is different" in corrected(db, cast, draft, sign_in("finn"))


def test_before_signing_the_correction_tells_it_too_and_the_office_reads_the_same(db, cast, draft, paper, sign_in):
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    db.session.commit()
    finn = sign_in("finn")
    send(finn, here(draft), pdf(b"more"), "more.pdf")
    assert "more.pdf · 1 kB" in finn.get(f"/forms/{draft.reference}/changes").text
    sign(draft, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    reader = next(name for name in cast if cast[name].person.id == draft.reviewer_id)
    assert "more.pdf · 1 kB" in sign_in(reader).get(f"/review/{draft.reference}/compare/1/2").text


def test_an_entry_that_is_gone_takes_its_paper_along(db, cast, draft, paper, sign_in):
    actions.begin_correction(draft, "again", cast.finn.actor, now())
    kept = actions.queries.draft_of(draft)
    none = {"has_outside_work": "no", "outside_work": []}
    actions.save_draft(draft, none, {}, cast.finn.actor, now(), kept.revision, None, by_mistake(kept))
    sign(draft, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    page = sign_in("finn").get(f"/filings/{draft.reference}/compare/1/2").text
    assert "contract.pdf · 1 kB" in page
    assert A_JOB_WITH_KEY["outside_work"][0]["work"] in page
