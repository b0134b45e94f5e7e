"""Pages of people who file: home, the form in sections or on one page, review, signature, receipt, my filing; thin."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coi.disclosures import actions, filing, queries, signing
from coi.disclosures import suggesting as _while_typing  # noqa: F401  # its answer joins the same blueprint
from coi.disclosures import taking as _after_signing  # noqa: F401  # its pages join the same blueprint
from coi.disclosures.asking import capitalise, is_day
from coi.disclosures.blueprint import bp
from coi.disclosures.clocks import clock_of
from coi.disclosures.copies import leaves_out
from coi.disclosures.home import home_of, in_words, signed_in_words, voluntary_choices
from coi.disclosures.keeping import BEFORE, Kept, keep, keep_and_sign
from coi.disclosures.pages import DraftPage
from coi.errors import Refused
from coi.gate import OWN, Trace, needs
from coi.models import Disclosure, Obligation
from coi.people.actions import write_note
from coi.review import actions as office
from coi.rules.permissions import Permission
from coi.vendors.on_case import told_to_the_filer
from coi.vocabulary import Event, Kind, State
from forms.disclosures import AnswerForm, ConfirmForm, CorrectForm, CorrectReturnedForm, EmptyForm, WrongForm, which_form

bp.add_app_template_filter(capitalise)
bp.add_app_template_filter(is_day)
bp.add_app_template_global(clock_of, "clock_of")
bp.add_app_template_global(leaves_out, "leaves_out")
bp.add_app_template_global(signed_in_words, "signed_in_words")


@bp.get("/")
@needs(Permission.SIGNED_IN)
def home() -> ResponseReturnValue:
    """What to do and by when."""
    return render_template("disclosures/home.html", home=home_of(g.actor, g.today))


@bp.post("/forms/start/<reference>")
@needs(Permission.FILE_OWN, on=queries.obligation_of)
def start(obligation: Obligation) -> ResponseReturnValue:
    """Begins the form that is owed, or goes on with it."""
    return redirect(_first_page(actions.start(obligation, g.actor, g.now)), 303)


@bp.route("/forms/new/<kind>", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def voluntary(kind: str) -> ResponseReturnValue:
    """A gift or a change that nobody asked for."""
    if kind not in (Kind.GIFT, Kind.CHANGE):
        abort(404)
    form = which_form(voluntary_choices(Kind(kind), g.actor))
    if not form.validate_on_submit():
        page = render_template("disclosures/voluntary.html", form=form, kind=Kind(kind))
        return page, 422 if form.is_submitted() else 200
    return redirect(_first_page(actions.start_voluntary(Kind(kind), g.actor, g.now, form.chosen)), 303)


def _first_page(disclosure: Disclosure) -> str:
    """The one-page form, which suits a phone and whoever has nothing to say; a signed filing's own page."""
    if queries.draft_of(disclosure) is None:
        return url_for("disclosures.show", reference=disclosure.reference)
    return url_for("disclosures.one_page", reference=disclosure.reference)


@bp.route("/forms/<reference>", methods=["GET", "POST"])
@needs(Permission.FILE_OWN, on=queries.own)
def one_page(disclosure: Disclosure) -> ResponseReturnValue:
    """The whole form on one page, with its signature."""
    if request.method == "POST":
        return _kept(keep(disclosure, request.form, ""), url_for("disclosures.one_page", reference=disclosure.reference))
    draft = queries.draft_of(disclosure)
    if draft is None:
        return _signed(disclosure)
    return DraftPage(disclosure, draft, check="check" in request.args).one_page()


@bp.route("/forms/<reference>/sections/<section>", methods=["GET", "POST"])
@needs(Permission.FILE_OWN, on=queries.own)
def edit(disclosure: Disclosure, section: str) -> ResponseReturnValue:
    """One section; every POST keeps what was typed, whatever is still missing."""
    here = url_for("disclosures.edit", reference=disclosure.reference, section=section)
    if request.method == "POST":
        return _kept(keep(disclosure, request.form, section), here)
    draft = queries.draft_of(disclosure)
    if draft is None:
        return _signed(disclosure)
    page = DraftPage(disclosure, draft, check="check" in request.args)
    shown = next((one for one in page.sections if one.id == section), None)
    if shown is None:
        return redirect(url_for("disclosures.review", reference=disclosure.reference))
    return page.section_page(shown)


