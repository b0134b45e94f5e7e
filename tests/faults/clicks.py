"""The important buttons of the city: whose they are, where they are sent, what they send, and what one press leaves."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select

from coi.accounts.roles import ask_grant
from coi.db import db
from coi.disclosures.importing import import_line
from coi.models import (
    Account,
    Assignment,
    AuditEntry,
    Decision,
    Disclosure,
    Draft,
    Export,
    Extension,
    Leave,
    Message,
    Person,
    PriorityRow,
    Recommendation,
    Recusal,
    Request,
    RoleGrant,
    RosterImport,
    RosterNote,
    Slip,
    Tie,
    Transition,
)
from coi.people.keeping import keep
from coi.vocabulary import Kind, Role, State
from tests.disclosures.steps import NOTHING, now, owed, published
from tests.factories import OPERATOR, AccountFactory, Cast, RoleGrantFactory, filing


@dataclass(frozen=True)
class Click:
    """One button, ready to be pressed: `left` finds the rows that one press leaves."""

    who: Account
    path: str
    data: dict[str, str]
    left: Select[Any]


Made = Callable[[Cast], Click]
IN_REVIEW, ESCALATED = {"version": "1", "state": "in_review"}, {"version": "1", "state": "escalated"}
LATER = (now() + timedelta(days=30)).date().isoformat()


def of_case(act: str, data: dict[str, str], left: Any, *where: Any) -> Made:
    """A button of the case page, pressed by Olu, or by Sia where a second person decides."""

    def make(cast: Cast) -> Click:
        second = data.get("state") == "escalated"
        officer = cast.sia if second else cast.olu
        case = filing(AccountFactory().person, State.ESCALATED if second else State.IN_REVIEW, officer.person)
        told = {name: str(cast[value[1:]].person.id) if value.startswith("@") else value for name, value in data.items()}
        mine = left.person_id == case.filer_id if left is Tie else left.disclosure_id == case.id
        who = cast.sia if act == "reassign" else officer
        return Click(who.account, f"/review/{case.reference}/{act}", told, select(left.id).where(mine, *where))

    return make


def of_filer(act: str, data: dict[str, str], left: Any, *where: Any, **columns: Any) -> Made:
    """A button of an own filing."""

    def make(cast: Cast) -> Click:
        account = AccountFactory()
        case = filing(account.person, State.IN_REVIEW, cast.olu.person, **columns)
        return Click(
            account, f"/filings/{case.reference}/{act}", data, select(left.id).where(left.disclosure_id == case.id, *where)
        )

    return make


def start(cast: Cast) -> Click:
    account = AccountFactory()
    obligation = owed(account.person)
    wanted = select(Disclosure.id).where(Disclosure.obligation_id == obligation.id)
    return Click(account, f"/forms/start/{obligation.reference}", {}, wanted)


def voluntary(cast: Cast) -> Click:
    published()
    account = AccountFactory()
    wanted = select(Disclosure.id).where(Disclosure.filer_id == account.person_id)
    return Click(account, "/forms/new/gift", {}, wanted)


def confirm(cast: Cast) -> Click:
    account = AccountFactory()
    owed(account.person)
    line = {
        "employee": account.person.number,
        "form": "city-coi",
        "kind": "annual",
        "language": "en",
        "reporting_year": 2025,
        "filer": {"kind": "annual", "level": "short"},
        "answers": {**NOTHING, "affirm": "yes"},
        "signed_name": "Somebody",
        "signed_at": "2026-02-20",
    }
    assert import_line(1, json.dumps(line).encode(), OPERATOR, now()).errors == []
    case = db.session.scalars(select(Disclosure).where(Disclosure.filer_id == account.person_id)).one()
    left = select(AuditEntry.seq).where(
        AuditEntry.subject == f"disclosure:{case.reference}", AuditEntry.event == "disclosure:confirmed"
    )
    return Click(account, f"/filings/{case.reference}/confirm", {"signed_name": "Somebody", "key": case.reference}, left)


def note_wrong(cast: Cast) -> Click:
    account = AccountFactory()
    left = select(RosterNote.id).where(RosterNote.person_id == account.person_id)
    return Click(account, "/my-record/wrong", {"text": "I work at Parks now."}, left)


def of_desk(act: str, data: dict[str, str], left: Any) -> Made:
    """A button of the campaign desk's page of a person."""

    def make(cast: Cast) -> Click:
        obligation = owed(AccountFactory().person, due_on=(now() + timedelta(days=20)).date())
        mine = {
            Extension: Extension.obligation_id == obligation.id,
            Leave: Leave.person_id == obligation.person_id,
            Request: Request.subject == f"obligation:{obligation.reference}",
        }[left]
        return Click(cast.dee.account, f"/campaign-desk/people/{obligation.reference}/{act}", data, select(left.id).where(mine))

    return make


