"""A form in plain words: what a question asks, when, of whom, and who sees it; conditions read as sentences; looks nothing up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coi.languages import day
from coi.rules.conditions import match_of, subject_of, sum_of
from coi.rules.deadlines import day_of_year, read_due
from coi.rules.form import Ask, Form, Row, amount_in_words, humanised, in_language
from coi.vocabulary import Risk

LONGEST_TITLE = 90
A_LEAP_YEAR = 2024

TYPES: dict[str, Any] = {
    "yes_no": _l("Yes or no"),
    "choice": _l("One of a list"),
    "multi": _l("Any of a list"),
    "text": _l("One line of text"),
    "longtext": _l("A longer text"),
    "date": _l("A day"),
    "money": _l("An amount in dollars"),
    "number": _l("A number"),
    "percent": _l("A percentage"),
    "address": _l("An address"),
    "attest": _l("A box to tick"),
    "entries": _l("A list of entries"),
}
VISIBILITY: dict[str, Any] = {
    "public": _l("public"),
    "redact_if_home": _l("public, unless it is a home"),
    "restricted": _l("the ethics office; masked for auditors"),
    "confidential": _l("the ethics office only"),
    "internal": _l("used by rules, in no print and no workbook"),
    "reviewer": _l("asked of the reviewer, never of the filer"),
}
PERIODS: dict[str, Any] = {
    "previous_calendar_year": _l("the calendar year reported"),
    "previous_calendar_year_and_today": _l("the calendar year reported, and on to the day of signing"),
    "last_12_months": _l("the twelve months before signing"),
}
MATCHED: dict[str, Any] = {
    "exact": _l("“%(field)s” is exactly a name of the list %(list)s"),
    "likely": _l("“%(field)s” is likely a name of the list %(list)s"),
    "possible": _l("“%(field)s” may be a name of the list %(list)s"),
}
COMPARED: dict[str, Any] = {
    "gt": _l("%(what)s is more than %(number)s"),
    "gte": _l("%(what)s is %(number)s or more"),
    "lt": _l("%(what)s is less than %(number)s"),
    "lte": _l("%(what)s is %(number)s or less"),
}
Words = Callable[[Any], str]


@dataclass(frozen=True)
class Teller:
    """Says what a form holds in one language; `words` fills a text's placeholders, or leaves them as they are."""

    form: Form
    language: str
    words: Words
    fields: Mapping[str, Ask] | None = None

    @classmethod
    def of(cls, form: Form, language: str, words: Words | None = None) -> "Teller":
        """A teller that leaves placeholders as they stand in the form unless told how to fill them."""
        return cls(form, language, words or (lambda told: in_language(told, language) if told else ""))

    def inside(self, ask: Ask) -> "Teller":
        """The same for the fields of a list: a condition there may name them."""
        here = {one.id: one for one in ask.entries.fields} if ask.entries else {}
        return Teller(self.form, self.language, self.words, {**(self.fields or {}), **here})

    def title(self, ask: Ask | None, name: str) -> str:
        """What a question asks, cut where it is long; its id where there is no such question."""
        told = self.words(ask.title) if ask is not None else name
        return told if len(told) <= LONGEST_TITLE else told[: LONGEST_TITLE - 1] + "…"

    def label(self, code: str) -> str:
        """The words for a code."""
        return self.form.label(code, self.language)

    def when(self, condition: Mapping[str, Any] | None, inner: bool = False) -> str:
        """A condition as (part of) a sentence."""
        if not condition:
            return ""
        for key in ("all", "any"):
            if key in condition:
                parts = [self.when(part, True) for part in condition[key]]
                told = (_(" and ") if key == "all" else _(" or ")).join(parts)
                return f"({told})" if inner and len(parts) > 1 else told
        if "not" in condition:
            return self._not(condition["not"])
        if "match" in condition:
            return self._match(condition)
        if "in_period" in condition:
            return _("“%(field)s” lies in the reporting period", field=self._named("f", condition["in_period"]))
        return self._comparison(condition)

    def _not(self, condition: Mapping[str, Any]) -> str:
        """Not as people say it, where one thing is denied; in brackets where several are."""
        if "is" in condition and "match" not in condition:
            subject, name = subject_of(condition)
            told = {"what": self._subject(subject, name), "code": self.label(str(condition["is"]))}
            return _("%(what)s is not “%(code)s”", **told)
        if "in" in condition:
            subject, name = subject_of(condition)
            listed = ", ".join(f"“{self.label(str(code))}”" for code in condition["in"])
            return _("%(what)s is none of %(codes)s", what=self._subject(subject, name), codes=listed)
        return _("not (%(what)s)", what=self.when(condition))

    def _match(self, condition: Mapping[str, Any]) -> str:
        match = match_of(condition)
        told = str(MATCHED[match.level]) % {"field": self._named("f", match.field), "list": humanised(match.list)}
        if match.overlap is None:
            return told
        return _("%(what)s that shares the filer’s %(attribute)s", what=told, attribute=humanised(match.overlap[0]).lower())

    def _named(self, subject: str, name: str) -> str:
        if subject == "f":
            return self.title((self.fields or {}).get(name) or self._anywhere(name), name)
        return self.title(self.form.by_id.get(name), name)

    def _anywhere(self, name: str) -> Ask | None:
        lists = [ask for ask in self.form.by_id.values() if ask.entries is not None]
        return next((one for ask in lists if ask.entries for one in ask.entries.fields if one.id == name), None)

    def _subject(self, subject: str, name: Any) -> str:
        if subject == "filer":
            return _("the filer’s %(attribute)s", attribute=humanised(str(name)).lower())
        if subject != "sum":
            return f"“{self._named(subject, str(name))}”"
        told = sum_of(name)
        summed = self._summed(told.entries)
        of = ", ".join(f"“{self.title(summed.get(one), one)}”" for one in told.of)
        total = _("the total of %(of)s for the same “%(by)s”", of=of, by=self.title(summed.get(told.by), told.by))
        if not told.skip:
            return total
        if self._is_below(told.skip):
            return _("%(what)s, single amounts at or under %(line)s left out", what=total, line=told.skip)
        return _("%(what)s, single amounts at or over %(line)s left out", what=total, line=told.skip)

    def _summed(self, name: str) -> dict[str, Ask]:
        """The fields that a sum over this list may name: its own before those of a list inside."""
        ask = self.form.by_id.get(name)
        own = ask.entries.fields if ask is not None and ask.entries else ()
        inner = [field for one in own if one.entries for field in one.entries.fields]
        return {one.id: one for one in [*inner, *own]}

    def _is_below(self, line: str) -> bool:
        """Whether amounts under this line are meant, not those over it."""
        return any(row.op in ("lt", "lte") for row in self.form.thresholds.get(line, ()))

    def _comparison(self, condition: Mapping[str, Any]) -> str:
        subject, name = subject_of(condition)
        what = self._subject(subject, name)
        if "answered" in condition:
            return _("%(what)s is answered", what=what) if condition["answered"] else _("%(what)s is not answered", what=what)
        if "is" in condition:
            return _("%(what)s is “%(code)s”", what=what, code=self.label(str(condition["is"])))
        if "in" in condition:
            listed = ", ".join(f"“{self.label(str(code))}”" for code in condition["in"])
            return _("%(what)s is one of %(codes)s", what=what, codes=listed)
        if "threshold" in condition and self._is_below(condition["threshold"]):
            return _("%(what)s stays under the line %(line)s", what=what, line=condition["threshold"])
        if "threshold" in condition:
            return _("%(what)s reaches the line %(line)s", what=what, line=condition["threshold"])
        operator = next(key for key in COMPARED if key in condition)
        return str(COMPARED[operator]) % {"what": what, "number": condition[operator]}

    def due(self, rule: str) -> str:
        """When something is due, as the form says it."""
        try:
            due = read_due(rule)
        except ValueError:
            return rule
        event = humanised(due.event).lower()
        if not due.event:
            told = day(day_of_year(A_LEAP_YEAR, due.month, due.day)).replace(f", {A_LEAP_YEAR}", "")
            return told.removesuffix(f" de {A_LEAP_YEAR}")
        if not due.days:
            return _("on the day: %(event)s", event=event)
        values = {"days": abs(due.days), "event": event}
        if due.business:
            told = _("%(days)s business days after: %(event)s") if due.days > 0 else _("%(days)s business days before: %(event)s")
        else:
            told = _("%(days)s days after: %(event)s") if due.days > 0 else _("%(days)s days before: %(event)s")
        return str(told) % values

    def row(self, row: Row) -> str:
        """One line of a threshold."""
        years = f"{row.since}–{row.until}" if row.until is not None else _("%(year)s and later", year=row.since)
        amount = amount_in_words(row)
        return f"{years}: {str(COMPARED[row.op]) % {'what': _('an amount that'), 'number': amount}}"

    def flag(self, risk: str, reason: str, when: Mapping[str, Any]) -> str:
        """One trigger: the priority, what the reviewer is to do, and when."""
        return _("%(priority)s: %(reason)s, when %(when)s", priority=Risk(risk).label, reason=reason, when=self.when(when))

    def facts(self, ask: Ask, triggers: bool = True) -> list[tuple[str, str]]:
        """Everything about a question but its title: (what, how), in a fixed order; blank where it says nothing."""
        choices = ", ".join(self.label(code) for code in ask.choices)
        needed = _("always") if ask.required else self.when(ask.required_if)
        told = [
            (_("Help"), self.words(ask.help)),
            (_("Answer"), str(TYPES[ask.type])),
            (_("Choices"), choices),
            (_("Asked when"), self.when(ask.show_if)),
            (_("Must be answered"), needed),
            (_("Who sees it"), str(VISIBILITY[ask.visibility])),
            (_("Compared with the list"), humanised(ask.match) if ask.match else ""),
            (_("Not before"), self._named("f", ask.not_before) if ask.not_before else ""),
        ]
        if ask.entries is not None:
            told += [
                (_("One entry is called"), self.words(ask.entries.item)),
                (_("At least"), str(ask.least) if ask.least else ""),
                (_("Or the words “none to report”"), _("yes") if ask.none_statement else ""),
                (_("An entry is reported when"), self.inside(ask).when(ask.entries.report_if)),
            ]
        if triggers:
            inner = self.inside(ask)
            flags = [inner.flag(one.risk, one.reason, one.when) for one in ask.triggers]
            told.append((_("Tasks for the reviewer"), "\n".join(flags)))
        return told

    def head(self) -> list[tuple[str, str]]:
        """The form itself: title, period, due dates, lines, who sees it."""
        form = self.form
        periods = [{"period": form.reporting_period}] if isinstance(form.reporting_period, str) else form.reporting_period
        told = [
            (_("Title"), self.words(form.title)),
            (_("Period"), "\n".join(self._for(one, str(PERIODS[one["period"]])) for one in periods)),
            (_("Due"), "\n".join(self._for(one, self.due(str(one["due"]))) for one in form.deadlines)),
        ]
        for name, rows in form.thresholds.items():
            told.append((_("The line %(line)s", line=name), "\n".join(self.row(one) for one in rows)))
        return told

    def _for(self, one: Mapping[str, Any], told: str) -> str:
        return f"{told} ({self.when(one['for'])})" if one.get("for") else told
