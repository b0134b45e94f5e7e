"""Eight scenes of Pennsylvania's Ethics Act (65 Pa.C.S. 1102-1103): what a person tells, which flags come of it, who reads it.

The Act's words are the law's; the scenes are ours. What the Act leaves out (a class, a trifle, a mere member) raises nothing.
"""

from typing import Any

import pytest

from coi.profiles.loading import folder_of, read_profile
from coi.questionnaires.loading import shipped
from coi.rules.completeness import Evaluation, evaluate
from coi.rules.conditions import holds
from coi.rules.form import Form
from coi.rules.routing import desk_for
from tests.rules.small_forms import CityLists, setting

CITY = Form.from_content(shipped("city_coi"))
LISTS = CityLists(
    city_vendors=[{"name": "Brick & Vale Paving LLC", "departments": ["Public Works"]}],
    departments=[{"name": "Public Works"}, {"name": "Parks"}],
    city_employees=[{"name": "Nora Quill"}],
    parcels=[],
)
ASKED_OF_ALL = ("has_outside_work", "has_contract", "has_power", "has_family_vendor", "has_gifts", "has_posts")
ASKED_IN_FULL = ("has_ownership", "has_property", "has_debt", "has_future_job", "has_other_close", "stepped_aside")

# Who they are on the roster: title, group, department.
CLERK = ("Clerk II", "Civilian Union", "Public Works")
BUYER = ("Buyer II", "Civilian Union", "Public Works")
PLANNER = ("Senior Planner", "Management", "Planning")
MEMBER = ("Zoning Hearing Board Manager", "Boards", "Planning")
COUNCIL = ("Council Member, Ward 2", "Elected", "City Council")

PAVING = {"org": "Brick & Vale Paving", "dealing": ["sells_to_city"]}
DEAL = {"org": "Quill Signs", "owner": "me", "what": "sale", "department": "Parks", "amount": "500", "my_part": "no"}


def told(profile: Any, who: tuple[str, str, str], **answers: Any) -> tuple[Evaluation, str]:
    """The form's judgement of a yearly filing about 2025, and the desk that reads it."""
    title, group, department = who
    filer = profile.filer_of({"title": title, "group": group, "department": department}, "annual")
    asked = dict.fromkeys(ASKED_OF_ALL + (ASKED_IN_FULL if filer["level"] == "full" else ()), "no")
    sec1 = {"sec1_filed": "yes"} if filer.get("sec1_filer") == "yes" else {}
    found = evaluate(CITY, {**asked, **sec1, "affirm": "yes", **answers}, setting(on="2026-03-02", lists=LISTS, **filer))
    assert found.faults == ()
    facts = {
        "filer": filer,
        "case": {"risk": found.risk.value, "kind": "annual", "department": department, "post": filer.get("post", "")},
    }
    rules = [(rule.reason, rule.when, rule.desk) for rule in profile.routing]
    return found, desk_for(rules, profile.reviews, filer.get("post", ""), lambda when: holds(when, facts)).desk


def flags(found: Evaluation) -> set[tuple[str, str, int | None]]:
    return {(flag.risk, flag.question, flag.entry) for flag in found.flags}


