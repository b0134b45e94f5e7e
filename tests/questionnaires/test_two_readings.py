"""Forms made at random and answered at random: the engine and a second reading of FORMAT.md say the same, answer by answer."""

import json
import os
from collections import Counter
from datetime import date
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from coi.questionnaires.check import check
from coi.rules.completeness import Evaluation, Setting, evaluate
from coi.rules.form import Form
from tests.questionnaires.generated import Filler, FormMaker, TwoLists
from tests.questionnaires.second import Reading

FORMS = int(os.environ.get("TWO_READINGS", "2000"))
FILLINGS = 8
LISTS = TwoLists()
SIGNED_ON = (date(2026, 3, 2), date(2028, 2, 29), date(2025, 12, 31))


def told(found: Evaluation) -> dict:
    """What the engine says, in the words of the second reading."""
    return {
        "errors": {fault.path for fault in found.faults},
        "signed": found.signed,
        "flags": [
            (flag.risk, flag.reason, flag.question, flag.entry, [record["name"] for record in flag.matched], flag.route)
            for flag in found.flags
        ],
        "reported": {name: list(numbers) for name, numbers in found.reportable.items()},
        "not_checked": set(found.not_checked),
        "nil": found.nil,
        "risk": str(found.risk),
        "shown": {path for path in found.shown if not set(path) & set(":.[")},
    }


@settings(max_examples=FORMS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(size=some.integers(1, 5), seed=some.integers(0, 2**48))
def hold_two_readings_together(counted: Counter, size: int, seed: int) -> None:
    """One form, filled several times by people who file about several years."""
    chance = Random(f"{size} {seed}")
    content = FormMaker(chance, size).form()
    errors = [str(problem) for problem in check(content) if problem.is_error]
    counted["forms"] += 1
    if errors:
        # What can never be true or asked is refused rightly; a generator that made anything else would be wrong itself.
        assert all("never" in error or "the filer is asked" in error for error in errors), (errors, content)
        counted["refused"] += 1
        return
    form = Form.from_content(content)
    for _filling in range(FILLINGS):
        filler = Filler(content, chance)
        answers, filer = filler.answers(), filler.filer()
        year, signed_on = chance.choice([2025, 2025, 2024, 1999]), chance.choice(SIGNED_ON)
        found = evaluate(form, answers, Setting(filer, year, signed_on, LISTS))
        second = Reading(content, answers, filer, year, signed_on, LISTS)
        names = ("errors", "signed", "flags", "reported", "not_checked", "nil", "risk", "shown")
        case = json.dumps([content, answers, filer, year, str(signed_on)])
        assert told(found) == {name: getattr(second, name) for name in names}, case
        counted["fillings"] += 1
        counted.update(kind for kind in ("flags", "reported", "errors", "not_checked") if getattr(second, kind))
        counted["accepted"] += not second.errors


def test_the_engine_and_a_second_reading_of_the_format_say_the_same():
    counted: Counter = Counter()
    hold_two_readings_together(counted)
    # Most forms that the generator makes are forms, and what is compared is not empty.
    assert counted["refused"] < counted["forms"] * 0.4, counted
    assert counted["fillings"] > 4 * FORMS, counted
    assert all(counted[kind] > counted["fillings"] / 20 for kind in ("flags", "reported", "errors", "accepted")), counted
