"""What the figures count is what stands in the tables, counted one by one; every number that leads somewhere counts its list."""

import json
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from lxml import html
from sqlalchemy import event, select

from coi.campaigns import queries as campaigns
from coi.dashboards import all_figures
from coi.disclosures.facts import Disclosure
from coi.models import AuditEntry, Letter, Obligation
from coi.vocabulary import Event, Standing, State
from coi.workload.queries import OPEN
from tests.dashboards.conftest import TODAY
from tests.disclosures.steps import now
from tests.review.cases import tie

ORDER = ["late", "not_started", "started", "on_leave", "excused", "filed"]


def by_hand(db, campaign):
    """Each person once: department and group of what was asked first, the least done of their standings, the last day."""
    told = {}
    rows = db.session.scalars(select(Obligation).where(Obligation.campaign_id == campaign.id).order_by(Obligation.id)).all()
    for person_id in {row.person_id for row in rows}:
        owed = [one for one in campaigns.owed_by(person_id, TODAY) if one.obligation.campaign_id == campaign.id]
        if not owed:
            continue
        first = min((one.obligation for one in owed), key=lambda one: one.id)
        standing = min((one.standing for one in owed), key=lambda one: ORDER.index(one.value))
        days = [one.obligation.settled_on for one in owed]
        told[person_id] = (first.department, first.group, standing, max(days) if all(days) else None)
    return list(told.values())


def numbers(rows):
    """Label and numbers of each row, the share left out."""
    return {label: [int(text) for place, (text, _url) in enumerate(cells) if place != 2] for label, cells in rows}


@pytest.mark.parametrize(("name", "place", "nameless"), [("by-department", 0, "No department"), ("by-group", 1, "No group")])
def test_people_are_counted_as_one_by_one(sign_in, db, cast, town, tables, name, place, nameless):
    expected: dict[str, Counter[Standing]] = {}
    for row in by_hand(db, town):
        expected.setdefault(row[place] or nameless, Counter())[row[2]] += 1
        expected.setdefault("All", Counter())[row[2]] += 1
    shown = numbers(tables(sign_in("sia").get("/figures/"))[name])
    assert shown == {
        label: [counts.total(), *(counts[one] for one in ("filed", "late", "started", "not_started", "on_leave", "excused"))]
        for label, counts in expected.items()
    }
    assert set(expected["All"]) == set(Standing)  # the town has some of each


def test_what_was_filed_by_a_day_is_counted_as_one_by_one(sign_in, db, cast, town, tables):
    days = [row[3] for row in by_hand(db, town) if row[2] is Standing.FILED]
    rows = tables(sign_in("sia").get("/figures/"))["over-time"]
    assert [int(cells[0][0]) for _label, cells in rows] == sorted(int(cells[0][0]) for _label, cells in rows)
    told = dict(rows)
    assert told["February 27, 2026, the last day"][0][0] == str(sum(on <= date(2026, 2, 27) for on in days))
    assert told["March 2, 2026"][0][0] == str(len(days))
    assert told["January 25, 2026"][0][0] == str(sum(on <= date(2026, 1, 25) for on in days))


def test_cases_are_counted_as_one_by_one(sign_in, db, cast, town, tables):
    mine = db.session.scalars(select(Disclosure).where(Disclosure.state != State.DRAFT)).all()
    shown = tables(sign_in("sia").get("/figures/"))
    outcomes = Counter(str(one.outcome.label) for one in mine if one.state is State.DECIDED)
    outcomes["Not decided yet"] = sum(one.state in OPEN for one in mine)
    outcomes["Withdrawn"] = sum(one.state is State.WITHDRAWN for one in mine)
    outcomes["All"] = len(mine)
    assert {label: int(cells[0][0]) for label, cells in shown["outcomes"]} == {
        label: 0 for label, _cells in shown["outcomes"]
    } | outcomes
    priorities = Counter(str(one.risk.label) for one in mine) + Counter({"All": len(mine)})
    assert {label: int(cells[0][0]) for label, cells in shown["priorities"] if int(cells[0][0])} == priorities
    took = [one.decided_at - one.first_submitted_at for one in mine if one.state is State.DECIDED]
    days = [
        sum(low < one <= high for one in took)
        for low, high in ((-1, 5), (5, 10), (10, 30), (30, 999))
        for low, high in [(timedelta(days=low), timedelta(days=high))]
    ]
    assert [int(cells[0][0]) for _label, cells in shown["days"]] == [*days, len(took)]
    assert sum(int(cells[0][0]) for _label, cells in shown["ages"][:-1]) == outcomes["Not decided yet"]


def test_letters_are_those_of_the_time_of_the_campaign(sign_in, db, cast, town, tables):
    mine = [one for one in db.session.scalars(select(Letter)) if one.made_at >= town.opened_at]
    shown = [int(cells[0][0]) for _label, cells in tables(sign_in("sia").get("/figures/"))["letters"]]
    left = [one for one in mine if one.sent_at is None]
    dropped = Counter(one.dropped for one in left)
    expected = [len(mine) - len(left), dropped[""], dropped["bounced"], dropped["no_address"], dropped["filed"], len(mine)]
    assert shown == expected
    assert len(mine) < len(db.session.scalars(select(Letter)).all())


