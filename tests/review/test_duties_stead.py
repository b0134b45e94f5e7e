"""In whose stead somebody acts: every act says so in the log and on its page, also questions, legal advice and many at once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.audit.words import sentence
from coi.duties import actions
from coi.duties.sweep import keep_apart
from coi.models import AuditEntry, Letter, ReviewBatch, SupervisorQuestion
from coi.review import together
from coi.vocabulary import Role, WhileAway
from tests.disclosures.steps import filed, now
from tests.factories import PersonFactory
from tests.review.cases import at, case_of, holder, holds

REASON = "Nothing to declare."


def stands_in(db, cast, name: str, other: str) -> None:
    """From today on one stands in for the other, who is away."""
    on = now().date()
    actions.go_away(
        cast[name].person.id,
        on,
        on + timedelta(3),
        WhileAway.DELEGATE,
        cast[other].person.id,
        cast[name].actor,
        now(),
    )
    db.session.commit()
    keep_apart(now())


@pytest.fixture
def stead(db, cast):
    """A case of Finn's, its reviewer who is away, and who stands in."""
    holds(cast, "kit", Role.SOLICITOR)
    made = case_of(cast)
    name = holder(made, cast)
    other = ({"olu", "ren"} - {name}).pop()
    stands_in(db, cast, name, other)
    return made, name, other


def acted_for(db) -> list[tuple[str, int]]:
    """What was done in whose stead, as the log has it."""
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "disclosure:acted_for").order_by(AuditEntry.seq)).all()
    for row in rows:
        told = sentence(row, "a case")
        assert not told.endswith((json.loads(row.details)["what"], "…"))  # in words, never the code
    return [(json.loads(row.details)["what"], json.loads(row.details)["for"]) for row in rows]


def test_questions_to_a_supervisor_and_legal_advice_say_in_whose_stead(db, cast, sign_in, stead):
    made, name, other = stead
    path, browser = f"/review/{made.reference}", sign_in(other)
    both = f"{cast[other].person.name}, for {cast[name].person.name}"
    sent = {**at(made), "supervisor": str(cast.sam.person.id), "text": "Does Finn order food?"}
    assert browser.post(f"{path}/supervisor", data=sent).status_code == 302
    assert f"asked by {both}" in browser.get(path).text
    assert browser.post(f"{path}/supervisor/take-back", data={**at(made), "reason": "It is known."}).status_code == 302
    assert browser.post(f"{path}/legal-advice", data={**at(made), "text": "May it be?"}).status_code == 302
    assert acted_for(db) == [
        (what, cast[name].person.id) for what in ("ask_supervisor", "ask_supervisor_no_more", "legal_advice")
    ]
    page = browser.get(path).text
    assert page.count(both) >= 3  # who asked, who took it back, who wrote to the solicitor
    for address in (f"/legal-advice/{made.reference}", "/legal-advice/"):
        assert both in sign_in("kit").get(address).text
    assert browser.post(f"{path}/clear", data={**at(made), "outcome": "noted", "reason": "You may."}).status_code == 302
    page = browser.get(path).text
    decided = page[page.index('id="decisions"') :]
    assert both in decided[: decided.index("</section>")]
    assert both not in sign_in(name).get("/").text


def test_answers_go_to_who_stands_in_and_not_to_who_is_away(db, cast, sign_in, stead):
    made, _name, other = stead
    sent = {**at(made), "supervisor": str(cast.sam.person.id), "text": "Does Finn order food?"}
    assert sign_in("sia").post(f"/review/{made.reference}/supervisor", data=sent).status_code == 302
    asked = db.session.scalars(select(SupervisorQuestion)).one()
    assert sign_in("sam").post(f"/my-team/questions/{asked.reference}", data={"text": "No."}).status_code == 303
    assert sign_in("sia").post(f"/review/{made.reference}/legal-advice", data={**at(made), "text": "May it?"}).status_code == 302
    assert sign_in("kit").post(f"/legal-advice/{made.reference}", data={"text": "It may."}).status_code == 303
    told = select(Letter.person_id).where(Letter.kind.in_(("supervisor_answered", "advice_given")))
    assert db.session.scalars(told).all() == [cast[other].person.id] * 2
    assert acted_for(db) == []


def test_many_at_once_say_for_each_filing_in_whose_stead(db, cast, sign_in):
    made = []
    for number in range(4):
        person = PersonFactory(name=f"Nil {number:03} of Parks")
        made.append(filed(person, cast.kit.actor.__class__(f"account:9{number:03}", person.id), key=f"nil {number}"))
    db.session.commit()
    own = [one for one in made if holder(one, cast) == "ren"]
    others = [one for one in made if holder(one, cast) == "olu"]
    assert (len(own), len(others)) == (2, 2)
    stands_in(db, cast, "olu", "ren")
    ren, words = sign_in("ren"), f"for {cast.olu.person.name}"
    (group,) = together.groups(cast.ren.actor, "mine")
    preview = ren.get(f"/review/together/{group.key}").text
    assert preview.count(words) == 2
    data = {"once": "abc", "filings": [one.reference for one in made]}
    assert ren.post(f"/review/together/{group.key}", data=data).status_code == 303
    batch = db.session.scalars(select(ReviewBatch)).one()
    here = f"/review/batches/{batch.reference}"
    assert ren.get(here).text.count(words) == 2
    for one in made:
        if ren.get(f"{here}/{one.reference}").status_code == 200:
            ren.post(f"{here}/{one.reference}/look", data={"answer": "as_expected"})
    looked = [what for what, _for in acted_for(db)]
    assert set(looked) <= {"look"}
    assert ren.post(f"{here}/decide", data={"outcome": "no_conflict", "reason": REASON}).status_code == 303
    said = acted_for(db)
    assert said[len(looked) :] == [("decide", cast.olu.person.id)] * 2
    sampled = {one.member_id for one in batch.samples}
    of_olu = [one for one in batch.members if one.id in sampled and one.disclosure_id in {each.id for each in others}]
    assert len(looked) == len(of_olu)
    assert ren.get(here).text.count(words) == 2
