"""Six hundred made-up people through three years of campaigns, by the commands of a terminal; what the test then counts."""

import csv
import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import select

from coi.campaigns import extensions, queries
from coi.campaigns.arrivals import after_imports
from coi.campaigns.obligations import Asking
from coi.db import db, transaction
from coi.demo.answers import drawn
from coi.disclosures.actions import begin_correction
from coi.disclosures.queries import policies_due, version_of
from coi.disclosures.recording import Signature
from coi.disclosures.signing import confirm_imported, sign
from coi.models import Disclosure, Obligation, Person
from coi.profiles.current import current_profile
from coi.profiles.loading import HERE as PROFILES
from coi.questionnaires.loading import shipped_path
from coi.rules.permissions import Actor
from coi.vocabulary import ExcuseReason, ExtensionReason, Kind, Receipt
from tests.factories import OPERATOR

PEOPLE = 600
DEPARTMENTS = ("Public Works", "Police", "Fire", "Finance", "Parks", "Planning", "Health", "Water")
TITLES = ("Clerk", "Laborer", "Police Officer", "Firefighter", "Buyer", "Planner", "Deputy Director", "Seasonal Worker")
GROUPS = {"Police": "Police Union", "Fire": "Firefighters Union"}
HEADINGS = ("number", "name", "email", "title", "department", "group", "language", "hired_on", "left_on")


def at(year: int, month: int, day: int, hour: int = 15) -> datetime:
    """A moment on a working morning of the city."""
    return datetime(year, month, day, hour, 0, 0, tzinfo=UTC)


