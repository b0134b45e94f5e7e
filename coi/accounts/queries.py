"""All reads of accounts: who can sign in, who holds which role, what waits for a second person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from coi.audit.chain import sha256
from coi.db import db
from coi.models import Account, AuditEntry, Installation, Person, Request, RoleGrant, SignIn, SignInAttempt, Slip
from coi.people.queries import search_text
from coi.rules.permissions import Actor, Facts, approvers_of
from coi.vocabulary import RequestState, Role

PAGE = 50
TRIES_FREE = 5
ADDRESS_TRIES_FREE = 60
PIECE = 16
LOOK_BACK = timedelta(hours=24)


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


def living_slip(told: list[object], now: datetime) -> tuple[Account, Slip] | None:
    """The account and slip that a cookie names by their ids, while the slip still works."""
    if len(told) != 2 or not all(isinstance(number, int) for number in told):
        return None
    account, slip = db.session.get(Account, told[0]), db.session.get(Slip, told[1])
    if account is None or slip is None or slip.account_id != account.id or not account.active:
        return None
    if slip.used_at is not None or slip.void_at is not None or slip.expires_at <= now:
        return None
    return account, slip


def sign_ins_of(account_id: int) -> list[SignIn]:
    """The sign-ins that live, the newest first."""
    return list(
        db.session.scalars(
            select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None)).order_by(SignIn.id.desc()).limit(20)
        )
    )


def wait_for(login: str, address: str, now: datetime) -> timedelta:
    """How long this login or this address must wait: grows with each failure and never for good; a success starts anew."""
    recent = select(func.count(), func.max(SignInAttempt.at)).where(SignInAttempt.at > now - LOOK_BACK)
    since = db.session.scalar(
        select(func.max(SignInAttempt.at)).where(SignInAttempt.login_hash == login_hash(login), SignInAttempt.what == "right")
    )
    mine = recent.where(SignInAttempt.login_hash == login_hash(login), SignInAttempt.what != "right")
    if since is not None:
        mine = mine.where(SignInAttempt.at > since)
    waits = [
        _wait(*db.session.execute(mine).one().tuple(), TRIES_FREE, now),
        _wait(
            *db.session.execute(recent.where(SignInAttempt.address == address, SignInAttempt.what != "right")).one().tuple(),
            ADDRESS_TRIES_FREE,
            now,
        ),
    ]
    return max(waits)


def _wait(failures: int, last: datetime | None, free: int, now: datetime) -> timedelta:
    if failures < free or last is None:
        return timedelta(0)
    pause = min(timedelta(minutes=15), timedelta(seconds=30) * 2 ** min(failures - free, 8))
    return max(timedelta(0), last + pause - now)


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
        return f"{self.grant.account.fs_uniquifier[:PIECE]}.{self.grant.role.value}"


def holdings() -> list[Holding]:
    """Every role that is held, by role, then name."""
    rows = db.session.execute(
        select(RoleGrant, Person)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(RoleGrant.ended_seq.is_(None))
    )
    return sorted((Holding(*row) for row in rows), key=lambda one: (one.grant.role.rank, one.person.name))


def holders(roles: Collection[Role], on: date | None = None) -> list[Person]:
    """Everybody who holds one of these roles and whose account is open."""
    held = (
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role.in_(roles), RoleGrant.ended_seq.is_(None), Account.active)
        .distinct()
        .order_by(Person.id)
    )
    if on is not None:
        held = held.where(RoleGrant.starts_on <= on, or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on))
    return list(db.session.scalars(held))


def roles_of(account: Account) -> frozenset[Role]:
    """The roles on record for an account."""
    return frozenset(
        db.session.scalars(select(RoleGrant.role).where(RoleGrant.account_id == account.id, RoleGrant.ended_seq.is_(None)))
    )


def grant_of(account: Account, role: Role) -> RoleGrant | None:
    """The grant that holds, with its row locked by who writes."""
    return db.session.scalar(
        select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.role == role, RoleGrant.ended_seq.is_(None))
    )


def warnings(on: date) -> list[str]:
    """Codes of standing warnings: fewer than two active senior officers or administrators (SD12)."""
    found = []
    for role in (Role.SENIOR_OFFICER, Role.ADMINISTRATOR):
        if len(holders({role}, on)) < 2:
            found.append(role.value)
    return found


def waiting(actor: Actor, now: datetime) -> list[Request]:
    """Requests that wait, the oldest first: those this person may decide, and those they asked."""
    rows = db.session.scalars(
        select(Request)
        .where(Request.state == RequestState.WAITING, Request.expires_at > now)
        .options(joinedload(Request.asker))
        .order_by(Request.id)
    )
    return [one for one in rows if one.asked_by_id == actor.person_id or actor.roles & approvers_of(one.action)]


def decided(limit: int = 30) -> list[Request]:
    """The newest requests that no longer wait."""
    wanted = select(Request).where(Request.state != RequestState.WAITING).options(joinedload(Request.asker))
    return list(db.session.scalars(wanted.order_by(Request.id.desc()).limit(limit)))


def request_for(reference: str) -> tuple[Request, Facts] | None:
    """A request by its reference, with what the rules ask of it."""
    found = db.session.scalar(select(Request).where(Request.reference == reference))
    if found is None:
        return None
    return found, Facts(asked_by_id=found.asked_by_id, approvers=approvers_of(found.action))


def found_people(search: str, limit: int = 20) -> list[Person]:
    """Employees whose name or number fits, for the desk that hands out slips."""
    name = f"%{search_text(search)}%"
    wanted = _employees().where(or_(Person.search_name.like(name), Person.number == search.strip()))
    return list(db.session.scalars(wanted.order_by(Person.search_name, Person.id).limit(limit)))


def stations() -> list[tuple[str, int]]:
    """Each department with how many of its people have no way to sign in yet: neither passphrase nor a slip that works."""
    without = (
        select(Person.department, func.count())
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.employee, Person.active, Account.password.is_(None))
        .group_by(Person.department)
        .order_by(Person.department)
    )
    return list(db.session.execute(without).all())


def without_passphrase(department: str) -> list[Person]:
    """The people of a station who can't sign in yet, by name."""
    wanted = (
        _employees()
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.department == department, Account.password.is_(None))
    )
    return list(db.session.scalars(wanted.order_by(Person.search_name, Person.id)))


