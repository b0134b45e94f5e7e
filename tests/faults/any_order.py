"""A walk over one case in any order: everybody presses anything, through the real pages; after each step the rows are judged."""

import contextlib
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import time_machine
from flask import Flask
from sqlalchemy import update

from coi.accounts.door import actor_of
from coi.audit.verify import faults
from coi.db import db, transaction
from coi.disclosures import actions, moving_on
from coi.duties.sweep import keep_apart
from coi.models import Absence, Account, Disclosure, Installation, RoleGrant, Tie
from coi.people.actions import import_roster
from coi.people.reading import Line
from coi.plans.sweep import remind
from coi.profiles.current import current_profile, today
from coi.review.jobs import carry_out
from coi.review.sweep import recheck
from coi.rules.permissions import Actor
from coi.vocabulary import Kind, Role
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
from tests.faults import oracle, oracle_stand, order_judge, order_likely, order_looks, order_routes, rebuilt
from tests.faults.oracle_stand import Stand, Who
from tests.faults.order_acts import GARBAGE, OUTCOMES, Press, Scene
from tests.faults.order_beyond import BESIDE, MEMBERS, PRESSES, ballots_in, batch_group
from tests.faults.rebuilt_review import OF_REVIEW
from tests.vendors.lists_of_tests import JOB, JOSE, load_contracts, load_vendors

OTHERS = {
    "tia": Role.REVIEWER,  # tied to every filer
    "lou": Role.SOLICITOR,
    "rec": Role.RECORDER,
    "cas": Role.CAMPAIGN_DESK,
    **dict.fromkeys(MEMBERS, Role.COMMISSIONER),
}
NAMES = ("kit", "sam", "olu", "ren", "tia", "sia", "sol", "cam", "bea", "lou", "rec", "ada", "dee", "cas", "abel", "cleo", "dov")
ACTORS = ("filer", *NAMES[:14], "nobody")
ACTS = (*PRESSES, *BESIDE)
# What is said beside a case and about people binds to no version: an older page may still say it.
UNBOUND = frozenset({"note", "advice", "recuse", "step_out", "supervisor_back"})
TIMES = (*[timedelta(seconds=50), timedelta(minutes=4), timedelta(minutes=6), timedelta(days=1)] * 4, timedelta(days=31))
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
        self.accounts = {name: cast[name].account.id for name in NAMES}
        self.whos = {name: _who(name, cast[name]) for name in NAMES}
        self.routes = app.url_map.bind("localhost")


def _who(name: str, member: Member) -> Who:
    actor = actor_of(member.account, today(datetime.now(UTC)))
    return Who(name, actor.person_id, actor.name, frozenset(role.value for role in actor.roles))