@dataclass
class Walk:
    """The city on its way; `rows` is the roster as the HR desk has it."""

    runner: Any
    clock: Any
    folder: Path
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    next_number: int = 1
    draw: random.Random = field(default_factory=lambda: random.Random(600))

    def run(self, *arguments: str) -> str:
        """A command that must succeed; what it said."""
        told = self.runner.invoke(args=list(arguments))
        assert told.exit_code == 0, told.output
        return str(told.stdout)

    def go(self, moment: datetime) -> None:
        """Time stands there from now on."""
        self.clock.move_to(moment)

    def hire(self, count: int, hired_on: str) -> None:
        """New people on the roster."""
        for _one in range(count):
            number = f"{self.next_number:06}"
            department = DEPARTMENTS[self.next_number % len(DEPARTMENTS)]
            title = "Police Officer" if department == "Police" else "Firefighter" if department == "Fire" else ""
            self.rows[number] = {
                "number": number,
                "name": f"Person {number} of {department}",
                "email": f"p{number}@city.example",
                "title": title or TITLES[self.next_number % len(TITLES)],
                "department": department,
                "group": GROUPS.get(department, "Civilian Union"),
                "language": "es" if self.next_number % 5 == 0 else "en",
                "hired_on": hired_on,
                "left_on": "",
            }
            self.next_number += 1

    def roster(self, full: bool = True, confirm: int | None = None) -> str:
        """The roster goes in as a file."""
        file = self.folder / "roster.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, HEADINGS)
            writer.writeheader()
            writer.writerows(self.rows.values())
        more = ["--confirm", str(confirm)] if confirm is not None else []
        return self.run("people", "import", str(file), "--full" if full else "--part", *more)

    def act(self, moment: datetime) -> int:
        """What imports cause, when their time has come: the worker's part."""
        self.go(moment)
        with transaction():
            return after_imports(moment)

    def file(self, numbers: Sequence[str], kind: str = "annual", form: str = "city-coi") -> None:
        """These people's forms come as a file, today."""
        people = {one.number: one for one in db.session.scalars(select(Person).where(Person.number.in_(list(numbers))))}
        year = datetime.now(UTC).year - 1
        asking, lines = Asking(current_profile()), []
        for number in numbers:
            person = people[number]
            asked = next(one for one in asking.of(person, Kind(kind)) if one.form_id == form)
            answers = drawn(self.draw, asked.filer, year, burden=0.15)
            line = {"employee": number, "form": form, "kind": kind, "language": person.language, "answers": answers}
            lines.append({**line, "reporting_year": year, "signed_name": person.name})
        db.session.rollback()
        file = self.folder / "filings.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        self.run("filings", "import", str(file))

    def owing(self, year: int, kind: Kind = Kind.ANNUAL) -> list[str]:
        """The numbers of who still owes a form of the campaign of a year."""
        campaign = queries.campaign_of(year)
        wanted = select(Obligation.number).where(
            Obligation.campaign_id == campaign.id if campaign else False,
            Obligation.kind == kind,
            Obligation.settled_on.is_(None),
            Obligation.ended_seq.is_(None),
            Obligation.excused.is_(False),
        )
        found = list(db.session.scalars(wanted.order_by(Obligation.number)))
        db.session.rollback()
        return found

    def confirm(self, count: int) -> None:
        """Some people look at what came as a file and sign the policies: one objects, one declines in each ten."""
        now = datetime.now(UTC)
        with transaction():
            waiting = select(Disclosure).where(Disclosure.imported, Disclosure.kind == Kind.ANNUAL)
            found = list(db.session.scalars(waiting.order_by(Disclosure.id.desc()).limit(3 * count)))
            for place, disclosure in enumerate(found[::3]):
                version = version_of(disclosure)
                if version is None or version.confirmed_seq is not None:
                    continue
                code = {1: Receipt.OBJECTION, 2: Receipt.DECLINED}.get(place % 10, Receipt.RECEIVED)
                said = {"receipt": code.value, "objection": "I object." if code is Receipt.OBJECTION else ""}
                due = policies_due(disclosure, version.filer, now.date())
                confirm_imported(disclosure, {str(one.id): said for one in due}, _signature(disclosure), _filer(disclosure), now)

    def correct(self, count: int) -> None:
        """Some people correct their form."""
        now = datetime.now(UTC)
        with transaction():
            newest = select(Disclosure).where(Disclosure.kind == Kind.ANNUAL, Disclosure.version == 1)
            for disclosure in db.session.scalars(newest.order_by(Disclosure.id.desc()).limit(count)).all():
                begin_correction(disclosure, "A name was wrong.", _filer(disclosure), now)
                sign(disclosure, _signature(disclosure, imported=True), _filer(disclosure), now)

    def excuse(self, numbers: Sequence[str], year: int) -> None:
        """Nothing is due any more."""
        now = datetime.now(UTC)
        with transaction():
            for one in self._owed(numbers, year):
                extensions.excuse(one, ExcuseReason.NOT_COVERED.value, OPERATOR, now)

    def extend(self, numbers: Sequence[str], year: int, until: date) -> None:
        """More time."""
        now = datetime.now(UTC)
        with transaction():
            for one in self._owed(numbers, year):
                extensions.extend(one, until, ExtensionReason.RECORDS, "", OPERATOR, now)

    def leave(self, numbers: Sequence[str], begin: date, end: date | None) -> None:
        """On leave."""
        now = datetime.now(UTC)
        with transaction():
            for person in db.session.scalars(select(Person).where(Person.number.in_(list(numbers))).order_by(Person.id)):
                extensions.set_leave(person, begin, end, False, OPERATOR, now)

    def _owed(self, numbers: Sequence[str], year: int) -> list[Obligation]:
        campaign = queries.campaign_of(year)
        wanted = select(Obligation).where(
            Obligation.number.in_(list(numbers)), Obligation.campaign_id == (campaign.id if campaign else 0)
        )
        return list(db.session.scalars(wanted.order_by(Obligation.id)))


def _filer(disclosure: Disclosure) -> Actor:
    return Actor(f"person:{disclosure.filer_id}", disclosure.filer_id, label="filer")


def _signature(disclosure: Disclosure, imported: bool = False) -> Signature:
    return Signature(
        signed_name=disclosure.filer.name,
        agreed=True,
        idempotency_key=f"{disclosure.reference}-{disclosure.version}",
        language="en",
        method="session",
        imported=imported,
    )


def city_folder(folder: Path, second_version: bool = False) -> Path:
    """Lancaster's profile in a folder of its own; in the second year its code of conduct has another version."""
    made = folder / "city"
    shutil.copytree(PROFILES / "lancaster", made, dirs_exist_ok=True)
    if second_version:
        yaml = YAML(typ="rt")
        content = yaml.load(made / "profile.yaml")
        text = (made / "texts" / "code-of-conduct.en.md").read_text(encoding="utf-8")
        (made / "texts" / "code-2.en.md").write_text(text + "\n\nTell us when something changes.\n", encoding="utf-8")
        code = next(one for one in content["policies"] if one["id"] == "code-of-conduct")
        code["versions"].append({"version": "2", "effective_on": date(2026, 1, 15), "text": {"en": "texts/code-2.en.md"}})
        yaml.dump(content, made / "profile.yaml")
    return made


