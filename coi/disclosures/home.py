"""The home page in one glance: the one next thing to do and by when, else that there is nothing; reads only."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from coi.appeals import queries as appeals
from coi.campaigns import queries as campaigns
from coi.campaigns.event_words import waits_in_words
from coi.campaigns.trouble import allowance
from coi.db import db
from coi.disclosures import official, queries
from coi.disclosures.actions import filer_of
from coi.disclosures.clocks import answer_by
from coi.disclosures.facts import is_at_the_body
from coi.disclosures.left import left_of, told_before
from coi.languages import day, language
from coi.models import Disclosure, Obligation, Person, PolicyVersion, SupervisorQuestion
from coi.plans.asked import asked_of
from coi.policies import queries as policies
from coi.profiles.current import current_profile
from coi.questionnaires.queries import form_of, newest
from coi.questionnaires.uses import forms_for
from coi.review.words import body_name
from coi.rules.form import in_language
from coi.rules.lifecycle import VOLUNTARY
from coi.rules.permissions import AT_OFFICE, Actor
from coi.team import queries as team
from coi.vocabulary import Kind, Standing, State


@dataclass
class Task:
    """One thing to do: what it is, why, by when, and the button; `post` when the button begins something."""

    title: str
    text: str
    label: str
    url: str
    post: bool = False
    due: date | None = None
    late: bool = False
    status: str = ""
    waits: str = ""


@dataclass
class Home:
    """Everything on the home page."""

    tasks: list[Task] = field(default_factory=list)
    waiting: list[Task] = field(default_factory=list)
    filings: list[tuple[Disclosure, str]] = field(default_factory=list)
    policies: list[tuple[PolicyVersion, str, str]] = field(default_factory=list)
    voluntary: list[Kind] = field(default_factory=list)
    leads: bool = False

    @property
    def newest(self) -> Disclosure | None:
        """The newest signed filing, for its receipt."""
        return next((one for one, _where in self.filings if one.state is not State.DRAFT), None)


def home_of(actor: Actor, on: date) -> Home:
    """The home page of one person today."""
    told = Home()
    if actor.person_id is None:
        return told
    mine = queries.mine(actor.person_id)
    owed = campaigns.owed_by(actor.person_id, on)
    due = {one.disclosure.id: one for one in owed if one.disclosure is not None}
    for disclosure in mine:
        told.tasks.extend(_asked_of_me(disclosure, due.get(disclosure.id)))
    for one in owed:
        task = _owed(one, on)
        if task is not None:
            (told.waiting if one.standing in (Standing.ON_LEAVE, Standing.EXCUSED) or one.paused else told.tasks).append(task)
    told.tasks.extend(_draft(one, on) for one in mine if one.state is State.DRAFT and one.id not in due)
    told.tasks.extend(
        _correction(one, on) for one in mine if one.state is not State.DRAFT and one.draft and one.state is not State.RETURNED
    )
    told.tasks.extend(_of_fact(one) for one in team.waiting_for(actor))
    told.leads = team.leads(actor) or team.was_asked(actor)
    told.tasks.extend(Task(*one) for one in asked_of(actor, on))
    unconfirmed = {url_for("disclosures.confirm", reference=one.reference) for one in mine if one.imported}
    told.tasks.sort(key=lambda task: task.url not in unconfirmed)  # what was filed in one's name is looked at first
    told.filings = [(one, in_words(one)) for one in mine if one.state is not State.DRAFT]
    told.policies = _policies(actor, on)
    person = person_of(actor)
    gone = person is not None and person.employee and not person.active
    told.voluntary = [] if gone else [kind for kind in Kind if kind.value in VOLUNTARY]
    return told


def _asked_of_me(disclosure: Disclosure, owed: campaigns.Owed | None) -> list[Task]:
    """What somebody waits for after a signature: a correction, else an answer, the form on paper, a look at what was typed in."""
    show = url_for("disclosures.show", reference=disclosure.reference)
    if disclosure.state is State.RETURNED:
        text = _("The ethics office asks you to correct your form %(reference)s.", reference=disclosure.reference)
        if disclosure.draft:
            url = url_for("disclosures.one_page", reference=disclosure.reference)
            return [Task(_("Please correct your form"), f"{text} {_BEGUN}", _("Go on with your correction"), url)]
        return [Task(_("Please correct your form"), text, _("See what to correct"), show)]
    told = []
    if awaits_answer(disclosure):
        text = _(
            "The ethics office has a question about your form %(reference)s. You don't have to sign again.",
            reference=disclosure.reference,
        )
        due = answer_by(disclosure.waiting_on_filer_since) if disclosure.waiting_on_filer_since else None
        told.append(Task(_("Please answer a question"), text, _("Read and answer"), f"{show}#messages", due=due))
    if official.waits_for_paper(disclosure):
        text = _(
            "You filled in your form %(reference)s and signed it here. It is filed when the office has it on paper.",
            reference=disclosure.reference,
        )
        due, late = (owed.due_on, owed.standing is Standing.LATE) if owed is not None else (None, False)
        told.append(Task(_("Please print, sign and hand in your form"), text, _("See and print it"), show, due=due, late=late))
    if queries.is_unconfirmed(disclosure):
        text = _("The office typed in the form that you gave on paper. Please look at it and confirm it.")
        url = url_for("disclosures.confirm", reference=disclosure.reference)
        told.append(Task(_("Please confirm your form"), text, _("Look and confirm"), url))
    return told


_BEGUN = _l("You have begun. What you typed is saved.")


def _owed(one: campaigns.Owed, on: date) -> Task | None:
    owed = one.obligation
    if one.standing is Standing.FILED or one.signed:
        return None
    title = _form_title(owed.form_id, str(owed.kind.label))
    if one.standing is Standing.EXCUSED:
        return Task(title, _("You are excused from this form. You have nothing to do."), "", "", status=str(one.standing.label))
    if one.paused:
        return Task(title, _("This form waits: your group is paused. You have nothing to do now."), "", "", status=_("Paused"))
    late = one.standing is Standing.LATE
    if one.standing is Standing.ON_LEAVE:
        text = _("You are on leave. This can wait until you are back.")
    elif late and allowance(owed, on) is not None:
        text = _("You had trouble with signing in on the last day. If you file today, it counts as on time.")
    elif late:
        text = _("The due date has passed. You can still file, and nobody will turn you away. Please do it today.")
    else:
        text = ""
    draft = queries.draft_of(one.disclosure) if one.disclosure is not None else None
    status, waits = str(one.standing.label), waits_in_words(owed) if one.due_on is None else ""
    if one.disclosure is not None:
        begun = text or str(_BEGUN)
        text = f"{begun} {left_of(draft, on).words}" if draft is not None else begun
        url = url_for("disclosures.one_page", reference=one.disclosure.reference)
        return Task(title, text, _("Continue"), url, False, one.due_on, late, status, waits)
    url = url_for("disclosures.start", reference=owed.reference)
    return Task(title, text or _not_begun(owed, on), _("Start"), url, True, one.due_on, late, status, waits)


def _not_begun(owed: Obligation, on: date) -> str:
    """What to expect of a form: entries of the last one come back, or it takes three minutes."""
    before = told_before(owed, on)
    if before:
        return ngettext(
            "%(num)s entry of your last form comes back: say whether it is still true. Nothing has to be typed twice.",
            "%(num)s entries of your last form come back: say of each whether it is still true. Nothing has to be typed twice.",
            before,
        )
    return str(_("Most people need three minutes. If you have nothing to report, one button answers every question."))


def _draft(disclosure: Disclosure, on: date) -> Task:
    title = _form_title(disclosure.form_id, str(disclosure.kind.label))
    url = url_for("disclosures.one_page", reference=disclosure.reference)
    draft = queries.draft_of(disclosure)
    text = f"{_BEGUN} {left_of(draft, on).words}" if draft is not None else str(_BEGUN)
    return Task(title, text, _("Continue"), url, status=str(Standing.STARTED.label))


def _of_fact(question: SupervisorQuestion) -> Task:
    """A question of fact to this person as a supervisor (U47)."""
    name = question.disclosure.filer.name
    text = _("The ethics office asks you one question about %(name)s. It says nothing against anybody.", name=name)
    url = url_for("team.question", reference=question.reference)
    return Task(_("Please answer a question of fact"), text, _("Read and answer"), url)


def _correction(disclosure: Disclosure, on: date) -> Task:
    text = _(
        "You began to correct your form %(reference)s. Until you sign, it counts as you signed it before.",
        reference=disclosure.reference,
    )
    draft = queries.draft_of(disclosure)
    text = f"{text} {left_of(draft, on).words}" if draft is not None else text
    return Task(_("Finish your correction"), text, _("Continue"), url_for("disclosures.one_page", reference=disclosure.reference))


def _form_title(form_id: str, kind: str) -> str:
    """The title of a form in the reader's language, with why it is made."""
    published = newest(form_id)
    title = in_language(form_of(published).title, language()) if published else form_id
    return f"{title}: {kind}"


