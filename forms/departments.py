"""Forms of a department's head: the list is right, or what is wrong with it."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from forms.base import CityForm


class ConfirmForm(CityForm):
    """The list of one department is right, as it was shown."""

    department = HiddenField()
    seen = HiddenField()


class WrongForm(CityForm):
    """Something in the list of one department is wrong."""

    department = HiddenField()
    text = TextAreaField(
        _l("What is wrong?"),
        validators=[DataRequired(_l("Write what is wrong.")), Length(max=1000)],
        description=_l("A name, a title, a duty, somebody who left or is missing. Write nothing about health or family."),
    )
