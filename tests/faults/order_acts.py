"""Every act there is on a case, as a browser would send it: the address, what is typed, and what the oracle is told of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.models import Absence, AbsencePlan, Disclosure, InterestMatch, Message, Plan, PlanCondition, PlanStep, VendorVerdict
from coi.models import Interest as InterestRow
from coi.models.disclosures import DisclosureVersion
from coi.vocabulary import Outcome, PlanStepKind, Risk, StepOut, VerdictCategory
from tests.faults.oracle_stand import Stand, Who, open_fact

OUTCOMES = [one.value for one in Outcome if one is not Outcome.CLOSED]
GARBAGE = ["", " ", "\x00", "\u202eevil", "999999999999999999999", "-1", "<script>", "x" * 12_000, "🧨", "no_such_word"]


@dataclass(frozen=True)
class Press:
    """One button: its address, what is sent, what the oracle must know (outcomes, to, owner, asked_by), and, where a page leads
    on also when nothing was done, how to tell that it was."""

    path: str
    data: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    done: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Scene:
    """What a page of the case would show to who presses: the filing, where it stands, the cast, the day."""

    disclosure: Disclosure
    on: Stand
    cast: dict[str, Who]
    who: Who
    today: date
    rng: random.Random
    turn: int
    outcome: str = ""  # what it must come to, where a walk begins farther on

    @property
    def at(self) -> str:
        """The case page."""
        return f"/review/{self.disclosure.reference}"

    @property
    def seen(self) -> dict[str, Any]:
        """The hidden fields of every form of the case page."""
        return {"version": self.on.version, "state": self.on.state}

    def words(self, what: str) -> str:
        """A text that nobody else typed."""
        return f"{what} {self.disclosure.id}-{self.turn}-{self.rng.randrange(1000)}"


Made = Press | None


def on_case(act: str, what: Callable[[Scene], dict[str, Any]]) -> Callable[[Scene], Made]:
    """A form of the case page that carries what the page showed."""
    return lambda one: Press(f"{one.at}/{act}", {**one.seen, **what(one)})


def _interests(one: Scene) -> dict[str, str]:
    rows = select(InterestRow.id).join(DisclosureVersion, DisclosureVersion.id == InterestRow.version_id)
    known = db.session.scalars(rows.where(DisclosureVersion.disclosure_id == one.disclosure.id)).all()
    return {f"interest-{number}": one.rng.choice(OUTCOMES) for number in known if one.rng.random() < 0.3}


def _decision(one: Scene, act: str, outcome: str) -> Press:
    each = {} if one.outcome else _interests(one)
    data = {**one.seen, **each, "outcome": outcome, "reason": one.words("because"), "internal": "for us"}
    if act == "decide" and outcome in ("eliminated", "managed", "not_permitted"):
        data |= _plan_row(one) if one.rng.random() < 0.6 else {"own_condition": one.words("Call us each month")}
        data["rule"] = "Code, section 4"
    if act == "decide" and "referred" in (outcome, *each.values()):
        data["referred_to"] = "the State Ethics Commission"
    return Press(f"{one.at}/{act}", data, {"outcomes": {outcome, *each.values()}})


def _plan_row(one: Scene) -> dict[str, str]:
    """One condition of the plan editor: kept by the filer, the supervisor or the office, confirmed by one of the others."""
    row = {
        "own_words": one.words("Call us each month"),
        "due": "at once",
        "owner": one.rng.choice(["filer", "supervisor", "office"]),
    }
    row["confirms"] = one.rng.choice(["supervisor", "office"])
    return {"plan_row": "a1", **{f"plan-a1-{name}": value for name, value in row.items()}}


def clear(one: Scene) -> Made:
    """A reviewer's own decision; one time in four an outcome that is not theirs."""
    pool = OUTCOMES if one.rng.random() < 0.25 else ["no_conflict", "noted", "exempt"]
    return _decision(one, "clear", one.rng.choice(pool))


def decide(one: Scene) -> Made:
    """The second person's decision."""
    return _decision(one, "decide", one.outcome or one.rng.choice([*OUTCOMES, "managed", "managed"]))


def reassign(one: Scene) -> Made:
    """To anybody of the cast, offered or not."""
    to = one.cast[one.rng.choice(list(one.cast))]
    held = one.on.reviewer_id or ""
    return Press(f"{one.at}/reassign", {**one.seen, "reviewer": to.person_id or "", "held_by": held}, {"to": to.person_id})


def tie(one: Scene) -> Made:
    """The filer is tied to somebody of the cast."""
    to = one.cast[one.rng.choice(["olu", "ren", "sia", "sol", "lou", "cam"])]
    kind = one.rng.choice(["relation", "shared_party"])
    return Press(f"{one.at}/tie", {"other": to.person_id, "kind": kind}, {"tied": to.person_id})


