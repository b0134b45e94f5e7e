"""The letter of a decision with its conditions as a tagged PDF in the reader's language, to print and to sign."""

from flask_babel import gettext as _

from coi.appeals import queries as appeals
from coi.languages import day, language
from coi.models import Plan
from coi.papers import Paper, pdf
from coi.plans import standing
from coi.plans.words import (
    CONTRACT,
    SILENCE,
    confirmer_in_words,
    due_in_words,
    from_when,
    meanwhile_in_words,
    owner_in_words,
    words_of,
)
from coi.profiles.current import current_profile
from coi.review.words import decided_by


def letter_of(plan: Plan) -> bytes:
    """Everything U45 asks of a letter for managed and not permitted."""
    profile, decision = current_profile(), plan.decision
    alone = standing.binds_alone(plan)
    paper = Paper(_("Decision about your form"), profile.city, language(), plan.reference)
    told = [(_("Name"), plan.filer.name), (_("Your form"), plan.disclosure.reference), (_("Decided on"), day(decision.at))]
    paper.facts([*told, (_("Decided by"), decided_by(decision))])
    paper.text(profile.outcome_label(decision.outcome.value, language()), "strong")
    rows = [(_("The rule"), plan.rule), (_("The reason"), decision.reason_for_filer)]
    rows += [(_("From when"), from_when(plan)), (_("Meanwhile"), meanwhile_in_words(plan.meanwhile, alone))]
    paper.facts([(label, value) for label, value in rows if value])
    if plan.conditions:
        paper.heading(_("Conditions"))
    for condition in plan.conditions:
        told = [
            (_("Who keeps it"), owner_in_words(condition, plan.filer_id)),
            (_("By when"), due_in_words(condition)),
            (_("How it is shown"), words_of(condition.proof)),
            (_("Who confirms it"), confirmer_in_words(condition, plan.filer_id)),
        ]
        paper.entry(f"{condition.number}. {words_of(condition.text)}", [(label, value) for label, value in told if value])
    paper.heading(_("Your answer and your rights"))
    said = standing.answer_of(plan)
    if said is not None:
        paper.facts([(_("Your answer"), f"{said.answer.label}, {day(said.at)}"), (_("In your words"), said.words)])
    elif not alone:
        paper.text(_("Please answer by %(day)s: accept, accept with an objection, or decline.", day=day(plan.accept_by)))
        paper.text(str(SILENCE))
    if appeals.answer_by(decision) is None:
        paper.text(_("If you disagree, you can appeal until %(day)s.", day=day(plan.appeal_until)), "strong")
    else:
        paper.text(profile.appeals.after_in(language()))
    paper.text(str(CONTRACT))
    paper.text(_("SHA-256 of the text that you were given: %(digest)s", digest=plan.sha256), "quiet")
    if said is None and not alone:
        paper.sign(_("Signature"), _("Date"))
    return pdf(paper)
