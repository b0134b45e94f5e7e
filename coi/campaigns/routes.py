"""Pages of the campaign desk; thin: form, action, redirect. None of them shows an answer or an outcome."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.campaigns import actions, desk, entering, event_words, extensions, giving, queries
from coi.campaigns import event_pages as _event_pages  # noqa: F401  # its page joins the same blueprint
from coi.campaigns.blueprint import bp
from coi.errors import NotPossible, Refused
from coi.gate import needs
from coi.languages import day
from coi.models import Campaign, Obligation, Person
from coi.people import queries as roster
from coi.people.actions import note_done
from coi.rules.permissions import Facts, Permission
from coi.vocabulary import ExcuseReason, ExtensionReason, GiveReason, Kind
from forms.base import CityForm
from forms.campaigns import (
    CloseForm,
    DoneForm,
    EventDayForm,
    ExcuseForm,
    ExtendForm,
    ExtendManyForm,
    GiveForm,
    LeaveForm,
    OpenForm,
    PauseForm,
    places,
)


@bp.get("/", endpoint="desk")
@needs(Permission.CAMPAIGN_READ)
def desk_page() -> ResponseReturnValue:
    """How far the campaign is: a bar, the stations, what waits for a person."""
    return render_template("campaigns/desk.html", **_overview())


def _overview() -> dict[str, Any]:
    campaign = queries.latest()
    if campaign is None:
        return {"campaign": None}
    stations = desk.stations(campaign, g.today)
    total = desk.total(stations)
    return {
        "campaign": campaign,
        "stations": sorted(stations, key=lambda one: -one.not_filed),
        "total": total,
        "shape": desk.shape(total.counts),
        "long_late": total.long_late,
        "notes": desk.notes(),
        "close_form": CloseForm(formdata=None),
        "pause_form": PauseForm(formdata=None),
    }


def _filters() -> desk.Filters:
    asked = ("department", "group", "search", "after")
    told = {name: request.args.get(name, "")[:200].replace("\x00", "") for name in asked}
    fallback = "everybody" if told["search"] else "not_filed"
    return desk.Filters(standing=request.args.get("standing", fallback)[:20], **told)


@bp.get("/people")
@needs(Permission.CAMPAIGN_READ)
def people() -> ResponseReturnValue:
    """The people of a station or a group, or those found by name or number; of the latest campaign, or of an earlier year."""
    year = request.args.get("year", "")
    campaign, filters = queries.chosen(year), _filters()
    rows, after = desk.people(campaign, filters, g.today) if campaign else ([], "")
    earlier = str(campaign.year) if campaign and year and campaign != queries.latest() else ""
    further: dict[str, Any] = {**vars(filters), "year": earlier, "after": after}
    next_url = url_for("campaigns.people", **{key: value for key, value in further.items() if value}) if after else None
    told = {"next_url": next_url, "choices": _choices(), "others": queries.not_asked(campaign, filters.search, g.actor)}
    return render_template("campaigns/people.html", campaign=campaign, filters=filters, rows=rows, year=earlier, **told)


def _choices() -> list[tuple[str, Any]]:
    return [("not_filed", _("Not filed")), ("everybody", _("Everybody")), *((one.value, one.label) for one in desk.ORDER)]


@bp.get("/printed-list")
@needs(Permission.CAMPAIGN_READ)
def printed() -> ResponseReturnValue:
    """Who has not filed at one station, on paper for the notice board's owner."""
    campaign = queries.latest()
    filters = desk.Filters(department=request.args.get("department", "")[:200].replace("\x00", ""))
    rows, after = desk.people(campaign, filters, g.today, limit=desk.PRINTED) if campaign else ([], "")
    return render_template("campaigns/printed.html", campaign=campaign, filters=filters, rows=rows, more=bool(after))


@bp.get("/people/<reference>")
@needs(Permission.DESK, on=queries.obligation)
def person(obligation: Obligation) -> ResponseReturnValue:
    """One person's status: standing, due dates, letters, leave, notes."""
    return _person_page(obligation)


def _person_page(
    obligation: Obligation, refused: str = "", form: CityForm | None = None, notice: Any = None
) -> ResponseReturnValue:
    status = queries.status(obligation, g.today)
    leave = status.leave
    forms: dict[str, CityForm] = {
        "extend": ExtendForm(formdata=None, prefix="extend-"),
        "excuse": ExcuseForm(formdata=None, prefix="excuse-"),
        "leave": LeaveForm(formdata=None, obj=leave, prefix="leave-"),
        "done": DoneForm(formdata=None),
        "event": EventDayForm(formdata=None, prefix="event-"),
    }
    if form is not None:
        forms[refused] = form
    shown = next((one for one in status.owed if one.obligation.id == obligation.id), None)
    page = render_template(
        "campaigns/person.html",
        obligation=obligation,
        status=status,
        shown=shown,
        forms=forms,
        given=giving.given_among(
            [one.obligation for one in status.owed], {one.obligation.id for one in status.owed if one.disclosure is not None}
        ),
        refused=form,
        notice=notice,
        event=event_words.event_in_words(obligation),
        waits_in_words=event_words.waits_in_words,
        about=Facts(filer_id=obligation.person_id),
    )
    return (page, 422) if form is not None else page


