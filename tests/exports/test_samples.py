"""Audit samples: the same moment, choices and seed give the same references; anybody can draw them again with a recipe."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from coi.audit.chain import sha256
from coi.campaigns.obligations import settle
from coi.config import ROOT
from coi.exports import queries, samples
from coi.exports.registers.asof import Moment, last_entry
from coi.exports.registers.columns import OUTCOMES, code_of
from coi.exports.registers.rows import outcomes
from coi.models import AuditEntry, AuditSample, AuditSampleRow, Export, PriorityRow
from coi.profiles.current import zone
from coi.rules.sampling import tickets_in_order
from coi.vocabulary import Risk, State, Word
from tests.city import CLOCK
from tests.exports.workbooks import sheets, table
from tests.factories import PersonFactory, an_entry, filing

DRAW = {"campaign": "2026", "department": "", "as_of": "", "of": "filed", "way": "random", "size": "4", "seed": "", "once": "a"}


@pytest.fixture
def many(db, campaign, cast):
    """Twelve filings of the campaign, two of them of the highest priority."""
    for number in range(12):
        made = filing(PersonFactory(), State.IN_REVIEW, cast.olu.person, form_id="city-coi", campaign_id=campaign.id)
        settle(made, cast.olu.actor, CLOCK, an_entry())
        row = {"disclosure_id": made.id, "version": 1, "by": "system", "seq": an_entry()}
        db.session.add(PriorityRow(risk=Risk.CRITICAL if number < 2 else Risk.LOW, **row))
    db.session.commit()


@pytest.fixture
def ada(sign_in):
    return sign_in("ada")


def drawn(db, reference: str = "") -> list[str]:
    """The references of a sample, the newest by default."""
    rows = select(AuditSampleRow.reference).join(AuditSample, AuditSample.id == AuditSampleRow.sample_id)
    newest = db.session.scalars(select(AuditSample.reference).order_by(AuditSample.id.desc()).limit(1)).one()
    return list(db.session.scalars(rows.where(AuditSample.reference == (reference or newest)).order_by(AuditSampleRow.place)))


def draw(ada, **more):
    reply = ada.post("/exports/samples/", data={**DRAW, **more})
    assert reply.status_code == 302, re.findall(r"error[^<]*>([^<]+)<", reply.text)
    return reply.location.rpartition("/")[2]


def test_a_sample_is_drawn_kept_and_told(ada, many, db, cast):
    reference = draw(ada)
    kept = db.session.scalars(select(AuditSample)).one()
    assert (len(drawn(db)), kept.drawn_from, len(kept.seed)) == (4, 12, 32)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"sample:{reference}")).one()
    told = json.loads(entry.details)
    assert (told["seed"], told["from"], told["sha256"]) == (kept.seed, 12, sha256("\n".join(drawn(db))))
    page = ada.get(f"/exports/samples/{reference}").text
    assert all(one in page for one in (*drawn(db), kept.seed))
    assert f"/review/{drawn(db)[0]}" not in page
    read = db.session.scalars(select(AuditEntry.event).where(AuditEntry.subject == f"sample:{reference}"))
    assert read.all() == ["sample:drawn", "list:read"]


def test_the_same_again_gives_the_same_also_when_the_year_went_on(ada, many, db, campaign, cast, clock, sign_in):
    draw(ada, seed="dice-4-2-6", once="one")
    kept, first = db.session.scalars(select(AuditSample)).one(), drawn(db)
    clock.shift(timedelta(days=2))
    made = filing(PersonFactory(), State.IN_REVIEW, cast.olu.person, form_id="city-coi", campaign_id=campaign.id)
    settle(made, cast.olu.actor, CLOCK + timedelta(days=2), an_entry())
    db.session.commit()
    again = samples.plan(samples.Wanted(campaign, kept.as_of, "random", 4, "dice-4-2-6", "two"), CLOCK)
    assert [one for one, _risk in again.drawn] == first
    later = samples.plan(samples.Wanted(campaign, "", "random", 4, "dice-4-2-6", "three"), CLOCK + timedelta(days=2))
    assert (again.drawn_from, later.drawn_from) == (12, 13)
    db.session.rollback()
    draw(sign_in("ada"), seed="another", once="four")
    assert drawn(db) != first


def test_two_clicks_are_one_drawing(ada, many, db):
    assert draw(ada) == draw(ada)
    assert len(db.session.scalars(select(AuditSample)).all()) == 1
    assert draw(ada, once="b") != draw(ada)


def test_what_can_not_be_drawn_is_refused_beside_its_field(ada, many, db):
    for wrong, told in (
        ({"size": "13"}, "There are only 12"),
        ({"size": "0"}, "error"),
        ({"size": "x"}, "error"),
        ({"seed": "with blank"}, "without accents or blanks"),
        ({"way": "by_name"}, "error"),
        ({"as_of": "2030-01-01"}, "not come yet"),
    ):
        reply = ada.post("/exports/samples/", data={**DRAW, **wrong})
        assert (reply.status_code, told in reply.text) == (422, True), wrong
    assert db.session.scalars(select(AuditSample)).all() == []


def test_nobody_changes_a_sample(ada, many, db):
    draw(ada)
    for change in (update(AuditSample).values(seed="mine"), update(AuditSampleRow).values(reference="COI-2026-OTHERS")):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(change)
        db.session.rollback()


def test_each_step_of_the_priority_doubles_the_chance():
    """Ten thousand drawings: the first place falls to each as its tickets say, within what chance allows."""
    tickets = {"A": 1, "B": 2, "C": 16}
    first = [tickets_in_order(f"seed {number}", tickets)[0] for number in range(10_000)]
    for one, many in tickets.items():
        expected = 10_000 * many / 19
        assert abs(first.count(one) - expected) < 5 * expected**0.5


def recipe() -> str:
    """The program in docs/auditor.md."""
    text = (ROOT / "docs" / "auditor.md").read_text(encoding="utf-8")
    return re.search(r"```python\n(# sample\.py.*?)```", text, re.S)[1]


@pytest.mark.parametrize("way", ["random", "weighted"])
def test_an_auditor_draws_it_again_with_the_recipe_of_the_docs(ada, many, db, campaign, tmp_path, way):
    draw(ada, way=way, seed="", once=way)
    kept = db.session.scalars(select(AuditSample)).one()
    at = Moment(kept.as_of, last_entry(kept.as_of), zone())
    lines = [
        {spec.key: code_of(value) if isinstance(value, Word) else value for spec, value in zip(OUTCOMES, row, strict=True)}
        for row in outcomes(at, campaign)
    ]
    file = tmp_path / "outcomes.jsonl"
    file.write_text("".join(json.dumps(line, default=str) + "\n" for line in lines), encoding="utf-8")
    (tmp_path / "sample.py").write_text(recipe(), encoding="utf-8")
    arguments = [sys.executable, str(tmp_path / "sample.py"), str(file), kept.seed, "4", way]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.split()
    assert said == drawn(db)
    assert len(lines) > 12, "who has not filed stands there, too, and is not drawn"


def test_a_workbook_with_the_sample_has_a_sheet_for_notes(ada, many, db, app, runner, tmp_path):
    from coi.exports import jobs
    from tests.city import apart

    reference = draw(ada)
    assert ada.post(f"/exports/samples/{reference}/workbook").status_code == 302

    def work():
        with app.app_context():
            return jobs.run_waiting(CLOCK)

    assert apart(work) == 1
    export = db.session.scalars(select(Export)).one()
    book: Path = queries.workbook_of(export)
    rows = table(sheets(book)["Sample"])
    assert [row["Reference"] for row in rows] == drawn(db)
    assert list(rows[0])[-4:] == ["Checked on", "Found", "Question", "Answer"]
    assert {row[name] for row in rows for name in ("Checked on", "Found", "Question", "Answer")} == {None}
    assert all(row["Name"] for row in rows)
    assert "sample" not in export.seal["sheets"]
    about = {row[0]: row[1] for row in sheets(book)["About"] if len(row) > 1}
    assert about["Sample drawn"].startswith(f"{reference}: 4 of 12, random, seed ")
    assert export.seal["filters"]["sample"] == reference
    assert runner.invoke(args=["audit", "verify", "--workbook", str(book)]).exit_code == 0
    plain = runner.invoke(args=["exports", "run", "--out", str(tmp_path / "plain.xlsx")])
    assert (plain.exit_code, "Sample" in sheets(tmp_path / "plain.xlsx")) == (0, False)
