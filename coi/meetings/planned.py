"""The plan that lies before the final body: drafted with the recommendation, proposed with the cover; in words; reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from coi.db import db
from coi.languages import day, language
from coi.meetings import queries
from coi.models import BodyCover, Disclosure, Person, Recommendation
from coi.plans.drafting import Draft, Terms, of_strings, values_of
from coi.plans.editor import ready_plan
from coi.plans.words import rule_in_words
from coi.profiles.current import current_profile
from coi.review import queries as review
from coi.rules.form import in_language
from coi.rules.plans import AT_ONCE, filled
from coi.vocabulary import Party


def kept(terms: Terms) -> dict[str, str]:
    """The terms as a cover keeps them."""
    day_of = terms.holds_from.isoformat() if terms.holds_from else ""
    return {"rule": terms.rule, "holds_from": day_of, "meanwhile": terms.meanwhile}


def terms_of(told: Mapping[str, str]) -> Terms:
    """The terms that a cover kept; blank where it has none."""
    on = told.get("holds_from") or ""
    return Terms(told.get("rule", ""), date.fromisoformat(on) if on else None, told.get("meanwhile", ""))


def drafts_in(one: BodyCover | Recommendation, disclosure: Disclosure) -> list[Draft]:
    """The conditions of a cover or a recommendation as rows of the editor; an older one kept codes only."""
    return list(one.plan) or of_strings(one.conditions, disclosure)


def ready(form: Any, disclosure: Disclosure, *, fresh: bool) -> None:
    """Choices and words of the editor's rows; a fresh form begins with the cover's plan, else with the recommended one."""
    sent = queries.cover(disclosure) if fresh else None
    begins = sent or (review.standing_recommendation(disclosure) if fresh else None)
    if begins is not None:
        form.plan.entries = [form.plan.row(values_of(one)) for one in drafts_in(begins, disclosure)]
    if sent is not None:
        terms = terms_of(sent.terms)
        form.rule.data, form.holds_from.data, form.meanwhile.data = terms.rule, terms.holds_from, terms.meanwhile
    ready_plan(form, disclosure, fresh=False)


@dataclass(frozen=True)
class Told:
    """One proposed condition in the reader's language, and who keeps it, by when, how it is shown, who confirms."""

    text: str
    rows: list[tuple[str, str]]

    @property
    def line(self) -> str:
        """All that stands beside the words of the condition, in one line."""
        return " · ".join(f"{label}: {value}" for label, value in self.rows)


def in_words(one: BodyCover | Recommendation, disclosure: Disclosure) -> list[Told]:
    """The conditions of a cover or a recommendation as the members read them."""
    return [_told(draft, disclosure) for draft in drafts_in(one, disclosure)]


def terms_in_words(terms: Terms) -> list[tuple[str, str]]:
    """The rule, the day and what goes on meanwhile, where they were given."""
    on = day(terms.holds_from) if terms.holds_from else ""
    rows = [(_("The rule"), terms.rule), (_("From when"), on), (_("Meanwhile"), terms.meanwhile)]
    return [(label, value) for label, value in rows if value]


def _told(draft: Draft, disclosure: Disclosure) -> Told:
    known = current_profile().condition(draft.get("code", ""))
    names = _names(draft.get(number, "") for number in ("handled_by", "owner_number", "confirms_number"))
    text, proof = draft.get("own_words", ""), draft.get("proof", "")
    if known is not None:
        values = {
            "matter": draft.get("matter") or _("this matter"),
            "party": draft.get("party") or _("this party"),
            "Name": names.get(draft.get("handled_by", ""), "") or draft.get("handled_by") or _("Somebody else"),
        }
        text = filled(in_language(known.text, language()), values)
        proof = str(known.proof) if not proof or proof in known.proof.words.values() else proof
    on = draft.get("due_on") or ""
    rows = [
        (_("Who keeps it"), _who(draft.get("owner", ""), draft.get("owner_number", ""), names, disclosure)),
        (_("By when"), day(date.fromisoformat(on)) if on else rule_in_words(draft.get("due") or AT_ONCE)),
        (_("How it is shown"), proof),
        (_("Who confirms it"), _who(draft.get("confirms") or Party.OFFICE, draft.get("confirms_number", ""), names, disclosure)),
    ]
    return Told(text, [(label, value) for label, value in rows if value])


def _names(numbers: Iterable[str]) -> dict[str, str]:
    """Names by employee number; a number that nobody has stays a number until it is decided, where it is refused."""
    wanted = {one for one in numbers if one}
    if not wanted:
        return {}
    return {one.number or "": one.name for one in db.session.scalars(select(Person).where(Person.number.in_(wanted)))}


def _who(party: str, number: str, names: Mapping[str, str], disclosure: Disclosure) -> str:
    if party == Party.PERSON:
        return names.get(number) or number or str(Party.PERSON.label)
    return disclosure.filer.name if (party or Party.FILER) == Party.FILER else str(Party(party).label)
