"""Words that only a workbook needs: where a plan and its conditions stand, how a right was given, what kind of change it was."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from coi.plans import standing
from coi.plans.words import rule_in_words
from coi.rules.plans import AT_ONCE, EVENTS, ON_A_DAY, USUAL, YEARLY
from coi.vocabulary import Word


class PlanState(Word):
    """Where a management plan stands; the same words as on its page."""

    OPEN = standing.OPEN, standing.PLAN_WORDS[standing.OPEN]
    UNANSWERED = standing.UNANSWERED, standing.PLAN_WORDS[standing.UNANSWERED]
    IN_FORCE = standing.IN_FORCE, standing.PLAN_WORDS[standing.IN_FORCE]
    DECLINED = standing.DECLINED, standing.PLAN_WORDS[standing.DECLINED]
    WAITS = standing.WAITS, standing.PLAN_WORDS[standing.WAITS]
    RESTS = standing.RESTS, standing.PLAN_WORDS[standing.RESTS]
    OVER = standing.OVER, standing.PLAN_WORDS[standing.OVER]


class ConditionState(Word):
    """Where one condition of a plan stands; the same words as on its page."""

    OPEN = standing.OPEN, standing.CONDITION_WORDS[standing.OPEN]
    SAID = standing.SAID, standing.CONDITION_WORDS[standing.SAID]
    CONFIRMED = standing.KEPT, standing.CONDITION_WORDS[standing.KEPT]
    OVERDUE = standing.LATE, standing.CONDITION_WORDS[standing.LATE]
    ENDED = standing.ENDED, standing.CONDITION_WORDS[standing.ENDED]
    WAITS = standing.WAITS, standing.CONDITION_WORDS[standing.WAITS]
    RESTS = standing.RESTS, standing.CONDITION_WORDS[standing.RESTS]
    OVER = standing.OVER, standing.CONDITION_WORDS[standing.OVER]


# A condition that is neither confirmed nor over: what somebody must still show, answer or decide about.
STILL_OPEN = frozenset(
    {ConditionState.OPEN, ConditionState.SAID, ConditionState.OVERDUE, ConditionState.WAITS, ConditionState.RESTS}
)


def _usual(rule: str) -> tuple[str, LazyString]:
    return rule, LazyString(rule_in_words, rule)


class DueRule(Word):
    """By when a condition is shown: the usual rules; their codes are what the plan keeps. Any other stands in words."""

    AT_ONCE = _usual(AT_ONCE)
    BUSINESS_10 = _usual(USUAL[1])
    DAYS_30 = _usual(USUAL[2])
    DAYS_60 = _usual(USUAL[3])
    DAYS_90 = _usual(USUAL[4])
    BEFORE_THE_VOTE = _usual(EVENTS[0])
    BEFORE_THE_CONTRACT = _usual(EVENTS[1])
    AFTER_THE_CHANGE = _usual(EVENTS[2])
    YEARLY = _usual(YEARLY)
    ON_A_DAY = ON_A_DAY, _l("on a named day")


_DUE_RULES = {rule.value: rule for rule in DueRule}


def due_rule(rule: str) -> DueRule | str:
    """A usual rule as its word, any other as people read it."""
    return _DUE_RULES.get(rule) or rule_in_words(rule)


class Right(Word):
    """A right to one filing, beside the roles: both are given for a time."""

    READS_ONE = "reads_one_filing", _l("May read all of one filing")
    STANDS_IN = "stands_in", _l("Stands in on one case")


class Given(Word):
    """How a right was given."""

    TWO_PERSONS = "two_persons", _l("Asked by one, approved by another")
    SETUP = "setup", _l("By the operator, while the city was set up")
    EMERGENCY = "break_glass", _l("Emergency access by the operator")
    ALONE = "alone", _l("By one person")
    SYSTEM = "absence", _l("By the system, while the reviewer is away")


class Holding(Word):
    """Whether a right is still held at the moment of the workbook."""

    HELD = "held", _l("Held")
    ENDED = "ended", _l("Ended")
    PASSED = "passed", _l("Its time has passed")
    LEFT = "left", _l("Rests: the person left the City")


class Change(Word):
    """What kind of thing was changed."""

    FORMS = "forms", _l("Forms")
    POLICIES = "policies", _l("Policies")
    PROFILE = "profile", _l("Profile of the city")
    DATES = "dates", _l("Campaigns and dates")
    EXCUSES = "excuses", _l("Excuses and what is no longer due")
    SETTINGS = "settings", _l("Settings and rules")
    PEOPLE = "people", _l("What is known of people")
    LOADED = "loaded", _l("Lists and rosters loaded")
    SOFTWARE = "software", _l("Software")
