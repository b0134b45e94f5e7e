"""Forms about names on filings and names on the City's lists: a verdict, a new contract settled, a list loaded."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from coi.vocabulary import VerdictCategory
from forms.base import CityForm

LONGEST = 2_000


class VerdictForm(CityForm):
    """What an officer says of one match; carries which match, and which verdict the page showed."""

    match = HiddenField(validators=[DataRequired(), Length(max=15)])
    seen = HiddenField(validators=[Optional(), Length(max=30)])
    category = RadioField(
        _l("What are they?"),
        choices=[SelectChoice(one.value, one.label) for one in VerdictCategory],
        validators=[DataRequired(_l("Say what they are."))],
    )
    everywhere = BooleanField(
        _l("For every filing that names it like this, not only for this one"),
        description=_l("It counts for the whole office. Your name and the day stand with it."),
    )
    until = DateField(_l("Until which day?"), description=_l("Leave it empty if it has no end."), validators=[Optional()])
    because = TextAreaField(
        _l("Why?"),
        description=_l("The whole office reads this beside the name: write nothing here about the filer."),
        validators=[Optional(), Length(max=LONGEST)],
    )

    @property
    def number(self) -> int:
        """The match that the page showed; a tampered one reads as a match that never was."""
        text = self.match.data or ""
        return int(text) if text.isascii() and text.isdigit() else 0


class TakeBackForm(CityForm):
    """Which verdict is taken back."""

    verdict = HiddenField(validators=[DataRequired(), Length(max=30)])


class SettleForm(CityForm):
    """What becomes of a new contract."""

    alert = HiddenField(validators=[DataRequired(), Length(max=30)])
    how = RadioField(
        _l("What becomes of it?"),
        choices=[
            SelectChoice("dismiss", _l("It changes nothing: the decision stands")),
            SelectChoice("reopen", _l("It changes something: ask for the case to be opened again")),
        ],
        validators=[DataRequired(_l("Say what becomes of it."))],
    )
    reason = TextAreaField(
        _l("Why?"),
        description=_l("Only the ethics office reads this."),
        validators=[DataRequired(_l("Write why.")), Length(max=LONGEST)],
    )


class ListUploadForm(CityForm):
    """A file of the City's vendors or contracts, each list whole."""

    of = RadioField(
        _l("What is in this file?"),
        choices=[
            SelectChoice("vendors", _l("All vendors: who is not in it any more ends")),
            SelectChoice("contracts", _l("All contracts: what is not in it any more ends")),
        ],
        validators=[DataRequired(_l("Say what is in the file."))],
    )
    file = FileField(
        _l("File"),
        description=_l("A csv or xlsx file with one row for each vendor or contract and headings in the first row."),
        validators=[FileRequired(_l("Choose a file."))],
    )


class ListApplyForm(CityForm):
    """Loads exactly the preview that was shown; carries its marks, and the typed number when so many records end."""

    mark = HiddenField(validators=[DataRequired(), Length(max=64)])
    state = HiddenField(validators=[DataRequired(), Length(max=20)])
    confirm = StringField(_l("How many records would end?"), validators=[Optional(), Length(max=10)])

    @property
    def number(self) -> int | None:
        """The typed number; anything else is none."""
        text = (self.confirm.data or "").replace(",", "")
        return int(text) if text.isascii() and text.isdigit() else None