@bp.route("/forms/<reference>/before", methods=["GET", "POST"])
@needs(Permission.FILE_OWN, on=queries.own)
def before(disclosure: Disclosure) -> ResponseReturnValue:
    """What was told before, entry by entry: still true, changed, or over."""
    here = url_for("disclosures.before", reference=disclosure.reference)
    if request.method == "POST":
        return _kept(keep(disclosure, request.form, BEFORE), here)
    draft = queries.draft_of(disclosure)
    if draft is None:
        return _signed(disclosure)
    page = DraftPage(disclosure, draft, check="check" in request.args)
    return page.before_page() if page.cards else redirect(url_for("disclosures.one_page", reference=disclosure.reference))


def _kept(kept: Kept, here: str) -> ResponseReturnValue:
    """After a POST: on to where the button leads, or the page again with what was typed."""
    if kept.page is not None:
        return kept.page, kept.code
    return redirect(kept.onward or f"{here}{kept.fragment}", 303)


@bp.get("/forms/<reference>/review")
@needs(Permission.FILE_OWN, on=queries.own)
def review(disclosure: Disclosure) -> ResponseReturnValue:
    """Everything as it will be signed."""
    draft = queries.draft_of(disclosure)
    return _signed(disclosure) if draft is None else DraftPage(disclosure, draft).review_page()


@bp.route("/forms/<reference>/sign", methods=["GET", "POST"])
@needs(Permission.SIGN, on=queries.own, fresh=OWN)
def sign(disclosure: Disclosure) -> ResponseReturnValue:
    """The signature; also what the one-page form posts."""
    if request.method == "POST":
        kept = keep_and_sign(disclosure, request.form)
        if kept.page is not None:
            return kept.page, kept.code
        return redirect(url_for("disclosures.receipt", reference=disclosure.reference, new="yes"), 303)
    draft = queries.draft_of(disclosure)
    return _signed(disclosure) if draft is None else DraftPage(disclosure, draft).sign_page()


def _signed(disclosure: Disclosure) -> ResponseReturnValue:
    return redirect(url_for("disclosures.show", reference=disclosure.reference))


def _read(disclosure: Disclosure) -> Trace:
    return Event.DISCLOSURE_READ, f"disclosure:{disclosure.reference}", {"version": disclosure.version, "as": "filer"}


def _receipt_read(disclosure: Disclosure) -> Trace:
    return Event.RECEIPT_READ, f"disclosure:{disclosure.reference}", {"version": disclosure.version}


@bp.get("/filings/<reference>/receipt")
@needs(Permission.READ_OWN, on=queries.own, reads=_receipt_read)
def receipt(disclosure: Disclosure) -> ResponseReturnValue:
    """That it was filed: number, date, level, counts and policies; no answers (U30)."""
    return render_template("disclosures/receipt.html", **filing.receipt_of(disclosure), new="new" in request.args)


@bp.get("/filings/<reference>")
@needs(Permission.READ_OWN, on=queries.own, reads=_read)
def show(disclosure: Disclosure) -> ResponseReturnValue:
    """My filing: what I said, where it is, who has it, who read it, what is asked of me, the outcome."""
    return _show(disclosure, AnswerForm(formdata=None))


def _show(disclosure: Disclosure, form: AnswerForm, code: int = 200) -> tuple[str, int]:
    return render_template(
        "disclosures/show.html",
        **filing.everything_of(disclosure),
        form=form,
        where=in_words(disclosure),
        new_contracts=told_to_the_filer(disclosure),
    ), code


@bp.get("/filings/<reference>/versions/<number>")
@needs(Permission.READ_OWN, on=queries.own, reads=_read)
def version(disclosure: Disclosure, number: str) -> ResponseReturnValue:
    """An earlier signed version."""
    signed = queries.version_of(disclosure, int(number)) if number.isascii() and number.isdigit() and len(number) < 6 else None
    if signed is None or str(signed.number) != number:
        abort(404)
    return render_template("disclosures/version.html", **filing.version_of(disclosure, signed))


