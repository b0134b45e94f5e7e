"""Forms of the final body: what a member declares, what an officer sends, what the recorder enters; know words, no table."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from coi.ballots import Ballot, MotionKind
from coi.vocabulary import Outcome
from forms.base import CityForm
from forms.plans import PlanField
from forms.review import BESIDES, LONGEST, BoundForm, ReferFields, TermsFields, outcome_choices

VOTE, WHY, INTEREST = "vote_", "why_", "interest_"


class SendForm(TermsFields, BoundForm):
    """The cover with which a case goes to the final body."""

    issue = TextAreaField(
        _l("What does the body have to decide?"),
        description=_l("The members read this first. The filer does not see it."),
        validators=[DataRequired(_l("Write what has to be decided.")), Length(max=LONGEST)],
    )
    outcome = SelectField(
        _l("What you recommend"), choices=outcome_choices(BESIDES), validators=[DataRequired(_l("Choose what you recommend."))]
    )
    reasoning = TextAreaField(_l("Why you recommend it"), validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)])
    plan = PlanField(_l("Conditions you propose"))


class DeclareForm(BoundForm):
    """No conflict, or one and which."""

    stands = RadioField(
        _l("Do you have a conflict of interest with this case?"),
        choices=[
            SelectChoice("none", _l("I have no conflict")),
            SelectChoice("conflict", _l("I have a conflict")),
        ],
        validators=[DataRequired(_l("Choose one of the two."))],
    )
    reason = TextAreaField(
        _l("If you have one: what is it?"),
        description=_l("You get no packet then, you have no vote, and you are not counted. This can't be taken back."),
        validators=[Optional(), Length(max=LONGEST)],
    )


class MeetingForm(CityForm):
    """When the body met, and who was there."""

    held_on = DateField(_l("Day of the meeting"), validators=[DataRequired(_l("Give the day."))])
    minutes = StringField(
        _l("Where are the minutes?"),
        description=_l("For example: minute book 2026, page 41."),
        validators=[DataRequired(_l("Write where the minutes are.")), Length(max=200)],
    )
    present = SelectMultipleField(_l("Who was present?"), validators=[DataRequired(_l("Choose who was present."))])
    because = TextAreaField(_l("Why is it corrected?"), validators=[Optional(), Length(max=LONGEST)])


class MotionForm(ReferFields, TermsFields, BoundForm):
    """One motion: what it states, who moved it; the votes are fields of their own, made for the members present."""

    kind = RadioField(
        _l("What does the motion do?"),
        choices=[SelectChoice(one.value, one.label) for one in MotionKind],
        default=MotionKind.DECIDE.value,
        validators=[DataRequired()],
    )
    text = TextAreaField(_l("The motion, as it was put"), validators=[DataRequired(_l("Write the motion.")), Length(max=LONGEST)])
    mover = SelectField(_l("Moved by"), validators=[DataRequired(_l("Choose who moved it."))])
    seconder = SelectField(_l("Seconded by"), validators=[DataRequired(_l("Choose who seconded it."))])
    outcome = SelectField(
        _l("Outcome that the motion states"),
        description=_l("Leave it open where the motion sends the case back."),
        choices=[SelectChoice("", _l("Choose")), *outcome_choices(BESIDES)],
        default="",
        validators=[Optional()],
    )
    reason = TextAreaField(
        _l("Reason for the filer"),
        description=_l(
            "The filer reads this when the motion decides, and the auditors. Sent back: what the office should find out."
        ),
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)],
    )
    internal = TextAreaField(
        _l("Internal reasoning"),
        description=_l("Only the ethics office reads this. It is in no standard workbook."),
        validators=[Optional(), Length(max=LONGEST)],
    )
    plan = PlanField(_l("Conditions"))
    because = HiddenField(validators=[Optional()])

    def refuse(self, refusal: Any) -> None:
        """What is wrong with the conditions stands at the rows of the plan."""
        if refusal.field == "conditions":
            self.plan.errors = [*self.plan.errors, str(refusal.message)]
        else:
            super().refuse(refusal)


class CorrectMotionForm(CityForm):
    """A motion written down anew: its words, who moved and seconded it, the votes, and why."""

    text = TextAreaField(_l("The motion, as it was put"), validators=[DataRequired(_l("Write the motion.")), Length(max=LONGEST)])
    mover = SelectField(_l("Moved by"), validators=[DataRequired(_l("Choose who moved it."))])
    seconder = SelectField(_l("Seconded by"), validators=[DataRequired(_l("Choose who seconded it."))])
    because = TextAreaField(_l("Why is it corrected?"), validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)])


def with_votes(kind: type[CityForm], members: Iterable[tuple[int, str, bool]], interests: Iterable[tuple[int, str]] = ()) -> Any:
    """The form class with a vote and its reason for each member (id, name, has a vote), and an outcome for each interest."""
    fields: dict[str, Any] = {}
    choices = [SelectChoice("", _l("Choose")), *(SelectChoice(one.value, one.label) for one in Ballot)]
    named = [(number, name) for number, name, votes in members if votes]
    for number, name in named:
        fields[f"{VOTE}{number}"] = SelectField(name, choices=choices, default="", validators=[Optional()])
        fields[f"{WHY}{number}"] = StringField(
            _l("Why, if %(name)s abstained", name=name), validators=[Optional(), Length(max=1000)]
        )
    as_whole = [SelectChoice("", _l("As the whole filing")), *outcome_choices(BESIDES)]
    for number, party in interests:
        fields[f"{INTEREST}{number}"] = SelectField(party, choices=as_whole, default="", validators=[Optional()])
    made = type(kind.__name__, (kind,), fields)
    form = made()
    form.mover.choices = form.seconder.choices = [
        SelectChoice("", _l("Choose")),
        *(SelectChoice(str(number), name) for number, name in named),
    ]
    return form


def ballots_of(form: CityForm) -> dict[int, tuple[Ballot, str]]:
    """Each member's vote with the reason, of those chosen."""
    return {
        int(one.name.removeprefix(VOTE)): (Ballot(one.data), form[f"{WHY}{one.name.removeprefix(VOTE)}"].data or "")
        for one in form
        if one.name.startswith(VOTE) and one.data
    }


def interests_of(form: CityForm) -> dict[int, Outcome]:
    """The outcome of each interest that comes out differently."""
    return {int(one.name.removeprefix(INTEREST)): Outcome(one.data) for one in form if one.name.startswith(INTEREST) and one.data}
