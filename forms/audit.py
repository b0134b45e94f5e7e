"""Forms of the audit room: what is looked for in the log."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from forms.base import CityForm


class LogForm(CityForm):
    """Looks for entries; a page's address holds it, so it carries no token."""

    class Meta(CityForm.Meta):
        """Reading needs no token."""

        csrf = False

    event = SelectField(_l("What happened"), validators=[Optional()], default="")
    actor = StringField(
        _l("Who"),
        description=_l("A name or a part of it, an employee number, or a code of the log such as system."),
        validators=[Optional()],
    )
    subject = StringField(
        _l("About what"), description=_l("A reference such as COI-2026-7K3F9Q, or a code of the log."), validators=[Optional()]
    )

    since = DateField(_l("From"), description=_l("City days; the first and the last are counted."), validators=[Optional()])
    until = DateField(_l("Until"), validators=[Optional()])
    reads = BooleanField(_l("Only who read what"))

    def offer(self, events: list[tuple[str, str]]) -> None:
        """The events that this reader may choose from: code and words, in their order."""
        self.event.choices = [SelectChoice("", _l("Everything")), *(SelectChoice(*one) for one in events)]


class RefusalsForm(CityForm):
    """Looks for what was refused and for failed sign-ins; a page's address holds it, so it carries no token."""

    class Meta(CityForm.Meta):
        """Reading needs no token."""

        csrf = False

    who = StringField(_l("Who"), description=_l("A name, an employee number or an e-mail."), validators=[Optional()])
    since = DateField(_l("From"), description=_l("City days; the first and the last are counted."), validators=[Optional()])
    until = DateField(_l("Until"), validators=[Optional()])
