"""The supervisor: Ctrl-C ends web and worker with one SIGTERM each; one that dies takes the other along."""

import os
import signal
import subprocess
from collections.abc import Iterator

import psutil
import pytest
from sqlalchemy import func, select

from coi.db import db
from coi.models import AuditEntry
from tests.faults.filers import looking
from tests.faults.standing import PATIENCE, Standing, answers, free_port, kill, start, until


def started() -> int:
    """How often a worker began, by the log."""
    with looking():
        wanted = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == "software:started")
        return db.session.scalar(wanted.where(AuditEntry.details.contains('"worker"'))) or 0


@pytest.fixture
def served(own_city: Standing) -> Iterator[tuple["subprocess.Popen[bytes]", list[psutil.Process]]]:
    """`flask serve`, answering, with its two children."""
    port, log = free_port(), own_city.folder / "serve.log"
    log.unlink(missing_ok=True)
    before = started()
    process = start(["flask", "--app", "app", "serve", "--port", str(port)], own_city.environment, log)
    children: list[psutil.Process] = []
    try:
        until(lambda: process.poll() is not None or answers(port), "the city is served")
        assert process.poll() is None, log.read_text()[-2000:]
        until(lambda: started() > before, "the worker works")
        children = psutil.Process(process.pid).children()
        assert [part for child in children for part in child.cmdline() if part in ("gunicorn", "worker")] == [
            "gunicorn",
            "worker",
        ]
        yield process, children
    finally:
        kill(process)
        for child in children:
            if child.is_running():
                os.killpg(child.pid, signal.SIGKILL)


def gone(children: list[psutil.Process]) -> bool:
    """Whether none of them lives any more."""
    return not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def test_ctrl_c_ends_both_with_one_term_each(own_city, served):
    process, children = served
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert gone(children)
    log = (own_city.folder / "serve.log").read_text()
    assert log.count("Handling signal: term") == 1
    assert "killed" not in log


@pytest.mark.parametrize("which", [0, 1], ids=["web", "worker"])
def test_a_dead_child_stops_everything_with_status_1(own_city, served, which):
    process, children = served
    children[which].kill()
    assert process.wait(PATIENCE) == 1
    assert gone(children)
    assert "stopped by itself" in (own_city.folder / "serve.log").read_text()
