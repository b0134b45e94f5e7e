"""Sets the made-up city up through the actions of a real one: profile, roster, lists, accounts, roles; its dates fit today."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from flask import current_app
from sqlalchemy import select

from coi.accounts.actions import create_account, ensure_accounts
from coi.accounts.roles import grant_in_setup
from coi.accounts.secrets import hash_passphrase
from coi.audit.chain import canonical_json, sha256
from coi.db import db
from coi.demo.lists import contract_rows, vendor_rows
from coi.demo.people import CAST, COMMISSION, COUNSEL, HEAD, mail_of, roster
from coi.models import Account, Person
from coi.people.actions import import_roster
from coi.people.reading import Line
from coi.profiles.keeping import load
from coi.profiles.loading import folder_of, read_profile
from coi.profiles.schema import Profile
from coi.rules.permissions import Actor
from coi.vendors.actions import load_contracts, load_vendors
from coi.vendors.reading import Deal, Entry, several
from coi.vocabulary import Role

# Everybody who is printed at the end signs in with it; a demo's data is made up and its banner says so.
PASSPHRASE = "lantern river 1742"  # nosec B105  # the demo's one passphrase, printed on the screen

ROLES: tuple[tuple[str, Role], ...] = (
    ("reviewer1", Role.REVIEWER),
    ("reviewer2", Role.REVIEWER),
    ("senior1", Role.SENIOR_OFFICER),
    ("senior2", Role.SENIOR_OFFICER),
    ("auditor", Role.AUDITOR),
    ("admin1", Role.ADMINISTRATOR),
    ("admin2", Role.ADMINISTRATOR),
    ("clerk", Role.PAPER_ENTRY),
    ("recorder", Role.RECORDER),
    ("records", Role.RECORDS_OFFICER),
)


def fitting(profile: Profile, on: date) -> Profile:
    """The profile with this year's round open for three weeks and due in about three more; our own summaries are on."""
    first, last = date(on.year, 1, 1), date(on.year, 12, 31)
    opens = max(first, on - timedelta(days=21))
    due = min(last, on + timedelta(days=23))
    parts = [part.model_copy(update={"opens": f"{opens:%m-%d}", "due": f"{due:%m-%d}"}) for part in profile.campaign.parts]
    policies = [
        policy.model_copy(update={"versions": [one.model_copy(update={"summary_on": True}) for one in policy.versions]})
        for policy in profile.policies
    ]
    return profile.model_copy(update={"campaign": profile.campaign.model_copy(update={"parts": parts}), "policies": policies})


def found(count: int, on: date, actor: Actor, now: datetime) -> None:
    """Everything that stands before the first campaign: settings, people, vendors, contracts, accounts and roles."""
    folder = folder_of(current_app.config["SETTINGS"].profile)
    profile = fitting(read_profile(folder), on)
    load(folder, profile, actor, now)
    lines = [Line(place, row.values(profile.city.languages)) for place, row in enumerate(roster(count, now.date()), start=2)]
    import_roster(lines, True, "roster.csv", _digest([dict(line.values) for line in lines]), actor, now)
    _load_lists(on, actor, now)
    people = list(db.session.scalars(select(Person).where(Person.employee).order_by(Person.id)))
    ensure_accounts(people, actor, now)
    secret = hash_passphrase(PASSPHRASE)
    for number in (*(one.number for one in CAST), HEAD):
        account_of(number).password = secret
    for key, role in ROLES:
        grant_in_setup(account_of(number_of(key)), role, actor, now)
    term = {"serves_from": date(on.year - 2, 1, 1), "serves_to": date(on.year + 2, 12, 31)}
    body = next((desk.label["en"] for desk in profile.desks.values() if desk.members == "commission"), "Ethics Commission")
    for name, appointed_by in COMMISSION:
        account = create_account(name, mail_of(name), body, appointed_by, actor, now, **term)
        account.password = secret
        grant_in_setup(account, Role.COMMISSIONER, actor, now)
    counsel = create_account(COUNSEL, mail_of(COUNSEL), "Outside counsel", "City Council", actor, now, **term)
    counsel.password = secret
    grant_in_setup(counsel, Role.SOLICITOR, actor, now)
    db.session.flush()


def number_of(key: str) -> str:
    """The employee number of somebody with a part in the demo."""
    return next(one.number for one in CAST if one.key == key)


def account_of(number: str) -> Account:
    """The account of an employee number."""
    return db.session.scalars(select(Account).join(Person, Person.id == Account.person_id).where(Person.number == number)).one()


def _load_lists(on: date, actor: Actor, now: datetime) -> None:
    vendors, contracts = vendor_rows(), contract_rows(on)
    entries = [Entry(row["number"], row["name"], (), (("departments", several(row["departments"])),)) for row in vendors]
    load_vendors(entries, _digest(vendors), actor, now)
    deals = [
        Deal(
            row["number"],
            row["vendor"],
            row["department"],
            row["description"],
            date.fromisoformat(row["start"]),
            date.fromisoformat(row["end"]),
            Decimal(row["amount"]),
        )
        for row in contracts
    ]
    load_contracts(deals, _digest(contracts), actor, now)


def _digest(rows: list[dict[str, str]]) -> str:
    return sha256(canonical_json(rows))
