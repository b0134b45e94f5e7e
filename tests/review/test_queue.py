"""The queue's filters, search, rows and numbers: what finds a filing, what its row says, and from how few statements."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from coi.disclosures.marks import mark_anew
from coi.models import Disclosure, DisclosureVersion, Flag, Interest, QueueMark
from coi.review import actions, decisions
from coi.review.queue import Filters, next_case, queue
from coi.vocabulary import Kind, Outcome, Risk, State
from tests.disclosures.steps import now
from tests.factories import PersonFactory, an_entry, filing
from tests.review.cases import at, case_of, decided, escalated, holder


def found(cast, name="olu", whose="mine", **asked):
    return {one.reference for one in queue(cast[name].actor, Filters(whose=whose, **asked), now()).rows}


def a_flag(made, question="outside_work", risk=Risk.HIGH, reason="Look at the contract.", party=""):
    told = {"version_id": made.versions[0].id, "question_id": question, "seq": an_entry()}
    return [Flag(risk=risk, reason=reason, **told), Interest(party=party, risk=risk, **told)]


@pytest.fixture
def cases(db, cast):
    """One filing for each thing that can be asked, all of them Olu's but the one that nobody has."""
    olu, then = cast.olu.person, now()
    late, soon = then - timedelta(days=3), then + timedelta(days=9)
    people = {
        "plain": PersonFactory(name="José Núñez", search_name="jose nunez", department="Parks"),
        "flagged": PersonFactory(name="Ann Marie Smith", search_name="ann marie smith", department="Police"),
    }
    made = {
        "plain": filing(people["plain"], State.IN_REVIEW, olu, due_at=soon, rank=4),
        "flagged": filing(people["flagged"], State.IN_REVIEW, olu, due_at=soon, risk=Risk.CRITICAL, rank=0),
        "gift": filing(cast.finn.person, State.IN_REVIEW, olu, due_at=soon, kind=Kind.GIFT, rank=4),
        "late": filing(cast.finn.person, State.IN_REVIEW, olu, due_at=late, rank=4),
        "asked": filing(cast.kit.person, State.IN_REVIEW, olu, due_at=late, waiting_on_filer_since=late, rank=4),
        "returned": filing(cast.kit.person, State.RETURNED, olu, due_at=late, waiting_on_filer_since=late, rank=4),
        "second": filing(cast.finn.person, State.ESCALATED, olu, due_at=soon, rank=4),
        "nobody": filing(cast.kit.person, State.SUBMITTED, None, due_at=soon, rank=4),
        "done": filing(cast.kit.person, State.DECIDED, olu, due_at=soon, risk=Risk.LOW, rank=3),
    }
    db.session.add_all(a_flag(made["flagged"], party="Société Générale, Inc."))
    db.session.commit()
    return {name: one.reference for name, one in made.items()}


OPEN = {"plain", "flagged", "gift", "late", "asked", "returned", "second"}
ASKED = [
    ({}, OPEN),
    ({"state": "returned"}, {"returned"}),
    ({"state": "decided"}, {"done"}),
    ({"state": "withdrawn"}, set()),
    ({"state": "decided", "kind": "annual"}, {"done"}),
    ({"priority": "now"}, {"flagged"}),
    ({"priority": "look", "state": "decided"}, {"done"}),
    ({"department": "Parks"}, {"plain", "asked", "returned"}),
    ({"department": "Parks", "on": "office"}, {"plain"}),
    ({"kind": "gift"}, {"gift"}),
    ({"kind": "annual"}, OPEN - {"gift"}),
    ({"flag": "outside_work"}, {"flagged"}),
    ({"flag": "outside_work", "department": "Police"}, {"flagged"}),
    ({"flag": "outside_work", "department": "Parks"}, set()),
    ({"flag": "gifts"}, set()),
    ({"on": "office"}, OPEN - {"asked", "returned"}),
    ({"on": "filer"}, {"asked", "returned"}),
    ({"on": "second"}, {"second"}),
    ({"on": "nobody"}, set()),
    ({"overdue": "yes"}, {"late"}),
    ({"overdue": "yes", "kind": "gift"}, set()),
    ({"search": "núÑEZ"}, {"plain"}),
    ({"search": "  nun jos"}, {"plain"}),
    ({"search": "smith ann"}, {"flagged"}),
    ({"search": "societe"}, {"flagged"}),
    ({"search": "SMITH générale"}, {"flagged"}),
    ({"search": "smith nunez"}, set()),
    ({"search": "unez"}, set()),
    ({"search": "…"}, set()),
    ({"search": "smith", "department": "Police", "flag": "outside_work", "priority": "now"}, {"flagged"}),
    ({"search": "smith", "state": "decided"}, set()),
    ({"state": "draft", "kind": "no such", "on": "x", "priority": "y", "overdue": "z"}, OPEN),
]


