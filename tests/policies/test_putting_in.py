"""The city's own texts and PDFs: put in by one, approved by another, taken by everybody; what is no PDF is refused by content."""

import io
import shutil
from datetime import date

import pytest
from sqlalchemy import select

from coi.accounts import requests
from coi.models import PolicyFile, PolicyUpload, PolicyVersion, Request
from coi.policies import queries
from coi.profiles.loading import HERE, ProfileFaults, read_profile
from tests.city import CLOCK

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def sent(**more):
    """What the form posts."""
    told = {
        "policy": "code-of-conduct",
        "version": "2026-1",
        "effective_on": "2026-03-01",
        "binds": "same",
        "reason": "Ordinance 7.",
    }
    return {**told, "text_en": (io.BytesIO(b"# Code\n\nBe fair."), "code.md"), "pdf": (io.BytesIO(PDF), "code.pdf"), **more}


def test_a_text_binds_only_when_a_second_person_approved_it(db, cast, sign_in, client):
    reply = sign_in("dee").post("/policies/put-in", data=sent())
    assert reply.status_code == 302
    upload = db.session.scalars(select(PolicyUpload)).one()
    assert db.session.scalars(select(PolicyVersion)).all() == []
    assert "Be fair." in sign_in("sia").get(f"/policies/put-in/{upload.reference}").text
    requests.approve(db.session.scalars(select(Request)).one(), "Read and compared.", cast.sia.actor, CLOCK)
    db.session.commit()
    version = db.session.scalars(select(PolicyVersion)).one()
    assert (version.version, version.summary, version.effective_on, version.binds) == ("2026-1", False, date(2026, 3, 1), None)
    file = client.get("/policies/code-of-conduct/2026-1/file")
    assert (file.data, file.mimetype) == (PDF, "application/pdf")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "Be fair." in client.get("/policies/code-of-conduct/2026-1").text


def test_the_request_leads_the_second_person_to_the_text(db, cast, sign_in):
    sign_in("dee").post("/policies/put-in", data=sent())
    upload, asked = db.session.scalars(select(PolicyUpload)).one(), db.session.scalars(select(Request)).one()
    page = sign_in("sia").get(f"/accounts/requests/{asked.reference}").text
    assert f'href="/policies/put-in/{upload.reference}"' in page
    assert f"({upload.reference})" not in page


def test_who_put_it_in_does_not_approve_it(db, cast, sign_in):
    sign_in("sia").post("/policies/put-in", data=sent())
    with pytest.raises(requests.NotPossible):
        requests.approve(db.session.scalars(select(Request)).one(), "My own.", cast.sia.actor, CLOCK)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pdf", (io.BytesIO(b"MZ not a pdf"), "code.pdf")),
        ("text_en", (io.BytesIO(b"\xff\xfe\x00"), "code.md")),
        ("text_en", (io.BytesIO(b"a\x00b"), "code.md")),
        ("version", "../../etc"),
        ("policy", "of-another-city"),
        ("effective_on", "someday"),
    ],
)
def test_what_can_not_be_kept_is_refused_at_its_field(db, cast, sign_in, field, value):
    if isinstance(value, tuple):
        value = (io.BytesIO(value[0].getvalue()), value[1])
    reply = sign_in("dee").post("/policies/put-in", data=sent(**{field: value}))
    assert reply.status_code == 422
    assert db.session.scalars(select(PolicyUpload)).all() == []


def test_the_same_version_twice_and_an_older_day_are_refused(db, cast, sign_in):
    sign_in("dee").post("/policies/put-in", data=sent())
    requests.approve(db.session.scalars(select(Request)).one(), "Read.", cast.sia.actor, CLOCK)
    db.session.commit()
    for more in ({}, {"version": "2026-2", "effective_on": "2026-02-01"}):
        assert sign_in("dee").post("/policies/put-in", data=sent(**more)).status_code == 422


def test_a_profile_brings_the_citys_pdf_and_another_file_is_another_version(runner, db, tmp_path, client):
    city = tmp_path / "ourcity"
    shutil.copytree(HERE / "lancaster", city)
    (city / "texts" / "social.pdf").write_bytes(PDF)
    profile = city / "profile.yaml"
    told = profile.read_text(encoding="utf-8")
    told = told.replace("es: texts/social-media.es.md}}", "es: texts/social-media.es.md}, pdf: texts/social.pdf}")
    profile.write_text(told, encoding="utf-8")
    assert runner.invoke(args=["profiles", "load", str(city)]).exit_code == 0
    kept = db.session.scalars(select(PolicyFile)).one()
    version = queries.kept("social-media", "1")
    assert (kept.content, kept.policy_version_id, version.summary) == (PDF, version.id, False)
    assert client.get("/policies/social-media/1/file").data == PDF
    (city / "texts" / "social.pdf").write_bytes(PDF + b"more")
    again = runner.invoke(args=["profiles", "load", str(city)])
    assert again.exit_code == 1
    assert "published with other words" in again.stderr
    (city / "texts" / "social.pdf").write_bytes(b"words")
    with pytest.raises(ProfileFaults, match="is no PDF"):
        read_profile(city)
