"""A form as nobody has filled it in yet: every question of one level, with when it is asked; for reading and for paper (U26)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from coi.disclosures.audience import readers_of
from coi.rules.blanks import levels_read, settled
from coi.rules.completeness import Setting, say
from coi.rules.form import Ask, Form
from coi.vocabulary import Kind, Level

# Room on paper: one entry of each list; whoever has more takes another sheet.
ENTRIES = 1
ENTRIES_INSIDE = 1
WHOLE = "whole"


@dataclass(frozen=True)
class BlankAsk:
    """One question or field: what is asked, what may be ticked, when it is asked, who can see the answer."""

    id: str
    title: str
    help: str
    type: str
    choices: tuple[str, ...] = ()
    only_if: str = ""
    readers: str = ""
    optional: bool = False
    none_statement: bool = False
    item: str = ""
    entries: int = 0
    fields: tuple["BlankAsk", ...] = ()


@dataclass(frozen=True)
class BlankSection:
    """One part of the form."""

    id: str
    title: str
    help: str
    only_if: str
    asks: tuple[BlankAsk, ...]


@dataclass(frozen=True)
class BlankForm:
    """A whole form for one level, in one language."""

    form_id: str
    level: str
    level_label: str
    title: str
    sections: tuple[BlankSection, ...] = field(default=())


def levels_of(form: Form) -> list[str]:
    """The levels that a blank form exists for; a form that asks everybody the same has one."""
    return [level.value for level in Level] if levels_read(form.content) else [WHOLE]


def level_label(level: str) -> str:
    """The words for a level; a form without levels is the whole form."""
    return str(Level(level).label) if level in set(Level) else _("The whole form")


def blank(form: Form, level: str, language: str, city: str, on: date) -> BlankForm:
    """The questions that a filer of this level may be asked; `on` decides the year whose amounts stand in the texts."""
    known: dict[str, Any] = {} if level == WHOLE else {"level": level}
    paper = _Blank(form, known, language, Setting(filer=known, reporting_year=on.year - 1, signed_on=on, city=city))
    sections = tuple(section for section in map(paper.section, form.sections) if section is not None)
    return BlankForm(form.id, level, level_label(level), paper.words(form.title), sections)


class _Blank:
    """One blank form while it is put together."""

    def __init__(self, form: Form, known: Mapping[str, Any], language: str, setting: Setting) -> None:
        self.form, self.known, self.language, self.setting = form, known, language, setting

    def words(self, told: Any) -> str:
        """A text of the form in the reader's language, its placeholders filled."""
        return say(told, self.language, self.form, self.setting) if told else ""

    def section(self, section: Any) -> BlankSection | None:
        """One part, or None when this level is never asked any of it."""
        shown = settled(section.show_if, self.known)
        if shown is False:
            return None
        asks = tuple(self.ask(one, ()) for one in section.questions if self._possible(one))
        if not asks:
            return None
        only_if = "" if shown else self.only_if(section.show_if, ())
        return BlankSection(section.id, self.words(section.title), self.words(section.help), only_if, asks)

    def _possible(self, ask: Ask) -> bool:
        return settled(ask.show_if, self.known) is not False and not ask.of_reviewer

    def ask(self, ask: Ask, around: Sequence[Ask]) -> BlankAsk:
        """One question; `around` are the fields beside it, nearest list last."""
        inside = ask.entries.fields if ask.entries else ()
        return BlankAsk(
            id=ask.id,
            title=self.words(ask.title),
            help=self.words(ask.help),
            type=ask.type,
            choices=tuple(self.form.label(code, self.language) for code in self._codes(ask)),
            only_if="" if settled(ask.show_if, self.known) else self.only_if(ask.show_if, around),
            readers="" if around else readers_of(ask.visibility),
            optional=ask.optional and ask.type != "attest",
            none_statement=ask.none_statement,
            item=self.words(ask.entries.item) if ask.entries else "",
            entries=(ENTRIES_INSIDE if around else ENTRIES) if ask.entries else 0,
            fields=tuple(self.ask(one, [*around, *inside]) for one in inside if self._possible(one)),
        )

    def _codes(self, ask: Ask) -> Sequence[str]:
        return ("yes", "no") if ask.type == "yes_no" else ask.choices

    def only_if(self, when: Mapping[str, Any] | None, around: Sequence[Ask]) -> str:
        """When this is asked, in a sentence."""
        told = self._told(when, around)
        return _("Only if %(condition)s.", condition=told) if told else _("Only if it applies to you.")

    def _told(self, when: Any, around: Sequence[Ask]) -> str:
        for joint, word in (("all", _("and")), ("any", _("or"))):
            if joint in when:
                parts = [self._told(part, around) for part in when[joint] if settled(part, self.known) is None]
                return f" {word} ".join(dict.fromkeys(part for part in parts if part))
        if "not" in when:
            return self._told_not(when["not"], around)
        return self._compared(when, around)

    def _told_not(self, when: Any, around: Sequence[Ask]) -> str:
        kinds = self._kinds(when)
        if kinds:
            return _("this is not the form for: %(kinds)s", kinds=kinds)
        inner = self._told(when, around)
        return _("it is not so that %(condition)s", condition=inner) if inner else ""

    def _compared(self, when: Mapping[str, Any], around: Sequence[Ask]) -> str:
        codes = when.get("in") or ([when["is"]] if "is" in when else [])
        if "filer" in when:
            kinds = self._kinds(when)
            return _("this is the form for: %(kinds)s", kinds=kinds) if kinds else _("it belongs to your position (we tell you)")
        asked = self._read(when, around)
        if asked is None:
            return ""
        title = self.words(asked.title)
        if "answered" in when:
            return _("you answered “%(question)s”", question=title) if when["answered"] else ""
        if not codes:
            return ""
        labels = f" {_('or')} ".join(f"“{self.form.label(code, self.language)}”" for code in codes)
        return _("your answer to “%(question)s” is %(answers)s", question=title, answers=labels)

    def _kinds(self, when: Mapping[str, Any]) -> str:
        """The kinds of filing that a condition on the kind names; nothing for any other condition."""
        codes = when.get("in") or ([when["is"]] if "is" in when else [])
        if when.get("filer") != "kind" or not set(codes) <= set(Kind):
            return ""
        return f" {_('or')} ".join(str(Kind(code).label) for code in codes)

    def _read(self, when: Mapping[str, Any], around: Sequence[Ask]) -> Ask | None:
        if "q" in when:
            return self.form.by_id.get(when["q"])
        return next((one for one in reversed(around) if one.id == when.get("f")), None)
