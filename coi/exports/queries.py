"""All reads about workbooks: who asked for which, what is on offer to whom, what a job needs; knows no row of a register."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import or_, select

from coi.accounts.door import actor_of
from coi.config import Settings
from coi.db import db
from coi.exports.flat import file_of
from coi.models import Account, Campaign, Export, ExportApproval, Installation, Person, PersonVersion, Request, RoleGrant
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import ExportKind, JobState, RequestState, Role

PAGE = 50
STALE = timedelta(minutes=3)  # a living job says so every few seconds
VERIFIER = Path(__file__).with_name("verify.py")
VERIFIER_PAGE = Path(__file__).with_name("verify.html")
OPEN = (JobState.WAITING, JobState.RUNNING)
STOPPABLE = (JobState.ASKED, *OPEN)


def folder() -> Path:
    """Where finished workbooks lie."""
    settings: Settings = current_app.config["SETTINGS"]
    settings.exports_folder.mkdir(parents=True, exist_ok=True)
    return settings.exports_folder


def work_folder(export: Export) -> Path:
    """Where one attempt at a workbook writes, away from what is on offer."""
    return folder() / f".{export.reference}.{export.attempt}"


def workbook_of(export: Export) -> Path:
    """The file of a workbook."""
    return folder() / f"{export.reference}.xlsx"


def seal_file_of(export: Export) -> Path:
    """The seal file beside it."""
    return folder() / f"{export.reference}.seal.json"


def formats_of(export: Export) -> tuple[str, ...]:
    """In which formats its sheets were asked for beside the workbook."""
    return tuple(export.filters.get("formats", ()))


def flat_file_of(export: Export, name: str) -> Path:
    """The zip of its sheets in a format."""
    return file_of(workbook_of(export), name)


def mine(actor: Actor) -> list[Export]:
    """What this person asked for, the newest first."""
    wanted = select(Export).where(Export.asked_by_id == actor.person_id, Export.asked_by_id.is_not(None))
    return list(db.session.scalars(wanted.order_by(Export.id.desc()).limit(PAGE)))


def own_done(reference: str) -> tuple[Export, Facts] | None:
    """A finished workbook; anybody's, with whose it is: the rule says who may have it."""
    export = db.session.scalar(select(Export).where(Export.reference == reference))
    return (export, Facts(owner_id=export.asked_by_id)) if export is not None and on_offer(export) else None


def own_csv(reference: str) -> tuple[Export, Facts] | None:
    """A finished workbook that has its sheets as csv."""
    return _own_flat(reference, "csv")


def own_lines(reference: str) -> tuple[Export, Facts] | None:
    """A finished workbook that has its sheets as JSON Lines."""
    return _own_flat(reference, "jsonl")


def _own_flat(reference: str, name: str) -> tuple[Export, Facts] | None:
    found = own_done(reference)
    return found if found is not None and name in found[0].files and flat_file_of(found[0], name).is_file() else None


def own(reference: str) -> tuple[Export, Facts] | None:
    """A workbook at any stage; anybody's, with whose it is."""
    export = db.session.scalar(select(Export).where(Export.reference == reference))
    return (export, Facts(owner_id=export.asked_by_id)) if export is not None else None


def on_offer(export: Export) -> bool:
    """Whether the whole file is here to be taken; a full one only with its approval."""
    there = export.state is JobState.DONE and export.gone_at is None and workbook_of(export).is_file()
    return there and is_let(export)


def is_let(export: Export) -> bool:
    """Whether a workbook may be made and taken at all: a full one only when it was approved."""
    return export.kind is not ExportKind.FULL or approval_of(export) is not None


def approval_of(export: Export) -> ExportApproval | None:
    """The approval of a full workbook."""
    return db.session.scalar(select(ExportApproval).where(ExportApproval.export_id == export.id))


def let_by(export: Export) -> dict[str, str]:
    """What About says of an approval: by whom, under which request, what for; nothing for other kinds."""
    approval = approval_of(export) if export.kind is ExportKind.FULL else None
    if approval is None:
        return {}
    approver = person(approval.approved_by_id)
    return {"purpose": approval.purpose, "approved_by": f"{approver.name} ({approval.request})" if approver else ""}


def request_of(export: Export) -> Request | None:
    """The request by which a second person was asked for a full workbook."""
    wanted = select(Request).where(Request.action == "full_export", Request.subject == f"export:{export.reference}")
    return db.session.scalar(wanted.order_by(Request.id.desc()).limit(1))


