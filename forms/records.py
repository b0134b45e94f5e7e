"""Forms of records requests: what came in, more time, the answer, the search; the pieces of a filing, made for each filing."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from coi.vocabulary import MoreTime, RecordsAnswer, RemovalGround
from forms.base import CityForm
from forms.exports import Language

NO_ANSWER, GIVE, KEEP = "", "give", "keep"
REMOVE, STAYS = "remove", "stays"
MOST_PIECES = 3_000


class TakeInForm(CityForm):
    """What was asked, when and by whom."""

    received_on = DateField(
        _l("Received on"),
        description=_l("The day on which the City got it. The five business days count from the next day."),
        validators=[DataRequired(_l("Give the day on which it came."))],
    )
    requester = StringField(_l("Who asks"), validators=[DataRequired(_l("Write who asks.")), Length(max=200)])
    contact = StringField(
        _l("How to answer"),
        description=_l("An e-mail address, a street address or a phone number."),
        validators=[DataRequired(_l("Write how the answer reaches them.")), Length(max=300)],
    )
    asked = TextAreaField(
        _l("What is asked"),
        description=_l("In their own words, whole."),
        validators=[DataRequired(_l("Write what is asked.")), Length(max=10_000)],
    )
    language = SelectField(
        _l("Language of the copies"),
        choices=[SelectChoice(one.value, one.label) for one in Language],
        default=Language.ENGLISH.value,
    )


class ExtendForm(CityForm):
    """30 more days, once, with a ground."""

    ground = RadioField(
        _l("Why more time is needed"),
        choices=[SelectChoice(one.value, one.label) for one in MoreTime],
        validators=[DataRequired(_l("Choose why more time is needed."))],
    )
    words = TextAreaField(
        _l("In words, as the requester is told"), validators=[DataRequired(_l("Write it in words.")), Length(max=2_000)]
    )


class CloseForm(CityForm):
    """How the request ends."""

    answer = RadioField(
        _l("The answer"),
        choices=[SelectChoice(one.value, one.label) for one in RecordsAnswer],
        validators=[DataRequired(_l("Choose the answer."))],
    )
    words = TextAreaField(
        _l("What the requester is told"),
        description=_l("With the ground where something is not given, and how to appeal."),
        validators=[DataRequired(_l("Write what the requester is told.")), Length(max=5_000)],
    )


class SeekForm(CityForm):
    """Looks for filings; nothing of their content."""

    reference = StringField(_l("Number of the filing"), validators=[Optional(), Length(max=30)])
    person = StringField(_l("Name or employee number"), validators=[Optional(), Length(max=100)])
    department = StringField(_l("Department"), validators=[Optional(), Length(max=200)])
    year = SelectField(_l("Campaign"), validators=[Optional()], default="")

    class Meta(CityForm.Meta):
        """A search is a GET: it carries no token."""

        csrf = False

    def offer(self, years: Sequence[int]) -> None:
        """The campaigns that there are."""
        self.year.choices = [SelectChoice("", _l("All campaigns")), *(SelectChoice(str(year), str(year)) for year in years)]


class GatherForm(CityForm):
    """Which of the filings that were found go into the request, and whether with every version."""

    filings = SelectMultipleField(_l("Filings"), validators=[DataRequired(_l("Choose at least one filing."))])
    every_version = BooleanField(_l("Every signed version, not only the newest"))


class PressForm(CityForm):
    """Only the button."""


def propose_form(pieces: Sequence[tuple[str, str]]) -> type[CityForm]:
    """The form of a filing's pieces: for piece N, `(key, mark)`, a choice `ground_N` and words `words_N`.

    A piece that is marked starts with its mark, and can't be given without a word; every other starts as given.
    """
    if len(pieces) > MOST_PIECES:
        raise ValueError(f"A filing of {len(pieces)} pieces; at most {MOST_PIECES} stand on one page.")
    grounds = [SelectChoice(one.value, one.label) for one in RemovalGround]
    fields: dict[str, Any] = {}
    for number, (_key, mark) in enumerate(pieces):
        first = SelectChoice(KEEP, _l("Give it, although it is marked")) if mark else SelectChoice(GIVE, _l("Give it"))
        fields[f"ground_{number}"] = SelectField(_l("What becomes of it"), choices=[first, *grounds], default=mark or GIVE)
        fields[f"words_{number}"] = StringField(_l("In words"), validators=[Optional(), Length(max=500)])
    return type("ProposeForm", (CityForm,), fields)


def rule_form(removals: Sequence[tuple[int, str]]) -> type[CityForm]:
    """The form of the rulings: for each `(id, ground)` a choice `ruling_ID` and words `reason_ID`; a choice for each ground."""
    fields: dict[str, Any] = {}
    choices = [SelectChoice(REMOVE, _l("Remove it")), SelectChoice(STAYS, _l("It stays in"))]
    for ground in dict.fromkeys(ground for _number, ground in removals):
        alone = SelectChoice(NO_ANSWER, _l("One by one"))
        fields[f"all_{ground}"] = RadioField(
            RemovalGround(ground).label, choices=[alone, SelectChoice(REMOVE, _l("Remove all of these"))], default=NO_ANSWER
        )
    for number, _ground in removals:
        fields[f"ruling_{number}"] = RadioField(_l("Your ruling"), choices=choices, validators=[Optional()])
        fields[f"reason_{number}"] = StringField(_l("Why it stays in"), validators=[Optional(), Length(max=500)])
    return type("RuleForm", (CityForm,), fields)
