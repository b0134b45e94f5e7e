"""The page on which a paper form is typed: the questions of the form, what it says of policies, name and day; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g, render_template
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from coi.attachments.queries import listed
from coi.disclosures.asking import TEXTS, AskedSection, Page
from coi.disclosures.posted import Posted, read_page
from coi.languages import language
from coi.models import PaperForm, PolicyVersion
from coi.paper import queries
from coi.paper.actions import Typed
from coi.profiles.current import today
from coi.questionnaires.queries import form_of
from coi.rules.form import in_language
from coi.vocabulary import Receipt
from forms.base import number_warning
from forms.paper import day_of, name_of


@dataclass
class Read:
    """What a POST of the page says: as it is kept, what was pressed, and what can't be kept at all."""

    typed: Typed
    posted: Posted
    faults: dict[str, str] = field(default_factory=dict)


def read(form: PaperForm, posted: MultiDict[str, str]) -> Read:
    """Reads one page."""
    told = read_page(form_of(form.questionnaire), posted, form.answers, queries.policies_on(form, g.today))
    name, bad_name = name_of(posted.get("signed_name"))
    day, bad_day = day_of(posted.get("signed_on", ""))
    faults = {anchor: message for anchor, message in told.faults.items() if anchor not in ("signed_name", "signed_on")}
    if bad_name:
        faults["signed_name"] = _("This can't be kept as a name. Type it on one line of at most 200 characters.")
    if bad_day:
        faults["signed_on"] = _("Give a real day as year, month, day, such as 2026-03-02.")
    return Read(Typed(told.answers, told.policies, name, day, told.revision), told, faults)


class PaperPage:
    """A paper form as its clerk sees it, with what was typed on a refused page over what is kept."""

    def __init__(
        self,
        form: PaperForm,
        *,
        check: bool = False,
        shown: Read | None = None,
        faults: Mapping[str, str] | None = None,
        missing: Sequence[PolicyVersion] = (),
        notice: Any = "",
    ) -> None:
        self.form, self.shown, self.notice = form, shown, notice
        self.missing = {one.id for one in missing}
        self.faults = {**(shown.faults if shown else {}), **(faults or {})}
        answers = {**form.answers, **shown.typed.answers} if shown else form.answers
        self.page = Page(form_of(form.questionnaire), queries.setting(form, today(g.now)), answers, language(), check=check)
        self.sections = self.page.sections()
        for asked in self._every(self.sections):
            asked.readers = ""  # written for the filer, who is not the one at this page
            if asked.anchor in self.faults:
                asked.errors.append(self.faults[asked.anchor])

    @staticmethod
    def _every(sections: Sequence[AskedSection]) -> list[Any]:
        found: list[Any] = []
        waiting = [asked for section in sections for asked in section.asks]
        while waiting:
            asked = waiting.pop(0)
            found.append(asked)
            waiting = [one for entry in asked.entries for one in entry.asks] + waiting
        return found

    def policies(self) -> list[dict[str, Any]]:
        """What the paper may say about each policy; nothing stands chosen, for it may say nothing."""
        told = []
        for version in queries.policies_on(self.form, g.today):
            said = {**queries.said(self.form, version)}
            if self.shown and str(version.id) in self.shown.typed.policies:
                said = dict(self.shown.typed.policies[str(version.id)])
            errors = [_("Write what the paper objects to.")] if version.id in self.missing else []
            told.append({"version": version, "title": in_language(version.title, language()), "said": said, "errors": errors})
        return told

    def every_fault(self) -> list[tuple[str, str]]:
        """Everything that is wrong on the page, with where it stands."""
        anchors = {one.anchor for one in self._every(self.sections)}
        ours = {"signed_name": "signed_name", "signed_on": "signed_on", "scans": "scans"}
        told = [(ours.get(anchor, ""), message) for anchor, message in self.faults.items() if anchor not in anchors]
        for one in self._every(self.sections):
            several = one.ask.type in ("yes_no", "choice", "multi")
            told += [(f"{one.anchor}-0" if several else one.anchor, f"{one.title} {message}") for message in one.errors]
        told += [
            (f"policy.{one['version'].id}-0", f"{one['title']}: {message}")
            for one in self.policies()
            for message in one["errors"]
        ]
        return told

    def render(self) -> str:
        """The page as HTML."""
        typed = self.shown.typed if self.shown else None
        revision = typed.revision if typed else self.form.revision
        return render_template(
            "paper/form.html",
            form=self.form,
            title=self.page.words(self.page.form.title),
            sections=self.sections,
            policies=self.policies(),
            said_choices=[
                ("", _("The paper says nothing about it: the person is asked")),
                *((one.value, one.label) for one in Receipt),
            ],
            faults=self.every_fault(),
            private_numbers=[
                (one.title, f"#{one.anchor}")
                for one in self._every(self.sections)
                if one.ask.type in TEXTS and number_warning(one.one.data)
            ],
            field_faults={name: self.faults[name] for name in ("signed_name", "signed_on", "scans") if name in self.faults},
            signed_name=typed.signed_name if typed else self.form.signed_name,
            signed_on=(typed.signed_on if typed else self.form.signed_on) or "",
            revision=revision,
            scans=listed(queries.scans(self.form)),
            notice=self.notice,
        )
