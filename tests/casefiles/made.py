"""The steps of a certified case file as tests take them: asked for by Sia, approved by Sol, made by the worker, read as text."""

import io

from flask import current_app
from pypdf import PdfReader
from sqlalchemy import select

from coi.casefiles import jobs
from coi.casefiles.queries import pdf_of
from coi.models import CaseFile, Request
from tests.city import apart
from tests.disclosures.steps import now

WHY = "Common Pleas, docket 26-1742."
ASKED = {"purpose": "subpoena", "reason": WHY, "language": "en"}


def swept(at=None) -> int:
    """The worker's part of it, in a context of its own."""
    app = current_app._get_current_object()

    def run() -> int:
        with app.app_context():
            return jobs.make_waiting(at or now())

    return apart(run)


def ask(client, reference: str, **more: str):
    return client.post(f"/case-files/of/{reference}", data={**ASKED, **more})


def waiting(db) -> Request:
    return db.session.scalars(select(Request).where(Request.action == "case_file").order_by(Request.id.desc())).first()


def approve(client, request: Request):
    return client.post(f"/accounts/requests/{request.reference}/approve", data={})


def made(sign_in, db, reference: str, **more: str) -> CaseFile:
    assert ask(sign_in("sia"), reference, **more).status_code == 303
    assert approve(sign_in("sol"), waiting(db)).status_code == 302
    swept()
    return db.session.scalars(select(CaseFile).order_by(CaseFile.id.desc())).first()


def on_offer(disclosure, asker, approver, seq: int) -> CaseFile:
    """A finished file of somebody; it holds nothing that matters."""
    from coi.db import db

    one = CaseFile(
        reference="CASE-2026-WORLD1",
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        version=disclosure.version,
        purpose="appeal",
        reason=WHY,
        language="en",
        asked_by_id=asker.id,
        approved_by_id=approver.id,
        request="REQ-2026-WORLD8",
        at=now(),
        state="done",
        sha256="0" * 64,
        statement={"format": "of a test"},
        told_at=now(),
        seq=seq,
    )
    db.session.add(one)
    db.session.flush()
    pdf_of(one).write_bytes(b"%PDF-1.7")
    return one


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
