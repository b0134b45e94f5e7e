"""Forms of keeping duties apart: when somebody is away, handing over, what is opened to an auditor; know words, no table."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from coi.vocabulary import WhileAway
from forms.base import CityForm


class AwayForm(CityForm):
    """From when to when somebody is away, and what becomes of the open cases."""

    person = SelectField(_l("Who is away?"), validators=[Optional()], default="")
    first = DateField(_l("First day away"), validators=[DataRequired(_l("Give the first day."))])
    last = DateField(_l("Last day away"), validators=[DataRequired(_l("Give the last day."))])
    cases = RadioField(
        _l("What becomes of the open cases?"),
        description=_l("New cases go to others in any case."),
        choices=[SelectChoice(one.value, one.label) for one in WhileAway],
        default=WhileAway.STAY.value,
        validators=[DataRequired(_l("Choose what becomes of the cases."))],
    )
    delegate = SelectField(
        _l("Who stands in?"),
        description=_l("Cases in which this colleague has a conflict go to the next who is free."),
        validators=[Optional()],
        default="",
    )


class EndForm(CityForm):
    """I am back, or it is called off: only the button."""


class HandOverForm(CityForm):
    """Gives the open cases of somebody to others: only the button, and how many were shown."""

    shown = HiddenField()


class OpenForm(CityForm):
    """Opens one filing to one auditor for a time."""

    reference = StringField(
        _l("Number of the filing"), validators=[DataRequired(_l("Give the number of the filing.")), Length(max=30)]
    )
    auditor = SelectField(_l("Auditor"), validators=[DataRequired(_l("Choose an auditor."))])
    days = IntegerField(
        _l("For how many days?"), default=14, validators=[InputRequired(_l("Give a number of days, such as 14."))]
    )
    reason = TextAreaField(
        _l("What is it needed for?"),
        description=_l("The second person and the auditor read this. The log holds no word of it."),
        validators=[DataRequired(_l("Write what it is needed for.")), Length(max=2000)],
    )
