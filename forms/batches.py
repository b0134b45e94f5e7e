"""Forms of filings decided together: know words and limits, no table."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from coi.rules.lifecycle import BY_REVIEWER
from forms.base import CityForm
from forms.review import LONGEST, outcome_choices


class BeginForm(CityForm):
    """Which filings of a group go together; `once` makes two presses one batch."""

    once = HiddenField(validators=[DataRequired(), Length(max=60)])
    filings = SelectMultipleField(
        _l("Filings of this group"),
        description=_l("Take out what you would rather look at alone. Whom they name stands on the case page."),
        validators=[DataRequired(_l("Choose at least one filing."))],
    )


class LookForm(CityForm):
    """Whether a filing of the sample is as expected."""

    answer = HiddenField(validators=[DataRequired(_l("Say whether it is as expected."))])


class PressForm(CityForm):
    """A press of a button and no more."""


class TogetherForm(CityForm):
    """One decision and one reason for every filing of a batch."""

    outcome = RadioField(
        _l("Decision for all of them"),
        choices=outcome_choices(BY_REVIEWER),
        validators=[DataRequired(_l("Choose a decision."))],
    )
    reason = TextAreaField(
        _l("Reason for the filers"),
        description=_l("Each filer reads this, and the auditors."),
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)],
    )
    internal = TextAreaField(
        _l("Internal reasoning"),
        description=_l("Only the ethics office reads this. It is in no standard workbook."),
        validators=[Optional(), Length(max=LONGEST)],
    )


class WithdrawForm(CityForm):
    """From when a rule that clears is withdrawn, and why."""

    since = DateField(_l("Since when"), validators=[DataRequired(_l("Give the day."))])
    reason = TextAreaField(_l("Why the rule is withdrawn"), validators=[DataRequired(_l("Write the reason.")), Length(max=2_000)])