def voluntary_choices(kind: Kind, actor: Actor) -> list[tuple[str, str]]:
    """The forms with which this person may tell a gift or a change: id and title."""
    person = person_of(actor)
    forms = forms_for(kind.value, filer_of(person, kind)) if person is not None else []
    found = [(form_id, newest(form_id)) for form_id in forms]
    return [(form_id, in_language(form_of(one).title, language())) for form_id, one in found if one is not None]


def awaits_answer(disclosure: Disclosure) -> bool:
    """Whether the office asked something that the filer has not answered."""
    return disclosure.state in AT_OFFICE and disclosure.waiting_on_filer_since is not None


def person_of(actor: Actor) -> Person | None:
    """Who is signed in, as the roster knows them."""
    return db.session.get(Person, actor.person_id) if actor.person_id is not None else None


def _policies(actor: Actor, on: date) -> list[tuple[PolicyVersion, str, str]]:
    """The policies that bind this person: version, title, and where to read it."""
    person = person_of(actor)
    bound = policies.binding(filer_of(person, Kind.ANNUAL), on) if person is not None else []
    return [(one, in_language(one.title, language()), policy_address(one)) for one in bound]


def policy_address(version: PolicyVersion) -> str:
    """Where a policy's text is read."""
    return url_for("policies.show", policy_id=version.policy_id, version=version.version)


