"""The roster of the made-up city: stations, titles, unions, supervisors; drawn from a fixed seed, the same every time."""

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from flask import current_app

FIRST, LAST = (part.split() for part in Path(__file__).with_name("names.txt").read_text(encoding="utf-8").split("\n\n"))
ACCENTS = {
    "Nunez": "Núñez",
    "Quinones": "Quiñones",
    "Melendez": "Meléndez",
    "Lucia": "Lucía",
    "Maria": "María",
    "Tomas": "Tomás",
    "Velez": "Vélez",
}

# department, group, boss's title, (title, share) of its people, share of the city
STATIONS: tuple[tuple[str, str, str, tuple[tuple[str, int], ...], int], ...] = (
    (
        "Police, West Station",
        "Police Union",
        "Captain West",
        (("Police Officer", 8), ("Police Sergeant", 2), ("Detective", 1)),
        13,
    ),
    ("Police, East Station", "Police Union", "Captain East", (("Police Officer", 8), ("Police Sergeant", 2)), 12),
    ("Fire, Station 1", "Firefighters Union", "Fire Captain", (("Firefighter", 8), ("Fire Lieutenant", 2)), 6),
    ("Fire, Station 3", "Firefighters Union", "Fire Captain", (("Firefighter", 8), ("Fire Lieutenant", 2)), 6),
    (
        "Public Works, Streets",
        "Civilian Union",
        "Streets Manager",
        (("Equipment Operator", 5), ("Laborer", 5), ("Seasonal Laborer", 2)),
        11,
    ),
    (
        "Public Works, Water",
        "Civilian Union",
        "Water Manager",
        (("Water Plant Operator", 6), ("Meter Reader", 3), ("Chemist", 1)),
        9,
    ),
    ("Parks", "Civilian Union", "Parks Manager", (("Park Caretaker", 6), ("Recreation Aide", 3), ("Seasonal Park Aide", 3)), 8),
    (
        "Housing and Codes",
        "Civilian Union",
        "Codes Manager",
        (("Housing Inspector", 5), ("Building Inspector", 3), ("Clerk", 2)),
        7,
    ),
    ("Planning", "Management", "Planning Director", (("Senior Planner", 3), ("Neighborhood Planner", 3), ("Clerk", 1)), 3),
    ("Purchasing", "Management", "Purchasing Director", (("Buyer", 3), ("Clerk", 2)), 2),
    ("Finance", "Management", "Finance Director", (("Accountant", 5), ("Clerk", 4)), 4),
    ("Information Technology", "Management", "Technology Director", (("Systems Analyst", 4), ("Help Desk Technician", 3)), 3),
    ("Human Resources", "Management", "Human Resources Director", (("Personnel Analyst", 3), ("Clerk", 2)), 2),
    ("School Crossing", "Civilian Union", "Crossing Supervisor", (("School Crossing Guard", 1),), 6),
    ("Community Grants", "Management", "Grants Director", (("Grants Officer", 3), ("Intern", 1)), 2),
    ("City Council Office", "Management", "Council Office Manager", (("Clerk", 1),), 1),
)


@dataclass
class Row:
    """One line of the roster, as a file would hold it."""

    number: str
    name: str
    title: str
    department: str
    group: str
    supervisor: str = ""
    email: str = ""
    language: str = "en"
    hired_on: date = field(default=date(2015, 6, 1))

    def values(self, languages: Sequence[str]) -> dict[str, str]:
        """The line as texts under the fields of `people import`; in a city of one language everybody reads that one."""
        return {
            "number": self.number,
            "name": self.name,
            "email": self.email,
            "title": self.title,
            "department": self.department,
            "group": self.group,
            "supervisor": self.supervisor,
            "language": self.language if self.language in languages else languages[0],
            "hired_on": self.hired_on.isoformat(),
        }


@dataclass(frozen=True)
class Named:
    """Somebody with a part in the demo: who signs in to show a role."""

    key: str
    number: str
    name: str
    title: str
    department: str
    group: str
    boss: str = ""
    language: str = "en"


