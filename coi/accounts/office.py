"""Pages of the office: roles on record, what waits for a second person, slips, accounts of people who are no employees; thin."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import after_this_request, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.accounts import actions, entering, paper, queries, requests, roles, slips
from coi.accounts.blueprint import bp
from coi.audit.queries import names_in
from coi.audit.words import actor_in_words, by_whom, sentence, subject_in_words
from coi.clockwork import nudge
from coi.errors import Refused, SomebodyWasFaster
from coi.gate import OFFICE, needs, with_lock_free
from coi.languages import LANGUAGES, day, speaking
from coi.models import Account, Person, Request
from coi.profiles.current import current_profile, today
from coi.rules.permissions import Facts, Permission
from coi.vocabulary import Role
from forms.accounts import (
    ApproveForm,
    CloseForm,
    EndForm,
    GrantForm,
    OutsiderForm,
    RefuseForm,
    SlipIssueForm,
    StationForm,
)


def _said(made: Request | None, done: str) -> None:
    flash(
        done if made is None else _("Asked. A second person must approve it: %(reference)s.", reference=made.reference), "success"
    )


@bp.get("/roles", endpoint="roles")
@needs(Permission.ROLES_READ)
def roles_page() -> ResponseReturnValue:
    """Who holds which role, since when, asked and approved by whom; standing warnings."""
    names = queries.names_of_actors()
    return render_template(
        "accounts/roles.html",
        holdings=queries.holdings(g.today),
        warnings=[Role(code) for code in queries.warnings(g.today)],
        who=lambda code: by_whom(code, names),
    )


@bp.route("/roles/give", methods=["GET", "POST"])
@needs(Permission.ROLES, fresh=OFFICE)
def grant() -> ResponseReturnValue:
    """Asks a second person to give a role."""
    form = GrantForm()
    if form.validate_on_submit():
        try:
            person = queries.anybody_by_login(form.login.data)
            if person is None:
                raise Refused(_("There is nobody with this number or e-mail."), "login")
            account = actions.ensure_account(person, g.actor, g.now)
            made = roles.ask_grant(account, Role(form.role.data), form.until.data, form.reason.data, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            _said(made, _("The role is given."))
            return redirect(url_for("accounts.roles"))
    return _office("accounts/grant.html", form)


def _holding(reference: str) -> tuple[queries.Holding, Facts] | None:
    return queries.holding(reference, g.today)


@bp.route("/roles/<reference>/end", methods=["GET", "POST"])
@needs(Permission.ROLES, on=_holding, fresh=OFFICE)
def revoke(holding: queries.Holding) -> ResponseReturnValue:
    """Asks a second person to take a role away."""
    form = EndForm()
    if form.validate_on_submit():
        try:
            made = roles.ask_end(holding.grant.account, holding.grant.role, form.reason.data, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            _said(made, _("The role ended."))
            return redirect(url_for("accounts.roles"))
    return _office("accounts/end.html", form, holding=holding)


def _office(template: str, form: Any, **more: Any) -> ResponseReturnValue:
    failed = form.is_submitted()
    if failed:
        with_lock_free()
    return render_template(template, form=form, **more), 422 if failed else 200


@bp.get("/requests", endpoint="requests")
@needs(Permission.REQUESTS)
def requests_page() -> ResponseReturnValue:
    """What waits for me, what I asked, and what became of the newest ones."""
    return render_template(
        "accounts/requests.html",
        waiting=[one for one in queries.waiting(g.actor, g.now) if not requests.is_barred(one, g.actor)],
        decided=[one for one in queries.decided(g.actor, g.now) if not requests.is_barred(one, g.actor)],
        warnings=[Role(code) for code in queries.warnings(g.today)],
        describe=requests.describe,
        whom=queries.whom,
    )


def _request_page(asked: Request, notice: Any = None, code: int = 200, **typed: Any) -> ResponseReturnValue:
    forms = {
        "approve": typed.get("approve") or ApproveForm(formdata=None),
        "refuse": typed.get("refuse") or RefuseForm(formdata=None),
    }
    for name, form in forms.items():
        form.reason.id = f"{name}-reason"
    told = {"what": requests.describe(asked), "whom": queries.whom(asked), "look": requests.address(asked)}
    page = render_template("accounts/request.html", asked=asked, notice=notice, **told, **forms)
    return page, code


@bp.get("/requests/<reference>")
@needs(Permission.APPROVE, on=requests.request_for)
def request_page(asked: Request) -> ResponseReturnValue:
    """One request with both buttons."""
    return _request_page(asked)


@bp.post("/requests/<reference>/approve")
@needs(Permission.APPROVE, on=requests.request_for, fresh=OFFICE)
def approve(asked: Request) -> ResponseReturnValue:
    """The second person says yes; the act runs then and there."""
    form = ApproveForm()
    if not form.validate_on_submit():
        return _request_page(asked, code=422, approve=form)
    try:
        ran = requests.approve(asked, form.reason.data or "", g.actor, g.now)
    except Refused as refusal:
        with_lock_free()
        return _request_page(asked, refusal.message, 409 if isinstance(refusal, SomebodyWasFaster) else 422, approve=form)
    after_this_request(_wake)
    if ran:
        flash(_("Approved and done."), "success")
    else:
        flash(
            _("This changed meanwhile, or who asked may no longer ask it. Nothing was done; it must be asked again."),
            "warning",
        )
    return redirect(url_for("accounts.requests"))


def _wake(answer: Any) -> Any:
    """After the commit: what a second person let go need not wait for the worker's clock."""
    nudge()
    return answer


