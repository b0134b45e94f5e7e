"""Pages of the final body: cases before it, a member's declaration and packet, meetings and their motions; thin."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from coi.ballots import MotionKind
from coi.clockwork import nudge
from coi.errors import Refused
from coi.gate import OFFICE, Trace, needs, with_lock_free
from coi.meetings import actions, motions, packet, queries, show
from coi.models import Disclosure, Meeting, Motion
from coi.plans.drafting import Terms, drafts_of
from coi.review import decisions
from coi.review.acting import referral_of
from coi.review.words import decided_by
from coi.rules.permissions import Actor, Facts, Permission
from coi.vocabulary import Event, Outcome
from forms.base import CityForm
from forms.meetings import CorrectMotionForm, DeclareForm, MeetingForm, MotionForm, ballots_of, interests_of
from forms.review import UndoForm

bp = Blueprint("meetings", __name__, url_prefix="/meetings")
bp.add_app_template_global(show.is_before_the_body, "before_the_body")
bp.add_app_template_global(show.body, "body_name")
bp.add_app_template_global(decided_by, "decided_by")


@bp.get("/")
@needs(Permission.MEETINGS)
def index() -> ResponseReturnValue:
    """What lies before the body, and its meetings."""
    held, after = queries.meetings(request.args.get("before", "")[:30])
    return render_template(
        "meetings/index.html", cases=show.waiting(g.actor), meetings=held, after=after, record=queries.record_of
    )


def _acted(form: CityForm, act: Callable[[], Any], done: str, to: Callable[[Any], str]) -> tuple[ResponseReturnValue | None, int]:
    """The rhythm of every act: form, action, redirect; else the code with which the page comes back, with what was typed."""
    if not form.is_submitted() or ("plan" in form and form.plan.pressed):
        return None, 200  # a row of the plan was added or taken away: nothing is done yet
    if not form.validate():
        return None, 422
    try:
        made = act()
    except Refused as refusal:
        form.refuse(refusal)
        with_lock_free()
        return None, refusal.code
    nudge()
    flash(done, "success")
    return redirect(to(made), 303), 303


def _case_read(as_whom: str) -> Callable[[Disclosure], Trace]:
    def read(disclosure: Disclosure) -> Trace:
        told = {"version": disclosure.version, "as": as_whom}
        return Event.DISCLOSURE_READ, f"disclosure:{disclosure.reference}", told

    return read


def as_shown(reference: str, actor: Actor) -> tuple[Disclosure, Facts] | None:
    """A case as the page of an act showed it."""
    return queries.case_as_shown(reference, actor, request.form.get("state", "")[:40])


@bp.get("/cases/<reference>")
@needs(Permission.READ_BODY_CASE, on=queries.case, reads=_case_read("agenda"))
def case(disclosure: Disclosure) -> ResponseReturnValue:
    """A case before the body: who and which parties, the declaration, the way to the packet."""
    form = DeclareForm(formdata=None)
    form.shows(disclosure.version, disclosure.state.value)
    return render_template("meetings/case.html", form=form, **show.of_case(disclosure, g.actor, g.today))


@bp.post("/cases/<reference>/declare")
@needs(Permission.DECLARE, on=queries.case)
def declare(disclosure: Disclosure) -> ResponseReturnValue:
    """No conflict, or one: then the case is closed to this person."""
    form = DeclareForm()
    conflict = form.stands.data == "conflict"
    answer, code = _acted(
        form,
        lambda: actions.declare(disclosure, conflict, form.reason.data or "", g.actor, g.now, **form.seen),
        _("You are out of this case.") if conflict else _("Thank you. You can open the packet now."),
        lambda _made: url_for("meetings.index") if conflict else _to_case(disclosure),
    )
    return answer or (render_template("meetings/case.html", form=form, **show.of_case(disclosure, g.actor, g.today)), code)


def _to_case(disclosure: Disclosure) -> str:
    return url_for("meetings.case", reference=disclosure.reference)


@bp.get("/cases/<reference>/packet.pdf")
@needs(Permission.PACKET, on=queries.case, reads=_case_read("packet"))
def packet_file(disclosure: Disclosure) -> ResponseReturnValue:
    """The packet, for who has declared no conflict; each look is an entry, and its filer sees the reader."""
    told = {"Content-Disposition": f"attachment; filename={disclosure.reference}-packet.pdf"}
    return Response(packet.packet_of(disclosure, g.actor.label, g.now), content_type="application/pdf", headers=told)


@bp.route("/cases/<reference>/send", methods=["GET", "POST"])
@needs(Permission.SEND_TO_BODY, on=as_shown, reads=_case_read("cover"), fresh=OFFICE)
def send(disclosure: Disclosure) -> ResponseReturnValue:
    """An officer sends an escalated case to the body, with a cover text."""
    form: Any = show.send_form(disclosure)

    def act() -> Any:
        words = form.issue.data or "", Outcome(form.outcome.data), form.reasoning.data or ""
        plan, terms = drafts_of(form.plan.entries), _terms(form)
        return actions.send(disclosure, *words, [], g.actor, g.now, plan=plan, terms=terms, **form.seen)

    answer, code = _acted(form, act, _("Sent. The members get a letter."), lambda _made: _to_case(disclosure))
    return answer or (render_template("meetings/send.html", form=form, disclosure=disclosure), code)


def _terms(form: Any) -> Terms:
    """What the letter says besides the conditions."""
    return Terms(form.rule.data or "", form.holds_from.data, form.meanwhile.data or "")


def _to_meeting(made: Meeting) -> str:
    return url_for("meetings.meeting", held=made.reference)


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.RECORD_MEETING)
def new() -> ResponseReturnValue:
    """The recorder enters a meeting."""
    return _meeting_form(MeetingForm(), None)


@bp.route("/<held>/correct", methods=["GET", "POST"])
@needs(Permission.RECORD_MEETING, on=queries.meeting)
def correct(meeting: Meeting) -> ResponseReturnValue:
    """Day, minutes or who was there were written down wrong: a new row, with why."""
    return _meeting_form(MeetingForm(), meeting)


def _meeting_form(form: MeetingForm, held: Meeting | None) -> ResponseReturnValue:
    form.present.choices = [SelectChoice(str(one.id), one.name) for one in queries.ever_members()]
    if held is None:
        del form.because
    elif not form.is_submitted():
        newest = queries.record_of(held)
        form.held_on.data, form.minutes.data = newest.held_on, newest.minutes
        form.present.data = [str(one) for one in newest.present]
    if held is None and not form.is_submitted():
        form.held_on.data = g.today

    def act() -> Meeting:
        there = {int(one) for one in form.present.data or []}
        because = form.because.data or "" if held is not None else ""
        return actions.enter_meeting(form.held_on.data, form.minutes.data or "", there, g.actor, g.now, held, because)

    answer, code = _acted(form, act, _("Written down."), _to_meeting)
    return answer or (render_template("meetings/record.html", form=form, held=held, quorum=queries.quorum()), code)


@bp.get("/<held>")
@needs(Permission.MEETINGS, on=queries.meeting)
def meeting(meeting: Meeting) -> ResponseReturnValue:
    """A meeting: who was there, its motions with the votes, and the cases that still wait."""
    return render_template("meetings/meeting.html", **show.of_meeting(meeting, g.actor, g.now))


def case_at(held: str, reference: str, actor: Actor) -> tuple[tuple[Meeting, Disclosure], Facts] | None:
    """A meeting and a case, as the page of the motion showed it."""
    return queries.case_at(held, reference, actor, request.form.get("state", "")[:40])


def _motion_read(both: tuple[Meeting, Disclosure]) -> Trace:
    return _case_read("motion")(both[1])  # the form names each interest of the filing


@bp.route("/<held>/cases/<reference>", methods=["GET", "POST"])
@needs(Permission.RECORD_MOTION, on=case_at, reads=_motion_read, fresh=OFFICE)
def motion(both: tuple[Meeting, Disclosure]) -> ResponseReturnValue:
    """The recorder enters a motion on a case: words, votes, outcome."""
    held, disclosure = both
    form, members = show.motion_form(MotionForm, held, disclosure)
    if not form.is_submitted():
        form.shows(disclosure.version, disclosure.state.value)

    def act() -> Motion:
        moved = motions.Moved(
            MotionKind(form.kind.data),
            form.text.data,
            int(form.mover.data),
            int(form.seconder.data),
            ballots_of(form),
            Outcome(form.outcome.data) if form.outcome.data else None,
            form.reason.data,
            form.internal.data or "",
            interests=interests_of(form),
            plan=drafts_of(form.plan.entries),
            terms=_terms(form),
            referral=referral_of(form),
        )
        return motions.enter_motion(held, disclosure, moved, g.actor, g.now, **form.seen)

    done = _("Written down. Where it decided the case, the letter leaves in five minutes; until then you can undo it.")
    answer, code = _acted(form, act, done, lambda _made: _to_meeting(held))
    told = {"form": form, "members": members, "held": held, "disclosure": disclosure, "quorum": queries.quorum()}
    return answer or (render_template("meetings/motion.html", record=queries.record_of(held), **told), code)


@bp.route("/<held>/motions/<name>/correct", methods=["GET", "POST"])
@needs(Permission.CORRECT_MOTION, on=queries.motion, fresh=OFFICE)
def correct_motion(motion: Motion) -> ResponseReturnValue:
    """A motion was written down wrong: a new row, with why; what it decided stays."""
    form, members = show.motion_form(CorrectMotionForm, motion.meeting, motion.disclosure, motion)

    def act() -> Motion:
        who = int(form.mover.data), int(form.seconder.data)
        moved = motions.Moved(motion.kind, form.text.data, *who, ballots_of(form))
        return motions.correct_motion(motion, moved, form.because.data, g.actor, g.now)

    answer, code = _acted(
        form, act, _("Corrected. What was written before stays readable."), lambda _made: _to_meeting(motion.meeting)
    )
    told = {"form": form, "members": members, "held": motion.meeting, "disclosure": motion.disclosure, "motion": motion}
    return answer or (render_template("meetings/motion.html", record=queries.record_of(motion.meeting), **told), code)


@bp.post("/<held>/motions/<name>/undo")
@needs(Permission.UNDO, on=queries.motion, fresh=OFFICE)
def undo(motion: Motion) -> ResponseReturnValue:
    """Takes back what a motion decided, before its letter leaves."""
    answer, _code = _acted(
        UndoForm(),
        lambda: decisions.undo(motion.disclosure, g.actor, g.now),
        _("The decision is undone. The case lies before the body again."),
        lambda _made: _to_meeting(motion.meeting),
    )
    if answer is None:
        flash(_("A decision can be undone for five minutes. Ask a senior officer to reopen the case."), "error")
    return answer or redirect(_to_meeting(motion.meeting), 303)
