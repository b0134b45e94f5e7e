"""What was told before comes back entry by entry: still true, changed, over; nothing vanishes without a word."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from coi.disclosures import actions, carried, queries
from coi.disclosures.record import read, readable
from coi.disclosures.signing import FaultsRemain, sign
from coi.models import AuditEntry, CarriedEntry, Disclosure, Draft
from coi.vocabulary import Carried, Kind
from tests.disclosures.steps import A_JOB, by_mistake, complete, filed, now, owed, signature

A_GIFT = {
    "giver": "Acme",
    "owner": "me",
    "kind": "meal",
    "value": "80.00",
    "date": "2024-06-01",
    "kept": "kept",
    "my_part": "no",
}
EARLIER = {**A_JOB, "has_gifts": "yes", "gifts": [A_GIFT]}


def again(cast, **answers) -> tuple[Disclosure, Draft]:
    """Finn filed a year ago, and begins this year's form."""
    filed(cast.finn.person, cast.finn.actor, answers=answers or A_JOB)
    disclosure = actions.start(owed(cast.finn.person, occasion="2027"), cast.finn.actor, now())
    return disclosure, queries.draft_of(disclosure)


def ids(draft: Draft) -> list[str]:
    return [f"{one['question']}/{one['entry']['_key']}" for one in draft.carried["items"]]


def say(disclosure: Disclosure, cast, said: dict, **answers) -> Draft:
    draft = queries.draft_of(disclosure)
    return actions.save_draft(disclosure, answers, {}, cast.finn.actor, now(), draft.revision, said=said)


def faults(disclosure: Disclosure, cast, key: str = "key-2") -> list[str]:
    with pytest.raises(FaultsRemain) as refused:
        sign(disclosure, signature(key), cast.finn.actor, now())
    return [one.fault for one in refused.value.entries]


def rows(disclosure: Disclosure) -> list[tuple[Carried, date | None]]:
    return [(one.said, one.ended_on) for one in carried.rows_of(queries.version_of(disclosure))]


def test_last_years_entries_come_back_and_nothing_is_answered_yet(db, cast):
    _disclosure, draft = again(cast, **EARLIER)
    assert [name.split("/")[0] for name in ids(draft)] == ["outside_work", "gifts"]
    assert "has_outside_work" not in draft.answers
    assert "outside_work" not in draft.answers
    assert draft.carried["last"]["has_contract"] == "no"
    assert "affirm" not in draft.carried["last"]


def test_none_may_stay_unanswered(db, cast):
    disclosure, _draft = again(cast)
    complete(disclosure, cast.finn.actor, has_outside_work="no")
    assert faults(disclosure, cast) == ["unanswered"]


def test_still_true_puts_the_entry_on_the_form_under_its_key_and_opens_its_question(db, cast):
    disclosure, draft = again(cast)
    kept = draft.carried["items"][0]["entry"]
    draft = say(disclosure, cast, {ids(draft)[0]: {"said": "same", "on": ""}})
    assert draft.answers["outside_work"] == [kept]
    assert draft.answers["has_outside_work"] == "yes"
    actions.no_to_all(disclosure, cast.finn.actor, now())
    assert queries.draft_of(disclosure).answers["has_outside_work"] == "yes"
    version = sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert version.answers["outside_work"][0]["_key"] == kept["_key"]
    assert rows(disclosure) == [(Carried.SAME, None)]


def test_no_to_all_leaves_open_what_was_told_before(db, cast):
    disclosure, _draft = again(cast)
    draft = actions.no_to_all(disclosure, cast.finn.actor, now())
    assert "has_outside_work" not in draft.answers
    assert draft.answers["has_gifts"] == "no"


def test_changed_waits_for_a_change(db, cast):
    disclosure, draft = again(cast)
    name = ids(draft)[0]
    draft = say(disclosure, cast, {name: {"said": "changed", "on": ""}})
    complete(disclosure, cast.finn.actor, has_outside_work="yes", outside_work=draft.answers["outside_work"])
    assert faults(disclosure, cast) == ["unchanged"]
    other = [{**queries.draft_of(disclosure).answers["outside_work"][0], "work": "cooking"}]
    say(disclosure, cast, {}, outside_work=other)
    sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert rows(disclosure) == [(Carried.CHANGED, None)]


def test_still_true_and_then_typed_over_counts_as_changed(db, cast):
    disclosure, draft = again(cast)
    draft = say(disclosure, cast, {ids(draft)[0]: {"said": "same", "on": ""}})
    draft = say(disclosure, cast, {}, outside_work=[{**draft.answers["outside_work"][0], "work": "cooking"}])
    assert draft.carried["said"][ids(draft)[0]]["said"] == "changed"
    assert draft.answers["outside_work"][0]["work"] == "cooking"


@pytest.mark.parametrize(
    ("day", "stays", "fault"),
    [
        ("2025-08-15", True, None),
        ("2025-01-01", True, None),
        ("2024-12-31", False, None),
        ("", None, "no_day"),
        ("2025-02-30", None, "not_a_day"),
        ("0202-01-01", None, "not_a_day"),
        ("2099-01-01", True, "future"),
    ],
)
def test_what_ended_within_the_time_of_the_form_stays_on_it(db, cast, day, stays, fault):
    disclosure, draft = again(cast)
    draft = say(disclosure, cast, {ids(draft)[0]: {"said": "ended", "on": day}})
    assert bool(draft.answers.get("outside_work")) is bool(stays)
    actions.no_to_all(disclosure, cast.finn.actor, now())
    if fault:
        assert faults(disclosure, cast) == [fault]
        return
    version = sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert rows(disclosure) == [(Carried.ENDED, date.fromisoformat(day))]
    assert bool(version.answers.get("outside_work")) is stays
    assert version.answers["has_outside_work"] == ("yes" if stays else "no")
    told = carried.carry_of(version)
    assert (len(told.gone), len(told.marks)) == (0 if stays else 1, 1)