@bp.post("/requests/<reference>/refuse")
@needs(Permission.APPROVE, on=requests.request_for, fresh=OFFICE)
def refuse(asked: Request) -> ResponseReturnValue:
    """The second person says no, with a reason."""
    form = RefuseForm()
    if not form.validate_on_submit():
        return _request_page(asked, code=422, refuse=form)
    try:
        requests.refuse(asked, form.reason.data, g.actor, g.now)
    except Refused as refusal:
        with_lock_free()
        return _request_page(asked, refusal.message, 409 if isinstance(refusal, SomebodyWasFaster) else 422, refuse=form)
    flash(_("Refused. Nothing was changed."), "success")
    return redirect(url_for("accounts.requests"))


@bp.get("/set-up")
@needs(Permission.SET_UP)
def set_up() -> ResponseReturnValue:
    """What commands did alone before the first senior officer signed in."""
    acts = queries.setup_acts()
    names = names_in(acts)
    told = [(one, actor_in_words(one.actor, names), sentence(one, subject_in_words(one.subject, names))) for one in acts]
    return render_template("accounts/set_up.html", told=told)


@bp.get("/slips", endpoint="slips")
@needs(Permission.DESK)
def slips_page() -> ResponseReturnValue:
    """Find a person for a new slip; print the slips of a station."""
    search = request.args.get("search", "")[:100]
    found = queries.found_people(search) if search.strip() else []
    return render_template(
        "accounts/slips.html", search=search, found=found, pieces=queries.pieces_of(found), stations=queries.stations(g.now)
    )


@bp.route("/slips/<number>", methods=["GET", "POST"])
@needs(Permission.DESK_ACT, on=queries.employee, fresh=OFFICE)
def slip(person: Person) -> ResponseReturnValue:
    """A new slip for one person after an identity check; the old one dies. The code is on this answer only."""
    form = SlipIssueForm()
    if form.validate_on_submit():
        try:
            code = slips.issue(person, g.actor, g.now, bool(form.identity_checked.data))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            site = current_app.config["SETTINGS"].public_url
            last = {spoken: _day_in(spoken, g.now + slips.GOOD_FOR) for spoken in LANGUAGES}
            return render_template("accounts/slip_made.html", person=person, code=slips.spaced(code), last=last, site=site)
    account: Account | None = queries.account_of(person.id)
    return _office("accounts/slip.html", form, person=person, account=account)


def _day_in(spoken: str, moment: datetime) -> str:
    with speaking(spoken):
        return day(today(moment))


