"""What tests of faults share: a city on a database of its own, begun anew for each module and engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coi.db import db
from tests.engines import Engine
from tests.faults.small_city import SmallCity, small_city
from tests.faults.standing import Standing, standing


@pytest.fixture(scope="module")
def own_city(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A city with the cast, on a database that real processes share with the test."""
    folder: Path = tmp_path_factory.mktemp("own-city")
    with standing(engine, folder.name.replace("-", "_"), folder) as city:
        yield city


@pytest.fixture(scope="session")
def _filled_city(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCity]:
    with small_city(engine, tmp_path_factory.mktemp("small-city")) as city:
        yield city


@pytest.fixture
def demo_city(_filled_city: SmallCity) -> Iterator[SmallCity]:
    """The demo's city of 80 people, made once; a test may add to it, never take away."""
    with _filled_city.app.app_context():
        yield _filled_city
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()
