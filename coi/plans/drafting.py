"""Draft plans: from the editor or from bare codes to conditions with people, days and words in both languages; writes nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from coi.db import db
from coi.errors import Refused
from coi.languages import LANGUAGES, speaking
from coi.models import Disclosure, DisclosureVersion, Person
from coi.profiles.current import current_profile
from coi.profiles.schema import LibraryCondition
from coi.questionnaires.queries import form_of
from coi.review.queries import signed_version
from coi.rules.form import INTERNAL
from coi.rules.plans import AT_ONCE, ON_A_DAY, RESTS_ON_A_RULE, due_on, filled
from coi.vendors.queries import EMPLOYEE_LIST
from coi.vocabulary import Outcome, Party

Draft = dict[str, str]


@dataclass(frozen=True)
class Terms:
    """What the second person says of the whole plan: the rule, from when it holds, what goes on meanwhile."""

    rule: str = ""
    holds_from: date | None = None
    meanwhile: str = ""


def terms_of(form: Any) -> Terms:
    """What was typed under "For the letter"."""
    return Terms(form.rule.data or "", form.holds_from.data, form.meanwhile.data or "")


def resting(terms: Terms, outcome: Outcome, decided: date) -> Terms:
    """The terms of a decision as they are kept: the rule is there, and the day is that of the decision where none was given.

    Every hand that decides asks this, for the most severe outcome of the filing. Raises Refused (field `rule`) where the outcome
    asks for a rule and none was given (U45).
    """
    if outcome not in RESTS_ON_A_RULE:
        return terms
    if not terms.rule.strip():
        raise Refused(
            _l("Name the rule that this decision rests on. “Allowed with conditions” and “Not allowed” need one."), "rule"
        )
    return replace(terms, holds_from=terms.holds_from or decided)


@dataclass(frozen=True)
class Made:
    """A condition as it will be kept."""

    code: str
    text: dict[str, str]
    proof: dict[str, str]
    due_rule: str
    due_on: date | None
    owner: Party
    owner_id: int | None
    confirms: Party
    confirmer_id: int | None
    matter: str
    party: str
    handled_by: Person | None


def drafts_of(rows: Iterable[Any]) -> list[Draft]:
    """The rows of the editor as they are kept with a recommendation: every field as text."""
    return [
        {name: value.isoformat() if isinstance(value, date) else (value or "") for name, value in row.form.data.items()}
        for row in rows
    ]


def values_of(draft: Mapping[str, str]) -> dict[str, Any]:
    """What the editor's row starts with."""
    day = draft.get("due_on") or ""
    return {**draft, "due_on": date.fromisoformat(day) if day else None}


def of_strings(conditions: Sequence[Any], disclosure: Disclosure) -> list[Draft]:
    """Codes of the library, or own words, as drafts: kept by the filer, about the parties of the filing."""
    party = parties_of(disclosure) if conditions else ""
    made: list[Draft] = []
    for told in map(str, conditions):
        known = current_profile().condition(told)
        base = {"owner": Party.FILER.value, "due": known.due if known else AT_ONCE, "party": party if known else ""}
        confirms = Party.SUPERVISOR if known and known.confirmed_by == "supervisor" else Party.OFFICE
        own = {"code": known.code if known else "", "own_words": "" if known else told}
        made.append({**base, **own, "proof": str(known.proof) if known else "", "confirms": confirms.value})
    return made


def only_from_the_library(drafts: Iterable[Mapping[str, str]]) -> None:
    """Own words need a second person. Raises Refused (field `conditions`)."""
    known = {one.code for one in current_profile().conditions if one.on}
    if any(draft.get("code") not in known or draft.get("own_words") for draft in drafts):
        raise Refused(
            _l("Without a second person, take conditions from the library only. For your own words, escalate the case."),
            "conditions",
        )


def strings_of(drafts: Iterable[Mapping[str, str]]) -> list[str]:
    """What a decision names of its conditions: the code, or the own words."""
    return [draft.get("code") or draft.get("own_words", "") for draft in drafts]


def parties_of(disclosure: Disclosure) -> str:
    """The outside names of the newest signed version, each once: only what the form looks up in a list of organisations.

    A condition about a party is read by supervisor, clerk and procurement; who a relative is, is not theirs to know.
    """
    version = signed_version(disclosure)
    if version is None:
        return ""
    return " · ".join(organisations_of(version))[:500]


