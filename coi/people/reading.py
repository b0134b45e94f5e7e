"""What a roster file says: which heading is which field, and each row as the fields of a person, or why it is refused; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coi.errors import Refused
from coi.people.names import friendly_name, joined_name
from coi.rules.searching import search_text
from coi.sheet_fields import columns_of
from coi.sheets import Sheet

# Field -> headings that mean it, the surest first.
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": (
        "employee number", "employee id", "employee no", "employee #", "emp no", "emp id", "emp number", "empl id", "emplid",
        "personnel number", "payroll number", "badge number", "staff id", "person id", "numero de empleado", "no de empleado",
        "num empleado", "id de empleado", "id empleado", "numero", "no", "id", "row id",
    ),
    "name": ("full name", "employee name", "employee", "nombre completo", "nombre y apellido", "nombre y apellidos", "empleado"),
    "last_name": ("surname", "family name", "last", "apellido", "apellidos"),
    "first_name": ("given name", "first", "first name middle", "nombre", "nombres", "nombre de pila"),
    "email": ("e mail", "email address", "e mail address", "work email", "mail", "correo", "correo electronico"),
    "title": ("job title", "position", "position title", "job", "titulo", "puesto", "cargo", "titulo del puesto"),
    "department": ("dept", "department name", "bureau", "division", "departamento", "depto", "dependencia"),
    "group": ("union", "bargaining unit", "employee group", "unit", "grupo", "sindicato", "unidad"),
    "supervisor": (
        "supervisor number", "supervisor id", "manager", "manager id", "manager number", "reports to", "supervisor no",
        "numero del supervisor", "id del supervisor", "jefe", "numero del jefe", "supervisora",
    ),
    "language": ("preferred language", "lang", "idioma", "idioma preferido", "lengua"),
    "hired_on": ("hire date", "date of hire", "hired", "start date", "date hired", "fecha de contratacion", "fecha de ingreso"),
    "left_on": ("end date", "termination date", "term date", "date left", "separation date", "fecha de baja", "fecha de salida"),
}  # fmt: skip
LABELS: dict[str, Any] = {
    "number": _l("Employee number"),
    "name": _l("Name"),
    "last_name": _l("Last name"),
    "first_name": _l("First name"),
    "email": _l("E-mail"),
    "title": _l("Job title"),
    "department": _l("Department"),
    "group": _l("Group or union"),
    "supervisor": _l("Supervisor (employee number)"),
    "language": _l("Language"),
    "hired_on": _l("Hired on"),
    "left_on": _l("Left on"),
}
LONGEST = {"number": 40, "name": 200, "email": 254, "title": 200, "department": 200, "group": 100}
LANGUAGES = {
    "en": "en", "eng": "en", "english": "en", "ingles": "en",
    "es": "es", "spa": "es", "spanish": "es", "espanol": "es", "castellano": "es",
}  # fmt: skip
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
SCIENTIFIC = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+\Z")
DATES = (re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\Z"), re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})\Z"))


@dataclass(frozen=True)
class Line:
    """One row of a roster file: its number, the text of each field that the file has, and what kind of cell each was."""

    row: int
    values: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Read:
    """One row understood: the fields that it gives, and why it is refused, if it is."""

    row: int
    number: str = ""
    supervisor: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def roster_columns(headings: Sequence[str], chosen: Mapping[str, str] | None = None) -> dict[str, int]:
    """Field -> column of a roster; raises Refused when number or name is nowhere."""
    columns = columns_of(headings, HEADINGS, chosen)
    if "number" not in columns:
        raise Refused(_("No column holds the employee number. Say which one: number."), "number")
    if "name" not in columns and "last_name" not in columns and "first_name" in columns:
        columns["name"] = columns.pop("first_name")  # a lone "Nombre" is the whole name
    if "name" not in columns and not {"last_name", "first_name"} <= set(columns):
        raise Refused(_("No column holds the name. Say which one: name, or last_name and first_name."), "name")
    return columns


def columns_found(headings: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Field -> heading as far as it is known, when the mapping is not enough to go on."""
    there = {name: heading for name, heading in chosen.items() if heading in headings}
    return {name: headings[column] for name, column in columns_of(headings, HEADINGS, there).items()}


