"""Three years of campaigns with six hundred people: every page and report counts what stands in the tables, and nothing else."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, text

from coi.campaigns import desk, queries
from coi.db import db as database
from coi.disclosures.facts import Disclosure
from coi.models import Person
from coi.policies import queries as policies
from coi.policies import report
from coi.rules.permissions import Actor
from coi.vocabulary import Role, Standing
from tests.campaigns.three_years import walk
from tests.exports.workbooks import sheets, table

TODAY = date(2027, 5, 11)
OFFICER = Actor("person:0", None, frozenset({Role.SENIOR_OFFICER}))


def rows(statement: str, **values: Any) -> list[Any]:
    """What a plain statement finds in the tables."""
    return list(database.session.execute(text(statement), values))


def as_day(value: Any) -> date | None:
    """A date as either engine gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def counted(year: int, on: date) -> dict[int, tuple[str, str]]:
    """Each person asked in a campaign: department and standing, worked out from plain rows by a second hand."""
    leave = {
        row.person_id: row
        for row in rows(
            "SELECT person_id, leave_from, leave_to FROM leave WHERE id IN (SELECT max(id) FROM leave GROUP BY person_id)"
        )
    }
    begun = {row[0] for row in rows("SELECT obligation_id FROM disclosures WHERE state = 'draft'")}
    owed = rows(
        "SELECT o.id, o.person_id, o.department, o.due_on, "
        "(SELECT until FROM extensions e WHERE e.obligation_id = o.id ORDER BY e.seq DESC, e.id DESC LIMIT 1) AS until, "
        "(SELECT count(*) FROM excuses x WHERE x.obligation_id = o.id) AS excused, "
        "(SELECT count(*) FROM settlements s WHERE s.obligation_id = o.id) AS filed, p.paused "
        "FROM obligations o JOIN campaigns c ON c.id = o.campaign_id LEFT JOIN campaign_parts p ON p.id = o.part_id "
        "WHERE c.year = :year AND o.ended_seq IS NULL ORDER BY o.id",
        year=year,
    )
    worst: dict[int, tuple[str, str]] = {}
    order = ("late", "not_started", "started", "on_leave", "excused", "filed")
    for one in owed:
        told = _standing(one, leave.get(one.person_id), one.id in begun, on)
        before = worst.get(one.person_id)
        if before is None:
            worst[one.person_id] = (one.department, told)
        elif order.index(told) < order.index(before[1]):
            worst[one.person_id] = (before[0], told)
    return worst


def _standing(one: Any, leave: Any, begun: bool, on: date) -> str:
    if one.filed:
        return "filed"
    if one.excused:
        return "excused"
    begin, end = (as_day(leave.leave_from), as_day(leave.leave_to)) if leave is not None else (None, None)
    if begin is not None and begin <= on and (end is None or on <= end):
        return "on_leave"
    due = as_day(one.until) or as_day(one.due_on)
    if due is not None and begin is not None and end is not None and begin <= due:
        back = date.fromordinal(end.toordinal() + 31)
        while back.weekday() >= 5:
            back = date.fromordinal(back.toordinal() + 1)
        due = max(due, back)
    if due is not None and due < on and not one.paused:
        return "late"
    return "started" if begun else "not_started"


@pytest.fixture
def years(app, runner, clock, tmp_path):
    """The city after three years."""
    return walk(runner, clock, tmp_path)


def test_every_page_and_report_counts_what_stands_in_the_tables(db, years, tmp_path):
    began = datetime.now(UTC)
    for year in (2025, 2026, 2027):
        _the_desk_agrees(year)
        _the_command_agrees(years, year)
        _the_workbook_agrees(years, year, tmp_path)
    _the_pages_of_people_agree()
    _the_acknowledgements_agree()
    _the_queue_agrees()
    assert datetime.now(UTC) == began


def _the_desk_agrees(year: int) -> None:
    campaign = queries.campaign_of(year)
    assert campaign is not None
    told = counted(year, TODAY)
    by_place = Counter(told.values())
    for station in desk.stations(campaign, TODAY):
        mine = {standing: by_place[(station.name, standing.value)] for standing in Standing}
        assert {one: station.counts[one] for one in Standing} == mine, (year, station.name)
    assert sum(one.people for one in desk.stations(campaign, TODAY)) == len(told)
    for standing in Standing:
        listed, _after = desk.people(campaign, desk.Filters(standing=standing.value), TODAY, limit=5000)
        assert len(listed) == sum(1 for _place, one in told.values() if one == standing.value), (year, standing)


def _the_command_agrees(city: Any, year: int) -> None:
    said = city.run("campaigns", "status", "--year", str(year))
    told = Counter(standing for _place, standing in counted(year, TODAY).values())
    for standing in Standing:
        assert re.search(rf"^  {standing.label}: {told[standing.value]}$", said, re.M), (year, standing, said)
    assert f"{sum(told.values())} people are asked." in said


