"""What is pressed about a case away from its page: an appeal, the body's meetings, seals, requests, roles, handing over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.models import ContractAlert, Decision, Meeting, Motion, Request, Seal, Vote
from coi.review import together
from tests.faults.oracle_stand import account_of, newest, open_request
from tests.faults.order_acts import ON_CASE, OUTCOMES, Made, Press, Scene

MEMBERS = ("cam", "bea", "abel", "cleo", "dov")  # of the final body
BALLOTS = ("yes", "no", "abstains", "recused")
ABOUT_PEOPLE = ("grant", "end", "grant_administrator", "end_administrator")


def appeal(one: Scene) -> Made:
    """The decision that stands, as the filer's page names it."""
    data = {"decision": one.on.decision, "reason": one.words("it is my mother's shop")}
    return Press(f"/filings/{one.disclosure.reference}/appeal", data)


def declare(one: Scene) -> Made:
    """A member says whether there is a conflict."""
    stands = "conflict" if one.rng.random() < 0.15 else "none"
    data = {**one.seen, "stands": stands, "reason": one.words("my cousin")}
    return Press(f"/meetings/cases/{one.disclosure.reference}/declare", data)


def _present(one: Scene) -> list[int | None]:
    there = MEMBERS if one.outcome or one.rng.random() < 0.8 else one.rng.sample(MEMBERS, 3)
    return [one.cast[name].person_id for name in there]


def meeting(one: Scene) -> Made:
    """The body met today."""
    data = {"held_on": one.today.isoformat(), "minutes": one.words("Book, page"), "present": _present(one)}
    return Press("/meetings/new", data)


def _newest_meeting() -> Meeting | None:
    return db.session.scalar(select(Meeting).order_by(Meeting.id.desc()).limit(1))


def meeting_correct(one: Scene) -> Made:
    """Who was there was written down wrong."""
    held = _newest_meeting()
    if held is None:
        return None
    data = {"held_on": one.today.isoformat(), "minutes": one.words("Book, page"), "present": _present(one)}
    return Press(f"/meetings/{held.reference}/correct", {**data, "because": one.words("a slip")})


def _ballots(one: Scene, present: list[int]) -> dict[int, str]:
    """Mostly yes; who has a conflict seldom gets a vote all the same."""
    told = {}
    for number in present:
        out = number in one.on.conflicts
        pool = ["recused"] * 9 + ["yes"] if out else ["yes", "yes", "yes", "yes", "no", "abstains", "recused"]
        told[number] = ("recused" if out else "yes") if one.outcome else one.rng.choice(pool)
    return told


