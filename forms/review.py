"""Forms of the case page: know words and limits, no table."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from coi.rules.lifecycle import BY_REVIEWER
from coi.vocabulary import Outcome, Risk, StepOut
from forms.base import CityForm
from forms.plans import PlanField

LONGEST = 10_000
BESIDES = tuple(outcome for outcome in Outcome if outcome is not Outcome.CLOSED)


def outcome_choices(outcomes: Any) -> list[SelectChoice]:
    """Codes and labels in the order of severity."""
    return [SelectChoice(outcome.value, outcome.label) for outcome in Outcome if outcome in outcomes]


class ReferFields:
    """To whom a case is referred; asked with every decision that may be a referral (U41)."""

    referred_to = StringField(
        _l("To whom?"),
        description=_l("For example: the State Ethics Commission. The ethics office reads this."),
        validators=[Optional(), Length(max=300)],
    )
    referred_on = DateField(_l("On which day?"), description=_l("Left empty it is today."), validators=[Optional()])
    tell_filer = BooleanField(
        _l("Tell the filer of the referral"),
        description=_l("Then the filer reads to whom it went, and the reason. Otherwise only that our review has ended."),
    )


class TermsFields:
    """What a letter for “allowed with conditions” and “not allowed” gives besides the conditions (U45)."""

    rule = StringField(
        _l("The rule it rests on"),
        description=_l(
            "“Allowed with conditions” and “Not allowed” need it. For example: Code of Conduct, section 4. "
            "The filer reads it in the letter."
        ),
        validators=[Optional(), Length(max=500)],
    )
    holds_from = DateField(
        _l("From when it holds"), description=_l("Left empty, it is the day of the decision."), validators=[Optional()]
    )
    meanwhile = TextAreaField(
        _l("What goes on meanwhile"),
        description=_l("Left empty, the letter says what holds for every decision of this kind."),
        validators=[Optional(), Length(max=2000)],
    )


class BoundForm(CityForm):
    """Carries which version and state the page showed; an act on anything newer is refused with the text kept (SD9)."""

    version = HiddenField(validators=[DataRequired()])
    state = HiddenField(validators=[DataRequired()])

    def shows(self, version: int, state: str) -> None:
        """The page is made afresh: from here on it binds to what it shows now."""
        self.version.data, self.state.data = str(version), state

    @property
    def seen(self) -> dict[str, Any]:
        """What the page showed, for the action; a tampered number reads as a version that never was."""
        text = self.version.data or ""
        return {
            "version": int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1,
            "state": self.state.data or "",
        }


class PinnedForm(BoundForm):
    """A message that may stand at one answer or entry; `about` is a question's id, or `id#key` of an entry in it."""

    about = SelectField(_l("Which answer is it about?"), validators=[Optional()], default="")

    @property
    def pin(self) -> tuple[str, str]:
        """(question id, entry key), both blank for the whole form."""
        question_id, _mark, entry_key = (self.about.data or "").partition("#")
        return question_id, entry_key


class AskForm(PinnedForm):
    """A question to the filer."""

    text = TextAreaField(
        _l("Your question to the filer"),
        description=_l("The filer reads this. The clock stops until the answer comes. No new signature is asked."),
        validators=[DataRequired(_l("Write the question.")), Length(max=LONGEST)],
    )


class ReturnForm(BoundForm):
    """Sends the answers back for correction."""

    reason = TextAreaField(
        _l("What should the filer correct?"),
        description=_l("The filer reads this, corrects the answers and signs again."),
        validators=[DataRequired(_l("Write what should be corrected.")), Length(max=LONGEST)],
    )


class ClearForm(TermsFields, BoundForm):
    """A reviewer's own decision: no conflict, noted, exempt; conditions of the library where the profile allows it."""

    outcome = RadioField(
        _l("Decision"), choices=outcome_choices(BY_REVIEWER), validators=[DataRequired(_l("Choose a decision."))]
    )
    reason = TextAreaField(
        _l("Reason for the filer"),
        description=_l("The filer reads this, and the auditors."),
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)],
    )
    internal = TextAreaField(
        _l("Internal reasoning"),
        description=_l("Only the ethics office reads this. It is in no standard workbook."),
        validators=[Optional(), Length(max=LONGEST)],
    )
    plan = PlanField(_l("Conditions"), own=False)


def with_conditions(form: ClearForm, *, allowed: bool) -> None:
    """Offers "Allowed with conditions" with the plan and what the letter needs, or takes them out of the form."""
    if allowed:
        form.outcome.choices = outcome_choices({*BY_REVIEWER, Outcome.MANAGED})
        return
    for name in {"plan", "rule", "holds_from", "meanwhile"} & set(form.data):
        del form[name]