CAST: tuple[Named, ...] = (
    Named("mayor", "000001", "Rosalind Hartwell", "Mayor", "Mayor's Office", "Elected"),
    Named("solicitor_city", "000002", "Bernard Oakes", "City Solicitor", "Law", "Management", "mayor"),
    Named("controller", "000003", "Priya Venkataraman", "City Controller", "Controller's Office", "Elected"),
    Named(
        "administrator_chief", "000004", "Lorraine Whitfield", "Administration Director", "Administration", "Management", "mayor"
    ),
    Named("senior1", "000011", "Margaret Sloane", "Senior Ethics Officer", "Ethics Office", "Management"),
    Named("senior2", "000012", "Tobias Renner", "Senior Ethics Officer", "Ethics Office", "Management"),
    Named("reviewer1", "000013", "Olivia Brand", "Ethics Officer", "Ethics Office", "Management", "senior1"),
    Named("reviewer2", "000014", "Rafael Montes", "Ethics Officer", "Ethics Office", "Management", "senior1", "es"),
    Named("auditor", "000015", "Ada Lindqvist", "Deputy Controller", "Controller's Office", "Management", "controller"),
    Named(
        "admin1",
        "000016",
        "Dee Castellano",
        "Systems Administrator",
        "Information Technology",
        "Management",
        "administrator_chief",
    ),
    Named("admin2", "000017", "Samir Haddad", "Personnel Systems Lead", "Human Resources", "Management", "administrator_chief"),
    Named("employee", "000101", "Finn Gallagher", "Equipment Operator", "Public Works, Streets", "Civilian Union"),
    Named("empleada", "000102", "Marisol Quiñones", "Park Caretaker", "Parks", "Civilian Union", "", "es"),
    Named("inspector", "000103", "Nadia Kowalczyk", "Housing Inspector", "Housing and Codes", "Civilian Union"),
    Named("clerk", "000018", "Theodora Blum", "Personnel Clerk", "Human Resources", "Management"),
    Named("recorder", "000019", "Constance Adler", "Commission Clerk", "Ethics Commission Office", "Management"),
    Named("records", "000020", "Ottoline Greaves", "Records Clerk", "Human Resources", "Management"),
    # With a story each (coi/demo/stories.py); all of management, so that every city that ships asks them.
    Named("carried", "000104", "Walter Sheridan", "Accountant", "Finance", "Management"),
    Named("half_done", "000105", "Josefina Arce", "Systems Analyst", "Information Technology", "Management", "", "es"),
    Named("corrected", "000106", "Gideon Marsh", "Accountant", "Finance", "Management"),
    Named("sent_back", "000107", "Beatrice Holloway-Montgomery", "Personnel Analyst", "Human Resources", "Management"),
    Named("on_paper", "000108", "Ignacio Bermúdez", "Clerk", "Planning", "Management", "", "es"),
    Named("confirmed", "000109", "Pearl Sutherland", "Clerk", "Purchasing", "Management"),
    Named("leaves", "000110", "Desmond Fairweather", "Parking Director", "Finance", "Management"),
    Named("plan_waits", "000112", "Raymond Ostrowski", "Grants Officer", "Community Grants", "Management"),
    Named("overdue", "000113", "Augusta Penrose", "Accountant", "Finance", "Management"),
    Named("to_body", "000114", "Clement Yoder", "Senior Planner", "Planning", "Management"),
    Named("appeals", "000115", "Rosalind Tran", "Purchasing Agent", "Purchasing", "Management"),
)
COUNCIL = ("Harriet Boone", "Ismael Cotto", "Janet Eshelman", "Kofi Danso", "Leticia Arroyo", "Morgan Tate", "Nils Bergstrom")
COMMISSION = (
    ("Agnes Fairbanks", "Mayor"),
    ("Bertrand Okoye", "Mayor"),
    ("Consuelo Irizarry", "City Council"),
    ("Dorothea Klein", "City Council"),
    ("Everett Nash", "City Council"),
    ("Fatima Rahman", "Human Relations Commission"),
    ("Gustavo Peralta", "Human Relations Commission"),
)
COUNSEL = "Wilhelmina Strand"
# Hired while this year's round is under way; without an e-mail address, so with a slip.
NEW_HIRE = Named("new_hire", "000111", "Lucía Ferreira", "Clerk", "Finance", "Management", "", "es")


