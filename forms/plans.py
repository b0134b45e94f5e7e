"""The plan editor of the case page, and the filer's, owner's and officer's acts on a plan; rows are added by a press."""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, Field, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from coi.rules.plans import AT_ONCE, ON_A_DAY, USUAL, places
from coi.vocabulary import Party, PlanAnswered
from forms.base import CityForm, PartForm, texts

MOST = 20
LONGEST = 10_000
_KEY = re.compile(r"[a-z0-9]{1,12}")


class ConditionForm(PartForm):
    """One condition of a plan as the officer writes it: from the library, or in own words."""

    code = HiddenField()
    own_words = TextAreaField(_l("The condition in your own words"), validators=[Optional(), Length(max=2000)])
    matter = StringField(_l("Which matter?"), validators=[Optional(), Length(max=500)])
    party = StringField(_l("Which person or business?"), validators=[Optional(), Length(max=500)])
    handled_by = StringField(_l("Employee number of who handles or screens it"), validators=[Optional(), Length(max=40)])
    owner = SelectField(_l("Who keeps it"), choices=[SelectChoice(one.value, one.label) for one in Party])
    owner_number = StringField(_l("Employee number of somebody else who keeps it"), validators=[Optional(), Length(max=40)])
    due = SelectField(_l("By when"), choices=[], default=AT_ONCE)
    due_on = DateField(_l("The day, if you name one"), validators=[Optional()])
    proof = StringField(_l("How it is shown"), validators=[Optional(), Length(max=500)])
    confirms = SelectField(
        _l("Who confirms it"),
        choices=[SelectChoice(one.value, one.label) for one in (Party.SUPERVISOR, Party.OFFICE, Party.PERSON)],
        default=Party.OFFICE.value,
    )
    confirms_number = StringField(_l("Employee number of somebody else who confirms"), validators=[Optional(), Length(max=40)])

    asked: tuple[str, ...] = ()
    fresh = False

    def validate(self, extra_validators: Any = None) -> bool:
        """What the words leave open is asked, and a number where somebody else is meant."""
        fine = super().validate(extra_validators)
        needed = {
            "own_words": not self.code.data and _l("Write the condition, or take this row away."),
            "matter": "matter" in self.asked and _l("Write which matter it is."),
            "party": "party" in self.asked and _l("Write which person or business it is."),
            "handled_by": "Name" in self.asked and _l("Give the employee number of who handles it."),
            "owner_number": self.owner.data == Party.PERSON and _l("Give the employee number of who keeps it."),
            "confirms_number": self.confirms.data == Party.PERSON and _l("Give the employee number of who confirms it."),
            "due_on": self.due.data == ON_A_DAY and _l("Give the day."),
        }
        for name, words in needed.items():
            field = self[name]
            if words and not field.data and not field.errors:
                field.errors = [words]
                fine = False
        return fine


@dataclass
class Row:
    """One row of the editor: its key, its form, the words of the library in the reader's language."""

    key: str
    form: ConditionForm
    words: str = ""


