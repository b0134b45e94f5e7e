"""The queue's bound on what one page looks at, the way back, and what stands open of a case: each found, none twice or lost."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from coi.disclosures.marks import mark_standing_anew
from coi.models import Disclosure, QueueMark, SupervisorQuestion
from coi.people.actions import import_roster, undo_import
from coi.people.reading import Line
from coi.review import actions, finding
from coi.review import queue as reads
from coi.review.queue import CONTRACT, Filters, queue
from coi.rules.searching import STANDING
from coi.team.actions import take_back
from coi.vocabulary import Outcome, Risk, State
from tests.disclosures.steps import now
from tests.factories import OPERATOR, PersonFactory, filing
from tests.review.cases import at, case_of, decided, escalated, holder
from tests.review.test_messages_supervisor import asked
from tests.review.test_queue import found, row_of
from tests.vendors.lists_of_tests import NEW_DEAL, OLD_DEAL, load_contracts


@pytest.fixture
def looks_at_little(monkeypatch):
    """As a city of a million: whatever is asked, one page may look at fewer filings than there are."""
    for name, number in (("finding.LOOKED", 3), ("finding.GLANCED", 2), ("queue.PAGE", 2), ("queue.CAP", 3)):
        monkeypatch.setattr(f"coi.review.{name}", number)


def many(cast, db):
    """Forty cases of Olu's, each fourth of Parks, each tenth of somebody called Rosa, of all priorities and days."""
    for number in range(40):
        risk = list(Risk)[number * 7 % 5]
        name = "rosa parker" if number % 10 == 0 else f"clara smith{number}"
        person = PersonFactory(search_name=name, department="Parks" if number % 4 == 0 else "Police")
        due = now() + timedelta(days=number * 3 % 11 - 5)
        filing(person, State.IN_REVIEW, cast.olu.person, risk=risk, rank=4 - risk.rank, due_at=due)
    db.session.commit()


def walked(cast, back=False, **asked):
    """Every place of a list from page to page, from its end to its beginning with `back`, and whether some page was cut."""
    seen, cut, place = [], False, {"before": f"4~{(now() + timedelta(days=99)).isoformat()}~999999"} if back else {}
    for _page in range(60):
        page = queue(cast.olu.actor, Filters(**{"whose": "mine", **asked, **place}), now())
        told = [(one.rank, one.due_at, one.id) for one in page.rows]
        seen = told + seen if back else seen + told
        cut = cut or page.cut
        place = {"before": page.before} if back else {"after": page.after}
        if not (page.before if back else page.after):
            return seen, cut
    raise AssertionError("the pages have no end")


def test_a_page_that_was_cut_leads_on_and_no_case_is_lost_or_shown_twice(db, cast, looks_at_little):
    many(cast, db)
    plain = select(Disclosure.rank, Disclosure.due_at, Disclosure.id).order_by(*reads_order())
    every = [tuple(row) for row in db.session.execute(plain)]
    both = [row for row in every if db.session.get(Disclosure, row[2]).filer.search_name == "rosa parker"]
    parks = [row for row in every if db.session.get(Disclosure, row[2]).filer.department == "Parks"]
    rosas = [row for row in parks if row in both]
    late = [row for row in every if row[1] < now()]
    for asked_for, wanted in (
        ({}, every),
        ({"department": "Parks"}, parks),
        ({"department": "Parks", "search": "rosa"}, rosas),
        ({"department": "Police", "search": "par"}, [row for row in both if row not in parks]),
        ({"search": "s"}, [row for row in every if row not in both]),
        ({"overdue": "yes"}, late),
        ({"overdue": "yes", "department": "Parks"}, [row for row in late if row in parks]),
        ({"kind": "annual", "state": "escalated"}, []),
    ):
        for whose in ("mine", "desk"):
            assert walked(cast, whose=whose, **asked_for)[0] == wanted, asked_for
    assert walked(cast, department="Parks", search="rosa")[1]
    assert not walked(cast, search="smith7", department="Police")[1]  # where few have what is asked, those are all looked at


def reads_order():
    return Disclosure.rank, Disclosure.due_at, Disclosure.id


def test_the_way_back_shows_the_same_cases_and_ends_at_the_first_page(db, cast, looks_at_little):
    many(cast, db)
    for asked_for in ({}, {"department": "Parks"}, {"overdue": "yes"}, {"department": "Police", "search": "smith"}):
        there, back = walked(cast, **asked_for)[0], walked(cast, back=True, **asked_for)[0]
        assert set(back) == set(there), asked_for
        assert back[:2] == there[:2]


