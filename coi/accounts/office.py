"""Pages of the office: roles on record, what waits for a second person, slips, accounts of people who are no employees; thin."""

from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.accounts import actions, paper, queries, requests, roles, slips
from coi.accounts.blueprint import bp
from coi.errors import Refused, SomebodyWasFaster
from coi.gate import OFFICE, needs, with_lock_free
from coi.models import Account, Person, Request
from coi.profiles.current import current_profile
from coi.rules.permissions import Permission
from coi.vocabulary import Role
from forms.accounts import ApproveForm, EndForm, GrantForm, OutsiderForm, RefuseForm, SlipIssueForm


def _said(made: Request | None, done: str) -> None:
    flash(
        done if made is None else _("Asked. A second person must approve it: %(reference)s.", reference=made.reference), "success"
    )


@bp.get("/roles", endpoint="roles")
@needs(Permission.ROLES_READ)
def roles_page() -> ResponseReturnValue:
    """Who holds which role, since when, asked and approved by whom; standing warnings."""
    return render_template(
        "accounts/roles.html",
        holdings=queries.holdings(),
        warnings=[Role(code) for code in queries.warnings(g.today)],
        names=queries.names_of_actors(),
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


@bp.route("/roles/<reference>/end", methods=["GET", "POST"])
@needs(Permission.ROLES, on=queries.holding, fresh=OFFICE)
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
        waiting=queries.waiting(g.actor, g.now),
        decided=queries.decided(),
        describe=requests.describe,
        setup=queries.setup_acts() if Role.SENIOR_OFFICER in g.actor.roles else [],
    )


def _request_page(asked: Request, notice: Any = None, code: int = 200, **typed: Any) -> ResponseReturnValue:
    forms = {
        "approve": typed.get("approve") or ApproveForm(formdata=None),
        "refuse": typed.get("refuse") or RefuseForm(formdata=None),
    }
    for name, form in forms.items():
        form.reason.id = f"{name}-reason"
    page = render_template("accounts/request.html", asked=asked, what=requests.describe(asked), notice=notice, **forms)
    return page, code


@bp.get("/requests/<reference>")
@needs(Permission.APPROVE, on=queries.request_for)
def request_page(asked: Request) -> ResponseReturnValue:
    """One request with both buttons."""
    return _request_page(asked)


@bp.post("/requests/<reference>/approve")
@needs(Permission.APPROVE, on=queries.request_for, fresh=OFFICE)
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
    if ran:
        flash(_("Approved and done."), "success")
    else:
        flash(_("What this was about changed meanwhile. Nothing was done; it must be asked again."), "warning")
    return redirect(url_for("accounts.requests"))


@bp.post("/requests/<reference>/refuse")
@needs(Permission.APPROVE, on=queries.request_for, fresh=OFFICE)
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


@bp.get("/slips", endpoint="slips")
@needs(Permission.DESK)
def slips_page() -> ResponseReturnValue:
    """Find a person for a new slip; print the slips of a station."""
    search = request.args.get("search", "")[:100]
    found = queries.found_people(search) if search.strip() else []
    return render_template("accounts/slips.html", search=search, found=found, stations=queries.stations())


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
            return render_template(
                "accounts/slip_made.html", person=person, code=slips.spaced(code), until=g.now + slips.GOOD_FOR
            )
    account: Account | None = queries.account_of(person.id)
    return _office("accounts/slip.html", form, person=person, account=account)


@bp.post("/slips/station")
@needs(Permission.DESK_ACT, fresh=OFFICE)
def station_slips() -> ResponseReturnValue:
    """New slips for everybody of a station who can't sign in yet, as one PDF; older slips of theirs die."""
    department = request.form.get("department", "")
    people = [person for person in queries.without_passphrase(department) if person.id != g.actor.person_id]
    if not people:
        flash(_("Everybody at this station can sign in already."), "info")
        return redirect(url_for("accounts.slips"))
    sheets = [paper.Sheet(person, slips.spaced(slips.issue(person, g.actor, g.now))) for person in people]
    answer = make_response(paper.pdf(sheets, current_profile().city, g.now + slips.GOOD_FOR))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = "attachment; filename=slips.pdf"
    return answer


@bp.route("/outsiders", methods=["GET", "POST"])
@needs(Permission.ROLES, fresh=OFFICE)
def outsiders() -> ResponseReturnValue:
    """Accounts for commissioners, outside counsel, outside auditors: body, appointing authority, from-to (U7)."""
    form = OutsiderForm()
    if form.validate_on_submit():
        try:
            actions.create_account(
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
            flash(
                _("The account is made. A letter with a link lets the person choose a passphrase: “I lost my passphrase”."),
                "success",
            )
            return redirect(url_for("accounts.outsiders"))
    return _office("accounts/outsiders.html", form, people=queries.outside_people())
