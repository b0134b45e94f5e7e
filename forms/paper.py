"""Forms of paper entry: whom to look for, what is known of a paper before its answers, buttons; know words, no table."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from forms.base import FIRST_YEAR, LAST_YEAR, CityForm, tidy, unwritable


class BeginForm(CityForm):
    """Which form it is, in which language, received when, and who helped; `choices` are filled by the page."""

    code = RadioField(_l("Which form is it?"), validators=[DataRequired(_l("Choose which form it is."))])
    language = RadioField(
        _l("In which language is the paper?"), validators=[DataRequired(_l("Choose the language of the paper."))]
    )
    received_on = DateField(
        _l("On which day was the paper received?"),
        description=_l("This day counts for the due date. It stands on the stamp, or ask who took the paper."),
        validators=[InputRequired(_l("Give the day on which the paper was received."))],
    )
    helped = StringField(
        _l("Did somebody help the person to fill it in? Who?"),
        description=_l("A name, or an interpreter's. Leave it blank when nobody did."),
        validators=[Optional(), Length(max=200)],
    )


class ButtonForm(CityForm):
    """Only a button."""


def day_of(text: str) -> tuple[date | None, bool]:
    """A posted day, and whether what was posted is none; a blank is no day and not wrong."""
    if not text:
        return None, False
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        day = None
    return (day, False) if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else (None, True)


def name_of(text: Any) -> tuple[str, bool]:
    """A posted name, evened out, and whether it can't be kept."""
    told = str(tidy(text or ""))
    return told, unwritable(told, lines=False) or len(told) > 200
