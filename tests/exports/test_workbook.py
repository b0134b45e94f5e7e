"""The workbook: columns in order, counts that foot, hostile names as typed, masks, both languages, one moment."""

import hashlib
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from coi.audit.queries import links
from coi.campaigns.obligations import settle
from coi.disclosures.shown import NONE, NOT_ANSWERED, NOT_ASKED, Answer, Entry, Shown
from coi.exports.registers.columns import SHEETS, WITHOUT_PROOF
from coi.exports.registers.interests import masked
from coi.models import AuditEntry, Decision, Export, Letter, Obligation
from coi.vocabulary import Event, Outcome, State
from tests.city import CLOCK
from tests.exports.workbooks import blocks
from tests.factories import PersonFactory, an_entry, filing

OUTCOMES = (
    "Reference, Campaign, Employee number, Name, Department, Title, Group, Kind, Due on, Extended to, Submitted at, Days late, "
    "Version, State, Outcome, Review priority, Nothing to declare, Interests, Flags, Reviewer, Assigned at, Decided at, "
    "Days in review, Days waiting on filer, Routed because, Decided by rule, Escalated, Open conditions, Reminders sent, "
    "Excused because, Row proof"
)
AUDIT = "Seq, At, Local time, Actor, Event, Subject, Details, Previous, Hash"
HOSTILE = ["=1+1", "@x", "_x0041_", "a\uffffb", "José Ñuñez-O'Brien, Jr.", "#REF!", "+1", "<b>"]


def test_the_sheets_and_headings_are_those_of_the_proof(make, filed):
    book = make()
    assert list(book.sheets) == [
        *("About", "Summary", "Population", "Outcomes", "Interests", "Decisions", "Plans", "Policies", "Not filed", "Access"),
        *("Changes", "Audit", "Columns"),
    ]
    assert ", ".join(book.sheets["Outcomes"][0]) == OUTCOMES
    assert ", ".join(book.sheets["Audit"][0]) == AUDIT
    assert all("Row proof" in rows[0] for name, rows in book.sheets.items() if name not in ("About", "Summary", "Audit"))


def test_counts_on_about_are_the_rows_are_the_database(make, filed, db):
    book = make()
    obligations = db.session.scalar(select(func.count()).select_from(Obligation))
    assert book.about["Outcomes"] == str(len(book.table("Outcomes"))) == str(obligations)
    assert book.about["Not filed"] == str(len(book.table("Not filed"))) == str(obligations - 2)
    for name in ("Population", "Interests", "Decisions", "Policies", "Audit", "Columns"):
        assert book.about[name] == str(len(book.table(name)))
    assert book.about["Interests"] == "1"


def test_the_summary_foots_to_the_outcomes(make, filed):
    book = make()
    header, *_departments, total = blocks(book.sheets["Summary"])[0]
    told = dict(zip(header, total, strict=True))
    outcomes = book.table("Outcomes")
    assert (told["Obligations"], told["Filed"]) == (len(outcomes), 2)
    assert sum(total[3:]) == told["Obligations"]
    with ZipFile(book.path) as zipped:
        assert [name for name in zipped.namelist() if name.startswith("xl/charts/")]


def test_a_filing_stands_in_its_row(make, filed, cast):
    rows = {row["Name"]: row for row in make().table("Outcomes")}
    finn, kit, sam = (rows[cast[name].person.name] for name in ("finn", "kit", "sam"))
    assert (finn["Reference"], finn["State"], finn["Reviewer"]) == (filed["finn"].reference, "In review", cast.olu.person.name)
    assert (finn["Interests"], finn["Version"], finn["Days late"], finn["Nothing to declare"]) == (1, 1, 0, "Yes")
    assert finn["Routed because"] == "everything else goes to the ethics office"
    assert kit["State"] == "Decided"
    assert (sam["State"], sam["Version"], sam["Outcome"]) == ("Not started", None, None)


