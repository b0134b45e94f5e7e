"""Filters: what a workbook is narrowed down to is what a plain filter of the whole one gives, on every sheet."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.campaigns.obligations import settle
from coi.models import (
    Decision,
    Excuse,
    Export,
    Interest,
    Obligation,
    PersonVersion,
    PolicyReceipt,
    PolicyVersion,
    PriorityRow,
    Questionnaire,
)
from coi.vocabulary import Outcome, Receipt, Risk, State
from tests.city import CLOCK
from tests.exports.workbooks import blocks
from tests.factories import PersonFactory, an_entry, filing

# Who, where, in which group; where the filing stands, what was decided, with which priority, days after the opening.
PEOPLE = (
    ("Ida", "Parks", "Police", State.DECIDED, Outcome.NOTED, Risk.HIGH, 0),
    ("Ulf", "Parks", "Civilian Union", State.DECIDED, Outcome.MANAGED, Risk.CRITICAL, 1),
    ("Eva", "Fleet", "Police", State.RETURNED, None, Risk.MEDIUM, 2),
    ("Leo", "Fleet", "Civilian Union", State.SUBMITTED, None, Risk.NONE, 3),
    ("Ana", "Fleet", "Police", None, None, None, 0),
    ("Bo", "Parks", "Police", None, None, None, 0),
)


@pytest.fixture
def many(db, cast, request, clock) -> None:
    """Filings in many states, with interests, decisions and receipts; one person is excused, one moved to another department."""
    people = {one[0]: PersonFactory(name=one[0], department=one[1], group=one[2]) for one in PEOPLE}
    campaign = request.getfixturevalue("campaign")
    form = db.session.scalars(select(Questionnaire)).first()
    told = {"policy_id": "code", "version": "1", "title": {"en": "Code"}, "text": {"en": "Be good."}, "sha256": "0" * 64}
    policy = PolicyVersion(effective_on=CLOCK.date(), seq=an_entry(), **told)
    db.session.add(policy)
    db.session.flush()
    for name, _department, _group, state, outcome, risk, days in PEOPLE:
        if state is None:
            continue
        now, person = CLOCK + timedelta(days=days), people[name]
        clock.move_to(now)
        made = filing(person, state, None, form_id=form.form_id, campaign_id=campaign.id, outcome=outcome)
        version, seq = made.versions[-1], an_entry()
        settle(made, cast.sam.actor, now, seq)
        db.session.add(PriorityRow(disclosure_id=made.id, version=1, risk=risk, by="system", seq=seq))
        db.session.add(Interest(version_id=version.id, question_id="has_job", entry_number=None, party="", risk=risk, seq=seq))
        receipt = {"person_id": person.id, "policy_version_id": policy.id, "disclosure_version_id": version.id, "language": "en"}
        db.session.add(PolicyReceipt(receipt=Receipt.RECEIVED, seq=seq, **receipt))
        if outcome:
            ids = {"disclosure_id": made.id, "filer_id": person.id, "version_id": version.id, "by_id": cast.sia.person.id}
            who = {"recommended_by_id": cast.olu.person.id, "reference": f"DEC-{name}"}
            db.session.add(Decision(outcome=outcome, reason_for_filer="", at=now, seq=seq, **ids, **who))
    bo, ida = (db.session.scalars(select(Obligation).where(Obligation.name == name)).first() for name in ("Bo", "Ida"))
    db.session.add(Excuse(obligation_id=bo.id, reason="left", by="account:1, account:2", seq=an_entry()))
    moved = {"name": "Ida", "title": "Clerk", "department": "Library", "group": "Police", "language": "en", "active": True}
    db.session.add(PersonVersion(person_id=ida.person_id, seq=an_entry(), **moved))
    db.session.commit()


def anybody(_row) -> bool:
    return True


def of(heading, *values):
    """A row with one of these values under a heading."""
    return lambda row: row[heading] in values


def signed(first="", last="9999"):
    """A row first signed on one of these days, both counted."""
    return lambda row: row["Submitted at"] is not None and first <= str(row["Submitted at"])[:10] <= last


# Options of the command; who is meant by it; what must have become of the filing.
NARROWED = (
    ("--department=Parks", of("Department", "Parks"), anybody),
    ("--department=Parks --department=Fleet", of("Department", "Parks", "Fleet"), anybody),
    ("--group=Police", of("Group", "Police"), anybody),
    ("--state=decided", anybody, of("State", "Decided")),
    ("--state=excused --state=returned", anybody, of("State", "Excused", "Sent back for correction")),
    ("--outcome=noted", anybody, of("Outcome", str(Outcome.NOTED.label))),
    ("--outcome=managed --outcome=noted", anybody, of("Outcome", str(Outcome.NOTED.label), str(Outcome.MANAGED.label))),
    ("--priority=now --priority=first", anybody, of("Review priority", "Now", "First")),
    ("--signed-from=2026-03-03", anybody, signed("2026-03-03")),
    ("--signed-from=2026-03-03 --signed-to=2026-03-04", anybody, signed("2026-03-03", "2026-03-04")),
    ("--signed-to=2026-03-02", anybody, signed(last="2026-03-02")),
    ("--group=Police --outcome=noted --outcome=managed", of("Group", "Police"), of("Outcome", str(Outcome.NOTED.label))),
    ("--department=Parks --signed-from=2026-03-03", of("Department", "Parks"), signed("2026-03-03")),
    ("--state=in_review --outcome=noted", anybody, lambda _row: False),
)


def test_a_narrowed_workbook_is_a_plain_filter_of_the_whole(make, many):
    whole = make()
    rows = {sheet: whole.table(sheet) for sheet in ("Population", "Outcomes", "Interests", "Decisions", "Policies", "Not filed")}
    owed = {row["Employee number"]: row for row in rows["Outcomes"]}
    now = {row["Employee number"]: row for row in rows["Population"]}
    assert ([row["Department"] for row in rows["Population"] if row["Name"] == "Ida"], len(rows["Decisions"])) == (["Library"], 2)
    for options, who, became in NARROWED:
        book = make(*options.split())
        kept = [row for row in rows["Outcomes"] if who(row) and became(row)]
        assert len(kept) < len(rows["Outcomes"])
        assert book.table("Outcomes") == kept, options
        references, numbers = {row["Reference"] for row in kept}, {row["Employee number"] for row in kept}
        wanted = {sheet: [row for row in rows[sheet] if row["Reference"] in references] for sheet in ("Interests", "Decisions")}
        wanted["Not filed"] = [row for row in rows["Not filed"] if row["Employee number"] in numbers]
        # These two show where somebody is, not where they were when the form was asked of them.
        wanted["Population"] = [row for row in rows["Population"] if who(row)]
        numbers = [row["Employee number"] for row in rows["Policies"]]
        wanted["Policies"] = [
            row for row, one in zip(rows["Policies"], numbers, strict=True) if who(now[one]) and became(owed[one])
        ]
        for sheet, told in wanted.items():
            assert book.table(sheet) == told, (options, sheet)
        assert sum(row[1] for row in blocks(book.sheets["Summary"])[0][1:-1]) == len(kept)


def test_the_seal_and_about_say_what_was_left_out(make, many, db, runner):
    book = make("--department=Parks", "--priority=now", "--signed-from=2026-03-03", "--kind=standard")
    seal = json.loads(book.seal_file.read_text())["seal"]
    told = {"departments": ["Parks"], "priorities": ["now"], "since": "2026-03-03"}
    assert {name: seal["filters"].get(name) for name in told} == told
    assert [book.about[one] for one in ("Department", "Review priority", "Signed from")] == ["Parks", "Now", "2026-03-03"]
    assert "does not foot" in book.about["What the filters apply to"]
    assert "Foots to the last import" not in book.about
    assert "What the filters apply to" not in make().about
    assert "so that it foots" in make("--state=decided").about["What the filters apply to"]
    reply = runner.invoke(args=["audit", "verify", "--workbook", str(book.path)])
    assert (reply.exit_code, reply.output.count("not as")) == (0, 0)


@pytest.mark.parametrize(
    "options",
    [
        "--department=Atlantis",
        "--group=Nobody",
        "--signed-from=2026-03-05 --signed-to=2026-03-01",
        "--kind=public --state=decided",
        "--kind=public --priority=now",
        "--kind=public --outcome=referred",
        "--kind=public --group=Police",
    ],
)
def test_what_is_not_there_or_would_tell_what_is_hidden_is_refused(runner, campaign, db, tmp_path, options):
    reply = runner.invoke(args=["exports", "run", "--out", str(tmp_path / "x.xlsx"), *options.split()])
    assert reply.exit_code == 1
    assert len(reply.stderr.strip().splitlines()) == 1
    assert db.session.scalars(select(Export)).all() == []


CHOSEN = {
    "campaign": "2026",
    "language": "en",
    "departments": ["Parks", "Fleet"],
    "outcomes": ["noted", "managed"],
    "priorities": "first",
    "since": "2026-03-01",
    "sheets": ["outcomes", "interests"],
}


def test_the_page_asks_with_filters_and_sheets_and_the_same_twice_is_one_job(sign_in, many, db):
    ada = sign_in("ada")
    page = ada.get("/exports/").text
    assert all(f'value="{one}"' in page for one in ("Parks", "Fleet", "Police", "decided", "on_leave", "managed", "now", "audit"))
    assert 'value="draft"' not in page
    assert ada.post("/exports/", data=CHOSEN).status_code == 302
    assert ada.post("/exports/", data={**CHOSEN, "departments": ["Fleet", "Parks"]}).status_code == 302
    (export,) = db.session.scalars(select(Export)).all()
    told = {"departments": ["Fleet", "Parks"], "outcomes": ["managed", "noted"], "priorities": ["first"], "since": "2026-03-01"}
    assert export.filters == {"campaign": 2026, "sheets": ["outcomes", "interests", "columns"], "now": True, **told}
    card = ada.get("/exports/").text.partition('id="yours"')[2]
    assert all(one in card for one in ("Fleet, Parks", str(Outcome.MANAGED.label), "2026-03-01", "Outcomes, Interests, Columns"))
    assert ada.post("/exports/", data={**CHOSEN, "priorities": "now"}).status_code == 302
    assert len(db.session.scalars(select(Export)).all()) == 2
    assert ada.post(f"/exports/{export.reference}/cancel").status_code == 302
    ada.post(f"/exports/{export.reference}/again")
    assert db.session.scalars(select(Export).order_by(Export.id.desc())).first().filters == {**export.filters, "now": False}


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"departments": "Atlantis"}, "departments", "Choose among what is offered."),
        ({"states": "draft"}, "states", "Choose among what is offered."),
        ({"since": "tomorrow"}, "since", "Give a real day"),
        ({"since": "2026-03-05", "until": "2026-03-01"}, "until", "The first day lies after the last one."),
        ({"kind": "public"}, "outcomes", "A public workbook is narrowed down by"),
        ({"kind": "secret"}, "kind", "Choose among what is offered."),
        (
            {"kind": "public", "outcomes": [], "priorities": [], "sheets": "audit"},
            "sheets",
            "there is no sheet called Audit.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_chosen_stays(sign_in, many, db, wrong, field, told):
    reply = sign_in("ada").post("/exports/", data={**CHOSEN, **wrong})
    assert reply.status_code == 422
    assert told in reply.text.partition(f'id="{field}-error"')[2][:400]
    assert re.search(r'value="Fleet"\s+checked', reply.text) or field == "departments"
    assert db.session.scalars(select(Export)).all() == []