# The boss of the first station: a head of department to sign in as.
HEAD = "000200"


def roster(count: int, on: date) -> list[Row]:
    """About `count` lines: the cast, seven council members, a boss for each station, and the people of the stations."""
    draw = random.Random(717)  # nosec B311  # a made-up city, no secret
    numbers = {one.key: one.number for one in CAST}
    bosses = {station[0]: f"{int(HEAD) + place:06}" for place, station in enumerate(STATIONS)}
    rows = [_of_cast(one, numbers, bosses) for one in CAST]
    rows += [
        Row(f"0000{30 + place}", name, "Council Member", "City Council", "Elected", email=mail_of(name))
        for place, name in enumerate(COUNCIL)
    ]
    names = _names(draw)
    for department, _group, title, _titles, _share in STATIONS:
        name = next(names)
        rows.append(Row(bosses[department], name, title, department, "Management", numbers["administrator_chief"], mail_of(name)))
    left = max(0, count - len(rows) - 1)  # one more is hired later
    total = sum(station[4] for station in STATIONS)
    serial, rest = 1000, left
    for place, (department, group, _boss, titles, share) in enumerate(STATIONS):
        size = rest if place == len(STATIONS) - 1 else min(rest, round(left * share / total))
        rest -= size
        for _one in range(size):
            serial += 1
            rows.append(
                _drawn(
                    draw,
                    next(names),
                    f"{serial:06}",
                    draw.choices([t for t, _ in titles], [w for _, w in titles])[0],
                    department,
                    group,
                    bosses,
                    on,
                )
            )
    return rows


def hired(on: date) -> Row:
    """The line of the new hire."""
    one = NEW_HIRE
    return Row(one.number, one.name, one.title, one.department, one.group, _boss_of(one), "", one.language, on)


def leaving(on: date) -> dict[str, str]:
    """The line of who leaves on a day to come."""
    one = next(each for each in CAST if each.key == "leaves")
    return {"number": one.number, "name": one.name, "left_on": on.isoformat()}


def _boss_of(one: Named) -> str:
    return next(f"0002{place:02}" for place, station in enumerate(STATIONS) if station[0] == one.department)


def _of_cast(one: Named, numbers: dict[str, str], bosses: dict[str, str]) -> Row:
    supervisor = numbers.get(one.boss, "") or bosses.get(one.department, "")
    return Row(one.number, one.name, one.title, one.department, one.group, supervisor, mail_of(one.name), one.language)


def _drawn(
    draw: random.Random, name: str, number: str, title: str, department: str, group: str, bosses: dict[str, str], on: date
) -> Row:
    spanish = draw.random() < 0.28
    has_mail = draw.random() < (0.97 if group == "Management" else 0.62)
    hired = on - timedelta(days=draw.randrange(120, 9000))
    return Row(
        number,
        name,
        title,
        department,
        group,
        bosses[department],
        mail_of(name) if has_mail else "",
        "es" if spanish else "en",
        hired,
    )


def _names(draw: random.Random) -> Iterator[str]:
    """Names without a repetition: first and last drawn, a middle letter where both came before."""
    seen: set[str] = set()
    while True:
        first, last = draw.choice(FIRST), draw.choice(LAST)
        name = f"{ACCENTS.get(first, first)} {ACCENTS.get(last, last)}"
        if name in seen:
            name = f"{ACCENTS.get(first, first)} {draw.choice('ABCDEFGHJKLMNPRSTVW')}. {ACCENTS.get(last, last)}"
        if name not in seen:
            seen.add(name)
            yield name


def mail_of(name: str) -> str:
    """A made-up address at a place that no mail reaches (RFC 2606)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    city = Path(current_app.config["SETTINGS"].profile).name.lower()
    return ".".join("".join(letter for letter in part if letter.isalnum()) for part in plain.split()) + f"@{city}.example"
