"""The openpyxl book around the big sheets: styles, headers, widths, tables, print set-up, small sheets, chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from coi.exports.cells import ESCAPED

FORMATS = {"text": "@", "whole": "0", "money": "#,##0.00", "date": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm:ss"}
WIDTHS = {"text": 18, "whole": 11, "money": 14, "date": 12, "instant": 20}
WIDER = {
    "reference": 20, "name": 28, "department": 26, "title": 30, "group": 24, "because": 36, "question": 36, "party": 30,
    "answers": 60, "reason": 60, "conditions": 30, "means": 60, "masked": 24, "label": 30, "heading": 26, "why_not": 28,
    "at": 28, "actor": 22, "event": 26, "subject": 32, "details": 60, "prev": 20, "hash": 20, "kinds": 26,
}  # fmt: skip
PROOF_WIDTH = 34
NAVY = "1B2B4B"
MOST_BARS = 30
LABELS, TEXTS = 38, 110  # how wide the columns of About are


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
            numbers[kind] = cell.style_id
        proof = scratch.cell(row=9, column=1)
        proof.number_format, proof.quotePrefix, proof.font = "@", True, Font(name="Consolas", size=9, color="666666")
        numbers["proof"] = proof.style_id
        self.book.remove(scratch)
        return numbers

    def _add(self, one: BigSheet, tab: str) -> Any:
        sheet = self.book.create_sheet(tab)
        for number, (key, heading, kind) in enumerate(one.columns, 1):
            cell = sheet.cell(row=1, column=number, value=heading)
            cell.font, cell.fill = _bold(color="FFFFFF"), PatternFill("solid", fgColor=NAVY)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            width = PROOF_WIDTH if kind == "proof" else WIDER.get(key, WIDTHS[kind])
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = "C2" if len(one.columns) > 8 else "A2"
        sheet.print_title_rows = "1:1"
        table = Table(displayName=self._table_name(one.key), ref=self._ref(one, 0))
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)
        _print_well(sheet)
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
                sheet.cell(number, column).alignment = Alignment(vertical="top", wrap_text=not title)
            sheet.cell(number, 1).font = _bold(size=16 if number == 1 else 12, color=NAVY) if title else _bold()
            # The seal is for programs: its beginning is enough to see.
            lines = max([1, *(-(-len(text) // width) for text, width in zip(row, (LABELS, TEXTS), strict=False))])
            sheet.row_dimensions[number].height = 24 if title else 15 * min(lines, 3)
        sheet.print_area = f"A1:B{len(rows)}"
        _print_well(sheet)

    def fill_summary(self, rows: Sequence[Sequence[str | int]], header: int, title: str) -> None:
        """The counts, and a native chart of the rows below `header` without the last one, the total."""
        sheet = self.summary
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if isinstance(value, str):
                    self._put(sheet, number, column, value)
                else:
                    sheet.cell(number, column, value).number_format = "0"
                if number in (header, len(rows)):
                    sheet.cell(number, column).font = _bold()
                if number == header:
                    sheet.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(1, 1).font = _bold(size=16, color=NAVY)
        sheet.column_dimensions["A"].width = 34
        for column in range(2, len(rows[header - 1]) + 1):
            sheet.column_dimensions[get_column_letter(column)].width = 14
        sheet.row_dimensions[header].height = 45
        sheet.freeze_panes = sheet.cell(header + 1, 2)
        _print_well(sheet)
        departments = len(rows) - header - 1
        if departments > 0:
            sheet.add_chart(_bars(sheet, header, min(departments, MOST_BARS), len(rows[header - 1]), title), f"A{len(rows) + 3}")

    def _put(self, sheet: Any, row: int, column: int, text: str) -> None:
        if text:
            cell = sheet.cell(row, column)
            cell.value = ESCAPED.sub("_x005F_", text)
            cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True

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
                    target.writestr(name, zipped.read(name))


def _bold(**more: Any) -> Font:
    return Font(name="Calibri", bold=True, **{"size": 11, **more})


def _print_well(sheet: Any) -> None:
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.page_setup.paperSize = sheet.PAPERSIZE_LETTER
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"


def _bars(sheet: Any, header: int, departments: int, columns: int, title: str) -> BarChart:
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 60
    chart.title, chart.style = title, 10
    # Columns B to D count obligations and who filed; the bars show what became of them.
    values = Reference(sheet, min_col=4, max_col=columns, min_row=header, max_row=header + departments)
    chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=header + 1, max_row=header + departments))
    chart.x_axis.delete = chart.y_axis.delete = False  # openpyxl hides both otherwise (TRAPS: Spreadsheets out)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.number_format, chart.legend.position = "0", "b"
    chart.width, chart.height = 30, max(9, 3 + 0.7 * departments)
    return chart


def made_at(now: datetime) -> datetime:
    """A moment as document properties keep it: naive UTC."""
    return now.replace(tzinfo=None)