def _act(obligation: Obligation, name: str, form: CityForm, act: Callable[[], str]) -> ResponseReturnValue:
    """The rhythm of every act on one person: form, action, redirect; a refusal comes back with what was typed."""
    if form.validate_on_submit():
        try:
            flash(act(), "success")
        except Refused as refusal:
            beside = refusal.field in form
            if beside:
                form.refuse(refusal)
            return _person_page(obligation, name, form, None if beside else refusal.message)
        return redirect(url_for("campaigns.person", reference=obligation.reference))
    return _person_page(obligation, name, form)


def _said(waiting: Any, done: str) -> str:
    return _("Asked. A second person now decides; you find it under “Second person”.") if waiting is not None else done


@bp.post("/people/<reference>/extend")
@needs(Permission.DESK_ACT, on=queries.obligation)
def extend(obligation: Obligation) -> ResponseReturnValue:
    """More time for one form."""
    form = ExtendForm(prefix="extend-")

    def act() -> str:
        reason, why = ExtensionReason(form.reason.data), form.why.data or ""
        waiting = extensions.extend(obligation, form.until.data, reason, why, g.actor, g.now)
        return _said(waiting, _("There is more time now. The person gets a letter."))

    return _act(obligation, "extend", form, act)


@bp.post("/people/<reference>/excuse")
@needs(Permission.EXCUSE, on=queries.obligation)
def excuse(obligation: Obligation) -> ResponseReturnValue:
    """Asks a second person that nothing be due here any more."""
    form = ExcuseForm(prefix="excuse-")

    def act() -> str:
        waiting = extensions.ask_excuse(obligation, ExcuseReason(form.reason.data), form.why.data, g.actor, g.now)
        return _said(waiting, _("The person is excused."))

    return _act(obligation, "excuse", form, act)


@bp.post("/people/<reference>/leave")
@needs(Permission.DESK_ACT, on=queries.obligation)
def leave(obligation: Obligation) -> ResponseReturnValue:
    """When the person is away, without a reason."""
    form = LeaveForm(prefix="leave-")

    def act() -> str:
        days = (form.leave_from.data, form.leave_to.data, form.hold_letters.data)
        extensions.set_leave(obligation.person, *days, g.actor, g.now)
        return _("The leave is kept. While it lasts there are no letters, and nothing counts as late.")

    return _act(obligation, "leave", form, act)


@bp.post("/people/<reference>/event")
@needs(Permission.DESK_ACT, on=queries.obligation)
def event(obligation: Obligation) -> ResponseReturnValue:
    """The day of the event that this person's due date counts from, for this person alone."""
    form = EventDayForm(prefix="event-")

    def act() -> str:
        name, _waits = entering.event_for(obligation)
        made = entering.enter(obligation.form_id, name, form.on.data, obligation.person, g.actor, g.now)
        return event_words.plan_in_words(made, g.today)

    return _act(obligation, "event", form, act)


@bp.post("/people/<reference>/notes-done")
@needs(Permission.DESK_ACT, on=queries.obligation)
def notes_done(obligation: Obligation) -> ResponseReturnValue:
    """What the person said about the roster was seen to."""

    def act() -> str:
        for note in queries.status(obligation, g.today).notes:
            note_done(note, g.actor, g.now)
        return _("The notes are marked as done.")

    return _act(obligation, "done", DoneForm(), act)


@bp.route("/give/<number>", methods=["GET", "POST"])
@needs(Permission.DESK_ACT, on=roster.person)
def give(person: Person) -> ResponseReturnValue:
    """Gives one person the form of something that happened and that the roster does not show."""
    form = GiveForm()
    if form.validate_on_submit():
        kind, reason = Kind(form.kind.data), GiveReason(form.reason.data)
        try:
            made = giving.give(person, kind, form.event_on.data, reason, g.actor, g.now)
            flash(_given(made), "success")
            return redirect(url_for("campaigns.person", reference=made[0].reference))
        except Refused as refusal:
            form.refuse(refusal)
    owed = queries.owed_by(person.id, g.today)
    page = render_template("campaigns/give.html", person=person, form=form, owed=owed)
    return page, 422 if form.is_submitted() else 200


