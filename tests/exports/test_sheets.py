"""Plans, Access and Changes: each row as it stood at N and later, from dated rows and the log; what was altered is named."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from coi.accounts import roles
from coi.appeals.resting import let_rest
from coi.audit.chain import stamp
from coi.audit.queries import head
from coi.campaigns.extensions import excuse, set_leave
from coi.db import db
from coi.duties.actions import go_away
from coi.duties.sweep import keep_apart
from coi.exports import verify
from coi.exports.registers.access import access
from coi.exports.registers.asof import Moment
from coi.exports.registers.changes import BY_CODE, changes
from coi.exports.registers.columns import CODES, SHEETS
from coi.exports.registers.conditions import open_conditions
from coi.exports.registers.plans import plans
from coi.exports.registers.population import population
from coi.exports.registers.rows import decisions as decided
from coi.exports.registers.rows import outcomes
from coi.exports.registers.words import Change, Given, Holding, Right
from coi.languages import speaking
from coi.models import AuditEntry, Installation, Obligation, Person, PersonVersion
from coi.plans import actions, binding, standing
from coi.review import decisions
from coi.vocabulary import Outcome, PlanAnswered, Role, WhileAway
from tests.appeals.appealing import appealed, burdened
from tests.disclosures.steps import now
from tests.factories import OPERATOR, PersonFactory, an_entry
from tests.plans.made import SHOP, answered, draft, managed, plan_of
from tests.review.cases import at, case_of, holder

ZONE = ZoneInfo("America/New_York")
READ = {
    "plans": lambda at: plans(at, None),
    "access": access,
    "changes": changes,
    "outcomes": lambda at: outcomes(at, None),
    "decisions": lambda at: decided(at, None),
}
NEW = ("plans", "access", "changes")


def moment() -> Moment:
    """Now, and the newest entry of the log."""
    return Moment(stamp(now()), head()[0], ZONE)


def rows(sheet: str, at: Moment, language: str = "en") -> list[dict[str, Any]]:
    """The rows of a sheet by the key of the column."""
    keys = [spec.key for spec in SHEETS[sheet]]
    with speaking(language):
        at = replace(at, language=language)
        return [dict(zip(keys, row, strict=True)) for row in READ[sheet](at)]


@dataclass(frozen=True)
class Kept:
    """What was read at a moment, to be read again later."""

    at: Moment
    rows: list[dict[str, Any]]


def roster(person: Person, **more: Any) -> None:
    """What the roster says of somebody from now on."""
    told = {"name": person.name, "department": person.department, "title": person.title, "group": person.group}
    told |= {"email": person.email, "language": person.language, "active": True, **more}
    db.session.add(PersonVersion(person_id=person.id, seq=an_entry(now()), **told))
    db.session.commit()


class Story:
    """Reads a sheet after every step, a day apart; in the end each reading must come out again."""

    def __init__(self, sheet: str, clock: Any) -> None:
        self.sheet, self.clock, self.kept = sheet, clock, list[Kept]()

    def read(self) -> list[dict[str, Any]]:
        self.kept.append(Kept(moment(), rows(self.sheet, moment())))
        self.clock.shift(timedelta(days=1))
        return self.kept[-1].rows

    def holds(self) -> None:
        assert len({repr(one.rows) for one in self.kept}) == len(self.kept), "every step shows"
        for one in self.kept:
            assert rows(self.sheet, one.at) == one.rows


def stands(plan) -> list[str]:
    """What the pages say of a plan and its conditions today."""
    return [standing.state_of(plan, now().date()), *(one.state for one in standing.standings(plan, now().date()))]


def shown(told: Iterable[dict[str, Any]]) -> list[str]:
    told = list(told)
    return [told[0]["plan_state"], *(row["state"] for row in told)]


def test_a_plan_stands_as_its_pages_said_at_every_moment(db, cast, clock):
    story = Story("plans", clock)
    plan = managed(cast, draft("step_aside_party"), draft("report_change"), draft("tell_party", due="30 days"))
    first, second, _third = plan.conditions

    def step(act=lambda: None, still: int = 3) -> list[dict[str, Any]]:
        act()
        db.session.commit()
        db.session.expire_all()
        said, now_ = stands(plan), moment()
        told = story.read()
        assert shown(told) == said
        assert open_conditions([plan.decision_id], now_) == {plan.decision_id: still}
        assert {row["conditions"] for row in rows("outcomes", now_) if row["reference"] == plan.disclosure.reference} <= {still}
        return told

    (one, *_rest) = step()
    assert SHOP not in repr(one)
    assert "(restricted, given)" in one["text"]
    assert rows("plans", moment(), "es")[0]["text"].startswith("No haga ningún trabajo")
    assert (one["name"], one["plan"], one["reference"]) == (cast.finn.person.name, plan.reference, plan.disclosure.reference)
    assert (one["open_days"], one["since"], one["answer"]) == (0, None, None)
    step(lambda: answered(plan, cast, PlanAnswered.DECLINED, "I can't."))
    (one, *_rest) = step(lambda: answered(plan, cast, PlanAnswered.OBJECTION, "I can, but."))
    assert (one["answer"], one["since"], one["open_days"]) == (PlanAnswered.OBJECTION, now().date() - timedelta(days=1), 2)
    step(lambda: actions.say_done(first, "Done.", cast.finn.actor, now()))
    step(lambda: actions.send_back(first, "How?", cast.sam.actor, now()))
    step(lambda: actions.say_done(first, "By letter.", cast.finn.actor, now()))
    (one, *_rest) = step(lambda: actions.confirm(first, "", cast.sam.actor, now()), still=2)
    assert (one["confirmed_by"], one["open_days"]) == (cast.sam.person.name, None)
    step(lambda: actions.end_early(second, "Not needed.", cast.sia.actor, now()), still=1)
    step(lambda: clock.shift(timedelta(days=90)), still=1)
    assert {"declined", "in_force"} <= {kept.rows[0]["plan_state"] for kept in story.kept}
    assert {"waits", "open", "said", "confirmed", "ended", "overdue"} <= {
        row["state"] for kept in story.kept for row in kept.rows
    }
    story.holds()


def test_what_rests_or_was_replaced_says_so_and_did_not_before(db, cast, clock):
    story = Story("plans", clock)
    made = burdened(cast)
    plan = answered(plan_of(made), cast)
    assert shown(story.read()) == stands(plan)
    appealed(cast, made)
    before, between = moment(), rows("plans", moment())
    clock.shift(timedelta(days=1))
    let_rest(made, "Soon over.", cast[holder(made, cast)].actor, now(), **at(made))
    db.session.commit()
    assert shown(story.read()) == stands(plan) == ["rests"] * 3
    decisions.decide(made, Outcome.NOTED, "No part.", "", cast[holder(made, cast)].actor, now(), **at(made))
    db.session.commit()
    db.session.expire_all()
    (one, two) = story.read()
    assert shown([one, two]) == stands(plan) == ["over"] * 3
    assert one["replaced_by"] not in ("", plan.reference)
    assert open_conditions([plan.decision_id], moment()) == {plan.decision_id: 0}
    assert binding.bound([made.filer_id], now().date()) == set()
    assert (shown(between), rows("plans", before)) == (["in_force", "open", "open"], between)
    story.holds()


def test_a_right_has_its_row_with_who_asked_who_approved_and_how_it_ended(db, cast, clock, sign_in):
    story, kit = Story("access", clock), cast.kit.account
    assert story.read() == []
    roles.grant_in_setup(kit, Role.REVIEWER, OPERATOR, now())
    (one,) = story.read()
    assert (one["right"], one["given"], one["holding"], one["ended_at"]) == (Role.REVIEWER, Given.SETUP, Holding.HELD, None)
    db.session.scalars(select(Installation)).one().setup_ended_seq = head()[0]
    asked = roles.ask_end(kit, Role.REVIEWER, "moved", cast.dee.actor, now())
    assert sign_in("sia").post(f"/accounts/requests/{asked.reference}/approve").status_code == 302
    (one,) = story.read()
    assert (one["holding"], one["end_asked_by"], one["end_approved_by"]) == (
        *(Holding.ENDED, cast.dee.person.name),
        cast.sia.person.name,
    )
    asked = roles.ask_grant(kit, Role.RECUSAL_READER, None, "new", cast.dee.actor, now())
    assert sign_in("sia").post(f"/accounts/requests/{asked.reference}/approve").status_code == 302
    (_one, two) = story.read()
    assert (two["given"], two["request"], two["asked_by"], two["approved_by"]) == (
        *(Given.TWO_PERSONS, asked.reference, cast.dee.person.name),
        cast.sia.person.name,
    )
    assert (two["number"], two["name"], two["seq"] > one["ended_seq"]) == (cast.kit.person.number, cast.kit.person.name, True)
    roles.break_glass(cast.olu.account, Role.CAMPAIGN_DESK, "nobody there", OPERATOR, now())
    assert story.read()[-1]["given"] is Given.EMERGENCY
    roster(cast.kit.person, active=False)
    assert [row["holding"] for row in story.read()] == [Holding.ENDED, Holding.LEFT, Holding.HELD]
    clock.shift(timedelta(days=8))
    assert [row["holding"] for row in story.read()] == [Holding.ENDED, Holding.LEFT, Holding.PASSED]
    story.holds()


def test_a_right_to_one_filing_stands_beside_the_roles(db, cast, clock, sign_in):
    story, made = Story("access", clock), case_of(cast)
    name = holder(made, cast)
    other = ({"olu", "ren"} - {name}).pop()
    on, delegate = now().date(), cast[other].person.id
    go_away(
        cast[name].person.id,
        on + timedelta(days=1),
        on + timedelta(days=3),
        WhileAway.DELEGATE,
        delegate,
        cast[name].actor,
        now(),
    )
    db.session.commit()
    clock.shift(timedelta(days=1))
    keep_apart(now())
    (one,) = story.read()
    assert (one["right"], one["over"], one["given"]) == (Right.STANDS_IN, made.reference, Given.SYSTEM)
    assert (one["name"], one["until"], one["holding"]) == (cast[other].person.name, on + timedelta(days=3), Holding.HELD)
    clock.shift(timedelta(days=4))
    keep_apart(now())
    assert story.read()[0]["holding"] is Holding.ENDED
    story.holds()


def test_changes_are_the_entries_of_the_log_in_both_languages(db, campaign, cast, clock):
    first = moment()
    clock.shift(timedelta(days=1))
    told = rows("changes", first)
    wanted = db.session.scalars(select(AuditEntry).where(AuditEntry.event.in_(list(BY_CODE))).order_by(AuditEntry.seq)).all()
    assert [(row["seq"], row["event"], row["details"]) for row in told] == [(one.seq, one.event, one.details) for one in wanted]
    opened = next(row for row in told if row["event"] == "campaign:opened")
    assert opened["kind"] is Change.DATES
    assert opened["what"].startswith("opened the campaign 2026: ")
    assert opened["by"] == "The operator tests"
    spanish = next(row for row in rows("changes", first, "es") if row["event"] == "campaign:opened")
    assert (spanish["what"] != opened["what"], spanish["actor"]) == (True, opened["actor"])
    roles.grant_in_setup(cast.kit.account, Role.REVIEWER, OPERATOR, now())
    assert rows("changes", Moment(first.as_of, opened["seq"] - 1, ZONE)) == told[: told.index(opened)]
    assert rows("changes", moment()) == told, "who may what is told by Access"


def test_a_coded_column_holds_words_of_its_list_and_nothing_else(db, cast, clock):
    plan = answered(managed(cast), cast)
    actions.say_done(plan.conditions[0], "Done.", cast.finn.actor, now())
    roles.grant_in_setup(cast.kit.account, Role.REVIEWER, OPERATOR, now())
    db.session.commit()
    for sheet in NEW:
        told = rows(sheet, moment())
        assert told
        for (name, column), kinds in CODES.items():
            if name == sheet:
                assert {type(row[column]) for row in told} <= {*kinds, type(None)}, (sheet, column)


def test_who_reviewed_and_decided_is_named_as_they_were_called_then(db, cast, clock):
    who, before = managed(cast).decision.by_id, moment()
    first = db.session.get(Person, who).name
    for sheet in ("outcomes", "decisions"):
        person = db.session.get(Person, who)
        new = f"Another {sheet}"
        roster(person, name=new)
        person.name = new
        db.session.commit()
        told = repr(rows(sheet, before))
        assert (first in told, new in told) == (True, False)
        assert new in repr(rows(sheet, moment()))


def test_population_ends_with_the_campaign(db, campaign, cast, clock):
    numbers = [row[0] for row in population(moment(), campaign)]
    campaign.closed_seq = an_entry(now())
    clock.shift(timedelta(days=1))
    late, kit = PersonFactory(version=an_entry(now())), cast.kit.person
    roster(kit, active=False)
    told = list(population(moment(), campaign))
    assert [row[0] for row in told] == numbers
    assert late.number not in numbers
    assert late.number in [row[0] for row in population(moment(), None)]
    assert {row[0]: str(row[5]) for row in told}[cast.kit.person.number] == "yes", (
        "who left after the close was active at its end"
    )
    assert [row[0] for row in population(Moment(stamp(now()), campaign.seq, ZONE), campaign)] == numbers


def test_why_nothing_is_due_is_said_in_words_and_not_of_who_has_filed(db, filed, campaign, cast, clock):
    owed = {one.person_id: one for one in db.session.scalars(select(Obligation))}
    excuse(owed[cast.sam.person.id], "twice", cast.dee.actor, now())
    for name in ("finn", "olu"):
        set_leave(cast[name].person, now().date(), None, True, cast.dee.actor, now())
    db.session.commit()
    for language, told in (("en", "excused: Was asked twice"), ("es", "dispensado: Se le pidió dos veces")):
        with speaking(language):
            rows_ = {row[0]: row[8:10] for row in population(replace(moment(), language=language), campaign)}
        assert rows_[cast.sam.person.number] == (told, cast.dee.person.name)
        assert rows_[cast.finn.person.number] == ("", ""), "who has filed is not kept from it by leave"
        assert rows_[cast.olu.person.number][0] in ("on leave", "con licencia")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_cell_of_a_new_sheet_that_was_altered_is_named(make, db, cast, language):
    answered(managed(cast), cast)
    roles.grant_in_setup(cast.kit.account, Role.REVIEWER, OPERATOR, now())
    db.session.commit()
    book = make("--language", language)
    key = db.session.scalars(select(Installation.key)).one()
    assert verify.Check(verify.Workbook(book.path), None, key, []).found == []
    opened, names = load_workbook(book.path), [verify.TABS[key][language == "es"] for key in NEW]
    for name in names:
        opened[name]["B2"] = "Another"
    opened.save(book.path)
    found = verify.Check(verify.Workbook(book.path), None, key, []).found
    assert sorted(one for one in found if "a cell was altered" in one) == sorted(
        f"{name}, row 2: a cell was altered." for name in names
    )