_NO_PAPER = _l("Signed here. The office does not have it on paper yet.")


def in_words(disclosure: Disclosure) -> str:
    """Where a signed filing stands, as its filer reads it."""
    no_paper = official.waits_for_paper(disclosure) and disclosure.state is not State.RETURNED
    if disclosure.state is State.DECIDED and disclosure.outcome is not None:
        told_outcome = current_profile().outcome_label(disclosure.outcome.value, language())
        return f"{told_outcome} {_NO_PAPER}" if no_paper else told_outcome
    told: dict[State, Any] = {
        State.DRAFT: _("Not signed yet."),
        State.SUBMITTED: _("We have it. It waits for a reviewer."),
        State.IN_REVIEW: _("A reviewer has it."),
        State.ESCALATED: _before_whom(disclosure),
        State.RETURNED: _("It is with you: please correct it."),
        State.WITHDRAWN: _("You withdrew it."),
    }
    if awaits_answer(disclosure):
        return _("We wait for your answer.")
    if no_paper:
        return str(_NO_PAPER)
    return str(told.get(disclosure.state, ""))


def _before_whom(disclosure: Disclosure) -> str:
    """Who decides an escalated filing: one person, a body at its meeting, or somebody who did not decide what was appealed."""
    if disclosure.state is not State.ESCALATED:
        return ""
    if is_at_the_body(disclosure.desk):
        return str(_("The %(body)s decides about it at its meeting.", body=body_name(language())))
    if appeals.open_appeal(disclosure) is not None:
        return str(_("You appealed. Somebody who did not decide it looks at it again."))
    return str(_("A second person looks at it and decides."))


def signed_in_words(disclosure: Disclosure) -> str:
    """When it was filed; of a form that is filed on paper only that it was signed here (U29)."""
    if disclosure.first_submitted_at is None:
        return ""
    told = day(disclosure.first_submitted_at)
    if official.is_official(disclosure.form_id) and not disclosure.imported:
        return str(_("signed here on %(day)s", day=told))
    return str(_("filed on %(day)s", day=told))