def test_what_happened_once_takes_its_day_from_its_entry(db, cast):
    disclosure, draft = again(cast, **EARLIER)
    job, gift = ids(draft)
    draft = say(disclosure, cast, {gift: {"said": "ended", "on": "", "once": True}, job: {"said": "same", "on": ""}})
    assert draft.carried["said"][gift]["on"] == "2024-06-01"
    actions.no_to_all(disclosure, cast.finn.actor, now())
    version = sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert "gifts" not in version.answers
    assert rows(disclosure) == [(Carried.SAME, None), (Carried.ENDED, date(2024, 6, 1))]


@pytest.mark.parametrize("lost", [{"has_outside_work": "no"}, {"outside_work": []}])
def test_an_entry_that_would_vanish_is_asked_about(db, cast, lost):
    disclosure, draft = again(cast)
    name = ids(draft)[0]
    say(disclosure, cast, {name: {"said": "same", "on": ""}})
    complete(disclosure, cast.finn.actor, **{"has_outside_work": "yes", **lost})
    if "outside_work" in lost:
        say(disclosure, cast, {}, has_outside_work="no")
    assert faults(disclosure, cast) == ["gone"]
    draft = say(disclosure, cast, {name: {"said": "same", "on": ""}})
    assert (len(draft.answers["outside_work"]), draft.answers["has_outside_work"]) == (1, "yes")
    say(disclosure, cast, {}, has_outside_work="no")
    say(disclosure, cast, {name: {"said": "mistake", "on": ""}})
    say(disclosure, cast, {}, has_outside_work="no")
    sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert rows(disclosure) == [(Carried.MISTAKE, None)]


def test_a_correction_that_drops_an_entry_is_asked_about_and_says_the_rest_once_more(db, cast):
    disclosure, draft = again(cast, **EARLIER)
    job, gift = ids(draft)
    say(disclosure, cast, {job: {"said": "same", "on": ""}, gift: {"said": "ended", "on": "2024-06-01"}})
    actions.no_to_all(disclosure, cast.finn.actor, now())
    first = sign(disclosure, signature("key-2"), cast.finn.actor, now())
    draft = actions.begin_correction(disclosure, "a slip", cast.finn.actor, now())
    say(disclosure, cast, {}, has_outside_work="no")
    assert faults(disclosure, cast, "key-3") == ["gone"]
    say(disclosure, cast, {job: by_mistake(draft)[job]})
    say(disclosure, cast, {}, has_outside_work="no")
    sign(disclosure, signature("key-3"), cast.finn.actor, now())
    assert set(rows(disclosure)) == {(Carried.MISTAKE, None), (Carried.ENDED, date(2024, 6, 1))}
    assert len(carried.rows_of(first)) == 2


def test_a_correction_that_drops_nothing_asks_nothing(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    actions.begin_correction(disclosure, "a slip", cast.finn.actor, now())
    sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert rows(disclosure) == []
    assert "carried" not in read(queries.version_of(disclosure).record)


def test_a_gift_told_since_comes_back_too_and_nothing_comes_into_a_gift(db, cast):
    filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    gift = actions.start_voluntary(Kind.GIFT, cast.finn.actor, now())
    assert not queries.draft_of(gift).carried
    complete(gift, cast.finn.actor, gifts=[A_GIFT])
    sign(gift, signature("gift"), cast.finn.actor, now())
    disclosure = actions.start(owed(cast.finn.person, occasion="2027"), cast.finn.actor, now())
    assert [name.split("/")[0] for name in ids(queries.draft_of(disclosure))] == ["outside_work", "gifts"]


def test_what_this_form_cannot_ask_does_not_come_back(db, cast):
    filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    level = {"level": "policies_only", "kind": "annual"}
    disclosure = actions.start(
        owed(cast.finn.person, occasion="2027", filer=level, level="policies_only"), cast.finn.actor, now()
    )
    assert ids(queries.draft_of(disclosure)) == []


def test_the_record_says_what_was_said_in_the_signers_words(db, cast):
    disclosure, draft = again(cast, **EARLIER)
    job, gift = ids(draft)
    say(disclosure, cast, {job: {"said": "same", "on": ""}, gift: {"said": "ended", "on": "2024-06-01"}})
    actions.no_to_all(disclosure, cast.finn.actor, now())
    version = sign(disclosure, signature("key-2", language="es"), cast.finn.actor, now())
    told = read(version.record)["carried"]
    assert [(one["said"], one["here"], one["ended_on"]) for one in told] == [("same", True, ""), ("ended", False, "2024-06-01")]
    copy = readable(read(version.record))
    assert "Igual que en el formulario del 2 de marzo de 2026." in copy
    assert "Acme: Terminó el 1 de junio de 2024." in copy
    entry = db.session.get(AuditEntry, version.seq)
    assert "Acme" not in entry.details
    assert json.loads(entry.details)["version"] == 1


def test_what_was_said_is_kept_as_it_was(db, cast):
    disclosure, draft = again(cast)
    say(disclosure, cast, {ids(draft)[0]: {"said": "same", "on": ""}})
    actions.no_to_all(disclosure, cast.finn.actor, now())
    sign(disclosure, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    row = db.session.scalars(select(CarriedEntry)).one()
    row.said = Carried.CHANGED
    with pytest.raises(Exception, match="append-only"):
        db.session.flush()
    db.session.rollback()
