"""Workbooks that end otherwise: cancelled, no room left, workers that die, taken over by another, no longer kept."""

import errno
import os
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from coi.exports import actions, jobs, queries
from coi.models import AuditEntry, Export, Refusal, SignIn
from coi.rules.permissions import SYSTEM
from coi.vocabulary import JobState
from tests.city import CLOCK, apart

ASKED = {"campaign": "2026", "language": "en"}


@pytest.fixture
def ada(sign_in):
    return sign_in("ada")


@pytest.fixture
def asked(ada, campaign, filed, db) -> Export:
    """A workbook that Ada asked for on the page."""
    assert ada.post("/exports/", data=ASKED).status_code == 302
    return db.session.scalars(select(Export)).one()


@pytest.fixture
def work(app):
    """`work(jobs.run_waiting)`: a part of the worker's sweep, in a context of its own."""

    def inside(part, now: datetime):
        with app.app_context():
            return part(now)

    return lambda part=jobs.run_waiting, now=CLOCK: apart(inside, part, now)


def files() -> list[str]:
    """Everything in the folder of workbooks."""
    return sorted(path.name for path in queries.folder().iterdir())


@pytest.fixture(autouse=True)
def _empty(app):
    """What other tests left there is no matter of these."""
    for path in queries.folder().iterdir():
        if path.is_file():
            path.unlink()


def ended(db) -> list[str]:
    """What the log says of ends without a file."""
    told = select(AuditEntry.details).where(AuditEntry.event == "register:ended").order_by(AuditEntry.seq)
    return list(db.session.scalars(told))


def test_a_workbook_that_waits_is_cancelled_once(work, ada, asked, db):
    for _click in range(2):
        assert ada.post(f"/exports/{asked.reference}/cancel").status_code == 302
    assert work() == 0
    export = db.session.scalars(select(Export)).one()
    assert (export.state, export.because, files()) == (JobState.CANCELLED, "cancelled", [])
    assert ended(db) == ['{"because":"cancelled"}']
    page = ada.get("/exports/").text
    assert "You cancelled it before it was ready." in page
    assert "Ask for it again" in page


def test_a_running_workbook_notices_that_it_was_cancelled_and_leaves_no_file(work, ada, asked, db, app, monkeypatch, engine):
    monkeypatch.setattr(jobs, "EVERY", 0)
    whole = jobs.Progress.__call__

    def told(self, rows):
        # Somebody else's request, while the worker writes.
        with app.app_context(), jobs.transaction():
            actions.cancel(db.session.scalars(select(Export)).one(), SYSTEM, CLOCK)
        whole(self, rows)

    monkeypatch.setattr(jobs.Progress, "__call__", told)
    assert work() == 0
    assert (db.session.scalars(select(Export.state)).all(), files()) == ([JobState.CANCELLED], [])
    assert len(ended(db)) == 1


def test_what_is_done_can_not_be_cancelled_any_more(work, ada, asked, db):
    work()
    ada.post(f"/exports/{asked.reference}/cancel")
    assert "was not being made any more" in ada.get("/exports/").text
    assert db.session.scalars(select(Export.state)).all() == [JobState.DONE]
    assert ended(db) == []


def test_only_who_asked_cancels_or_asks_again(ada, asked, sign_in, db):
    for name in ("sia", "dee", "olu"):
        for act in ("cancel", "again"):
            assert sign_in(name).post(f"/exports/{asked.reference}/{act}").status_code == 404
    assert db.session.scalars(select(Export.state)).all() == [JobState.WAITING]


class Written:
    """A file that has no room left at the k-th write."""

    def __init__(self, file, left: list[int]) -> None:
        self.file, self.left = file, left

    def write(self, data):
        self.left[0] -= 1
        if self.left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(data)

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        self.file.__enter__()
        return self

    def __exit__(self, *told):
        return self.file.__exit__(*told)


def full_after(monkeypatch, writes: int) -> list[int]:
    """From the k-th write on there is no room for workbooks; gives how many are left."""
    left, whole = [writes], Path.open

    def open_(path, mode="r", *more, **options):
        file = whole(path, mode, *more, **options)
        return Written(file, left) if "w" in mode and "exports" in str(path) else file

    monkeypatch.setattr(Path, "open", open_)
    return left


def test_a_disk_that_fills_up_at_any_write_leaves_nothing_and_says_so(work, ada, asked, db, monkeypatch):
    left = full_after(monkeypatch, 10_000)
    assert work() == 1
    writes, first = 10_000 - left[0], db.session.scalars(select(Export)).one()
    roots = {key: sheet["root"] for key, sheet in (first.seal or {})["sheets"].items()}
    assert writes > 20
    seed = random.SystemRandom().randrange(2**32)
    for place in {0, writes - 1, *random.Random(seed).sample(range(writes), 3)}:
        queries.workbook_of(first).unlink(missing_ok=True)
        ada.post(f"/exports/{asked.reference}/again")
        full_after(monkeypatch, place)
        assert work() == 0, seed
        export = db.session.scalars(select(Export).order_by(Export.id.desc()).limit(1)).one()
        assert (export.state, export.because) == (JobState.FAILED, "disk_full"), seed
        assert [name for name in files() if export.reference in name] == [], seed
        assert "There was no room left" in ada.get("/exports/").text
        monkeypatch.undo()
        ada.post(f"/exports/{export.reference}/again")
        assert work() == 1
        made = db.session.scalars(select(Export).order_by(Export.id.desc()).limit(1)).one()
        assert {key: sheet["root"] for key, sheet in (made.seal or {})["sheets"].items()} == roots, seed
        first = made


