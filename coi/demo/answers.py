"""What the people of the made-up city declare: most nothing, some a second job, a few what needs a second look."""

import random
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from coi.demo.lists import VENDORS

Answers = dict[str, Any]
SHORT = ("has_outside_work", "has_contract", "has_power", "has_family_vendor", "has_gifts", "has_posts")
FULL = ("has_ownership", "has_property", "has_debt", "has_future_job", "has_other_close", "stepped_aside")
JOBS = (
    ("Lemon Street Cafe", "serving coffee on weekends", ["none"]),
    ("Corner Barber Shop", "cutting hair in the evening", ["none"]),
    ("County Youth Soccer", "refereeing", ["grant_from_city"]),
    ("Garden Spot Deliveries", "driving a van", ["none"]),
    ("Red Maple Tutoring", "teaching mathematics", ["none"]),
    ("Sunrise Home Repair", "painting and small repairs", ["permit_licence_or_zoning"]),
    ("Penn Square Security Services LLC", "guarding events", ["sells_to_city"]),
    ("Manor Street Hardware", "selling tools on Saturdays", ["sells_to_city"]),
    ("Lantern Software Ltd.", "testing programs", ["sells_to_city"]),
)
GIVERS = ("Keystone Paving LLC", "Blue Heron Catering", "A resident of Chestnut Street", "Quartz Data Systems Corp.")
# Walter Sheridan has not begun to answer what is still true of it; Nadia Kowalczyk has not begun at all.
TOLD_LAST_YEAR = ("000103", "000104")
GROUPS = (
    ("West End Neighbors", ["money_asked"]),
    ("Friends of the Library", ["space"]),
    ("Fulton Row Community Kitchen", ["money_asked"]),
)


def drawn(draw: random.Random, filer: Mapping[str, Any], reporting_year: int, burden: float = 0.27) -> Answers:
    """The answers of one filer to city-coi; `burden` is the share that has anything to declare."""
    level = filer.get("level") or "short"
    if level == "policies_only":
        return {"consent": "yes"}
    answers: Answers = dict.fromkeys(SHORT, "no")
    answers["affirm"] = "yes"
    if level == "full":
        answers |= dict.fromkeys(FULL, "no")
        answers["duties"] = list(filer.get("duties") or ["none_of_these"])
        if filer.get("sec1_filer") == "yes":
            answers["sec1_filed"] = "yes"
    if draw.random() < burden:
        kinds, weights = (_job, _gift, _post, _family, _contract, _power), (12, 4, 4, 2, 1, 1)
        for kind in draw.choices(kinds, weights, k=draw.choice((1, 1, 1, 2))):
            answers |= kind(draw, filer, reporting_year)
        if level == "full" and draw.random() < 0.4:
            answers |= draw.choice(_FULL_ONLY)(draw, filer, reporting_year)
    return answers


def nothing(filer: Mapping[str, Any]) -> Answers:
    """The answers of who has nothing to declare."""
    return drawn(random.Random(0), filer, 0, burden=0.0)  # nosec B311  # nothing is drawn


def side_job(filer: Mapping[str, Any], org: str, work: str, dealing: str = "none") -> Answers:
    """One second job, approved where the City asks for it."""
    entry: Answers = {"org": org, "work": work, "dealing": [dealing], "my_part": "no"}
    if filer.get("job_approval") in ("required", "first_year"):
        entry["approved"] = "yes"
    return {"has_outside_work": "yes", "outside_work": [entry]}


def of_story(number: str, filer: Mapping[str, Any], reporting_year: int) -> Answers:
    """What the two people told last year who are asked about it this year; nothing for everybody else."""
    if number not in TOLD_LAST_YEAR or filer.get("level") == "policies_only":
        return {}
    ticket = {"giver": "Quartz Data Systems Corp.", "owner": "me", "kind": "ticket", "value": "85.00"}
    ticket |= {"date": f"{reporting_year}-05-09", "kept": "kept", "my_part": "no"}
    told = nothing(filer) | side_job(filer, "Red Maple Tutoring", "teaching mathematics")
    told |= {"has_posts": "yes", "posts": [{"org": "Friends of the Library", "asks": ["space"], "my_part": "no"}]}
    return told | {"has_gifts": "yes", "gifts": [ticket]}


def _job(draw: random.Random, filer: Mapping[str, Any], _year: int) -> Answers:
    org, work, dealing = draw.choice(JOBS)
    entry: Answers = {"org": org, "work": work, "dealing": list(dealing), "my_part": "yes" if draw.random() < 0.06 else "no"}
    if filer.get("job_approval") in ("required", "first_year"):
        entry["approved"] = draw.choice(("yes", "yes", "yes", "not_asked"))
    return {"has_outside_work": "yes", "outside_work": [entry]}


