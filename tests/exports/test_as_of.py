"""As of (PROOF 6): what was made live at a moment is made again for that moment when the year is over, root for root."""

import random

from tests.exports.simulated_year import KINDS, Year

WALKS, MOMENTS = 2, 6


def test_a_workbook_as_of_a_moment_is_the_one_that_was_made_then(app, db, cast, clock, tmp_path):
    year = Year(app, clock, tmp_path, random.SystemRandom().randrange(2**32))
    year.live(WALKS, MOMENTS)
    wrong = [line for one in year.taken for line in year.again(one)]
    assert wrong == [], "\n".join([f"seed {year.seed}", *wrong])
    assert len(year.taken) == len(KINDS) * MOMENTS
