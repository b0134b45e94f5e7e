"""Files from outside: hostile workbooks and odd csv files are refused with what to do, or read as a person would."""

import io
import struct
import time
import zipfile
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from openpyxl import Workbook

from coi import sheets
from coi.sheets import Sheet, Unreadable, read_sheet

HEAD = b"number,name\r\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    """Messages need a language, and nothing else of the app."""
    bare = Flask("bare")
    Babel(bare)
    with bare.test_request_context():
        yield


def book(*rows: list[object], change: Callable[[Workbook], None] | None = None) -> bytes:
    """A workbook as openpyxl writes it."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rewritten(data: bytes, replace: dict[str, bytes], more: dict[str, bytes] | None = None) -> bytes:
    """The same zip with some members replaced and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replace.get(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def with_sheet(inside: str, head: str = "") -> bytes:
    """A workbook whose one sheet holds this XML."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{MAIN}">{inside}</worksheet>'
    return rewritten(book(["a"]), {"xl/worksheets/sheet1.xml": text.encode()})


def cell(place: str, text: str) -> str:
    """An inline text cell."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def two_rows(name: str = "Ann") -> str:
    """Headings and one person as sheet data."""
    return f'<row r="1">{cell("A1", "number")}{cell("B1", "name")}</row><row r="2">{cell("A2", "00123")}{cell("B2", name)}</row>'


def test_a_plain_workbook_is_read_with_its_leading_zeros():
    sheet = read_sheet(book(["Number", "Name"], ["00123", "José Ñuñez-O'Brien, Jr."]), "a.xlsx")
    assert sheet.headings == ("Number", "Name")
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("00123", "José Ñuñez-O'Brien, Jr."))]


def test_a_number_cell_says_that_it_was_a_number():
    def shown(made: Workbook) -> None:
        made.active["A3"].number_format = "000000"

    sheet = read_sheet(book(["Number"], [123], [123], [1.5], [True], change=shown), "a.xlsx")
    assert [(row.cells[0], row.kind(0)) for row in sheet.rows] == [
        ("123", "number"),
        ("000123", "text"),
        ("1.5", "decimal"),
        ("TRUE", "boolean"),
    ]


def test_a_formula_is_refused_by_row_and_a_text_that_looks_like_one_is_kept():
    def as_text(made: Workbook) -> None:
        made.active["A3"].data_type = "s"

    sheet = read_sheet(book(["Name"], ["=1+1"], ["=cmd|' /C calc'!A0"], ["<script>"], change=as_text), "a.xlsx")
    assert [row for row, _why in sheet.faults] == [2]
    assert [row.cells[0] for row in sheet.rows] == ["=cmd|' /C calc'!A0", "<script>"]


def test_a_row_far_below_ends_in_a_refusal_at_once():
    began = time.monotonic()
    far = with_sheet(f'<sheetData><row r="99999999999">{cell("A99999999999", "x")}</row></sheetData>')
    with pytest.raises(Unreadable):
        read_sheet(far, "a.xlsx")
    assert time.monotonic() - began < 8


def test_a_cell_at_the_last_row_of_the_format_is_refused_by_the_cap(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 500)
    rows = f'<sheetData>{two_rows()}<row r="1048576">{cell("XFD1048576", "x")}</row></sheetData>'
    with pytest.raises(Unreadable, match="500 rows"):
        read_sheet(with_sheet(rows), "a.xlsx")


def test_a_lying_dimension_changes_nothing():
    lying = with_sheet(f'<dimension ref="A1:XFD1048576"/><sheetData>{two_rows()}</sheetData>')
    assert [row.cells for row in read_sheet(lying, "a.xlsx").rows] == [("00123", "Ann")]


def test_a_bomb_is_refused_before_it_is_read():
    began = time.monotonic()
    with pytest.raises(Unreadable, match=r"packed|large"):
        read_sheet(with_sheet(f"<sheetData>{two_rows('A' * 60_000_000)}</sheetData>"), "a.xlsx")
    assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!doctype a [<!entity b SYSTEM "http://city.example/">]>',
    ],
)
def test_a_document_type_is_refused(head):
    with pytest.raises(Unreadable, match="can't be read"):
        read_sheet(with_sheet(f"<sheetData>{two_rows()}</sheetData>", head), "a.xlsx")


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-7"])
def test_another_encoding_inside_is_refused(coding):
    name = "UTF-7" if coding == "utf-7" else "UTF-16"
    text = f'<?xml version="1.0" encoding="{name}"?><worksheet xmlns="{MAIN}"><sheetData>{two_rows()}</sheetData></worksheet>'
    with pytest.raises(Unreadable, match="can't be read"):
        read_sheet(rewritten(book(["a"]), {"xl/worksheets/sheet1.xml": text.encode(coding)}), "a.xlsx")


def test_half_a_million_nested_elements_end_in_a_refusal():
    deep = f"<sheetData>{two_rows()}</sheetData>" + "<a>" * 500_000 + "</a>" * 500_000
    began = time.monotonic()
    try:
        read = read_sheet(with_sheet(deep), "a.xlsx")
    except Unreadable:
        read = None
    assert read is None or len(read.rows) == 1
    assert time.monotonic() - began < 20


def test_the_same_member_twice_is_refused():
    out = io.BytesIO(book(["number"], ["1"]))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    with pytest.raises(Unreadable, match="no spreadsheet program"):
        read_sheet(out.getvalue(), "a.xlsx")


@pytest.mark.parametrize("name", ["../../../../tmp/pwned", "/etc/pwned", "..\\pwned.xml", "c:/pwned"])
def test_a_member_that_strays_is_refused(name):
    with pytest.raises(Unreadable):
        read_sheet(rewritten(book(["number"], ["1"]), {}, {name: b"x"}), "a.xlsx")


def test_a_link_in_the_zip_is_refused():
    out = io.BytesIO(book(["number"], ["1"]))
    link = zipfile.ZipInfo("xl/media/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Unreadable):
        read_sheet(out.getvalue(), "a.xlsx")


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/embeddings/oleObject1.bin", "customXml/item1.xml"])
def test_macros_and_embedded_things_are_refused(name):
    with pytest.raises(Unreadable, match="macros"):
        read_sheet(rewritten(book(["number"], ["1"]), {}, {name: b"<a/>"}), "a.xlsx")


def test_a_file_that_says_it_is_encrypted_is_refused():
    data = bytearray(book(["number"], ["1"]))
    place = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, place + 8, 1)
    with pytest.raises(Unreadable, match="password"):
        read_sheet(bytes(data), "a.xlsx")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx"),
        (b"<html><table><tr><td>number</td></tr></table></html>", "a.xlsx"),
        (b"number,name\n1,Ann\n", "a.xlsx"),
        (b"PK\x03\x04 and nothing else", "a.xlsx"),
        (b"%PDF-1.7", "a.csv"),
        (book(["number"], ["1"]), "a.csv"),
        (book(["number"], ["1"]), "a.xlsm"),
        (book(["number"], ["1"])[:900], "a.xlsx"),
        (b"", "a.csv"),
        (b"\xef\xbb\xbf\r\n", "a.csv"),
        (HEAD, "a.csv"),
        (b"number,name\n1,Ann\n", "a.exe"),
        (b"number,name\n1,Ann\n", ""),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(data, name):
    with pytest.raises(Unreadable) as refusal:
        read_sheet(data, name)
    assert len(str(refusal.value.message)) > 15


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_BYTES", 10)
    with pytest.raises(Unreadable, match="too large"):
        read_sheet(HEAD + b"1,Ann\r\n", "a.csv")


def names(sheet: Sheet) -> list[str]:
    """The second column."""
    return [row.cells[1] for row in sheet.rows]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_in_any_common_encoding_keeps_its_accents(coding):
    sheet = read_sheet("number,name\r\n1,Muñoz\r\n".encode(coding), "a.csv")
    assert (sheet.headings, names(sheet)) == (("number", "name"), ["Muñoz"])
    assert bool(sheet.notes) == (coding == "cp1252")


def test_utf_16_without_its_mark_is_refused():
    with pytest.raises(Unreadable):
        read_sheet("number,name\r\n1,Muñoz\r\n".encode("utf-16-le"), "a.csv")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_by_the_headings(separator):
    text = separator.join(("number", "name")) + "\n" + separator.join(("1", '"Lee, Ann"')) + "\n"
    assert names(read_sheet(text.encode(), "a.csv", ["number", "name"])) == ["Lee, Ann"]


def test_an_open_quote_is_refused_with_its_line():
    with pytest.raises(Unreadable, match="line 3"):
        read_sheet(HEAD + b'1,Ann\r\n2,"Bob\r\n3,Cas\r\n4,Dee\r\n', "a.csv")


def test_an_open_quote_that_another_one_closes_far_below_is_refused_too():
    rows = b"".join(b"%d,Ann\r\n" % number for number in range(40))
    with pytest.raises(Unreadable, match="line 2"):
        read_sheet(HEAD + b'1,"Ann\r\n' + rows + b'9,"\r\n', "a.csv")


def test_ragged_rows_are_named():
    sheet = read_sheet(HEAD + b"1,Ann\r\n2\r\n3,Cas,more\r\n\r\n4,Dee,\r\n", "a.csv")
    assert [row for row, _why in sheet.faults] == [3, 4]
    assert names(sheet) == ["Ann", "Dee"]


def test_a_heading_that_stands_twice_is_refused():
    with pytest.raises(Unreadable, match="twice"):
        read_sheet(b"E-mail,e mail\r\na@city.example,b@city.example\r\n", "a.csv")


def test_endless_fields_and_nul_are_refused_by_line():
    with pytest.raises(Unreadable, match="2"):
        read_sheet(HEAD + b"1," + b"a" * 140_000 + b"\r\n", "a.csv")
    with pytest.raises(Unreadable, match="3"):
        read_sheet(HEAD + b"1,Ann\r\n2,\x00=1+1\r\n", "a.csv")


@pytest.mark.parametrize("text", ["a\x07b", "a\uffffb", "a\ufffeb", "b" * 5_000])
def test_what_no_page_can_show_is_refused_by_row(text):
    sheet = read_sheet(f"number,name\r\n1,{text}\r\n2,Bob\r\n".encode(), "a.csv")
    assert [row for row, _why in sheet.faults] == [2]
    assert names(sheet) == ["Bob"]


@pytest.mark.parametrize("text", ["-Smith", "=1+1", "@x", "_x0041_", "+49"])
def test_what_looks_like_a_formula_in_a_csv_is_text(text):
    assert names(read_sheet(f"number,name\r\n1,{text}\r\n".encode(), "a.csv")) == [text]
