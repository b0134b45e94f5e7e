"""The case page: what may not be read leaves no name on it, changes stand side by side, more interests ask no more often."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import event, select

from coi.db import db as database
from coi.disclosures import actions as filing
from coi.disclosures import queries as drafts
from coi.disclosures.signing import sign
from coi.models import AuditEntry, Disclosure, StepAside
from coi.models.types import new_reference
from coi.plans.drafting import Terms
from coi.review import actions, decisions, queries
from coi.review.related import related
from coi.vocabulary import Outcome, Role
from tests.disclosures.steps import A_JOB, complete, filed, now, owed, signature
from tests.factories import an_entry
from tests.review.cases import at, case_of, escalated, holder, holds, tie

THE_JOB = {**A_JOB["outside_work"][0], "org": "Penn Square Paving LLC", "my_part": "yes"}
TRIGGER = "Check whether the filer&#39;s work covers this employer"


def jobs(*rows):
    return {"has_outside_work": "yes", "outside_work": list(rows)}


def kits_decided(cast, outcome=Outcome.NOTED, **more):
    """Kit works for the same company; somebody decided it."""
    made = case_of(cast, "kit", jobs(THE_JOB))
    decisions.decide(made, outcome, "Kit keeps off the paving.", "", cast[holder(made, cast)].actor, now(), **at(made), **more)
    database.session.commit()
    return made


def given_to(made, reader):
    """Whoever had it: from now on this one has it."""
    made.reviewer_id = reader.person.id
    database.session.commit()


def managed(cast):
    """Kit's case, decided with a condition of the library and one in its own words."""
    made = escalated_of_kit(cast)
    second = cast[holder(made, cast)].actor
    own = ["step_aside_party", "Kit reports to Jane Doe on this."]
    decisions.decide(
        made,
        Outcome.MANAGED,
        "Kit keeps off the paving.",
        "",
        second,
        now(),
        conditions=own,
        terms=Terms("Section 4"),
        **at(made),
    )
    database.session.commit()
    return made


def escalated_of_kit(cast):
    made = case_of(cast, "kit", jobs(THE_JOB))
    actions.escalate(made, Outcome.MANAGED, "please look", cast[holder(made, cast)].actor, now(), **at(made))
    database.session.commit()
    return made


def test_of_a_case_that_may_not_be_read_only_outcome_and_library_conditions_stand_on_the_page(sign_in, db, cast):
    kits = managed(cast)
    made = case_of(cast, "finn", jobs(THE_JOB))
    assert TRIGGER in (page := sign_in(holder(made, cast)).get(f"/review/{made.reference}").text)
    may = [one for one in ("olu", "ren") if queries.still_readable(kits, cast[one].actor)]
    reader = next(one for one in ("olu", "ren") if one not in may)
    given_to(made, cast[reader])
    page = sign_in(reader).get(f"/review/{made.reference}").text
    assert page.count("Allowed with conditions (1)") == 2  # as a precedent, and for the party
    assert "Do no City work that involves" in page
    for hidden in (kits.reference, cast.kit.person.name, "Jane Doe", "Kit keeps off"):
        assert hidden not in page
    page = sign_in("sia").get(f"/review/{made.reference}").text
    for shown in (f"/review/{kits.reference}", cast.kit.person.name, "Jane Doe", "Kit keeps off the paving."):
        assert shown in page
    assert "Allowed with conditions (" not in page


def test_what_is_linked_is_what_the_rule_allows_row_by_row(db, cast):
    kits, finns = kits_decided(cast), case_of(cast, "finn", jobs(THE_JOB))
    escalated(cast, name="ada")
    tie(cast, "kit", "sia")
    holds(cast, "kit", Role.REVIEWER)
    before = {one.id: one for one in db.session.scalars(select(Disclosure))}
    told = set()
    for name in cast:
        found = related(finns, drafts.version_of(finns), cast[name].actor)
        lines = [*found.precedents.values(), *found.parties.values()]
        seen = {one.disclosure_id for line in lines for one in line.shown}
        assert seen == {kits.id} & {number for number, one in before.items() if queries.still_readable(one, cast[name].actor)}, (
            name
        )
        assert sum(times for line in lines for _outcome, times in line.counted) == (0 if seen else 2), name
        told |= {name} if seen else set()
    assert told == {holder(kits, cast), "sol"}  # its reader, and the senior officer who is free of conflict


