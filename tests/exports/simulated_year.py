"""A year of a small city, lived at random: cases walked through the pages, and beside them what the desk, the roster and the
administrator do; now and then workbooks are made, to be asked for again when the year is over."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from openpyxl import load_workbook
from sqlalchemy import select

from coi.accounts.actions import create_account
from coi.accounts.roles import break_glass
from coi.audit.keys import read_key
from coi.campaigns import actions as campaigns
from coi.campaigns import extensions, obligations
from coi.campaigns.reminders import write_due
from coi.db import db, transaction
from coi.errors import Refused
from coi.exports import actions
from coi.exports.making import Asked, make, wanted_sheets
from coi.exports.snapshot import one_snapshot
from coi.languages import speaking
from coi.models import Campaign, CampaignPart, DisclosureVersion, Obligation, Person
from coi.notices.sweep import sweep
from coi.people.actions import import_roster
from coi.people.reading import Line
from coi.policies.actions import sign as sign_policy
from coi.policies.queries import listed
from coi.profiles.current import current_profile, today
from coi.profiles.keeping import load
from coi.questionnaires.actions import publish
from coi.questionnaires.loading import shipped
from coi.rules.permissions import Actor
from coi.vendors.jobs import match_anew
from coi.vocabulary import ExcuseReason, ExtensionReason, Role
from tests.disclosures.steps import owed
from tests.exports.workbooks import sheets
from tests.factories import OPERATOR, an_entry, find_cast
from tests.faults.any_order import ACTORS, ACTS, City, Walk
from tests.faults.order_likely import named, next_step
from tests.vendors.lists_of_tests import JOB, load_contracts

KINDS = ("standard", "full", "public")
# What About says of the asking, and not of the City: everything else is the same for the same moment.
OF_ASKING = ("Workbook", "Asked by", "Asked at", "Made at", "With verify.py", "Seal", "Checkpoint")


@dataclass(frozen=True)
class Taken:
    """One workbook as it was made: as of when, in which language, and everything that must be the same again."""

    as_of: str
    kind: str
    language: str
    campaign: int | None
    book: Path
    told: dict[str, Any]


class Year:
    """The city on its way through a year."""

    def __init__(self, app: Any, clock: Any, folder: Path, seed: int) -> None:
        self.city, self.clock, self.folder, self.seed = City(app, clock), clock, folder, seed
        self.draw = random.Random(seed)
        self.taken: list[Taken] = []
        self.done: dict[str, int] = {}
        for name in find_cast():
            owed(find_cast()[name].person)
        content = current_profile().to_json()
        for policy in content["policies"]:
            for version in policy["versions"]:
                version["binds"] = {"filer": "unit", "in": ["nobody"]}  # they are answered for beside the cases
        load(Path("city"), type(current_profile()).from_json(content), OPERATOR, datetime.now(UTC))
        db.session.commit()

    def live(self, walks: int, moments: int) -> None:
        """So many cases, each some twenty steps; workbooks are made at moments spread over all of it."""
        steps = sorted(self.draw.sample(range(walks * 24), moments))
        place = 0
        for number in range(walks):
            walk = Walk(self.city, self.draw.randrange(2**20))
            walk.press("filer", "sign", random.Random(0), plain=True)
            for who, act, outcome in walk.beginning:
                walk.press(
                    named(who, walk.stand(), walk.cast, random.Random(0)), act, random.Random(0), plain=True, outcome=outcome
                )
            for turn in range(24):
                place = number * 24 + turn
                self._one_step(walk)
                if place in steps:
                    self.take()
            self._as_before(walk)

    @staticmethod
    def _as_before(walk: Walk) -> None:
        """People have the roles again that the next case begins with."""
        db.session.expire_all()
        walk.roles_as_before(an_entry())
        db.session.commit()

    def _one_step(self, walk: Walk) -> None:
        rng = random.Random(self.draw.randrange(2**30))
        likely = rng.random() < 0.65
        walk.step(*(next_step(walk.stand(), walk.cast, rng) if likely else (rng.choice(ACTORS), rng.choice(ACTS))), rng)
        if rng.random() < 0.5:
            self.beside(rng)
            walk.stands = None

    def beside(self, rng: random.Random) -> None:
        """Something that is no act on the walked case."""
        act = rng.choice(BESIDE)
        db.session.commit()
        try:
            with transaction():
                act(self, rng, datetime.now(UTC))
        except Refused:
            return
        finally:
            db.session.expire_all()
        self.done[act.__name__] = self.done.get(act.__name__, 0) + 1

    def take(self) -> None:
        """A workbook of each kind, as of now."""
        language, campaign = self.draw.choice(["en", "es"]), self.draw.choice([None, 2026])
        with transaction():
            asked = begun(campaign, language, None)
        for kind in KINDS:
            book = self.folder / f"then-{len(self.taken)}.xlsx"
            told = self._made(asked, kind, book)
            self.taken.append(Taken(asked.at.as_of, kind, language, campaign, book, told))
        self.clock.shift(timedelta(seconds=self.draw.choice([0, 0, 1])))

    def again(self, one: Taken) -> list[str]:
        """The same workbook, asked for now: what differs from the one made then, with the first cell of each sheet that does."""
        with transaction():
            asked = begun(one.campaign, one.language, one.as_of)
        book = self.folder / "now.xlsx"
        told = self._made(asked, one.kind, book)
        found = [name for name, value in one.told.items() if told[name] != value]
        return found and [f"{one.kind} of {one.as_of}: {', '.join(found)}", *where(sheets(one.book), sheets(book))]

    def _made(self, asked: Asked, kind: str, book: Path) -> dict[str, Any]:
        asked = replace(asked, kind=kind, sheets=wanted_sheets((), kind))
        key = read_key(self.city.app.config["SETTINGS"].key_file)
        with one_snapshot():
            seal = make(asked, book, self.folder / "seal.json", key, datetime.now(UTC), lambda _rows: None).seal
        with speaking(asked.at.language):
            of_asking = {str(_(label)) for label in OF_ASKING}
        about = load_workbook(book, read_only=True).worksheets[0].iter_rows(values_only=True)
        return {
            **{key: sheet["root"] for key, sheet in seal["sheets"].items()},
            "columns": {key: sheet["columns"] for key, sheet in seal["sheets"].items()},
            "rows": {key: sheet["rows"] for key, sheet in seal["sheets"].items()},
            "summary": seal["frame"]["summary"],
            "size": seal["size"],
            "head": seal["head"],
            "about": [row for row in about if row[0] not in of_asking],
        }


def where(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[str]:
    """The first cells that differ, sheet by sheet."""
    found = []
    for name, rows in before.items():
        pairs = enumerate(zip(rows, after[name], strict=False), 1)
        number, cells = next(((at, (was, now)) for at, (was, now) in pairs if was != now), (0, ([], [])))
        if number or len(rows) != len(after[name]):
            differ = [(was, now) for was, now in zip(*cells, strict=False) if was != now]
            found.append(f"{name} {number}: {differ[:4]}; {len(rows)} rows, then {len(after[name])}")
    return found


def begun(year: int | None, language: str, as_of: str | None) -> Asked:
    """A workbook that is asked for and claimed, as the worker does."""
    now, actor = datetime.now(UTC), Actor("operator:tests", None, label="operator tests")
    campaign = db.session.scalar(select(Campaign).where(Campaign.year == year)) if year else None
    return actions.begin(actions.ask(campaign, language, as_of, actor, now), actor, now)


def _somebody(rng: random.Random) -> Person:
    return rng.choice(list(db.session.scalars(select(Person).where(Person.number.is_not(None)).order_by(Person.id))))


def _open_one(rng: random.Random) -> Obligation:
    wanted = select(Obligation).where(Obligation.settled_on.is_(None), Obligation.ended_seq.is_(None))
    return rng.choice(list(db.session.scalars(wanted.order_by(Obligation.id))))


def moves(_year: Year, rng: random.Random, now: datetime) -> None:
    """Somebody has another name, title or department, or leaves, by the roster."""
    one = _somebody(rng)
    what = rng.choice(["name", "title", "department", "group"])
    told = {"number": one.number or "", "name": one.name, what: f"New {what} {rng.randrange(1000)}"}
    import_roster([Line(2, told)], False, "r.csv", f"{rng.randrange(2**32):064x}", OPERATOR, now)


def arrives(_year: Year, rng: random.Random, now: datetime) -> None:
    """Somebody new stands on the roster."""
    number = f"9{rng.randrange(10**6):06}"
    told = {"number": number, "name": f"Fresh {number}", "department": "Parks", "title": "Clerk", "hired_on": "2026-03-02"}
    import_roster([Line(2, told)], False, "r.csv", f"{rng.randrange(2**32):064x}", OPERATOR, now)
    owed(db.session.scalars(select(Person).where(Person.number == number)).one())


def more_time(_year: Year, rng: random.Random, now: datetime) -> None:
    """More time for somebody."""
    one = _open_one(rng)
    extensions.extend(one, today(now) + timedelta(days=rng.randrange(5, 90)), ExtensionReason.RECORDS, "asked", OPERATOR, now)


def excused(_year: Year, rng: random.Random, now: datetime) -> None:
    """Nothing is due any more."""
    extensions.excuse(_open_one(rng), ExcuseReason.NOT_COVERED.value, OPERATOR, now)


def away(_year: Year, rng: random.Random, now: datetime) -> None:
    """On leave, or back."""
    begin = today(now) - timedelta(days=rng.randrange(10))
    days = (begin, rng.choice([None, begin + timedelta(days=rng.randrange(1, 60))])) if rng.random() < 0.7 else (None, None)
    extensions.set_leave(_somebody(rng), *days, False, OPERATOR, now)


def paused(_year: Year, rng: random.Random, now: datetime) -> None:
    """A part of the campaign stops, or goes on."""
    part = db.session.scalars(select(CampaignPart).order_by(CampaignPart.id).limit(1)).one()
    campaigns.pause(part, not part.paused, OPERATOR, now)


def taken_back(_year: Year, rng: random.Random, now: datetime) -> None:
    """Somebody was asked by mistake."""
    obligations.end(_open_one(rng), "mistake", OPERATOR, now)


def other_words(_year: Year, rng: random.Random, now: datetime) -> None:
    """The City has another profile: its name, its rules' reasons, its holidays."""
    profile = current_profile()
    content = profile.to_json()
    content["city"]["name"] = f"City {rng.randrange(1000)}"
    for rule in content["routing"]:
        rule["because"] = {**rule["because"], "es": f"porque {rng.randrange(1000)}"}
    load(Path("city"), type(profile).from_json(content), OPERATOR, now)


