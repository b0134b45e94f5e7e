"""A city's settings: what may be loaded, what is refused and in which words, and what a load leaves behind."""

import copy

import pytest
from sqlalchemy import func, select

from coi.models import AuditEntry, PolicyVersion, ProfileVersion, Questionnaire
from coi.profiles import check, forms
from coi.profiles.loading import ProfileFaults, folder_of, read_profile
from coi.profiles.schema import Profile


@pytest.fixture(scope="module")
def lancaster() -> Profile:
    return read_profile(folder_of("lancaster"))


def changed(profile: Profile, edit) -> Profile:
    content = copy.deepcopy(profile.to_json())
    edit(content)
    return Profile.from_json(content)


@pytest.mark.parametrize("city", ["lancaster", "york", "harrisburg"])
def test_a_shipped_profile_has_no_fault_and_no_warning(city):
    profile = read_profile(folder_of(city))
    assert check.faults(profile) == []
    assert check.warnings(profile) == []


def test_a_profile_without_words_of_its_own_has_those_of_the_library(lancaster, tmp_path):
    shipped = folder_of("york")
    (tmp_path / "texts").mkdir()
    for text in (shipped / "texts").iterdir():
        (tmp_path / "texts" / text.name).write_bytes(text.read_bytes())
    own = "outcomes: {noted: {label: {en: Written down.}}}\n"
    (tmp_path / "profile.yaml").write_text((shipped / "profile.yaml").read_text(encoding="utf-8") + own, encoding="utf-8")
    mixed = read_profile(tmp_path)
    assert mixed.outcome_label("noted", "en") == "Written down."
    assert mixed.conditions == lancaster.conditions
    assert len(lancaster.outcomes) == 8


def test_a_profile_kept_as_json_is_the_same_profile(lancaster):
    assert Profile.from_json(lancaster.to_json()) == lancaster


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda c: c["reviews"].update(mayor="ethics"), "reviews.mayor: the desk ethics is under mayor"),
        (lambda c: c["reviews"].update(ethics="chief"), "reviews.ethics: the desk chief is under ethics"),
        (lambda c: c["reviews"].update(council="nowhere"), "there is no desk nowhere"),
        (lambda c: c["reviews"].pop("controller"), "nobody reviews the post controller"),
        (
            lambda c: c["routing"].insert(
                0, {"because": "x", "when": {"filer": "group", "is": "Police Union"}, "desk": "ethics"}
            ),
            "a group sets no desk",
        ),
        (
            lambda c: c["routing"].insert(0, {"because": "x", "when": {"filer": "unit", "is": "police"}, "desk": "ethics"}),
            "unit comes from the group",
        ),
        (
            lambda c: c["routing"].insert(1, {"because": "x", "when": {"case": "risk", "is": "critical"}, "desk": "ethics"}),
            "routing[1].when: can never fit.",
        ),
        (lambda c: c["routing"].insert(0, {"because": "x", "desk": "ethics"}), "so the rules after it never fit"),
        (lambda c: c["routing"].pop(), "the last rule must have no `when`"),
        (lambda c: c["city"].update(time_zone="Mars/Base"), "Mars/Base is no time zone"),
        (lambda c: c["attributes"]["unit"].update({"from": "shoe_size"}), "shoe_size is neither a column"),
        (lambda c: c.update(filers={"filer": "unit", "is": "pirates"}), "pirates is no value of unit"),
        (lambda c: c.update(filers={"case": "risk", "is": "high"}), "can only be read by routing rules"),
        (lambda c: c.update(filers={"filer": "unit"}), "needs one subject"),
        (lambda c: c["campaign"]["parts"][0].update(policies=["no-such"]), "there is no policy no-such"),
        (lambda c: c["campaign"]["parts"][0].update(groups=[]), "only one part may be without groups"),
        (lambda c: c["campaign"]["parts"][0].update(opens="06-01", due="05-01"), "is due on 05-01, not after it opens"),
        (lambda c: c["deadlines"].update(gift="10 days"), "deadlines.gift: '10 days' is no due date"),
        (lambda c: c["deadlines"].update(gift="10_days_after_party"), "deadlines.gift: party is no event"),
        (lambda c: c["reviews"].update(treasurer="commission"), "reviews.treasurer: attributes.post knows no such post"),
    ],
)
def test_a_profile_that_would_harm_somebody_is_refused_in_words(lancaster, edit, words):
    assert any(words in fault for fault in check.faults(changed(lancaster, edit)))


def test_a_policy_without_a_language_of_the_city_is_a_warning(lancaster):
    poorer = changed(lancaster, lambda c: c["policies"][0]["versions"][0]["text"].pop("es"))
    assert check.faults(poorer) == []
    assert ["binds people who read es" in one for one in check.warnings(poorer)] == [True]


def test_every_fault_of_a_file_is_said_at_once(tmp_path):
    (tmp_path / "profile.yaml").write_text("city: {name: X}\nforms: []\nshoe_size: 44\n", encoding="utf-8")
    with pytest.raises(ProfileFaults) as told:
        read_profile(tmp_path)
    words = "\n".join(told.value.faults)
    assert all(place in words for place in ("city.short", "city.contact", "forms", "shoe_size", "routing", "desks"))


def test_a_key_that_stands_twice_is_refused(tmp_path):
    (tmp_path / "profile.yaml").write_text("retention: 5\nretention: 6\n", encoding="utf-8")
    with pytest.raises(ProfileFaults, match="can't be read"):
        read_profile(tmp_path)


def test_a_trigger_on_the_group_alone_is_refused(lancaster):
    def with_trigger(when):
        question = {"id": "q1", "triggers": [{"when": when, "risk": "high", "reason": "x", "route": "nowhere"}]}
        return {"form": {"id": "small"}, "sections": [{"questions": [question]}]}

    alone = forms.faults(lancaster, with_trigger({"filer": "unit", "is": "police"}))
    together = forms.faults(lancaster, with_trigger({"all": [{"filer": "unit", "is": "police"}, {"q": "x", "is": "yes"}]}))
    assert [("without an answer" in one, "desk nowhere" in one) for one in alone] == [(False, True), (True, False)]
    assert ["desk nowhere" in one for one in together] == [True]


def test_attributes_follow_from_the_roster(lancaster):
    inspector = lancaster.filer_of({"title": "Housing Inspector", "department": "Codes", "group": "Civilian Union"}, "annual")
    assert (inspector["level"], inspector["unit"], inspector["job_approval"]) == ("full", "civilian", "first_year")
    guard = lancaster.filer_of({"title": "School Crossing Guard", "department": "Schools", "group": "Civilian Union"}, "annual")
    assert guard["level"] == "policies_only"


def test_loading_makes_a_version_its_policies_and_its_forms_and_the_same_again_changes_nothing(app, db, runner):
    first = runner.invoke(args=["profiles", "load", "lancaster"])
    assert (first.exit_code, first.stdout) == (0, "Loaded lancaster, version 1.\n")
    counted = [
        db.session.scalar(select(func.count()).select_from(table)) for table in (ProfileVersion, PolicyVersion, Questionnaire)
    ]
    assert counted == [1, 4, 1]
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    again = runner.invoke(args=["profiles", "load", "lancaster"])
    assert (again.exit_code, again.stdout) == (0, "lancaster holds already; nothing changed.\n")
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries


def test_a_profile_that_is_not_there_is_one_sentence(app, runner):
    told = runner.invoke(args=["profiles", "check", "atlantis"])
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith("There is no profile called atlantis")