def roster_lines(sheet: Sheet, columns: Mapping[str, int]) -> list[Line]:
    """The rows of a sheet as lines of a roster."""
    return [
        Line(
            row.number,
            {name: row.cells[column] for name, column in columns.items()},
            {name: row.kind(column) for name, column in columns.items() if row.kind(column) != "text"},
        )
        for row in sheet.rows
    ]


def lines_of(rows: Sequence[Mapping[str, str]]) -> list[Line]:
    """Rows made by a program as lines of a roster, numbered as if headings stood above them."""
    return [Line(row, values) for row, values in enumerate(rows, start=2)]


def read_line(line: Line, languages: Sequence[str]) -> Read:
    """One row understood."""
    read = Read(line.row)
    _read_number(line, read)
    _read_name(line, read)
    for name in ("title", "department", "group"):
        if name in line.values:
            read.given[name] = _one_line(line.values[name])
    if "email" in line.values:
        read.given["email"] = _read_email(line.values["email"], read)
    if "supervisor" in line.values:
        read.supervisor = line.values["supervisor"] or ""
        if line.kinds.get("supervisor") == "decimal" or SCIENTIFIC.match(read.supervisor):
            read.faults.append(_("the supervisor's number was turned into a decimal number by the spreadsheet program"))
    _read_language(line, read, languages)
    _read_dates(line, read)
    for name, most in LONGEST.items():
        if len(str(read.given.get(name) or "")) > most:
            read.faults.append(_("%(field)s: more than %(most)s characters", field=LABELS[name], most=most))
    return read


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _read_number(line: Line, read: Read) -> None:
    number = line.values.get("number", "")
    kind = line.kinds.get("number", "text")
    read.number = read.given["number"] = number
    if not number:
        read.faults.append(_("no employee number"))
    elif kind == "decimal" or SCIENTIFIC.match(number):
        read.faults.append(_("the employee number was turned into a decimal number by the spreadsheet program: %(n)s", n=number))
    elif kind in ("date", "boolean") or not NUMBER.match(number):
        read.faults.append(_("%(n)s is no employee number: letters, digits, dot and hyphen are fine", n=number[:60]))


def _read_name(line: Line, read: Read) -> None:
    values = line.values
    if "name" in values and ("last_name" not in values or values["name"]):
        whole = _one_line(values["name"])
        name = friendly_name(whole)
    else:
        whole = values.get("last_name", "") + values.get("first_name", "")
        name = joined_name(values.get("first_name", ""), values.get("last_name", ""))
    if not name or not search_text(name):
        read.faults.append(_("no name"))
    elif "\n" in whole:
        read.faults.append(_("a line break in the name: a quotation mark may be missing"))
    read.given["name"] = name


def _read_email(text: str, read: Read) -> str | None:
    if not text:
        return None
    try:
        return str(validate_email(text, check_deliverability=False).normalized)
    except EmailNotValidError:
        read.faults.append(_("%(email)s is no e-mail address", email=text[:100]))
        return None


def _read_language(line: Line, read: Read, languages: Sequence[str]) -> None:
    text = line.values.get("language", "")
    if not text:
        return
    code = LANGUAGES.get(search_text(text).split("-")[0].split("_")[0])
    if code not in languages:
        read.faults.append(_("%(said)s is no language of the city: %(ours)s", said=text[:40], ours=", ".join(languages)))
        return
    read.given["language"] = code


def _read_dates(line: Line, read: Read) -> None:
    for name in ("hired_on", "left_on"):
        if name not in line.values:
            continue
        text = line.values[name]
        value = read_date(text)
        if text and value is None:
            read.faults.append(
                _("%(field)s: %(said)s is no date; write 2026-03-31 or 3/31/2026", field=LABELS[name], said=text[:40])
            )
        read.given[name] = value
    hired, left = read.given.get("hired_on"), read.given.get("left_on")
    if hired and left and left < hired:
        read.faults.append(_("left before being hired"))


def read_date(text: str) -> date | None:
    """`2026-03-31` or `3/31/2026`, or None for anything else."""
    for shape in DATES:
        hit = shape.match(text) if text.isascii() else None
        if hit:
            try:
                found = date(int(hit["y"]), int(hit["m"]), int(hit["d"]))
            except ValueError:
                return None
            return found if 1900 <= found.year <= 2100 else None
    return None
