"""An uploaded file of vendors or contracts as its page shows it: what it would change, why a row is refused; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coi.errors import Refused
from coi.people import keeping
from coi.people.keeping import Kept
from coi.rules.permissions import Facts
from coi.sheet_fields import columns_of, every_heading
from coi.sheets import Sheet, read_sheet
from coi.vendors.comparing import NAMES, Difference, compare, ending, state_of
from coi.vendors.reading import CONTRACTS, VENDORS, Deal, Entry, ListRefused, NoColumn, read_contracts, read_vendors

MOST_ROWS = 200
HEADINGS: dict[str, Mapping[str, Sequence[str]]] = {"vendors": VENDORS, "contracts": CONTRACTS}
LABELS: dict[str, dict[str, Any]] = {
    "vendors": {
        "name": _l("Name"),
        "number": _l("Number"),
        "aliases": _l("Other names, with | between them"),
        "departments": _l("Departments, with | between them"),
    },
    "contracts": {
        "number": _l("Number"),
        "vendor": _l("Vendor"),
        "department": _l("Department"),
        "description": _l("What it is about"),
        "start": _l("Starts on"),
        "end": _l("Ends on"),
        "amount": _l("Amount"),
    },
}


@dataclass
class Preview:
    """An upload and what was read of it; `told` is what it would change, once it was compared."""

    of: str
    kept: Kept
    sheet: Sheet | None = None
    mapped: Mapping[str, str] = field(default_factory=dict)
    fault: Any = None
    refused: Sequence[tuple[int, str]] = ()
    records: Sequence[Any] | None = None
    told: Difference | None = None
    stands: str = ""
    ended: Sequence[tuple[str, str]] = ()

    @property
    def headings(self) -> Sequence[str]:
        """The headings of the file."""
        return self.sheet.headings if self.sheet else ()

    @property
    def new(self) -> list[tuple[str, str, str]]:
        """The first new records as (number, name, what else tells them apart)."""
        return [_line(one) for one in self.told.new[:MOST_ROWS]] if self.told else []


def _line(one: Entry | Deal) -> tuple[str, str, str]:
    if isinstance(one, Entry):
        return one.number, one.name, ", ".join(one.aliases)
    days = " – ".join(day.isoformat() if day else "…" for day in (one.starts_on, one.ends_on))
    told = (
        one.department,
        one.description,
        days if one.starts_on or one.ends_on else "",
        f"{one.amount:,}" if one.amount else "",
    )
    return one.number, one.vendor, " · ".join(part for part in told if part)


def opened(of: str, token: str) -> tuple[Preview, Facts] | None:
    """The upload of a token with its file read, for the gate: a file is read before any lock is taken."""
    found = keeping.kept(token, of) if of in NAMES else None
    return (read(of, found), Facts()) if found else None


def read(of: str, kept: Kept) -> Preview:
    """Reads an upload; a file or a row that can't be read says why."""
    made = Preview(of, kept)
    try:
        made.sheet = read_sheet(kept.data, kept.filename, every_heading(HEADINGS[of]))
        columns = columns_of(made.headings, HEADINGS[of], kept.chosen)
        made.mapped = {name: made.headings[column] for name, column in columns.items()}
        reads = read_vendors if of == "vendors" else read_contracts
        made.records = reads(made.sheet, kept.chosen)
    except ListRefused as refusal:
        made.refused = refusal.rows
    except NoColumn as refusal:
        what = LABELS[of].get(refusal.field or "", "")
        made.fault = _("No column holds “%(what)s”. Choose below which heading it is.", what=what)
    except Refused as refusal:
        made.fault = refusal.message
    return made


def compared(shown: Preview) -> Preview:
    """The same with what it would change in the list as it stands now."""
    if shown.records is not None:
        shown.told, shown.stands = compare(shown.of, shown.records), state_of(shown.of)
        shown.ended = ending(shown.of, shown.told, MOST_ROWS)
    return shown
