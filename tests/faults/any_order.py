"""A walk over one case in any order: everybody presses anything, through the real pages; after each step the rows are judged."""

import contextlib
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from coi.accounts.door import actor_of
from coi.audit.verify import faults
from coi.db import db, transaction
from coi.disclosures import actions
from coi.duties.sweep import keep_apart
from coi.models import (
    Absence,
    Account,
    Assignment,
    AuditEntry,
    Decision,
    Disclosure,
    DisclosureVersion,
    Installation,
    RoleGrant,
    Tie,
    Transition,
)
from coi.people.actions import import_roster
from coi.people.reading import Line
from coi.plans.sweep import remind
from coi.profiles.current import today
from coi.review.jobs import carry_out
from coi.review.sweep import recheck
from coi.rules.lifecycle import NotInOrder, next_state
from coi.rules.permissions import Actor
from coi.vocabulary import Action, Kind, Role, State
from tests.disclosures.steps import A_JOB, complete, owed
from tests.factories import (
    OPERATOR,
    AccountFactory,
    Member,
    PersonFactory,
    QuestionnaireFactory,
    RoleGrantFactory,
    an_entry,
    find_cast,
    make_sign_in,
)
from tests.faults import oracle, rebuilt
from tests.faults.oracle import Stand, Who
from tests.faults.order_acts import GARBAGE, OUTCOMES, PRESSES, Press, Scene, batch_group
from tests.faults.rebuilt_review import OF_REVIEW
from tests.vendors.lists_of_tests import JOSE, load_vendors

OTHERS = {
    "tia": Role.REVIEWER,  # tied to every filer
    "cam": Role.COMMISSIONER,
    "lou": Role.SOLICITOR,
    "rec": Role.RECORDER,
    "cas": Role.CAMPAIGN_DESK,
}
ACTORS = ("filer", "kit", "sam", "olu", "ren", "tia", "sia", "sol", "cam", "lou", "rec", "ada", "dee", "cas", "nobody")
BESIDE = ("clock", "sweep", "roster", "batch")
ACTS = (*PRESSES, *BESIDE)
# What a case waits for where it stands, and from whom: two steps in three go this way, so that walks come far.
LIKELY: dict[str, Sequence[tuple[str, str]]] = {
    "draft": [("filer", "sign")],
    "submitted": [("filer", "withdraw"), ("sia", "reassign"), ("filer", "correct"), ("nobody", "sweep"), ("sol", "reassign")],
    "in_review": [
        *(
            ("holder", act)
            for act in ("ask", "return", "clear", "clear", "escalate", "escalate", "escalate", "recuse", "interim")
        ),
        *(("holder", act) for act in ("supervisor", "verdict", "priority", "note", "batch", "tie", "away", "advice")),
        *(("sia", act) for act in ("clear", "reassign", "tie")),
        *(("filer", act) for act in ("answer", "correct", "sign", "withdraw")),
        *(("nobody", "clock"), ("nobody", "sweep"), ("nobody", "roster"), ("lou", "advice"), ("sam", "supervisor_answer")),
    ],
    "returned": [("filer", "correct"), ("filer", "sign"), ("filer", "withdraw")],
    "escalated": [
        *(("holder", act) for act in ("decide", "decide", "decide", "hand_back", "ask", "recuse", "send", "away", "advice")),
        *(("filer", act) for act in ("correct", "sign", "answer", "withdraw")),
        *(("sol", act) for act in ("decide", "tie", "reassign")),
        *(("nobody", "clock"), ("nobody", "sweep"), ("olu", "decide"), ("ren", "decide"), ("lou", "release")),
    ],
    "decided": [
        *(("decider", act) for act in ("undo", "undo", "reopen")),
        *(("sia", act) for act in ("reopen", "approve")),
        *(("sol", act) for act in ("reopen", "approve", "plan_office", "condition_office")),
        *(("filer", act) for act in ("plan_answer", "plan_answer", "correct", "sign", "say")),
        *(("nobody", "clock"), ("sam", "confirm")),
    ],
    "withdrawn": [("filer", "correct"), ("holder", "ask"), ("holder", "note"), ("sia", "reassign"), ("nobody", "sweep")],
}
# What is said beside a case and about people binds to no version: an older page may still say it.
UNBOUND = frozenset({"note", "advice", "recuse", "supervisor_back"})
Step = tuple[str, str, int]


