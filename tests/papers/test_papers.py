"""Printed papers: tagged, in their reader's language, and whatever somebody typed is printed as it was typed."""

import io

import pytest
from pypdf import PdfReader

from coi.papers import Paper, pdf
from coi.profiles.current import shipped


def made(app, *texts: str, language: str = "en", title: str = "A paper") -> bytes:
    with app.test_request_context():
        paper = Paper(title, shipped("lancaster").city, language, "REF-1")
        paper.heading("A heading")
        for text in texts:
            paper.text(text)
            paper.facts([(text, text)])
            paper.entry(text, [(text, text)], text)
            paper.points([text])
        paper.sign("Signature", "Date")
        return pdf(paper)


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_paper_is_tagged_and_says_its_language_and_title(app, language):
    told = PdfReader(io.BytesIO(made(app, "Hello", language=language))).trailer["/Root"]
    assert told["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in told
    assert str(told["/Lang"]).startswith(language)
    assert told["/ViewerPreferences"]["/DisplayDocTitle"]


HOSTILE = [
    '#read("/etc/passwd")',
    "#import sys: *",
    "= heading *strong* _emph_ $x^2$ `raw` @label <label> // comment /* x */",
    "\\u{1F600} \\ [#panic()]",
    '"]); panic("x")',
    "{{ 7*7 }} {% raw %}",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_that_somebody_typed_is_printed_as_it_was_typed(app, text):
    squeezed = "".join(words(made(app, text, title=text)).split())
    assert "".join(text.split()) in squeezed.replace("’", "'")


STRANGE = [
    "中文名字有限公司",
    "شركة الاختبار",
    "emoji 🙂🏳️‍🌈",
    "no font has this: \U0010fffd \ue000",
    "x" * 10_000,
    "line\r\nline\rline\n\n\n\tline",
    "control \x00\x07\x1b \ufffe\uffff \ud800 here",
    "\u202eright to left\u202c",
    "",
    " ",
]


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_no_text_keeps_a_paper_from_being_made(app, text):
    content = made(app, text, "and after it")
    assert content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in content
    assert "and after it" in words(content)


def test_a_fingerprint_can_be_copied_from_a_paper(app):
    assert "ab" * 32 in words(made(app, "ab" * 32)).replace("\n", "")
