"""Forms of the roster: upload, which heading is which field, apply with a typed number, undo; know words, no table."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from forms.base import CityForm


class UploadForm(CityForm):
    """A roster file, and whether it is the whole city."""

    file = FileField(
        _l("Roster file"),
        description=_l("A csv or xlsx file with one row for each person and headings in the first row."),
        validators=[FileRequired(_l("Choose a file."))],
    )
    scope = RadioField(
        _l("Who is in this file?"),
        choices=[
            SelectChoice("part", _l("Some of the people: nobody is marked as left")),
            SelectChoice("full", _l("Everybody: who is not in it is marked as left")),
        ],
        default="part",
        validators=[DataRequired(_l("Say whether the file holds everybody."))],
    )


class MappingForm(CityForm):
    """Which heading is which field; its fields are made from the file."""

    @property
    def chosen(self) -> dict[str, str]:
        """Field -> heading, blank for what the file does not have."""
        return {one.short_name.removeprefix("map-"): one.data or "" for one in self if isinstance(one, SelectField)}


def mapping_form(labels: Mapping[str, Any], headings: Sequence[str], found: Mapping[str, str]) -> MappingForm:
    """A choice of headings for each field, with what is mapped now chosen."""
    choices = [SelectChoice("", _("– not in this file –")), *(SelectChoice(heading, heading) for heading in headings if heading)]
    fields = {
        f"map-{name}": SelectField(label, choices=choices, default=found.get(name, ""), validators=[Optional()])
        for name, label in labels.items()
    }
    made: MappingForm = type("RosterMapping", (MappingForm,), fields)()
    return made


class ApplyForm(CityForm):
    """Applies exactly the preview that was shown; carries its marks, and the typed number when so many people are touched."""

    mark = HiddenField(validators=[DataRequired(), Length(max=64)])
    state = HiddenField(validators=[DataRequired(), Length(max=60)])
    confirm = StringField(_l("How many people would leave or move?"), validators=[Optional(), Length(max=10)])

    @property
    def number(self) -> int | None:
        """The typed number; anything else is none."""
        text = (self.confirm.data or "").replace(",", "")
        return int(text) if text.isascii() and text.isdigit() else None


class PlainForm(CityForm):
    """A button: undo, done, give up."""