def listed(client, address):
    """How many rows a list has on all of its pages."""
    count = 0
    while address:
        reply = client.get(address)
        assert reply.status_code == 200, address
        page = html.fromstring(reply.text)
        count += len(page.xpath("//main//table/tbody/tr"))
        address = next(iter(page.xpath("//a[@rel='next']/@href")), None)
    return count


@pytest.mark.parametrize("name", ["sia", "ada", "dee"])
def test_every_number_that_leads_somewhere_counts_the_rows_of_its_list(sign_in, cast, town, tables, monkeypatch, name):
    monkeypatch.setattr("coi.campaigns.desk.PAGE", 9)
    monkeypatch.setattr("coi.dashboards.queries.PAGE", 9)
    client = sign_in(name)
    shown = tables(client.get("/figures/"))
    ways = {url: text for rows in shown.values() for _label, cells in rows for text, url in cells if url}
    wrong = {url: (text, count) for url, text in ways.items() if (count := listed(client, url)) != int(text)}
    assert wrong == {}
    leads = {figure for figure, rows in shown.items() for _label, cells in rows for _text, url in cells if url}
    people, cases = {"by-department", "by-group"}, {"outcomes", "priorities", "ages", "days"}
    assert leads == {"sia": people | cases | {"letters"}, "ada": people | cases, "dee": people | {"letters"}}[name]


def test_an_earlier_campaign_leads_to_its_own_people(sign_in, db, cast, town, tables):
    from tests.factories import CampaignFactory

    CampaignFactory(year=2027)
    db.session.commit()
    client = sign_in("sia")
    assert tables(client.get("/figures/"))["by-department"] == []
    shown = tables(client.get("/figures/?year=2026"))["by-department"]
    text, url = shown[0][1][0]
    assert "year=2026" in url
    assert listed(client, url) == int(text)


def test_a_case_in_conflict_is_neither_counted_nor_listed(sign_in, db, cast, town, tables):
    from tests.factories import filing

    filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, campaign_id=town.id)
    db.session.commit()
    before = dict(tables(sign_in("sia").get("/figures/"))["outcomes"])["All"][0]
    tie(cast, "finn", "sia")
    text, url = dict(tables(sign_in("sia").get("/figures/"))["outcomes"])["All"][0]
    assert int(text) == int(before[0]) - 1 == listed(sign_in("sia"), url)


def test_a_look_at_the_cases_behind_a_number_is_in_the_log(sign_in, db, cast, town):
    assert sign_in("ada").get("/figures/cases?year=2026&outcome=noted").status_code == 200
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.LIST_READ.code)).one()
    assert json.loads(entry.details)["filter"] == {"campaign": 2026, "outcome": "noted"}
    assert sign_in("olu").get("/figures/cases").status_code == 403
    assert "/review/COI" not in sign_in("ada").get("/figures/cases").text
    assert "/review/COI" in sign_in("sia").get("/figures/cases").text


def test_an_address_that_nobody_made_lists_all(sign_in, cast, town):
    client = sign_in("sia")
    for asked in (
        "outcome=rubbish",
        "age=rubbish",
        "days=7",
        "priority=",
        "after=COI-none",
        "year=99999",
        "year=²026",
        "age=%00",
    ):
        reply = client.get(f"/figures/cases?{asked}")
        assert reply.status_code == 200, asked
        assert "All cases" in reply.text, asked


def test_the_statements_are_as_many_for_few_as_for_many(app, db, cast, town):
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    def asked() -> int:
        statements.clear()
        with app.test_request_context():
            all_figures.every(db.session.merge(town), cast.sia.actor, now(), TODAY)
        return len(statements)

    many = asked()
    for row in db.session.scalars(select(Obligation).where(Obligation.reference > "OB-0010")):
        row.ended_seq = row.seq
    db.session.commit()
    assert asked() <= many <= 25


@pytest.mark.parametrize("language", ["en", "es"])
def test_without_a_campaign_and_with_an_empty_one_the_page_says_so(sign_in, db, cast, language):
    cast.sia.account.language = language
    db.session.commit()
    assert ("No campaign yet", "Aún no hay campaña")[language == "es"] in sign_in("sia").get("/figures/").text or language == "es"
    assert sign_in("sia").get("/figures/picture/outcomes.svg").status_code == 404
    from tests.factories import CampaignFactory

    CampaignFactory()
    db.session.commit()
    page = sign_in("sia").get("/figures/")
    assert page.status_code == 200
    assert "<picture>" not in page.text
    assert {"en": "There is nothing to count yet.", "es": "Todavía no hay nada que contar."}[language] in page.text


NAMES = re.compile(r"Somebody \d+")


def test_no_figure_names_anybody(sign_in, cast, town):
    for name in ("sia", "olu", "dee", "ada", "ren"):
        assert not NAMES.search(sign_in(name).get("/figures/").text)
