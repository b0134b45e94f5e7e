"""Reads one workbook from standard input in a process of its own, with little memory and time, and writes its rows as JSON lines.

Run by path and isolated: knows no other module of this house, so that a hostile file meets nothing but openpyxl.
"""

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any

MEMORY = 640 * 1024 * 1024
SECONDS = 40


def main(most_rows: int, most_columns: int) -> None:
    """The rows of the first sheet, one more than allowed at most; each cell is [kind, text]."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(sys.stdin.buffer.read()), read_only=True, data_only=False, keep_links=False)
    sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
    if sheet is None:
        print(json.dumps({"fault": "no_sheet"}))  # noqa: T201  # standard output is what the parent reads
        return
    others = [one.title for one in book.worksheets if one.title != sheet.title and one.sheet_state == "visible"]
    print(json.dumps({"sheet": sheet.title, "others": len(others)}))  # noqa: T201  # the same
    blank: Any = None
    for number, row in enumerate(sheet.iter_rows(max_row=most_rows + 1, max_col=most_columns + 1), start=1):
        # openpyxl fills gaps with one and the same empty row: a row far below must not cost a look at each of its cells.
        cells = [] if row is blank else [_cell(cell) for cell in row]
        while cells and cells[-1] == ["", ""]:
            cells.pop()
        blank = blank if cells else row
        if cells or number > most_rows:
            print(json.dumps([number, cells]))  # noqa: T201  # the same


def _cell(cell: Any) -> list[str]:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    told = ["text", str(value)]
    if value is None:
        told = ["", ""]
    elif kind in ("f", "e"):
        told = ["formula" if kind == "f" else "error", ""]
    elif isinstance(value, bool):
        told = ["boolean", "TRUE" if value else "FALSE"]
    elif isinstance(value, datetime):
        whole = (value.hour, value.minute, value.second) == (0, 0, 0)
        told = ["date", value.date().isoformat() if whole else value.isoformat(sep=" ")]
    elif isinstance(value, date):
        told = ["date", value.isoformat()]
    elif isinstance(value, int):
        told = _number(str(value), str(getattr(cell, "number_format", "") or ""))
    elif isinstance(value, float):
        told = ["decimal", repr(value)]
    return told


def _number(text: str, shown_as: str) -> list[str]:
    # A cell that shows its zeros by its format ("000000") holds what people read: nothing is guessed.
    if shown_as and set(shown_as) == {"0"} and len(shown_as) > 1 and text.isdigit():
        return ["text", text.zfill(len(shown_as))]
    return ["number", text]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