def _moved(one: Scene, present: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    votes = _ballots(one, present)
    fit = [number for number in present if number not in one.on.conflicts] or present
    mover, seconder = (one.rng.sample(fit, 2) if len(fit) > 1 else [fit[0], fit[0]]) if fit else [0, 0]
    data: dict[str, Any] = {"text": one.words("That it be so"), "mover": mover, "seconder": seconder}
    for number, ballot in votes.items():
        data |= {f"vote_{number}": ballot, f"why_{number}": "wants to know more"}
    return data, {"votes": votes, "mover": mover, "seconder": seconder}


def ballots_in(data: dict[str, Any]) -> dict[int, str]:
    """The votes as they are sent: what is no vote counts for none."""
    return {int(name[5:]): said for name, said in data.items() if name.startswith("vote_") and said in BALLOTS}


def motion(one: Scene) -> Made:
    """A motion on the case at the newest meeting."""
    held = _newest_meeting()
    if held is None:
        return None
    data, told = _moved(one, held.records[-1].present)
    outcome = one.outcome or one.rng.choice(OUTCOMES)
    kind = "send_back" if not one.outcome and one.rng.random() < 0.2 else "decide"
    data |= {**one.seen, "kind": kind, "outcome": outcome, "reason": one.words("because"), "internal": ""}
    if outcome in ("eliminated", "managed", "not_permitted"):
        data["own_condition"] = one.words("Call the clerk")
    if outcome == "referred":
        data["referred_to"] = "the State Ethics Commission"
    return Press(f"/meetings/{held.reference}/cases/{one.disclosure.reference}", data, {**told, "outcomes": {outcome}})


def motion_undo(one: Scene) -> Made:
    """What the newest motion decided is taken back; its page leads on also when it is too late."""
    made = newest(Motion, Motion.disclosure_id == one.disclosure.id)
    if made is None:
        return None
    decision = made.decision_id

    def undone() -> bool:
        row = db.session.get(Decision, decision) if decision else None
        return row is not None and row.undone_seq is not None

    again = undone()
    return Press(f"/meetings/{made.meeting.reference}/motions/{made.name}/undo", done=lambda: undone() and not again)


def motion_correct(one: Scene) -> Made:
    """Its words were written down wrong; the votes as they were."""
    made = newest(Motion, Motion.disclosure_id == one.disclosure.id)
    if made is None:
        return None
    data: dict[str, Any] = {"text": one.words("That it was so"), "mover": made.mover_id, "seconder": made.seconder_id}
    for vote in db.session.scalars(select(Vote).where(Vote.motion_id == made.id)):
        data |= {f"vote_{vote.member_id}": vote.ballot.value, f"why_{vote.member_id}": vote.reason}
    return Press(f"/meetings/{made.meeting.reference}/motions/{made.name}/correct", {**data, "because": one.words("a slip")})


def seal(one: Scene) -> Made:
    """Whose reading the filer is not told of for a time."""
    readers = [one.cast[name].person_id for name in one.rng.sample(["olu", "ren", "sia", "sol"], 2)]
    until = one.today + timedelta(days=one.rng.randrange(1, 40))
    data = {"readers": readers, "until": until.isoformat(), "reason": one.words("an inquiry")}
    return Press(f"/review/{one.disclosure.reference}/seal", data)


def lift(one: Scene) -> Made:
    """The newest seal ends before its day."""
    found = newest(Seal, Seal.disclosure_id == one.disclosure.id)
    if found is None:
        return None
    return Press(f"/review/{one.disclosure.reference}/seals/{found.reference}/lift", {"because": one.words("over")})


def open_up(one: Scene) -> Made:
    """One filing for one auditor, for a time."""
    data = {"reference": one.disclosure.reference, "auditor": one.cast["ada"].person_id, "days": one.rng.choice([1, 14, 90])}
    return Press("/duties/opened", {**data, "reason": one.words("an audit")}, {"auditor": data["auditor"]})


def rule(one: Scene) -> Made:
    """The rule that closes forms with nothing to declare is withdrawn."""
    return Press("/review/rule", {"since": one.today.replace(day=1).isoformat(), "reason": one.words("it did not ask enough")})


def request(what: str) -> Callable[[Scene], Made]:
    """The newest request that waits about the case, or about the rule, or about somebody's role: approved or refused."""

    def press(one: Scene) -> Made:
        about = (f"disclosure:{one.disclosure.reference}", "rule:nil")
        asked = open_request(*about) if one.rng.random() < 0.75 else open_request(actions=ABOUT_PEOPLE)
        if asked is None:
            return None
        number, wanted = asked.id, {"approve": "approved", "refuse": "refused"}[what]
        told = {"asked_by": asked.asked_by_id, "asks": asked.action}
        if asked.action in ABOUT_PEOPLE:
            told["for"] = next((who.person_id for who in one.cast.values() if who.account == asked.subject), 0)
        path = f"/accounts/requests/{asked.reference}/{what}"
        return Press(path, {"reason": "so be it"}, told, lambda: _state_of(number) == wanted)

    return press


def _state_of(number: int) -> str:
    return db.session.scalars(select(Request.state).where(Request.id == number)).one().value


def role_end(one: Scene) -> Made:
    """Somebody of the office is to lose the role; mostly who has the case."""
    held = [who for who in one.cast.values() if who.person_id == one.on.reviewer_id and who.roles]
    who = held[0] if held and one.rng.random() < 0.6 else one.cast[one.rng.choice(["olu", "ren", "sia", "sol", "lou"])]
    role = next(iter(sorted(who.roles & {"reviewer", "senior_officer", "solicitor", "commissioner"})), "reviewer")
    return Press(f"/accounts/roles/{account_of(who.person_id or 0)}.{role}/end", {"reason": one.words("moved on")})


def role_give(one: Scene) -> Made:
    """Kit, or the filer, is to review or to decide."""
    who = one.cast[one.rng.choice(["kit", "kit", "filer"])]
    role = one.rng.choice(["reviewer", "senior_officer", "solicitor", "commissioner"])
    login = f"{who.name}@city.example" if who.name == "kit" else one.disclosure.filer.email
    return Press("/accounts/roles/give", {"login": login, "role": role, "until": "", "reason": "new"}, {"for": who.person_id})


def hand_over(one: Scene) -> Made:
    """All cases of who has this one; a case that its officer may not place stays."""
    name = one.rng.choice(["olu", "ren", "sia", "sol"])
    number = one.on.reviewer_id if one.on.reviewer_id and one.rng.random() < 0.8 else one.cast[name].person_id
    return Press(f"/duties/cases-of/{account_of(number or 0)}", {"shown": "1"}, {"from": number})


def settle(one: Scene) -> Made:
    """What becomes of a contract that came after the signature."""
    found = newest(ContractAlert, ContractAlert.disclosure_id == one.disclosure.id)
    if found is None:
        return None
    data = {"alert": found.reference, "how": one.rng.choice(["dismiss", "reopen"]), "reason": one.words("as before")}
    return Press(f"/vendors/{one.disclosure.reference}/new-contract", data)


def batch_group(one: Scene, actor: Any) -> str | None:
    """The group in which this person finds the case, if there is one."""
    for whose in together.whose_lists(actor):
        for group in together.groups(actor, whose, least=1):
            if one.disclosure.id in dict(group.members):
                return group.key
    return None


PRESSES: dict[str, Callable[[Scene], Made]] = {
    **ON_CASE,
    "appeal": appeal,
    "declare": declare,
    "meeting": meeting,
    "meeting_correct": meeting_correct,
    "motion": motion,
    "motion_undo": motion_undo,
    "motion_correct": motion_correct,
    "seal": seal,
    "lift": lift,
    "open": open_up,
    "rule": rule,
    "approve": request("approve"),
    "refuse": request("refuse"),
    "role_end": role_end,
    "role_give": role_give,
    "hand_over": hand_over,
    "settle": settle,
}
# What is no page of the case, and is done by the walk itself.
BESIDE = ("clock", "sweep", "roster", "batch", "contract")