def organisations_of(version: DisclosureVersion, kinds: Collection[str] = ("text", "address")) -> list[str]:
    """The outside names of a signed version that the form looks up in a list of organisations, each once; without an
    address, which may be a home, where `kinds` has none."""
    form, named = form_of(version.questionnaire), (one for one in version.interests if one.party)
    return list(dict.fromkeys(one.party for one in named if _names_an_organisation(form.question(one.question_id), kinds)))


def _names_an_organisation(question: Any, kinds: Collection[str]) -> bool:
    fields = question.entries.fields if question.entries is not None else ()
    looked_up = {one.match for one in fields if one.match and one.type in kinds and one.visibility != INTERNAL}
    return bool(looked_up - {EMPLOYEE_LIST})


def made_of(draft: Mapping[str, str], number: int, filer: Person, decided: date, accept_by: date) -> Made:
    """The condition with its people and its day; raises Refused (field `plan`) for a number that nobody has."""
    known = current_profile().condition(draft.get("code", ""))
    owner, confirms = Party(draft.get("owner") or Party.FILER), Party(draft.get("confirms") or Party.OFFICE)
    owner_id = _person(owner, draft.get("owner_number", ""), filer, number)
    confirmer_id = _person(confirms, draft.get("confirms_number", ""), filer, number)
    if confirms is Party.SUPERVISOR and (confirmer_id is None or confirmer_id == owner_id):
        confirms, confirmer_id = Party.OFFICE, None  # nobody is known above the filer, or the supervisor keeps it
    if owner is Party.SUPERVISOR and owner_id is None:
        raise Refused(_("Condition %(number)s: the roster knows no supervisor. Name who keeps it.", number=number), "plan")
    if confirmer_id is not None and confirmer_id in (owner_id, filer.id):
        told = _("Condition %(number)s: who keeps it can't confirm it, and the filer can't. Choose somebody else.", number=number)
        raise Refused(told, "plan")
    handled_by = _by_number(draft["handled_by"], number) if draft.get("handled_by") else None
    if handled_by is not None and handled_by.id == filer.id:
        raise Refused(_("Condition %(number)s: the filer can't be who handles it.", number=number), "plan")
    rule = draft.get("due") or AT_ONCE
    day = date.fromisoformat(draft["due_on"]) if draft.get("due_on") else None
    if day is None and rule != ON_A_DAY:
        day = due_on(rule, decided, accept_by, current_profile().next_business_day)
    return Made(
        code=known.code if known else "",
        text=_texts(known, draft, handled_by),
        proof=_proof(known, draft.get("proof", "")),
        due_rule=rule,
        due_on=day,
        owner=owner,
        owner_id=owner_id,
        confirms=confirms,
        confirmer_id=confirmer_id,
        matter=draft.get("matter", ""),
        party=draft.get("party", ""),
        handled_by=handled_by,
    )


def _texts(known: LibraryCondition | None, draft: Mapping[str, str], handled_by: Person | None) -> dict[str, str]:
    told = {}
    for code in LANGUAGES:
        if known is None:
            told[code] = draft.get("own_words", "")
            continue
        with speaking(code):
            values = {
                "matter": draft.get("matter") or _("this matter"),
                "party": draft.get("party") or _("this party"),
                "Name": handled_by.name if handled_by else _("Somebody else"),
            }
        told[code] = filled(known.text.get(code) or known.text["en"], values)
    return told


def _proof(known: LibraryCondition | None, typed: str) -> dict[str, str]:
    """The library's own words in both languages where the officer left them; else the officer's."""
    if known is not None and (not typed or typed in known.proof.words.values()):
        return {code: known.proof.words.get(code) or known.proof.words["en"] for code in LANGUAGES}
    return dict.fromkeys(LANGUAGES, typed)


def _person(party: Party, typed: str, filer: Person, number: int) -> int | None:
    """Whose it is; None for the office, and where the roster names no supervisor."""
    if party is Party.FILER:
        return filer.id
    if party is Party.SUPERVISOR:
        return filer.supervisor_id
    return _by_number(typed, number).id if party is Party.PERSON else None


def _by_number(typed: str, number: int) -> Person:
    found = db.session.scalar(select(Person).where(Person.number == typed.strip(), Person.active))
    if found is None:
        told = _("Condition %(number)s: there is nobody with the number %(typed)s on the roster.", number=number, typed=typed)
        raise Refused(told, "plan")
    return found