def signs_policies(_year: Year, rng: random.Random, now: datetime) -> None:
    """Somebody answers for a policy."""
    signed = list(db.session.scalars(select(DisclosureVersion).order_by(DisclosureVersion.id)))
    policies = list(listed(today(now)))
    if not signed or not policies:
        return
    version, policy = rng.choice(signed), rng.choice(policies)
    said = rng.choice([{"receipt": "received"}, {"receipt": "declined"}, {"receipt": "objection", "objection": "No."}])
    filer = version.disclosure.filer_id
    sign_policy(version, {str(policy.id): said}, Actor(f"person:{filer}", filer), now)


def letters(_year: Year, rng: random.Random, now: datetime) -> None:
    """Reminders are written and leave."""
    write_due(now)
    sweep(now, 50, paced=False)


def contracts(_year: Year, rng: random.Random, now: datetime) -> None:
    """The company of the long forms gets a contract, and the names on filings are compared anew."""
    load_contracts(f'N{rng.randrange(10**9)},"{JOB}",Public Works,Dinners,2026-01-01,,"25,000.50"')
    match_anew(now)


def outsider(_year: Year, rng: random.Random, now: datetime) -> None:
    """Somebody who is no employee gets an account, and perhaps a right in an emergency."""
    name, mail = f"Outside {rng.randrange(1000)}", f"o{rng.randrange(10**6)}@example.org"
    made = create_account(name, mail, "Firm", "Mayor", OPERATOR, now)
    if rng.random() < 0.7:
        break_glass(made, rng.choice([Role.AUDITOR, Role.RECORDS_OFFICER, Role.SOLICITOR]), "an emergency", OPERATOR, now)


def better_words(_year: Year, rng: random.Random, now: datetime) -> None:
    """The form gets better words."""
    content = shipped("city_coi")
    told = {**content, "form": {**content["form"], "version": f"w{rng.randrange(10**6)}"}}
    publish(told, "wording", OPERATOR, now)


def time_passes(year: Year, rng: random.Random, _now: datetime) -> None:
    """Days go by."""
    year.clock.shift(timedelta(days=rng.randrange(1, 12), minutes=rng.randrange(600)))


BESIDE: tuple[Callable[[Year, random.Random, datetime], None], ...] = (
    *(moves, moves, moves, arrives, more_time, more_time, excused, away, away, paused, taken_back, other_words),
    *(signs_policies, signs_policies, contracts, letters, outsider, better_words, time_passes, time_passes),
)
