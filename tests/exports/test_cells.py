"""Cells: what is typed is what is read back, whatever it is; and the streamed writer writes what openpyxl would."""

import io
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from coi.exports import stream
from coi.exports.cells import CUT, LONGEST, Cells, units
from coi.exports.frame import FORMATS, BigSheet, Frame
from coi.exports.stream import Streamer
from coi.exports.verify import ESCAPED

ZONE = ZoneInfo("America/New_York")
KINDS = ("text", "whole", "money", "date", "instant")
COLUMNS = tuple((kind, kind.title(), kind) for kind in KINDS)


def streamed(rows, columns=COLUMNS):
    """The rows through the streamed writer and back through openpyxl; the repairs that were counted."""
    frame = Frame("About", "Summary", [BigSheet("outcomes", "Outcomes", columns)], {})
    cells, target = Cells(ZONE, frame.styles), io.BytesIO()
    with ZipFile(target, "w") as zipped:
        streamer = Streamer(frame, cells, zipped, lambda _rows: None)
        streamer.write("outcomes", rows, None)
        frame.finish(streamer.by_tab, zipped)
    target.seek(0)
    return load_workbook(target), cells.repairs


def text_back(text):
    """One text through the writer; openpyxl does not undo the escape of `_x0041_`, so this does."""
    book, repairs = streamed([(text, None, None, None, None)])
    cell = book["Outcomes"]["A2"]
    return (ESCAPED.sub("_", cell.value) if cell.value is not None else ""), cell, repairs


HOSTILE = [
    "=1+1",
    "=",
    "==",
    "+1",
    "-1",
    "@x",
    "\tx",
    " x ",
    "a  b",
    "\uff1d1+1",
    "\uff0b1",
    "#REF!",
    "#N/A",
    "#DIV/0!",
    "_x0041_B",
    "_x005F_x0041_",
    "__x0041__",
    "José Ñuñez-O'Brien, Jr.",
    "<b>&amp;</b>",
    "]]>",
    "00123",
    "1e5",
    "2026-01-02",
    "TRUE",
    "12345678901234567890",
    "'quoted",
    '=HYPERLINK("http://x.example","y")',
    "javascript:alert(1)",
    "שלום עליכם",
    "中文",
    "😀" * 9_990,
    "a\nb",
    "{{7*7}} %(x)s {0.__class__}",
    "x" * LONGEST,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_a_text_is_read_back_as_it_was_typed(text):
    back, cell, repairs = text_back(text)
    assert (back, cell.data_type, repairs.replaced, repairs.cut) == (text, "s", 0, 0)
    assert (cell.number_format, cell.quotePrefix) == ("@", True)


@pytest.mark.parametrize("mark", ["\uffff", "\ufffe", "\x00", "\x01", "\x0b", "\x1f", "\ud800"], ids=ascii)
def test_what_makes_a_file_unreadable_is_replaced_and_counted(mark):
    back, _cell, repairs = text_back(f"a{mark}b")
    assert (back, repairs.replaced) == ("a\ufffdb", 1)


def test_line_ends_are_lf_and_letters_composed():
    assert text_back("a\r\nb\rc e\u0301")[0] == "a\nb\nc é"


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000, "x" * (LONGEST - 1) + "😀"], ids=["letters", "emoji", "edge"])
def test_a_text_over_the_limit_is_cut_with_a_mark_and_counted(text):
    back, _cell, repairs = text_back(text)
    assert back.endswith(CUT)
    assert units(back) <= LONGEST
    assert text.startswith(back.removesuffix(CUT))
    assert repairs.cut == 1


def test_numbers_days_and_moments_have_their_kind():
    moment = datetime(2026, 3, 2, 15, 4, 5, 999999, tzinfo=UTC)
    book, _repairs = streamed([("x", -12, Decimal("12.5"), date(2026, 3, 2), moment)])
    _text, whole, money, day, instant = book["Outcomes"][2]
    assert (whole.value, money.value, day.value, instant.value) == (
        -12,
        12.5,
        datetime(2026, 3, 2),
        datetime(2026, 3, 2, 10, 4, 5),
    )
    assert (day.is_date, money.number_format) == (True, "#,##0.00")


