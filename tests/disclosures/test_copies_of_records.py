"""What a copy leaves out of a record besides answers: titles, papers, what was said before; and when it says that it does."""

from coi.disclosures.copies import copy_of, leaves_out, without_internal
from coi.disclosures.shown import ANSWERED, NOT_ASKED, Answer, Entry, Section, Shown


def ask(name: str, *fields: dict, visibility: str = "restricted") -> dict:
    told = {"id": name, "type": "entries" if fields else "text", "title": name.title(), "visibility": visibility}
    return {**told, "fields": list(fields)} if fields else told


HIDDEN = ask("hidden", visibility="internal")


def record(*questions: dict, **more) -> dict:
    return {"asked": [{"id": "s", "title": "S", "questions": list(questions)}], "answers": {}, **more}


def test_a_record_with_nothing_internal_but_deep_inside_loses_that_and_its_title():
    inner = ask("inner", ask("deep", ask("open"), HIDDEN))
    kept = record(inner, answers={"inner": [{"_key": "a", "deep": [{"_key": "b", "open": "x", "hidden": "y"}]}]})
    told = copy_of(kept)
    assert told["answers"] == {"inner": [{"_key": "a", "deep": [{"_key": "b", "open": "x"}]}]}
    assert told["left_out"] == ["inner[0].deep[0].hidden"]
    assert "Hidden" not in str(told["asked"])
    assert kept["answers"]["inner"][0]["deep"][0]["hidden"] == "y"


def test_what_hangs_on_an_entry_that_is_left_out_goes_with_it():
    notes = ask("notes", ask("note"), visibility="internal")
    questions = (ask("jobs", ask("org"), notes), ask("secrets", ask("what"), visibility="internal"))
    answers = {
        "jobs": [{"_key": "job", "org": "Apex", "notes": [{"_key": "note", "note": "x"}]}],
        "secrets": [{"_key": "secret", "what": "y", "more": [{"_key": "below"}]}],
    }
    papers = [{"key": key, "name": f"{key}.pdf"} for key in ("", "job", "note", "secret", "below")]
    carried = [
        {"question": "jobs", "entry": "job", "here": True},
        {"question": "jobs", "entry": "ended", "here": False},
        {"question": "secrets", "entry": "ended too", "here": False},
        {"question": "moved", "entry": "secret", "here": True},
    ]
    told = copy_of(record(*questions, answers=answers, attachments=papers, carried=carried))
    assert [one["key"] for one in told["attachments"]] == ["", "job"]
    assert [one["entry"] for one in told["carried"]] == ["job", "ended"]


def test_a_record_without_anything_internal_and_one_of_before_there_were_titles_stay_as_they_are():
    for kept in (record(ask("open"), answers={"open": "x"}), {"answers": {"open": "x"}}):
        assert copy_of(kept) == kept


def shown(visibility: str, *entries: Entry, status: str = ANSWERED) -> Shown:
    return Shown("f", "T", "x", visibility, status, entries=entries)


def entry(*fields: Shown) -> Entry:
    return Entry("key", 1, "E", fields)


def section(visibility: str, *entries: Entry, status: str = ANSWERED) -> Section:
    return Section("s", "S", (Answer("q", "q", "T", "x", visibility, entries, status),))


def test_a_copy_says_that_it_leaves_out_only_where_something_is_left_out():
    deep = entry(shown("restricted", entry(shown("internal"))))
    for something in (section("internal"), section("restricted", entry(shown("internal"))), section("restricted", deep)):
        assert leaves_out([section("public"), something])
    not_asked = entry(shown("internal", status=NOT_ASKED))
    for nothing in (section("internal", status=NOT_ASKED), section("restricted"), section("restricted", not_asked)):
        assert not leaves_out([nothing])


def test_a_section_of_which_nothing_is_left_stays_away():
    assert without_internal([section("internal"), section("public")]) == [section("public")]
