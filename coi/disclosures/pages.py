"""Puts the pages of a draft together: steps, sections, policies, what is wrong, what two windows say; reads only."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g, render_template, url_for
from flask_babel import gettext as _

from coi.disclosures import queries
from coi.disclosures.asking import AskedSection, Page
from coi.disclosures.differences import differences
from coi.disclosures.home import policy_address
from coi.disclosures.posted import Posted
from coi.disclosures.shown import Section, shown_draft
from coi.languages import language
from coi.models import Disclosure, Draft, PolicyVersion
from coi.policies import queries as policies
from coi.profiles.current import today
from coi.questionnaires.queries import form_of
from coi.questionnaires.words import ask_at
from coi.rules.completeness import Evaluation
from coi.vocabulary import Receipt
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
        self.page = Page(self.form, self.setting, answers, language(), check=check)
        self.sections = self.page.sections()
        self.faults = typed.faults if typed else {}
        for asked in self._every(self.sections):
            if asked.anchor in self.faults:
                asked.errors.append(self.faults[asked.anchor])

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
        told = [(one.title, url_for("disclosures.edit", reference=reference, section=one.id)) for one in self.sections]
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
        told += [fault for section in self.sections for fault in self.faults_in(section)]
        told += [(f"{one.anchor}-0", f"{one.title}: {message}") for one in self.policies() for message in one.errors]
        form_wide = self.page.faults.get("reporting_year")
        return ([("", form_wide)] if form_wide else []) + told

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
            told.append(PolicyAsked(version, title, receipt, mine.get("objection", ""), errors, policy_address(version), newer))
        return told

    def missing(self) -> list[tuple[str, str, str]]:
        """What still keeps the form from being signed: question, what to do, and the address of the field."""
        found = queries.evaluated(self.draft, self.on, agreed=True)
        page = Page(self.form, self.setting, self.draft.answers, language(), check=True)
        where = {section.id: section for section in page.sections()}
        told = []
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

    def dropped(self) -> list[str]:
        """The questions under which something was typed that is not asked any more: it will not be signed."""
        return dropped_titles(self.page, self.page.evaluation)

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
        return [one.id for one in self.sections].index(section.id) + 1

    def one_page(self) -> str:
        """The whole form with the signature, on one page."""
        faults = self.every_fault() + [(name, told) for name, told in self.faults.items() if name in ("signed_name", "agreed")]
        return render_template("disclosures/one_page.html", **self.around(), **self.signature(), faults=faults)

    def review_page(self) -> str:
        """Everything as it will be signed, what is missing and what was dropped."""
        return render_template(
            "disclosures/review.html",
            **self.around(),
            shown=self._without_boxes(shown_draft(self.draft, self.on, language())),
            missing=self.missing(),
            dropped=self.dropped(),
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


def dropped_titles(page: Page, found: Evaluation) -> list[str]:
    """The titles of what was typed and is not asked."""
    told = []
    for path in found.dropped:
        ask = ask_at(path, page.form)
        if ask is not None:
            told.append(page.words(ask.title))
    return list(dict.fromkeys(told))


def two_windows(draft: Draft, posted: Posted, notice: Any) -> Typed:
    """A refused page whose form was changed elsewhere meanwhile: both texts of every answer that differs."""
    form = form_of(draft.questionnaire)
    page = Page(form, queries.setting_of(draft, today(g.now)), draft.answers, language())
    return Typed(posted, newer=differences(page, draft.answers, posted.answers), notice=notice)