class EscalateForm(BoundForm):
    """A recommendation to a second person."""

    outcome = SelectField(
        _l("Recommended outcome"), choices=outcome_choices(BESIDES), validators=[DataRequired(_l("Choose what you recommend."))]
    )
    reasoning = TextAreaField(
        _l("Why you recommend it"),
        description=_l("The senior officer reads this. The filer does not."),
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)],
    )
    conditions = SelectMultipleField(_l("Conditions you propose"), validators=[Optional()])
    plan = PlanField(_l("Draft plan"))


class DecideForm(ReferFields, TermsFields, BoundForm):
    """The second person's decision: every outcome."""

    outcome = RadioField(_l("Decision"), choices=outcome_choices(BESIDES), validators=[DataRequired(_l("Choose a decision."))])
    reason = TextAreaField(
        _l("Reason for the filer"),
        description=_l("The filer reads this, and the auditors. Name the rule."),
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)],
    )
    internal = TextAreaField(
        _l("Internal reasoning"),
        description=_l("Only the ethics office reads this. It is in no standard workbook."),
        validators=[Optional(), Length(max=LONGEST)],
    )
    conditions = SelectMultipleField(_l("Conditions"), validators=[Optional()])
    plan = PlanField(_l("Conditions"))
    own_condition = TextAreaField(_l("A condition in your own words"), validators=[Optional(), Length(max=LONGEST)])


class HandBackForm(BoundForm):
    """Back to the reviewer."""

    reason = TextAreaField(
        _l("Why the case goes back to the reviewer"), validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)]
    )


class RecuseForm(BoundForm):
    """Stepping out of a case."""

    kind = RadioField(
        _l("Why you step out"),
        description=_l("Press the reason. Your access ends at once, and a colleague who is free of conflict gets the case."),
        choices=[SelectChoice(kind.value, kind.label) for kind in StepOut],
        validators=[Optional()],
    )
    reason = TextAreaField(
        _l("Or in your own words"),
        description=_l("Only the ethics office reads this."),
        validators=[Length(max=LONGEST)],
    )

    def of_another(self) -> None:
        """Says what follows where somebody else has the case, or nobody."""
        self.kind.description = _l("Your access ends at once, and the case is never given to you. It stays with whom it is with.")

    def validate_reason(self, field: TextAreaField) -> None:
        """One of the two is needed: a reason that is offered, or words."""
        if not field.data and self.kind.data in (None, "", StepOut.OTHER.value):
            raise ValidationError(_("Choose why, or write it."))


class NoteForm(PinnedForm):
    """An internal note."""

    text = TextAreaField(
        _l("Internal note"),
        description=_l("The filer never sees this."),
        validators=[DataRequired(_l("Write the note.")), Length(max=LONGEST)],
    )


class PriorityForm(BoundForm):
    """Another review priority."""

    risk = SelectField(
        _l("Review priority"), choices=[SelectChoice(risk.value, risk.label) for risk in Risk], validators=[DataRequired()]
    )
    reason = StringField(_l("Why"), validators=[DataRequired(_l("Write the reason.")), Length(max=500)])


class ReassignForm(BoundForm):
    """Another reviewer."""

    held_by = HiddenField()
    reviewer = SelectField(
        _l("Give the case to"),
        description=_l("Only colleagues who are free of conflict stand here."),
        validators=[DataRequired(_l("Choose a colleague."))],
    )


class TieForm(CityForm):
    """That the filer and a colleague are related or share an outside party."""

    other = SelectField(
        _l("Colleague"),
        description=_l("This colleague will not be given this filer's forms."),
        validators=[DataRequired(_l("Choose a colleague."))],
    )
    kind = RadioField(
        _l("What ties them"),
        choices=[
            SelectChoice("relation", _l("They are related or live together")),
            SelectChoice("shared_party", _l("They share an outside business")),
        ],
        validators=[DataRequired(_l("Choose what ties them."))],
    )


class ReopenForm(BoundForm):
    """Another look at a decided case."""

    reason = TextAreaField(
        _l("Why the case should be opened again"),
        description=_l(
            "A senior officer other than you reads this and approves or refuses. The filer is told that you look once more, "
            "not why. The decision stands until there is a new one."
        ),
        validators=[DataRequired(_l("Write the reason.")), Length(max=2_000)],
    )


class UndoForm(CityForm):
    """Takes a decision back."""
