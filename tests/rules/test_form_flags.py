"""Triggers on what is signed: once for an entry or a name, with the records matched, and what was not checked."""

import pytest

from coi.vocabulary import Risk
from tests.rules.small_forms import CityLists, entries, flags, form, judged

JOBS = form("""
- id: jobs
  title: T
  type: entries
  entries:
    item: job
    report_if: {f: pay, gte: 100}
    fields:
      - {id: org, title: T, type: text, match: city_vendors}
      - {id: mine, title: T, type: yes_no}
      - {id: pay, title: T, type: money}
      - {id: on, title: T, type: date}
  triggers:
    - when:
        all:
          - {f: mine, is: "yes"}
          - {match: {f: org, list: city_vendors}, is: likely, overlap: {filer: department, attr: departments}}
      risk: critical
      reason: own department
    - {when: {match: {f: org, list: city_vendors}, is: exact}, risk: high, reason: vendor, route: ethics}
    - when: {all: [{f: mine, is: "yes"}, {not: {match: {f: org, list: city_vendors}, is: possible}}]}
      risk: medium
      reason: no vendor
    - {when: {sum: {entries: jobs, by: org, of: pay}, threshold: line}, risk: low, reason: much}
    - {when: {in_period: on}, risk: low, reason: in the year}
""")
VENDORS = CityLists(
    city_vendors=[
        {"name": "Bright Lamp Works LLC", "departments": ["Streets", "Parks"]},
        {"name": "Harbor Tiles", "departments": "Water"},
    ]
)


@pytest.mark.parametrize(
    ("job", "department", "expected"),
    [
        ({"org": "BRIGHT LAMP WORKS, L.L.C.", "mine": "yes"}, "parks", ["critical", "high"]),
        ({"org": "Works Bright Lamp", "mine": "yes"}, "Water", ["high"]),
        ({"org": "The Bright Lamp Works", "mine": "yes"}, "Streets", ["critical"]),
        ({"org": "Harbor Tiles Inc", "mine": "yes"}, ["Fire", "WATER"], ["critical", "high"]),
        ({"org": "Grandmother Quilts", "mine": "yes"}, "Parks", ["medium"]),
        ({"org": "", "mine": "yes"}, "Parks", ["medium"]),
        ({"org": "Harbor Tiles", "mine": "no"}, None, ["high"]),
    ],
)
def test_a_name_on_a_list_raises_what_the_form_says(job, department, expected):
    found = entries(JOBS, "jobs", job, lists=VENDORS, department=department)
    assert [flag.risk for flag in found.flags] == expected


def test_a_flag_carries_its_records_and_its_desk():
    found = entries(JOBS, "jobs", {"org": "Harbor Tiles"}, lists=VENDORS)
    (flag,) = found.flags
    assert (flag.reason, flag.entry, flag.route) == ("vendor", 0, "ethics")
    assert [record["name"] for record in flag.matched] == ["Harbor Tiles"]
    assert found.risk is Risk.HIGH


def test_a_list_that_is_not_loaded_matches_nothing_and_is_said_to_be_not_checked():
    found = entries(JOBS, "jobs", {"org": "Harbor Tiles", "mine": "yes"})
    assert ([flag.risk for flag in found.flags], found.not_checked) == (["medium"], ("city_vendors",))
    assert entries(JOBS, "jobs", {"mine": "no"}).not_checked == ()


def test_a_sum_raises_one_flag_for_each_name_at_its_first_entry():
    jobs = [{"org": name, "pay": pay} for name, pay in [("Ann", 30), ("Bob", 60), ("ANN", 30), ("Cy", 10), ("", 60), ("", 70)]]
    found = entries(JOBS, "jobs", *jobs, lists=VENDORS)
    assert flags(found) == [("low", "jobs", 0), ("low", "jobs", 1), ("low", "jobs", 4), ("low", "jobs", 5)]


def test_an_entry_under_the_line_raises_flags_too():
    found = entries(JOBS, "jobs", {"org": "Harbor Tiles", "pay": 1}, lists=VENDORS)
    assert (found.reportable["jobs"], flags(found)) == ((), [("high", "jobs", 0)])


@pytest.mark.parametrize(
    ("period", "on", "inside", "outside"),
    [
        ("previous_calendar_year", "2026-03-02", ["2025-01-01", "2025-12-31"], ["2024-12-31", "2026-01-01"]),
        ("previous_calendar_year_and_today", "2026-03-02", ["2025-01-01", "2026-03-02"], ["2024-12-31", "2026-03-03"]),
        ("last_12_months", "2026-03-02", ["2025-03-03", "2026-03-02"], ["2025-03-02", "2026-03-03"]),
        ("last_12_months", "2024-02-29", ["2023-03-01", "2024-02-29"], ["2023-02-28", "2024-03-01"]),
    ],
)
def test_both_ends_of_the_period_count(period, on, inside, outside):
    from tests.rules.small_forms import HEAD

    small = form(
        """
- id: l
  title: T
  type: entries
  entries: {item: i, fields: [{id: on, title: T, type: date}]}
  triggers: [{when: {in_period: on}, risk: low, reason: look}]
""",
        HEAD.replace("previous_calendar_year", period),
    )
    found = entries(small, "l", *({"on": day} for day in [*inside, *outside]), on=on)
    assert [flag.entry for flag in found.flags] == list(range(len(inside)))


def test_a_question_outside_lists_raises_once_and_reads_all_questions():
    small = form("""
- id: a
  title: T
  type: yes_no
  triggers: [{when: {all: [{not: {q: a, answered: true}}, {q: b, is: "yes"}]}, risk: low, reason: look}]
- {id: b, title: T, type: yes_no}
""")
    assert flags(judged(small, {"b": "yes"})) == [("low", "a", None)]
    assert flags(judged(small, {"a": "no", "b": "yes"})) == []


def test_a_flag_shows_no_record_of_a_part_that_is_not_true():
    small = form("""
- id: l
  title: T
  type: entries
  entries: {item: i, fields: [{id: org, title: T, type: text}, {id: mine, title: T, type: yes_no}]}
  triggers:
    - when:
        any:
          - {all: [{match: {f: org, list: city_vendors}, is: exact}, {f: mine, is: "yes"}]}
          - {f: org, answered: true}
      risk: low
      reason: look
""")
    own = entries(small, "l", {"org": "Harbor Tiles", "mine": "yes"}, {"org": "Harbor Tiles", "mine": "no"}, lists=VENDORS)
    assert [[record["name"] for record in flag.matched] for flag in own.flags] == [["Harbor Tiles"], []]
