"""Forms of the campaign desk: open, pause, close, more time, excuse, leave, events; words go to the second person only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from coi.vocabulary import ExcuseReason, ExtensionReason, GiveReason, Kind, Word
from forms.base import CityForm

WHY = _l("Why? The second person reads this. Write nothing about health or family.")


def _choices(words: type[Word]) -> list[SelectChoice]:
    return [SelectChoice(word.value, word.label) for word in words]


def places(names: list[str]) -> list[SelectChoice]:
    """The departments or groups to choose from, with nothing chosen first."""
    return [SelectChoice("", "–"), *(SelectChoice(name, name) for name in names)]


class OpenForm(CityForm):
    """Asks to open a campaign."""

    year = IntegerField(
        _l("Year of the campaign"),
        validators=[
            DataRequired(_l("Type a year with four digits.")),
            NumberRange(2000, 2100, _l("Type a year with four digits.")),
        ],
        description=_l("It asks about the year before."),
    )
    reason = TextAreaField(
        _l("Note to the second person"), validators=[DataRequired(_l("Write a line to the second person.")), Length(max=1000)]
    )


class CloseForm(CityForm):
    """Asks to close the campaign."""

    reason = TextAreaField(
        _l("Note to the second person"), validators=[DataRequired(_l("Write a line to the second person.")), Length(max=1000)]
    )


class PauseForm(CityForm):
    """Asks to pause one part of the campaign, or to let it go on."""

    part = HiddenField()
    paused = HiddenField()
    reason = TextAreaField(
        _l("Why? The second person reads this."),
        validators=[DataRequired(_l("Say why: a court order, a side letter, …")), Length(max=1000)],
    )


class ExtendForm(CityForm):
    """More time for one person."""

    until = DateField(_l("New due date"), validators=[DataRequired(_l("Choose a day."))])
    reason = SelectField(_l("Reason"), choices=_choices(ExtensionReason), validators=[DataRequired(_l("Choose a reason."))])
    why = TextAreaField(WHY, validators=[Optional(), Length(max=1000)])


class ExtendManyForm(ExtendForm):
    """More time for a department, a group, or everybody."""

    whom = RadioField(
        _l("For whom?"),
        choices=[
            SelectChoice("department", _l("One department")),
            SelectChoice("group", _l("One group")),
            SelectChoice("all", _l("Everybody whose form is open")),
        ],
        validators=[DataRequired(_l("Choose for whom."))],
    )
    department = SelectField(_l("Department"), choices=[], validators=[Optional()], validate_choice=False)
    group = SelectField(_l("Group"), choices=[], validators=[Optional()], validate_choice=False)


class ExcuseForm(CityForm):
    """Asks a second person that nothing be due any more."""

    reason = SelectField(_l("Reason"), choices=_choices(ExcuseReason), validators=[DataRequired(_l("Choose a reason."))])
    why = TextAreaField(WHY, validators=[DataRequired(_l("Say why; the second person reads it.")), Length(max=1000)])


class LeaveForm(CityForm):
    """When somebody is away, without a reason."""

    leave_from = DateField(_l("First day away"), validators=[Optional()])
    leave_to = DateField(_l("Last day away"), validators=[Optional()], description=_l("Leave it blank if you don't know it yet."))
    hold_letters = BooleanField(_l("Send no letters to this person"))


class GiveForm(CityForm):
    """Gives one person a form because of something that happened."""

    kind = RadioField(
        _l("Which form?"),
        choices=[SelectChoice(kind.value, kind.label) for kind in (Kind.NEW_HIRE, Kind.NEW_POSITION, Kind.LEAVING)],
        validators=[DataRequired(_l("Choose a form."))],
    )
    event_on = DateField(
        _l("When did it happen, or when will it?"),
        validators=[DataRequired(_l("Choose a day."))],
        description=_l("The first day here, the first day in the new position, or the last day here."),
    )
    reason = SelectField(_l("Reason"), choices=_choices(GiveReason), validators=[DataRequired(_l("Choose a reason."))])


class EventDayForm(CityForm):
    """The day of an event for one person."""

    on = DateField(_l("On which day?"), validators=[DataRequired(_l("Choose a day."))])


class EventForm(EventDayForm):
    """The day of an event that a form waits for; `which` is filled by the page."""

    which = SelectField(_l("Which event?"), choices=[], validators=[DataRequired(_l("Choose an event."))])
    person = StringField(
        _l("For one person only?"),
        description=_l("An employee number or a name. Leave it blank for everybody."),
        validators=[Optional(), Length(max=200)],
    )

    def offer(self, events: list[tuple[str, str]]) -> None:
        """The events to choose from: code and words."""
        self.which.choices = [SelectChoice(code, label) for code, label in events]


class DoneForm(CityForm):
    """One button."""
