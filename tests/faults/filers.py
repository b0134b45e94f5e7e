"""People who have a form to file, each with a browser, and what the database says afterwards became of it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from coi.audit.verify import faults
from coi.db import db, for_reading
from coi.disclosures import actions
from coi.models import Assignment, AuditEntry, Disclosure, DisclosureVersion, Letter, Settlement
from coi.rules.permissions import Actor
from coi.vocabulary import State
from tests.disclosures.steps import NOTHING, now, owed
from tests.factories import AccountFactory
from tests.faults.standing import Answer, Browser, Signed, Standing, sign_in


@dataclass(frozen=True)
class Filer:
    """One person, the form they have begun, and their sign-in."""

    reference: str
    person_id: int
    signed: Signed

    @property
    def key(self) -> str:
        """The key of their one signature, however often it is sent."""
        return f"key-of-{self.reference}"

    def file(self, port: int) -> Answer:
        """Sends the whole form with its signature."""
        data = {
            "csrf_token": self.signed.token,
            "asked": " ".join([*NOTHING, "outside_work", "anything_else"]),
            "revision": "0",
            "agreed": "yes",
            "signed_name": "Somebody",
            "key": self.key,
            **{f"{name}.": answer for name, answer in NOTHING.items()},
        }
        return Browser(port, self.signed.cookie).post(f"/forms/{self.reference}/sign", data)


def filers(city: Standing, count: int) -> list[Filer]:
    """New people, each with a form begun and nothing answered; committed."""
    made = []
    for _one in range(count):
        account = AccountFactory()
        actor = Actor(f"account:{account.id}", account.person_id)
        disclosure = actions.start(owed(account.person), actor, now())
        made.append(Filer(disclosure.reference, account.person_id, sign_in(city.app, account)))
    db.session.commit()
    return made


def in_parallel(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs all at the same moment; gives what each gave, or the fault it raised."""
    found: list[Any] = [None] * len(jobs)
    line = threading.Barrier(len(jobs))

    def run(place: int) -> None:
        line.wait()
        try:
            found[place] = jobs[place]()
        except Exception as fault:  # the test looks at every kind
            found[place] = fault

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def is_receipt(answer: Answer) -> bool:
    """Whether the person was told that it is done."""
    return answer.code == 303 and "/receipt" in answer.location


def traces(reference: str) -> dict[str, int]:
    """Everything that one signing leaves; a filing that was signed has exactly one of each, one that was not has none."""
    with looking():
        disclosure = db.session.scalars(select(Disclosure).where(Disclosure.reference == reference)).one()
        subject = f"disclosure:{reference}"
        wanted = {
            "versions": select(DisclosureVersion.id).where(DisclosureVersion.disclosure_id == disclosure.id),
            "assignments": select(Assignment.id).where(Assignment.disclosure_id == disclosure.id),
            "settlements": select(Settlement.id).where(Settlement.disclosure_id == disclosure.id),
            "entries": select(AuditEntry.seq).where(AuditEntry.subject == subject, AuditEntry.event == "disclosure:submitted"),
            "letters": select(Letter.id).where(Letter.once == f"receipt:{reference}:1"),
        }
        counted = {name: db.session.scalar(select(func.count()).select_from(one.subquery())) or 0 for name, one in wanted.items()}
        return {"signed": int(disclosure.state is not State.DRAFT), **counted}


def faults_of_the_log() -> list[str]:
    """What is wrong with the audit chain."""
    with looking():
        return faults()


@contextmanager
def looking() -> Iterator[None]:
    """The test looks at the database afresh and lets go of it, so that no process waits for the test."""
    db.session.rollback()
    with for_reading():
        try:
            yield
        finally:
            db.session.rollback()


ALL = dict.fromkeys(("signed", "versions", "assignments", "settlements", "entries", "letters"), 1)
NONE = dict.fromkeys(ALL, 0)
