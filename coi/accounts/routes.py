"""Pages of signing in and of one's own account; thin: form, action, redirect."""

from hmac import compare_digest
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from coi import typed
from coi.accounts import actions, entering, queries, slips
from coi.accounts import office as _office_pages  # noqa: F401  # its pages join the same blueprint
from coi.accounts.blueprint import bp
from coi.accounts.door import current_sign_in
from coi.clockwork import nudge
from coi.errors import Refused
from coi.gate import OWN, needs, with_lock_free
from coi.languages import LANGUAGES
from coi.models import Account
from coi.rules.permissions import NOBODY, Permission
from forms.accounts import (
    ChangePassphraseForm,
    FirstPassphraseForm,
    LanguageForm,
    LostForm,
    NewPassphraseForm,
    ResetEmailForm,
    SignInForm,
    SlipForm,
)


def _address() -> str:
    return request.remote_addr or ""


def _page(template: str, form: Any, **more: Any) -> ResponseReturnValue:
    failed = form.is_submitted()
    if failed:
        with_lock_free()
    return render_template(template, form=form, **more), 422 if failed else 200


def _enter(account: Account, method: str) -> ResponseReturnValue:
    """A new cookie with the token of a new sign-in, and on to where the person wanted to go."""
    wanted, setting_up = session.pop("after_sign_in", None), queries.in_setup()
    # Only a language chosen at this door goes to the account: the one before may have been somebody else's (shared computers).
    spoken = session.get("language") if session.get("chosen") else None
    actor = actions.actor(account, g.today)
    session.clear()
    session.permanent = True
    session["sign_in"], session["seen"] = actions.sign_in(account, method, actor, g.now), int(g.now.timestamp())
    if spoken in LANGUAGES:
        actions.set_language(account, spoken, actor, g.now)
    if setting_up and not queries.in_setup():
        return redirect(url_for("accounts.set_up"))  # the first senior officer is shown what was done alone (DESIGN 8)
    return redirect(_where(wanted))


def _where(wanted: Any) -> str:
    """The page that was asked for before signing in, by the name of its endpoint: no address is ever carried (TRAPS: Web)."""
    if isinstance(wanted, list) and len(wanted) == 2 and isinstance(wanted[0], str) and isinstance(wanted[1], dict):
        try:
            return url_for(wanted[0], **wanted[1])
        except BuildError:
            current_app.logger.info("a page that was asked for is no more")
    return url_for("disclosures.home")


