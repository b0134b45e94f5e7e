"""verify.html says what verify.py says, word for word, in a browser without a network; it is for everybody, in both languages."""

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page, expect
from sqlalchemy import select

from coi.audit.chain import public_text
from coi.exports.queries import VERIFIER_PAGE
from coi.exports.verify import ORDER, signature_holds
from coi.models import Installation
from tests.browser.conftest import AXE, JUDGE, TAGS
from tests.exports.tampering import HOSTILE, TAMPERED, tampered
from tests.exports.test_tampering import forged, verify


@pytest.fixture
def page(chromium) -> Iterator[Page]:
    """The page as it opens by double click, without a network; nothing in it may complain or ask."""
    context = chromium.new_context(locale="en", offline=True)
    made, complaints = context.new_page(), []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith("file:") else None)
    made.goto(VERIFIER_PAGE.as_uri())
    yield made
    context.close()
    assert complaints == []


def checked(page: Page, path: Path, key: str = "", seal: Path | None = None, *kept: Path) -> tuple[int, list[str]]:
    """What the page says, and the status that verify.py would have."""
    page.locator("#workbook").set_input_files(path)
    page.locator("#key").fill(key)
    page.locator("#seal").set_input_files([seal] if seal else [])
    page.locator("#checkpoints").set_input_files(list(kept))
    page.locator("#check").click()
    expect(page.locator("#verdict")).to_be_visible()
    return page.evaluate("shown.status"), page.locator("#found li").all_inner_texts()


def test_it_says_what_verify_py_says_of_every_tampering(page, make, filed, db, runner, tmp_path):
    kept, key = tmp_path / "kept.json", db.session.scalars(select(Installation.key)).one()
    runner.invoke(args=["audit", "checkpoint", "--out", str(kept)])
    book, path, wrong = make(), tmp_path / "book.xlsx", []
    for name in ["nothing", *TAMPERED]:
        shutil.copy(book.path, path)
        if name != "nothing":
            tampered(path, name)
        program = verify(str(path), "--key", key, "--seal", str(book.seal_file), "--checkpoint", str(kept))
        if (told := checked(page, path, key, book.seal_file, kept)) != program:
            wrong.append((name, "with seal file", told, program))
        by_itself = name in ("nothing", "cell and proof", "rows moved", "a row removed", "sealed by another key")
        if by_itself and (told := checked(page, path)) != (program := verify(str(path))):
            wrong.append((name, "alone", told, program))
    assert wrong == []


def test_it_says_what_verify_py_says_of_what_is_hostile(page, make, filed, db, tmp_path):
    book, key, path, wrong = make(), db.session.scalars(select(Installation.key)).one(), tmp_path / "book.xlsx", []
    for name, change in HOSTILE.items():
        shutil.copy(book.path, path)
        change(path)
        program, told = verify(str(path), "--key", key), checked(page, path, key)
        if program != told:
            wrong.append((name, told, program))
    assert wrong == []
    for option, field in (("--key", "rubbish"), ("--key", key[:-2] + "==")):
        assert checked(page, book.path, field) == verify(str(book.path), option, field)
    path.write_text("[]")
    assert checked(page, book.path, key, path) == verify(str(book.path), "--key", key, "--seal", str(path))


def test_forged_signatures_do_not_hold_in_the_page_either(page):
    secret = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key, mark = public_text(secret), secret.sign(b"text")
    other_s = mark[:32] + (int.from_bytes(mark[32:], "little") + ORDER).to_bytes(32, "little")
    marks = [(key, base64.b64encode(one).decode()) for one in (mark, other_s, mark[:63])] + forged()
    told = page.evaluate("all => all.map(([key, mark]) => signatureHolds(key, mark, 'text'))", [list(one) for one in marks])
    assert told == [signature_holds(*one, "text") for one in marks] == [True, *[False] * (len(marks) - 1)]


def test_hashes_are_those_of_everybody(page):
    import hashlib

    texts = ["", "abc", "ñ" * 55, "x" * 119, "é😀" * 4000]
    assert page.evaluate("all => all.map(sha256)", texts) == [hashlib.sha256(one.encode()).hexdigest() for one in texts]


def test_it_is_taken_home_as_a_file(sign_in, cast):
    reply = sign_in("ada").get("/exports/verify.html")
    assert (reply.data, reply.headers["Content-Disposition"]) == (
        VERIFIER_PAGE.read_bytes(),
        'attachment; filename="verify.html"',
    )
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in reply.text


@pytest.mark.parametrize("width", [1280, 320])
def test_it_is_for_everybody(page, make, filed, width):
    book = make("--sheets", "outcomes")
    page.set_viewport_size({"width": width, "height": 700})
    page.locator("#check").press("Enter")
    expect(page.locator("#status")).to_have_text("Choose a workbook first.")
    checked(page, book.path)
    expect(page.locator("#status")).to_have_text("It agrees with itself only")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for language in ("en", "es"):
        page.locator(f"button[data-language={language}]").click()
        found = page.evaluate(JUDGE, TAGS)["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.lang") == language
    expect(page.locator("#status")).to_have_text("Solo concuerda consigo mismo")
    expect(page.locator("#found")).to_contain_text("Todas las filas, el sello y el registro son válidos.")