@bp.post("/slips/station")
@needs(Permission.DESK_ACT, fresh=OFFICE)
def station_slips() -> ResponseReturnValue:
    """New slips for everybody of a station who can't come in otherwise, as one PDF; older slips of theirs die."""
    form = StationForm()

    def printed(found: Sequence[tuple[Person, str]]) -> bytes:
        sheets = [paper.Sheet(person, code) for person, code in found]
        return paper.pdf(sheets, current_profile().city, g.now + slips.GOOD_FOR, current_app.config["SETTINGS"].public_url)

    station = form.department.data if form.validate_on_submit() else ""
    made = slips.for_station(station or "", bool(form.also_with_slip.data), g.actor, g.now, printed)
    if made is None:
        flash(_("Everybody at this station can sign in already, or holds a slip."), "info")
        return redirect(url_for("accounts.slips"))
    answer = make_response(made)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = "attachment; filename=slips.pdf"
    return answer


def _account_page(account: Account, form: CloseForm, code: int = 200) -> ResponseReturnValue:
    held = sorted(queries.roles_of(account, g.today), key=lambda role: role.rank)
    living = queries.sign_ins_of(account.id)
    page = render_template("accounts/account.html", account=account, form=form, held=held, sign_ins=living, piece=_piece(account))
    return page, code


def _piece(account: Account) -> str:
    return account.fs_uniquifier[: queries.PIECE]


def _kept(account: Account) -> ResponseReturnValue:
    return redirect(url_for("accounts.account", reference=_piece(account)))


@bp.get("/of/<reference>")
@needs(Permission.ACCOUNT, on=queries.account_behind)
def account(found: Account) -> ResponseReturnValue:
    """How somebody signs in, for the administrator: never a secret, never the address for resets (access 34)."""
    return _account_page(found, CloseForm(formdata=None))


@bp.post("/of/<reference>/end-sign-ins")
@needs(Permission.ACCOUNT, on=queries.account_behind, fresh=OFFICE)
def end_theirs(found: Account) -> ResponseReturnValue:
    """Ends every sign-in of somebody at once."""
    actions.end_all(found, "ended_by_office", g.actor, g.now)
    flash(_("Every sign-in of this person ended."), "success")
    return _kept(found)


@bp.post("/of/<reference>/letter")
@needs(Permission.ACCOUNT, on=queries.account_behind, fresh=OFFICE)
def send_letter(found: Account) -> ResponseReturnValue:
    """A letter with a link to a new passphrase; who sends it never sees the link."""
    entering.send_reset(found.email, g.actor, g.now, current_app.config["SECRET_KEY"])
    nudge()
    flash(_("If we have an e-mail for this person, a letter with a link is on its way."), "success")
    return _kept(found)


@bp.post("/of/<reference>/close")
@needs(Permission.ACCOUNT, on=queries.account_behind, fresh=OFFICE)
def close(found: Account) -> ResponseReturnValue:
    """Nobody signs in with this account any more."""
    form = CloseForm()
    if form.validate_on_submit():
        try:
            actions.close_account(found, form.because.data, g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The account is closed."), "success")
            return _kept(found)
    with_lock_free()
    return _account_page(found, form, 422)


@bp.post("/of/<reference>/open")
@needs(Permission.ACCOUNT, on=queries.account_behind, fresh=OFFICE)
def reopen(found: Account) -> ResponseReturnValue:
    """The account works again."""
    actions.reopen_account(found, g.actor, g.now)
    flash(_("The account works again."), "success")
    return _kept(found)


@bp.route("/outsiders", methods=["GET", "POST"])
@needs(Permission.ROLES, fresh=OFFICE)
def outsiders() -> ResponseReturnValue:
    """Accounts for commissioners, outside counsel, outside auditors: body, appointing authority, from-to (U7)."""
    form = OutsiderForm()
    if form.validate_on_submit():
        try:
            made = actions.create_account(
                form.name.data,
                form.email.data,
                form.body.data,
                form.appointed_by.data,
                g.actor,
                g.now,
                form.serves_from.data,
                form.serves_to.data,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            entering.send_reset(made.email, g.actor, g.now, current_app.config["SECRET_KEY"])
            nudge()
            flash(
                _("The account is made. From its first day on, a letter with a link lets the person choose a passphrase."),
                "success",
            )
            return redirect(url_for("accounts.outsiders"))
    people = queries.outside_people()
    return _office("accounts/outsiders.html", form, people=people, pieces=queries.pieces_of(people))
