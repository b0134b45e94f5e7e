"""One workbook, three readers: openpyxl, pandas with calamine, and LibreOffice see the same cells, and the seal still holds.

    python -m bench.readers [--people 60 600 20000] [--language en] [--folder /tmp/readers]

Fills a city with the demo (more than 1,000 people: its rows copied, each copy with people, filings and plans of its own), makes
the whole workbook on the terminal, and holds every cell of every sheet as openpyxl reads it against what pandas reads with
calamine and against the workbook that LibreOffice saved, which `verify.py` must still pass. Prints a line per workbook and reader
and the cells that differ, and fails if one does. Who lacks a reader is told (`pip install pandas python-calamine`).
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import MetaData, String, Table, create_engine, text

from coi.exports.queries import VERIFIER
from coi.exports.verify import ESCAPED

DEMO = 60  # the people whose rows are copied
MOST_BY_DEMO = 1000
COPIED = (
    *("people", "person_versions", "obligations", "extensions", "excuses", "leave", "disclosures", "disclosure_versions"),
    *("flags", "interests", "settlements", "transitions", "assignments", "priorities", "decisions", "interest_decisions"),
    *("policy_receipts", "plans", "plan_conditions", "plan_answers", "plan_steps", "letters"),
)
SHOWN = 10  # differences of each workbook and reader
Sheets = Iterator[tuple[str, list[list[Any]]]]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--people", type=int, nargs="+", default=[60, 600, 20_000])
    parser.add_argument("--language", default="en")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/readers-of-workbooks"))
    told = parser.parse_args()
    print(f"{'people':>7} {'reader':<18} {'sheets':>6} {'rows':>9} {'cells':>11} {'differ':>7} {'seconds':>8}")
    return max([workbook(told.folder / str(people), people, told.language) for people in told.people])


def workbook(folder: Path, people: int, language: str) -> int:
    """Makes one workbook and reads it with each reader; 1 where one of them differs."""
    book = made(folder, people, language)
    wanted: dict[str, list[list[Any]]] = {}
    status = 0
    readers = {"openpyxl": by_openpyxl, "pandas + calamine": by_pandas, "LibreOffice": by_libreoffice}
    for name, read in readers.items():
        began = time.perf_counter()
        try:
            found = dict(read(book))
        except (ImportError, FileNotFoundError) as missing:
            print(f"{people:>7} {name:<18} is not installed: {missing}")
            continue
        spent = time.perf_counter() - began
        wanted = wanted or found
        wrong = list(differences(wanted, found))
        print(line(people, name, found, len(wrong), spent))
        print("".join(f"        {one}\n" for one in wrong[:SHOWN]), end="", flush=True)
        status = max(status, bool(wrong))
    for name, file in (("as made", book), ("LibreOffice's", folder / "libreoffice" / book.name)):
        if file.exists():
            reply = subprocess.run([sys.executable, "-I", VERIFIER, file], capture_output=True, text=True, check=False)
            print(f"{people:>7} verify.py, {name}: status {reply.returncode} (3: agrees with itself, no key given)")
            status = max(status, reply.returncode != 3)
    return status


def made(folder: Path, people: int, language: str) -> Path:
    """The whole workbook of a city with so many people."""
    book = folder / f"book-{language}.xlsx"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder}/coi.db"
    around = {**os.environ, "COI_DEMO": "1", "COI_DATABASE_URL": url, "COI_FOLDER": str(folder)}
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    of_demo = people if people <= MOST_BY_DEMO else DEMO
    run([*flask, "demo", "--people", str(of_demo), "--no-serve"], around)
    if of_demo < people:
        multiply(url, -(-people // DEMO))
    run([*flask, "exports", "run", "--language", language, "--out", str(book)], around)
    return book


def run(command: list[str], around: dict[str, str]) -> None:
    reply = subprocess.run(command, env=around, capture_output=True, text=True, check=False)
    if reply.returncode:
        raise SystemExit(f"{' '.join(command)}\n{reply.stderr[-2000:]}")


def multiply(url: str, times: int) -> None:
    """Copies the rows of a demo until there are `times` as many: what one copy says of another stays inside it."""
    engine, tables = create_engine(url), MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text("CREATE TEMPORARY TABLE copies AS WITH RECURSIVE n(k) AS "
                                f"(SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {times - 1}) SELECT k FROM n"))  # fmt: skip
        past = {name: connection.scalar(text(f"SELECT coalesce(max(id), 0) FROM {name}")) for name in COPIED}
        for name in COPIED:
            columns = [column for column in tables.tables[name].columns if not column.computed]
            names = ", ".join(f'"{column.name}"' for column in columns)
            values = ", ".join(copied(column, tables.tables[name], past) for column in columns)
            connection.execute(
                text(f"INSERT INTO {name} ({names}) SELECT {values} FROM {name} t JOIN copies WHERE t.id <= {past[name]}")
            )


def copied(column: Any, table: Table, past: dict[str, int]) -> str:
    """SQL for a column of copy number `k`: numbers of copied rows move on, what must be one of a kind gets the copy's number."""
    own = f't."{column.name}"'
    if column.name == "id":
        return f"{own} + k * {past[table.name]}"
    of = copied_with(column)
    if of:
        return f"{own} + k * {past[of]}"
    unique = any(list(one.columns) == [column] for one in (*table.indexes, *table.constraints) if is_unique(one))
    if isinstance(column.type, String) and (unique or column.name == "number"):
        return f"CASE WHEN {own} = '' THEN {own} ELSE {own} || '-' || k END"
    return own