def test_each_filter_finds_what_it_says(cast, cases):
    named = {reference: name for name, reference in cases.items()}
    told = [(asked, {named[one] for one in found(cast, **asked)}) for asked, _wanted in ASKED]
    assert told == ASKED
    assert found(cast, search=f" {cases['gift'].lower()} ") == {cases["gift"]}
    assert found(cast, "sia", "waiting") == found(cast, "sia", "all", on="nobody") == {cases["nobody"]}
    assert found(cast, "ada", "all", search="societe") == found(cast, "ren", "desk", search="societe") == set()
    assert found(cast, "ada", "all", search="smith", flag="outside_work") == {cases["flagged"]}  # the flag is not heard


def test_the_last_part_of_a_reference_finds_its_case_as_it_is_said_on_the_phone(db, cast):
    for number, (name, last) in enumerate([("ann smith", "7K3F9Q"), ("tracy jones", "C4D7EE"), ("bob lee", "TRACYX")]):
        filing(PersonFactory(search_name=name), State.IN_REVIEW, cast.olu.person, reference=f"COI-202{number}-{last}")
    db.session.commit()

    def last_parts(search: str, who: str = "olu", whose: str = "mine") -> set[str]:
        return {one.rpartition("-")[2] for one in found(cast, who, whose, search=search)}

    for said in ("7K3F9Q", "7k3f9q", "7K3F", "2020-7K3F9Q", "coi 2020 7k3f9", "smith 7k3f9q", "COI-2020-7K3F9Q"):
        assert last_parts(said) == {"7K3F9Q"}, said
    for said in ("7K3", "K3F9Q", "7K3F9QX", "jones 7k3f9q", "2020", "coi"):
        assert last_parts(said) == set(), said
    assert last_parts("tracy") == {"C4D7EE"}  # a name is a name; the whole of it is asked for where it ends a reference
    assert last_parts("tracyx") == {"TRACYX"}
    assert last_parts("7k3f9q", "ada", "all") == {"7K3F9Q"}
    assert last_parts("7k3f9q", "ren") == set()


def test_pages_of_every_filter_hold_each_case_once_and_in_order(db, cast, monkeypatch):
    monkeypatch.setattr("coi.review.queue.PAGE", 4)
    for number in range(23):
        risk = list(Risk)[number % 5]
        due = now() + timedelta(days=number % 3 - 5)
        person = PersonFactory(search_name=f"smith smithers {number}")
        filing(person, State.IN_REVIEW, cast.olu.person, risk=risk, rank=4 - risk.rank, due_at=due)
    db.session.commit()
    for asked in ({}, {"overdue": "yes"}, {"search": "smith"}, {"department": "Public Works"}, {"priority": "now"}):
        for whose in ("mine", "desk"):
            seen, after = [], ""
            while True:
                page = queue(cast.olu.actor, Filters(whose=whose, after=after, **asked), now())
                seen += [(one.rank, one.due_at, one.id) for one in page.rows]
                after = page.after
                if not after:
                    break
            assert len(seen) == (4 if "priority" in asked else 23)
            assert seen == sorted(set(seen))