def _gift(draw: random.Random, _filer: Mapping[str, Any], year: int) -> Answers:
    entry = {
        "giver": draw.choice(GIVERS),
        "owner": "me",
        "kind": draw.choice(("meal", "ticket", "goods", "meal")),
        "value": draw.choice(("15.00", "35.00", "60.00", "85.00")),
        "date": date(year, draw.randrange(1, 13), draw.randrange(1, 28)).isoformat(),
        "kept": draw.choice(("shared_at_work", "kept", "gave_back")),
        "my_part": "no",
    }
    return {"has_gifts": "yes", "gifts": [entry]}


def _post(draw: random.Random, _filer: Mapping[str, Any], _year: int) -> Answers:
    org, asks = draw.choice(GROUPS)
    return {"has_posts": "yes", "posts": [{"org": org, "asks": list(asks), "my_part": "no"}]}


def _family(draw: random.Random, _filer: Mapping[str, Any], _year: int) -> Answers:
    entry = {
        "org": draw.choice(VENDORS)[0],
        "relation": draw.choice(("brother_or_sister", "spouse_or_partner", "parent")),
        "role": draw.choice(("owner", "sells_for_it")),
        "my_part": draw.choice(("no", "no", "yes")),
    }
    return {"has_family_vendor": "yes", "family_vendor": [entry]}


def _contract(draw: random.Random, _filer: Mapping[str, Any], _year: int) -> Answers:
    entry = {
        "org": draw.choice(VENDORS)[0],
        "owner": "spouse_or_partner",
        "what": "sale",
        "amount": "4800.00",
        "public_bid": draw.choice(("yes", "not_sure")),
        "my_part": "no",
    }
    return {"has_contract": "yes", "contracts": [entry]}


def _power(draw: random.Random, _filer: Mapping[str, Any], _year: int) -> Answers:
    entry = {
        "tie": draw.choice(("close_relative", "other_relative")),
        "person": "A cousin at the same station",
        "direction": draw.choice(("i_direct", "they_direct")),
    }
    return {"has_power": "yes", "power": [entry]}


def _ownership(draw: random.Random, _filer: Mapping[str, Any], _year: int) -> Answers:
    return {
        "has_ownership": "yes",
        "ownership": [{"org": draw.choice(VENDORS)[0], "owner": "me", "dealing": ["none"], "my_part": "no"}],
    }


def _property(draw: random.Random, _filer: Mapping[str, Any], _year: int) -> Answers:
    entry = {
        "address": f"{draw.randrange(10, 900)} Mulberry Street",
        "owner": "me",
        "use": "rented_home",
        "open_case": [draw.choice(("none", "permit", "none"))],
        "my_part": "no",
    }
    return {"has_property": "yes", "property": [entry]}


_FULL_ONLY: tuple[Callable[[random.Random, Mapping[str, Any], int], Answers], ...] = (_ownership, _property)


def of_the_state_form(
    draw: random.Random, name: str, title: str, city: str, filer: Mapping[str, Any], reporting_year: int, signed_on: date
) -> Answers:
    """The answers of one filer to pa-sec-1: the city's own pay, now and then a board seat or a family firm, else none."""
    office = "1 City Hall Plaza"
    first, _space, last = name.partition(" ")
    answers: Answers = dict.fromkeys(
        ("b08_real_estate", "b09_creditors", "b11_gifts", "b12_hospitality", "b13_offices", "b14_ownership", "b15_transferred"),
        "none",
    )
    answers |= {
        "b01_name": f"{last}, {first}",
        "b02_address": office,
        "b03_status": [filer.get("status") or "public_employee_current"],
        "b04_positions": [{"time": "hold", "title": title}],
        "b05_entities": [{"time": "hold", "name": city}],
        "b06_occupation": title,
        "b07_year": str(reporting_year),
        "b10_income": [{"name": city, "address": office}],
        "affirm": "yes",
        "signed_on": signed_on.isoformat(),
    }
    if draw.random() < 0.2:
        answers["b13_offices"] = [{"business": draw.choice(GROUPS)[0], "address": "12 Fulton Row", "post": "member of the board"}]
    if draw.random() < 0.1:
        answers["b14_ownership"] = [{"business": "Red Maple Tutoring", "address": "88 Lemon Street", "percent": "50"}]
    return answers