class PlanField(Field):
    """The rows of a plan; the page posts which there are (`plan_row`), so that adding and taking away work without a script."""

    def __init__(self, label: Any = None, own: bool = True, **more: Any) -> None:
        """`own`: whether a condition may be written in own words."""
        super().__init__(label, **more)
        self.own = own
        self.entries: list[Row] = []
        self.pressed = self.too_many = False
        self.add = ""
        self.library: Sequence[Any] = ()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Reads the rows that the page posted, in their order; a key of nobody's page is no row."""
        self.process_errors: list[Any] = []
        self.object_data, self.data = data, None
        self.entries, self.posted = [], formdata
        if not formdata:
            return
        keys = list(dict.fromkeys(one for one in formdata.getlist(f"{self.name}_row") if _KEY.fullmatch(one)))
        self.too_many = len(keys) > MOST
        self.entries = [Row(key, ConditionForm(formdata, prefix=f"{self.name}-{key}")) for key in keys[:MOST]]
        self.add = formdata.get(f"{self.name}_add", "")[:60]
        press = formdata.get("press", "")
        self.pressed = press.startswith(f"{self.name}:")
        if press == f"{self.name}:add" and len(self.entries) < MOST and (self.own or self.add != "own"):
            self.entries.append(self.row({"code": "" if self.add == "own" else self.add}, added=True))
        elif press.startswith(f"{self.name}:remove:"):
            self.entries = [one for one in self.entries if one.key != press.rpartition(":")[2]]

    def row(self, values: Mapping[str, Any], added: bool = False) -> Row:
        """A new row with these values."""
        key = secrets.token_hex(4)
        form = ConditionForm(formdata=None, prefix=f"{self.name}-{key}", data=dict(values))
        form.fresh = added
        return Row(key, form)

    def use(self, library: Sequence[Any], words: Callable[[Any], str], rules: Callable[[str], Any], party: str) -> None:
        """Gives every row the library's words and choices; a row that was added now starts with what the library says."""
        self.library = library
        known = {one.code: one for one in library}
        self.entries = [row for row in self.entries if not row.form.code.data or row.form.code.data in known]
        for row in self.entries:
            one, form = known.get(row.form.code.data or ""), row.form
            row.words = words(one) if one else ""
            form.asked = tuple(places(one.text["en"])) if one else ()
            chosen = [*dict.fromkeys((*USUAL, *((one.due,) if one else ()), *((form.due.data,) if form.due.data else ())))]
            offered = [rule for rule in chosen if rule in USUAL or (one and rule == one.due)]
            form.due.choices = [SelectChoice(rule, rules(rule)) for rule in (*offered, ON_A_DAY)]
            fresh, form.fresh = form.fresh, False
            if fresh and one:
                form.due.data, form.proof.data = one.due, str(one.proof)
                form.confirms.data = Party.SUPERVISOR.value if one.confirmed_by == "supervisor" else Party.OFFICE.value
                form.party.data = party if "party" in form.asked else ""

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:  # WTForms calls it so
        """Every row for itself; too many are refused, not cut."""
        told = [_("A plan has at most %(most)s conditions.", most=MOST)] if self.too_many else []
        if not all(list(map(ConditionForm.validate, (row.form for row in self.entries)))):
            told.append(_("Something is missing in the conditions."))
        self.errors = told
        return not told

    def texts(self) -> Iterator[StringField]:
        """Every text that was typed into a row."""
        for row in self.entries:
            yield from texts(row.form)


class AnswerForm(CityForm):
    """The filer's answer: received and accepted, accepted with an objection in words, declined with words."""

    plan = HiddenField(validators=[DataRequired()])
    answer = RadioField(
        _l("Your answer"),
        choices=[
            SelectChoice(PlanAnswered.ACCEPTED.value, _l("I accept these conditions")),
            SelectChoice(PlanAnswered.OBJECTION.value, _l("I accept them, and I object to something in them")),
            SelectChoice(PlanAnswered.DECLINED.value, _l("I decline")),
        ],
        validators=[DataRequired(_l("Choose your answer."))],
    )
    words = TextAreaField(
        _l("In your words, if you object or decline"),
        description=_l("The ethics office reads this, and nobody else."),
        validators=[Optional(), Length(max=LONGEST)],
    )
    signed_name = StringField(
        _l("Type your name to sign"), validators=[DataRequired(_l("Type your name to sign.")), Length(max=300)]
    )


class SayForm(CityForm):
    """That a condition is kept, and what shows it."""

    words = TextAreaField(
        _l("What was done, and what shows it"), validators=[DataRequired(_l("Write what was done.")), Length(max=LONGEST)]
    )
    file = FileField(
        _l("A file that shows it"),
        description=_l(
            "PDF, JPG or PNG, at most 10 MB. Only who keeps or confirms this condition and the ethics office can open it."
        ),
        validators=[Optional()],
    )


class ConfirmForm(CityForm):
    """That it was shown."""

    words = StringField(_l("A note (optional)"), validators=[Optional(), Length(max=500)])


class WhyForm(CityForm):
    """A reason: why something goes back, or ends before its time."""

    words = TextAreaField(_l("Why?"), validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)])


class StillForm(CityForm):
    """Once a year: whether it is still so."""

    still = RadioField(
        _l("Is everything still as it was?"),
        choices=[
            SelectChoice("yes", _l("Yes, and I keep the conditions")),
            SelectChoice("no", _l("No, something changed")),
        ],
        validators=[DataRequired(_l("Choose yes or no."))],
    )
    words = TextAreaField(_l("What changed?"), validators=[Optional(), Length(max=LONGEST)])


class InterimForm(CityForm):
    """Who keeps out of what while the office looks at a filing."""

    party = StringField(
        _l("What should the filer keep out of?"),
        description=_l("A matter, a person or a business. The supervisor and who stands in read this, and nothing else."),
        validators=[DataRequired(_l("Write what it is.")), Length(max=500)],
    )
    number = StringField(_l("Employee number of who stands in, if you know"), validators=[Optional(), Length(max=40)])
