"""Forms of audit samples: from what is drawn, how many, in which way, by which seed."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp

from forms.base import CityForm
from forms.exports import ALL

FILED, DUE = "filed", "due"
MOST = 1000


class SampleForm(CityForm):
    """One drawing."""

    campaign = SelectField(_l("Campaign"), validators=[DataRequired(_l("Choose a campaign, or all of them."))])
    department = SelectField(_l("Department"), validators=[Optional()], default="")
    as_of = DateField(
        _l("As it stood at the end of"),
        description=_l("Leave it empty for now. The same day, the same choices and the same seed give the same sample."),
        validators=[Optional()],
    )
    of = RadioField(
        _l("Draw from"),
        choices=[SelectChoice(FILED, _l("What was filed")), SelectChoice(DUE, _l("Everything that was due, filed or not"))],
        default=FILED,
    )
    way = RadioField(
        _l("How"),
        choices=[
            SelectChoice("random", _l("Every filing has the same chance")),
            SelectChoice("weighted", _l("Each step of the review priority doubles the chance")),
        ],
        default="random",
    )
    size = IntegerField(
        _l("How many"),
        default=25,
        validators=[
            DataRequired(_l("Write how many, as a number.")),
            NumberRange(1, MOST, _l("Draw between 1 and %(most)s filings.", most=MOST)),
        ],
    )
    seed = StringField(
        _l("Seed"),
        description=_l("Leave it empty and one is made. Give your own, for example from dice, or that of an earlier sample."),
        validators=[
            Optional(),
            Length(max=64, message=_l("At most 64 characters.")),
            Regexp(r"^[\x21-\x7e]+$", message=_l("Letters, digits and marks without accents or blanks.")),
        ],
    )
    once = HiddenField(validators=[Optional(), Length(max=40)])

    def offer(self, years: list[str], departments: list[str]) -> None:
        """The campaigns and departments that there are."""
        self.campaign.choices = [*(SelectChoice(year, year) for year in years), SelectChoice(ALL, _l("All campaigns"))]
        self.department.choices = [SelectChoice("", _l("All departments")), *(SelectChoice(one, one) for one in departments)]
