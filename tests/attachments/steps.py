"""The steps of papers as tests take them: an entry with its key, an upload as a browser sends it, what the log says."""

import json
from io import BytesIO

from sqlalchemy import func, select

from coi.disclosures.signing import sign
from coi.models import Attachment, AuditEntry, Disclosure
from tests.attachments.files import PDF
from tests.disclosures.steps import A_JOB, now, signature

KEY, OTHER = "job0entry0key0", "job1entry1key1"
A_JOB_WITH_KEY = {**A_JOB, "outside_work": [{**A_JOB["outside_work"][0], "_key": KEY}]}
TWO_JOBS = {**A_JOB, "outside_work": [{**A_JOB["outside_work"][0], "_key": key} for key in (KEY, OTHER)]}


def here(disclosure: Disclosure, key: str = KEY) -> str:
    return f"/forms/{disclosure.reference}/papers/{key}"


def send(client, path: str, data: bytes = PDF, name: str = "contract.pdf"):
    return client.post(path, data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def send_large(client, path: str, data: bytes):
    """As a browser does; the test client itself would leave a file of its own open."""
    head = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    body = head + data + b"\r\n--xyz--\r\n"
    told = {"content_type": "multipart/form-data; boundary=xyz", "content_length": len(body)}
    return client.post(path, input_stream=BytesIO(body), **told)


def count(db, model=Attachment) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def signed_with_paper(db, cast, draft, sign_in, data: bytes = PDF) -> Attachment:
    assert send(sign_in("finn"), here(draft), data).status_code == 303
    sign(draft, signature(), cast.finn.actor, now())
    db.session.commit()
    return db.session.scalar(select(Attachment))


def entries(db, event: str) -> list[dict]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq))
    return [{"actor": row.actor, "subject": row.subject, **json.loads(row.details)} for row in rows]
