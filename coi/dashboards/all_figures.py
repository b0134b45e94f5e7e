"""All figures of one campaign in the order of the page, each from what its reader may see."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from coi.dashboards import cases, people
from coi.dashboards.queries import DAYS, NOT_DECIDED, WITHDRAWN
from coi.dashboards.shapes import Figure
from coi.models import Campaign
from coi.rules.permissions import Actor
from coi.vocabulary import Outcome, Risk
from coi.workload.words import age_in_words

OF_PEOPLE = {"by-department": people.by_department, "by-group": people.by_group}
OF_CASES = {"outcomes": cases.outcomes, "priorities": cases.priorities, "ages": cases.ages, "days": cases.days}
# The order of the page.
NAMES = ("by-department", "by-group", "over-time", "outcomes", "priorities", "ages", "days", "letters")


@dataclass(frozen=True)
class Told:
    """The page: the figures, and whether any number on it is hidden from this reader."""

    figures: list[Figure]

    @property
    def hides(self) -> bool:
        """Whether anything is not shown."""
        return any(figure.hides for figure in self.figures)

    @property
    def hides_people(self) -> bool:
        """Whether numbers of people are among what is not shown, or of cases and letters alone."""
        return any(figure.hides for figure in self.figures if figure.name in (*OF_PEOPLE, "over-time"))


def every(campaign: Campaign, actor: Actor, now: datetime, today: date) -> Told:
    """Every figure; people, cases and letters are counted once each."""
    of_people, of_cases = people.people_of(campaign, actor, today), cases.cases_of(campaign, actor, now)
    told = {name: make(of_people) for name, make in OF_PEOPLE.items()}
    told |= {name: make(of_cases) for name, make in OF_CASES.items()}
    told["over-time"] = people.over_time(of_people, today)
    told["letters"] = cases.of_campaign_letters(campaign, actor)
    return Told([told[name] for name in NAMES])


def one(name: str, campaign: Campaign, actor: Actor, now: datetime, today: date) -> Figure | None:
    """One figure by its name; None for a name that there is not."""
    if name in OF_PEOPLE:
        return OF_PEOPLE[name](people.people_of(campaign, actor, today))
    if name in OF_CASES:
        return OF_CASES[name](cases.cases_of(campaign, actor, now))
    if name == "over-time":
        return people.over_time(people.people_of(campaign, actor, today), today)
    return cases.of_campaign_letters(campaign, actor) if name == "letters" else None


def heading(by: str, code: str) -> str:
    """What a list of cases is called: what its number counted."""
    if by == "outcome":
        words = {one.value: str(one.label) for one in Outcome}
        words |= {NOT_DECIDED: _("Not decided yet"), WITHDRAWN: _("Withdrawn")}
        return words.get(code) or _("All cases")
    if by == "priority":
        label = next((str(risk.label) for risk in Risk if risk.priority == code), "")
        return _("Priority: %(label)s", label=label) if label else _("All cases")
    if by in ("age", "days") and code not in (*DAYS, "all"):
        return _("All cases")
    if by == "age":
        return _("Open, business days since the signature: %(days)s", days=age_in_words(code))
    if by == "days":
        return _("Decided") if code == "all" else _("Decided, days since the signature: %(days)s", days=age_in_words(code))
    return _("All cases")