@bp.post("/filings/<reference>/answer")
@needs(Permission.ANSWER, on=queries.own)
def answer(disclosure: Disclosure) -> ResponseReturnValue:
    """Answers a question of the office; no new signature."""
    form = AnswerForm()
    if form.validate_on_submit():
        office.answer(disclosure, form.text.data or "", g.actor, g.now)
        flash(_("Your answer is sent. You have nothing more to do now."), "success")
        return redirect(url_for("disclosures.show", reference=disclosure.reference), 303)
    return _show(disclosure, form, 422)


@bp.route("/filings/<reference>/correct", methods=["GET", "POST"])
@needs(Permission.CORRECT_OWN, on=queries.own)
def correct(disclosure: Disclosure) -> ResponseReturnValue:
    """Begins a new version of an own form, from every state (U28)."""
    form: Any = CorrectReturnedForm() if disclosure.state is State.RETURNED else CorrectForm()
    if form.validate_on_submit():
        try:
            actions.begin_correction(disclosure, form.reason.data or "", g.actor, g.now)
            return redirect(_first_page(disclosure), 303)
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template(
        "disclosures/correct.html",
        disclosure=disclosure,
        form=form,
        returned=filing.why_returned(disclosure),
        where=in_words(disclosure),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/forms/<reference>/discard", methods=["GET", "POST"])
@needs(Permission.FILE_OWN, on=queries.own)
def discard(disclosure: Disclosure) -> ResponseReturnValue:
    """Throws a draft away, after asking; what was signed stays."""
    form = EmptyForm()
    if form.validate_on_submit():
        actions.discard(disclosure, g.actor, g.now)
        flash(_("The draft is gone. What you signed before stays as it is."), "info")
        return redirect(url_for("disclosures.home"), 303)
    if queries.draft_of(disclosure) is None:
        return _signed(disclosure)
    return render_template("disclosures/discard.html", disclosure=disclosure, form=form), 422 if form.is_submitted() else 200


@bp.route("/filings/<reference>/withdraw", methods=["GET", "POST"])
@needs(Permission.CORRECT_OWN, on=queries.own)
def withdraw(disclosure: Disclosure) -> ResponseReturnValue:
    """Takes back what nobody asked for, a gift or a change, after asking; it is kept."""
    form = EmptyForm()
    if form.validate_on_submit():
        actions.withdraw(disclosure, g.actor, g.now)
        flash(_("You withdrew this form. It is kept, and nobody works on it any more."), "info")
        return redirect(url_for("disclosures.show", reference=disclosure.reference), 303)
    return render_template("disclosures/withdraw.html", disclosure=disclosure, form=form), 422 if form.is_submitted() else 200


@bp.route("/filings/<reference>/confirm", methods=["GET", "POST"])
@needs(Permission.READ_OWN, on=queries.own, fresh=OWN)
def confirm(disclosure: Disclosure) -> ResponseReturnValue:
    """The person confirms a form that the office typed in, and says what is to be said about policies."""
    form = ConfirmForm()
    if form.validate_on_submit():
        typed = filing.said_about_policies(disclosure, request.form)
        try:
            signing.confirm_imported(
                disclosure, typed, filing.act(form.signed_name.data or "", True, request.form), g.actor, g.now
            )
            flash(_("Thank you. Your form is confirmed."), "success")
            return redirect(url_for("disclosures.receipt", reference=disclosure.reference), 303)
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("disclosures/confirm.html", **filing.confirmation_of(disclosure, request.form), form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/my-record/wrong", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def note_wrong() -> ResponseReturnValue:
    """My title, department or supervisor is wrong: a note to the campaign desk (U12)."""
    form = WrongForm()
    if form.validate_on_submit():
        write_note(g.actor.person_id, form.text.data or "", g.actor, g.now)
        flash(_("Thank you. The campaign desk will look at it. You can go on with your form."), "success")
        return redirect(url_for("disclosures.home"), 303)
    return render_template("disclosures/wrong.html", form=form, person=filing.me(g.actor)), 422 if form.is_submitted() else 200
