"""Forms of the letters: what the list shows, an address that failed, letters that leave without a look at them first."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from forms.base import CityForm


class FilterForm(CityForm):
    """What the list of letters shows; a search, so it is part of the address and carries no token."""

    class Meta(CityForm.Meta):
        """Without a token."""

        csrf = False

    reader = StringField(_l("Name or employee number"), validators=[Optional(), Length(max=200)])
    kind = SelectField(_l("Kind"), validators=[Optional()], validate_choice=False)
    state = SelectField(
        _l("State"),
        choices=[
            SelectChoice("", _l("Every state")),
            SelectChoice("sent", _l("Sent")),
            SelectChoice("waiting", _l("Waiting")),
            SelectChoice("to_print", _l("To print")),
            SelectChoice("stopped", _l("Stopped")),
        ],
        validators=[Optional()],
        validate_choice=False,
    )
    day = DateField(_l("Day"), validators=[Optional()])

    @property
    def chosen_day(self) -> date | None:
        """The day, when it is one that a letter can have."""
        return self.day.data if self.day.data and 2000 <= self.day.data.year <= 2100 else None


class BouncedForm(CityForm):
    """An address from which a mail came back."""

    address = StringField(_l("E-mail address that failed"), validators=[DataRequired(_l("Type the e-mail address that failed."))])
    what = StringField(_l("What the returned mail says"), validators=[Optional(), Length(max=300)])


class WithoutForm(CityForm):
    """The letters leave although nobody had them sent to themselves."""

    reason = TextAreaField(_l("Why do you go without?"), validators=[DataRequired(_l("Write the reason.")), Length(max=1000)])


class OneButton(CityForm):
    """One button."""
