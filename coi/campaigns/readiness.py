"""What is missing before a campaign opens: every form it uses, for every part and level, with what to do; reads only.

A fault keeps the campaign shut, since somebody could not file; a remark is something to look at, such as words without Spanish.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from coi.campaigns.obligations import Asking
from coi.db import db
from coi.languages import language
from coi.models import CampaignPart, Person, Questionnaire
from coi.policies import queries as policies
from coi.profiles.current import current_profile
from coi.profiles.forms import faults as disagreements
from coi.profiles.forms import routes_of
from coi.profiles.schema import Profile
from coi.questionnaires.queries import form_of, newest
from coi.questionnaires.uses import uses
from coi.questionnaires.wording import without_spanish
from coi.review.seats import members
from coi.rules.completeness import Setting, evaluate
from coi.rules.form import Form, humanised, in_language, lists_named
from coi.vendors.lists import city_lists
from coi.vocabulary import Kind, Level

# Kinds that the roster, the desk or a person causes while the campaign runs.
MEANWHILE = (Kind.NEW_HIRE, Kind.NEW_POSITION, Kind.LEAVING, Kind.CHANGE, Kind.GIFT)


@dataclass(frozen=True)
class Asked:
    """How many people of one part are asked one form at one level; no form for those whom none fits."""

    part: CampaignPart
    form: str
    level: str
    people: int

    @property
    def level_in_words(self) -> str:
        """As people read it."""
        return str(Level(self.level).label) if self.level in set(Level) else self.level


@dataclass(frozen=True)
class Readiness:
    """What keeps the campaign shut, what to look at besides, and who will be asked what."""

    faults: Sequence[str]
    remarks: Sequence[str]
    asked: Sequence[Asked]


def readiness(year: int, parts: Sequence[CampaignPart], on: date) -> Readiness:
    """Looks at everything that a campaign of `year` with these parts would use."""
    profile = current_profile()
    published = {use.form: newest(use.form) for use in uses(profile)}
    rows, empty = _asked(profile, parts, year, on, published)
    faults = [*_missing(profile, published), *_can_not_be_filed(profile, published, year - 1)]
    remarks = [
        *_missing_meanwhile(profile, published),
        *empty,
        *_nobody_fits(rows),
        *_words(profile, published),
        *_texts(profile, parts, on),
        *_desks(profile, published, on),
        *_lists(published),
    ]
    return Readiness(faults, list(dict.fromkeys(remarks)), [row for row in rows if row.form])


def _yearly(profile: Profile) -> list[str]:
    return list(dict.fromkeys(use.form for use in uses(profile) if Kind.ANNUAL in use.kinds))


def _missing(profile: Profile, published: dict[str, Questionnaire | None]) -> Iterator[str]:
    forms = _yearly(profile)
    if not forms:
        yield _("No form is used for the yearly round. Choose one under “Forms”, or name it in the City's settings.")
    for form_id in forms:
        if published[form_id] is None:
            yield _("The form %(form)s is not published yet. Publish it first.", form=form_id)


def _can_not_be_filed(profile: Profile, published: dict[str, Questionnaire | None], reporting_year: int) -> Iterator[str]:
    """What FORMAT.md says of amounts, and what the settings lack since the form was published."""
    for form_id in _yearly(profile):
        found = published[form_id]
        if found is None:
            continue
        form = form_of(found)
        for name in sorted(form.used_thresholds):
            if form.row(name, reporting_year) is None:
                yield _(
                    "The form %(form)s has no amount “%(name)s” for the year %(year)s. Add a row for it and publish it again.",
                    form=form_id,
                    name=name,
                    year=reporting_year,
                )
        for told in disagreements(profile, found.content):
            yield _("%(fault)s Correct the City's settings, or the form, and load or publish it again.", fault=told)


def _missing_meanwhile(profile: Profile, published: dict[str, Questionnaire | None]) -> Iterator[str]:
    yearly = set(_yearly(profile))
    for use in uses(profile):
        kinds = [kind.label for kind in MEANWHILE if kind in use.kinds]
        if published[use.form] is None and kinds and use.form not in yearly:
            told = ", ".join(str(kind) for kind in kinds)
            yield _(
                "The form %(form)s (%(kinds)s) is not published. Publish it before somebody needs it.", form=use.form, kinds=told
            )


def _asked(
    profile: Profile, parts: Sequence[CampaignPart], year: int, on: date, published: dict[str, Questionnaire | None]
) -> tuple[list[Asked], list[str]]:
    """Who is asked what, worked out once for each position of the roster; and the levels at which a form asks nothing."""
    asking, empty = Asking(profile), list[str]()
    counts: dict[tuple[int, str, str], int] = {}
    named = {group.casefold(): part for part in reversed(parts) for group in part.groups}
    everyone_else = next((part for part in parts if not part.groups), None)
    positions = (
        select(Person.title, Person.department, Person.group, func.count())
        .where(Person.active, Person.employee)
        .group_by(Person.title, Person.department, Person.group)
        .order_by(Person.group, Person.title, Person.department)
    )
    seen: set[tuple[str, str]] = set()
    for title, department, group, number in db.session.execute(positions):
        part = named.get(group.casefold(), everyone_else)
        if part is None:
            continue
        found = asking.of(Person(title=title, department=department, group=group), Kind.ANNUAL, part)
        for form_id, level, filer in [(one.form_id, one.level, one.filer) for one in found] or [("", "", {})]:
            place = (part.position, form_id, level)
            counts[place] = counts.get(place, 0) + number
            questionnaire = published.get(form_id)
            if questionnaire is not None and (form_id, level) not in seen:
                seen.add((form_id, level))
                setting = Setting(filer=filer, reporting_year=year - 1, signed_on=on, city=profile.city.short)
                if not _asks_something(form_of(questionnaire), setting):
                    empty.append(_asks_nothing(form_id, level))
    by_place = {part.position: part for part in parts}
    return [Asked(by_place[place], form, level, number) for (place, form, level), number in sorted(counts.items())], empty


def _asks_something(form: Form, setting: Setting) -> bool:
    found = evaluate(form, {}, setting)
    return bool(found.shown) or any(fault.path == "reporting_year" for fault in found.faults)


def _asks_nothing(form_id: str, level: str) -> str:
    told = str(Level(level).label) if level in set(Level) else level
    return _("The form %(form)s asks nothing at the level “%(level)s”. Correct the form, or the level.", form=form_id, level=told)


def _nobody_fits(rows: Sequence[Asked]) -> Iterator[str]:
    for row in rows:
        if not row.form:
            yield ngettext(
                "%(num)s person of the part “%(part)s” is asked for no form. Look at the settings if that is not meant.",
                "%(num)s people of the part “%(part)s” are asked for no form. Look at the settings if that is not meant.",
                row.people,
                part=", ".join(row.part.groups) or _("Everybody else"),
            )


def _words(profile: Profile, published: dict[str, Questionnaire | None]) -> Iterator[str]:
    if "es" not in profile.city.languages:
        return
    for form_id, found in published.items():
        places = without_spanish(form_of(found)) if found is not None else 0
        if places:
            yield ngettext(
                "The form %(form)s has no Spanish at %(num)s place; English shows there. Add it and publish the form again.",
                "The form %(form)s has no Spanish at %(num)s places; English shows there. Add it and publish the form again.",
                places,
                form=form_id,
            )


def _texts(profile: Profile, parts: Sequence[CampaignPart], on: date) -> Iterator[str]:
    used = {name for part in parts for name in (part.policies if part.policies is not None else [])}
    everything = any(part.policies is None for part in parts)
    in_effect = {one.policy_id: one for one in policies.listed(max([part.due_on for part in parts], default=on))}
    for policy in profile.policies:
        if not everything and policy.id not in used:
            continue
        title, version = in_language(policy.title, language()), in_effect.get(policy.id)
        if version is None:
            yield _("The policy “%(policy)s” has no text in effect by the due date. Put one in under “Policies”.", policy=title)
        elif not policies.may_be_shown(version):
            yield _(
                "The text of the policy “%(policy)s” is our summary, and the City has not approved it: nobody can read it here. "
                "Put the City's own text in, or approve the summary in the settings.",
                policy=title,
            )
        else:
            for code in profile.city.languages:
                if not version.text.get(code):
                    yield _("The policy “%(policy)s” has no text in “%(language)s”. Put it in.", policy=title, language=code)


def _desks(profile: Profile, published: dict[str, Questionnaire | None], on: date) -> Iterator[str]:
    used = {rule.desk for rule in profile.routing} | set(profile.reviews.values())
    for found in published.values():
        used |= routes_of(found.content) if found is not None else set()
    for name in sorted(used & set(profile.desks)):
        if not members(name, on):
            label = in_language(profile.desks[name].label, language())
            yield _("Nobody is at the desk “%(desk)s”. What comes there waits until somebody holds its role.", desk=label)


def _lists(published: dict[str, Questionnaire | None]) -> Iterator[str]:
    known = city_lists()
    named = {name for found in published.values() if found is not None for name in lists_named(form_of(found))}
    for name in sorted(named):
        if not known.loaded(name):
            yield _(
                "The list %(name)s is not loaded: nothing is compared with it. Load it with a command of the host.",
                name=humanised(name),
            )