def test_what_changed_stands_side_by_side_and_what_is_gone_stands_there_too(sign_in, db, cast):
    other = {**THE_JOB, "org": "Old Mill Inn", "my_part": "no"}
    first = filed(cast.finn.person, cast.finn.actor, answers=jobs(THE_JOB, other))
    decisions.decide(first, Outcome.NOTED, "Fine.", "", cast[holder(first, cast)].actor, now(), **at(first))
    again = filing.start(owed(cast.finn.person, occasion="2027"), cast.finn.actor, now())
    draft = drafts.draft_of(again)
    told = {one["entry"]["org"]: f"{one['question']}/{one['entry']['_key']}" for one in draft.carried["items"]}
    said = {told["Penn Square Paving LLC"]: {"said": "changed", "on": ""}, told["Old Mill Inn"]: {"said": "mistake", "on": ""}}
    filing.save_draft(again, {}, {}, cast.finn.actor, now(), draft.revision, said=said)
    kept = drafts.draft_of(again).answers["outside_work"]
    complete(again, cast.finn.actor, **jobs({**kept[0], "work": "night watch"}, {**THE_JOB, "org": "Brand New Bakery"}))
    sign(again, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    page = sign_in("sia").get(f"/review/{again.reference}").text
    assert '<del class="coi-lines">=1+1</del>' in page
    assert '<ins class="coi-lines">night watch</ins>' in page
    assert "Old Mill Inn" in page
    assert "told by mistake" in page
    assert page.count(">new</span>") == 1
    reads = list(db.session.scalars(select(AuditEntry.subject).where(AuditEntry.event == "disclosure:read")))
    assert reads == [f"disclosure:{again.reference}", f"disclosure:{first.reference}"]


def test_old_answers_of_a_case_that_may_not_be_read_stay_away(sign_in, db, cast):
    first = filed(cast.finn.person, cast.finn.actor, answers=jobs(THE_JOB))
    had = holder(first, cast)
    again = filing.start(owed(cast.finn.person, occasion="2027"), cast.finn.actor, now())
    draft = drafts.draft_of(again)
    name = f"outside_work/{draft.carried['items'][0]['entry']['_key']}"
    filing.save_draft(again, {}, {}, cast.finn.actor, now(), draft.revision, said={name: {"said": "changed", "on": ""}})
    kept = drafts.draft_of(again).answers["outside_work"]
    complete(again, cast.finn.actor, **jobs({**kept[0], "work": "night watch"}))
    sign(again, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    reader = holder(again, cast)
    assert reader != had
    page = sign_in(reader).get(f"/review/{again.reference}").text
    assert "=1+1" not in page
    assert "What it said then belongs to a case that you may not read." in page
    assert first.reference not in page


def test_a_step_aside_on_record_for_the_party_stands_at_its_interest(sign_in, db, cast):
    made = case_of(cast, "finn", jobs(THE_JOB))
    row = {"person_id": cast.finn.person.id, "since": date(2026, 2, 3), "at": now(), "seq": an_entry()}
    for party, matter in (("PENN SQUARE PAVING", "Resurfacing of Queen Street"), ("Somebody else", "Another matter")):
        db.session.add(StepAside(reference=new_reference("ASIDE"), matter=matter, party=party, **row))
    db.session.commit()
    page = sign_in(holder(made, cast)).get(f"/review/{made.reference}").text
    assert "Stepped aside on February 3, 2026 from: Resurfacing of Queen Street" in page
    assert "Another matter" not in page


@pytest.fixture
def asked(db):
    """The statements of a page, without BEGIN."""
    told: list[str] = []

    def listen(_connection, _cursor, statement, *_more) -> None:
        if not statement.startswith("BEGIN"):
            told.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    yield told
    event.remove(db.engine, "before_cursor_execute", listen)


# Every statement of the page, sign-in and trace with it: room for one panel more, none for one statement an interest.
@pytest.mark.parametrize(("who", "most"), [("reader", 25), ("sia", 31)])
def test_ten_interests_ask_no_more_often_than_one(sign_in, db, cast, asked, who, most):
    kits = kits_decided(cast)
    reader = holder(kits, cast)
    counts = []
    for name, many in (("dee", 1), ("dan", 10)):
        rows = ({**THE_JOB, "org": f"{THE_JOB['org']} {number or ''}".strip()} for number in range(many))
        made = case_of(cast, name, jobs(*rows))
        given_to(made, cast[reader])
        browser = sign_in(reader if who == "reader" else who)
        browser.get(f"/review/{made.reference}")
        asked.clear()
        page = browser.get(f"/review/{made.reference}")
        assert page.text.count('class="coi-interest ') == many
        counts.append(Counter(statement.partition("FROM ")[2].split(" ")[0].strip() for statement in asked))
    assert counts[0] == counts[1]
    assert counts[0].total() <= most


def test_a_decided_case_with_its_plan_takes_few_statements_more(sign_in, db, cast, asked):
    made = managed(cast)
    browser = sign_in("sia")
    browser.get(f"/review/{made.reference}")
    asked.clear()
    page = browser.get(f"/review/{made.reference}").text
    assert "Do no City work that involves" in page
    assert len(asked) <= 35