def test_population_foots_to_who_is_active(make, filed, db, cast):
    book = make()
    people = book.table("Population")
    assert book.about["Of them active at the end"] == str(len(cast.members))
    assert {row["Obliged"] for row in people} <= {"Yes", "No"}
    assert len([row for row in people if row["Obliged"] == "Yes"]) == len(
        {row["Employee number"] for row in book.table("Outcomes")}
    )
    assert [row for row in people if row["Obliged"] == "No" and not row["Why not"]] == []


def test_hostile_names_are_shown_as_typed_and_counted(make, campaign, db):
    for number, name in enumerate(HOSTILE):
        person = PersonFactory(number=f"H{number}", name=name)
        made = {"reference": f"OBL-{number}", "form_id": "city-coi", "kind": "annual", "occasion": "h", "reporting_year": 2025}
        db.session.add(
            Obligation(person_id=person.id, campaign_id=campaign.id, told_on=CLOCK.date(), name=name, seq=an_entry(), **made)
        )
    db.session.commit()
    book = make()
    shown = [row["Name"] for row in book.table("Outcomes") if row["Reference"].startswith("OBL-")]
    assert shown[:3] == ["=1+1", "@x", "_x005F_x0041_"]  # openpyxl leaves the escape as it is
    assert shown[3] == "a\ufffdb"
    assert shown[4:] == HOSTILE[4:]
    assert int(book.about["Characters replaced by U+FFFD"]) == 3  # Population, Outcomes, Not filed
    with ZipFile(book.path) as zipped:
        assert [
            name for name in zipped.namelist() if name.startswith("xl/worksheets/sheet") and b"<f>" in zipped.read(name)
        ] == []


def test_a_text_over_the_limit_of_a_cell_is_cut_visibly_and_counted(make, filed, db, cast):
    kit, reason = filed["kit"], {"reason_for_filer": "=y" * 20_000, "internal_reasoning": "SECRET"}
    what = {"reference": "DEC-1", "filer_id": kit.filer_id, "version_id": kit.versions[-1].id, "outcome": Outcome.NO_CONFLICT}
    db.session.add(Decision(disclosure_id=kit.id, by_id=cast.olu.person.id, at=CLOCK, seq=an_entry(), **what, **reason))
    db.session.commit()
    book = make()
    (row,) = book.table("Decisions")
    shown = row["Reason for the filer"]
    assert (shown[:4], shown[-3:], len(shown)) == ("=y=y", "[…]", 32_767)
    assert book.about["Texts cut at 32,767 characters, marked […]"] == "1"
    assert {one["Outcome"] for one in book.table("Outcomes") if one["Reference"] == kit.reference} == {"No conflict found"}
    assert "SECRET" not in str(book.sheets)


def test_drafts_stand_in_no_sheet(make, campaign, db, cast):
    filing(cast.finn.person, State.DRAFT, reference="COI-2026-DRAFTX", campaign_id=campaign.id)
    db.session.commit()
    assert "COI-2026-DRAFTX" not in str(make("--sheets", "outcomes,interests,decisions").sheets)


GIVEN = "restricted, given"
LEFT_OUT = "left out of copies"


@pytest.mark.parametrize(
    ("visibility", "shown"),
    [("public", "Apex Paving"), ("restricted", GIVEN), ("confidential", "given"), ("internal", LEFT_OUT), ("", GIVEN)],
)
def test_an_answer_is_shown_only_as_its_visibility_allows(app, visibility, shown):
    fields = (Shown("name", "Company", "Apex Paving", visibility), Shown("pay", "Pay", "12", "confidential"))
    listed = Answer("jobs", "jobs", "Jobs", "", "restricted", (Entry("k1", 1, "Job", ()), Entry("k2", 2, "Job", fields)))
    assert masked(listed, 1, "k2", "Apex Paving") == (shown, "Pay given")
    assert masked(listed, 1, "", "Apex Paving") == (shown, "Pay given")
    alone = Answer("debts", "debts", "Debts", "Apex Paving", visibility)
    assert masked(alone, None, "", "") == ("", shown)


def test_none_not_asked_and_not_answered_differ(app):
    fields = [Shown(one, one, "", "public", status) for one, status in (("a", NONE), ("b", NOT_ANSWERED), ("c", NOT_ASKED))]
    listed = Answer("jobs", "jobs", "Jobs", "", "restricted", (Entry("k1", 1, "Job", tuple(fields)),))
    assert masked(listed, 0, "k1", "")[1] == "a none · b not answered"


