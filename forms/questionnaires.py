"""Forms of the questionnaires room: a form's text, publishing, its use, whom a preview is for; know words, no table."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import TextArea

from coi.vocabulary import Kind
from forms.base import CityForm, PartForm

WHY = _l("Note to the second person")
FOUR_DIGITS = _l("Type a year with four digits.")
Attribute = tuple[str, Any, Sequence[tuple[str, str]] | None]


class FileTextField(Field):
    """The text of a file: spaces at its ends and the number of letters are the file's affair, only line ends are evened out."""

    widget = TextArea()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Takes the text as it was sent."""
        if valuelist:
            self.data = str(valuelist[0]).replace("\r\n", "\n").replace("\r", "\n")

    def _value(self) -> str:
        return str(self.data or "")


class UploadForm(CityForm):
    """A form's file."""

    file = FileField(
        _l("The form’s file"),
        description=_l("A YAML file of at most 500 kB. It is checked and kept as a draft; nothing is published yet."),
        validators=[FileRequired(_l("Choose a file."))],
    )


class TextForm(CityForm):
    """A form's text on the page, and the revision that the page showed."""

    text = FileTextField(_l("The form’s text"))
    revision = HiddenField()

    @property
    def shown(self) -> int:
        """The revision as a number; what no page of ours sent fits none."""
        told = self.revision.data or ""
        return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else -1  # digits of a revision


class PlainForm(CityForm):
    """A button."""


class UseForm(CityForm):
    """For which kinds a form is used, of whom, and whether at once; `choose` fills in what the city offers."""

    kinds = SelectMultipleField(
        _l("Use it for"),
        description=_l(
            "Gift and change: everybody may file it at any time. The others are asked by the campaign and the roster."
        ),
        choices=[SelectChoice(kind.value, kind.label) for kind in Kind],
        validators=[Optional()],
    )
    whom = SelectField(_l("Ask it of"), choices=[], validators=[Optional()])
    at_once = BooleanField(
        _l("Ask it at once in the campaign under way"),
        description=_l("Everybody concerned who works here today then owes it by the campaign’s due date."),
    )
    reason = TextAreaField(WHY, validators=[DataRequired(_l("Write a line to the second person.")), Length(max=1000)])

    def choose(self, people: Sequence[tuple[str, str]]) -> None:
        """The groups of people that the city knows."""
        self.whom.choices = [
            SelectChoice("", _("Everybody whom the City asks")),
            *(SelectChoice(one, told) for one, told in people),
        ]


class PublishForm(UseForm):
    """Asks a second person to publish a draft as it stands."""

    sha256 = HiddenField()
    change = RadioField(
        _l("What changes?"),
        choices=[
            SelectChoice("wording", _l("Only words: the same questions, choices and conditions")),
            SelectChoice("content", _l("More than words")),
        ],
        validators=[DataRequired(_l("Say whether only words change, or more."))],
    )


class PreviewForm(PartForm):
    """As whom a form is looked at; `preview_form` adds a field for each attribute that the form reads."""

    language = SelectField(_l("Language"), choices=[SelectChoice("en", "English"), SelectChoice("es", "Español")])
    kind = SelectField(_l("Kind of filing"), choices=[SelectChoice(kind.value, kind.label) for kind in Kind])
    year = IntegerField(
        _l("Year that is reported"),
        validators=[
            DataRequired(FOUR_DIGITS),
            NumberRange(1990, 2100, FOUR_DIGITS),
        ],
    )

    @property
    def filer(self) -> dict[str, str]:
        """The filer as the conditions of a form know them."""
        told = {one.short_name.removeprefix("filer-"): one.data or "" for one in self if one.short_name.startswith("filer-")}
        return {name: value for name, value in told.items() if value} | {"kind": str(self.kind.data)}


def preview_form(attributes: Sequence[Attribute], formdata: Any, **data: Any) -> PreviewForm:
    """A choice for each attribute (name, label, codes with words); free text where it has no codes."""
    fields: dict[str, Any] = {}
    for name, label, codes in attributes:
        if codes is None:
            fields[f"filer-{name}"] = StringField(label, validators=[Optional(), Length(max=200)])
        else:
            choices = [SelectChoice("", _("– not known –")), *(SelectChoice(code, told) for code, told in codes)]
            fields[f"filer-{name}"] = SelectField(label, choices=choices, validators=[Optional()])
    made: PreviewForm = type("PreviewOfForm", (PreviewForm,), fields)(formdata=formdata, data=data)
    return made
