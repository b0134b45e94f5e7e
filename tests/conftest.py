"""What every test may ask for: the app on both engines, a fresh database, the cast, a signed-in client, a clock that stands.

The app is imported where it is asked for: tests of rules run without it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from hypothesis import settings

from tests.engines import ENGINES, Engine

# A busy machine is no fault of the code: no example has a time to keep.
settings.register_profile("city", deadline=None)
settings.load_profile("city")

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.factories import Cast
    from tests.world import BuiltWorld


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-pages", action="store_true", help="every page x role x language x width x state, not only pairs")
    parser.addoption(
        "--slow-answers",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="the browser waits so long for each answer: what only holds on a fast machine fails (`make test-slow`)",
    )
    parser.addoption("--engine", choices=sorted(ENGINES), help="only this database, for quick work; the full run takes both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        only = metafunc.config.getoption("--engine")
        metafunc.parametrize("engine", [only] if only else list(ENGINES), indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pages in a browser, words of pages and tables of all routes are judged on one engine each; `make test-all` takes both.

    What a page reads and writes is tested on both engines without a browser; a page looks the same whoever kept its words.
    """
    if config.getoption("--all-pages") or config.getoption("--engine"):
        return
    left_out = {item for item in items if _judged_on_another(item)}
    left_out |= _half_of_each_square([item for item in items if item not in left_out])
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


# Besides the pages in tests/browser: journeys, the words of pages, and what goes through every route for every actor; what these
# routes read and write is tested room by room on both. The walking city's journey stays on both.
ON_ONE_ENGINE = (
    "/test_faults_reading.py",
    "/test_hostile_urls.py",
    "/test_house_access.py",
    "/test_house_spanish.py",
    "/test_three_years.py",
    "/test_verify_page.py",
)
ON_BOTH = ("/test_walking_city.py",)
IN_A_BROWSER = ("/tests/browser/", "/tests/journeys/")


def _judged_on_another(item: pytest.Item) -> bool:
    names = list(ENGINES)
    told = getattr(item, "callspec", None)
    engine = told.params.get("engine") if told is not None else None
    where = item.path.as_posix()
    one_is_enough = where.endswith(ON_ONE_ENGINE) or any(folder in where for folder in IN_A_BROWSER)
    if engine is None or where.endswith(ON_BOTH) or not one_is_enough:
        return False
    page = item.nodeid.replace(engine, "")
    # An eighth of them on PostgreSQL, where a fresh world costs four times as much.
    return names[crc32(page.encode()) % 8 == 0] != engine


def _half_of_each_square(items: list[pytest.Item]) -> set[pytest.Item]:
    """Of each test for two widths and two languages one diagonal: each width and each language once, not each with each."""
    squares: dict[str, list[tuple[str, pytest.Item]]] = defaultdict(list)
    for item in items:
        told = dict(getattr(getattr(item, "callspec", None), "params", {}))
        if "width" not in told or "language" not in told:
            continue
        corner = f"{told.pop('width')}{told.pop('language')}"
        told.pop("engine", None)
        squares[f"{item.nodeid.partition('[')[0]}{sorted(told.items())}"].append((corner, item))
    found: set[pytest.Item] = set()
    for name, corners in squares.items():
        if {corner for corner, _item in corners} == {"1280en", "1280es", "320en", "320es"}:
            dropped = (("1280en", "320es"), ("1280es", "320en"))[crc32(name.encode()) % 2]
            found |= {item for corner, item in corners if corner in dropped}
    return found


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The database engine: every test that asks for it, or for anything below, runs once on each."""
    made = ENGINES[request.param]()
    yield made
    made.close()


@pytest.fixture(scope="session")
def engine_url(engine: Engine) -> str:
    """The URL of this worker's database, as COI_DATABASE_URL would say it."""
    return engine.url


@pytest.fixture(scope="session")
def city(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The one app of this worker and engine; a test asks for `app`, which puts a fresh database under it."""
    from coi.db import db as database
    from tests.city import make_city

    made = make_city(engine, tmp_path_factory.mktemp("city"))
    yield made
    with made.app_context():
        database.engine.dispose()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands at tests.city.CLOCK; `clock.shift(timedelta(hours=1))` and `clock.move_to(moment)` move it."""
    from tests.city import CLOCK

    with time_machine.travel(CLOCK, tick=False) as traveller:
        yield traveller


@pytest.fixture
def template(request: pytest.FixtureRequest) -> str:
    """What the fresh database holds: the world or the cast when the test asks for one, else installed and empty."""
    if "world" in request.fixturenames:
        request.getfixturevalue("built_world")
        return "world"
    return "cast" if "cast" in request.fixturenames else "installed"


@pytest.fixture
def app(city: Flask, engine: Engine, clock: time_machine.Traveller, template: str) -> Iterator[Flask]:
    """The app on a fresh database, with its context pushed."""
    from coi.db import db as database

    with city.app_context():
        database.engine.dispose()
        engine.restore(template)
        yield city
        database.session.rollback()
        database.session.remove()
        database.engine.dispose()


@pytest.fixture
def db(app: Flask) -> SQLAlchemy:
    """The test's own session: what it changes is committed by the next request or command, or by `db.session.commit()`."""
    from coi.db import db as database

    return database


@pytest.fixture
def cast(app: Flask) -> "Cast":
    """Finn files, Sam supervises Finn, Olu and Ren review, Ada audits, Kit is a stranger, Sia and Sol decide,
    Dee and Dan administer."""
    from tests.factories import find_cast

    return find_cast()


@pytest.fixture(scope="session")
def built_world(city: Flask, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> "BuiltWorld":
    """The world of the addresses, built on the cast and kept as a template of this worker and engine, with its files."""
    from coi.db import db as database
    from tests.city import CLOCK, keep
    from tests.world import BuiltWorld, build_world, everybody_signs_in

    with time_machine.travel(CLOCK, tick=False), city.app_context():
        database.engine.dispose()
        engine.restore("cast")
        named, sign_ins = build_world(), everybody_signs_in()
        keep(engine, "world")
    return BuiltWorld(named, sign_ins, city.config["SETTINGS"].folder, tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(app: Flask, built_world: "BuiltWorld") -> dict[str, str]:
    """The reference behind each name of an address in tests/house/access.yaml."""
    built_world.lay_files()
    return dict(built_world.names)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """A terminal: `runner.invoke(args=[…])` gives `.exit_code`, `.stdout`, `.stderr`."""
    return app.test_cli_runner()


@pytest.fixture
def sign_in(app: Flask, db: SQLAlchemy, cast: "Cast") -> Callable[..., FlaskClient]:
    """`sign_in("olu")` is Olu's browser; `sign_in("olu", ago=timedelta(hours=1))` one whose sign-in is no longer fresh."""
    from tests.factories import make_sign_in

    def browser(name: str, ago: timedelta = timedelta(0)) -> FlaskClient:
        client = app.test_client()
        token = make_sign_in(cast[name].account, datetime.now(UTC) - ago)
        db.session.commit()
        with client.session_transaction() as cookie:
            cookie["sign_in"] = token
            cookie.permanent = True
        return client

    return browser


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The browser of this worker: one for pages and journeys together, since a second Playwright can't start beside it."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import chromium_of

    with sync_playwright() as playwright:
        browser = chromium_of(playwright)
        yield browser
        browser.close()