def supervisor(one: Scene) -> Made:
    """A question of fact."""
    return Press(f"{one.at}/supervisor", {**one.seen, "supervisor": one.cast["sam"].person_id, "text": one.words("Fact?")})


def supervisor_answer(one: Scene) -> Made:
    """Its answer."""
    asked = open_fact(one.disclosure.id)
    if asked is None:
        return None
    return Press(f"/my-team/questions/{asked.reference}", {"text": one.words("Yes.")}, {"owner": asked.supervisor_id})


def release(one: Scene) -> Made:
    """The solicitor lets a piece of advice go."""
    said = select(Message.number).where(Message.disclosure_id == one.disclosure.id, Message.kind == "legal_advice")
    number = db.session.scalar(said.limit(1))
    data = {"number": number or 1, "reason": one.words("public")}
    return Press(f"/legal-advice/{one.disclosure.reference}/release", data)


def _plan(one: Scene) -> Plan | None:
    return db.session.scalar(select(Plan).where(Plan.disclosure_id == one.disclosure.id).order_by(Plan.id.desc()).limit(1))


def plan_answer(one: Scene) -> Made:
    """The filer accepts, accepts with an objection, declines."""
    plan = _plan(one)
    if plan is None:
        return None
    said = one.outcome or one.rng.choice(["accepted", "objection", "declined"])
    data = {"plan": plan.sha256, "answer": said, "words": one.words("my words"), "signed_name": "The filer"}
    return Press(f"/conditions/{plan.reference}/answer", data)


def plan_office(one: Scene) -> Made:
    """The office looked at it."""
    plan = _plan(one)
    return Press(f"/conditions/office/{plan.reference}/looked-at", {"words": one.words("we talked")}) if plan else None


def _condition(one: Scene) -> PlanCondition | None:
    plan = _plan(one)
    return db.session.scalar(select(PlanCondition).where(PlanCondition.plan_id == plan.id).limit(1)) if plan else None


def on_condition(act: str, words: str) -> Callable[[Scene], Made]:
    """What is said of a condition, by its keeper, its confirmer or the office."""

    def press(one: Scene) -> Made:
        found = _condition(one)
        if found is None:
            return None
        said = (
            select(PlanStep.by_id)
            .where(PlanStep.condition_id == found.id, PlanStep.kind == PlanStepKind.SAID)
            .order_by(PlanStep.id.desc())
        )
        told = {"owner": found.owner_id, "confirmer": found.confirmer_id, "said_by": db.session.scalar(said.limit(1)) or 0}
        return Press(f"/conditions/{act.format(found.reference)}", {"words": one.words(words)}, told)

    return press


def verdict(one: Scene) -> Made:
    """What a match on the newest version is."""
    rows = select(InterestMatch.id).join(InterestRow, InterestRow.id == InterestMatch.interest_id)
    mine = rows.join(DisclosureVersion, DisclosureVersion.id == InterestRow.version_id)
    match = db.session.scalar(mine.where(DisclosureVersion.disclosure_id == one.disclosure.id).limit(1))
    category = one.rng.choice([each.value for each in VerdictCategory])
    data = {"match": match or 1, "seen": "", "category": category, "because": one.words("looked it up")}
    return Press(f"/vendors/{one.disclosure.reference}/verdict", data)


def verdict_back(one: Scene) -> Made:
    """What was said of a match is taken back."""
    mine = select(VendorVerdict.reference).where(VendorVerdict.disclosure_id == one.disclosure.id)
    found = db.session.scalar(mine.order_by(VendorVerdict.id.desc()).limit(1))
    return Press(f"/vendors/{one.disclosure.reference}/verdict/take-back", {"verdict": found}) if found else None


def save(one: Scene) -> Made:
    """The form goes on being filled in."""
    draft = one.disclosure.draft
    name, said = ("has_job", one.rng.choice(["yes", "no"])) if one.disclosure.form_id == "tests_small" else ("anything_else", "x")
    return Press(
        f"/forms/{one.disclosure.reference}", {"revision": draft.revision if draft else 0, "asked": name, f"{name}.": said}
    )


def sign(one: Scene) -> Made:
    """The signature of the draft."""
    draft = one.disclosure.draft
    data = {"revision": draft.revision if draft else 0, "key": one.words("key"), "signed_name": "The filer", "agreed": "yes"}
    return Press(f"/forms/{one.disclosure.reference}/sign", data)


def away(one: Scene) -> Made:
    """From today on for a day or two; the cases stay, go on, or somebody stands in."""
    last = one.today + timedelta(days=one.rng.randrange(2))
    cases = one.rng.choice(["delegate", "delegate", "next", "stay"])
    delegate = one.cast[one.rng.choice(["olu", "ren", "sia", "sol"])].person_id
    told = {"person": "", "first": one.today.isoformat(), "last": last.isoformat(), "cases": cases, "delegate": delegate}
    return Press("/duties/away", told)


