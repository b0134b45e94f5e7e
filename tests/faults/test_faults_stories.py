"""What somebody with a part in the demo says of last year's entries, also where the demo of the tests brings them none."""

import pytest

from coi.demo.stories import _still_true
from coi.models import Draft


@pytest.mark.parametrize(
    ("carried", "said"),
    [
        ({"items": [{"question": "gifts", "entry": {"_key": "abcdefgh"}}]}, {"gifts/abcdefgh": {"said": "same", "on": ""}}),
        ({}, {}),
        (None, {}),
    ],
)
def test_every_entry_that_comes_back_is_still_true(carried, said):
    assert _still_true(Draft(carried=carried)) == said