def _employees() -> Select[tuple[Person]]:
    return select(Person).where(Person.employee, Person.active)


def setup_acts(limit: int = 100) -> list[AuditEntry]:
    """What commands did alone before the first senior officer signed in; shown to that officer."""
    wanted = select(AuditEntry).where(AuditEntry.details.like('%"setup":true%')).order_by(AuditEntry.seq).limit(limit)
    return list(db.session.scalars(wanted))


def person_by_login(login: str) -> Person | None:
    """Somebody of the roster by number or e-mail, with an account or without; None for nobody and for two."""
    told = login.strip()
    if not told or len(told) > 254:
        return None
    fits = or_(Person.number == told, func.lower(Person.email) == told.casefold())
    found = db.session.scalars(_employees().where(fits).limit(3)).all()
    return found[0] if len(found) == 1 else None


def holding(reference: str) -> tuple[Holding, Facts] | None:
    """A role that is held, by the reference on the page of roles: a random piece of the account's and the role."""
    piece, _dot, role = reference.rpartition(".")
    known = len(piece) == PIECE and piece.isalnum() and role in set(Role)
    account = db.session.scalar(select(Account).where(Account.fs_uniquifier.startswith(piece))) if known else None
    grant = grant_of(account, Role(role)) if account is not None else None
    return (Holding(grant, grant.account.person), Facts()) if grant is not None else None


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


def names_of_actors() -> dict[str, str]:
    """Names behind `account:17` for everybody who ever asked or approved a role."""
    told = {name for row in db.session.execute(select(RoleGrant.asked_by, RoleGrant.approved_by)) for name in row}
    numbers = [int(name.removeprefix("account:")) for name in told if name.startswith("account:")]
    rows = db.session.execute(
        select(Account.id, Person.name).join(Person, Person.id == Account.person_id).where(Account.id.in_(numbers))
    )
    return {f"account:{number}": name for number, name in rows}