def back(one: Scene) -> Made:
    """Back earlier."""
    wanted = select(AbsencePlan.reference).join(Absence, Absence.id == AbsencePlan.absence_id)
    mine = wanted.where(Absence.person_id == one.who.person_id, Absence.ended_seq.is_(None), Absence.away_to >= one.today)
    found = db.session.scalar(mine.limit(1))
    return Press(f"/duties/away/{found}/end") if found else None


def still(one: Scene) -> Made:
    """The filer's answer to the yearly question."""
    plan = _plan(one)
    data = {"still": one.rng.choice(["yes", "no"]), "words": one.words("as before")}
    return Press(f"/conditions/{plan.reference}/still-so", data) if plan else None


def send(one: Scene) -> Made:
    """Before the final body."""
    words = {"issue": one.words("May it go on?"), "outcome": "noted", "reasoning": "It is near."}
    return Press(f"/meetings/cases/{one.disclosure.reference}/send", {**one.seen, **words})


def of_filer(act: str, what: Callable[[Scene], dict[str, Any]]) -> Callable[[Scene], Made]:
    """A form of the filer's own page."""
    return lambda one: Press(f"/filings/{one.disclosure.reference}/{act}", what(one))


def _stepping(one: Scene) -> dict[str, Any]:
    return {**one.seen, "kind": one.rng.choice([kind.value for kind in StepOut]), "reason": one.words("I know them")}


def _recommended(one: Scene) -> dict[str, Any]:
    return {"outcome": one.rng.choice(OUTCOMES), "reasoning": one.words("see")}


def _priority(one: Scene) -> dict[str, Any]:
    return {"risk": one.rng.choice(list(Risk)).value, "reason": one.words("so")}


# What can be pressed; the oracle knows each by this name. Where something new is built: a line here (or in order_beyond), one in
# the oracle, one in order_judge.LEAVES and one in order_routes.
ON_CASE: dict[str, Callable[[Scene], Made]] = {
    "ask": on_case("ask", lambda one: {"text": one.words("why?"), "about": ""}),
    "return": on_case("return", lambda one: {"reason": one.words("please")}),
    "clear": clear,
    "escalate": on_case("escalate", _recommended),
    "decide": decide,
    "hand_back": on_case("hand-back", lambda one: {"reason": one.words("look again")}),
    "send": send,
    "undo": lambda one: Press(f"{one.at}/undo"),
    "recuse": on_case("recuse", _stepping),
    "step_out": on_case("step-out", _stepping),
    "note": on_case("note", lambda one: {"text": one.words("for us"), "about": ""}),
    "priority": on_case("priority", _priority),
    "reassign": reassign,
    "tie": tie,
    "reopen": on_case("reopen", lambda one: {"reason": one.words("a list came")}),
    "advice": on_case("legal-advice", lambda one: {"text": one.words("in confidence"), "about": ""}),
    "release": release,
    "advice_page": lambda one: Press(f"/legal-advice/{one.disclosure.reference}", {"text": one.words("in confidence")}),
    "supervisor": supervisor,
    "supervisor_back": on_case("supervisor/take-back", lambda one: {"reason": one.words("no longer")}),
    "supervisor_answer": supervisor_answer,
    "interim": lambda one: Press(f"/conditions/office/filing/{one.disclosure.reference}/interim", {"party": one.words("Acme")}),
    "interim_over": lambda one: Press(f"/conditions/office/filing/{one.disclosure.reference}/interim-over", {"words": ""}),
    "verdict": verdict,
    "verdict_back": verdict_back,
    "answer": of_filer("answer", lambda one: {"text": one.words("here")}),
    "correct": of_filer("correct", lambda one: {"reason": one.words("one forgotten")}),
    "withdraw": of_filer("withdraw", lambda one: {}),
    "save": save,
    "sign": sign,
    "discard": lambda one: Press(f"/forms/{one.disclosure.reference}/discard"),
    "plan_answer": plan_answer,
    "plan_office": plan_office,
    "still": still,
    "say": on_condition("one/{}/done", "done"),
    "say_office": on_condition("office/one/{}/done", "done"),
    "confirm": on_condition("one/{}/confirm", "seen"),
    "confirm_office": on_condition("office/one/{}/confirm", "seen"),
    "condition_back": on_condition("one/{}/send-back", "where?"),
    "back_office": on_condition("office/one/{}/send-back", "where?"),
    "condition_office": on_condition("office/one/{}/end", "over"),
    "away": away,
    "back": back,
}
