"""Pages of filings decided together: groups, preview, the sample, one decision for all; thin: form, action, redirect."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice

from coi.errors import Refused, SomebodyWasFaster
from coi.gate import OFFICE, Trace, needs, with_lock_free
from coi.languages import language
from coi.models import BatchMember, Disclosure, ReviewBatch
from coi.profiles.current import today as day_of
from coi.review import batches, together
from coi.review.blueprint import bp
from coi.review.page import case_forms, case_page
from coi.review.standing_in import in_whose_stead
from coi.review.together import Group
from coi.rules.permissions import Permission
from coi.vocabulary import Event, Outcome
from forms.batches import BeginForm, LookForm, PressForm, TogetherForm


@bp.get("/together", endpoint="together")
@needs(Permission.TOGETHER)
def together_page() -> ResponseReturnValue:
    """Groups of filings that can be decided together, and the batches that one has begun."""
    lists = together.whose_lists(g.actor)
    asked = request.args.get("whose", "")
    whose = asked if asked in lists else next(iter(lists), "")
    groups = together.groups(g.actor, whose)
    return render_template(
        "review/together.html",
        lists=lists,
        whose=whose,
        groups=[(one, together.in_words(one.facts, language())) for one in groups],
        begun=[(one, together.in_words(one.facts, language())) for one in together.open_batches(g.actor)],
        most=together.MOST,
        full=sum(len(one.members) for one in groups) >= together.LOOKED_AT,
    )


def _group_read() -> Trace | None:
    shown: Group | None = g.get("group_shown")
    if shown is None:
        return None
    count = min(len(shown.members), together.MOST)
    return Event.LIST_READ, "list:together", {"list": "together", "filter": {"group": shown.key}, "count": count}


@bp.route("/together/<key>", methods=["GET", "POST"])
@needs(Permission.TOGETHER, reads=_group_read)
def group(key: str) -> ResponseReturnValue:
    """The filings of a group, up to a hundred, each with what is its own; those that are kept ticked make a batch."""
    group = together.group(key, g.actor)
    if group is None:
        abort(404)
    g.group_shown = group
    lines = together.lines(list(group.members[: together.MOST]), g.actor)
    form = BeginForm()
    form.filings.choices = [SelectChoice(one.disclosure.reference, one.disclosure.filer.name) for one in lines]
    if form.validate_on_submit():
        try:
            made = batches.begin(group, form.filings.data or [], form.once.data or "", g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("review.batch", reference=made.reference), 303)
    failed = form.is_submitted()
    if failed:
        with_lock_free()
    else:
        form.once.data = secrets.token_urlsafe(16)
    chosen = set(form.filings.data or []) if failed else {one.disclosure.reference for one in lines}
    said = together.in_words(group.facts, language())
    page = render_template("review/group.html", group=group, said=said, lines=lines, form=form, chosen=chosen, most=together.MOST)
    return page, 422 if failed else 200


def _batch_page(batch: ReviewBatch, notice: Any = None, code: int = 200, form: TogetherForm | None = None) -> ResponseReturnValue:
    if code != 200:
        with_lock_free()
    end = batches.end_of(batch)
    sampled = {one.member_id: one for one in batch.samples}
    told = {one.id: [step for step in batch.steps if step.member_id == one.id] for one in batch.members}
    read = {one.id for one in batches.to_open(batch) if batches.read_after(one, sampled[one.id], g.actor) is not None}
    page = render_template(
        "review/batch.html",
        batch=batch,
        said=together.in_words(batch.facts, language()),
        end=end,
        inside=batches.still_in(batch),
        to_open=batches.to_open(batch),
        drawn=batches.drawn(batch),
        read=read,
        steps=told,
        rest=[one for one in batches.still_in(batch) if one.id not in sampled],
        gone=[one for one in batch.members if one not in batches.still_in(batch)],
        left_out={one.id: why for one, why in batches.done_of(batch).left_out},
        stead=in_whose_stead([one.disclosure_id for one in batch.members], batch.by_id, day_of(batch.at), batch.seq),
        undoable=batches.can_be_undone(batch, g.now),
        form=form or TogetherForm(formdata=None),
        notice=notice,
    )
    return page, code


def _press(batch: ReviewBatch, act: Callable[[], str]) -> ResponseReturnValue:
    """One button of the batch page: done and shown again, or refused with the reason on top."""
    if not PressForm().validate_on_submit():
        return _batch_page(batch, _("Load the page again."), 422)
    try:
        done = act()
    except Refused as refusal:
        return _batch_page(batch, refusal.message, 409 if isinstance(refusal, SomebodyWasFaster) else 422)
    if done:
        flash(done, "success")
    return redirect(url_for("review.batch", reference=batch.reference), 303)


@bp.get("/batches/<reference>")
@needs(Permission.BATCH, on=together.batch)
def batch(batch: ReviewBatch) -> ResponseReturnValue:
    """A batch: its sample to open, its filings, the decision, and what became of it."""
    return _batch_page(batch)


def _opened_read(here: tuple[ReviewBatch, Disclosure]) -> Trace:
    kept, disclosure = here
    # The name of the batch makes it an entry of its own, also within the hour: it proves that this was opened after the draw.
    told = {"version": disclosure.version, "as": f"office, {kept.reference}"}
    return Event.DISCLOSURE_READ, f"disclosure:{disclosure.reference}", told


@bp.get("/batches/<batch>/<filing>")
@needs(Permission.READ_CASE, on=together.opened, reads=_opened_read)
def batch_case(here: tuple[ReviewBatch, Disclosure]) -> ResponseReturnValue:
    """The case page of a filing in a batch, with the way back to the batch."""
    g.from_batch = here[0].reference
    return case_page(here[1], g.actor, case_forms(here[1]))


@bp.post("/batches/<batch>/<filing>/look")
@needs(Permission.BATCH, on=together.member)
def batch_look(member: BatchMember) -> ResponseReturnValue:
    """What was found on opening one of the sample."""
    kept, form = member.batch, LookForm()

    def act() -> str:
        if form.answer.data not in ("as_expected", "not_expected"):
            raise Refused(_("Say whether it is as expected."))
        batches.look(kept, member, form.answer.data == "as_expected", g.actor, g.now)
        return "" if form.answer.data == "as_expected" else _("It is out of the batch and waits for a look of its own.")

    return _press(kept, act)


@bp.post("/batches/<batch>/<filing>/out")
@needs(Permission.BATCH, on=together.member)
def batch_out(member: BatchMember) -> ResponseReturnValue:
    """Takes one filing out."""
    kept = member.batch

    def act() -> str:
        batches.take_out(kept, member, g.actor, g.now)
        return _("Taken out. It waits for a look of its own.")

    return _press(kept, act)


@bp.post("/batches/<reference>/decide")
@needs(Permission.BATCH, on=together.batch, fresh=OFFICE)
def batch_decide(batch: ReviewBatch) -> ResponseReturnValue:
    """One decision and one reason for all that is still as it was."""
    form = TogetherForm()
    if not form.validate_on_submit():
        return _batch_page(batch, code=422, form=form)
    try:
        done = batches.decide(batch, Outcome(form.outcome.data), form.reason.data, form.internal.data or "", g.actor, g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _batch_page(batch, refusal.message, 409 if isinstance(refusal, SomebodyWasFaster) else 422, form)
    flash(ngettext("%(num)s filing is decided.", "%(num)s filings are decided.", done.decided), "success")
    return redirect(url_for("review.batch", reference=batch.reference), 303)


@bp.post("/batches/<reference>/give-up")
@needs(Permission.BATCH, on=together.batch)
def batch_give_up(batch: ReviewBatch) -> ResponseReturnValue:
    """Nothing is decided; every filing stays where it is."""

    def act() -> str:
        batches.give_up(batch, g.actor, g.now)
        return _("Nothing was decided. The filings stand among your cases as before.")

    return _press(batch, act)


@bp.post("/batches/<reference>/undo")
@needs(Permission.BATCH, on=together.batch, fresh=OFFICE)
def batch_undo(batch: ReviewBatch) -> ResponseReturnValue:
    """Takes all decisions of the batch back within five minutes."""

    def act() -> str:
        count = batches.undo(batch, g.actor, g.now)
        return str(ngettext("%(num)s decision is undone.", "%(num)s decisions are undone.", count))

    return _press(batch, act)
