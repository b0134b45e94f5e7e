"""The base of every form: strips and evens out what is typed, refuses characters that no page, sheet or database can carry."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import flash, g, has_request_context, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, FieldList, PasswordField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

from coi.rules.private_numbers import has_private_number

FIRST_YEAR, LAST_YEAR = 1900, 2100  # no day of an office lies outside; near year 9999 no day can be counted on from
LONGEST_LINE = 500
NEVER_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 10_000
MOST_LOOKED_AT = 500_000  # a page with more text is refused as a whole; nobody's flood is read letter by letter first
OUTSIDE, UNKNOWN = "value outside fixed list", "field that the form has not"  # what the list of refusals calls it
UNSEEN = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u2060\u3000\ufeff"


def tidy(text: Any) -> Any:
    """What is kept of a typed text: NFC, LF only, without blanks around it; anything but text comes back as it is."""
    if not isinstance(text, str):
        return text
    even = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", even).strip(UNSEEN + " \t\n")


def unwritable(text: str, lines: bool = True) -> bool:
    """Whether `text` holds a control character, a lone surrogate, U+FFFE or U+FFFF; with `lines` a line break or tab is fine."""
    return any(
        mark in "\ufffe\uffff" or (unicodedata.category(mark) in ("Cc", "Cs") and not (lines and mark in "\n\t")) for mark in text
    )


def showable(text: str) -> str:
    """A text as a page can show it: what `unwritable` refuses stands as \ufffd, so that the person sees where it is."""
    return NEVER_SHOWN.sub("\ufffd", text)


def number_warning(text: Any) -> str:
    """What stands beside a text that holds a number nobody needs; empty for every other. It never keeps anybody from going on."""
    if not isinstance(text, str) or len(text) > MOST_LOOKED_AT or not has_private_number(text):
        return ""
    return _(
        "This seems to hold a Social Security or account number. Do not enter such numbers: nobody here needs them. "
        "Please take it out; you can save and go on either way."
    )


def note_odd(what: str) -> None:
    """Marks that something came which no page of ours sends; the gate notes who and where (F28, F30), never the value."""
    if has_request_context():
        g.setdefault("odd", set()).add(what)


class CityForm(FlaskForm):
    """A form that strips what is typed, and refuses what can't be kept or is too long, in the reader's language."""

    class Meta(FlaskForm.Meta):
        """Cleans every text field as it is bound; a passphrase stays exactly as typed."""

        def bind_field(self, form: Any, unbound_field: UnboundField, options: dict[str, Any]) -> Field:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options = {**options, "filters": (tidy, *unbound_field.kwargs.get("filters", ()))}
                unbound_field = UnboundField(
                    kind, *unbound_field.args, **{k: v for k, v in unbound_field.kwargs.items() if k != "filters"}
                )
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

    def validate(self, extra_validators: Any = None) -> bool:
        """WTForms' own checks, and then the characters and lengths of every text."""
        fine = super().validate(extra_validators)
        for field in self:
            words = _in_our_words(field) if field.errors else None
            if words is not None:
                field.errors = [words]
        for field in [*texts(self), *(one for one in self if isinstance(one, DateField))]:
            fault = _wrong_day(field) if isinstance(field, DateField) else _fault(field)
            if fault is not None and not field.errors:
                field.errors = [fault]
                fine = False
        if fine:
            _warn_once(self)
        return bool(fine)

    def refuse(self, refusal: Any) -> None:
        """Puts the message of a Refused at the field that it names, or over the whole form."""
        named = [self[name] for name in (refusal.field, refusal.also) if name and name in self]
        for field in named:
            field.errors = [*field.errors, refusal.message]
        if not named:
            self.form_errors: list[Any] = [*self.form_errors, refusal.message]


class PartForm(CityForm):
    """A form inside another one: its page carries the token, so it has none of its own."""

    class Meta(CityForm.Meta):
        """Without a token."""

        csrf = False


def texts(fields: Any) -> Iterator[StringField]:
    """Every text field of a form, also those in plain lists; forms inside check their own."""
    for field in fields:
        if isinstance(field, StringField):
            yield field
        elif isinstance(field, FieldList):
            yield from texts(field.entries)


def _warn_once(form: Any) -> None:
    """What was typed is taken as it is, and the page that follows says what had better not be in it."""
    if not has_request_context() or request.method != "POST" or g.get("warned_of_numbers"):
        return
    told = [number_warning(one.data) for one in texts(form) if not isinstance(one, PasswordField)]
    if any(told):
        g.warned_of_numbers = True
        flash(
            _(
                "What you typed seems to hold a Social Security or account number. "
                "Do not enter such numbers: nobody here needs them."
            ),
            "warning",
        )


def _fault(field: StringField) -> Any:
    text = field.data
    if not isinstance(text, str):
        return None
    long = isinstance(field, TextAreaField)
    if unwritable(text, lines=long):
        return _("This holds a character that can't be kept. Type the text instead of pasting it.")
    longest = LONGEST_TEXT if long else max(LONGEST_LINE, _own_limit(field))
    if len(text) > longest:
        return _("This is too long: at most %(most)s characters.", most=longest)
    return None


def _in_our_words(field: Field) -> Any:
    """What to do, where WTForms only says that something is wrong: how long it is, how a day is written, what is offered."""
    if isinstance(field, DateField) and field.process_errors:
        if not any(str(one).strip() for one in field.raw_data or ()) and list(field.errors) != list(field.process_errors):
            return None  # left empty: the form itself says which day it asks for
        return _("Give a real day as year, month, day, such as 2026-03-02.")
    if isinstance(field, SelectMultipleField | SelectField) and field.choices and (field.data or field.process_errors):
        offered = {str(choice.value) for choice in field.iter_choices()}
        chosen = field.data if isinstance(field.data, list) else [field.data]
        if not field.process_errors and {str(one) for one in chosen} <= offered:
            return None
        note_odd(OUTSIDE)
        return _("Choose among what is offered.")
    most = _own_limit(field)
    if isinstance(field, StringField) and isinstance(field.data, str) and 0 < most < len(field.data):
        return _("Use at most %(most)s characters; this has %(count)s.", most=most, count=len(field.data))
    return None


def _wrong_day(field: DateField) -> Any:
    day = field.data
    if isinstance(day, date) and not FIRST_YEAR <= day.year <= LAST_YEAR:
        return _("Choose a day between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
    return None


def _own_limit(field: Field) -> int:
    return max((getattr(check, "max", 0) or 0 for check in field.validators), default=0)


__all__ = [
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "OUTSIDE",
    "UNKNOWN",
    "CityForm",
    "PartForm",
    "note_odd",
    "number_warning",
    "showable",
    "texts",
    "tidy",
    "unwritable",
]
