"""Kinds of workbook: what each shows, column by column; secrets stand in the bytes of no file that may not hold them (U62)."""

from datetime import timedelta
from zipfile import ZipFile

import pytest

from coi.exports.making import wanted_sheets
from coi.exports.registers.columns import SHEETS
from coi.exports.registers.masking import MASKS, How, columns_of, how
from coi.models import Decision
from coi.vocabulary import ExportKind, Outcome
from tests.city import CLOCK
from tests.exports.answers import (
    ADVICE,
    CONFIDENTIAL,
    HOME,
    INTERNAL,
    NOTE,
    NUMBER,
    OFFICE,
    PUBLIC,
    REASON,
    REASONING,
    RESTRICTED,
    SEALING,
)
from tests.exports.workbooks import blocks, read_all
from tests.factories import an_entry


def test_every_column_of_every_sheet_is_in_the_table_of_masks():
    assert {(sheet, spec.key) for sheet, specs in SHEETS.items() for spec in specs} == {
        (sheet, column) for sheet, columns in MASKS.items() for column in columns
    }


def test_where_kinds_differ_the_table_says_why():
    silent = [
        (sheet, key) for sheet, told in MASKS.items() for key, mask in told.items() if len(set(mask[:3])) > 1 and not mask[3]
    ]
    assert silent == []


def test_what_public_shows_standard_and_full_show_too():
    more = {(sheet, key) for sheet, told in MASKS.items() for key, mask in told.items() if mask.public is not How.LEFT_OUT}
    assert [one for one in more if How.LEFT_OUT in (how("standard", *one), how("full", *one))] == []


def test_a_column_that_nobody_thought_about_is_shown_to_nobody():
    assert {how(kind.value, "outcomes", "new_column") for kind in ExportKind} == {How.LEFT_OUT}


def test_the_standard_kind_shows_restricted_and_confidential_answers_as_given(make, under_a_seal, cast):
    book = make("--formats", "csv,jsonl")
    (shown, kin) = (row for row in book.table("Interests") if row["Reference"] == under_a_seal.reference)
    assert (shown["Party"], shown["Answers"]) == (
        PUBLIC,
        f"Pay restricted, given · Relative given · Where they sleep restricted, given · Where they work {OFFICE}",
    )
    assert (kin["Party"], kin["Answers"].startswith("Name not answered")) == ("given", True)
    bytes_of_it = read_all(book.path)
    assert bytes_of_it.count(PUBLIC.encode()) >= 3  # in the workbook, in csv, in JSON Lines
    for secret in (RESTRICTED, CONFIDENTIAL, INTERNAL, HOME, REASONING, NOTE, ADVICE, SEALING):
        assert secret.encode() not in bytes_of_it, secret
    for told in (PUBLIC, OFFICE, REASON, cast.kit.person.number):
        assert told.encode() in bytes_of_it, told
    assert "Internal reasoning" not in book.sheets["Decisions"][0]
    assert book.about["Columns left out of Decisions"] == "Internal reasoning, Internal notes"


def test_the_public_kind_has_what_may_be_released_and_nothing_else(make, telling, cast, db):
    telling.filer.number = NUMBER
    db.session.commit()
    book = make("--kind", "public", "--formats", "csv,jsonl")
    assert list(book.sheets) == ["About", "Summary", "Population", "Outcomes", "Interests", "Decisions", "Policies", "Columns"]
    bytes_of_it = read_all(book.path)
    assert bytes_of_it.count(PUBLIC.encode()) >= 3  # in the workbook, in csv, in JSON Lines
    hidden = (RESTRICTED, CONFIDENTIAL, INTERNAL, HOME, REASONING, NOTE, ADVICE, REASON, NUMBER)
    for secret in hidden:
        assert secret.encode() not in bytes_of_it, secret
    (shown,) = [row for row in book.table("Interests") if row["Reference"] == telling.reference]
    assert (shown["Party"], shown["Answers"]) == (PUBLIC, f"Where they work {OFFICE}")
    rows = {row["Name"]: row for row in book.table("Outcomes")}
    kit, sam = rows[cast.kit.person.name], rows[cast.sam.person.name]
    assert (kit["State"], kit["Outcome"], sam["State"]) == ("Filed", "No conflict found", "Not filed")
    assert list(kit) == [spec.en for spec in columns_of("public", "outcomes")] + ["Row proof"]
    assert book.about["Sheets left out"] == "Plans, Not filed, Access, Changes, Audit"


def test_while_a_seal_stands_a_filing_looks_undecided_to_the_public(make, under_a_seal, cast, clock):
    def row(book):
        return next(one for one in book.table("Outcomes") if one["Reference"] == under_a_seal.reference)

    book = make("--kind", "public")
    told = row(book)
    assert [told[one] for one in ("State", "Outcome", "Reviewer", "Decided at")] == ["Filed", None, None, None]
    assert book.table("Decisions") == []
    assert SEALING.encode() not in read_all(book.path)
    clock.shift(timedelta(days=40))
    later = make("--kind", "public")
    assert row(later)["Outcome"] == "No conflict found"
    assert [one["Reference"] for one in later.table("Decisions")] == [under_a_seal.reference]


@pytest.mark.parametrize("outcome", [Outcome.REFERRED, Outcome.CLOSED])
def test_the_public_does_not_learn_what_was_referred(make, telling, db, outcome):
    made = Decision(
        reference="DEC-2",
        disclosure_id=telling.id,
        filer_id=telling.filer_id,
        version_id=telling.versions[-1].id,
        outcome=outcome,
        reason_for_filer="",
        second_hand=True,
        rule="rule",
        at=CLOCK,
        seq=an_entry(),
    )
    db.session.add(made)
    db.session.commit()
    book = make("--kind", "public")
    told = next(one for one in book.table("Outcomes") if one["Reference"] == telling.reference)
    assert told["Outcome"] == "Review ended"
    assert outcome.label not in {*book.sheets["Summary"][2], *(row["Label"] for row in book.table("Columns"))}
    header, *_departments, total = blocks(book.sheets["Summary"])[0]
    assert dict(zip(header, total, strict=True))["Review ended"] == 1


@pytest.mark.parametrize("kind", ["standard", "public"])
def test_the_columns_sheet_says_how_each_column_is_masked(make, telling, kind):
    rows = [row for row in make("--kind", kind).table("Columns") if row["Meaning"] is not None and row["Heading"] != "Row proof"]
    told = {(row["Sheet"], row["Heading"]): row["Masked as"] or "" for row in rows}
    assert told == {
        (sheet, spec.en): str(how(kind, sheet, spec.key).words)
        for sheet in wanted_sheets((), kind)
        for spec in columns_of(kind, sheet)
    }


@pytest.mark.parametrize("kind", ["standard", "public"])
def test_an_altered_cell_is_named_by_the_database_for_every_kind(make, telling, runner, kind):
    book = make("--kind", kind)
    fine = runner.invoke(args=["audit", "verify", "--workbook", str(book.path)])
    assert fine.exit_code == 0, fine.output
    forged = book.path.with_name("forged.xlsx")
    with ZipFile(book.path) as old, ZipFile(forged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace(PUBLIC.encode(), b"Somebody Else") if name.startswith("xl/worksheets") else content
            )
    told = runner.invoke(args=["audit", "verify", "--workbook", str(forged)])
    assert told.exit_code == 1
    assert "Interests, row" in told.output