def walk(runner: Any, clock: Any, folder: Path) -> Walk:
    """The first two and a half years; the third stands in the middle of its campaign."""
    city = Walk(runner, clock, folder)
    city.go(at(2025, 1, 7))
    city.run("profiles", "load", str(city_folder(folder)))
    city.hire(PEOPLE, "2019-03-04")
    city.roster()
    _first_year(city)
    _second_year(city)
    _third_year(city)
    return city


def _first_year(city: Walk) -> None:
    city.go(at(2025, 3, 3))
    city.run("campaigns", "open", "--year", "2025")
    city.go(at(2025, 4, 8))
    owing = city.owing(2025)
    city.file(owing[:160])
    city.confirm(20)
    city.run("campaigns", "pause", "--part", "2")
    rest = city.owing(2025)
    city.excuse(rest[:5], 2025)
    city.extend(rest[5:20], 2025, date(2025, 5, 20))
    city.leave(rest[20:32], date(2025, 4, 1), date(2025, 6, 30))
    city.leave(rest[32:35], date(2025, 4, 1), None)
    city.go(at(2025, 5, 14))
    city.file(rest[40:90])
    city.correct(10)
    city.run("campaigns", "resume", "--part", "2")
    city.go(at(2025, 6, 3))
    city.run("campaigns", "close")
    city.file(rest[90:100])


def _second_year(city: Walk) -> None:
    city.go(at(2025, 9, 2))
    gone = list(city.rows)[:45]
    for number in gone:
        del city.rows[number]
    city.hire(40, "2025-08-25")
    city.roster(confirm=45)
    city.act(at(2025, 9, 4))
    city.file(_new_hires(), "new_hire")
    city.go(at(2026, 1, 20))
    city.run("profiles", "load", str(city_folder(city.folder, second_version=True)))
    city.hire(20, "2026-01-12")
    city.roster(full=False)
    city.act(at(2026, 1, 22))
    city.go(at(2026, 2, 10))
    city.file(_new_hires()[:12], "new_hire")
    city.go(at(2026, 3, 2))
    city.run("campaigns", "open", "--year", "2026")
    city.go(at(2026, 4, 2))
    owing = city.owing(2026)
    city.file(owing[:140])
    city.confirm(30)
    _corrected_wording(city)
    city.file(owing[140:200])
    moved = owing[230:236]
    for number in moved:
        city.rows[number]["title"] = "Deputy Director"
    for number in owing[236:240]:
        city.rows[number]["left_on"] = "2026-04-20"
    city.roster(full=False, confirm=None)
    city.act(at(2026, 4, 6))
    city.act(at(2026, 4, 21))
    city.go(at(2026, 5, 12))
    city.file(owing[240:265])
    city.correct(8)
    city.run("campaigns", "close")


def _third_year(city: Walk) -> None:
    city.go(at(2027, 3, 1))
    city.run("campaigns", "open", "--year", "2027")
    city.go(at(2027, 4, 6))
    owing = city.owing(2027)
    city.file(owing[:120])
    city.leave(owing[160:168], date(2027, 4, 1), date(2027, 5, 20))
    city.extend(owing[170:180], 2027, date(2027, 5, 25))
    city.excuse(owing[180:184], 2027)
    city.run("campaigns", "pause", "--part", "1")
    city.confirm(15)
    city.go(at(2027, 5, 11))
    city.file(owing[190:215])
    city.correct(5)


def _new_hires() -> list[str]:
    wanted = select(Obligation.number).where(
        Obligation.kind == Kind.NEW_HIRE, Obligation.settled_on.is_(None), Obligation.ended_seq.is_(None)
    )
    found = list(db.session.scalars(wanted.order_by(Obligation.number)))
    db.session.rollback()
    return found


def _corrected_wording(city: Walk) -> None:
    """The form gets better words while people file: the same questions."""
    text = shipped_path("city-coi").read_text(encoding="utf-8")
    file = city.folder / "city_coi.yaml"
    file.write_text(
        text.replace("version: draft-2", "version: draft-2b").replace(
            "Conflict of interest form,", "Form on conflicts of interest,"
        ),
        encoding="utf-8",
    )
    city.run("questionnaires", "publish", str(file), "--wording")
