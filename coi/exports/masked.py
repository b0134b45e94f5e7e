"""What a kind of workbook leaves out or shows as other words, in sentences for About, made from the table of masks."""

from collections.abc import Iterator

from flask_babel import gettext as _

from coi.exports.registers.columns import SHEETS, title_of
from coi.exports.registers.masking import columns_of, sheets_of, without
from coi.vocabulary import ExportKind

Line = list[str]


def masked_lines(kind: str, language: str) -> Iterator[Line]:
    """The rows of About under "What is masked": answers, what stands in no line, sheets and columns that are not there."""
    yield from {ExportKind.STANDARD: _standard, ExportKind.FULL: _full, ExportKind.PUBLIC: _public}[ExportKind(kind)]()
    gone = [title_of(sheet, language) for sheet in SHEETS if sheet not in sheets_of(kind) and sheet != "sample"]
    if gone:
        yield [str(_("Sheets left out")), ", ".join(gone)]
    for sheet in sheets_of(kind):
        left = [spec.heading(language) for spec in without(kind, sheet)]
        if left and columns_of(kind, sheet):
            yield [str(_("Columns left out of %(sheet)s", sheet=title_of(sheet, language))), ", ".join(left)]


def _standard() -> Iterator[Line]:
    yield [str(_("Restricted answers")), str(_("stand as “%(words)s”", words=_("restricted, given")))]
    yield [str(_("Confidential answers")), str(_("stand as “%(words)s”", words=_("given")))]
    yield [str(_("Internal answers")), str(_("are in no copy"))]
    yield [
        str(_("Not in this workbook")),
        str(
            _("drafts, internal notes, internal reasoning, legal advice, why reviewers were passed over, the words of objections")
        ),
    ]


def _full() -> Iterator[Line]:
    yield [str(_("Restricted and confidential answers")), str(_("stand in words"))]
    yield [str(_("Internal answers")), str(_("are in no copy"))]
    yield [str(_("Internal notes")), str(_("are only counted"))]
    yield [
        str(_("Not in this workbook")),
        str(
            _(
                "drafts, the words of internal notes, legal advice, why reviewers were passed over, the words of objections, "
                "papers that were added"
            )
        ),
    ]


def _public() -> Iterator[Line]:
    yield [
        str(_("Answers")),
        str(_("only those that may stand in released copies; any other stands as “%(words)s”", words=_("not public"))),
    ]
    yield [str(_("Interests")), str(_("only those of which something may be shown"))]
    yield [str(_("State")), str(_("only whether somebody filed: why not is not public"))]
    yield [
        str(_("Outcome")),
        str(_("closed and referred stand as “%(words)s”; what is kept back for a time looks undecided", words=_("Review ended"))),
    ]
    yield [
        str(_("Before it is released")),
        str(_("Made for a records request, by rule alone: nobody read it. It leaves the City only after the solicitor looked.")),
    ]
