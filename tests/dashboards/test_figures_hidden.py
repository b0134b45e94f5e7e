"""What readers without names can't read nor work out: numbers under five, by taking rows, columns, tables and days apart."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from sqlalchemy import select

from coi.dashboards.hiding import of_days
from coi.models import Obligation
from coi.vocabulary import Outcome, State
from tests.city import CLOCK
from tests.dashboards.conftest import TODAY, owed
from tests.factories import PersonFactory, an_entry, filing

HIDDEN = "not shown"
# The number of each figure's cells, without the share.
NUMBERS = {"by-department": (0, 1, 3), "by-group": (0, 1, 3)}


def shown_of(tables):
    """Every number of the page by (figure, row, place); None where it is not shown."""
    found = {}
    for figure, rows in tables.items():
        for label, cells in rows:
            for place in NUMBERS.get(figure, (0,)):
                text = cells[place][0]
                found[figure, label, place] = None if text == HIDDEN else int(text.replace(",", ""))
    return found


def sums_of(shown, roster):
    """What a reader knows to add up: a table to its total, two tables to the same total, departments to their groups."""
    sums = []
    rows = defaultdict(list)
    for figure, label, place in shown:
        rows[figure, place].append(label)
    for (figure, place), labels in rows.items():
        if "All" in labels:
            sums.append(([(figure, one, place) for one in labels if one != "All"], [(figure, "All", place)]))
    for place in NUMBERS["by-group"]:
        sums.append(([("by-department", "All", place)], [("by-group", "All", place)]))
        for departments, groups in roster:
            sums.append(([("by-department", one, place) for one in departments], [("by-group", one, place) for one in groups]))
    for figure in ("by-department", "by-group"):
        for label in rows[figure, 0]:
            sums.append(([(figure, label, 1), (figure, label, 3)], [(figure, label, 0)]))
    sums.append(([("outcomes", "All", 0)], [("priorities", "All", 0)]))
    sums.append(([("ages", "All", 0)], [("outcomes", "Not decided yet", 0)]))
    decided = [("outcomes", one, 0) for one in rows["outcomes", 0] if one not in ("All", "Not decided yet", "Withdrawn")]
    sums.append((decided, [("days", "All", 0)]))
    return sums


def worked_out(shown, sums):
    """All that follows by taking what is known from a sum until one number is left, again and again."""
    known = {key: number for key, number in shown.items() if number is not None}
    growing = True
    while growing:
        growing = False
        for parts, wholes in sums:
            unknown = [key for key in (*parts, *wholes) if key not in known]
            if len(unknown) == 1:
                rest = sum(known.get(key, 0) for key in wholes) - sum(known.get(key, 0) for key in parts)
                known[unknown[0]] = rest if unknown[0] in parts else -rest
                growing = True
    return known


def together(db, campaign):
    """Departments and groups that share people, as anybody who knows the roster knows."""
    pairs = {
        (row.department or "No department", row.group or "No group")
        for row in db.session.scalars(
            select(Obligation).where(Obligation.campaign_id == campaign.id, Obligation.ended_seq.is_(None))
        )
    }
    found: list[tuple[set[str], set[str]]] = []
    for department, group in pairs:
        touching = [one for one in found if department in one[0] or group in one[1]]
        found = [one for one in found if one not in touching]
        found.append(({department}.union(*(one[0] for one in touching)), {group}.union(*(one[1] for one in touching))))
    return found


@pytest.mark.parametrize("name", ["olu", "ren", "dee"])
def test_no_number_under_five_is_read_or_worked_out(sign_in, db, cast, town, tables, name):
    page = tables(sign_in(name).get("/figures/"))
    shown = shown_of(page)
    if name == "dee":  # the campaign desk sees who filed, never what became of it
        shown = {key: number for key, number in shown.items() if key[0] in ("outcomes", "priorities", "ages", "days")}
    known = worked_out(shown, sums_of(shown, together(db, town)) if name != "dee" else sums_of_cases(shown))
    assert [key for key, number in known.items() if 0 < number < 5] == []
    assert [key for key, number in shown.items() if number is None]  # the town has small numbers
    assert [key for key, number in shown.items() if number]  # and not everything is hidden
    whole = shown_of(tables(sign_in("sia").get("/figures/")))
    assert all(number == whole[key] for key, number in shown.items() if number is not None and key[2] == 0)


def sums_of_cases(shown):
    return [(parts, wholes) for parts, wholes in sums_of(shown, []) if all(key in shown for key in (*parts, *wholes))]


def test_the_one_small_department_is_not_what_is_left_of_the_total(sign_in, db, cast, campaign, tables):
    """Three departments of twelve, half filed, and one of three; two cases noted, the others without a conflict."""
    seq, part = an_entry(CLOCK), campaign.parts[0]
    for number, department in enumerate([*["Streets", "Water", "Police"] * 12, *["Clerk"] * 3]):
        person = PersonFactory(department=department, version=seq)
        owes = owed(campaign, part, person, number, seq)
        owes.settled_on = TODAY if number % 6 < 3 else None
        db.session.add(owes)
        if owes.settled_on:
            outcome = Outcome.NOTED if number in (0, 12) else Outcome.NO_CONFLICT
            filing(person, State.DECIDED, cast.olu.person, campaign_id=campaign.id, outcome=outcome, decided_at=CLOCK)
    db.session.commit()
    shown = shown_of(tables(sign_in("olu").get("/figures/")))
    known = worked_out(shown, sums_of(shown, together(db, campaign)))
    assert [key for key, number in known.items() if 0 < number < 5] == []
    departments = {label for figure, label, place in shown if figure == "by-department" and shown[figure, label, place] is None}
    assert "Clerk" in departments
    assert len(departments) == 2  # one more is enough
    assert shown["by-department", "All", 0] == 39
    assert shown["outcomes", "Noted", 0] is shown["outcomes", "No conflict found", 0] is None


def test_who_holds_the_names_sees_every_number(sign_in, cast, town):
    for name in ("sia", "sol", "ada"):
        page = sign_in(name).get("/figures/").text
        assert HIDDEN not in page
        assert "under five" not in page
    assert "under five" in sign_in("olu").get("/figures/").text


def test_what_is_hidden_stands_neither_in_words_nor_in_pictures(sign_in, cast, town, tables):
    client = sign_in("olu")
    page = client.get("/figures/")
    hidden = {label for label, cells in tables(page)["by-department"] if cells[0][0] == HIDDEN}
    assert {"Mayor", "Clerk"} <= hidden
    for section in html.fromstring(page.text).xpath("//section"):
        said = section.xpath("string(./p[1])") + "".join(section.xpath(".//img/@alt"))
        assert not any(label in said for label in hidden if label != "All")
        for address in section.xpath(".//img/@src | .//source/@srcset"):
            drawn = html.fromstring(client.get(address).text).xpath("//text/text()")
            for label in set(drawn) & hidden - {"All"}:
                assert drawn.count(HIDDEN) >= 1, label
    bars = html.fromstring(client.get("/figures/picture/by-department.svg").text).xpath("//text/text()")
    assert bars.count(HIDDEN) == len(hidden - {"All"})


def test_between_two_days_that_are_shown_are_five_people_or_nobody(sign_in, cast, town, tables):
    rows = tables(sign_in("olu").get("/figures/"))["over-time"]
    counts = [int(cells[0][0]) for _label, cells in rows if cells[0][0] != HIDDEN]
    assert all(after - before == 0 or after - before >= 5 for before, after in pairwise([0, *counts]))
    assert len(counts) < len(rows)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_the_steps_of_a_running_count_are_never_small(steps):
    points, total = [], 0
    for place, step in enumerate(steps):
        total += step
        points.append((date(2026, 1, 1) + timedelta(days=place), total))
    hidden = of_days(points)
    counts = [number for day, number in points if day not in hidden]
    assert counts[-1] == total
    if not 0 < total < 5:  # a small total is hidden with all that leads to it, by who asks
        assert all(not 0 < after - before < 5 for before, after in pairwise([0, *counts]))
    assert Counter(hidden).keys() <= {day for day, _number in points}
