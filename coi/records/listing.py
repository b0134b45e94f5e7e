"""The list of what went out for a request, for a spreadsheet: public columns only; no cell that a spreadsheet would run."""

import csv
import io
import re
from typing import Any

from flask_babel import gettext as _

from coi.models import RecordsRequest
from coi.profiles.current import today
from coi.records import queries

# What spreadsheet programs take for a formula at the start of a cell, also in its full-width forms.
RUNS = re.compile(r"^[=+\-@\t\r＝＋－＠]")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def as_csv(request: RecordsRequest) -> bytes:
    """The csv, with a mark that says it is UTF-8."""
    out = io.StringIO()
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow
    write(
        [
            *(_("Reference"), _("Name"), _("Department"), _("Position"), _("Form"), _("Year reported"), _("Filed on")),
            *(_("Versions"), _("Answers removed"), _("Released on"), "SHA-256"),
        ]
    )
    for line in queries.lines_of(request):
        if line.far is queries.Far.OUT:
            write([safe(one) for one in _row(line)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _row(line: queries.Line) -> list[Any]:
    disclosure, release = line.filing.disclosure, line.filing.release
    filed, out = disclosure.first_submitted_at, release.finished_at if release is not None else None
    return [
        disclosure.reference,
        disclosure.filer.name,
        line.department,
        line.title,
        disclosure.kind.label,
        disclosure.reporting_year,
        today(filed).isoformat() if filed is not None else "",
        " ".join(str(one) for one in line.filing.versions),
        line.removed,
        today(out).isoformat() if out is not None else "",
        release.sha256 if release is not None else "",
    ]


def safe(value: Any) -> str:
    """A text that no spreadsheet program runs: cleaned first, then made harmless by an apostrophe in front."""
    text = UNSEEN.sub("", str(value if value is not None else ""))
    return f"'{text}" if RUNS.match(text) else text
