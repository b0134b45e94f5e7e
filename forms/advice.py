"""The forms of legal advice: write it, and let one piece into the case file."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from forms.base import CityForm


class WriteForm(CityForm):
    """Legal advice, on the solicitor's page."""

    text = TextAreaField(
        _l("Legal advice"),
        description=_l("You and the officers on the case read this. It is in no workbook, no copy and no case file."),
        validators=[DataRequired(_l("Write the advice.")), Length(max=10_000)],
    )


class ReleaseForm(CityForm):
    """One piece of advice goes into the case file."""

    number = HiddenField()
    reason = TextAreaField(
        _l("Why it is released"),
        description=_l("From then on it is part of the case file. You can't take it back."),
        validators=[DataRequired(_l("Write the reason.")), Length(max=2_000)],
    )

    @property
    def chosen(self) -> int:
        """The number of the piece; one that never was for anything but digits."""
        text = self.number.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
