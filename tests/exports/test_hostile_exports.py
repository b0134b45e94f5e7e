"""Hostile inputs of the group "exports" that no other file of this room asks about; each test names its number.

More texts of E03-E05 are in test_cells, csv (E06-E08) in test_flat_files, jobs and downloads (E16-E17) in test_jobs, the entry
(E20) in test_workbook.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from coi.exports.cells import Cells
from coi.exports.flat import FORMATS
from coi.exports.registers.columns import TITLES
from coi.models import Obligation
from tests.city import CLOCK
from tests.exports.test_cells import text_back
from tests.exports.workbooks import on_offer
from tests.factories import PersonFactory, an_entry

ROOM = Path(__file__).parents[2] / "coi" / "exports"


def test_no_text_goes_to_openpyxl_by_append():  # E02
    raw = re.compile(r"sheet\w*\.append\(|write_only|\.hyperlink|\bws\.")
    assert [path.name for path in ROOM.rglob("*.py") if raw.search(path.read_text())] == []


@pytest.mark.parametrize(
    "text", ["=3+3", " =1", "\r=1", "\n=1", "\uff0d1", "\uff20x", "\uff1d1", "=", "==", "#DIV/0!"], ids=ascii
)
def test_what_looks_like_a_formula_is_a_text(text):  # E02-E05
    back, cell, _repairs = text_back(text)
    assert (back, cell.data_type, cell.quotePrefix) == (text.replace("\r", "\n"), "s", True)


def test_values_are_typed_before_they_are_written():  # E09
    cells = Cells(ZoneInfo("America/New_York"), dict.fromkeys(("text", "whole", "money", "date", "instant"), 0))
    assert "inlineStr" in cells.money(Decimal("12345678901234567.89"))[1]
    assert cells.money(Decimal("1234567890123.45")) == ("1234567890123.45", ' s="0"><v>1234567890123.45</v></c>')
    assert cells.instant(datetime(2026, 7, 1, 3, 59, 59, tzinfo=UTC))[0] == "2026-06-30T23:59:59"
    with pytest.raises(InvalidOperation):
        cells.money(Decimal("NaN"))
    with pytest.raises(ValueError, match="cannot convert"):
        cells.whole(float("nan"))


def test_sheet_names_are_ours_and_fit_everywhere():  # E11
    for language in (0, 1):
        names = [titles[language] for titles in TITLES.values()]
        assert len({name.casefold() for name in names}) == len(names)
        assert [name for name in names if len(f"{name} (99)") > 31 or re.search(r"[/\\?*\[\]:']|^history$", name, re.I)] == []


def test_no_text_becomes_a_link(make, campaign, db):  # E13
    for number, name in enumerate(["javascript:alert(1)", "https://evil.example", '=HYPERLINK("http://x.example","y")']):
        person = PersonFactory(number=f"L{number}", name=name)
        made = {"reference": f"OBL-L{number}", "form_id": "city-coi", "kind": "annual", "occasion": "h", "reporting_year": 2025}
        row = Obligation(person_id=person.id, campaign_id=campaign.id, told_on=CLOCK.date(), name=name, seq=an_entry(), **made)
        db.session.add(row)
    db.session.commit()
    with ZipFile(make("--sheets", "outcomes").path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert [name for name, part in parts.items() if b"<hyperlink" in part or b"relationships/hyperlink" in part] == []
    assert any(b"javascript:alert(1)" in part for part in parts.values())


def test_file_names_come_from_the_reference_alone(sign_in, campaign, cast, db):  # E18
    ada, reference = sign_in("ada"), on_offer(cast.ada.person, cast.ada.actor, CLOCK).reference
    db.session.commit()
    assert re.fullmatch(r"EXP-2026-[0-9A-Z]{6}", reference)
    ends = {
        "workbook": "xlsx",
        "seal": "seal.json",
        **dict(zip(("csv", "json-lines"), (f"{one}.zip" for one in FORMATS), strict=True)),
    }
    for path, ending in ends.items():
        told = ada.get(f"/exports/{reference}/{path}").headers["Content-Disposition"]
        assert told == f'attachment; filename="{reference}.{ending}"'
