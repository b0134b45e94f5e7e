"""How many of a city's filings need a person, and how many hours that is: people made up by the shares written here.

    .venv/bin/python -m bench.may --people 600 --seed 1

Everybody files the shipped form through the actions of the pages, on a scratch SQLite database: real triggers, matching, routing.
Two things are made up and said to be: the shares below, and the minutes of each kind. A city puts in its own.
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from sqlalchemy import func, select

from app import create_app
from coi.accounts.queries import holders
from coi.config import Settings
from coi.db import db, transaction
from coi.demo import answers as demo
from coi.demo.city import found
from coi.demo.lists import VENDORS
from coi.demo.years import acting_for, open_year, signature_of
from coi.disclosures import actions as filing
from coi.disclosures import queries
from coi.disclosures.signing import sign
from coi.models import Disclosure, Obligation
from coi.profiles.current import current_profile, forget, today
from coi.review import together
from coi.rules import sampling
from coi.setting_up import make_installation, make_tables
from coi.vocabulary import Risk, Role, State
from tests.factories import OPERATOR

# A second job. Police 24, fire 35, works 12, office 5 of a hundred: League of California Cities, 1952, as told in Management
# Information Service report 155 (December 1956); all public administration 9.3 (CPS, May 1991), everybody 5 (BLS, 2009-2010).
# Old and high: whoever plans by them plans for more work, not for less. Elected: a guess, most councils are part-time.
SECOND_JOB = {"police": 0.24, "fire": 0.35, "civilian": 0.12, "management": 0.05, "elected": 0.7, "board_member": 0.7}
# Land or a building let to others: 7 of a hundred tax returns show rent (IRS 2009); that it lies in the own city, and close
# family's, is a guess.
PROPERTY = 0.07
# Everything below is a guess. Of those with a second job: the employer sells to the City; the own work covers it.
EMPLOYER_SELLS, OWN_PART, NOT_APPROVED = 0.10, 0.03, 0.15
OF_ALL = {"gifts": 0.03, "posts": 0.05, "contracts": 0.007, "power": 0.015, "family_vendor": 0.01, "note": 0.03}
OF_FULL = {"ownership": 0.02, "debts": 0.004, "future_job": 0.01, "other_close": 0.03, "stepped_aside_list": 0.03}
PART_IN_IT = 0.1

# Minutes of an officer, all guesses: one by one by priority; a filing of a batch; a filing of its sample; a batch as such.
MINUTES = {"routine": 4, "look": 8, "soon": 20, "first": 45, "now": 90}
IN_A_BATCH, SAMPLED, A_BATCH = 0.1, 3, 5
HOURS_OF_A_MONTH = 60  # fifteen a week
MORNING = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)


def told(draw: random.Random, filer: Mapping[str, Any], year: int) -> dict[str, Any]:
    """The answers of one filer to the shipped form, by the shares above."""
    said = demo.nothing(filer)
    if filer.get("level") == "policies_only":
        return said
    if draw.random() < SECOND_JOB.get(filer.get("unit", ""), SECOND_JOB["civilian"]):
        said |= {"has_outside_work": "yes", "outside_work": [_job(draw, filer)]}
    shares = OF_ALL | (OF_FULL | {"property": PROPERTY} if filer.get("level") == "full" else {})
    for name, share in shares.items():
        if draw.random() < share:
            said |= {"anything_else": "Please call me."} if name == "note" else _entry(name, draw, filer, year)
    return said


def _job(draw: random.Random, filer: Mapping[str, Any]) -> dict[str, Any]:
    sells = draw.random() < EMPLOYER_SELLS
    org, work, dealing = draw.choice(demo.JOBS[:6])
    entry = {"org": draw.choice(VENDORS)[0] if sells else org, "work": work, "dealing": ["sells_to_city"] if sells else dealing}
    if filer.get("job_approval"):
        entry["approved"] = "not_asked" if draw.random() < NOT_APPROVED else "yes"
    return entry | {"my_part": "yes" if draw.random() < OWN_PART else "no"}


def _entry(name: str, draw: random.Random, filer: Mapping[str, Any], year: int) -> dict[str, Any]:
    """One entry of a list; the question that opens it is called after it."""
    vendor = draw.choice(VENDORS)[0]
    party: dict[str, Any] = {"org": vendor, "my_part": "yes" if draw.random() < PART_IN_IT else "no"}
    gift = {
        "giver": vendor,
        "owner": "me",
        "kind": draw.choices(("meal", "ticket", "goods", "cash_or_gift_card"), (5, 3, 3, 1))[0],
    }
    deal = {"owner": "spouse_or_partner", "what": "sale", "amount": "4800.00", "public_bid": draw.choice(("yes", "not_sure"))}
    entries: dict[str, dict[str, Any]] = {
        "gifts": gift
        | {
            "value": draw.choice(("20.00", "60.00", "85.00")),
            "date": f"{year}-06-03",
            "kept": "kept",
            "my_part": party["my_part"],
        },
        "posts": party | {"org": draw.choice(demo.GROUPS)[0], "asks": ["space"]},
        "contracts": party | deal,
        "power": {
            "tie": "close_relative",
            "person": "A cousin at the station",
            "direction": draw.choice(("i_direct", "they_direct")),
        },
        "family_vendor": party | {"relation": "spouse_or_partner", "role": "owner"},
        "ownership": party | {"owner": "me", "dealing": [draw.choice(("sells_to_city", "none", "none"))]},
        "debts": party | {"terms": "yes"},
        "future_job": party,
        "other_close": party | {"tie": "close_friend"},
        "stepped_aside_list": {"matter": "A permit", "date": f"{year}-09-09"}
        | ({"memo": draw.choice(("yes", "no"))} if filer.get("unit") in ("elected", "board_member") else {}),
        "property": {"address": f"{draw.randrange(10, 900)} Mulberry Street", "owner": "me", "use": "rented_home"}
        | {"open_case": [draw.choice(("none", "none", "none", "permit"))], "my_part": "no"},
    }
    opens = {"contracts": "has_contract", "debts": "has_debt", "stepped_aside_list": "stepped_aside"}.get(name, f"has_{name}")
    return {opens: "yes", name: [entries[name]]}


def file_all(year: int, draw: random.Random) -> None:
    """Everybody who owes a form files it, one a minute."""
    owed = list(db.session.scalars(select(Obligation.reference).where(Obligation.form_id == "city-coi").order_by(Obligation.id)))
    for place, reference in enumerate(owed):
        now = MORNING + timedelta(minutes=10 + place)
        with transaction():
            obligation = db.session.scalars(select(Obligation).where(Obligation.reference == reference)).one()
            actor = acting_for(obligation.person_id, now)
            disclosure = filing.start(obligation, actor, now)
            draft = queries.draft_of(disclosure)
            assert draft is not None
            due = queries.policies_due(disclosure, draft.filer, today(now))
            received = {str(version.id): {"receipt": "received", "objection": ""} for version in due}
            filing.save_draft(disclosure, told(draw, draft.filer, year - 1), received, actor, now, draft.revision)
            sign(disclosure, signature_of(disclosure, f"may-{reference}", now), actor, now)


def report() -> None:
    """Prints how many need a person, by priority, and the hours."""
    read = Disclosure.state.in_((State.SUBMITTED, State.IN_REVIEW, State.ESCALATED))
    rows = db.session.execute(
        select(Disclosure.risk, Disclosure.nil, func.count()).where(read).group_by(Disclosure.risk, Disclosure.nil)
    )
    by_risk: Counter[Risk] = Counter()
    nil = 0
    for risk, empty, count in rows:
        by_risk[risk] += count
        nil += count if empty else 0
    percent = current_profile().nil.sample_percent
    batches = sampled = 0
    in_batches: Counter[Risk] = Counter()
    for person in holders({Role.REVIEWER, Role.SENIOR_OFFICER}, today(MORNING)):
        for group in together.groups(acting_for(person.id, MORNING), "mine"):
            ids = [one for one, _version in group.members]
            for risk, count in db.session.execute(
                select(Disclosure.risk, func.count()).where(Disclosure.id.in_(ids)).group_by(Disclosure.risk)
            ):
                in_batches[risk] += count
            parts = [ids[at : at + together.MOST] for at in range(0, len(ids), together.MOST)]
            batches += len(parts)
            sampled += sum(sampling.size(len(part), percent, 0) for part in parts)
    alone = {risk: by_risk[risk] - in_batches[risk] for risk in reversed(Risk)}
    hours = sum(MINUTES[risk.priority] * count for risk, count in alone.items()) / 60
    together_hours = (IN_A_BATCH * sum(in_batches.values()) + SAMPLED * sampled + A_BATCH * batches) / 60
    whole = sum(by_risk.values())
    print(f"{whole} filings, {nil} of them with nothing to declare")
    print("| priority | filings | in batches | one by one | minutes each | hours |\n|--|--|--|--|--|--|")
    for risk, count in alone.items():
        each = MINUTES[risk.priority]
        print(f"| {risk.priority} | {by_risk[risk]} | {in_batches[risk]} | {count} | {each} | {each * count / 60:.1f} |")
    print(f"| batches: {batches}, {sampled} opened as samples | | {sum(in_batches.values())} | | | {together_hours:.1f} |")
    one_by_one = sum(alone.values())
    print(f"one by one {one_by_one} of {whole} ({100 * one_by_one / max(1, whole):.0f} %), now {by_risk[Risk.CRITICAL]}")
    print(f"hours in all {hours + together_hours:.1f}, of {HOURS_OF_A_MONTH} (15 a week for a month)")
    print(f"shares and minutes are stated in bench/may.py; a batch holds at most {together.MOST}; {percent} % are opened")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=600)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="coi-may-") as folder, time_machine.travel(MORNING, tick=True):
        told_by: dict[str, Any] = {"secret_key": "a scratch city", "folder": Path(folder), "testing": True}
        app = create_app(Settings(database_url=f"sqlite:///{folder}/coi.db", profile="lancaster", **told_by))
        with app.app_context(), app.test_request_context():
            make_tables()
            with transaction():
                make_installation(OPERATOR, MORNING - timedelta(days=30))
            with transaction():
                found(given.people, today(MORNING), OPERATOR, MORNING - timedelta(days=30))
            forget()
            with transaction():
                open_year(2026, OPERATOR, MORNING)
            file_all(2026, random.Random(given.seed))
            report()
            db.session.rollback()
            db.engine.dispose()


if __name__ == "__main__":
    main()