class Broken(AssertionError):
    """A walk found something that must not be; says the steps that led there."""


class City:
    """The people of every walk, made once in a fresh database with the cast in it."""

    def __init__(self, app: Flask, clock: time_machine.Traveller) -> None:
        self.app, self.clock = app, clock
        self.done: Counter[tuple[str, str]] = Counter()
        cast = find_cast()
        for name, role in OTHERS.items():
            account = AccountFactory(person=PersonFactory(name=f"{name.title()} Other", email=f"{name}@city.example"))
            RoleGrantFactory(account=account, role=role)
            cast.members[name] = Member(account)
        QuestionnaireFactory()
        load_vendors(JOSE)
        db.session.execute(update(Installation).values(setup_ended_seq=an_entry()))
        db.session.commit()
        self.accounts = {name: cast[name].account.id for name in ACTORS if name in cast.members}
        self.whos = {name: _who(name, cast[name]) for name in self.accounts}


def _who(name: str, member: Member) -> Who:
    actor = actor_of(member.account, today(datetime.now(UTC)))
    return Who(name, actor.person_id, actor.name, frozenset(role.value for role in actor.roles))


class Walk:
    """One case of a fresh filer, and everything that was pressed on it."""

    def __init__(self, city: City, seed: int) -> None:
        self.city, self.turn, self.told = city, 0, list[str]()
        rng = random.Random(seed)
        kind = rng.choice(["clerk", "clerk", "clerk", "mayor", "officer"])
        self.long = rng.random() < 0.5
        sam = city.whos["sam"].person_id
        title = "Mayor" if kind == "mayor" else "Clerk"
        account = AccountFactory(person=PersonFactory(title=title, supervisor_id=sam))
        self.grant = RoleGrantFactory(account=account, role=Role.REVIEWER).id if kind == "officer" else None
        self.accounts = {**city.accounts, "filer": account.id}
        self.cast = {**city.whos, "filer": _who("filer", Member(account)), "nobody": Who("nobody")}
        self.filer = self.cast["filer"]
        self.near = {city.whos["sam"].person_id, city.whos["tia"].person_id}
        self._tie(city.whos["tia"].person_id)
        filer = Actor(self.filer.account, self.filer.person_id)
        if self.long:
            made = actions.start(owed(account.person), filer, datetime.now(UTC))
            complete(made, filer, **A_JOB)
        else:
            made = actions.start(owed(account.person, Kind.CHANGE, form_id="tests_small"), filer, datetime.now(UTC))
            actions.save_draft(made, {"has_job": "no"}, {}, filer, datetime.now(UTC), 0)
        self.case, self.reference = made.id, made.reference
        db.session.commit()
        self.told.append(f"{kind}, {'long' if self.long else 'small'} form")

    def _tie(self, other: int | None) -> None:
        db.session.add(Tie(person_id=self.filer.person_id, other_id=other, kind="relation", seq=an_entry()))
        db.session.flush()

    def stand(self) -> Stand:
        """Where the case stands, by its rows."""
        db.session.expire_all()
        return oracle.stand(self.case, frozenset(self.near), today(datetime.now(UTC)))

    def run(self, steps: Sequence[Step]) -> None:
        """Presses the steps one by one; raises Broken with everything pressed so far."""
        with self._said():
            self.press("filer", "sign", random.Random(0), plain=True)
            for who, act, seed in steps:
                rng = random.Random(seed)
                self.step(*(self._likely(rng) if rng.random() < 0.65 else (who, act)), rng)
            self.end()

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except Exception as fault:
            raise Broken("\n".join([*self.told, f"{type(fault).__name__}: {fault}"])) from fault

    def _likely(self, rng: random.Random) -> tuple[str, str]:
        on = self.stand()
        who, act = rng.choice(LIKELY[on.state])
        if who == "holder":
            held = {on.reviewer_id} | on.delegates
            names = [name for name, one in self.cast.items() if one.person_id in held and name != "nobody"]
            return (rng.choice(names) if names else rng.choice(["sia", "sol", "olu"])), act
        if who == "decider":
            return next((name for name, one in self.cast.items() if one.person_id == on.decided_by and one.person_id), "sia"), act
        return who, act

    def step(self, who: str, act: str, rng: random.Random) -> None:
        """One step, and a look of somebody at the pages."""
        self.turn += 1
        if act == "clock":
            self.city.clock.shift(
                rng.choice([timedelta(seconds=50), timedelta(minutes=4), timedelta(minutes=6), timedelta(days=1)])
            )
            self.told.append(f"clock {datetime.now(UTC):%m-%d %H:%M:%S}")
        elif act == "sweep":
            self.sweep()
        elif act == "roster":
            self.roster(rng)
        elif act == "batch":
            self.batch(who, rng)
        else:
            self.press(who, act, rng)
        self.look(rng.choice(ACTORS))

    def sweep(self) -> None:
        """The worker comes by."""
        before, rows = self.stand(), oracle.counted(self.case)
        db.session.commit()
        for part in (recheck, keep_apart, carry_out, remind):
            part(datetime.now(UTC))
        self.told.append("sweep")
        self.judge_rows(before, rows)

    def roster(self, rng: random.Random) -> None:
        """Who reads the case becomes the filer's supervisor; the worker comes by a minute later, at the latest."""
        name = rng.choice(["olu", "ren", "sia"])
        boss = self.cast[name]
        person = db.session.get_one(Disclosure, self.case).filer
        number = db.session.get_one(type(person), boss.person_id).number or ""
        told = {"number": person.number or "", "name": person.name, "supervisor": number}
        with transaction():
            import_roster([Line(2, told)], False, "r.csv", "0" * 64, OPERATOR, datetime.now(UTC))
        db.session.expire_all()
        assert db.session.get_one(Disclosure, self.case).filer.supervisor_id == boss.person_id
        self.near.add(boss.person_id)
        self.told.append(f"roster: {name} above the filer")
        if rng.random() < 0.5:
            self.sweep()

    def _browser(self, name: str, ago: timedelta = timedelta(0)) -> Any:
        client = self.city.app.test_client()
        if name != "nobody":
            token = make_sign_in(db.session.get_one(Account, self.accounts[name]), datetime.now(UTC) - ago)
            with client.session_transaction() as cookie:
                cookie["sign_in"] = token
                cookie.permanent = True
        return client

    def scene(self, who: str, rng: random.Random, on: Stand) -> Scene:
        """What the page shows to who presses."""
        made = db.session.get_one(Disclosure, self.case)
        return Scene(made, on, self.cast, self.cast[who], today(datetime.now(UTC)), rng, self.turn)

    def press(self, who: str, act: str, rng: random.Random, plain: bool = False) -> None:
        """One button on one page; what came of it is compared with the oracle, row by row."""
        on = self.stand()
        if on.state == "draft" and db.session.get(Disclosure, self.case) is None:
            return
        made = PRESSES[act](self.scene(who, rng, on))
        if made is None:
            return
        data, told, ago = dict(made.data), dict(made.told), timedelta(0)
        if not plain:
            data, ago = self._spoiled(data, on, rng)
        told["stale"] = (
            act not in UNBOUND and "version" in data and (str(data["version"]), data["state"]) != (str(on.version), on.state)
        )
        told["again"] = act == "sign" and not on.has_draft
        reply = self._post(who, act, Press(made.path, data, told), on, ago)
        if act == "tie" and reply.status_code == 302 and "sign-in" not in reply.location:
            self.near.add(told["tied"])

    def _spoiled(self, data: dict[str, Any], on: Stand, rng: random.Random) -> tuple[dict[str, Any], timedelta]:
        luck = rng.random()
        if luck < 0.06 and data:
            data[rng.choice(sorted(data))] = rng.choice(GARBAGE)
        elif luck < 0.12 and "version" in data:
            data["version"] = max(on.version - 1, 0)
        elif luck < 0.18 and "state" in data:
            data["state"] = rng.choice(["in_review", "escalated", "decided", "submitted", "draft"])
        return data, timedelta(minutes=rng.choice([20, 70])) if rng.random() < 0.08 else timedelta(0)

    def _post(self, who: str, act: str, made: Press, on: Stand, ago: timedelta) -> Any:
        rows = oracle.counted(self.case)
        browser, head = self._browser(who, ago), _head()
        allowed = oracle.may(act, self.cast[who], on, made.told, datetime.now(UTC), ago)
        reply = browser.post(made.path, data=made.data)
        done = reply.status_code in (302, 303) and "sign-in" not in (reply.location or "")
        self.told.append(f"{who} {act} {made.told or ''} from {on.state} v{on.version}: {reply.status_code}")
        self.city.done[act, "done" if done else "refused" if not allowed else "not now"] += 1
        assert reply.status_code in (302, 303, 403, 404, 409, 422, 400, 413), "a code that no page has"
        assert allowed or not done, "the oracle refuses this, the City's pages did it"
        db.session.expire_all()
        if not done:
            assert _head() == head, "a refusal wrote into the log"
            assert oracle.counted(self.case) == rows, "a refusal wrote rows"
        self.judge_rows(on, rows, who)
        return reply

    def batch(self, who: str, rng: random.Random) -> None:
        """The whole way of a batch: begun, opened, confirmed, decided, perhaps undone."""
        on, one = self.stand(), self.cast[who]
        if one.person_id is None:
            return
        actor = actor_of(db.session.get_one(Account, self.accounts[who]), today(datetime.now(UTC)))
        key = batch_group(self.scene(who, rng, on), actor)
        if key is None:
            return
        browser = self._browser(who)
        begun = browser.post(f"/review/together/{key}", data={"once": f"{self.case}-{self.turn}", "filings": [self.reference]})
        self.told.append(f"{who} begins a batch: {begun.status_code}")
        if begun.status_code != 303:
            return
        opened = browser.get(f"{begun.location}/{self.reference}").status_code
        assert (opened == 200) == oracle.may_read(one, on), f"opened in a batch: {opened}"
        browser.post(
            f"{begun.location}/{self.reference}/look", data={"answer": rng.choice(["as_expected"] * 4 + ["not_expected"])}
        )
        outcome = rng.choice(OUTCOMES if rng.random() < 0.3 else ["noted", "no_conflict"])
        data = {"outcome": outcome, "reason": f"alike {self.turn}", "internal": ""}
        self._post(who, "batch", Press(f"{begun.location}/decide", data, {"outcomes": {outcome}}), self.stand(), timedelta(0))
        if rng.random() < 0.4:
            self._post(who, "undo", Press(f"{begun.location}/undo"), self.stand(), timedelta(0))

    def look(self, name: str) -> None:
        """Somebody opens the case page, the filing's own page and its receipt."""
        on, who = self.stand(), self.cast[name]
        own = on.state != "draft" and oracle.is_own(who, on)
        wanted = {f"/review/{self.reference}": oracle.may_read(who, on), f"/filings/{self.reference}": own}
        wanted[f"/filings/{self.reference}/receipt"] = own
        browser = self._browser(name)
        for path, may in wanted.items():
            code = browser.get(path).status_code
            expected = 302 if who.person_id is None else 200 if may else 404
            assert code == expected, f"{name} opens {path} of {on}: {code} instead of {expected}"

    def judge_rows(self, before: Stand, rows: dict[str, int], who: str = "") -> None:
        """What an act wrote, whoever asked for it: the table of moves, SD1-SD5, the version that was read."""
        now = self.stand()
        moves = db.session.scalars(_after(Transition, self.case, rows)).all()
        origin = before.state
        for one in moves:
            assert one.origin.value == origin, f"{one.action} starts from {one.origin}, the case was {origin}"
            _is_in_order(one)
            actor = self.filer.account if one.action in oracle.BY_FILER else "system" if one.actor == "system" else one.actor
            assert one.actor == actor, f"{one.action} by {one.actor}"
            assert one.actor != self.filer.account or one.action in oracle.BY_FILER, f"the filer did {one.action}"
            origin = one.target.value
        assert now.state == origin, "the state is the newest move's"
        for one in db.session.scalars(_after(Decision, self.case, rows)):
            self._judge_decision(one, before, now)
        for one in db.session.scalars(_after(Assignment, self.case, rows)):
            near = now.conflicts if one.because != "undone" else frozenset({before.filer_id})
            assert one.reviewer_id not in near, f"given to {one.reviewer_id}, who has a conflict ({one.because})"
        if now.state == "escalated" and now.recommended_by is not None:
            assert now.reviewer_id != now.recommended_by, "who recommended has it to decide"

    def _judge_decision(self, one: Decision, before: Stand, now: Stand) -> None:
        version = db.session.get_one(DisclosureVersion, one.version_id)
        assert one.by_id not in before.conflicts, "decided by who has a conflict"
        assert version.number == before.version, "decided another version than was read"
        assert version.seq < one.seq
        assert one.by_id != before.recommended_by or before.state == "in_review", "who recommended decided"
        assert before.state == "escalated" or one.outcome.value in oracle.MILD, "severe without a second person"
        assert one.outcome.value != "managed" or before.state == "escalated"

    def end(self) -> None:
        """After a walk: caches are what the rows say, the log holds; absences end, so that the next walk finds people."""
        db.session.expire_all()
        for name, cache in {"filings": rebuilt.disclosures, **OF_REVIEW}.items():
            found = {at: both for at, both in rebuilt.differences(cache()).items() if at.startswith(f"{self.case}.")}
            assert found == {}, f"{name}: cache against rows {found}"
        assert faults() == []
        seq = an_entry()
        db.session.execute(update(Absence).where(Absence.ended_seq.is_(None)).values(ended_seq=seq))
        if self.grant is not None:
            db.session.get_one(RoleGrant, self.grant).ended_seq = seq
        db.session.commit()


def _head() -> int:
    return db.session.scalar(select(func.max(AuditEntry.seq))) or 0


def _after(model: Any, case: int, rows: dict[str, int]) -> Any:
    newer = model.id > rows[model.__tablename__]
    return select(model).where(model.disclosure_id == case, newer).order_by(model.seq, model.id)


def _is_in_order(one: Transition) -> None:
    """Both tables allow it: the one in the code, and the one written by hand."""
    targets = set()
    for back_to in (None, State.SUBMITTED, State.IN_REVIEW, State.ESCALATED):
        with contextlib.suppress(NotInOrder):
            targets.add(next_state(one.origin, Action(one.action), "why", back_to))
    assert one.target in targets, f"{one.action}: {one.origin} -> {one.target} is in no table"
    origins, allowed = oracle.LIFE[one.action]
    assert one.origin.value in origins, f"{one.action} from {one.origin}"
    assert one.target.value in allowed or (one.target is one.origin and "same" in allowed), f"{one.action} to {one.target}"
