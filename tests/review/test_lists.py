"""The queue: what a person sees equals what the rule allows; order, pages, filters, the auditor's list and its entries."""

import json
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from coi.disclosures.facts import conflicts_with, facts_for, in_conflict
from coi.models import AuditEntry, Disclosure, PersonVersion, Recommendation, Recusal
from coi.review.queue import Filters, lists_of, queue, visible
from coi.rules.permissions import Permission, allows
from coi.vocabulary import Outcome, Risk, Role, State
from tests.disclosures.steps import now, owed
from tests.factories import PersonFactory, an_entry, filing, find_cast
from tests.review.cases import holds, tie


@pytest.fixture
def city_of_cases(db, cast):
    """Filings of everybody in every state with every reviewer, and every kind of conflict among them."""
    holds(cast, "kit", Role.COMMISSIONER)
    tie(cast, "finn", "sia")
    tie(cast, "ren", "kit", "shared_party")
    cast.dee.person.supervisor_id = cast.sol.person.id
    cast.olu.person.supervisor_id = cast.dee.person.id
    kept = {
        column: getattr(cast.dan.person, column)
        for column in ("name", "email", "title", "department", "group", "language", "active")
    }
    for supervisor in (cast.olu.person.id, None):
        db.session.add(PersonVersion(person_id=cast.dan.person.id, seq=an_entry(), supervisor_id=supervisor, **kept))
    made = []
    reviewers = (None, "olu", "ren", "sia", "sol", "kit")
    for filer, state, reviewer in product(("finn", "sam", "kit", "ada", "olu", "sia", "dan", "dee"), State, reviewers):
        if reviewer == filer or (reviewer is None) is (state in (State.IN_REVIEW, State.ESCALATED, State.DECIDED)):
            continue
        made.append(filing(cast[filer].person, state, cast[reviewer].person if reviewer and state is not State.DRAFT else None))
    then = owed(cast.kit.person, supervisor_id=cast.sol.person.id)
    kits = [one for one in made if one.filer_id == cast.kit.person.id and one.state is State.IN_REVIEW]
    kits[0].obligation_id = then.id
    db.session.add(Recusal(disclosure_id=kits[1].id, reviewer_id=cast.sol.person.id, reason="x", seq=an_entry()))
    for one in made:
        if one.state is State.ESCALATED and one.reviewer_id != cast.ren.person.id:
            told = {
                "version_id": one.versions[0].id,
                "outcome": Outcome.REFERRED,
                "reasoning": "x",
                "at": now(),
                "seq": an_entry(),
            }
            by = cast.ren if one.filer_id != cast.ren.person.id else cast.olu
            db.session.add(Recommendation(disclosure_id=one.id, filer_id=one.filer_id, by_id=by.person.id, **told))
    db.session.commit()
    return made


EVERYBODY = ("finn", "sam", "kit", "olu", "ren", "ada", "sia", "sol", "dee", "dan")
SEES_SOMETHING = ("olu", "ren", "sia", "sol", "kit", "ada")


# The city of cases costs a second to build: all people look at one.
def test_the_list_a_person_sees_equals_what_the_rule_allows(db, city_of_cases):
    wrong = []
    for name in EVERYBODY:
        actor = find_cast()[name].actor
        shown = {one.reference for whose in lists_of(actor) for one in db.session.scalars(visible(actor, whose))}
        allowed = {one.reference for one in city_of_cases if allows(actor, Permission.LIST_CASE, facts_for(one, actor))}
        readable = {one.reference for one in city_of_cases if allows(actor, Permission.READ_CASE, facts_for(one, actor))}
        held = {
            "the list is what the rule allows": shown == allowed,
            "what may be read is listed": shown >= readable,
            "only who reviews or audits sees more": shown == readable or bool(actor.roles & {Role.AUDITOR, Role.REVIEWER}),
            "who sees something": bool(shown) is (name in SEES_SOMETHING),
        }
        wrong += [(name, what) for what, holds_true in held.items() if not holds_true]
    assert wrong == []