SCENES = {
    # 1. "Conflict": what touches a class or subclass to the same degree is none. A planner rents out a flat like thousands of
    # owners, and no case about it is open: nothing is flagged. The same flat with a zoning case before that planner is.
    "class: one landlord among all": (
        PLANNER,
        {
            "has_property": "yes",
            "property": [{"address": "9 Elm St", "owner": "me", "use": "rented_home", "open_case": ["none"], "my_part": "no"}],
        },
        set(),
        "routine",
        "ethics",
    ),
    "not the class: the own zoning case": (
        PLANNER,
        {
            "has_property": "yes",
            "property": [{"address": "9 Elm St", "owner": "me", "use": "rented_home", "open_case": ["zoning"], "my_part": "no"}],
        },
        {("high", "property", 0)},
        "first",
        "ethics",
    ),
    # 2. "De minimis economic impact": a coffee is a trifle below the line of the code; at the line it is read.
    "de minimis: a coffee": (
        BUYER,
        {
            "has_gifts": "yes",
            "gifts": [
                {
                    "giver": "Brick & Vale Paving",
                    "owner": "me",
                    "kind": "meal",
                    "value": "4.50",
                    "date": "2025-06-03",
                    "kept": "kept",
                    "my_part": "no",
                }
            ],
        },
        set(),
        "routine",
        "ethics",
    ),
    "no trifle: dinners that add up": (
        BUYER,
        {
            "has_gifts": "yes",
            "gifts": [
                {
                    "giver": "Brick & Vale Paving",
                    "owner": "me",
                    "kind": "meal",
                    "value": "30",
                    "date": "2025-06-03",
                    "kept": "kept",
                    "my_part": "no",
                },
                {
                    "giver": "Brick & Vale Paving LLC",
                    "owner": "spouse_or_partner",
                    "kind": "meal",
                    "value": "20",
                    "date": "2025-07-03",
                    "kept": "kept",
                    "my_part": "no",
                },
            ],
        },
        {("medium", "gifts", 0)},
        "soon",
        "ethics",
    ),
    # 3. "Business with which he is associated": director, officer, owner, employee, or a financial interest; a mere member is not
    # associated. The form asks officers and board members only, so that a member's honest answer is no.
    "associated: on the board of a group that asks the City": (
        CLERK,
        {"has_posts": "yes", "posts": [{"org": "Elm Street Theatre", "asks": ["money_asked"], "my_part": "no"}]},
        {("low", "posts", 0)},
        "look",
        "ethics",
    ),
    "associated, and works on its request": (
        CLERK,
        {"has_posts": "yes", "posts": [{"org": "Elm Street Theatre", "asks": ["money_asked"], "my_part": "yes"}]},
        {("critical", "posts", 0)},
        "now",
        "chief",
    ),
    "a mere member": (CLERK, {}, set(), "routine", "ethics"),
    # 4. 1103(j): who has a conflict abstains, says so and hands in a memo; a vote against the own side is a vote all the same.
    # The form asks for the part taken, never how the vote went, so that both come out alike.
    "voted, for or against": (
        COUNCIL,
        {
            "has_family_vendor": "yes",
            "family_vendor": [{"org": "Brick & Vale Paving", "relation": "spouse_or_partner", "role": "owner", "my_part": "yes"}],
        },
        {("critical", "family_vendor", 0)},
        "now",
        "commission",
    ),
    "abstained without the memo": (
        COUNCIL,
        {"stepped_aside": "yes", "stepped_aside_list": [{"matter": "Paving of Ward 2", "date": "2025-09-09", "memo": "no"}]},
        {("medium", "stepped_aside_list", 0)},
        "soon",
        "commission",
    ),
    "abstained, with the memo": (
        COUNCIL,
        {"stepped_aside": "yes", "stepped_aside_list": [{"matter": "Paving of Ward 2", "date": "2025-09-09", "memo": "yes"}]},
        set(),
        "routine",
        "commission",
    ),
    # 5. 1103(f): a contract of $500 or more with the own City, of oneself, spouse or child, takes an open and public process.
    "$500 without an open process": (
        CLERK,
        {"has_contract": "yes", "contracts": [{**DEAL, "public_bid": "no"}]},
        {("critical", "contracts", 0), ("high", "contracts", 0)},
        "now",
        "chief",
    ),
    "$500 with one": (
        CLERK,
        {"has_contract": "yes", "contracts": [{**DEAL, "public_bid": "yes"}]},
        {("high", "contracts", 0)},
        "first",
        "ethics",
    ),
    "$499.99: the rule does not ask": (
        CLERK,
        {"has_contract": "yes", "contracts": [{**DEAL, "amount": "499.99"}]},
        {("high", "contracts", 0)},
        "first",
        "ethics",
    ),
    "a brother's contract: not among those whom 1103(f) names": (
        CLERK,
        {"has_contract": "yes", "contracts": [{**DEAL, "owner": "brother_or_sister", "public_bid": "no"}]},
        {("high", "contracts", 0)},
        "first",
        "ethics",
    ),
    # 6. 1103(a): use of the office for the own gain. The employer sells to the filer's department and the filer checks its work.
    "the office used for the own employer": (
        BUYER,
        {"has_outside_work": "yes", "outside_work": [{**PAVING, "work": "estimates", "my_part": "yes", "approved": "yes"}]},
        {("critical", "outside_work", 0)},
        "now",
        "chief",
    ),
    "the same employer, and no part in it": (
        CLERK,
        {"has_outside_work": "yes", "outside_work": [{**PAVING, "work": "estimates", "my_part": "no", "approved": "yes"}]},
        {("low", "outside_work", 0)},
        "look",
        "ethics",
    ),
    # 7. "Financial interest": more than five percent of a business; "immediate family": parent, spouse, child, brother, sister.
    "a child owns more than five percent, and the filer buys there": (
        BUYER,
        {"has_ownership": "yes", "ownership": [{**PAVING, "owner": "child", "my_part": "yes"}]},
        {("critical", "ownership", 0), ("medium", "ownership", 0)},
        "now",
        "chief",
    ),
    "a cousin is not immediate family": (
        BUYER,
        {"has_other_close": "yes", "other_close": [{"org": "Brick & Vale Paving", "tie": "other_relative", "my_part": "yes"}]},
        {("medium", "other_close", 0)},
        "soon",
        "ethics",
    ),
    # 8. 1103(b), (c): nothing of value on the understanding that it moves a vote or an official act. Cash is never small.
    "a twenty-dollar gift card": (
        BUYER,
        {
            "has_gifts": "yes",
            "gifts": [
                {
                    "giver": "Somebody New",
                    "owner": "me",
                    "kind": "cash_or_gift_card",
                    "value": "20",
                    "date": "2025-06-03",
                    "kept": "kept",
                    "my_part": "no",
                }
            ],
        },
        {("critical", "gifts", 0)},
        "now",
        "chief",
    ),
    "a board member's talk about a job at a bidder": (
        MEMBER,
        {"has_future_job": "yes", "future_job": [{"org": "Brick & Vale Paving", "my_part": "yes"}]},
        {("high", "future_job", 0)},
        "first",
        "ethics",
    ),
}


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_of_the_ethics_act(scene):
    who, answers, expected, priority, desk = SCENES[scene]
    found, reads = told(read_profile(folder_of("lancaster")), who, **answers)
    assert (flags(found), found.risk.priority, reads) == (expected, priority, desk)


def test_a_trifle_and_a_membership_leave_nothing_to_read():
    lancaster = read_profile(folder_of("lancaster"))
    coffee, _desk = told(lancaster, BUYER, **SCENES["de minimis: a coffee"][1])
    assert coffee.reportable.get("gifts", ()) == ()
    member, _desk = told(lancaster, CLERK)
    assert member.nil