def test_a_job_that_kills_its_workers_is_given_up(work, ada, asked, db, monkeypatch):
    class Killed(BaseException):
        """A worker that is gone."""

    def die(*_arguments, **_options):
        raise Killed

    monkeypatch.setattr(jobs, "write", die)
    monkeypatch.setattr(jobs.shutil, "rmtree", lambda *_arguments, **_options: None)
    at = CLOCK
    for _attempt in range(jobs.MOST_ATTEMPTS):
        with pytest.raises(Killed):
            work(now=at)
        at += queries.STALE + timedelta(seconds=1)
    monkeypatch.undo()
    assert [name for name in files() if name.startswith(".")] == [f".{asked.reference}.{one}" for one in range(1, 6)]
    assert work(now=at) == 0
    assert db.session.scalars(select(Export.because)).all() == ["cut_off"]
    assert work(jobs.tidy, at) == jobs.MOST_ATTEMPTS
    assert files() == []


def test_a_worker_that_comes_back_after_another_took_over_finishes_nothing(work, ada, asked, db, monkeypatch):
    whole, taken = jobs.write, []

    def slow(*arguments):
        made = whole(*arguments)
        if not taken:
            taken.append(1)
            assert work(now=CLOCK + queries.STALE + timedelta(seconds=1)) == 1
        return made

    monkeypatch.setattr(jobs, "write", slow)
    assert work() == 0, "the second attempt has it"
    export = db.session.scalars(select(Export)).one()
    assert (export.state, export.attempt) == (JobState.DONE, 2)
    assert jobs.digest(queries.workbook_of(export)) == export.sha256
    told = db.session.scalars(select(AuditEntry.seq).where(AuditEntry.event == "register:exported")).all()
    assert len(told) == 1


def test_a_file_is_kept_thirty_days_and_the_list_longer(work, ada, asked, db):
    work()
    reference = asked.reference
    assert work(jobs.tidy, CLOCK + timedelta(days=29)) == 0
    assert "Kept until" in ada.get("/exports/").text
    assert work(jobs.tidy, CLOCK + timedelta(days=31)) == 1 + 2, "one workbook, two files"
    assert work(jobs.tidy, CLOCK + timedelta(days=31)) == 0
    assert files() == []
    page = ada.get("/exports/").text
    assert "as of the same moment it gives the same roots" in page
    assert db.session.scalars(select(Export.sha256)).one() in page
    for what in ("workbook", "seal"):
        assert ada.get(f"/exports/{reference}/{what}").status_code == 404
    told = select(AuditEntry).where(AuditEntry.event == "register:no_longer_kept")
    assert db.session.scalars(told).one().subject == f"export:{reference}"
    ada.post(f"/exports/{reference}/again")
    assert work() == 1
    first, second = db.session.scalars(select(Export).order_by(Export.id))
    assert first.seal["sheets"] == second.seal["sheets"]


def test_leftovers_go_and_what_is_on_offer_or_unknown_stays(work, ada, asked, db):
    work()
    offered = files()
    folder = queries.folder()
    (folder / ".EXP-2026-AAAAAA.1").mkdir()
    (folder / ".EXP-2026-AAAAAA.1" / "x.half").write_text("half")
    (folder / f".{asked.reference}.1").mkdir()
    (folder / "EXP-2025-RESTOR.xlsx").write_text("a database from an older day does not know it")
    assert work(jobs.tidy) == 2
    assert files() == sorted([*offered, "EXP-2025-RESTOR.xlsx"])


def test_what_may_not_be_downloaded_any_more_is_refused_and_noted(work, ada, asked, sign_in, db, cast):
    work()
    path = f"/exports/{asked.reference}/workbook"
    assert sign_in("sia").get(path).status_code == 404
    db.session.execute(update(SignIn).where(SignIn.account_id == cast.ada.account.id).values(ended_at=CLOCK))
    db.session.commit()
    assert "sign-in" in ada.get(path).location
    noted = db.session.scalars(select(Refusal).where(Refusal.endpoint == "exports.download")).all()
    assert [(one.actor, one.code) for one in noted] == [(cast.sia.actor.name, 404)]


def test_a_download_that_breaks_off_leaves_the_file_and_goes_again(work, ada, asked, db, monkeypatch):
    monkeypatch.setattr("coi.exports.routes.A_PIECE", 512)
    work()
    path, whole = f"/exports/{asked.reference}/workbook", queries.workbook_of(asked).read_bytes()
    for pieces in random.SystemRandom().sample(range(1, 20), 3):
        reply = ada.get(path, buffered=False)
        for _piece in range(pieces):
            next(reply.response)
        reply.close()
    assert ada.get(path).data == whole
    assert len(files()) == 2
