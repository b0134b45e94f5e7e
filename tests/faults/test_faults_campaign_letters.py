"""A campaign's letters when the worker is off for days, killed in a send, or there are two: nobody missing, nobody twice."""

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from coi.campaigns.actions import open_campaign
from coi.db import db, transaction
from coi.models import Letter, Person
from coi.notices.sweep import STALE
from tests.factories import OPERATOR, PersonFactory, QuestionnaireFactory
from tests.faults.filers import faults_of_the_log, looking
from tests.faults.standing import PATIENCE, Standing, free_port, start
from tests.faults.test_faults_worker import Postbox

OPENED = datetime(2026, 3, 2, 15, 4, tzinfo=UTC)
HALF = datetime(2026, 4, 1, 15, 0, tzinfo=UTC)
LAST_DAY = datetime(2026, 5, 1, 15, 0, tzinfo=UTC)


@pytest.fixture
def box(own_city: Standing) -> Iterator[tuple[Postbox, dict[str, str]]]:
    """The mail server, and the environment of workers that send through it."""
    box, port = Postbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, {**own_city.environment, "COI_MAIL_HOST": "127.0.0.1", "COI_MAIL_PORT": str(port), "COI_MAIL_TLS": "false"}
    server.stop()


@pytest.fixture(scope="module")
def readers(own_city: Standing) -> set[int]:
    """Everybody who is asked in the campaign of 2026."""
    with transaction():
        QuestionnaireFactory(form_id="city-coi")
        for number in range(20):
            PersonFactory(name=f"Clerk {number}", email=f"clerk{number}@city.example")
        open_campaign(2026, OPERATOR, OPENED, setup=True)
    with looking():
        return set(db.session.scalars(select(Person.id).where(Person.active, Person.employee)))


def letters(kind: str) -> dict[str, int]:
    """The letters of a kind: Message-ID and reader."""
    with looking():
        return dict(db.session.execute(select(Letter.message_id, Letter.person_id).where(Letter.kind == kind)).all())


def work(city: Standing, environment: dict[str, str], moment: datetime, name: str):
    return start(["tests.faults.letters_work", moment.isoformat()], environment, city.folder / f"{name}.log")


def test_two_workers_at_once_invite_everybody_once(own_city, box, readers):
    post, environment = box
    both = [work(own_city, environment, OPENED, f"both{number}") for number in range(2)]
    assert [one.wait(PATIENCE) for one in both] == [0, 0], (own_city.folder / "both0.log").read_text()[-2000:]
    made = letters("invitation")
    assert sorted(made.values()) == sorted(readers)
    assert Counter(post.got) == Counter(list(made))
    assert faults_of_the_log() == []


def test_a_worker_killed_in_a_send_doubles_at_most_the_one_in_flight(own_city, box, readers):
    post, environment = box
    post.kill_at = 7
    worker = work(own_city, environment, HALF, "killed")
    post.victim = worker.pid
    assert worker.wait(PATIENCE) == -signal.SIGKILL, (own_city.folder / "killed.log").read_text()[-2000:]
    in_flight = post.got[-1]
    later = work(own_city, environment, HALF + STALE + timedelta(minutes=1), "later")
    assert later.wait(PATIENCE) == 0
    made = letters("reminder")
    assert sorted(made.values()) == sorted(readers)
    assert Counter(post.got) == Counter([*made, in_flight])


def test_a_worker_that_was_off_over_several_letters_sends_the_newest_alone(own_city, box, readers):
    post, environment = box
    workers = [work(own_city, environment, LAST_DAY, f"back{number}") for number in range(2)]
    assert [one.wait(PATIENCE) for one in workers] == [0, 0]
    made = letters("last_day")
    assert sorted(made.values()) == sorted(readers)
    assert Counter(post.got) == Counter(list(made))
    assert len(letters("reminder")) == len(readers), "a week and two days before: nobody gets them late"
