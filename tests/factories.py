"""Makes people, roles, campaigns and filings for tests, each row with the audit entry it belongs to; holds the cast."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

import factory
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coi.accounts.door import actor_of, token_hash
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.models import (
    Account,
    Assignment,
    Campaign,
    CampaignPart,
    Disclosure,
    DisclosureVersion,
    Person,
    PersonVersion,
    Questionnaire,
    RoleGrant,
    SignIn,
    Transition,
)
from coi.models.types import new_reference
from coi.rules.permissions import Actor
from coi.vocabulary import Event, Kind, Outcome, Role, State

OPERATOR = Actor("operator:tests", label="operator tests")
PASSPHRASE = "granite lantern harbor 7"


@lru_cache
def passphrase_hash() -> str:
    """One hash for everybody of the cast: argon2 is slow on purpose."""
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1).hash(PASSPHRASE)


def an_entry(now: datetime | None = None) -> int:
    """The number of an audit entry for rows that a test makes by hand."""
    details = {"sha256": sha256("tests"), "full": False, "rows": 1, "added": 1, "changed": 0, "left": 0, "refused": 0}
    return record(Event.ROSTER_IMPORTED, OPERATOR, "roster:tests", now or datetime.now().astimezone(), **details)


class RowFactory(factory.alchemy.SQLAlchemyModelFactory):
    """Rows of the test's session, flushed so that they have their id."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731  # factory-boy asks for a callable here
        sqlalchemy_session_persistence = "flush"


class PersonFactory(RowFactory):
    """Somebody on the roster, with the version row behind the columns."""

    class Meta:
        model = Person

    number = factory.Sequence(lambda n: f"{5000 + n:06}")
    name = factory.Sequence(lambda n: f"Person Number {n}")
    search_name = factory.LazyAttribute(lambda row: row.name.casefold())
    email = factory.LazyAttribute(lambda row: f"{row.name.split()[0].lower()}.{row.number}@city.example")
    title = "Clerk"
    department = "Public Works"
    group = "Civilian Union"
    language = "en"
    hired_on = date(2015, 6, 1)

    @factory.post_generation
    def version(row: Person, create: bool, seq: int | None, **_more: Any) -> None:  # noqa: N805  # factory-boy hands the row over
        """`version=seq` makes the version under that entry."""
        columns = ("name", "email", "title", "department", "group", "supervisor_id", "language", "hired_on", "left_on", "active")
        kept = {column: getattr(row, column) for column in columns}
        db.session.add(PersonVersion(person_id=row.id, seq=seq or an_entry(), **kept))
        db.session.flush()


class AccountFactory(RowFactory):
    """How a person signs in; everybody's passphrase is PASSPHRASE."""

    class Meta:
        model = Account

    person = factory.SubFactory(PersonFactory)
    email = factory.LazyAttribute(lambda row: row.person.email)
    reset_email = factory.LazyAttribute(lambda row: row.person.email)
    password = factory.LazyFunction(passphrase_hash)
    fs_uniquifier = factory.LazyAttribute(lambda row: sha256(row.email))
    language = factory.LazyAttribute(lambda row: row.person.language)
    seq = factory.LazyFunction(an_entry)


class RoleGrantFactory(RowFactory):
    """A role held since long before the tests begin."""

    class Meta:
        model = RoleGrant

    account = factory.SubFactory(AccountFactory)
    role = Role.REVIEWER
    starts_on = date(2026, 1, 1)
    asked_by = OPERATOR.name
    approved_by = OPERATOR.name
    setup = True
    seq = factory.LazyFunction(an_entry)


class CampaignFactory(RowFactory):
    """The campaign of 2026 with one part for everybody, open and due at the end of April."""

    class Meta:
        model = Campaign

    year = 2026
    reporting_year = factory.LazyAttribute(lambda row: row.year - 1)
    opened_at = factory.LazyFunction(lambda: datetime.now().astimezone())
    seq = factory.LazyFunction(an_entry)

    @factory.post_generation
    def part(row: Campaign, create: bool, given: Any, **more: Any) -> None:  # noqa: N805  # factory-boy hands the row over
        """`part__due_on=…` changes a column of the one part."""
        dates = {"opens_on": date(row.year, 2, 1), "due_on": date(row.year, 4, 30)}
        db.session.add(CampaignPart(campaign_id=row.id, position=0, **{**dates, **more}))
        db.session.flush()


class QuestionnaireFactory(RowFactory):
    """A published form with one yes/no question."""

    class Meta:
        model = Questionnaire

    form_id = "tests_small"
    number = 1
    version = "1"
    content = factory.LazyFunction(lambda: SMALL_FORM)
    sha256 = sha256("tests_small")
    published_at = factory.LazyFunction(lambda: datetime.now().astimezone())
    seq = factory.LazyFunction(an_entry)


SMALL_FORM: dict[str, Any] = {
    "form": {
        "id": "tests_small",
        "version": "1",
        "title": {"en": "Small form", "es": "Formulario breve"},
        "retention_years": 5,
        "reporting_period": "previous_calendar_year",
    },
    "sections": [
        {
            "id": "jobs",
            "title": {"en": "Jobs", "es": "Empleos"},
            "questions": [
                {
                    "id": "has_job",
                    "type": "yes_no",
                    "required": True,
                    "title": {"en": "Do you have another job?", "es": "¿Tiene otro empleo?"},
                }
            ],
        }
    ],
}