def _given(made: list[Obligation]) -> str:
    due = next((one.due_on for one in made if one.due_on), None)
    return _("The form is given, due on %(day)s.", day=day(due)) if due else _("The form is given.")


@bp.post("/people/<reference>/take-back")
@needs(Permission.DESK_ACT, on=queries.obligation)
def take_back(obligation: Obligation) -> ResponseReturnValue:
    """Takes a form back that the desk gave and that nobody has begun."""

    def act() -> str:
        giving.take_back(obligation, g.actor, g.now)
        return _("The form is taken back. Nothing is due for it.")

    return _act(obligation, "done", DoneForm(), act)


@bp.route("/extend", methods=["GET", "POST"])
@needs(Permission.CAMPAIGN)
def extend_many() -> ResponseReturnValue:
    """More time for a department, a group or everybody."""
    campaign, form = queries.latest(), ExtendManyForm()
    departments, groups = queries.places(campaign) if campaign else ([], [])
    form.department.choices = places(departments)
    form.group.choices = places(groups)
    if campaign is not None and form.validate_on_submit():
        try:
            return _extend_many(campaign, form)
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("campaigns/extend.html", form=form, campaign=campaign)
    return page, 422 if form.is_submitted() else 200


def _extend_many(campaign: Campaign, form: ExtendManyForm) -> ResponseReturnValue:
    whom = form.whom.data
    place = form[whom].data if whom in ("department", "group") else ""
    if whom != "all" and not place:
        raise Refused(_("Choose one."), whom)
    number, waiting = extensions.extend_many(
        campaign.year,
        place if whom == "department" else "",
        place if whom == "group" else "",
        form.until.data,
        ExtensionReason(form.reason.data),
        form.why.data or "",
        g.actor,
        g.now,
    )
    flash(_said(waiting, _("%(number)s forms are due later now. Each person gets a letter.", number=number)), "success")
    return redirect(url_for("campaigns.desk"))


@bp.route("/open", methods=["GET", "POST"], endpoint="open")
@needs(Permission.CAMPAIGN)
def open_page() -> ResponseReturnValue:
    """Asks a second person to open the campaign of a year."""
    form, refused = OpenForm(), None
    if form.validate_on_submit():
        try:
            waiting = actions.ask_to_open(form.year.data, form.reason.data or "", g.actor, g.now)
            flash(_said(waiting, _("The campaign is open.")), "success")
            return redirect(url_for("campaigns.desk"))
        except Refused as refusal:
            refused = refusal
    elif not form.is_submitted():
        form.year.data = _next_year(g.today)
    found = actions.looked_at(form.year.data, g.today)
    if refused is not None:
        # What is missing stands on the page in full, with what to do about each.
        form.refuse(NotPossible(_("This campaign can't be opened yet.")) if found and found.faults else refused)
    page = render_template("campaigns/open.html", form=form, plan=actions.planned(form.year.data, g.today), found=found)
    return page, 422 if form.is_submitted() else 200


def _next_year(today: date) -> int:
    campaign = queries.latest()
    return max(today.year, campaign.year + 1) if campaign else today.year


@bp.post("/close")
@needs(Permission.CAMPAIGN)
def close() -> ResponseReturnValue:
    """Asks a second person to close the campaign."""
    form, campaign = CloseForm(), queries.latest()

    def act() -> str:
        if campaign is None:
            raise Refused(_("There is no campaign yet."))
        return _said(actions.ask_to_close(campaign, form.reason.data or "", g.actor, g.now), _("The campaign is closed."))

    return _on_campaign(form, "close_form", act)


@bp.post("/pause")
@needs(Permission.CAMPAIGN)
def pause() -> ResponseReturnValue:
    """Asks a second person to pause a part, or to let it go on."""
    form, campaign = PauseForm(), queries.latest()

    def act() -> str:
        place = form.part.data or ""
        known = campaign is not None and place.isascii() and place.isdigit() and len(place) < 4
        part = queries.part_of(campaign, int(place)) if campaign is not None and known else None
        if part is None:
            raise Refused(_("This campaign has no such part."))
        waiting = actions.ask_to_pause(part, form.paused.data == "yes", form.reason.data, g.actor, g.now)
        return _said(waiting, _("Done."))

    return _on_campaign(form, "pause_form", act)


def _on_campaign(form: CityForm, name: str, act: Callable[[], str]) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            flash(act(), "success")
            return redirect(url_for("campaigns.desk"))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("campaigns/desk.html", **{**_overview(), name: form, "refused": form})
    return page, 422