def grant(cast: Cast) -> Click:
    account = AccountFactory()
    data = {"login": account.person.number or "", "role": "recorder", "reason": "a new recorder"}
    left = select(Request.id).where(Request.subject == f"account:{account.id}")
    return Click(cast.dee.account, "/accounts/roles/give", data, left)


def approve(cast: Cast) -> Click:
    account = AccountFactory()
    request = ask_grant(account, Role.RECORDER, None, "a new recorder", cast.dee.actor, now())
    assert request is not None
    left = select(RoleGrant.id).where(RoleGrant.account_id == account.id)
    return Click(cast.sia.account, f"/accounts/requests/{request.reference}/approve", {"reason": ""}, left)


def outsider(cast: Cast) -> Click:
    number = db.session.scalar(select(Person.id).order_by(Person.id.desc()).limit(1))
    data = {
        "name": f"Commissioner {number}",
        "email": f"commissioner.{number}@city.example",
        "body": "Ethics Commission",
        "appointed_by": "City Council",
        "serves_from": "2026-01-01",
        "serves_to": "2031-12-31",
    }
    return Click(cast.dee.account, "/accounts/outsiders", data, select(Person.id).where(Person.email == data["email"]))


def slip(cast: Cast) -> Click:
    account = AccountFactory()
    left = select(Slip.id).where(Slip.account_id == account.id, Slip.void_at.is_(None))
    return Click(cast.dee.account, f"/accounts/slips/{account.person.number}", {"identity_checked": "y"}, left)


def workbook(cast: Cast) -> Click:
    account = AccountFactory()
    RoleGrantFactory(account=account, role=Role.AUDITOR)
    left = select(Export.id).where(Export.asked_by_id == account.person_id)
    return Click(account, "/exports/", {"campaign": "all", "language": "en"}, left)


def roster(cast: Cast) -> Click:
    last = db.session.scalar(select(RosterImport.id).order_by(RosterImport.id.desc()).limit(1)) or 0
    token = keep(f"number,name\n{900_000 + last},New Person\n".encode(), "roster.csv", False, now())
    return Click(cast.dee.account, f"/people/roster/{token}/apply", {}, select(RosterImport.id).where(RosterImport.id > last))


CLICKS: dict[str, Made] = {
    "ask": of_case("ask", {**IN_REVIEW, "text": "Which company is it?"}, Message),
    "return": of_case("return", {**IN_REVIEW, "reason": "The year is missing."}, Transition, Transition.action == "return"),
    "clear": of_case("clear", {**IN_REVIEW, "outcome": "no_conflict", "reason": "Nothing here."}, Decision),
    "escalate": of_case("escalate", {**IN_REVIEW, "outcome": "managed", "reasoning": "A contract."}, Recommendation),
    "decide": of_case("decide", {**ESCALATED, "outcome": "not_permitted", "reason": "Section 5.", "rule": "Section 5"}, Decision),
    "hand back": of_case("hand-back", {**ESCALATED, "reason": "Ask once more."}, Transition, Transition.action == "hand_back"),
    "recuse": of_case("recuse", {**IN_REVIEW, "reason": "We are neighbors."}, Recusal),
    "note": of_case("note", {**IN_REVIEW, "text": "Called the station."}, Message),
    "priority": of_case("priority", {**IN_REVIEW, "risk": "high", "reason": "A large contract."}, PriorityRow),
    "reassign": of_case(
        "reassign", {**IN_REVIEW, "held_by": "@olu", "reviewer": "@ren"}, Assignment, Assignment.because == "given"
    ),
    "tie": of_case("tie", {"other": "@ren", "kind": "relation"}, Tie),
    "answer": of_filer("answer", {"text": "It is the bakery."}, Message),
    "correct": of_filer("correct", {"reason": "I forgot a job."}, Draft),
    "withdraw": of_filer("withdraw", {}, Transition, Transition.action == "withdraw", kind=Kind.GIFT),
    "confirm": confirm,
    "start": start,
    "voluntary": voluntary,
    "note wrong": note_wrong,
    "extend": of_desk("extend", {"extend-until": LATER, "extend-reason": "records"}, Extension),
    "excuse": of_desk("excuse", {"excuse-reason": "left", "excuse-why": "Left the City."}, Request),
    "leave": of_desk("leave", {"leave-leave_from": LATER}, Leave),
    "grant": grant,
    "approve": approve,
    "outsider": outsider,
    "slip": slip,
    "workbook": workbook,
    "roster": roster,
}
