"""Two presses of the same button at the same moment, over HTTP: one of everything, and a page of ours for both."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from coi.db import db, transaction
from coi.models import Disclosure, DisclosureVersion
from coi.vocabulary import State
from tests.factories import find_cast
from tests.faults.clicks import CLICKS, Click
from tests.faults.filers import ALL, faults_of_the_log, filers, in_parallel, is_receipt, looking, traces
from tests.faults.standing import Browser, Signed, Standing, sign_in, web

TIMES = 3  # a race is not lost every time
SERVED = {200, 302, 303, 409, 422}
# An upload that was applied is gone: the late press finds nothing there any more.
GONE = {"roster": {404}}


@pytest.fixture(scope="module")
def port(own_city: Standing) -> Iterator[int]:
    """Where the city is served."""
    with web(own_city) as (_process, port):
        yield port


def press_twice(port: int, click: Click, signed: Signed) -> list[int]:
    """Both presses, on their way at the same moment; gives their codes."""
    data = {"csrf_token": signed.token, **click.data}
    if click.path.endswith("/apply"):
        page = Browser(port, signed.cookie).get(click.path.removesuffix("/apply").replace("/roster/", "/roster/preview/"))
        data |= {name: page.hidden[name] for name in ("mark", "state")}
        click = replace(click, path=click.path.replace("/roster/", "/roster/preview/"))
    return [reply.code for reply in in_parallel([lambda: Browser(port, signed.cookie).post(click.path, data)] * 2)]


@pytest.mark.parametrize("name", CLICKS)
def test_a_double_click_does_it_once(own_city, port, name):
    for _time in range(TIMES):
        with transaction():
            click = CLICKS[name](find_cast())
            signed = sign_in(own_city.app, click.who)
        with looking():
            before = db.session.scalar(select(func.count()).select_from(click.left.subquery()))
        codes = press_twice(port, click, signed)
        with looking():
            left = db.session.scalar(select(func.count()).select_from(click.left.subquery()))
        assert (before, left) == (0, 1), codes
        assert set(codes) <= SERVED | GONE.get(name, set())
        assert set(codes) & {200, 302, 303}, codes


def test_fifty_double_clicks_on_sign_give_fifty_filings(own_city, port):
    people = filers(own_city, 50)
    for start in range(0, 50, 5):
        group = people[start : start + 5]
        answers = in_parallel([lambda one=one: one.file(port) for one in group for _click in range(2)])
        assert [answer for answer in answers if not is_receipt(answer)] == []
    assert {one.reference: traces(one.reference) for one in people} == {one.reference: ALL for one in people}
    with looking():
        mine = [one.person_id for one in people]
        signed = (
            select(func.count()).select_from(Disclosure).where(Disclosure.filer_id.in_(mine), Disclosure.state != State.DRAFT)
        )
        assert db.session.scalar(signed) == 50
        keys = select(func.count(DisclosureVersion.idempotency_key.distinct())).where(
            DisclosureVersion.idempotency_key.in_([f"{one.reference}:{one.key}" for one in people])
        )
        assert db.session.scalar(keys) == 50
    assert faults_of_the_log() == []
