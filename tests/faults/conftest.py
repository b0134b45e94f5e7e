"""What tests of faults share: a city on a database of its own, begun anew for each module and engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import Engine
from tests.faults.standing import Standing, standing


@pytest.fixture(scope="module")
def own_city(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A city with the cast, on a database that real processes share with the test."""
    folder: Path = tmp_path_factory.mktemp("own-city")
    with standing(engine, folder.name.replace("-", "_"), folder) as city:
        yield city
