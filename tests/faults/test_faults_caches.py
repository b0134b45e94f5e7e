"""What pages read quickly is what the dated rows say: caches made anew after the years of a small city, and counts by hand."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import func, select

from coi.accounts.door import actor_of
from coi.campaigns import desk, queries
from coi.campaigns.actions import pause
from coi.campaigns.extensions import excuse, extend
from coi.db import db, transaction
from coi.demo.city import account_of, number_of
from coi.models import CampaignPart, Disclosure, Obligation, Person
from coi.people.actions import import_roster
from coi.people.reading import Line
from coi.profiles.current import today
from coi.review.queue import Filters, queue
from coi.vocabulary import ExtensionReason, Standing, State
from tests.factories import OPERATOR
from tests.faults import rebuilt
from tests.faults.filers import looking
from tests.faults.small_city import LATER, MADE_AT

CACHES = {"filings": rebuilt.disclosures, "owed": rebuilt.obligations, "people": rebuilt.people, "parts": rebuilt.campaigns}


def open_ones() -> list[Obligation]:
    """What nobody has filed and nobody is excused from."""
    wanted = select(Obligation).where(
        Obligation.settled_on.is_(None),
        Obligation.excused.is_(False),
        Obligation.ended_seq.is_(None),
        Obligation.due_on > LATER.date(),
    )
    return list(db.session.scalars(wanted.order_by(Obligation.id)))


def live_on() -> None:
    """What the demo does not do: a part stops, somebody is excused, somebody gets more time twice, somebody moves."""
    with transaction():
        part = db.session.scalars(
            select(CampaignPart).where(CampaignPart.paused.is_(False)).order_by(CampaignPart.id.desc())
        ).first()
        if part is not None:
            pause(part, True, OPERATOR, LATER)
        first, second, *_others = open_ones()
        excuse(first, "left", OPERATOR, LATER)
        for days in (3, 8):
            extend(second, second.due_on + timedelta(days=days), ExtensionReason.RECORDS, "papers", OPERATOR, LATER)
        person = db.session.get_one(Person, second.person_id)
        moved = Line(2, {"number": person.number or "", "name": person.name, "title": "Clerk of Parks", "department": "Parks"})
        import_roster([moved], False, "one.csv", "0" * 64, OPERATOR, LATER)


@pytest.mark.parametrize("name", CACHES)
def test_the_caches_are_what_the_dated_rows_say(demo_city, name):
    with looking():
        assert rebuilt.differences(CACHES[name]()) == {}


def test_they_still_are_after_acts_of_every_kind(demo_city):
    with time_machine.travel(LATER, tick=False):
        live_on()
    with looking():
        assert [(name, found) for name, cache in CACHES.items() if (found := rebuilt.differences(cache()))] == []


def test_a_cache_that_lies_is_found(demo_city):
    with looking():
        stand, made = rebuilt.obligations()
        stand[min(stand)]["excused"] = not stand[min(stand)]["excused"]
        assert len(rebuilt.differences((stand, made))) == 1


def test_the_campaign_desk_counts_what_is_there(demo_city):
    with looking(), time_machine.travel(MADE_AT, tick=False):
        campaign = queries.latest()
        counted = desk.total(desk.stations(campaign, today(MADE_AT)))
        owed = list(
            db.session.scalars(select(Obligation).where(Obligation.campaign_id == campaign.id, Obligation.ended_seq.is_(None)))
        )
        by_person: dict[int, list[Obligation]] = {}
        for one in owed:
            by_person.setdefault(one.person_id, []).append(one)
        filed = sum(all(one.settled_on for one in mine) for mine in by_person.values())
        assert counted.people == len(by_person)
        assert counted.counts[Standing.FILED] == filed
        assert 0 < filed < counted.people


def test_the_queue_counts_what_is_there(demo_city):
    with looking():
        senior = actor_of(account_of(number_of("senior1")), today(MADE_AT))
        page = queue(senior, Filters(whose="all"), MADE_AT)
        at_office = (State.SUBMITTED, State.IN_REVIEW, State.ESCALATED, State.RETURNED)
        there = db.session.scalar(
            select(func.count())
            .select_from(Disclosure)
            .where(Disclosure.state.in_(at_office), Disclosure.filer_id != senior.person_id)
        )
        reviewers = {
            number: queue(actor_of(account_of(number_of(number)), today(MADE_AT)), Filters(), MADE_AT).counted
            for number in ("reviewer1", "reviewer2")
        }
        held = dict(
            db.session.execute(
                select(Person.number, func.count())
                .join(Disclosure, Disclosure.reviewer_id == Person.id)
                .where(Disclosure.state.in_(at_office))
                .group_by(Person.number)
            ).all()
        )
        assert 0 < page.counted <= there
        assert reviewers == {name: held.get(number_of(name), 0) for name in reviewers}


def test_the_workbook_counts_what_is_there(demo_city, tmp_path):
    path = tmp_path / "book.xlsx"
    told = demo_city.run("exports", "run", "--out", str(path))
    assert told.exit_code == 0, told.output
    rows = list(load_workbook(path, read_only=True)["Outcomes"].iter_rows(values_only=True))
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if any(row)]
    with looking():
        campaign = queries.latest()
        owed = select(func.count()).select_from(Obligation).where(Obligation.campaign_id == campaign.id)
        signed = select(Disclosure).where(Disclosure.campaign_id == campaign.id, Disclosure.state != State.DRAFT)
        filings = list(db.session.scalars(signed))
        assert len(lines) == db.session.scalar(owed.where(Obligation.ended_seq.is_(None)))
        assert {line["Reference"] for line in lines if line["Version"]} == {one.reference for one in filings}
        # What was appealed lies with the office again and still has the outcome that stands until the appeal is decided.
        decided = Counter(str(one.outcome.label) for one in filings if one.outcome is not None)
        assert {one.state for one in filings if one.outcome is not None} == {State.DECIDED, State.ESCALATED}
        assert Counter(line["Outcome"] for line in lines if line["Outcome"]) == decided
