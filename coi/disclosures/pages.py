"""Puts the pages of a draft together: steps, sections, policies, what is wrong, what two windows say; reads only."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import g, render_template, url_for
from flask_babel import gettext as _

from coi.disclosures import carried, carrying, comparing, queries
from coi.disclosures.asking import TEXTS, AskedSection, Page
from coi.disclosures.cards import Card, cards_of, join
from coi.disclosures.corrected import Corrected, corrected
from coi.disclosures.differences import differences, in_words, said_differently
from coi.disclosures.home import policy_address
from coi.disclosures.naming import own_names
from coi.disclosures.posted import Posted
from coi.disclosures.sameness import same
from coi.disclosures.shown import Section, shown_draft
from coi.languages import day, language
from coi.models import Disclosure, Draft, PolicyVersion
from coi.policies import queries as policies
from coi.profiles.current import today
from coi.questionnaires.queries import form_of
from coi.questionnaires.words import ask_at
from coi.vocabulary import Receipt
from forms.base import number_warning
from forms.built import anchor_of


@dataclass
class PolicyAsked:
    """One policy beside the signature: what may be said about it, and what was said."""

    version: PolicyVersion
    title: str
    receipt: str
    objection: str
    errors: list[str]
    address: str = ""
    newer: bool = False
    first: bool = False

    @property
    def anchor(self) -> str:
        """Where an error about it leads to."""
        return f"policy.{self.version.id}"


@dataclass
class Typed:
    """What a page that was refused holds: shown again as it was typed."""

    posted: Posted
    faults: dict[str, str] = field(default_factory=dict)
    open_policies: Sequence[PolicyVersion] = ()
    name: str = ""
    agreed: bool = False
    key: str = ""
    newer: list[tuple[str, str, str]] = field(default_factory=list)
    notice: Any = ""


class DraftPage:
    """A draft as the reader sees it now, with what was typed on a refused page over what is kept."""

    def __init__(self, disclosure: Disclosure, draft: Draft, *, check: bool = False, typed: Typed | None = None) -> None:
        self.disclosure, self.draft, self.typed, self.check = disclosure, draft, typed, check
        self.on = today(g.now)
        self.form = form_of(draft.questionnaire)
        self.setting = queries.setting_of(draft, self.on)
        answers = {**draft.answers, **typed.posted.answers} if typed else draft.answers
        self.carried = draft.carried or {}
        if typed and typed.posted.said:
            answers, self.carried = carrying.after(self.form, self.setting, answers, self.carried, typed.posted.said)
        self.page = Page(self.form, self.setting, answers, language(), check=check)
        self.page.before = self._answers_before()
        standings = carrying.standings(self.form, self.page.answers, self.carried, self.setting, self.page.evaluation)
        self.cards = cards_of(self.page, standings, self.carried.get("gone", ()), check)
        self.sections = self.page.sections()
        self.faults = typed.faults if typed else {}
        for asked in self._every(self.sections):
            if asked.anchor in self.faults:
                asked.errors.append(self.faults[asked.anchor])

    def _answers_before(self) -> dict[str, str]:
        """What the person answered the last time, beside each question outside lists; in a correction only what differs."""
        last = self.carried.get("last", {})
        asks = [ask for ask in self.form.by_id.values() if ask.id in last and ask.entries is None]
        again = self.disclosure.version > 0
        return {
            ask.id: _(
                "Your answer on %(day)s: %(answer)s",
                day=day(date.fromisoformat(self.carried["last_on"])),
                answer=in_words(self.page, ask, last[ask.id]),
            )
            for ask in asks
            if not (again and same(self.page.answers.get(ask.id), last[ask.id]))
        }

    def _every(self, sections: Sequence[AskedSection]) -> list[Any]:
        found: list[Any] = []
        waiting = [asked for section in sections for asked in section.asks]
        while waiting:
            asked = waiting.pop(0)
            found.append(asked)
            waiting = [one for entry in asked.entries for one in entry.asks] + waiting
        return found

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The title and address of every step: a page per section, the review, the signature."""
        reference = self.disclosure.reference
        told = [(_("What you told us before"), url_for("disclosures.before", reference=reference))] if self.cards else []
        told += [(one.title, url_for("disclosures.edit", reference=reference, section=one.id)) for one in self.sections]
        told.append((_("Check your answers"), url_for("disclosures.review", reference=reference)))
        told.append((_("Sign"), url_for("disclosures.sign", reference=reference)))
        return told

    def next_after(self, section_id: str) -> str:
        """Where "Save and continue" leads to."""
        here = url_for("disclosures.edit", reference=self.disclosure.reference, section=section_id)
        addresses = [address for _title, address in self.steps]
        return addresses[addresses.index(here) + 1] if here in addresses else addresses[0]

    def faults_in(self, section: AskedSection) -> list[tuple[str, str]]:
        """The faults of one section, with the id that each leads to."""
        return [(self._target(one), f"{one.title} {message}") for one in self._every([section]) for message in one.errors]

    @staticmethod
    def _target(asked: Any) -> str:
        several = asked.ask.type in ("yes_no", "choice", "multi")
        return f"{asked.anchor}-0" if several else str(asked.anchor)

    def every_fault(self) -> list[tuple[str, str]]:
        """The faults of the whole page, top to bottom; what belongs to no question stands first."""
        told = [("", message) for anchor, message in self.faults.items() if not self._is_shown(anchor)]
        told += self.faults_of_cards()
        told += [fault for section in self.sections for fault in self.faults_in(section)]
        told += [(f"{one.anchor}-0", f"{one.title}: {message}") for one in self.policies() for message in one.errors]
        form_wide = self.page.faults.get("reporting_year")
        return ([("", form_wide)] if form_wide else []) + told

    def faults_of_cards(self) -> list[tuple[str, str]]:
        """What is still to be said of entries of an earlier form."""
        return [(f"{card.anchor}-0", f"{card.what}: {message}") for card in self.cards for message in card.errors]

    def _is_shown(self, anchor: str) -> bool:
        return anchor in {one.anchor for one in self._every(self.sections)} or anchor in ("signed_name", "agreed")

    def policies(self) -> list[PolicyAsked]:
        """What is to be said about each policy; "received" stands chosen until another is."""
        said = {**self.draft.policies, **(self.typed.posted.policies if self.typed else {})}
        missing = {one.id for one in self.typed.open_policies} if self.typed else set()
        told = []
        for version in queries.policies_due(self.disclosure, self.draft.filer, self.on):
            mine = said.get(str(version.id)) or {}
            receipt = mine.get("receipt") or Receipt.RECEIVED.value
            errors, newer = [], policies.is_new_to(self.disclosure.filer_id, version)
            if version.id in missing:
                errors = [_("Write what you object to.") if receipt == Receipt.OBJECTION else _("Choose one.")]
            title = version.title.get(language()) or version.title["en"]
            first = not newer and policies.is_first_for(self.disclosure.filer_id, version)
            words = (receipt, mine.get("objection", ""), errors)
            told.append(PolicyAsked(version, title, *words, policy_address(version), newer, first))
        return told

    def missing(self) -> list[tuple[str, str, str]]:
        """What still keeps the form from being signed: question, what to do, and the address of the field."""
        found = queries.evaluated(self.draft, self.on, agreed=True)
        page = Page(self.form, self.setting, self.draft.answers, language(), check=True)
        where = {section.id: section for section in page.sections()}
        told = [(card.what, message, self._before(card)) for card in self._open_cards() for message in card.errors]
        for fault in found.faults:
            top = fault.path.split("[")[0].split(".")[0]
            ask, section = ask_at(fault.path, self.form), self.form.section_of.get(top)
            title = page.words(ask.title) if ask else ""
            address = ""
            if section is not None and section.id in where:
                address = url_for(
                    "disclosures.edit",
                    reference=self.disclosure.reference,
                    section=section.id,
                    check="yes",
                    _anchor=anchor_of(fault.path),
                )
            told.append((title, page.faults.get(fault.path) or _("Please answer this."), address))
        return told

    def _open_cards(self) -> list[Card]:
        told = carried.standings_of(self.draft, self.setting, queries.evaluated(self.draft, self.on))
        return [card for card in cards_of(self.page, told, self.carried.get("gone", ()), check=True) if card.open]

    def _before(self, card: Card) -> str:
        reference = self.disclosure.reference
        return url_for("disclosures.before", reference=reference, check="yes", _anchor=f"{card.anchor}-0")

    def corrected(self) -> Corrected | None:
        """What to say where the form was corrected under this draft (U24)."""
        return corrected(self.draft, self.page, self.typed.posted.gone if self.typed else {})

    def private_numbers(self, here: bool = False) -> list[tuple[str, str]]:
        """The texts that hold a number nobody needs: question and address; with `here` they all stand on this page."""
        reference = self.disclosure.reference
        told = [
            (one.title, "" if here else url_for("disclosures.edit", reference=reference, section=section.id), one.anchor)
            for section in self.sections
            for one in self._every([section])
            if one.ask.type in TEXTS and number_warning(one.one.data)
        ]
        sign = "" if here else url_for("disclosures.sign", reference=reference)
        told += [(one.title, sign, f"objection.{one.version.id}") for one in self.policies() if number_warning(one.objection)]
        return [(title, f"{address}#{anchor}") for title, address, anchor in told]

    def dropped(self) -> list[tuple[str, str]]:
        """What was typed and is not asked any more, in words: it will not be signed."""
        return dropped_in_words(self.page, self.draft.answers)

    def around(self) -> dict[str, Any]:
        """What every page of a draft shows."""
        steps = self.steps
        return {
            "disclosure": self.disclosure,
            "draft": self.draft,
            "page": self,
            "title": self.page.words(self.form.title),
            "sections": self.sections,
            "labels": [title for title, _address in steps],
            "revision": self.typed.posted.revision if self.typed and not self.typed.newer else self.draft.revision,
            "typed": self.typed,
            "can_no_to_all": any(one.ask.type == "yes_no" and one.ask.id in self._doors() for one in self._every(self.sections)),
            "signed_before": self.disclosure.version > 0,
            "cards": self.cards,
            "cards_open": sum(1 for card in self.cards if card.open),
            "own_names": own_names(self.disclosure.filer_id, self.draft),
            "roster": self.disclosure.filer,
            "dropped": self.dropped(),
        }

    def _doors(self) -> set[str]:
        from coi.disclosures.actions import opens_a_list

        return set(opens_a_list(self.form))

    def signature(self) -> dict[str, Any]:
        """What stands beside the signature; the key makes one signature of two clicks."""
        return {
            "sentences": queries.attestation(self.draft, self.on, language()),
            "policies": self.policies(),
            "Receipt": Receipt,
            "signed_name": self.typed.name if self.typed else "",
            "agreed": self.typed.agreed if self.typed else False,
            "key": self.typed.key if self.typed and self.typed.key else secrets.token_urlsafe(18),
            "field_faults": {name: self.faults[name] for name in ("signed_name", "agreed") if name in self.faults},
        }

    def section_page(self, section: AskedSection) -> str:
        """One section as a page."""
        join(self.cards, self.sections, inside=False)
        return render_template(
            "disclosures/edit.html",
            **self.around(),
            section=section,
            current=self.place(section),
            faults=self._faults_of(section),
        )

    def _faults_of(self, section: AskedSection) -> list[tuple[str, str]]:
        told = [("", message) for anchor, message in self.faults.items() if not self._is_shown(anchor)]
        return told + self.faults_in(section)

    def place(self, section: AskedSection) -> int:
        """The number of a section's step, from 1."""
        return [one.id for one in self.sections].index(section.id) + (2 if self.cards else 1)

    def before_page(self) -> str:
        """What was told before, entry by entry, as a page of its own."""
        join(self.cards, self.sections, inside=True)
        lists = {card.standing.item.question for card in self.cards}
        return render_template(
            "disclosures/before.html",
            **self.around(),
            current=1,
            lists=[asked for section in self.sections for asked in section.asks if asked.ask.id in lists],
            faults=[("", message) for message in self.faults.values()] + self.faults_of_cards(),
        )

    def one_page(self) -> str:
        """The whole form with the signature, on one page."""
        join(self.cards, self.sections, inside=True)
        faults = self.every_fault() + [(name, told) for name, told in self.faults.items() if name in ("signed_name", "agreed")]
        return render_template("disclosures/one_page.html", **self.around(), **self.signature(), faults=faults)

    def review_page(self) -> str:
        """Everything as it will be signed, what is missing and what was dropped."""
        return render_template(
            "disclosures/review.html",
            **self.around(),
            shown=self._without_boxes(shown_draft(self.draft, self.on, language())),
            changes=comparing.of_draft(self.disclosure, self.draft, self.on, language()),
            missing=self.missing(),
            carry=carried.carry_in(self.draft, self.on, queries.evaluated(self.draft, self.on)),
            current=len(self.steps) - 1,
        )

    def _without_boxes(self, shown: list[Section]) -> list[Section]:
        """The review without the boxes to tick, which stand on the signing page."""
        kept = [
            replace(one, answers=tuple(each for each in one.answers if each.question_id not in self.page.boxes)) for one in shown
        ]
        return [one for one in kept if one.answers]

    def sign_page(self) -> str:
        """The signature, after the review."""
        faults = [(f"{one.anchor}-0", f"{one.title}: {message}") for one in self.policies() for message in one.errors]
        faults += [(name if name in ("signed_name", "agreed") else "", told) for name, told in self.faults.items()]
        return render_template(
            "disclosures/sign.html",
            **self.around(),
            **self.signature(),
            missing=self.missing(),
            faults=faults,
            current=len(self.steps),
        )


def dropped_in_words(page: Page, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The question and the words of what was typed and is not asked."""
    told: dict[tuple[str, str], None] = {}
    for path in page.evaluation.dropped:
        ask = ask_at(path, page.form)
        if ask is not None:
            told[page.words(ask.title), in_words(page, ask, _typed_at(answers, path))] = None
    return list(told)


def _typed_at(answers: Any, path: str) -> Any:
    """What a draft holds at a path such as `gifts[0].trip`."""
    here = answers
    for part in path.replace("]", "").replace("[", ".").split("."):
        if isinstance(here, list):
            here = here[int(part)] if part.isdigit() and int(part) < len(here) else None
        else:
            here = here.get(part) if isinstance(here, Mapping) else None
    return here


def two_windows(draft: Draft, posted: Posted, notice: Any) -> Typed:
    """A refused page whose form was changed elsewhere meanwhile: both texts of every answer that differs."""
    form = form_of(draft.questionnaire)
    page = Page(form, queries.setting_of(draft, today(g.now)), draft.answers, language())
    newer = differences(page, draft.answers, posted.answers) + said_differently(draft.policies, posted.policies)
    return Typed(posted, newer=newer, notice=notice)
