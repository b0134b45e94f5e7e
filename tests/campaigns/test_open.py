"""Opening, pausing and closing a campaign: who is asked, in which part, by whose word."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from coi.accounts import requests
from coi.campaigns import actions, queries
from coi.errors import NotPossible, Refused
from coi.models import AuditEntry, Campaign, CampaignStep, Checkpoint, Obligation, Person, Request
from coi.profiles.current import current_profile
from coi.vocabulary import Event, Kind, RequestState
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory


def entry(db, event: Event) -> dict:
    """The details of the newest entry of a kind."""
    row = select(AuditEntry.details).where(AuditEntry.event == event.code).order_by(AuditEntry.seq.desc()).limit(1)
    return json.loads(db.session.scalar(row))


def test_everybody_active_owes_one_form_with_a_snapshot(db, campaign, cast):
    owed = db.session.scalars(select(Obligation).where(Obligation.campaign_id == campaign.id)).all()
    assert len(owed) == db.session.scalar(select(func.count()).select_from(Person))
    finn = next(one for one in owed if one.person_id == cast.finn.person.id)
    assert (finn.name, finn.department, finn.title, finn.group) == ("Finn Filer", "Public Works", "Clerk", "Civilian Union")
    assert finn.supervisor_id == cast.sam.person.id
    assert (finn.kind, finn.reporting_year, finn.level, finn.due_on) == (Kind.ANNUAL, 2025, "short", date(2026, 5, 1))
    assert finn.filer["unit"] == "civilian"
    assert finn.seq == campaign.seq


def test_who_left_and_who_is_no_employee_is_not_asked(db, form, cast):
    gone = PersonFactory(active=False, left_on=date(2026, 1, 31))
    outside = PersonFactory(employee=False, body="Ethics Commission")
    actions.open_campaign(2026, OPERATOR, CLOCK)
    asked = set(db.session.scalars(select(Obligation.person_id)))
    assert not asked & {gone.id, outside.id}


def test_the_entry_counts_what_was_made_and_says_setup(db, campaign):
    told = entry(db, Event.CAMPAIGN_OPENED)
    assert told == {
        "year": 2026,
        "reporting_year": 2025,
        "parts": 3,
        "obligations": db.session.scalar(select(func.count()).select_from(Obligation)),
        "two_persons": False,
        "request": "",
        "setup": True,
    }


def test_a_campaign_is_opened_once(campaign):
    with pytest.raises(NotPossible):
        actions.open_campaign(2026, OPERATOR, CLOCK)


def test_a_campaign_needs_its_form_published(db, cast):
    with pytest.raises(Refused, match="city-coi"):
        actions.open_campaign(2026, OPERATOR, CLOCK)
    assert queries.latest() is None


def test_a_group_is_in_its_own_part(db, form):
    officer = PersonFactory(group="Police Union", title="Police Officer")
    campaign = actions.open_campaign(2026, OPERATOR, CLOCK)
    owed = db.session.scalar(select(Obligation).where(Obligation.person_id == officer.id))
    assert owed.part.groups == ["Police Union"]
    assert [part.groups for part in campaign.parts][-1] == []


def test_the_level_of_a_part_holds_only_where_the_position_gives_none(db, form, monkeypatch):
    profile = current_profile()
    levels = profile.attributes["level"].model_copy(update={"map": {"Mayor": "full"}})
    part = profile.campaign.parts[-1].model_copy(update={"level": "policies_only"})
    changed = profile.model_copy(
        update={
            "attributes": {**profile.attributes, "level": levels},
            "campaign": profile.campaign.model_copy(update={"parts": [part]}),
        }
    )
    monkeypatch.setattr("coi.campaigns.actions.current_profile", lambda: changed)
    part.__dict__["level"] = type("L", (), {"value": "policies_only"})()
    mayor, clerk = PersonFactory(title="Mayor"), PersonFactory(title="Clerk")
    actions.open_campaign(2026, OPERATOR, CLOCK)
    level = dict(db.session.execute(select(Obligation.person_id, Obligation.level)).all())
    assert (level[mayor.id], level[clerk.id]) == ("full", "policies_only")


def test_a_campaign_opened_after_its_due_date_keeps_as_many_days(db, form):
    late = datetime(2026, 11, 25, 15, 0, tzinfo=CLOCK.tzinfo)
    part = actions.open_campaign(2026, OPERATOR, late).parts[0]
    assert part.opens_on == date(2026, 11, 25)
    assert part.due_on == date(2026, 11, 25) + timedelta(days=61)


def test_who_filed_as_a_new_hire_within_ninety_days_is_not_asked_twice(db, form, cast, signs):
    signs("finn", kind=Kind.NEW_HIRE)
    signs("kit", kind=Kind.NEW_HIRE, first_submitted_at=datetime(2026, 1, 5, tzinfo=CLOCK.tzinfo))
    actions.open_campaign(2026, OPERATOR, CLOCK)
    annual = select(Obligation.person_id, Obligation.settled_on).where(Obligation.kind == Kind.ANNUAL)
    settled = dict(db.session.execute(annual).all())
    assert settled[cast.finn.person.id] == date(2026, 3, 2)
    assert settled[cast.kit.person.id] is None


def test_the_desk_asks_and_a_senior_officer_opens(db, form, cast):
    request = actions.ask_to_open(2026, "The year begins", cast.dee.actor, CLOCK)
    assert request is not None
    assert queries.latest() is None
    assert requests.approve(request, "Fine", cast.sia.actor, CLOCK)
    told = entry(db, Event.CAMPAIGN_OPENED)
    assert (told["two_persons"], told["request"], told["setup"]) == (True, request.reference, False)
    assert db.session.scalar(select(func.count()).select_from(Campaign)) == 1


def test_a_campaign_opened_meanwhile_voids_the_request(db, form, cast):
    request = actions.ask_to_open(2026, "The year begins", cast.dee.actor, CLOCK)
    actions.open_campaign(2026, OPERATOR, CLOCK)
    assert not requests.approve(request, "Fine", cast.sia.actor, CLOCK)
    assert request.state is RequestState.VOID


def test_pausing_a_part_leaves_a_step_and_can_be_taken_back(db, campaign):
    part = campaign.parts[0]
    actions.pause(part, True, OPERATOR, CLOCK)
    with pytest.raises(NotPossible):
        actions.pause(part, True, OPERATOR, CLOCK)
    actions.pause(part, False, OPERATOR, CLOCK)
    steps = db.session.scalars(select(CampaignStep.step).order_by(CampaignStep.id)).all()
    assert steps == ["opened", "paused", "resumed"]
    assert not part.paused


def test_closing_makes_a_checkpoint_and_ends_nothing_else(db, campaign, cast, signs):
    actions.close(campaign, OPERATOR, CLOCK, setup=True)
    checkpoint = db.session.scalars(select(Checkpoint).order_by(Checkpoint.id.desc())).first()
    told = entry(db, Event.CAMPAIGN_CLOSED)
    assert (told["size"], told["head"]) == (checkpoint.size, checkpoint.head)
    assert campaign.closed_seq is not None
    signs("finn")
    assert queries.owed_by(cast.finn.person.id, date(2026, 3, 2))[0].obligation.settled_on == date(2026, 3, 2)
    with pytest.raises(NotPossible):
        actions.close(campaign, OPERATOR, CLOCK)


def test_an_operator_opens_alone_in_setup(runner, db, form):
    reply = runner.invoke(args=["campaigns", "open", "--year", "2026"])
    asked = db.session.scalars(select(Request)).all()
    assert reply.exit_code == 0
    if asked:
        assert asked[0].reference in reply.output
    else:
        assert "10 people are asked" in reply.output
        assert entry(db, Event.CAMPAIGN_OPENED)["setup"] is True


def test_status_and_pause_on_the_terminal(runner, db, campaign):
    reply = runner.invoke(args=["campaigns", "status"])
    assert reply.exit_code == 0
    assert "Not started: 10" in reply.output
    assert runner.invoke(args=["campaigns", "pause", "--part", "9"]).exit_code == 1
    assert runner.invoke(args=["campaigns", "pause", "--part", "1"]).exit_code == 0


def test_without_a_campaign_the_terminal_says_what_to_do(runner, app):
    reply = runner.invoke(args=["campaigns", "status"])
    assert reply.exit_code == 1
    assert "flask campaigns open" in reply.stderr
