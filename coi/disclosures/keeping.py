"""What a POST of a form page does: keeps what was typed, presses the button, signs; or gives the page again as it was typed."""

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from coi.attachments.covering import keys_in
from coi.disclosures import actions, filing, queries, signing
from coi.disclosures.pages import DraftPage, Typed, two_windows
from coi.disclosures.posted import Posted, note_strange, read_page
from coi.disclosures.sameness import same
from coi.errors import Refused, SomebodyWasFaster
from coi.languages import language
from coi.models import Disclosure, Draft
from coi.questionnaires.queries import form_of, moves_of
from coi.rules.completeness import evaluate, say
from forms.base import tidy
from forms.built import anchor_of

ON = "continue"
NO_TO_ALL = "no-to-all"
COMPARE = "compare"
BEFORE = "@before"  # the page of earlier entries, where a section has its id
SAY = "say"
ATTACH = "attach"


@dataclass
class Kept:
    """What became of a POST: a page to show with its code, or where to go: `onward`, else the same page at `fragment`."""

    page: str | None = None
    code: int = 200
    onward: str = ""
    fragment: str = ""


def keep(disclosure: Disclosure, posted: MultiDict[str, str], section: str) -> Kept:
    """Keeps a page of the form; `section` is empty for the one-page form."""
    actions.lock(disclosure, g.actor)  # a click that arrives twice finds what the first one left
    draft = queries.draft_of(disclosure)
    if draft is None:
        return Kept(signed_meanwhile(disclosure, posted), 409)
    told = _read(disclosure, draft, posted)
    if told.faults:
        return Kept(_again(DraftPage(disclosure, draft, typed=Typed(told, told.faults)), section), 422)
    try:
        draft = _save(disclosure, draft, told, section)
        if told.press == NO_TO_ALL:
            actions.no_to_all(disclosure, g.actor, g.now)
    except SomebodyWasFaster as slow:
        return _slow(disclosure, told, slow, section, posted)
    return _next(disclosure, draft, told, section)


def _next(disclosure: Disclosure, draft: Draft, told: Posted, section: str) -> Kept:
    """Where the button that was pressed leads to, once the page is kept."""
    verb, _colon, key = told.press.partition(":")
    if verb == ATTACH and key in set(keys_in(draft.answers)):
        return Kept(onward=url_for("attachments.entry", reference=disclosure.reference, key=key))
    if told.press == COMPARE:
        return Kept(onward=url_for("disclosures.changes", reference=disclosure.reference))
    if told.press == SAY or (told.press == ON and section == BEFORE):
        return _after_cards(disclosure, draft, told.press == ON)
    if told.press == ON and section:
        return Kept(onward=_onward(disclosure, draft, section))
    return Kept(fragment=f"#{anchor_of(told.went)}" if told.went else "")


def _read(disclosure: Disclosure, draft: Draft, posted: MultiDict[str, str]) -> Posted:
    policies = queries.policies_due(disclosure, draft.filer, g.today)
    note_strange(posted)
    return read_page(form_of(draft.questionnaire), posted, draft.answers, policies)


def _save(disclosure: Disclosure, draft: Draft, told: Posted, section: str) -> Draft:
    """Saves unless the draft says the same already: a second click, or a page that was sent twice, is no conflict."""
    if _of_an_older_form(draft, told):
        raise SomebodyWasFaster(actions.CHANGED_MEANWHILE)
    known = all(same(draft.answers.get(name), answer) for name, answer in told.answers.items())
    said = all(draft.policies.get(name) == policy for name, policy in told.policies.items())
    seen = "" if section == BEFORE else section
    if known and said and not _says_anew(draft, told) and (not seen or seen in draft.seen):
        return draft
    return actions.save_draft(disclosure, told.answers, told.policies, g.actor, g.now, told.revision, seen or None, told.said)


def _of_an_older_form(draft: Draft, told: Posted) -> bool:
    """Whether the page holds words for what the form asks no more, which stand nowhere yet: only a page shows them again."""
    moves = moves_of(draft) if told.gone else []
    return bool(moves) and any(not any(same(move.aside.get(name), words) for move in moves) for name, words in told.gone.items())


def _says_anew(draft: Draft, told: Posted) -> bool:
    """Whether the page says something of an earlier entry that is not kept yet."""
    kept = (draft.carried or {}).get("said", {})
    told_before = {name: (one["said"], bool(one.get("once")), "" if one.get("once") else one["on"]) for name, one in kept.items()}
    return any((one["said"], bool(one.get("once")), one["on"]) != told_before.get(name) for name, one in told.said.items())


def _after_cards(disclosure: Disclosure, draft: Draft, on: bool) -> Kept:
    """The first entry of which something is still to be said; else on to the next step, or back to where the cards stand."""
    page = DraftPage(disclosure, draft)
    still = next((card for card in page.cards if card.open), None)
    if on:
        here = url_for("disclosures.before", reference=disclosure.reference, check="yes", _anchor="error-summary")
        return Kept(onward=here if still else page.steps[1][1])
    return Kept(fragment=f"#{still.anchor}-0" if still else "#before")


