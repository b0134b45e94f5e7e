"""Forms of the exports room: what a workbook is asked for with, and what it is narrowed down to."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional

from coi.vocabulary import ExportKind, Outcome, Word
from forms.base import CityForm


class Language(Word):
    """In which language a workbook is written."""

    ENGLISH = "en", _l("English")
    SPANISH = "es", _l("Spanish")


ALL = "all"
SHOWS = {
    ExportKind.STANDARD: _l("Standard, for an audit: of restricted and confidential answers only that they were given"),
    ExportKind.PUBLIC: _l("Public, for a records request: only what may be released"),
    ExportKind.FULL: _l("Full: every answer in words. A second person must approve it first"),
}
FILTERS = ("departments", "groups", "states", "outcomes", "priorities")


class AskForm(CityForm):
    """One campaign, one kind, one moment, one language; narrowed down only where something is named."""

    campaign = SelectField(_l("Campaign"), validators=[DataRequired(_l("Choose a campaign, or all of them."))])
    kind = RadioField(
        _l("What it shows"),
        choices=[SelectChoice(kind.value, words) for kind, words in SHOWS.items()],
        default=ExportKind.STANDARD.value,
    )
    purpose = TextAreaField(
        _l("What the full workbook is for"),
        description=_l("Only for a full one. The second person reads it, and it stands on the first sheet."),
        validators=[Optional()],
    )
    language = SelectField(
        _l("Language of the headings"),
        choices=[SelectChoice(one.value, one.label) for one in Language],
        default=Language.ENGLISH.value,
    )
    as_of = DateField(
        _l("As it stood at the end of"),
        description=_l("Leave it empty for now. An earlier day gives the workbook as it would have been then."),
        validators=[Optional()],
    )
    departments = SelectMultipleField(_l("Department"))
    groups = SelectMultipleField(_l("Group"))
    states = SelectMultipleField(_l("State"))
    outcomes = SelectMultipleField(_l("Outcome"), choices=[SelectChoice(outcome.value, outcome.label) for outcome in Outcome])
    priorities = SelectMultipleField(_l("Review priority"))
    since = DateField(_l("Signed from"), description=_l("The first signature counts."), validators=[Optional()])
    until = DateField(_l("Signed to"), validators=[Optional()])
    sheets = SelectMultipleField(
        _l("Sheets"), description=_l("None chosen means all. Columns, which explains the others, always comes along.")
    )

    csv = BooleanField(
        _l("Also as csv"),
        description=_l("One file for each sheet. Where a program could take a text for a formula, ' stands before it."),
    )
    json_lines = BooleanField(
        _l("Also as JSON Lines"), description=_l("For programs: codes instead of labels, every text whole.")
    )

    @property
    def formats(self) -> tuple[str, ...]:
        """In which formats the sheets are asked for beside the workbook."""
        return tuple(name for name, one in (("csv", self.csv), ("jsonl", self.json_lines)) if one.data)

    def offer(self, years: Iterable[str], there: dict[str, Iterable[Any]]) -> None:
        """What there is to choose from: campaigns, and for each filter its values, a pair of code and label where they differ."""
        self.campaign.choices = [*(SelectChoice(year, year) for year in years), SelectChoice(ALL, _l("All campaigns"))]
        for name, values in there.items():
            pairs = (one if isinstance(one, tuple) else (one, one) for one in values)
            self[name].choices = [SelectChoice(code, label) for code, label in pairs]

    @property
    def narrowed(self) -> bool:
        """Whether anything of "Narrow it down" was chosen, or is wrong: then it stands open."""
        return any(self[name].data or self[name].errors for name in (*FILTERS, "since", "until"))
