"""Forms of messages about a case, each for its own readers: legal advice, a question of fact to the supervisor; no table."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from forms.review import LONGEST, BoundForm, PinnedForm


class AdviceForm(PinnedForm):
    """Legal advice, or a question to the solicitor that falls under the same privilege."""

    text = TextAreaField(
        _l("Legal advice"),
        description=_l(
            "Only the solicitor and the officers on the case read this. "
            "It is in no workbook, no copy and no case file unless the solicitor releases it."
        ),
        validators=[DataRequired(_l("Write the advice.")), Length(max=LONGEST)],
    )


class SupervisorForm(BoundForm):
    """One question of fact to the filer's supervisor."""

    supervisor = RadioField(_l("Whom do you ask?"), validators=[DataRequired(_l("Choose whom you ask."))])
    text = TextAreaField(
        _l("Your question of fact"),
        description=_l(
            "For example: “Does this person order supplies for the garage?” The supervisor reads this question and the "
            "filer's name, nothing of the form. The filer reads it, too. Name nothing that the filer told us."
        ),
        validators=[DataRequired(_l("Write the question.")), Length(max=2_000)],
    )

    @property
    def chosen(self) -> int:
        """The id of who is asked."""
        return int(self.supervisor.data)


class NoLongerForm(BoundForm):
    """The supervisor is no longer asked."""

    reason = StringField(_l("Why it is no longer asked"), validators=[DataRequired(_l("Write the reason.")), Length(max=500)])


class RestForm(BoundForm):
    """That what was decided rests until the appeal is decided."""

    reason = TextAreaField(
        _l("Why it rests"),
        description=_l("The filer reads this. Nothing of it binds until you decide the appeal; the register stays as it is."),
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST)],
    )