def test_the_page_says_that_it_was_cut_and_leads_on_and_back(sign_in, db, cast, looks_at_little):
    many(cast, db)
    olu = sign_in("olu")
    page = olu.get("/review/?department=Parks&search=rosa").text
    assert f"{finding.LOOKED} filings that were looked at" in page or f"{finding.LOOKED} filings were looked at" in page
    assert "looked at" in page
    assert "Look further on" in page
    first = olu.get("/review/").text
    assert "3 cases or more" in first
    assert "Previous cases" not in first
    second = olu.get("/review/?" + first.partition("/review/?whose=mine&amp;after=")[2].partition('"')[0].join(["after=", ""]))
    assert "Previous cases" in second.text
    assert "Further cases" in second.text
    assert olu.get("/review/?before=4~x~1&after=nonsense").status_code == 200


def test_what_stands_open_is_marked_as_long_as_it_stands(sign_in, db, cast):
    made = escalated(cast)
    who = next(one for one in cast if found(cast, one, "escalated") == {made.reference})
    senior = cast[holder(made, cast)].actor
    question = asked(cast, made)
    db.session.commit()
    assert standing(db) == {f"~recommended:{cast[who].person.id}", "~supervisor"} == anew(db)
    assert found(cast, holder(made, cast), "all", on="supervisor") == {made.reference}
    assert "Wait for the supervisor" in row_of(sign_in(holder(made, cast)).get("/review/").text, made.reference)
    assert found(cast, "ada", "all", on="supervisor", state="decided") == set()
    actions.prioritise(made, Risk.CRITICAL, "it is urgent", senior, now(), **at(made))
    take_back(db.session.get(SupervisorQuestion, question.id), "not needed", senior, now())
    db.session.commit()
    assert standing(db) == {f"~recommended:{cast[who].person.id}"} == anew(db)
    actions.hand_back(made, "please ask first", senior, now(), **at(made))
    db.session.commit()
    assert standing(db) == set() == anew(db)
    assert found(cast, who, "escalated") == set()


def test_a_new_contract_is_a_reason_of_open_and_decided_cases(sign_in, db, cast):
    load_contracts(OLD_DEAL)
    first, second = decided(cast, Outcome.NO_CONFLICT), case_of(cast, "kit")
    assert found(cast, "sia", "all", flag=CONTRACT) == set()
    load_contracts(OLD_DEAL, NEW_DEAL)
    assert standing(db) == {"~contract"} == anew(db)
    assert found(cast, "sia", "all", flag=CONTRACT) == {first.reference, second.reference}
    assert found(cast, "sia", "all", flag=CONTRACT, state="decided") == {first.reference}
    page = sign_in(holder(first, cast)).get(f"/review/?flag={CONTRACT}").text
    assert "Decided: look at the new contract" in row_of(page, first.reference)
    assert "The City has a new contract with somebody named here" in page
    assert found(cast, "ada", "all", flag=CONTRACT) == {second.reference}  # not heard: all that is open


def standing(db):
    return set(db.session.scalars(select(QueueMark.mark).where(QueueMark.mark >= STANDING)))


def anew(db):
    """The marks of what stands open, made once more from the rows; lane, priority and day are those of the filing."""
    rows = select(QueueMark.mark, QueueMark.lane, QueueMark.rank, QueueMark.due_at, QueueMark.disclosure_id)
    before = sorted(map(tuple, db.session.execute(rows.where(QueueMark.mark >= STANDING))))
    db.session.execute(delete(QueueMark).where(QueueMark.mark >= STANDING))
    mark_standing_anew(db.session.connection(), list(db.session.scalars(select(Disclosure.id))))
    assert sorted(map(tuple, db.session.execute(rows.where(QueueMark.mark >= STANDING)))) == before
    made = standing(db)
    db.session.rollback()
    return made


def test_the_pages_are_those_of_one_place(cast):
    told = Filters(whose="mine", after="1~x~2", kind="gift")
    assert told.arguments(before="3~y~4") == {"whose": "mine", "kind": "gift", "before": "3~y~4"}
    assert told.arguments(after="") == {"whose": "mine", "kind": "gift"}
    assert not Filters(before="3~y~4").narrowed
    assert reads.MOST_LOOKS > 1


def test_a_filing_is_found_by_the_name_that_the_roster_has_now(db, cast):
    made = filing(cast.kit.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    was, number = cast.kit.person.name, cast.kit.person.number

    def names() -> set[str]:
        marks = select(QueueMark.mark).where(QueueMark.disclosure_id == made.id, QueueMark.mark.startswith("name:"))
        return set(db.session.scalars(marks))

    before = names()
    told = [Line(2, {"number": number, "name": "Kit Newname"})]
    rename = import_roster(told, False, "r.csv", "0" * 64, OPERATOR, now())
    assert names() == {"name:kit", "name:newname"}
    undo_import(rename, OPERATOR, now())
    assert (names(), cast.kit.person.name) == (before, was)
