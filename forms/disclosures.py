"""Small forms around a filing: correct, answer, note, confirm, discard; the form itself is built in forms/built.py."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from forms.base import LONGEST_TEXT, CityForm


class CorrectForm(CityForm):
    """Why a signed form is corrected."""

    reason = TextAreaField(
        _l("What do you correct?"),
        description=_l("A few words are enough. For example: I forgot a gift."),
        validators=[DataRequired(_l("Write in a few words what you correct.")), Length(max=LONGEST_TEXT)],
    )


class CorrectReturnedForm(CityForm):
    """A correction that the office asked for needs no reason of the filer's own."""

    reason = TextAreaField(_l("Anything you want to say about it?"), validators=[Optional(), Length(max=LONGEST_TEXT)])


class AnswerForm(CityForm):
    """The answer to a question of the office."""

    text = TextAreaField(
        _l("Your answer"),
        description=_l("You don't have to sign again. You may ask somebody to help you, also your union."),
        validators=[DataRequired(_l("Write your answer.")), Length(max=LONGEST_TEXT)],
    )


class WrongForm(CityForm):
    """My title, department or supervisor is wrong: a note to the campaign desk, never an answer (U12)."""

    text = TextAreaField(
        _l("What is wrong, and what is right?"),
        description=_l("For example: I moved to Parks in March. Do not write here what belongs in the form."),
        validators=[DataRequired(_l("Write what is wrong.")), Length(max=1000)],
    )


class ConfirmForm(CityForm):
    """The person says that an imported form is theirs."""

    signed_name = StringField(_l("Type your name"), validators=[DataRequired(_l("Type your name.")), Length(max=200)])


class ReceivedForm(CityForm):
    """On which day the office received the signed paper, and of which version."""

    on = DateField(_l("Received on"), validators=[DataRequired(_l("Give the day."))])
    version = HiddenField()


class EmptyForm(CityForm):
    """Only a button."""


class WhichForm(CityForm):
    """Which form, where a gift or a change can be told with several; nothing to choose where there is one."""

    form: RadioField | None = None

    @property
    def chosen(self) -> str:
        """The id of the chosen form; empty where there was nothing to choose."""
        return str(self.form.data or "") if self.form is not None else ""


def which_form(forms: Sequence[tuple[str, str]]) -> WhichForm:
    """A choice among (id, title)."""
    if len(forms) <= 1:
        return WhichForm()
    choices = [SelectChoice(form_id, title) for form_id, title in forms]
    which = RadioField(_l("Which form?"), choices=choices, validators=[DataRequired(_l("Choose a form."))])
    made: WhichForm = type("WhichOfForms", (WhichForm,), {"form": which})()
    return made
