"""Workbooks as jobs: one for the same request, nothing half on offer, the right asked again when it runs and at download."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from coi.exports import jobs, queries
from coi.models import AuditEntry, Export, Letter, RoleGrant
from coi.vocabulary import Event, JobState
from tests.city import CLOCK, apart
from tests.factories import an_entry


@pytest.fixture
def ada(sign_in):
    return sign_in("ada")


@pytest.fixture
def asked(ada, campaign, db) -> Export:
    """A workbook that Ada asked for on the page."""
    assert ada.post("/exports/", data={"campaign": "2026", "language": "en"}).status_code == 302
    return db.session.scalars(select(Export)).one()


@pytest.fixture
def sweep(app):
    """`sweep()`: the worker's sweep, in a context of its own."""

    def work(now: datetime) -> int:
        with app.app_context():
            return jobs.run_waiting(now)

    return lambda now=CLOCK: apart(work, now)


def test_a_workbook_is_asked_for_made_and_downloaded(sweep, ada, asked, db):
    reference = asked.reference
    assert "Waiting" in ada.get("/exports/").text
    assert ada.get(f"/exports/{reference}/workbook").status_code == 404
    assert sweep() == 1
    page = ada.get("/exports/").text
    export = db.session.scalars(select(Export)).one()
    assert export.state is JobState.DONE
    assert export.sha256 in page
    reply = ada.get(f"/exports/{reference}/workbook")
    assert (reply.status_code, reply.data) == (200, queries.workbook_of(export).read_bytes())
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{reference}.xlsx"'
    assert ada.get(f"/exports/{reference}/seal").json["seal"]["export"] == reference
    assert b"def signature_holds" in ada.get("/exports/verify.py").data
    entries = select(AuditEntry.event).where(AuditEntry.subject == f"export:{reference}")
    told = db.session.scalars(entries.order_by(AuditEntry.seq)).all()
    assert told == ["register:asked", "register:exported", "register:downloaded", "register:downloaded"]
    assert db.session.scalars(select(Letter.kind).where(Letter.kind == "export_done")).all() == ["export_done"]


def test_a_workbook_is_never_made_before_its_own_moment(sweep, ada, asked, db):
    assert sweep(CLOCK - timedelta(seconds=1)) == 1
    export = db.session.scalars(select(Export)).one()
    assert export.seal["at"] >= export.seal["as_of"] == export.as_of


def test_a_part_of_a_workbook_cannot_be_asked_for(sweep, ada, asked):
    sweep()
    reply = ada.get(f"/exports/{asked.reference}/workbook", headers={"Range": "bytes=0-3", "If-None-Match": "*"})
    assert reply.status_code == 200
    assert len(reply.data) > 4


def test_the_same_request_twice_is_one_job(ada, asked, db):
    for _click in range(3):
        ada.post("/exports/", data={"campaign": "2026", "language": "en"})
    assert len(db.session.scalars(select(Export)).all()) == 1
    ada.post("/exports/", data={"campaign": "2026", "language": "es"})
    assert len(db.session.scalars(select(Export)).all()) == 2


def test_two_people_who_ask_get_a_workbook_each(sweep, ada, asked, sign_in, db):
    sign_in("sia").post("/exports/", data={"campaign": "2026", "language": "en"})
    assert sweep() == 2
    assert {row.asked_by_id for row in db.session.scalars(select(Export))} != {asked.asked_by_id}


def test_only_who_asked_downloads_and_a_stranger_learns_nothing(sweep, ada, asked, sign_in):
    sweep()
    for name in ("sia", "dee", "finn", "olu"):
        assert sign_in(name).get(f"/exports/{asked.reference}/workbook").status_code == 404
        assert sign_in(name).get(f"/exports/{asked.reference}/seal").status_code == 404


def end_role(db, cast) -> None:
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.account_id == cast.ada.account.id)).one()
    grant.ended_seq = an_entry()
    db.session.commit()


def test_a_right_that_ended_before_the_job_ran_stops_it(sweep, ada, asked, db, cast):
    end_role(db, cast)
    assert sweep() == 0
    export = db.session.scalars(select(Export)).one()
    assert (export.state, queries.workbook_of(export).exists()) == (JobState.CANCELLED, False)


def test_a_right_that_ended_before_the_download_stops_it(sweep, ada, asked, db, cast):
    sweep()
    end_role(db, cast)
    assert ada.get(f"/exports/{asked.reference}/workbook").status_code == 404


class Killed(BaseException):
    """A worker that is gone in the middle of a row."""


def test_a_killed_worker_leaves_nothing_half_and_another_one_takes_over(sweep, ada, asked, db, monkeypatch):
    def die(*_arguments):
        raise Killed

    monkeypatch.setattr("coi.exports.jobs.Progress.__call__", die)
    with pytest.raises(Killed):
        sweep()
    monkeypatch.undo()
    export = db.session.scalars(select(Export)).one()
    assert (export.state, queries.workbook_of(export).exists()) == (JobState.RUNNING, False)
    assert sweep(CLOCK + timedelta(minutes=1)) == 0
    assert sweep(CLOCK + timedelta(minutes=10)) == 1
    assert db.session.scalars(select(Export)).one().state is JobState.DONE


def test_asking_needs_a_fresh_sign_in(sign_in, campaign, db):
    reply = sign_in("ada", ago=timedelta(minutes=16)).post("/exports/", data={"campaign": "2026", "language": "en"})
    assert reply.status_code == 422
    assert db.session.scalars(select(Export)).all() == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"campaign": "2026", "language": "en", "as_of": "2027-01-01"}, "not come yet"),
        ({"campaign": "2026", "language": "en", "as_of": "tomorrow"}, "error"),
        ({"campaign": "1999", "language": "en"}, "error"),
        ({"campaign": "2026", "language": "fr"}, "error"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_form(ada, campaign, db, data, told):
    reply = ada.post("/exports/", data=data)
    assert (reply.status_code, told in reply.text) == (422, True)
    assert db.session.scalars(select(Export)).all() == []


def test_an_earlier_day_is_its_end_in_city_time(ada, campaign, db):
    ada.post("/exports/", data={"campaign": "2026", "language": "en", "as_of": "2026-02-27"})
    assert db.session.scalars(select(Export.as_of)).all() == ["2026-02-28T04:59:59.999999Z"]


def test_the_file_of_a_workbook_that_is_gone_is_not_offered(sweep, ada, asked, db):
    sweep()
    queries.workbook_of(db.session.scalars(select(Export)).one()).unlink()
    assert ada.get(f"/exports/{asked.reference}/workbook").status_code == 404


def test_a_folder_that_is_not_there_is_one_sentence(runner, campaign, tmp_path):
    reply = runner.invoke(args=["exports", "run", "--out", str(tmp_path / "no" / "x.xlsx")])
    assert (reply.exit_code, "no folder" in reply.stderr) == (1, True)


@pytest.mark.parametrize("options", [("--campaign", "1999"), ("--sheets", "secrets"), ("--kind", "full"), ("--as-of", "soon")])
def test_the_terminal_refuses_in_one_sentence(runner, campaign, db, tmp_path, options):
    reply = runner.invoke(args=["exports", "run", "--out", str(tmp_path / "x.xlsx"), *options])
    assert reply.exit_code == 1
    assert len(reply.stderr.strip().splitlines()) == 1
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.EXPORT_ASKED.code)).all() == []