def test_a_list_in_a_list_is_masked_field_by_field(app):
    inner = (Entry("i1", 1, "", (Shown("n", "Name", "Ann", "confidential"), Shown("y", "Year", "2025", "public"))),)
    listed = Answer(
        "x", "x", "X", "", "restricted", (Entry("k1", 1, "", (Shown("l", "Relatives", "", "restricted", entries=inner),)),)
    )
    assert masked(listed, 0, "k1", "")[1] == "Relatives 1: Name given, Year 2025"


def test_a_name_that_no_field_holds_is_masked(app):
    listed = Answer("jobs", "jobs", "Jobs", "", "restricted", (Entry("k1", 1, "Job", ()),))
    assert masked(listed, 0, "k1", "Apex Paving") == ("restricted, given", "")
    assert masked(listed, 0, "k1", "") == ("none", "")


def test_headings_come_in_spanish_and_keys_do_not_change(make, filed, db):
    book = make("--language", "es")
    assert list(book.sheets)[:4] == ["Acerca de", "Resumen", "Población", "Resultados"]
    assert book.sheets["Resultados"][0][0] == "Referencia"
    seal = db.session.scalars(select(Export)).one().seal
    assert list(seal["sheets"]) == [key for key in SHEETS if key not in WITHOUT_PROOF]
    assert {row["Estado"] for row in book.table("Resultados")} & {"En revisión"}


def test_the_same_moment_gives_the_same_roots(make, filed, db, clock):
    first = make("--as-of", "2026-03-02T15:04:05Z")
    filing(PersonFactory(), State.SUBMITTED)
    db.session.commit()
    clock.shift(timedelta(days=3))
    second = make("--as-of", "2026-03-02T15:04:05Z")
    third = make()
    roots = [
        {key: told["root"] for key, told in json.loads(book.seal_file.read_text())["seal"]["sheets"].items()}
        for book in (first, second, third)
    ]
    assert roots[0] == roots[1]
    assert roots[0]["outcomes"] != ""
    assert json.loads(first.seal_file.read_text())["seal"]["size"] == json.loads(second.seal_file.read_text())["seal"]["size"]


def test_what_came_after_the_moment_is_not_told(make, campaign, db, cast, clock):
    clock.shift(timedelta(days=1))
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, form_id="city-coi", campaign_id=campaign.id)
    settle(made, cast.finn.actor, CLOCK + timedelta(days=1), an_entry(CLOCK + timedelta(days=1)))
    db.session.commit()
    then, now = make("--as-of", "2026-03-02T15:04:05Z"), make()
    assert made.reference not in str(then.sheets["Outcomes"])
    assert made.reference in str(now.sheets["Outcomes"])


def test_a_moment_that_has_not_come_is_refused(runner, campaign, tmp_path):
    reply = runner.invoke(args=["exports", "run", "--as-of", "2027-01-01", "--out", str(tmp_path / "x.xlsx")])
    assert reply.exit_code == 1
    assert "has not come" in reply.stderr


def test_the_log_holds_who_asked_what_was_made_and_its_hashes(make, filed, db):
    book = make()
    entries = {link.event: link for link in links()}
    made = json.loads(entries[Event.REGISTER_EXPORTED.code].details)
    seal = json.loads(book.seal_file.read_text())["seal"]
    assert made["sha256"] == hashlib.sha256(book.path.read_bytes()).hexdigest()
    assert (
        made["seal"]
        == hashlib.sha256(json.dumps(seal, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
    )
    assert entries[Event.EXPORT_ASKED.code].actor.startswith("operator:")
    assert Event.CHECKPOINT_MADE.code in entries
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last.seq > seal["size"]


def test_an_operators_workbook_is_told_to_auditors_and_senior_officers(make, filed, db, cast):
    make()
    told = db.session.scalars(select(Letter.person_id).where(Letter.kind == "exported")).all()
    assert sorted(told) == sorted(cast[name].person.id for name in ("ada", "sia", "sol"))
