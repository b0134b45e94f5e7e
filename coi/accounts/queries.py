"""All reads of accounts: who can sign in, who holds which role, what waits for a second person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from coi.audit.chain import sha256
from coi.db import db
from coi.models import Account, AuditEntry, Installation, Obligation, Person, Request, RoleGrant, SignIn, Slip
from coi.people.queries import search_text
from coi.rules.permissions import Actor, Facts, approvers_of
from coi.vocabulary import RequestState, Role

PAGE = 50
PIECE = 16
TYPED_GOOD_FOR = 30 * 60


def in_setup() -> bool:
    """Whether the first senior officer has not signed in yet: until then commands may act alone (DESIGN 8)."""
    row = db.session.execute(select(Installation.setup_ended_seq)).first()
    return row is None or row.setup_ended_seq is None


def by_login(login: str) -> Account | None:
    """The account of an employee number or an e-mail, however it was typed; None for nobody and for two."""
    told = login.strip()
    if not told or len(told) > 254:
        return None
    found = db.session.scalars(
        select(Account)
        .join(Person, Person.id == Account.person_id)
        .where(or_(Account.email == told.casefold(), Person.number == told, func.lower(Person.email) == told.casefold()))
        .limit(3)
    ).all()
    return found[0] if len(found) == 1 else None


def by_number(number: str) -> Account | None:
    """The account of an employee number."""
    return db.session.scalar(select(Account).join(Person, Person.id == Account.person_id).where(Person.number == number.strip()))


def account_of(person_id: int) -> Account | None:
    """How a person signs in."""
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def own_account(actor: Actor) -> Account:
    """The account of who is signed in."""
    return db.session.scalars(select(Account).where(Account.person_id == actor.person_id)).one()


def person_by_number(number: str) -> Person | None:
    """A person of the roster."""
    return db.session.scalar(select(Person).where(Person.number == number.strip()))


def open_slip(account_id: int, now: datetime) -> Slip | None:
    """The slip that still works, if there is one."""
    return db.session.scalar(
        select(Slip)
        .where(Slip.account_id == account_id, Slip.used_at.is_(None), Slip.void_at.is_(None), Slip.expires_at > now)
        .order_by(Slip.id.desc())
        .limit(1)
    )


def living_slip(told: object, now: datetime) -> tuple[Account, Slip] | None:
    """The account and slip that a cookie names, while the slip works and the code was typed in this half hour."""
    if not isinstance(told, list) or len(told) != 3 or not all(isinstance(number, int) for number in told):
        return None
    account, slip = db.session.get(Account, told[0]), db.session.get(Slip, told[1])
    if account is None or slip is None or slip.account_id != account.id or not account.active:
        return None
    if slip.used_at is not None or slip.void_at is not None or slip.expires_at <= now:
        return None
    return (account, slip) if 0 <= now.timestamp() - told[2] <= TYPED_GOOD_FOR else None


def sign_ins_of(account_id: int) -> list[SignIn]:
    """The sign-ins that live, the newest first."""
    return list(
        db.session.scalars(
            select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None)).order_by(SignIn.id.desc()).limit(20)
        )
    )


def login_hash(login: str) -> str:
    """What the table of attempts keeps of a login: people type passphrases there by mistake."""
    return sha256(login.strip().casefold())


@dataclass(frozen=True)
class Holding:
    """One role on record with who holds it."""

    grant: RoleGrant
    person: Person

    @property
    def reference(self) -> str:
        """What stands in the address of its page: neither a number of a row nor a name."""
        return f"{self.piece}.{self.grant.role.value}"

    @property
    def piece(self) -> str:
        """What stands in the address of the account's page."""
        return self.grant.account.fs_uniquifier[:PIECE]


def holdings(on: date) -> list[Holding]:
    """Every role that is held on a day, by role, then name."""
    rows = db.session.execute(
        select(RoleGrant, Person)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(*_held(on))
        .options(contains_eager(RoleGrant.account))
    )
    return sorted((Holding(*row) for row in rows), key=lambda one: (one.grant.role.rank, one.person.name))


def _held(on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        RoleGrant.ended_seq.is_(None),
        RoleGrant.starts_on <= on,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
    )


