"""The three fields of stepping aside, who stands in, and the day on which it is over."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from forms.base import CityForm


class StepAsideForm(CityForm):
    """Matter, party, day: three fields and no more (U32)."""

    matter = TextAreaField(
        _l("Which matter do you keep out of?"),
        description=_l("For example: the paving contract for Queen Street, or the vote on bill 12. Your supervisor reads this."),
        validators=[DataRequired(_l("Write which matter it is.")), Length(max=2000)],
    )
    party = StringField(
        _l("Because of whom?"),
        description=_l("A person or a business. Your supervisor does not see this; the ethics office does."),
        validators=[DataRequired(_l("Write because of whom.")), Length(max=500)],
    )
    since = DateField(_l("From which day on?"), validators=[DataRequired(_l("Give the day."))])


class StandInForm(CityForm):
    """Who handles the matter: somebody near, or anybody of the roster by number."""

    near = SelectField(_l("Who handles it?"), choices=[], validate_choice=True, validators=[Optional()])
    number = StringField(
        _l("Or the employee number of somebody else"),
        validators=[Optional(), Length(max=40)],
    )


class OverForm(CityForm):
    """From which day on there is nothing to keep out of any more."""

    on = DateField(_l("On which day was it over?"), validators=[DataRequired(_l("Give the day."))])
