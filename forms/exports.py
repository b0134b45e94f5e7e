"""Forms of the exports room: what a workbook is asked for with."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional

from coi.vocabulary import Word
from forms.base import CityForm


class Language(Word):
    """In which language a workbook is written."""

    ENGLISH = "en", _l("English")
    SPANISH = "es", _l("Spanish")


ALL = "all"


class AskForm(CityForm):
    """One campaign, one language, one moment."""

    campaign = SelectField(_l("Campaign"), validators=[DataRequired(_l("Choose a campaign, or all of them."))])
    language = SelectField(
        _l("Language of the headings"),
        choices=[SelectChoice(one.value, one.label) for one in Language],
        default=Language.ENGLISH.value,
    )
    as_of = DateField(
        _l("As it stood at the end of"),
        description=_l("Leave it empty for now. An earlier day gives the workbook as it would have been then."),
        validators=[Optional()],
    )

    def offer(self, years: list[str]) -> None:
        """The campaigns that there are."""
        self.campaign.choices = [*(SelectChoice(year, year) for year in years), SelectChoice(ALL, _l("All campaigns"))]