def _the_workbook_agrees(city: Any, year: int, folder: Any) -> None:
    file = folder / f"{year}.xlsx"
    city.run("exports", "run", "--campaign", str(year), "--out", str(file))
    book = sheets(file)
    outcomes, population, missing = (table(book[name]) for name in ("Outcomes", "Population", "Not filed"))
    owed = rows(
        "SELECT o.id, (SELECT count(*) FROM settlements s WHERE s.obligation_id = o.id) AS filed FROM obligations o "
        "JOIN campaigns c ON c.id = o.campaign_id WHERE c.year = :year AND o.ended_seq IS NULL",
        year=year,
    )
    assert len(outcomes) == len(owed)
    assert sum(row["Version"] is not None for row in outcomes) == sum(one.filed for one in owed)
    assert len(missing) == sum(not one.filed for one in owed)
    _standings_agree(year, missing)
    obliged = {one[0] for one in rows(
        "SELECT DISTINCT o.person_id FROM obligations o JOIN campaigns c ON c.id = o.campaign_id "
        "WHERE c.year = :year AND o.ended_seq IS NULL", year=year)}  # fmt: skip
    assert sum(row["Obliged"] == "Yes" for row in population) == len(obliged)
    _the_first_sheet_agrees(year, book["About"], population)
    _the_summary_agrees(book["Summary"], outcomes)


def _standings_agree(year: int, missing: list[dict[str, Any]]) -> None:
    """The sheet lists each form, the desk each person: where a person owes one form only, both say the same."""
    told = counted(year, TODAY)
    numbers = {one.id: one.number for one in database.session.execute(select(Person.id, Person.number))}
    per_person = Counter(row["Employee number"] for row in missing)
    says = {row["Employee number"]: row["Standing"] for row in missing}
    labels = {
        "late": "Late",
        "not_started": "Not started",
        "started": "Not started",
        "on_leave": "On leave",
        "excused": "Excused",
    }
    for person_id, (_place, standing) in told.items():
        number = numbers[person_id]
        if standing != "filed" and per_person[number] == 1:
            assert says[number] == labels[standing], (year, number)


# Who was active when the year closed, or is now while it is open; who came later and owes it all the same, as of now.
ACTIVE = """SELECT count(*) FROM people p JOIN campaigns c ON c.year = :year WHERE p.employee AND (
  SELECT v.active FROM person_versions v WHERE v.person_id = p.id AND (
    c.closed_seq IS NULL OR v.seq <= c.closed_seq OR NOT EXISTS (
      SELECT 1 FROM person_versions e WHERE e.person_id = p.id AND e.seq <= c.closed_seq AND e.active))
  ORDER BY v.seq DESC, v.id DESC LIMIT 1) AND (
  c.closed_seq IS NULL OR EXISTS (SELECT 1 FROM person_versions e WHERE e.person_id = p.id AND e.seq <= c.closed_seq)
  OR EXISTS (SELECT 1 FROM obligations o WHERE o.person_id = p.id AND o.campaign_id = c.id AND o.ended_seq IS NULL))"""


def _the_first_sheet_agrees(year: int, about: list[list[Any]], population: list[dict[str, Any]]) -> None:
    said = {row[0]: row[1] for row in about if len(row) > 1 and row[0]}
    assert int(said["People on the sheet Population"]) == len(population)
    assert int(said["Of them obliged"]) == sum(row["Obliged"] == "Yes" for row in population)
    assert int(said["Of them active at the end"]) == rows(ACTIVE, year=year)[0][0]


def _the_summary_agrees(summary: list[list[Any]], outcomes: list[dict[str, Any]]) -> None:
    total = next(row for row in summary if row[0] == "Total")
    assert total[1] == len(outcomes)
    assert total[2] == sum(row["Version"] is not None for row in outcomes)


def _the_pages_of_people_agree() -> None:
    """A person's own page says of each form what the desk's list says of the least done of them."""
    told = counted(2027, TODAY)
    for person_id in list(told)[::23]:
        mine = [
            one for one in queries.owed_by(person_id, TODAY) if one.obligation.campaign and one.obligation.campaign.year == 2027
        ]
        assert min((one.standing for one in mine), key=desk.RANK.__getitem__).value == told[person_id][1]


def _the_acknowledgements_agree() -> None:
    asked = {one[0] for one in rows(
        "SELECT DISTINCT o.person_id FROM obligations o JOIN campaigns c ON c.id = o.campaign_id WHERE c.year = 2027 "
        "AND o.ended_seq IS NULL AND NOT o.excused AND o.kind IN ('annual', 'new_hire', 'new_position')")}  # fmt: skip
    for version in report.versions(TODAY):
        newest = version.id in {one.id for one in policies.listed(TODAY)}
        said = rows(
            "SELECT person_id, receipt FROM policy_receipts WHERE id IN "
            "(SELECT max(id) FROM policy_receipts WHERE policy_version_id = :version GROUP BY person_id)",
            version=version.id,
        )
        _places, total = report.tallies(report.rows_of(version, OFFICER, TODAY))
        answers = Counter(one.receipt for one in said)
        assert {code: total.counts[code] for code in ("received", "objection", "declined")} == {
            code: answers[code] for code in ("received", "objection", "declined")
        }
        assert total.counts["open"] == (len(asked - {one.person_id for one in said}) if newest else 0)
    code = [one for one in report.versions(TODAY) if one.policy_id == "code-of-conduct"]
    assert [one.version for one in code] == ["2", "1"]


def _the_queue_agrees() -> None:
    waiting = rows("SELECT count(*) FROM disclosures WHERE state IN ('submitted', 'in_review', 'escalated', 'returned')")[0][0]
    assert waiting == len(database.session.scalars(select(Disclosure.id).where(Disclosure.state == "submitted")).all())