def test_the_condition_of_lists_says_the_same_as_the_rule_for_one_filing(db, cast, city_of_cases):
    by_list, one_by_one = {}, {}
    for name in ("olu", "ren", "sia", "sol", "dee", "sam", "kit"):
        me = cast[name].person.id
        by_list[name] = {one.id for one in db.session.scalars(select(Disclosure).where(in_conflict(me)))}
        one_by_one[name] = {one.id for one in city_of_cases if conflicts_with(one.filer_id, [me], one)}
    assert by_list == one_by_one


def test_nobody_opens_a_list_that_is_not_theirs(db, cast, city_of_cases):
    for whose in ("all", "waiting", "nonsense", ""):
        assert list(db.session.scalars(visible(cast.olu.actor, whose))) == []
    assert list(db.session.scalars(visible(cast.finn.actor, "mine"))) == []


def test_the_most_urgent_first_and_every_case_once_over_all_pages(db, cast, monkeypatch):
    monkeypatch.setattr("coi.review.queue.PAGE", 7)
    for number in range(40):
        risk = list(Risk)[number % 5]
        due = now() + timedelta(days=number % 3)
        filing(PersonFactory(), State.IN_REVIEW, cast.olu.person, risk=risk, rank=4 - risk.rank, due_at=due)
    db.session.commit()
    seen, after = [], ""
    while True:
        page = queue(cast.olu.actor, Filters(after=after), now())
        seen += page.rows
        after = page.after
        if not after:
            break
    places = [(one.rank, one.due_at, one.id) for one in seen]
    assert len(places) == 40
    assert places == sorted(places)


@pytest.mark.parametrize(
    "after",
    ["x", "~~", "1~~2", "1~2026-01-01~3", "٣~2026-01-01T00:00:00+00:00~1", "1~2026-01-01T00:00:00+00:00~" + "9" * 30, "9" * 90],
)
def test_a_made_up_place_is_the_first_page(sign_in, db, cast, after):
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    reply = sign_in("olu").get("/review/", query_string={"after": after})
    assert reply.status_code == 200
    assert made.reference in reply.text


@pytest.mark.parametrize("search", ["100%", "_", "%", "finn", "FINN", "COI-2026", "\\"])
def test_searching_takes_signs_as_they_are(sign_in, db, cast, search):
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    reply = sign_in("olu").get("/review/", query_string={"search": search})
    assert reply.status_code == 200
    assert (made.reference in reply.text) is (search.lower() == "finn")


def test_a_signed_filing_always_has_a_day_for_its_first_look(db, cast):
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, due_at=None)


def test_an_auditor_lists_states_and_dates_without_a_way_in_and_each_look_is_an_entry(sign_in, db, cast):
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    own = filing(cast.ada.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    browser = sign_in("ada")
    page = browser.get("/review/?search=finn&state=in_review").text
    assert made.reference in page
    assert f"/review/{made.reference}" not in page
    assert own.reference not in browser.get("/review/").text
    assert browser.get(f"/review/{made.reference}").status_code == 404
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "list:read")).all()
    assert len(entries) == 2
    assert json.loads(entries[0].details)["filter"] == {
        "whose": "all",
        "state": "in_review",
        "priority": "",
        "kind": "",
        "flag": "",
        "on": "",
        "department": False,
        "overdue": False,
        "searched": True,
    }


def test_the_three_numbers(sign_in, db, cast):
    filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    filing(cast.kit.person, State.IN_REVIEW, cast.olu.person, waiting_on_filer_since=now())
    filing(cast.sam.person, State.RETURNED, cast.olu.person)
    db.session.commit()
    page = sign_in("olu").get("/review/").text
    figures = page[page.index("coi-figures") : page.index("</ul>", page.index("coi-figures"))]
    assert [part.split("</strong>")[0] for part in figures.split("<strong>")[1:]] == ["1", "2", "0"]


def test_an_empty_queue_says_what_happens_next(sign_in, cast):
    assert "New filings come to you by themselves." in sign_in("olu").get("/review/").text
    assert "No case fits" in sign_in("olu").get("/review/?search=nobody").text
    assert "Take the filters away" in sign_in("olu").get("/review/?overdue=yes").text
    assert sign_in("sia").get("/review/?whose=waiting").status_code == 200