class Walk:
    """One case of a fresh filer, and everything that was pressed on it."""

    def __init__(self, city: City, seed: int) -> None:
        self.city, self.turn, self.told = city, 0, list[str]()
        self.stands: Stand | None = None
        rng = random.Random(seed)
        self.kind = rng.choice(["clerk", "clerk", "clerk", "clerk", "mayor", "officer", "nil"])
        self.long = rng.random() < 0.5 and self.kind != "nil"
        self.beginning = rng.choice(order_likely.BEGINNINGS) if self.kind != "nil" else ()
        sam, tia = city.whos["sam"].person_id, city.whos["tia"].person_id
        title = "Mayor" if self.kind == "mayor" else "Clerk"
        account = AccountFactory(person=PersonFactory(title=title, supervisor_id=sam))
        if self.kind == "officer":
            RoleGrantFactory(account=account, role=Role.REVIEWER)
        self.accounts = {**city.accounts, "filer": account.id}
        self.filer = _who("filer", Member(account))
        self.cast = {**city.whos, "filer": self.filer, "nobody": Who("nobody")}
        self.near = {sam, tia}
        db.session.add(Tie(person_id=self.filer.person_id, other_id=tia, kind="relation", seq=an_entry()))
        db.session.flush()
        filer = Actor(self.filer.account, self.filer.person_id)
        if self.long:
            made = actions.start(owed(account.person), filer, datetime.now(UTC))
            complete(made, filer, **A_JOB)
        else:
            made = actions.start(owed(account.person, Kind.CHANGE, form_id="tests_small"), filer, datetime.now(UTC))
            actions.save_draft(made, {"has_job": "no"}, {}, filer, datetime.now(UTC), 0)
        self.case, self.reference = made.id, made.reference
        db.session.commit()
        self.told.append(f"{self.kind}, {'long' if self.long else 'small'} form")

    def stand(self) -> Stand:
        """Where the case stands, by its rows; read anew after whatever may have changed it."""
        if self.stands is None:
            db.session.expire_all()
            self.stands = oracle_stand.stand(self.case, frozenset(self.near), today(datetime.now(UTC)))
        return self.stands

    def run(self, steps: Sequence[Step]) -> None:
        """Presses the steps one by one; raises Broken with everything pressed so far."""
        with self._said():
            with _nil_by_rule() if self.kind == "nil" else contextlib.nullcontext():
                self.press("filer", "sign", random.Random(0), plain=True)
            for who, act, outcome in self.beginning:
                rng = random.Random(0)
                self.press(order_likely.named(who, self.stand(), self.cast, rng), act, rng, plain=True, outcome=outcome)
            for who, act, seed in steps:
                rng = random.Random(seed)
                self.step(*(order_likely.next_step(self.stand(), self.cast, rng) if rng.random() < 0.65 else (who, act)), rng)
            self.end()

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except Exception as fault:
            raise Broken("\n".join([*self.told, f"{type(fault).__name__}: {fault}"])) from fault

    def step(self, who: str, act: str, rng: random.Random) -> None:
        """One step, and a look of somebody at a page."""
        self.turn += 1
        if act in BESIDE:
            getattr(self, act)(who, rng)
            self.city.done[act, "done"] += act != "batch"
        else:
            self.press(who, act, rng)
        self.look(rng.choice([*ACTORS, "sia", "filer"]), rng)

    def clock(self, _who: str, rng: random.Random) -> None:
        """Time passes; once in a while a whole year, so that plans are looked at again."""
        self.stands = None
        self.city.clock.shift(timedelta(days=367) if rng.random() < 0.03 else rng.choice(TIMES))
        self.told.append(f"clock {datetime.now(UTC):%Y-%m-%d %H:%M:%S}")

    def sweep(self, _who: str = "", _rng: random.Random | None = None) -> None:
        """The worker comes by."""
        before, rows, since = self.stand(), oracle_stand.counted(self.case), order_judge.head()
        db.session.commit()
        self.stands = None
        for part in (recheck, keep_apart, carry_out, remind):
            part(datetime.now(UTC))
        self.told.append("sweep")
        self.judge(before, rows, since)

    def contract(self, _who: str, _rng: random.Random) -> None:
        """A new contract of the company that long forms name."""
        load_contracts(f'C{self.case}-{self.turn},"{JOB}",Public Works,Dinners,2026-01-01,,"25,000.50"')
        self.told.append("a new contract")

    def roster(self, _who: str, rng: random.Random) -> None:
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
        self.stands = None
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
        db.session.expire_all()
        made = db.session.get_one(Disclosure, self.case)
        return Scene(made, on, self.cast, self.cast[who], today(datetime.now(UTC)), rng, self.turn)

    def press(self, who: str, act: str, rng: random.Random, plain: bool = False, outcome: str = "") -> None:
        """One button on one page; what came of it is compared with the oracle, row by row."""
        on = self.stand()
        if on.state == "draft" and db.session.get(Disclosure, self.case) is None:
            return
        made = PRESSES[act](replace(self.scene(who, rng, on), outcome=outcome))
        if made is None:
            return
        data, told, ago = dict(made.data), dict(made.told), timedelta(0)
        if not plain:
            data, ago = self._spoiled(data, on, rng)
        told["stale"] = (
            act not in UNBOUND and "version" in data and (str(data["version"]), data["state"]) != (str(on.version), on.state)
        )
        told["again"] = act == "sign" and not on.has_draft
        if act == "motion":
            told["votes"] = ballots_in(data)
        reply = self._post(who, act, replace(made, data=data, told=told), on, ago)
        done = reply.status_code in (302, 303) and "sign-in" not in reply.location
        if act == "tie" and done:
            self.near.add(told["tied"])
            self.stands = None
        if act == "approve" and done and told["asks"] in ("grant", "end"):
            roles = oracle_stand.held_roles(today(datetime.now(UTC)))
            self.cast = {name: replace(one, roles=roles.get(one.account, frozenset())) for name, one in self.cast.items()}

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
        rows, since = oracle_stand.counted(self.case), order_judge.head()
        endpoint, _values = self.city.routes.match(made.path, method="POST")
        assert endpoint in order_routes.WALKED[act], f"{act} presses {endpoint}"
        allowed = oracle.may(act, self.cast[who], on, made.told, datetime.now(UTC), ago)
        self.stands = None
        reply = self._browser(who, ago).post(made.path, data=made.data)
        onward = reply.status_code in (302, 303) and "sign-in" not in (reply.location or "")
        db.session.expire_all()
        done = onward and (made.done is None or made.done())
        self.told.append(f"{who} {act} {made.told or ''} from {on.state} v{on.version}: {reply.status_code}")
        self.city.done[act, "done" if done else "refused" if not allowed else "not now"] += 1
        assert reply.status_code in (302, 303, 403, 404, 409, 422, 400, 413), "a code that no page has"
        assert allowed or not done, "the oracle refuses this, the City's pages did it"
        if done:
            order_judge.judge_entries(act, made.told, self.cast[who], on, since)
        else:
            assert onward or order_judge.head() == since, "a refusal wrote into the log"
            assert oracle_stand.counted(self.case) == rows, "a refusal wrote rows"
        self.judge(on, rows, since)
        return reply

    def judge(self, before: Stand, rows: dict[str, int], since: int) -> None:
        """What a step wrote about the case."""
        order_judge.judge_rows(before, self.stand(), self.case, rows, since, [one for one in self.cast.values() if one.person_id])

    def batch(self, who: str, rng: random.Random) -> None:
        """The whole way of a batch: begun, opened, confirmed or taken out, decided or given up, perhaps undone."""
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
        luck = rng.random()
        if luck < 0.15:
            browser.post(f"{begun.location}/{self.reference}/out")
        else:
            answer = rng.choice(["as_expected"] * 4 + ["not_expected"])
            browser.post(f"{begun.location}/{self.reference}/look", data={"answer": answer})
        if luck > 0.9:
            browser.post(f"{begun.location}/give-up")
        outcome = rng.choice(OUTCOMES if rng.random() < 0.3 else ["noted", "no_conflict"])
        data = {"outcome": outcome, "reason": f"alike {self.turn}", "internal": ""}
        self._post(who, "batch", Press(f"{begun.location}/decide", data, {"outcomes": {outcome}}), self.stand(), timedelta(0))
        if rng.random() < 0.4:
            browser.post(f"{begun.location}/undo")
            self.stands = None

    def look(self, name: str, rng: random.Random) -> None:
        """Somebody opens any page of the case, and half of the time the case page."""
        on, who = self.stand(), self.cast[name]
        browser = self._browser(name)
        for page in {rng.choice(list(order_looks.PAGES)), *(["/review/{case}"] if rng.random() < 0.5 else [])}:
            path, may = order_looks.address(page, self.reference, self.case), order_looks.PAGES[page](who, on)
            if path is None:
                continue
            code = browser.get(path).status_code
            expected = order_looks.codes(page, may, who, on)
            assert code in expected, f"{name} opens {path} of {on}: {code} instead of {expected}"
            assert code != 404 or order_looks.is_noted(who, code), f"nobody noted that {name} was refused {path}"
            assert code != 200 or page not in order_looks.TRACED or order_looks.left_a_trace(page, self.reference, who), path

    def end(self) -> None:
        """After a walk: caches are what the rows say, the log holds; people are again who they were for the next walk."""
        db.session.expire_all()
        for name, cache in {"filings": rebuilt.disclosures, **OF_REVIEW}.items():
            found = {at: both for at, both in rebuilt.differences(cache()).items() if at.startswith(f"{self.case}.")}
            assert found == {}, f"{name}: cache against rows {found}"
        assert faults() == []
        seq = an_entry()
        db.session.execute(update(Absence).where(Absence.ended_seq.is_(None)).values(ended_seq=seq))
        self.roles_as_before(seq)
        db.session.commit()

    def roles_as_before(self, seq: int) -> None:
        """Who lost a role has it again, who got one has it no more; the filer's own end with the walk."""
        on = today(datetime.now(UTC))
        held = oracle_stand.held_roles(on)
        for name in (*NAMES, "filer"):
            had = self.city.whos[name].roles if name != "filer" else frozenset()
            has = held.get(self.cast[name].account, frozenset())
            for role in has - had:
                mine = (RoleGrant.account_id == self.accounts[name], RoleGrant.role == Role(role), RoleGrant.ended_seq.is_(None))
                db.session.execute(update(RoleGrant).where(*mine).values(ended_seq=seq))
            for role in had - has:
                RoleGrantFactory(account=db.session.get_one(Account, self.accounts[name]), role=Role(role), starts_on=on)


@contextlib.contextmanager
def _nil_by_rule() -> Iterator[None]:
    """The City closes every form with nothing to declare by its rule, and draws none of them."""
    nil = current_profile().nil.model_copy(update={"clear": "rule", "sample_percent": 0})
    profile = current_profile().model_copy(update={"nil": nil})
    with mock.patch.object(moving_on, "current_profile", return_value=profile):
        yield
