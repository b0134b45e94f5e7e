"""The openpyxl book around the big sheets: styles, headers, widths, tables, print set-up, small sheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import quoteattr  # nosec B406  # it quotes, and reads nothing
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableStyleInfo

from coi.exports.cells import ESCAPED
from coi.exports.summary import BARS, NAVY, Cell, Placed, chart_of

FORMATS = {"text": "@", "whole": "0", "money": "#,##0.00", "date": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm:ss"}
WIDTHS = {"text": 18, "whole": 13, "money": 14, "date": 12, "instant": 22}
WIDER = {
    "reference": 20, "name": 28, "department": 26, "title": 30, "group": 24, "because": 36, "question": 36, "party": 30,
    "answers": 60, "reason": 60, "reasoning": 60, "conditions": 30, "means": 60, "masked": 24, "label": 30, "heading": 26,
    "at": 28, "actor": 22, "event": 26, "subject": 32, "details": 60, "prev": 20, "hash": 20, "kinds": 26, "why_not": 28,
    "state": 28, "outcome": 24, "rule": 24, "excused": 26, "reviewer": 26, "decided_by": 34, "recommended_by": 26, "import": 20,
    "form": 44, "receipt": 26, "standing": 20, "excused_by": 22, "plan": 20, "condition_reference": 20, "code": 22, "text": 60,
    "owner": 20, "owner_name": 26, "due_rule": 26, "shown_by": 40, "confirms": 22, "confirmer": 26, "plan_state": 28,
    "answer": 24, "last_step": 24, "confirmed_by": 26, "replaced_by": 20, "right": 30, "over": 20, "given": 40, "asked_by": 26,
    "approved_by": 26, "holding": 26, "end_asked_by": 26, "end_approved_by": 26, "request": 20, "kind": 26, "what": 76, "by": 28,
    "about": 32,
}  # fmt: skip
PROOF_WIDTH = 34
# Away from the text of the next column.
NUMBERS = Alignment(horizontal="right", indent=1)
TOP = Alignment(vertical="top", wrap_text=True)
LABELS, TEXTS = 38, 110  # how wide the columns of About are
A_LINE = 15  # points
A_PAGE = 190  # characters across a printed page that can still be read


@dataclass(frozen=True)
class BigSheet:
    """A sheet that is streamed: its key, its tab, and (key, heading, type) for each column."""

    key: str
    tab: str
    columns: tuple[tuple[str, str, str], ...]


class Frame:
    """One book: made with empty big sheets, split so that rows can be streamed into them, finished with what was counted."""

    def __init__(self, about: str, summary: str, sheets: Sequence[BigSheet], properties: dict[str, Any]) -> None:
        self.book = Workbook()
        self.foot = str(properties.get("title", ""))
        self.about: Any = self.book.worksheets[0]
        self.about.title = about
        self.summary: Any = self.book.create_sheet(summary)
        self.styles = self._style_numbers()
        self.sheets = {one.key: one for one in sheets}
        self.parts: dict[str, str] = {}
        for one in sheets:
            self._add(one, one.tab)
        for name, value in properties.items():
            setattr(self.book.properties, name, value)
        self.alternatives: list[tuple[str, str]] = []
        self.before, self.after = self._split()

    def _style_numbers(self) -> dict[str, int]:
        """One scratch cell for each kind tells the number of its style."""
        scratch = self.book.create_sheet("scratch")
        numbers = {}
        for row, (kind, number_format) in enumerate(FORMATS.items(), 1):
            cell = scratch.cell(row=row, column=1)
            cell.number_format = number_format
            if kind == "text":
                cell.quotePrefix = True  # shown as typed, also when somebody edits the cell
            else:
                cell.alignment = NUMBERS
            numbers[kind] = cell.style_id
        proof = scratch.cell(row=9, column=1)
        proof.number_format, proof.quotePrefix, proof.font = "@", True, Font(name="Consolas", size=9, color="666666")
        numbers["proof"] = proof.style_id
        self.book.remove(scratch)
        return numbers

    def _add(self, one: BigSheet, tab: str) -> Any:
        sheet = self.book.create_sheet(tab)
        widths = [_width(key, kind) for key, _heading, kind in one.columns]
        for number, (width, (_key, heading, kind)) in enumerate(zip(widths, one.columns, strict=True), 1):
            cell = sheet.cell(row=1, column=number, value=heading)
            _head(cell, number=kind not in ("text", "proof"))
            sheet.column_dimensions[get_column_letter(number)].width = width
        # A program that opens the file does not measure headings that wrap.
        lines = max(_lines(heading, width) for width, (_key, heading, _kind) in zip(widths, one.columns, strict=True))
        sheet.row_dimensions[1].height = A_LINE * lines + 3
        pages = round(sum(widths) / A_PAGE + 0.4)
        sheet.freeze_panes = "C2" if len(one.columns) > 8 else "A2"
        sheet.print_title_rows = "1:1"
        if pages > 1:
            sheet.print_title_cols = "A:B"
        table = Table(displayName=self._table_name(one.key), ref=self._ref(one, 0))
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)
        self._print_well(sheet, pages)
        self.parts[tab] = f"xl/worksheets/sheet{len(self.book.worksheets)}.xml"
        return sheet

    def _table_name(self, key: str) -> str:
        used = {table.displayName for sheet in self.book.worksheets for table in sheet.tables.values()}
        name, number = f"t_{key}", 2
        while name in used:
            name, number = f"t_{key}_{number}", number + 1
        return name

    @staticmethod
    def _ref(one: BigSheet, rows: int) -> str:
        return f"A1:{get_column_letter(len(one.columns))}{max(rows, 1) + 1}"  # a table needs one row below its header

    def _split(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """What stands before and after the rows of each big sheet; the size is not known yet and is left out."""
        before, after = {}, {}
        with ZipFile(self._saved()) as zipped:
            for one in self.sheets.values():
                head, _, tail = zipped.read(self.parts[one.tab]).partition(b"</sheetData>")
                start, _, rest = head.partition(b"<dimension ")
                before[one.key] = start + rest.partition(b"/>")[2]
                after[one.key] = b"</sheetData>" + tail
        return before, after

    def _saved(self) -> BytesIO:
        made = BytesIO()
        self.book.save(made)
        made.seek(0)
        return made

    def go_on(self, key: str, number: int) -> str:
        """A further sheet for rows that did not fit; returns its tab."""
        one = self.sheets[key]
        tab = f"{one.tab} ({number})"
        self._add(one, tab)
        return tab

    def fill_about(self, rows: Sequence[Sequence[str]], titles: set[int]) -> None:
        """The rows of About; `titles` are the numbers of rows that open a part of it."""
        sheet = self.about
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = LABELS, TEXTS
        for number, row in enumerate(rows, 1):
            title = number in titles
            for column, text in enumerate(row, 1):
                self._put(sheet, number, column, text)
                sheet.cell(number, column).alignment = Alignment(vertical="bottom" if title else "top", wrap_text=not title)
            sheet.cell(number, 1).font = _bold(size=16 if number == 1 else 12, color=NAVY) if title else _bold()
            # The checkpoint is there to be read from paper; the seal is for programs, and its beginning is enough to see.
            widths = (LABELS - 4, TEXTS - 24 if len(row[-1]) > 200 else TEXTS)  # long ones have few places to break
            lines = max([1, *(-(-len(text) // width) for text, width in zip(row, widths, strict=False))])
            sheet.row_dimensions[number].height = 24 if title else A_LINE * (lines if lines < 12 else 3)
        sheet.print_area = f"A1:B{len(rows)}"
        self._print_well(sheet)

    def fill_summary(self, rows: Sequence[Sequence[Cell]], placed: Sequence[Placed]) -> None:
        """The tables of Summary, each with its native chart and the words that stand for it."""
        sheet = self.summary
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if isinstance(value, str):
                    self._put(sheet, number, column, value)
                else:
                    cell = sheet.cell(number, column, value)
                    cell.number_format, cell.alignment = "0", NUMBERS
        for one in placed:
            sheet.cell(one.title, 1).font = _bold(size=16, color=NAVY)
            sheet.cell(one.title + 1, 1).font = Font(name="Calibri", size=11, italic=True)
            for column in range(1, len(one.block.header) + 1):
                _head(sheet.cell(one.header, column), number=column > 1)
                if len(one.block.rows) > one.block.shown or one.block.chart == BARS:
                    sheet.cell(one.last, column).font = _bold()
            sheet.row_dimensions[one.header].height = 3 * A_LINE
            if one.block.chart and one.block.shown:
                sheet.add_chart(*chart_of(sheet, one))
                self.alternatives.append((one.block.chart_title, one.block.alternative))
        sheet.column_dimensions["A"].width = 34
        for column in range(2, max(len(one.block.header) for one in placed) + 1):
            sheet.column_dimensions[get_column_letter(column)].width = 14
        for one in placed[1:2]:
            sheet.row_breaks.append(Break(id=one.title - 1))
        self._print_well(sheet)

    def _put(self, sheet: Any, row: int, column: int, text: str) -> None:
        if text:
            cell = sheet.cell(row, column)
            cell.value = ESCAPED.sub("_x005F_", text)
            cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True

    def _print_well(self, sheet: Any, pages: int = 1) -> None:
        """Landscape, so many pages wide that it can be read; each page says which workbook, which sheet and which page it is."""
        sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", pages, 0
        sheet.page_setup.paperSize = sheet.PAPERSIZE_LETTER
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.5, bottom=0.7, header=0.3, footer=0.3)
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"
        sheet.oddFooter.center.text = self.foot.replace("&", "&&")

    def finish(self, rows: dict[str, int], target: ZipFile) -> None:
        """Gives the tables their size and copies everything but the streamed sheets; `rows` counts by tab."""
        streamed = set()
        for tab, count in rows.items():
            sheet = self.book[tab]
            for table in sheet.tables.values():
                first, _, last = table.ref.partition(":")
                table.ref = f"{first}:{last.rstrip('0123456789')}{max(count, 1) + 1}"
                if table.autoFilter is not None:  # a table that was never saved gets its own when it is
                    table.autoFilter.ref = table.ref
            streamed.add(self.parts[tab])
        with ZipFile(self._saved()) as zipped:
            for name in zipped.namelist():
                if name not in streamed:
                    part = zipped.read(name)
                    target.writestr(name, self._told(part) if name.startswith("xl/drawings/drawing") else part)

    def _told(self, drawing: bytes) -> bytes:
        """The charts with the words that stand for them: openpyxl can't write these."""
        for number, (title, words) in enumerate(self.alternatives, 1):
            told = f"name={quoteattr(title)} descr={quoteattr(words)}"
            drawing = drawing.replace(f'name="Chart {number}"'.encode(), told.encode(), 1)
        return drawing


def _bold(**more: Any) -> Font:
    return Font(name="Calibri", bold=True, **{"size": 11, **more})


def _head(cell: Any, number: bool = False) -> None:
    """A heading: white on navy, in full; over numbers it stands where they stand."""
    cell.font, cell.fill = _bold(color="FFFFFF"), PatternFill("solid", fgColor=NAVY)
    cell.alignment = Alignment(horizontal="right", indent=1, vertical="top", wrap_text=True) if number else TOP


def _width(key: str, kind: str) -> int:
    """How wide a column is, in characters."""
    if kind == "proof":
        return PROOF_WIDTH
    return WIDER.get(key, WIDTHS[kind]) if kind == "text" else WIDTHS[kind]


def _lines(heading: str, width: int) -> int:
    """Over how many lines a heading in bold runs; a filter button stands in its last one."""
    return len(wrap(heading, max(6, width - 4))) or 1


def made_at(now: datetime) -> datetime:
    """A moment as document properties keep it: naive UTC."""
    return now.replace(tzinfo=None)
