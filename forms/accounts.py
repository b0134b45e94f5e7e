"""Forms of signing in, slips, roles and requests: know words and limits, no table."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from coi.vocabulary import Role
from forms.base import CityForm

LONGEST_SECRET = 200
SAY_WHY = _l("Write the reason.")
GIVEN = tuple(Role)


def secret(label: Any, description: Any = "", autocomplete: str = "current-password") -> PasswordField:
    """A passphrase: pasting works, the browser's own store is welcome."""
    return PasswordField(
        label,
        description=description,
        validators=[DataRequired(_l("Type the passphrase.")), Length(max=LONGEST_SECRET)],
        render_kw={"autocomplete": autocomplete},
    )


class SignInForm(CityForm):
    """Number or e-mail, and the passphrase."""

    login = StringField(
        _l("Employee number or e-mail"),
        validators=[DataRequired(_l("Type your employee number or your e-mail.")), Length(max=254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    passphrase = secret(_l("Passphrase"))


class SlipForm(CityForm):
    """What stands on the printed slip."""

    number = StringField(
        _l("Employee number"),
        description=_l("It stands on your slip and on your pay stub."),
        validators=[DataRequired(_l("Type your employee number.")), Length(max=40)],
        render_kw={"autocomplete": "username", "inputmode": "numeric"},
    )
    code = StringField(
        _l("Code on the slip"),
        description=_l("Ten letters and numbers. Small or large letters, with or without the space."),
        validators=[DataRequired(_l("Type the code on your slip.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )


class LanguageForm(CityForm):
    """Which language, of somebody who signs in for the first time."""

    language = RadioField(
        _l("Language"),
        choices=[SelectChoice("en", "English"), SelectChoice("es", "Español")],
        validators=[DataRequired(_l("Choose one."))],
    )


class FirstPassphraseForm(CityForm):
    """The passphrase of somebody who signs in for the first time."""

    passphrase = secret(
        _l("Choose a passphrase"),
        _l("At least 15 characters. Three or four words that only you would put together are easy to keep in mind."),
        "new-password",
    )
    reset_email = StringField(
        _l("Personal e-mail, in case you forget it"),
        description=_l("Only for setting a new passphrase. It is shown to nobody."),
        validators=[Optional(), Length(max=254)],
        render_kw={"type": "email", "autocomplete": "email"},
    )


class LostForm(CityForm):
    """Who lost the passphrase or the code."""

    login = StringField(
        _l("Employee number or e-mail"),
        validators=[DataRequired(_l("Type your employee number or your e-mail.")), Length(max=254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class NewPassphraseForm(CityForm):
    """A new passphrase by a link."""

    passphrase = secret(
        _l("Choose a passphrase"),
        _l("At least 15 characters. Three or four words that only you would put together are easy to keep in mind."),
        "new-password",
    )


class ChangePassphraseForm(CityForm):
    """A new passphrase by who knows the old one."""

    old = secret(_l("Passphrase that you use now"))
    passphrase = secret(_l("New passphrase"), _l("At least 15 characters."), "new-password")


class ResetEmailForm(CityForm):
    """A personal address for resets only."""

    reset_email = StringField(
        _l("Personal e-mail, in case you forget your passphrase"),
        description=_l("Only for setting a new passphrase. It is shown to nobody. Leave it blank to take it away."),
        validators=[Optional(), Length(max=254)],
        render_kw={"type": "email", "autocomplete": "email"},
    )


class GrantForm(CityForm):
    """A role for somebody, asked of a second person."""

    login = StringField(
        _l("Employee number or e-mail of the person"),
        validators=[DataRequired(_l("Type whom the role is for.")), Length(max=254)],
        render_kw={"autocomplete": "off"},
    )
    role = SelectField(
        _l("Role"),
        choices=[SelectChoice(role.value, role.label) for role in GIVEN],
        validators=[DataRequired(_l("Choose a role."))],
    )
    until = DateField(_l("Until"), description=_l("Leave it blank for a role without an end."), validators=[Optional()])
    reason = TextAreaField(_l("Why"), validators=[DataRequired(SAY_WHY), Length(max=2000)])


class EndForm(CityForm):
    """A role taken away, asked of a second person."""

    reason = TextAreaField(_l("Why"), validators=[DataRequired(SAY_WHY), Length(max=2000)])


class ApproveForm(CityForm):
    """The second person says yes."""

    reason = TextAreaField(_l("Remark"), validators=[Optional(), Length(max=2000)])


class RefuseForm(CityForm):
    """The second person says no."""

    reason = TextAreaField(_l("Why not"), validators=[DataRequired(SAY_WHY), Length(max=2000)])


class SlipIssueForm(CityForm):
    """A slip for one person, after a look at who is there."""

    identity_checked = BooleanField(
        _l("I checked who is in front of me"),
        description=_l("City badge or a photo ID. Without this nobody gets a new code for an account that is in use."),
    )


class CloseForm(CityForm):
    """Why an account is closed."""

    because = SelectField(
        _l("Why"),
        choices=[
            SelectChoice("left", _l("Does not work for the City any more")),
            SelectChoice("term_over", _l("The appointment is over")),
            SelectChoice("misused", _l("Somebody else used it")),
            SelectChoice("twice", _l("The person has another account")),
        ],
        validators=[DataRequired(_l("Choose one."))],
    )


class StationForm(CityForm):
    """The slips of a station."""

    department = StringField(_l("Station"), validators=[DataRequired(_l("Choose a station.")), Length(max=200)])
    also_with_slip = BooleanField(_l("Also for people whose slip still works"))


class OutsiderForm(CityForm):
    """An account for somebody who is no employee (U7)."""

    name = StringField(_l("Name"), validators=[DataRequired(_l("Write the name.")), Length(max=200)])
    email = StringField(
        _l("E-mail"), validators=[DataRequired(_l("Write one e-mail address.")), Length(max=254)], render_kw={"type": "email"}
    )
    body = StringField(
        _l("Body or office"),
        description=_l("For example: Ethics Commission, outside counsel, outside auditor."),
        validators=[DataRequired(_l("Write the body.")), Length(max=200)],
    )
    appointed_by = StringField(_l("Appointed by"), validators=[DataRequired(_l("Write who appoints.")), Length(max=200)])
    serves_from = DateField(_l("From"), validators=[DataRequired(_l("Give the first day."))])
    serves_to = DateField(_l("Until"), validators=[DataRequired(_l("Give the last day."))])