class DisclosureFactory(RowFactory):
    """A draft of a filer; `filing()` makes one that stands anywhere else."""

    class Meta:
        model = Disclosure

    reference = factory.LazyFunction(lambda: new_reference("COI-2026"))
    filer = factory.SubFactory(PersonFactory)
    form_id = "tests_small"
    kind = Kind.ANNUAL
    reporting_year = 2025
    created_at = factory.LazyFunction(lambda: datetime.now().astimezone())


def filing(filer: Person, state: State, reviewer: Person | None = None, **columns: Any) -> Disclosure:
    """A filing in `state` with one signed version, its assignment and its history, written as the actions would leave them.

    For tests of pages that only show or refuse; tests of the way there walk it.
    """
    if state is State.DRAFT:
        return DisclosureFactory(filer=filer, **columns)
    now, seq = datetime.now().astimezone(), an_entry()
    form = db.session.scalar(select(Questionnaire).where(Questionnaire.form_id == "tests_small")) or QuestionnaireFactory()
    outcome = Outcome.NO_CONFLICT if state is State.DECIDED else None
    ready = {"state": state, "version": 1, "reviewer": reviewer, "desk": "ethics", "outcome": outcome}
    ready |= {"first_submitted_at": now, "due_at": now}
    made: Disclosure = DisclosureFactory(filer=filer, **{**ready, **columns})
    db.session.add(
        DisclosureVersion(
            disclosure_id=made.id,
            number=1,
            questionnaire_id=form.id,
            record="{}",
            sha256=sha256("{}"),
            answers={"has_job": "no"},
            filer={"name": filer.name},
            language="en",
            signed_at=now,
            signed_name=filer.name,
            nil=True,
            idempotency_key=made.reference,
            seq=seq,
        )
    )
    if state in (State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.ESCALATED):
        db.session.add(
            Assignment(
                disclosure_id=made.id,
                filer_id=filer.id,
                desk="ethics",
                reviewer_id=reviewer.id if reviewer else None,
                because="everything else goes to the ethics office",
                at=now,
                seq=seq,
            )
        )
    db.session.add(
        Transition(disclosure_id=made.id, action="submit", origin=State.DRAFT, target=state, actor=OPERATOR.name, at=now, seq=seq)
    )
    db.session.flush()
    return made


class Member:
    """One of the cast."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.person = account.person

    @cached_property
    def actor(self) -> Actor:
        """Who acts, with the roles held when a test first asks."""
        return actor_of(self.account, date(2026, 3, 2))


class Cast:
    """The cast by name: `cast.finn.person`, `cast["olu"].actor`."""

    def __init__(self, members: dict[str, Member]) -> None:
        self.members = members

    def __getattr__(self, name: str) -> Member:
        try:
            return self.members[name]
        except KeyError:
            raise AttributeError(f"Nobody in the cast is called {name}.") from None

    def __getitem__(self, name: str) -> Member:
        return self.members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)


ROLES: dict[str, Role | None] = {
    "sam": None,
    "finn": None,
    "kit": None,
    "olu": Role.REVIEWER,
    "ren": Role.REVIEWER,
    "ada": Role.AUDITOR,
    "sia": Role.SENIOR_OFFICER,
    "sol": Role.SENIOR_OFFICER,
    "dee": Role.ADMINISTRATOR,
    "dan": Role.ADMINISTRATOR,
}
DEPARTMENTS = {"sam": "Public Works", "finn": "Public Works", "kit": "Parks", "dee": "Human Resources", "dan": "Human Resources"}
SURNAMES = {
    "sam": "Supervisor",
    "finn": "Filer",
    "kit": "Stranger",
    "olu": "Reviewer",
    "ren": "Reviewer",
    "ada": "Auditor",
    "sia": "Senior",
    "sol": "Senior",
    "dee": "Desk",
    "dan": "Desk",
}


def build_cast(now: datetime) -> None:
    """Writes the cast into the database; everybody stands under one audit entry, as after an import."""
    seq = an_entry(now)
    people: dict[str, Person] = {}
    for number, (name, role) in enumerate(ROLES.items(), start=1001):
        people[name] = PersonFactory(
            number=f"00{number}",
            name=f"{name.title()} {SURNAMES[name]}",
            email=f"{name}@city.example",
            department=DEPARTMENTS.get(name, "Ethics Office"),
            supervisor_id=people["sam"].id if name == "finn" else None,
            version=seq,
        )
        account = AccountFactory(person=people[name], seq=seq)
        if role is not None:
            RoleGrantFactory(account=account, role=role, seq=seq)


def find_cast() -> Cast:
    """The cast as this test's session sees it."""
    accounts = db.session.scalars(select(Account).options(joinedload(Account.person)))
    return Cast({account.email.partition("@")[0]: Member(account) for account in accounts})


def make_sign_in(account: Account, at: datetime) -> str:
    """A sign-in row as the sign-in page leaves it; returns the token that the cookie carries."""
    token = new_reference("token") + new_reference("")
    db.session.add(SignIn(token_hash=token_hash(token), account_id=account.id, method="passphrase", at=at, fresh_at=at))
    return token


__all__ = [
    "OPERATOR",
    "PASSPHRASE",
    "AccountFactory",
    "CampaignFactory",
    "Cast",
    "DisclosureFactory",
    "Member",
    "PersonFactory",
    "QuestionnaireFactory",
    "RoleGrantFactory",
    "an_entry",
    "build_cast",
    "filing",
    "find_cast",
    "make_sign_in",
]