@bp.route("/sign-in", methods=["GET", "POST"])
@needs(Permission.ANYBODY)
def sign_in() -> ResponseReturnValue:
    """Employee number or e-mail, and the passphrase."""
    if g.actor.is_person and request.method == "GET":
        return redirect(url_for("disclosures.home"))
    form = SignInForm()
    if form.validate_on_submit():
        try:
            account = entering.try_passphrase(form.login.data, form.passphrase.data, _address(), g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            answer = _enter(account, "passphrase")
            return _given_back(account) or answer
    return _page("accounts/sign_in.html", form, kept=request.form.get("_typed", ""), other=False)


def _given_back(account: Account) -> ResponseReturnValue | None:
    """What was typed when the sign-in ended, shown to the same person with a button that sends it; nothing of another's."""
    told = request.form.get("_typed", "")
    kept = typed.opened(told, g.now)
    if kept is not None and kept.address and compare_digest(kept.who, typed.mark(account.id)):
        g.actor, g.account_id = actions.actor(account, g.today), account.id
        g.pop("csrf_token", None)  # made for the sign-in that is over
        return render_template("errors/once_more.html", typed=kept)
    if told:
        flash(_("Another person typed on that page. You see nothing of it, and nothing was sent."), "warning")
    return None


@bp.post("/stay")
@needs(Permission.SIGNED_IN)
def stay() -> ResponseReturnValue:
    """Somebody is still here: the idle time begins anew; tells a script for how many seconds."""
    if request.accept_mimetypes.best == "application/json":
        return {"ends": int((g.ends_at - g.now).total_seconds())}
    return redirect(_back())


@bp.post("/sign-out")
@needs(Permission.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """Ends this sign-in at once, here and for any copy of the cookie."""
    row = current_sign_in()
    if row is not None:
        actions.end_sign_in(row, "signed_out", g.actor, g.now)
    spoken = session.get("language") or g.actor.language
    session.clear()
    session["language"] = spoken
    return redirect(url_for("accounts.signed_out"))


@bp.get("/signed-out")
@needs(Permission.ANYBODY)
def signed_out() -> ResponseReturnValue:
    """That nobody is signed in here any more."""
    return render_template("accounts/signed_out.html")


@bp.route("/first-sign-in", methods=["GET", "POST"])
@needs(Permission.ANYBODY)
def first_sign_in() -> ResponseReturnValue:
    """The number and the code of a printed slip."""
    form = SlipForm()
    if form.validate_on_submit():
        try:
            session["slip"] = entering.try_slip(form.number.data, form.code.data, _address(), g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("accounts.first_language"))
    return _page("accounts/first_sign_in.html", form)


def _again() -> ResponseReturnValue:
    session.pop("slip", None)
    flash(_("Start again with the code on your slip."), "warning")
    return redirect(url_for("accounts.first_sign_in"))


@bp.route("/first-language", methods=["GET", "POST"])
@needs(Permission.ANYBODY)
def first_language() -> ResponseReturnValue:
    """Which language; the question is asked in both."""
    if queries.living_slip(session.get("slip"), g.now) is None:
        return _again()
    form = LanguageForm()
    if form.validate_on_submit():
        session["language"], session["chosen"] = form.language.data, True
        return redirect(url_for("accounts.first_passphrase"))
    return _page("accounts/first_language.html", form, languages=LANGUAGES)


@bp.route("/first-passphrase", methods=["GET", "POST"])
@needs(Permission.ANYBODY)
def first_passphrase() -> ResponseReturnValue:
    """The passphrase; the slip is spent here and the person is signed in."""
    told = session.get("slip")
    opened = queries.living_slip(told, g.now)
    if opened is None:
        return _again()
    account_id, name = opened[0].id, opened[0].person.name
    form = FirstPassphraseForm()
    if form.validate_on_submit():
        try:
            hashed = entering.hashed(form.passphrase.data, account_id)
            return _open_by_slip(told, hashed, form.reset_email.data or "")
        except Refused as refusal:
            form.refuse(refusal)
    return _page("accounts/first_passphrase.html", form, name=name)


def _open_by_slip(told: Any, hashed: str, reset_email: str) -> ResponseReturnValue:
    opened = queries.living_slip(told, g.now)
    if opened is None:
        raise Refused(_("This code was used already. Ask the campaign desk for a new slip."))
    account, slip = opened
    actor = actions.actor(account, g.today)
    slips.use(account, slip, actor, g.now)
    actions.set_passphrase(account, hashed, "desk" if slip.identity_checked else "slip", actor, g.now)
    if reset_email:
        actions.set_reset_email(account, reset_email, actor, g.now)
    return _enter(account, "slip")


@bp.route("/lost", methods=["GET", "POST"])
@needs(Permission.ANYBODY)
def lost() -> ResponseReturnValue:
    """Who lost a passphrase gets a letter with a link; who lost a code is told whom to call. The answer is always the same."""
    form = LostForm()
    if form.validate_on_submit():
        entering.send_reset(form.login.data, NOBODY, g.now, current_app.config["SECRET_KEY"])
        nudge()
        return redirect(url_for("accounts.lost_sent"))
    return _page("accounts/lost.html", form)


@bp.get("/lost/sent")
@needs(Permission.ANYBODY)
def lost_sent() -> ResponseReturnValue:
    """What happens now, whoever asked."""
    return render_template("accounts/lost_sent.html")


@bp.route("/reset/<token>", methods=["GET", "POST"])
@needs(Permission.ANYBODY)
def reset(token: str) -> ResponseReturnValue:
    """A new passphrase by the link of a letter."""
    secret = current_app.config["SECRET_KEY"]
    account = entering.account_of_token(token, secret)
    if account is None:
        return render_template("accounts/reset_over.html"), 422 if request.method == "POST" else 200
    form = NewPassphraseForm()
    name = account.person.name
    if form.validate_on_submit():
        try:
            hashed = entering.hashed(form.passphrase.data, account.id)
            account = entering.account_of_token(token, secret)
            if account is None:
                raise Refused(_("This link was used already. Ask for a new one."))
            actions.set_passphrase(account, hashed, "letter", actions.actor(account, g.today), g.now)
            flash(_("Your new passphrase is set."), "success")
            return _enter(account, "passphrase")
        except Refused as refusal:
            form.refuse(refusal)
    return _page("accounts/reset.html", form, name=name)


@bp.post("/language", endpoint="language")
@needs(Permission.ANYBODY)
def language_switch() -> ResponseReturnValue:
    """Every page in the other language from here on; kept with the account of who is signed in."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"], session["chosen"] = chosen, True
        if g.actor.is_person:
            actions.set_language(queries.own_account(g.actor), chosen, g.actor, g.now)
    return redirect(_back())


def _back() -> str:
    """The page the switch was on, by endpoint; only pages that can be shown again, with nothing but what their address takes."""
    told = request.form.get("back", "")
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint == told and "GET" in (rule.methods or ())]
    for rule in rules:
        # Any other name could be an order to url_for itself: another host, another scheme.
        values: dict[str, Any] = {name: request.form[f"v_{name}"] for name in rule.arguments if f"v_{name}" in request.form}
        try:
            return url_for(told, **values)
        except BuildError:
            current_app.logger.info("the language switch was on a page that is no more")
    return url_for("disclosures.home")


def _me_page(**forms: Any) -> ResponseReturnValue:
    account = queries.own_account(g.actor)
    here = current_sign_in()
    shown = {
        "change": forms.get("change") or ChangePassphraseForm(formdata=None),
        "mail": forms.get("mail") or ResetEmailForm(formdata=None, reset_email=account.reset_email),
    }
    for name, form in shown.items():
        for field in form:
            field.id = f"{name}-{field.short_name}"
    sign_ins = queries.sign_ins_of(account.id)
    page = render_template("accounts/me.html", account=account, sign_ins=sign_ins, here=here, **shown)
    return page, 422 if forms else 200


@bp.get("/me")
@needs(Permission.SIGNED_IN)
def me() -> ResponseReturnValue:
    """My account: passphrase, address for resets, where I am signed in."""
    return _me_page()


@bp.post("/me/passphrase")
@needs(Permission.SIGNED_IN)
def change_passphrase() -> ResponseReturnValue:
    """A new passphrase by who knows the old one; other sign-ins end."""
    form = ChangePassphraseForm()
    account = queries.own_account(g.actor)
    number, login = account.id, account.email
    if form.validate_on_submit():
        try:
            entering.try_passphrase(login, form.old.data, _address(), g.now)
            hashed = entering.hashed(form.passphrase.data, number)
        except Refused as refusal:
            refusal.field = refusal.field or "old"
            form.refuse(refusal)
        else:
            here = current_sign_in()
            account = queries.own_account(g.actor)
            actions.set_passphrase(account, hashed, "self", g.actor, g.now, keep=here.id if here else None)
            flash(_("Your new passphrase is set. Your other sign-ins ended."), "success")
            return redirect(url_for("accounts.me"))
    return _me_page(change=form)


@bp.post("/me/reset-email")
@needs(Permission.SIGNED_IN, fresh=OWN)
def reset_email() -> ResponseReturnValue:
    """The personal address for resets."""
    form = ResetEmailForm()
    if form.validate_on_submit():
        try:
            actions.set_reset_email(queries.own_account(g.actor), form.reset_email.data or "", g.actor, g.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Kept."), "success")
            return redirect(url_for("accounts.me"))
    return _me_page(mail=form)


@bp.post("/me/end-others")
@needs(Permission.SIGNED_IN)
def end_others() -> ResponseReturnValue:
    """Ends every other sign-in of mine."""
    here = current_sign_in()
    account = queries.own_account(g.actor)
    actions.end_all(account, "ended_elsewhere", g.actor, g.now, but=here.id if here else None)
    flash(_("Your other sign-ins ended."), "success")
    return redirect(url_for("accounts.me"))