def test_marks_follow_whatever_happens_to_a_filing(db, cast):
    made = case_of(cast)
    case_of(cast, "kit")
    assert kept(db) == anew(db)
    assert {mark for mark, *_rest in kept(db)} >= {"name:finn", "department:Public Works", "kind:annual"}
    olu = cast[holder(made, cast)].actor
    actions.prioritise(made, Risk.CRITICAL, "it is urgent", olu, now(), **at(made))
    actions.ask(made, "Which days?", olu, now(), **at(made))
    actions.answer(made, "Fridays.", cast.finn.actor, now() + timedelta(hours=3))
    db.session.commit()
    assert kept(db) == anew(db)
    decisions.decide(made, Outcome.NOTED, "You may go on.", "", olu, now(), **at(made))
    cast.kit.person.search_name = "kit newname"
    db.session.commit()
    assert kept(db) == anew(db)
    assert {lane for _mark, lane, *_rest in kept(db)} == {0, 1}
    assert "name:newname" in {mark for mark, *_rest in kept(db)}
    decisions.undo(made, olu, now())
    db.session.commit()
    assert kept(db) == anew(db)
    assert {lane for _mark, lane, *_rest in kept(db)} == {0}


def kept(db):
    rows = select(QueueMark.mark, QueueMark.lane, QueueMark.rank, QueueMark.due_at, QueueMark.disclosure_id)
    return sorted(tuple(row) for row in db.session.execute(rows))


def anew(db):
    mark_anew(db.session.connection(), list(db.session.scalars(select(Disclosure.id))))
    made = kept(db)
    db.session.rollback()
    return made


def test_a_row_says_why_it_is_here_and_what_it_needs(sign_in, db, cast):
    plain = filing(PersonFactory(name="Vera First"), State.IN_REVIEW, cast.olu.person, due_at=now() - timedelta(days=2), nil=True)
    flagged = filing(cast.finn.person, State.ESCALATED, cast.olu.person)
    db.session.add_all(
        [*a_flag(flagged, risk=Risk.LOW, reason="Of the weaker."), *a_flag(flagged, reason="Look at the contract.")]
    )
    read = filing(cast.kit.person, State.IN_REVIEW, cast.olu.person, due_at=now() + timedelta(days=1))
    db.session.commit()
    olu = sign_in("olu")
    olu.get(f"/review/{read.reference}")
    corrected(db, read)
    answered = case_of(cast, "sam")
    who = holder(answered, cast)
    actions.ask(answered, "Which days?", cast[who].actor, now(), **at(answered))
    db.session.commit()
    waits = row_of(sign_in(who).get("/review/").text, answered.reference)
    actions.answer(answered, "Fridays.", cast.sam.actor, now())
    db.session.commit()
    page = olu.get("/review/").text
    assert "Nothing to declare" in row_of(page, plain.reference)
    assert "overdue by 2 days" in row_of(page, plain.reference)
    assert "Read and decide" in row_of(page, plain.reference)
    assert "Look at the contract." in row_of(page, flagged.reference)
    assert "Of the weaker." not in row_of(page, flagged.reference)
    assert "Decide as the second person" in row_of(page, flagged.reference)
    assert "Corrected since you read it" in row_of(page, read.reference)
    assert "Wait for the filer" in waits
    assert "since March 2, 2026" in waits
    there = row_of(sign_in(who).get("/review/").text, answered.reference)
    assert "Answered on March 2, 2026" in there
    assert "Read the answer and decide" in there
    for name, whose in (("ada", "all"), ("ren", "desk")):
        told = sign_in(name).get(f"/review/?whose={whose}").text
        assert flagged.reference in told
        assert "Look at the contract." not in told
        assert f"/review/{flagged.reference}" not in told


def row_of(page: str, reference: str) -> str:
    return page.partition(f'<tr id="{reference}"')[2].partition("</tr>")[0]


def corrected(db, made):
    """The filer signed again, as an action would leave it."""
    first = made.versions[0]
    copied = {name: getattr(first, name) for name in ("questionnaire_id", "record", "sha256", "answers", "filer", "language")}
    told = {"signed_at": now(), "signed_name": first.signed_name, "nil": True, "seq": an_entry()}
    db.session.add(DisclosureVersion(disclosure_id=made.id, number=2, idempotency_key="again", **copied, **told))
    made.version = 2
    db.session.commit()


