"""Faults in words that say what to do, in the reader's language; knows no page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext as _n

from coi.rules.completeness import Fault
from coi.rules.form import Ask, Form, in_language

Text = Callable[[Mapping[str, Any]], str]


def fault_text(fault: Fault, form: Form, language: str) -> str:
    """The sentence beside the field; `language` chooses the words of the form that it names."""
    if fault.code == "before":
        return _before(fault, form, language)
    if fault.code == "not_together":
        code = form.label(str(fault.values.get("code", "")), language)
        return _("“%(code)s” cannot stand together with another answer. Choose one or the other.", code=code)
    words = TEXTS.get(fault.code)
    return words(fault.values) if words else _("This answer is not possible. Please check it.")


def both_of_a_pair(faults: Iterable[Fault], form: Form, language: str) -> Iterator[tuple[str, str]]:
    """The other date of each fault "before", with its own words: the engine names one path (FORMAT), a page marks both."""
    for fault in faults:
        if fault.code == "before":
            ask = ask_at(fault.path, form)
            title = in_language(ask.title, language) if ask else fault.path
            yield _beside(fault), _("Enter a date that is not after the answer to “%(question)s”.", question=title)


def ask_at(path: str, form: Form) -> Ask | None:
    """The question or field that a path leads to, or None."""
    found: Ask | None = None
    for part in path.split("."):
        name = part.split("[")[0]
        fields = form.by_id.values() if found is None else (found.entries.fields if found.entries else ())
        found = next((ask for ask in fields if ask.id == name), None)
        if found is None:
            return None
    return found


def _beside(fault: Fault) -> str:
    """The path of the date that a fault "before" is measured by: in the same entry, or another question."""
    entry, dot, _name = fault.path.rpartition(".")
    return f"{entry}{dot}{fault.values.get('other', '')}"


def _before(fault: Fault, form: Form, language: str) -> str:
    other = str(fault.values.get("other", ""))
    ask = ask_at(_beside(fault), form)
    title = in_language(ask.title, language) if ask else other
    return _("Enter a date that is not before the answer to “%(question)s”.", question=title)


def _too_few(values: Mapping[str, Any]) -> str:
    least = int(values.get("least", 1))
    return _n("Add at least one entry.", "Add at least %(num)d entries.", least)


TEXTS: dict[str, Text] = {
    "blank": lambda _values: _("Please answer this."),
    "blank_or_none": lambda _values: _("Add an entry, or say that there is none."),
    "too_few": _too_few,
    "too_many": lambda values: _("Enter at most %(most)s entries. You have %(count)s.", **values),
    "unknown": lambda _values: _("This form has no such question. Take it out."),
    "not_text": lambda _values: _("Write this as text."),
    "not_printable": lambda _values: _("This text has a character that cannot be kept. Please type it again."),
    "one_line": lambda _values: _("Write this in one line."),
    "too_long": lambda values: _("Write at most %(most)s characters. You have %(count)s.", **values),
    "not_yes_no": lambda _values: _("Choose Yes or No."),
    "not_agreed": lambda _values: _("Check the box to agree."),
    "not_a_choice": lambda _values: _("Choose from the list."),
    "not_a_date": lambda _values: _("Enter a real date: year, month and day, such as 2026-07-01."),
    "date_range": lambda values: _("Enter a date from the year %(first)s to the year %(last)s.", **values),
    "not_a_number": lambda _values: _("Enter a number, such as 1250."),
    "negative": lambda _values: _("Enter a number that is not below zero."),
    "too_big": lambda _values: _("This number is too big. Use at most 12 digits."),
    "decimals": lambda values: _("Use at most %(places)s digits after the point.", **values),
    "percent_range": lambda values: _("Enter a percent from 0 to %(most)s.", **values),
    "not_address": lambda _values: _("Write the address, and say whether it is a home."),
    "not_a_list": lambda _values: _("This must be a list of entries."),
    "not_an_entry": lambda _values: _("This entry cannot be read. Take it out and add it again."),
    "not_an_object": lambda _values: _("These answers cannot be read."),
    "no_threshold": lambda values: _(
        "This form has no amount “%(threshold)s” for the year %(year)s. It cannot be filed for that year.", **values
    ),
}
