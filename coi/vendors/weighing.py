"""How high a new contract lifts a filing: by the triggers of its form that name the match, else to a look and no more."""

from dataclasses import dataclass

from sqlalchemy import select

from coi.db import db
from coi.disclosures.queries import setting_for
from coi.models import Disclosure, DisclosureVersion, Flag, Interest
from coi.profiles.current import today
from coi.questionnaires.queries import form_of
from coi.rules.completeness import evaluate
from coi.vocabulary import Risk

# English, as every reason of a form is: a task for the reviewer.
LOOK = "Look whether a new contract of the City with this company changes anything"


@dataclass(frozen=True)
class Raised:
    """The flags that a new contract raises; `by_the_form` when triggers name it: what the filer does for the City decides."""

    flags: tuple[tuple[Risk, str], ...]
    by_the_form: bool

    @property
    def risk(self) -> Risk:
        """The highest of them."""
        return max((risk for risk, _reason in self.flags), key=lambda risk: risk.rank)


def what_it_raises(disclosure: Disclosure, interest: Interest) -> Raised:
    """The triggers of the signed form that are true with the lists as they are now and were not before; else one look."""
    version = db.session.get_one(DisclosureVersion, interest.version_id)
    form = form_of(version.questionnaire)
    found = evaluate(form, version.answers, setting_for(version.filer, disclosure.reporting_year, today(version.signed_at)))
    number = Flag.entry_number == interest.entry_number if interest.entry_number is not None else Flag.entry_number.is_(None)
    here = select(Flag.reason).where(Flag.version_id == interest.version_id, Flag.question_id == interest.question_id, number)
    known = set(db.session.scalars(here))
    new = tuple(
        (Risk(flag.risk), flag.reason)
        for flag in found.flags
        if (flag.question, flag.entry) == (interest.question_id, interest.entry_number) and flag.reason not in known
    )
    return Raised(new, by_the_form=True) if new else Raised(((Risk.LOW, LOOK),), by_the_form=False)
