"""The house tests itself: who commits, who moves a filing, how long a file is, what a page may hold, what has no Spanish."""

from collections.abc import Callable

import house
import pytest


def faults(
    check: Callable[[str], object], *suffixes: str, under: str = "", but: frozenset[str] = frozenset()
) -> dict[str, object]:
    """Each file in which the check found something, and what."""
    found = {house.inside(path): check(path.read_text(encoding="utf-8")) for path in house.files(*suffixes, under=under)}
    return {name: what for name, what in found.items() if what and name not in but}


def test_only_the_gate_commits():
    assert faults(house.commits, ".py", under="coi", but=frozenset(house.MAY_COMMIT)) == {}


def test_only_commands_and_jobs_open_transactions():
    assert {
        name: lines
        for name, lines in faults(
            house.opens_transactions, ".py", under="coi", but=frozenset(house.MAY_OPEN_TRANSACTIONS)
        ).items()
        if not name.endswith(("/commands.py", "/jobs.py"))
    } == {}


def test_only_one_hand_moves_a_filing():
    assert faults(house.moves_by_hand, ".py", under="coi", but=frozenset({"coi/disclosures/move.py"})) == {}


def test_rules_never_ask_the_clock():
    assert faults(house.asks_the_clock, ".py", under="coi/rules") == {}


def test_forms_never_ask_the_clock():
    assert faults(house.asks_the_clock, ".py", under="forms") == {}


def test_no_file_is_longer_than_a_person_reads():
    long = {
        house.inside(path): count
        for path in house.files(".py", ".html", ".js", ".scss", ".css")
        # A migration is made once and read by nobody but the database.
        if "migrations/versions" not in house.inside(path)
        and house.inside(path) not in house.ONE_FILE
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > house.LONGEST
    }
    assert long == {}


def test_every_module_opens_with_a_sentence():
    assert faults(house.no_opening_sentence, ".py") == {}


def test_every_exemption_gives_its_reason():
    assert faults(house.bare_exemptions, ".py") == {}


def test_nothing_is_left_for_later():
    assert faults(house.unfinished, ".py", ".html", ".js", ".scss", ".yaml", ".toml") == {}


def test_no_file_has_a_name_that_says_nothing():
    assert [house.inside(path) for path in house.files(".py", ".html", ".js") if path.stem.lower() in house.VAGUE] == []


def test_nothing_names_a_folder_of_one_machine():
    kinds = (".py", ".html", ".js", ".scss", ".yaml", ".yml", ".toml", ".md", ".txt", ".in", ".json", ".po", ".sh", ".ini", "")
    assert faults(house.machine_paths, *kinds) == {}


def test_no_test_is_skipped():
    assert faults(house.skipped, ".py", under="tests") == {}


def test_every_test_holds_something_up():
    assert faults(house.asserts_nothing, ".py", under="tests") == {}


def test_pages_hold_no_script_and_no_style():
    # Letters are read by mail programs, which know no style sheet.
    found = faults(house.inline_in, ".html", under="templates")
    assert {name: what for name, what in found.items() if not name.startswith("templates/letters/")} == {}


def test_pages_let_no_text_through_as_markup():
    assert faults(house.unescaped_in, ".html", ".txt", under="templates") == {}


def test_every_word_has_its_spanish():
    from coi.assets import translations

    assert list(translations.missing()) == []


BAD = {
    "commits": "def f(db):\n    db.session.commit()\n",
    "opens_transactions": "from coi.db import transaction\nwith transaction():\n    pass\n",
    "asks_the_clock": "def f():\n    return date.today()\n",
    "no_opening_sentence": "x = 1\n",
    "bare_exemptions": "import os  # no" + "qa: F401\n",
    "unfinished": "x = 1  # TO" + "DO\n",
    "machine_paths": 'x = "/ho' + 'me/somebody/x"\n',
    "skipped": "@pytest.mark." + "skip\ndef test_x(): ...\n",
    "asserts_nothing": "def test_x():\n    print(1)\n",
    "unescaped_in": "<p>{{ name | safe }}</p>",
}


@pytest.mark.parametrize("check", BAD)
def test_each_check_sees_what_it_looks_for(check):
    assert getattr(house, check)(BAD[check])


@pytest.mark.parametrize(
    "line",
    [
        "disclosure.state = State.DECIDED",
        "a, disclosure.state = 1, State.DRAFT",
        "setattr(disclosure, 'state', State.DECIDED)",
        "db.session.execute(update(Disclosure).values(state=State.DECIDED))",
        "Disclosure(state=State.SUBMITTED)",
    ],
)
def test_a_filing_moved_by_hand_is_seen(line):
    assert house.moves_by_hand(line) == [1]


@pytest.mark.parametrize("line", ["request.state = RequestState.APPROVED", "Disclosure(state=State.DRAFT)", "found = one.state"])
def test_the_state_of_other_things_is_not(line):
    assert house.moves_by_hand(line) == []


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        '<p style="color: red">',
        '<button onclick="go()">',
        '<a href="javascript:go()">',
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_script_and_style_in_a_page_are_seen(page):
    assert house.inline_in(page)


def test_an_exemption_with_its_reason_passes():
    assert house.bare_exemptions("x = f()  # type: ignore[arg-type]  # the library's stub is wrong\n") == []