def holders(roles: Collection[Role], on: date) -> list[Person]:
    """Everybody who holds one of these roles on a day and whose account is open."""
    held = (
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role.in_(roles), *_held(on), Account.active, Person.active)
        .distinct()
        .order_by(Person.id)
    )
    return list(db.session.scalars(held))


def roles_of(account: Account, on: date) -> frozenset[Role]:
    """The roles of an account on a day; one whose last day is over ended by itself."""
    return frozenset(db.session.scalars(select(RoleGrant.role).where(RoleGrant.account_id == account.id, *_held(on))))


def grant_of(account: Account, role: Role, on: date) -> RoleGrant | None:
    """The grant that holds on a day."""
    wanted = select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.role == role, *_held(on))
    return db.session.scalar(wanted.order_by(RoleGrant.id.desc()).limit(1))


def warnings(on: date) -> list[str]:
    """Codes of standing warnings: fewer than two active senior officers or administrators (SD12)."""
    watched = (Role.SENIOR_OFFICER, Role.ADMINISTRATOR)
    rows = (
        select(RoleGrant.role, func.count(Person.id.distinct()))
        .join(Account, Account.id == RoleGrant.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(RoleGrant.role.in_(watched), *_held(on), Account.active, Person.active)
        .group_by(RoleGrant.role)
    )
    counted = dict(db.session.execute(rows).all())
    return [role.value for role in watched if counted.get(role, 0) < 2]


def waiting(actor: Actor, now: datetime) -> list[Request]:
    """Requests that wait, the oldest first: those this person may decide, and those they asked."""
    rows = db.session.scalars(
        select(Request)
        .where(Request.state == RequestState.WAITING, Request.expires_at > now)
        .options(joinedload(Request.asker))
        .order_by(Request.id)
    )
    return [one for one in rows if one.asked_by_id == actor.person_id or actor.roles & approvers_of(one.action)]


def decided(actor: Actor, now: datetime, limit: int = 30) -> list[Request]:
    """The newest requests that no longer wait: all for who watches, else those one asked, decided or might have decided."""
    over = or_(Request.state != RequestState.WAITING, Request.expires_at <= now)
    rows = db.session.scalars(
        select(Request).where(over).options(joinedload(Request.asker)).order_by(Request.id.desc()).limit(limit * 4)
    )
    watches = bool(actor.roles & {Role.SENIOR_OFFICER, Role.AUDITOR})
    mine = [
        one
        for one in rows
        if watches or actor.person_id in (one.asked_by_id, one.decided_by_id) or actor.roles & approvers_of(one.action)
    ]
    return mine[:limit]


def request_for(reference: str) -> tuple[Request, Facts] | None:
    """A request by its reference, with what the rules ask of it."""
    found = db.session.scalar(select(Request).where(Request.reference == reference))
    if found is None:
        return None
    return found, Facts(asked_by_id=found.asked_by_id, approvers=approvers_of(found.action))


def found_people(search: str, limit: int = 20) -> list[Person]:
    """Employees whose name or number fits, for the desk that hands out slips."""
    fits = or_(Person.search_name.contains(search_text(search), autoescape=True), Person.number == search.strip())
    wanted = _employees().where(fits, Person.number.is_not(None))
    return list(db.session.scalars(wanted.order_by(Person.search_name, Person.id).limit(limit)))


@dataclass(frozen=True)
class Station:
    """A department with how many of its people have no way to sign in but a slip, and how many of these hold one that works."""

    name: str
    people: int
    with_slip: int


def stations(now: datetime) -> list[Station]:
    """The departments where somebody can come in by a slip only."""
    without = (
        select(Person.department, func.count(), func.count(case((_living_slip(now), 1))))
        .outerjoin(Account, Account.person_id == Person.id)
        .where(*_no_way_in())
        .group_by(Person.department)
        .order_by(Person.department)
    )
    return [Station(*row) for row in db.session.execute(without)]


def without_way_in(department: str, now: datetime, also_with_slip: bool = False) -> list[Person]:
    """The people of a station with neither passphrase nor e-mail, by name; those with a slip that works only when asked."""
    wanted = (
        select(Person).outerjoin(Account, Account.person_id == Person.id).where(Person.department == department, *_no_way_in())
    )
    if not also_with_slip:
        wanted = wanted.where(~_living_slip(now))
    return list(db.session.scalars(wanted.order_by(Person.search_name, Person.id)))


def _no_way_in() -> tuple[ColumnElement[bool], ...]:
    return (
        Person.employee.is_(True),
        Person.active.is_(True),
        Person.number.is_not(None),
        Person.email.is_(None),
        Account.password.is_(None),
    )


def _living_slip(now: datetime) -> ColumnElement[bool]:
    return exists().where(Slip.account_id == Account.id, Slip.used_at.is_(None), Slip.void_at.is_(None), Slip.expires_at > now)


def _employees() -> Select[Person]:
    return select(Person).where(Person.employee, Person.active)


def setup_acts(limit: int = 200) -> list[AuditEntry]:
    """What commands did alone before the first senior officer signed in; shown to that officer."""
    ended = db.session.scalar(select(Installation.setup_ended_seq))
    wanted = select(AuditEntry).where(AuditEntry.details.like('%"setup":true%'))
    if ended is not None:
        wanted = wanted.where(AuditEntry.seq < ended)
    return list(db.session.scalars(wanted.order_by(AuditEntry.seq).limit(limit)))


def person_by_login(login: str) -> Person | None:
    """Somebody of the roster by number or e-mail, with an account or without; None for nobody and for two."""
    told = login.strip()
    if not told or len(told) > 254:
        return None
    fits = or_(Person.number == told, func.lower(Person.email) == told.casefold())
    found = db.session.scalars(_employees().where(fits).limit(3)).all()
    return found[0] if len(found) == 1 else None


def holding(reference: str, on: date) -> tuple[Holding, Facts] | None:
    """A role that is held, by the reference on the page of roles: a random piece of the account's and the role."""
    piece, _dot, role = reference.rpartition(".")
    account = _of_piece(piece) if role in set(Role) else None
    grant = grant_of(account, Role(role), on) if account is not None else None
    return (Holding(grant, grant.account.person), Facts()) if grant is not None else None


def _of_piece(piece: str) -> Account | None:
    known = len(piece) == PIECE and piece.isascii() and piece.isalnum()
    return db.session.scalar(select(Account).where(Account.fs_uniquifier.startswith(piece))) if known else None


def account_behind(reference: str) -> tuple[Account, Facts] | None:
    """An account by the random piece in the address of its page; nobody keeps their own (SD7)."""
    found = _of_piece(reference)
    return (found, Facts(filer_id=found.person_id)) if found is not None else None


def pieces_of(people: Iterable[Person]) -> dict[int, str]:
    """What stands in the address of each person's account, for those who have one."""
    rows = db.session.execute(
        select(Account.person_id, Account.fs_uniquifier).where(Account.person_id.in_([person.id for person in people]))
    )
    return {person: unique[:PIECE] for person, unique in rows}


def employee(number: str) -> tuple[Person, Facts] | None:
    """Somebody of the roster for the desk; the desk does nothing for itself."""
    found = person_by_number(number)
    return (found, Facts(filer_id=found.id)) if found is not None else None


def anybody_by_login(login: str) -> Person | None:
    """Whoever has this number or e-mail, employee or not."""
    account = by_login(login)
    return account.person if account is not None else person_by_login(login)


def outside_people() -> list[Person]:
    """People who are no employees, by body and name."""
    return list(db.session.scalars(select(Person).where(Person.employee.is_(False)).order_by(Person.body, Person.name)))


def whom(asked: Request) -> str:
    """The person whose form a request is about, for the second person's page; letters tell only the reference."""
    kind, _colon, name = asked.subject.partition(":")
    wanted = select(Person.name, Person.department).join(Obligation, Obligation.person_id == Person.id)
    found = db.session.execute(wanted.where(Obligation.reference == name)).first() if kind == "obligation" else None
    return " · ".join(part for part in found if part) if found else ""


def names_of_actors() -> dict[str, str]:
    """Names behind `account:17` for everybody who ever asked or approved a role."""
    told = {name for row in db.session.execute(select(RoleGrant.asked_by, RoleGrant.approved_by)) for name in row}
    numbers = [int(name.removeprefix("account:")) for name in told if name.startswith("account:")]
    rows = db.session.execute(
        select(Account.id, Person.name).join(Person, Person.id == Account.person_id).where(Account.id.in_(numbers))
    )
    return {f"account:{number}": name for number, name in rows}
