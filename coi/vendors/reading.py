"""What a file of vendors, contracts or any other outside list says, row by row, or why a row is refused; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from coi.errors import Refused
from coi.people.reading import read_date
from coi.rules.searching import heading_key
from coi.sheet_fields import columns_of
from coi.sheets import Row, Sheet

VENDORS: dict[str, tuple[str, ...]] = {
    "name": ("vendor", "vendor name", "supplier", "supplier name", "company", "proveedor", "nombre", "nombre del proveedor"),
    "number": (
        "vendor id",
        "vendor number",
        "vendor no",
        "supplier id",
        "supplier number",
        "id",
        "numero",
        "numero de proveedor",
    ),
    "aliases": ("alias", "also known as", "aka", "dba", "doing business as", "other names", "otros nombres"),
    "departments": ("department", "dept", "depts", "departamento", "departamentos"),
}
CONTRACTS: dict[str, tuple[str, ...]] = {
    "number": (
        "contract number", "contract id", "contract no", "contract", "original contract id", "po number", "id",
        "numero de contrato", "numero",
    ),
    "vendor": ("vendor name", "supplier", "supplier name", "contractor", "company", "proveedor", "contratista"),
    "department": ("dept", "department name", "departamento", "dependencia"),
    "description": ("subject", "purpose", "title", "descripcion", "objeto"),
    "start": ("start date", "starts", "begin date", "contract start", "fecha de inicio", "inicio"),
    "end": ("end date", "ends", "expiration date", "contract end", "fecha de fin", "fin"),
    "amount": ("contract amount", "max amount", "total", "value", "monto", "importe", "valor"),
}  # fmt: skip
LISTS: dict[str, tuple[str, ...]] = {
    "name": ("organisation", "organization", "company", "government", "address", "parcel", "nombre"),
    "number": ("id", "numero"),
    "aliases": ("alias", "also known as", "aka", "dba", "other names", "otros nombres"),
}
LIST_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
MONEY = re.compile(r"-?\$?\s?-?(\d{1,3}(,\d{3})+|\d{1,12})(\.\d{1,20})?\Z")
LONGEST_NAME = 500
LONGEST_NUMBER = 60
LONGEST_DEPARTMENT = 200


@dataclass(frozen=True)
class Entry:
    """One record of a list as the file has it."""

    number: str
    name: str
    aliases: tuple[str, ...]
    attributes: tuple[tuple[str, str | tuple[str, ...]], ...]


@dataclass(frozen=True)
class Deal:
    """One contract as the file has it."""

    number: str
    vendor: str
    department: str
    description: str
    starts_on: date | None
    ends_on: date | None
    amount: Decimal | None


class NoColumn(Refused):
    """No heading of the file is known to hold what every record needs; `field` says what."""


class ListRefused(Refused):
    """Rows that can't be taken; `rows` says which and why. Nothing was applied."""

    def __init__(self, rows: Sequence[tuple[int, str]]) -> None:
        super().__init__(_("%(rows)s rows are refused. Nothing was changed.", rows=len({row for row, _why in rows})), "file")
        self.rows = sorted(rows)


def several(text: str) -> tuple[str, ...]:
    """`a|b` as its parts, each once."""
    parts = (" ".join(part.split()) for part in text.split("|"))
    return tuple(dict.fromkeys(part for part in parts if part))


def read_vendors(sheet: Sheet, chosen: Mapping[str, str] | None = None) -> list[Entry]:
    """The vendors of a file; raises ListRefused with every row that can't be taken."""
    columns = columns_of(sheet.headings, VENDORS, chosen)
    _need(columns, "name")
    refused = list(sheet.faults)
    found = []
    for row in sheet.rows:
        departments = several(_at(row, columns, "departments"))
        entry = _entry(row, columns, (("departments", departments),) if departments else ())
        fault = _entry_fault(row, columns, entry)
        if fault:
            refused.append((row.number, fault))
        found.append((row.number, entry))
    return _unique(found, refused)


def read_list(sheet: Sheet, chosen: Mapping[str, str] | None = None) -> list[Entry]:
    """Any other list: its name column, number and aliases if it has them, and every other heading as an attribute."""
    columns = columns_of(sheet.headings, LISTS, chosen)
    _need(columns, "name")
    others = {
        heading_key(heading).replace(" ", "_"): column
        for column, heading in enumerate(sheet.headings)
        if heading and column not in columns.values()
    }
    refused = list(sheet.faults)
    found = []
    for row in sheet.rows:
        told = {name: row.cells[column] for name, column in others.items() if row.cells[column]}
        attributes = tuple((name, several(text) if "|" in text else text) for name, text in told.items())
        entry = _entry(row, columns, attributes)
        fault = _entry_fault(row, columns, entry)
        if fault:
            refused.append((row.number, fault))
        found.append((row.number, entry))
    return _unique(found, refused)


