"""The list of refusals as people read it: what kind of thing was wanted, and why it was refused; from codes, looks nothing up."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

# By page where it tells more than its room, else by room.
WANTED: dict[str, Any] = {
    "accounts": _l("accounts, roles or what waits for a second person"),
    "accounts.approve": _l("to approve as second person"),
    "accounts.refuse": _l("to refuse as second person"),
    "accounts.grant": _l("to give a role"),
    "accounts.revoke": _l("to end a role"),
    "accounts.roles": _l("the list of roles"),
    "accounts.sign_in": _l("to sign in"),
    "accounts.me": _l("an account page"),
    "accounts.change_passphrase": _l("to change a passphrase"),
    "advice": _l("legal advice"),
    "appeals": _l("an appeal"),
    "attachments": _l("a paper that belongs to a form"),
    "audit": _l("the audit log"),
    "audit.refusals": _l("the list of refusals"),
    "campaigns": _l("the campaign desk"),
    "casefiles": _l("a certified case file"),
    "casefiles.ask": _l("to let a certified case file be made"),
    "casefiles.download": _l("to download a certified case file"),
    "dashboards": _l("figures of a campaign"),
    "departments": _l("the list of a department"),
    "disclosures": _l("a form, or something that belongs to it"),
    "disclosures.sign": _l("to sign a form"),
    "disclosures.edit": _l("to fill in a form"),
    "disclosures.receipt": _l("the receipt of a form"),
    "disclosures.show": _l("a signed form"),
    "duties": _l("who has which case"),
    "duties.read_opened": _l("a filing opened to an auditor"),
    "exports": _l("workbooks"),
    "exports.ask": _l("to ask for a workbook"),
    "exports.download": _l("to download a workbook"),
    "exports.csv": _l("to download a workbook as csv"),
    "exports.json_lines": _l("to download a workbook as JSON Lines"),
    "exports.seal_file": _l("to download the seal file of a workbook"),
    "exports.cancel": _l("to cancel a workbook"),
    "exports.again": _l("to ask for a workbook again"),
    "exports.draw_sample": _l("to draw a sample"),
    "meetings": _l("the meetings of the final body"),
    "meetings.packet_file": _l("a packet of the final body"),
    "notices": _l("letters"),
    "notices.letter": _l("a letter"),
    "paper": _l("paper forms"),
    "people": _l("people and rosters"),
    "people.person": _l("the page of a person"),
    "plans": _l("a management plan"),
    "policies": _l("policies"),
    "questionnaires": _l("the library of forms"),
    "recusals": _l("who stepped aside"),
    "records": _l("records requests"),
    "records.released": _l("to download what was released"),
    "review": _l("a case in review"),
    "review.queue": _l("the list of cases"),
    "review.decide": _l("to decide a case"),
    "review.note": _l("to write a note on a case"),
    "review.reassign": _l("to give a case to another reviewer"),
    "team": _l("questions of fact to a supervisor"),
    "vendors": _l("vendors and contracts"),
    "workload": _l("open cases in numbers"),
}

WHY: dict[str, Any] = {
    "sign_in_needed": _l("Nobody was signed in any more."),
    "fresh_sign_in": _l("The sign-in was too old for this; the passphrase was asked again."),
    "another_person": _l("Somebody else had signed in on the same computer after the page was opened."),
    "too_much_text": _l("It was more text than one page may send."),
    "value outside fixed list": _l("A value came that the page does not offer."),
    "field that the form has not": _l("A field came that the page does not have."),
    "constraint": _l("Somebody was faster, or it was done already."),
    "SomebodyWasFaster": _l("Somebody was faster."),
    "NotPossible": _l("As things stand the rules do not allow it."),
    "Refused": _l("What was sent breaks a rule; the page said which."),
}
HIDDEN = _l("There is no such thing, or it is not for this person.")
NOT_THEIRS = _l("This function is not theirs.")
UNKNOWN = _l("A rule refused it.")


def wanted(endpoint: str) -> str:
    """What kind of thing was asked for, as far as the page tells."""
    room = endpoint.partition(".")[0]
    told = str(WANTED.get(endpoint) or WANTED.get(room) or _("a page that there is not"))
    return told[:1].upper() + told[1:]


def why(rule: str, code: int) -> str:
    """Why it was refused, as a sentence; a rule is a permission's name where the code is 403 or 404."""
    return str(WHY.get(rule) or {403: NOT_THEIRS, 404: HIDDEN}.get(code, UNKNOWN))
