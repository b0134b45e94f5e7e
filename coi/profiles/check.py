"""What a profile may not say although every key is right: names that lead nowhere, reviewers below the reviewed, dead rules."""

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from coi.notices.words import KINDS, PLACE, placeholders
from coi.profiles.schema import Profile
from coi.rules.cadence import NAMES
from coi.rules.conditions import holds
from coi.rules.deadlines import read_due
from coi.rules.plans import known_rule
from coi.rules.routing import BELOW
from coi.vocabulary import Kind, Risk

# The days from which a deadline of the profile may count.
EVENTS = frozenset({"told", "event", "event_date", "hired_on", "left_on", "campaign_due"})
MOST_COMBINATIONS = 20_000
CASE = {"risk": [risk.value for risk in Risk], "kind": [kind.value for kind in Kind], "department": None, "post": None}


def faults(profile: Profile) -> list[str]:
    """Every fault of a profile, one sentence each; empty when it may be loaded."""
    return [
        *_zone(profile),
        *_attributes(profile),
        *_desks(profile),
        *_conditions(profile),
        *_library(profile),
        *_routing(profile),
        *_policies(profile),
        *_dates(profile),
        *_letters(profile),
    ]


def warnings(profile: Profile) -> list[str]:
    """What a city should look at, although the profile may be loaded."""
    found = []
    for policy in profile.policies:
        for version in policy.versions:
            for language in profile.city.languages:
                if language not in version.text:
                    found.append(
                        f"policies {policy.id} {version.version}: binds people who read {language}, and has no text in it."
                    )
    return found


