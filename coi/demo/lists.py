"""Vendors and contracts of the made-up city; no company in it is real."""

import random
from datetime import date, timedelta

VENDORS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Keystone Paving LLC", ("Public Works, Streets",)),
    ("Río Verde Landscaping, Inc.", ("Parks", "Public Works, Streets")),
    ("Quartz Data Systems Corp.", ("Information Technology",)),
    ("Blue Heron Catering", ("Mayor's Office", "Human Resources")),
    ("Tidewater Bridge Company", ("Public Works, Streets",)),
    ("Conestoga Aggregates Co.", ("Public Works, Streets",)),
    ("Red Rose Uniforms", ("Police, West Station", "Police, East Station", "Fire, Station 1", "Fire, Station 3")),
    ("Penn Square Security Services LLC", ("Police, East Station",)),
    ("Old Mill Water Testing, Inc.", ("Public Works, Water",)),
    ("Hearthstone Housing Partners LP", ("Housing and Codes", "Community Grants")),
    ("Manor Street Hardware", ("Public Works, Water", "Parks")),
    ("Lantern Software Ltd.", ("Finance", "Information Technology")),
    ("Brickyard Consulting Group", ("Planning",)),
    ("Fulton Row Community Kitchen", ("Community Grants",)),
    ("Swift Fox Towing", ("Police, West Station",)),
    ("Amberwood Tree Care LLC", ("Parks",)),
    ("Chestnut Hill Engineering PC", ("Planning", "Public Works, Water")),
    ("Northgate Auto Parts", ("Public Works, Streets",)),
    ("Bright Start Day Care", ("Community Grants",)),
    ("Two Rivers Fire Equipment Inc.", ("Fire, Station 1", "Fire, Station 3")),
)


def vendor_rows() -> list[dict[str, str]]:
    """The vendor list as a file would hold it."""
    return [
        {"number": f"V{place:04}", "name": name, "aliases": "", "departments": "|".join(departments)}
        for place, (name, departments) in enumerate(VENDORS, start=1)
    ]


def contract_rows(on: date) -> list[dict[str, str]]:
    """Two or three contracts for each vendor, some of them running."""
    draw = random.Random(1742)  # nosec B311  # a made-up city, no secret
    rows: list[dict[str, str]] = []
    for name, departments in VENDORS:
        for _one in range(draw.choice((2, 2, 3))):
            start = on - timedelta(days=draw.randrange(20, 900))
            rows.append(
                {
                    "number": f"C{len(rows) + 1:05}",
                    "vendor": name,
                    "department": draw.choice(departments),
                    "description": draw.choice(("Services", "Supplies", "Repairs", "Yearly agreement")),
                    "start": start.isoformat(),
                    "end": (start + timedelta(days=365)).isoformat(),
                    "amount": f"{draw.randrange(8, 4200) * 250}.00",
                }
            )
    return rows
