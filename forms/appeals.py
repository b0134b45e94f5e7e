"""The form of an appeal: why, in the filer's own words, about exactly the decision that was shown."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from forms.base import LONGEST_TEXT, CityForm


class AppealForm(CityForm):
    """One text; the decision that the page showed goes along."""

    decision = HiddenField()
    reason = TextAreaField(
        _l("Why do you appeal?"),
        description=_l("Say what you think is wrong, and what you ask for. Your own words are enough; name papers that show it."),
        validators=[DataRequired(_l("Write why you appeal.")), Length(max=LONGEST_TEXT)],
    )
