"""Forms of the policies room: the city's own text, put in for a second person to approve."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from forms.base import CityForm

SAME, EVERYBODY, GROUPS = "same", "everybody", "groups"


class PutInForm(CityForm):
    """One policy, its new version, from when, for whom, and its files."""

    policy = SelectField(_l("Policy"), validators=[DataRequired(_l("Choose a policy."))])
    version = StringField(
        _l("Version"),
        description=_l("A short name that people can quote, such as 2026-1."),
        validators=[DataRequired(_l("Give the version a name.")), Length(max=40)],
    )
    effective_on = DateField(_l("In effect from"), validators=[DataRequired(_l("Give the day."))])
    text_en = FileField(_l("Text in English"), description=_l("A text file (Markdown), UTF-8."), validators=[Optional()])
    text_es = FileField(_l("Text in Spanish"), description=_l("A text file (Markdown), UTF-8."), validators=[Optional()])
    pdf = FileField(
        _l("The City's own PDF"),
        description=_l("Up to 10 MB. Everybody may take it from the policy's page."),
        validators=[Optional()],
    )
    binds = RadioField(
        _l("Whom does it bind?"),
        choices=[
            SelectChoice(SAME, _l("The same people as the version before")),
            SelectChoice(EVERYBODY, _l("Everybody")),
            SelectChoice(GROUPS, _l("These groups only")),
        ],
        default=SAME,
        validators=[DataRequired(_l("Choose one."))],
    )
    groups = SelectMultipleField(_l("Groups"), validators=[Optional()])
    reason = TextAreaField(
        _l("For the second person"),
        description=_l("Where the text comes from: the ordinance, the resolution, the day it was adopted."),
        validators=[DataRequired(_l("Write the reason."))],
    )

    def offer(self, policies: Sequence[tuple[str, str]], groups: Sequence[str]) -> None:
        """The policies of the city and the groups of its roster."""
        self.policy.choices = [SelectChoice(code, title) for code, title in policies]
        self.groups.choices = [SelectChoice(one, one) for one in groups]

    def condition(self, before: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """Whom the version binds, as a condition of the profile; None for everybody."""
        if self.binds.data == SAME:
            return before
        return {"filer": "group", "in": list(self.groups.data or [])} if self.binds.data == GROUPS else None