def test_what_a_number_or_day_of_a_sheet_cannot_hold_stands_as_text():
    book, _repairs = streamed(
        [("", 10**18 + 1, Decimal("99999999999999.99"), date(1850, 1, 1), datetime(1850, 1, 1, 12, tzinfo=UTC))]
    )
    assert [cell.value for cell in book["Outcomes"][2][1:4]] == ["1000000000000000001", "99999999999999.99", "1850-01-01"]
    assert book["Outcomes"]["E2"].value.startswith("1850-01-01T")


def test_rows_that_do_not_fit_go_on_to_another_sheet(monkeypatch):
    monkeypatch.setattr(stream, "ROWS_OF_A_SHEET", 3)
    book, _repairs = streamed([(str(number), None, None, None, None) for number in range(7)])
    found = {name: [row[0] for row in book[name].iter_rows(values_only=True)] for name in book.sheetnames if "Outcomes" in name}
    assert found == {"Outcomes": ["Text", "0", "1", "2"], "Outcomes (2)": ["Text", "3", "4", "5"], "Outcomes (3)": ["Text", "6"]}
    assert {table.ref for name in found for table in book[name].tables.values()} == {"A1:E4", "A1:E2"}


def test_a_sheet_without_rows_is_a_sheet():
    book, _repairs = streamed([])
    assert [table.ref for table in book["Outcomes"].tables.values()] == ["A1:E2"]


PLAIN = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\ufffe\uffff"), max_size=40)
MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
INSTANT = MOMENTS.map(lambda at: at.replace(microsecond=0))
NASTY = PLAIN.filter(lambda text: not any(ord(mark) < 32 and mark not in "\t\n" for mark in text)) | st.sampled_from(HOSTILE)
ROW = st.tuples(
    NASTY,
    st.none() | st.integers(-(10**14), 10**14),
    st.none() | st.decimals(-(10**9), 10**9, places=2),
    st.none() | st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.none() | INSTANT,
)


def told(cell, written=str):
    """What openpyxl reads of a cell, its text put back by `written`; an empty one has no kind."""
    if cell.value is None:
        return None
    text = written(cell.value) if isinstance(cell.value, str) else cell.value
    return text, cell.data_type, cell.number_format, bool(cell.quotePrefix)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, max_size=6))
def test_the_streamed_writer_writes_what_openpyxl_would(rows):
    """Value, type, number format and the mark of a text, cell by cell; a plain append would make formulas and errors of some."""
    book, _repairs = streamed(rows)
    theirs = Workbook()
    for number, row in enumerate(rows, 2):
        local = row[4].astimezone(ZONE).replace(tzinfo=None) if row[4] else None
        values = [unicodedata.normalize("NFC", row[0]) or None, *row[1:4], local]
        for column, (kind, value) in enumerate(zip(KINDS, values, strict=True), 1):
            cell = theirs.active.cell(number, column, value)
            cell.number_format = FORMATS[kind]
            if kind == "text" and value is not None:
                cell.data_type, cell.quotePrefix = "s", True
    kept = io.BytesIO()
    theirs.save(kept)
    kept.seek(0)
    wanted, shown = load_workbook(kept).active, book["Outcomes"]
    for number in range(2, len(rows) + 2):
        for column in range(1, len(KINDS) + 1):
            # Ours escapes what spreadsheet programs would read as an escape; openpyxl neither writes nor reads such marks.
            assert told(shown.cell(number, column), unescaped) == told(wanted.cell(number, column))


def unescaped(text):
    """A text as a spreadsheet program shows it."""
    return ESCAPED.sub("_", text)


@pytest.mark.parametrize("text", ["_x005F_x0000_", "_x0041_", "_x005F_", "_x005F_x005F_x0041_"])
def test_marks_that_read_like_escapes_are_shown_as_typed(text):
    book, _repairs = streamed([(text, None, None, None, None)])
    assert unescaped(book["Outcomes"].cell(2, 1).value) == text
