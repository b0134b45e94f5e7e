"""A city's own words for letters: a fixed list of placeholders, checked before they hold; the rest is just letters (F09)."""

import copy

import pytest
from sqlalchemy import select

from coi.languages import speaking
from coi.models import Letter
from coi.notices import wording
from coi.notices.actions import post
from coi.notices.words import KINDS, placeholders
from coi.profiles import check
from coi.profiles.current import current_profile
from coi.profiles.loading import folder_of, read_profile
from coi.profiles.schema import Profile
from tests.city import CLOCK

# All that any letter may carry beside its own words (U25): nothing that anybody answered, no flag, outcome, or reason code.
MAY_BE_SAID = {
    *("reader", "city", "phone", "email", "hours", "reference", "due", "opens", "who", "what", "name", "role", "asked_by"),
    *("approved_by", "until", "reason", "department", "names", "count", "signed_by"),
    *("filing", "accept_by", "appeal_until", "appeal", "after"),
    # The city's own line on time and help; days away; how many cases of what age and priority, with whom of the office.
    *("line", "first", "last", "news", "open", "ages", "priorities", "reviewers", "nobody"),
    # A checkpoint, the key and its fingerprint; who approved the copies of a file, what for, which versions.
    *("size", "head", "day", "checkpoint", "key", "fingerprint", "old", "origin", "purpose", "other", "versions", "removed"),
}
HOSTILE = "{{7*7}} {% include '/etc/passwd' %} %(due)s {0.__class__} {due.__class__} ${due} <b>{due}</b>"


def with_letters(letters: dict) -> Profile:
    content = copy.deepcopy(read_profile(folder_of("lancaster")).to_json())
    content["letters"] = letters
    return Profile.from_json(content)


@pytest.mark.parametrize("kind", KINDS)
def test_no_letter_has_a_place_for_the_content_of_a_filing(kind):
    assert set(placeholders(kind)) <= MAY_BE_SAID


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        (
            {"reminder": {"subject": {"en": "Hi {nobody}"}, "body": {"en": "x"}}},
            "letters.reminder.subject.en: nothing is known as {nobody}",
        ),
        ({"reset": {"subject": {"en": "x"}, "body": {"en": "{token}"}}}, "letters.reset.body.en: nothing is known as {token}"),
        ({"postcard": {"subject": {"en": "x"}, "body": {"en": "x"}}}, "letters.postcard: there is no such letter"),
        ({"hours": [17, 8]}, "letters.hours: 17 to 8"),
        ({"cadence": {"fortnight": True}}, "there is no step fortnight"),
        ({"signed_by": [{"title": {"en": "Mayor"}}, {"title": {"en": "Chief"}, "departments": ["Police"]}]}, "only the last"),
    ],
)
def test_words_that_stand_for_nothing_are_refused(letters, words):
    assert any(words in fault for fault in check.faults(with_letters(letters)))


def test_a_citys_words_are_used_in_the_readers_language_and_run_nothing(app, db, cast, monkeypatch):
    own = {"reminder": {"subject": {"en": "By {due}, {reader}"}, "body": {"en": HOSTILE + "\n\nCall {phone}."}}}
    profile = with_letters(own)
    assert check.faults(profile) == []
    monkeypatch.setattr(wording, "current_profile", lambda: profile)
    post("reminder", cast.finn.person, CLOCK, "r:1", due="May 1, 2026")
    letter = db.session.scalars(select(Letter)).one()
    assert letter.subject == f"By May 1, 2026, {cast.finn.person.name}"
    assert (
        "{{7*7}} {% include '/etc/passwd' %} %(due)s {0.__class__} {due.__class__} $May 1, 2026 <b>May 1, 2026</b>" in letter.text
    )
    assert "<b>" not in letter.html.partition("</h1>")[2].replace("&lt;b&gt;", "")
    assert current_profile().city.contact.phone in letter.text


@pytest.mark.parametrize("name", ["{{7*7}}", "{0.__class__}", "%(due)s", "{due}", "Ann\r\nBcc: z@evil.example"])
def test_a_name_that_looks_like_a_template_is_just_a_name(app, db, cast, name):
    with speaking("en"):
        made = wording.in_words("role_granted", "Kit", "en", {"name": name, "role": "x", "asked_by": "y", "approved_by": "z"})
    assert name.replace("\r", "") in made.text.replace("\r", "")
    assert "\n" not in made.subject
