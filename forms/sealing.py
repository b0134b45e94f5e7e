"""Forms of a seal on the reading of a filing: knows words, no table."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length

from forms.base import CityForm


class SealForm(CityForm):
    """Whose reading is not told to the filer, until when, and why."""

    readers = SelectMultipleField(
        _l("Whose reading is not told to the filer?"),
        description=_l("Only what they read while the seal stands. It appears in the filer's list when the seal ends."),
        validators=[DataRequired(_l("Choose whose reading is not told."))],
    )
    until = DateField(
        _l("Last day of the seal"), description=_l("A year at most."), validators=[DataRequired(_l("Give the last day."))]
    )
    reason = TextAreaField(
        _l("Why the filer may not know of it for now"),
        description=_l("The second officer reads this. Name the inquiry and the rule that allows it."),
        validators=[DataRequired(_l("Write the reason.")), Length(max=2_000)],
    )


class LiftForm(CityForm):
    """Ends a seal before its day."""

    because = TextAreaField(_l("Why it ends now"), validators=[DataRequired(_l("Write the reason.")), Length(max=2_000)])