def read_contracts(sheet: Sheet, chosen: Mapping[str, str] | None = None) -> list[Deal]:
    """The contracts of a file; one number may stand in several rows (departments, amendments)."""
    columns = columns_of(sheet.headings, CONTRACTS, chosen)
    _need(columns, "vendor")
    refused = list(sheet.faults)
    found = []
    for row in sheet.rows:
        faults = list(_deal_faults(row, columns))
        refused += [(row.number, fault) for fault in faults]
        if not faults:
            found.append(_deal(row, columns))
    if refused:
        raise ListRefused(refused)
    return found


def _need(columns: Mapping[str, int], field: str) -> None:
    if field not in columns:
        raise NoColumn(_("No column holds the %(field)s. Say which one: --map %(field)s=HEADING.", field=field), field)


def _at(row: Row, columns: Mapping[str, int], field: str) -> str:
    return row.cells[columns[field]] if field in columns else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _entry(row: Row, columns: Mapping[str, int], attributes: tuple[tuple[str, Any], ...]) -> Entry:
    return Entry(
        _line(_at(row, columns, "number")), _line(_at(row, columns, "name")), several(_at(row, columns, "aliases")), attributes
    )


def _entry_fault(row: Row, columns: Mapping[str, int], entry: Entry) -> str:
    fault: str = ""
    if not any(mark.isalnum() for mark in entry.name):
        fault = _("no name")
    elif max(map(len, (entry.name, *entry.aliases))) > LONGEST_NAME:
        fault = _("a name with more than %(most)s characters", most=LONGEST_NAME)
    elif len(entry.number) > LONGEST_NUMBER:
        fault = _("a number with more than %(most)s characters", most=LONGEST_NUMBER)
    elif "number" in columns and row.kind(columns["number"]) == "decimal":
        fault = _("the number was turned into a decimal number by the spreadsheet program")
    return fault


def _unique(found: Sequence[tuple[int, Entry]], refused: list[tuple[int, str]]) -> list[Entry]:
    """Each record once; a number that stands for two records is refused in every row."""
    rows: dict[str, list[tuple[int, Entry]]] = {}
    for row, entry in found:
        if entry.number:
            rows.setdefault(entry.number, []).append((row, entry))
    for number, same in rows.items():
        if len({entry for _row, entry in same}) > 1:
            listed = ", ".join(str(row) for row, _entry_ in same[:10])
            refused += [(row, _("%(what)s stands in rows %(rows)s", what=number, rows=listed)) for row, _entry_ in same]
    if refused:
        raise ListRefused(refused)
    return list(dict.fromkeys(entry for _row, entry in found))


def _deal(row: Row, columns: Mapping[str, int]) -> Deal:
    amount = _at(row, columns, "amount")
    return Deal(
        _line(_at(row, columns, "number")),
        _line(_at(row, columns, "vendor")),
        _line(_at(row, columns, "department")),
        _line(_at(row, columns, "description")),
        read_date(_at(row, columns, "start")),
        read_date(_at(row, columns, "end")),
        Decimal(amount.replace("$", "").replace(",", "").replace(" ", "")).quantize(Decimal("0.01")) if amount else None,
    )


def _deal_faults(row: Row, columns: Mapping[str, int]) -> Iterator[str]:
    if not any(mark.isalnum() for mark in _at(row, columns, "vendor")):
        yield _("no vendor")
    for field, most in (("vendor", LONGEST_NAME), ("number", LONGEST_NUMBER), ("department", LONGEST_DEPARTMENT)):
        if len(_at(row, columns, field)) > most:
            yield _("%(field)s: more than %(most)s characters", field=field, most=most)
    for field in ("start", "end"):
        text = _at(row, columns, field)
        if text and read_date(text) is None:
            yield _("%(field)s: %(said)s is no date; write 2026-03-31 or 3/31/2026", field=field, said=text[:40])
    amount = _at(row, columns, "amount")
    if amount and not (amount.isascii() and MONEY.match(amount)):
        yield _("%(said)s is no amount", said=amount[:40])