def waits_for_second(export: Export, now: datetime) -> bool:
    """Whether somebody may still approve it."""
    request = request_of(export) if export.state is JobState.ASKED else None
    return request is not None and request.state is RequestState.WAITING and request.expires_at > now


def by_reference(reference: str) -> Export | None:
    """A workbook by its reference."""
    return db.session.scalar(select(Export).where(Export.reference == reference))


def locked(reference: str) -> Export | None:
    """A workbook by its reference, held until the end of the transaction."""
    wanted = select(Export).where(Export.reference == reference).with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(wanted)


def kept_until(export: Export) -> datetime | None:
    """When the file of a finished workbook will be removed."""
    settings: Settings = current_app.config["SETTINGS"]
    return export.finished_at + timedelta(days=settings.exports_keep_days) if export.finished_at else None


def same_request(
    actor: Actor,
    kind: ExportKind,
    campaign_id: int | None,
    language: str,
    filters: dict[str, Any],
    as_of: str | None,
    now: datetime,
) -> Export | None:
    """The job that is the same request: the same moment, or, for "now", one that is still open or a minute old."""
    wanted = select(Export).where(
        Export.asked_by_id == actor.person_id, Export.kind == kind, Export.language == language, Export.campaign_id == campaign_id
    )
    if actor.person_id is None:
        return None
    if as_of is not None:
        wanted = wanted.where(Export.as_of == as_of, Export.state.in_((*STOPPABLE, JobState.DONE)))
    else:
        wanted = wanted.where(or_(Export.state.in_(STOPPABLE), Export.asked_at > now - timedelta(minutes=1)))
        wanted = wanted.where(Export.state.not_in((JobState.FAILED, JobState.CANCELLED)))
    found = db.session.scalars(wanted.order_by(Export.id.desc()))
    alike = (one for one in found if one.filters == filters)
    return next((one for one in alike if one.state in OPEN or waits_for_second(one, now) or on_offer(one)), None)


def waiting(now: datetime) -> Export | None:
    """The oldest job that nobody works on, locked: new, or its worker was not heard of for a while."""
    unclaimed = or_(Export.state == JobState.WAITING, (Export.state == JobState.RUNNING) & (Export.claimed_at < now - STALE))
    return db.session.scalar(select(Export).where(unclaimed).order_by(Export.id).limit(1).with_for_update(skip_locked=True))


def may_still(export: Export, on: date) -> bool:
    """Whether who asked still holds the right (SD10)."""
    account = db.session.scalar(select(Account).where(Account.person_id == export.asked_by_id, Account.active))
    return account is not None and allows(actor_of(account, on), Permission.EXPORT) and is_let(export)


def departments() -> list[str]:
    """Every department that anybody was ever in, by name."""
    return _named(PersonVersion.department)


def groups() -> list[str]:
    """Every group that anybody was ever in, by name."""
    return _named(PersonVersion.group)


def _named(column: Any) -> list[str]:
    return [one for one in db.session.scalars(select(column).distinct().order_by(column)) if one]


def campaigns() -> list[Campaign]:
    """Every campaign, the newest first."""
    return list(db.session.scalars(select(Campaign).order_by(Campaign.year.desc())))


def campaign_of(year: int) -> Campaign | None:
    """A year's campaign."""
    return db.session.scalar(select(Campaign).where(Campaign.year == year))


def person(person_id: int | None) -> Person | None:
    """Somebody by id."""
    return db.session.get(Person, person_id) if person_id is not None else None


def holders(roles: Iterable[Role], on: date) -> list[Person]:
    """Who holds one of these roles on a day."""
    held = select(RoleGrant.account_id).where(
        RoleGrant.role.in_(list(roles)),
        RoleGrant.ended_seq.is_(None),
        RoleGrant.starts_on <= on,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
    )
    wanted = select(Person).join(Account, Account.person_id == Person.id).where(Account.id.in_(held), Account.active)
    return list(db.session.scalars(wanted.order_by(Person.id)))


def public_key() -> str:
    """This installation's public key."""
    return db.session.scalar(select(Installation.key)) or ""


def by_id(export_id: int) -> Export:
    """A workbook that is known to be there."""
    return db.session.get_one(Export, export_id)


def asked_by(export: Export) -> str:
    """Who asked, by name where it was a person, and as the log writes it."""
    asker = person(export.asked_by_id)
    return f"{asker.name} ({export.asked_by})" if asker is not None else export.asked_by
