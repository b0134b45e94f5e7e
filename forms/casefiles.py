"""The form that asks for one case as one certified file: knows words, no table."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from coi.vocabulary import CasePurpose
from forms.base import CityForm
from forms.exports import Language


class CaseFileForm(CityForm):
    """What it is for, and in which language the file's own words are."""

    purpose = RadioField(
        _l("What is the file for?"),
        choices=[SelectChoice(one.value, one.label) for one in CasePurpose],
        validators=[DataRequired(_l("Choose what the file is for."))],
    )
    reason = TextAreaField(
        _l("Who needs it, and by which right?"),
        description=_l(
            "Name the court, the arbitrator or the rule. It stands on the first page of the file; the second person reads it."
        ),
        validators=[DataRequired(_l("Write who needs it, and by which right.")), Length(max=2_000)],
    )
    language = SelectField(
        _l("Language of the file"),
        description=_l("What people wrote stays in the language in which they wrote it."),
        choices=[SelectChoice(one.value, one.label) for one in Language],
        default=Language.ENGLISH.value,
    )