def copied_with(column: Any) -> str:
    """The copied table that a column's numbers are of, also by way of another table's column; nothing where it is none."""
    for key in column.foreign_keys:
        there = key.column
        if there.name == "id" and there.table.name in COPIED:
            return str(there.table.name)
        if there.name != "id" and (found := copied_with(there)):
            return found
    return ""


def is_unique(one: Any) -> bool:
    return bool(getattr(one, "unique", False)) or type(one).__name__ == "UniqueConstraint"


def by_openpyxl(book: Path) -> Sheets:
    """Every sheet's cells; openpyxl leaves the escape of `_x0041_` as it stands in the file."""
    opened = load_workbook(book, read_only=True)
    for sheet in opened:
        yield sheet.title, [[plain(one, escaped=True) for one in row] for row in sheet.iter_rows(values_only=True)]
    opened.close()


def by_pandas(book: Path) -> Sheets:
    import pandas  # only here, and only where somebody installed it

    told = pandas.read_excel(book, sheet_name=None, header=None, dtype=object, na_filter=False, engine="calamine")
    for name, frame in told.items():
        yield name, [[plain(one) for one in row] for row in frame.itertuples(index=False)]


def by_libreoffice(book: Path) -> Sheets:
    """What LibreOffice saved, as openpyxl reads it."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise FileNotFoundError("soffice")
    saved = book.parent / "libreoffice"
    options = ["--headless", f"-env:UserInstallation=file://{book.parent}/office", "--convert-to", "xlsx", "--outdir", str(saved)]
    subprocess.run([office, *options, str(book)], capture_output=True, check=True)
    return by_openpyxl(saved / book.name)


def plain(value: Any, escaped: bool = False) -> Any:
    """A cell as any reader should see it: whole numbers, days, moments to the second, texts; nothing is None."""
    if value is None or value == "" or value != value:  # what is not equal to itself is no number
        return None
    if isinstance(value, str):
        return ESCAPED.sub("_", value) if escaped else value
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return int(value) if value == int(value) else value
    if isinstance(value, datetime):
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0, tzinfo=None)
        return value.date() if value.time() == datetime.min.time() else value
    return value if isinstance(value, date) else int(value)


def differences(wanted: dict[str, list[list[Any]]], found: dict[str, list[list[Any]]]) -> Iterator[str]:
    if list(wanted) != list(found):
        yield f"sheets: {list(wanted)} and {list(found)}"
    for name, rows in wanted.items():
        for number, (row, other) in enumerate(zip_longest(rows, found.get(name, []), fillvalue=[]), 1):
            if row != other:
                for place, (one, there) in enumerate(zip_longest(row, other), 1):
                    if one != there:
                        yield f"{name}, row {number}, column {place}: {one!r} and {there!r}"


def line(people: int, reader: str, sheets: dict[str, list[list[Any]]], wrong: int, spent: float) -> str:
    rows = sum(len(rows) for rows in sheets.values())
    cells = sum(one is not None for told in sheets.values() for row in told for one in row)
    return f"{people:>7} {reader:<18} {len(sheets):>6} {rows:>9,} {cells:>11,} {wrong:>7,} {spent:>8.1f}"


if __name__ == "__main__":
    sys.exit(main())