def _zone(profile: Profile) -> Iterator[str]:
    try:
        ZoneInfo(profile.city.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"city.time_zone: {profile.city.time_zone} is no time zone; write one such as America/New_York."


def _attributes(profile: Profile) -> Iterator[str]:
    known = {"title", "department", "group"}
    for name, attribute in profile.attributes.items():
        for source in attribute.from_.split("|"):
            if source.strip() not in known:
                yield f"attributes.{name}.from: {source.strip()} is neither a column of the roster nor an attribute above it."
        known.add(name)


def _desks(profile: Profile) -> Iterator[str]:
    for post, desk in profile.reviews.items():
        if desk not in profile.desks:
            yield f"reviews.{post}: there is no desk {desk}."
        elif profile.desks[desk].members in BELOW.get(post, frozenset()) or post in profile.desks[desk].appointed_by:
            yield f"reviews.{post}: the desk {desk} is under {post} or appointed by it; name another desk."
    for post in ("ethics", "commission"):
        if post not in profile.reviews:
            yield f"reviews.{post}: must name who reviews those who hold this right."
    posts = {code for attribute in _mapped(profile, "post") for code in attribute}
    for post in sorted(posts - set(profile.reviews)):
        yield f"reviews: nobody reviews the post {post}, which attributes.post knows."

    for post in sorted(set(profile.reviews) - posts - {"ethics", "commission"} if posts else set()):
        yield f"reviews.{post}: attributes.post knows no such post; it knows {', '.join(sorted(posts))}."


def _dates(profile: Profile) -> Iterator[str]:
    for kind, rule in profile.deadlines.items():
        try:
            event = read_due(rule).event
        except ValueError as fault:
            yield f"deadlines.{kind}: {fault}"
            continue
        if event and event not in EVENTS:
            yield f"deadlines.{kind}: {event} is no event; {', '.join(sorted(EVENTS))} are."
    for event in sorted(EVENTS & set(profile.events)):
        yield f"events.{event}: the day of {event} is known of each person; take it out."
    for number, part in enumerate(profile.campaign.parts):
        if part.due <= part.opens:
            yield f"campaign.parts[{number}]: is due on {part.due}, not after it opens on {part.opens}."


def _mapped(profile: Profile, name: str) -> Iterator[list[str]]:
    for code in profile.attributes[name].map.values() if name in profile.attributes else ():
        yield [code] if isinstance(code, str) else code


def from_group(profile: Profile) -> frozenset[str]:
    """`group` and every attribute that derives from it: such a thing sets neither desk nor priority."""
    derived = {"group"}
    for name, attribute in profile.attributes.items():
        if derived & {source.strip() for source in attribute.from_.split("|")}:
            derived.add(name)
    return frozenset(derived)


def _conditions(profile: Profile) -> Iterator[str]:
    named: list[tuple[str, Any, bool]] = [("filers", profile.filers, False)]
    named += [(f"forms[{number}].for", use.for_, False) for number, use in enumerate(profile.forms)]
    named += [(f"routing[{number}].when", rule.when, True) for number, rule in enumerate(profile.routing)]
    for policy in profile.policies:
        named += [(f"policies {policy.id} {version.version} binds", version.binds, False) for version in policy.versions]
    for place, when, may_read_case in named:
        if when is not None:
            yield from (f"{place}: {fault}" for fault in condition_faults(when, profile, may_read_case))


def _library(profile: Profile) -> Iterator[str]:
    """By when and by whom: a rule that can't be counted would leave a condition without a day."""
    for one in profile.conditions:
        try:
            known_rule(one.due)
        except ValueError as fault:
            yield f"conditions {one.code} due: {fault}"
        if one.confirmed_by not in ("supervisor", "ethics office"):
            yield f"conditions {one.code} confirmed_by: write supervisor or ethics office."


def condition_faults(when: Any, profile: Profile, may_read_case: bool) -> Iterator[str]:
    """What is wrong with one condition of a profile."""
    if not isinstance(when, dict) or not when:
        yield "a condition is a mapping such as {filer: level, is: full}."
        return
    for joint in ("all", "any"):
        if joint in when:
            parts = when[joint]
            if len(when) != 1 or not isinstance(parts, list) or not parts:
                yield f"{joint} takes a list of conditions and stands alone."
                return
            for part in parts:
                yield from condition_faults(part, profile, may_read_case)
            return
    if "not" in when:
        yield from condition_faults(when["not"], profile, may_read_case)
        return
    yield from _comparison_faults(when, profile, may_read_case)


def _comparison_faults(when: dict[str, Any], profile: Profile, may_read_case: bool) -> Iterator[str]:
    subjects = {"filer", "case"} & set(when)
    operators = {"is", "in", "answered"} & set(when)
    if len(subjects) != 1 or len(operators) != 1 or len(when) != 2:
        yield f"{when} needs one subject (filer, case) and one operator (is, in, answered)."
        return
    subject, operator = subjects.pop(), operators.pop()
    name = when[subject]
    codes = codes_of(profile, subject, name)
    if codes is None and not _known(profile, subject, name):
        yield f"{subject}: {name} is not known."
    if subject == "case" and not may_read_case:
        yield f"case: {name} can only be read by routing rules."
    values = when[operator] if operator == "in" else [when[operator]]
    if codes is not None and operator != "answered":
        known = ", ".join(sorted(codes))
        yield from (f"{value} is no value of {name}; it knows {known}." for value in values if value not in codes)


def _known(profile: Profile, subject: str, name: Any) -> bool:
    if subject == "case":
        return name in CASE
    return name in profile.attributes or name in ("kind", "department", "group", "title")


def codes_of(profile: Profile, subject: str, name: Any) -> list[str] | None:
    """Every value that a subject can have, or None for free text."""
    if subject == "case" and name == "post":
        return sorted({code for codes in _mapped(profile, "post") for code in codes} | {"ethics", "commission"})
    if subject == "case":
        return CASE.get(name)
    if name == "kind":
        return [kind.value for kind in Kind]
    if name in profile.attributes:
        return sorted({code for codes in _mapped(profile, name) for code in codes})
    return None


def _routing(profile: Profile) -> Iterator[str]:
    grouped = from_group(profile)
    for number, rule in enumerate(profile.routing):
        if rule.desk not in profile.desks:
            yield f"routing[{number}].desk: there is no desk {rule.desk}."
        for name in subjects_of(rule.when, "filer"):
            if name in grouped:
                yield f"routing[{number}].when: {name} comes from the group, and a group sets no desk."
        if rule.when is None and number != len(profile.routing) - 1:
            yield f"routing[{number}]: fits everything, so the rules after it never fit."
    if profile.routing[-1].when is not None:
        yield "routing: the last rule must have no `when`: it takes what no other rule took."
    yield from (f"routing[{number}].when: can never fit." for number in never_fit(profile))


def subjects_of(when: Any, subject: str) -> Iterator[str]:
    """The names that a condition reads of one subject."""
    if isinstance(when, dict):
        if subject in when:
            yield str(when[subject])
        for inner in ("all", "any"):
            for part in when.get(inner) or ():
                yield from subjects_of(part, subject)
        yield from subjects_of(when.get("not"), subject)


def never_fit(profile: Profile) -> list[int]:
    """Rules that fit no combination of the values they read that an earlier rule had not taken already."""
    rules = [rule.when for rule in profile.routing]
    read = sorted({(subject, name) for when in rules for subject in ("filer", "case") for name in subjects_of(when, subject)})
    values = [_tried(profile, rules, subject, name) for subject, name in read]
    fitted: set[int] = set()
    combinations: Iterable[tuple[Any, ...]] = product(*values)
    tried = 0
    for combination in islice(combinations, MOST_COMBINATIONS):
        tried += 1
        facts: dict[str, dict[str, Any]] = {"filer": {}, "case": {}}
        for (subject, name), value in zip(read, combination, strict=True):
            facts[subject][name] = value
        fitted.add(next((number for number, when in enumerate(rules) if when is None or holds(when, facts)), -1))
    if tried == MOST_COMBINATIONS:
        return []
    return [number for number, when in enumerate(rules) if when is not None and number not in fitted]


def _tried(profile: Profile, rules: list[Any], subject: str, name: str) -> list[Any]:
    codes = codes_of(profile, subject, name)
    if codes is None:
        codes = sorted({str(value) for when in rules for value in _values(when, subject, name)})
    return [*codes, ""]


def _values(when: Any, subject: str, name: str) -> Iterator[Any]:
    if not isinstance(when, dict):
        return
    if when.get(subject) == name:
        told = when.get("in", when.get("is"))
        yield from told if isinstance(told, list) else [told]
    for inner in ("all", "any"):
        for part in when.get(inner) or ():
            yield from _values(part, subject, name)
    yield from _values(when.get("not"), subject, name)


def _letters(profile: Profile) -> Iterator[str]:
    """Words for letters that nobody writes, placeholders that stand for nothing, steps and hours that can't be."""
    first, last = profile.letters.hours
    if not 0 <= first < last <= 24:
        yield f"letters.hours: {first} to {last} are no hours of a day; write two such as [8, 17]."
    for step in sorted(set(profile.letters.cadence) - set(NAMES)):
        yield f"letters.cadence: there is no step {step}; there are {', '.join(NAMES)}."
    for kind, own in profile.letters.words.items():
        if kind not in KINDS:
            yield f"letters.{kind}: there is no such letter; there are {', '.join(sorted(KINDS))}."
            continue
        known = placeholders(kind)
        texts = [("subject", own.subject), ("body", own.body)]
        for place, language, name in (
            (place, language, name) for place, words in texts for language, text in words.items() for name in PLACE.findall(text)
        ):
            if name not in known:
                listed = ", ".join(f"{{{one}}}" for one in known)
                yield f"letters.{kind}.{place}.{language}: nothing is known as {{{name}}}; this letter knows {listed}."
    if sum(not signer.departments for signer in profile.letters.signed_by[:-1]):
        yield "letters.signed_by: only the last may be without departments: it signs for everybody whom no other signs for."


def _policies(profile: Profile) -> Iterator[str]:
    known = [policy.id for policy in profile.policies]
    for name in sorted({name for name in known if known.count(name) > 1}):
        yield f"policies: {name} stands twice."
    for number, part in enumerate(profile.campaign.parts):
        for name in part.policies or []:
            if name not in known:
                yield f"campaign.parts[{number}].policies: there is no policy {name}."
    named = [group for part in profile.campaign.parts for group in part.groups]
    for group in sorted({group for group in named if named.count(group) > 1}):
        yield f"campaign.parts: the group {group} stands in two parts."
    if sum(not part.groups for part in profile.campaign.parts) > 1:
        yield "campaign.parts: only one part may be without groups: it takes everyone whom no other part names."