def test_a_first_filing_that_declares_something_is_called_one(sign_in, db, cast):
    made = filing(PersonFactory(name="Vera First"), State.IN_REVIEW, cast.olu.person, nil=False)
    again = filing(made.filer, State.IN_REVIEW, cast.olu.person, nil=False)
    db.session.commit()
    page = sign_in("olu").get("/review/").text
    assert "First filing of Vera First" in row_of(page, made.reference)
    assert "Everything else goes to the ethics office" in row_of(page, again.reference)


def test_fifty_rows_take_no_more_statements_than_two(sign_in, db, cast):
    browser, counted = sign_in("olu"), []

    def statements():
        told = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: told.append(given[2]), named=False)
        browser.get("/review/")
        counted.append(len(told))

    for many in (2, 50):
        for _number in range(many):
            made = filing(PersonFactory(), State.IN_REVIEW, cast.olu.person, nil=False)
            db.session.add_all(a_flag(made, party="Acme"))
        db.session.commit()
        statements()
    assert counted[1] <= counted[0]
    assert counted[0] <= 28


def test_the_next_case_is_the_next_of_the_list_that_was_shown_last(sign_in, db, cast):
    made = [
        filing(PersonFactory(department="Parks"), State.IN_REVIEW, cast.olu.person, due_at=now() + timedelta(days=number))
        for number in range(3)
    ]
    other = filing(PersonFactory(department="Police"), State.IN_REVIEW, cast.olu.person, due_at=now() + timedelta(hours=3))
    db.session.commit()
    first, second, third = (one.reference for one in made)
    olu = sign_in("olu")
    olu.get("/review/?department=Parks&search=person")
    case = olu.get(f"/review/{first}").text
    assert f"/review/?whose=mine&amp;department=Parks&amp;search=person#{first}" in case
    assert olu.get(f"/review/after/{first}").headers["Location"] == f"/review/{second}"
    assert olu.get(f"/review/after/{second}").headers["Location"] == f"/review/{third}"
    assert olu.get(f"/review/after/{third}").headers["Location"] == "/review/?whose=mine&department=Parks&search=person"
    olu.get("/review/")
    assert olu.get(f"/review/after/{first}").headers["Location"] == f"/review/{other.reference}"
    assert [sign_in(name).get(f"/review/after/{first}").status_code for name in ("ada", "ren")] == [404, 404]
    assert next_case(cast.olu.actor, Filters(), "COI-2026-NOSUCH", now()) == first


def test_the_numbers_lead_to_their_lists_and_done_counts_since_the_campaign_opened(sign_in, db, cast):
    made = decided(cast)
    who = holder(made, cast)
    escalated(cast, name="kit")
    page = sign_in(who).get("/review/").text
    figures = page[page.index("coi-figures") : page.index("</ul>", page.index("coi-figures"))]
    for where in ("whose=mine&amp;on=office", "whose=mine&amp;on=filer", "whose=mine&amp;state=decided"):
        assert where in figures
    assert "<strong>1</strong>" in figures
    assert "decided by me" in figures


def test_my_desk_lists_colleagues_cases_and_opens_only_mine(sign_in, db, cast):
    mine = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    theirs = filing(cast.kit.person, State.IN_REVIEW, cast.ren.person)
    own = filing(cast.olu.person, State.IN_REVIEW, cast.ren.person)
    elsewhere = filing(cast.kit.person, State.IN_REVIEW, cast.ren.person, desk="commission")
    db.session.commit()
    olu = sign_in("olu")
    page = olu.get("/review/?whose=desk").text
    assert f'href="/review/{mine.reference}"' in page
    assert f'<tr id="{theirs.reference}"' in page
    assert f'href="/review/{theirs.reference}"' not in page
    assert olu.get(f"/review/{theirs.reference}").status_code == 404
    assert own.reference not in page
    assert elsewhere.reference not in page
