"""The forms of questions of fact to a supervisor: the answer, and that the office no longer asks."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from forms.base import CityForm


class FactForm(CityForm):
    """The supervisor's answer to one question of fact."""

    text = TextAreaField(
        _l("Your answer"),
        description=_l("Only what you know, in a sentence or two. Only the ethics office reads it."),
        validators=[DataRequired(_l("Write your answer.")), Length(max=5_000)],
    )


class TakeBackForm(CityForm):
    """The office no longer asks."""

    reason = StringField(_l("Why it is no longer asked"), validators=[DataRequired(_l("Write the reason.")), Length(max=500)])
