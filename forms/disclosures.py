"""Small forms around a filing: correct, answer, note, confirm, discard; the form itself is built in forms/built.py."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
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


class EmptyForm(CityForm):
    """Only a button."""