def _onward(disclosure: Disclosure, draft: Draft, section: str) -> str:
    """The next step; or this one with what is wrong in it, when it is kept but can't be signed so."""
    form = form_of(draft.questionnaire)
    found = evaluate(form, draft.answers, queries.setting_of(draft, g.today))
    here = [part for part in form.sections if part.id == section]
    boxes = {box.id for box in queries.signing_boxes(form)}
    mine = {ask.id for part in here for ask in part.questions} - boxes
    if any(fault.path.split("[")[0].split(".")[0] in mine for fault in found.faults):
        return url_for("disclosures.edit", reference=disclosure.reference, section=section, check="yes", _anchor="error-summary")
    return DraftPage(disclosure, draft).next_after(section)


def _again(page: DraftPage, section: str) -> str:
    if section == BEFORE:
        return page.before_page()
    shown = next((one for one in page.sections if one.id == section), None)
    return page.section_page(shown) if shown is not None else page.one_page()


def _slow(disclosure: Disclosure, told: Posted, slow: SomebodyWasFaster, section: str, posted: MultiDict[str, str]) -> Kept:
    draft = queries.draft_of(disclosure)
    if draft is None:
        return Kept(signed_meanwhile(disclosure, posted), 409)
    return Kept(_again(DraftPage(disclosure, draft, typed=two_windows(draft, told, slow.message)), section), 409)


def keep_and_sign(disclosure: Disclosure, posted: MultiDict[str, str]) -> Kept:
    """Keeps what the page says and signs it; a refusal shows the page again, and nothing of it is kept or signed."""
    name, agreed = tidy(posted.get("signed_name", "")), posted.get("agreed") == "yes"
    whole = "asked" in posted
    actions.lock(disclosure, g.actor)
    draft = queries.draft_of(disclosure)
    try:
        if draft is None:
            signing.sign(disclosure, filing.act(name, agreed, posted, None), g.actor, g.now)
            return Kept()
        told = _read(disclosure, draft, posted)
        typed = Typed(told, dict(told.faults), name=name, agreed=agreed, key=posted.get("key", "")[:60])
        if told.faults:
            return Kept(_sign_page(DraftPage(disclosure, draft, typed=typed), whole), 422)
        saved = _save(disclosure, draft, told, "")
        signing.sign(disclosure, filing.act(name, agreed, posted, saved.revision), g.actor, g.now)
        return Kept()
    except signing.FaultsRemain as faults:
        typed.open_policies, typed.notice = faults.policies, _where(draft, faults)
        return Kept(_refused(disclosure, typed, whole), 422)
    except SomebodyWasFaster as slow:
        return _too_slow(disclosure, posted, slow, whole)
    except Refused as refusal:
        if draft is None:
            raise
        typed.faults[refusal.field or ""] = str(refusal.message)
        if refusal.field == "agreed" and not typed.name:
            # Both in one look: nobody is sent back twice.
            typed.faults["signed_name"] = _("Type your name.")
        return Kept(_refused(disclosure, typed, whole), 422)


def _where(draft: Draft | None, faults: signing.FaultsRemain) -> str:
    """What a refused signature says first: nothing is signed, and which sections something is missing in."""
    if draft is None or faults.evaluation is None:
        return str(faults.message)
    form = form_of(draft.questionnaire)
    tops = [fault.path.split("[")[0].split(".")[0] for fault in faults.evaluation.faults]
    wanted = {form.section_of[top].id for top in tops if top in form.section_of}
    setting = faults.evaluation.setting
    titles = [say(one.title, language(), form, setting) for one in form.sections if one.id in wanted]
    titles = ([_("What you told us before")] if faults.entries else []) + titles
    return f"{faults.message} " + _("Look at: %(sections)s.", sections="; ".join(titles)) if titles else str(faults.message)


def _refused(disclosure: Disclosure, typed: Typed, whole: bool) -> str:
    draft = queries.draft_of(disclosure)
    if draft is None:
        return signed_meanwhile(disclosure, request.form)
    return _sign_page(DraftPage(disclosure, draft, check=True, typed=typed), whole)


def _sign_page(page: DraftPage, whole: bool) -> str:
    return page.one_page() if whole else page.sign_page()


def _too_slow(disclosure: Disclosure, posted: MultiDict[str, str], slow: SomebodyWasFaster, whole: bool) -> Kept:
    """Perhaps the very same click arrived twice: the key tells. Else both texts are shown."""
    draft = queries.draft_of(disclosure)
    if draft is None:
        return Kept(signed_meanwhile(disclosure, posted), 409)
    told = _read(disclosure, draft, posted)
    typed = two_windows(draft, told, slow.message)
    typed.name, typed.key = tidy(posted.get("signed_name", "")), posted.get("key", "")[:60]
    return Kept(_sign_page(DraftPage(disclosure, draft, typed=typed), whole), 409)


def signed_meanwhile(disclosure: Disclosure, posted: Any) -> str:
    """The form was signed in another window: what was typed here is shown once more, so that no word is lost."""
    typed = [value for name, value in posted.items(multi=True) if name.endswith(".") or name.startswith("objection.")]
    words = [value for value in typed if len(value.strip()) > len("yes")]
    return render_template("disclosures/signed_meanwhile.html", disclosure=disclosure, words=words)
