"""The steps of paper entry as tests take them: begin, a page of answers, the scan, file, confirm."""

import json
from datetime import date
from io import BytesIO

from sqlalchemy import func, select

from coi.db import db as database
from coi.disclosures import actions, queries
from coi.models import (
    AuditEntry,
    PaperForm,
)
from tests.attachments.files import PDF
from tests.disclosures.steps import now

RECEIVED, SIGNED = date(2026, 2, 24), date(2026, 2, 20)


def begin(browser, person, code: str, **more):
    data = {"code": code, "language": "es", "received_on": RECEIVED.isoformat(), "helped": "Ana Intérprete", **more}
    return browser.post(f"/paper/for/{person.number}", data=data)


def doors(form: PaperForm) -> list[str]:
    from coi.questionnaires.queries import form_of

    return actions.opens_a_list(form_of(form.questionnaire))


def page_of(form: PaperForm, **more) -> dict:
    answers = {**dict.fromkeys(doors(form), "no"), "anything_else": "Sin más"}
    fields = {f"{name}.": value for name, value in answers.items()}
    told = {"signed_name": "Finn Filer", "signed_on": SIGNED.isoformat()}
    return {"asked": " ".join(answers), "revision": form.revision, **fields, **told, **more}


def scan(begun, data: bytes = PDF, name: str = "scan.pdf"):
    return begun.browser.post(f"{begun.at}/scans", data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def file(begun, **more):
    database.session.refresh(begun.form)
    return begun.browser.post(f"{begun.at}/file", data=page_of(begun.form, press="file", **more))


def count(db, model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def entries(db, event: str) -> list[dict]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq))
    return [{"actor": row.actor, "subject": row.subject, **json.loads(row.details)} for row in rows]


def confirm(browser, typed, **more):
    signed = queries.version_of(typed.disclosure)
    due = queries.policies_due(typed.disclosure, signed.filer, now().date())
    said = {f"policy.{one.id}": "received" for one in due}
    return browser.post(
        f"/filings/{typed.disclosure.reference}/confirm", data={"signed_name": "Finn F. Filer", "key": "confirm", **said, **more}
    )
