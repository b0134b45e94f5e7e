"""The roster goes in whole or not at all, deletes nobody, asks before it touches many, and can be taken back (U6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from coi.audit.verify import faults
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import AuditEntry, Person, PersonVersion, RosterImport
from coi.people import actions, queries
from coi.people.plan import FIELDS
from coi.people.reading import Line, lines_of, roster_columns
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory, an_entry

SHA = "a" * 64


def row(number: str, name: str = "Ann Lee", **more: str) -> dict[str, str]:
    """One row of a roster file."""
    return {"number": number, "name": name, **more}


def take(rows, full=False, confirm=None, **more) -> RosterImport:
    """Imports these rows."""
    lines = [one if isinstance(one, Line) else None for one in rows]
    told = lines if all(lines) else lines_of(rows)
    return actions.import_roster(told, full, "roster.csv", SHA, OPERATOR, CLOCK, confirm, **more)


def person(number: str) -> Person:
    """Somebody by number."""
    return queries.person(number)[0]


def refused(rows, full=False) -> dict[int, str]:
    """Row -> why, of a file that must be refused; nothing of it may be left behind."""
    with pytest.raises(actions.RosterRefused) as refusal:
        take(rows, full)
    assert queries.imports() == []
    return dict(refusal.value.plan.refused)


def test_a_first_roster_adds_everybody_with_a_version_and_one_entry(db):
    made = take([row("00123", "LEE, ANN", department="Parks", supervisor="7"), row("7", "Bo Chief", hired_on="3/31/2020")])
    ann = person("00123")
    assert (ann.name, ann.department, ann.email, ann.supervisor.number) == ("Ann Lee", "Parks", None, "7")
    assert person("7").hired_on == date(2020, 3, 31)
    assert (made.rows, made.added, made.changed, made.left, made.unchanged, made.active_after) == (2, 2, 0, 0, 0, 2)
    versions = db.session.scalars(select(PersonVersion)).all()
    assert {(one.seq, one.import_id) for one in versions} == {(made.seq, made.id)}
    assert db.session.scalars(select(AuditEntry.event).where(AuditEntry.event.startswith("roster:"))).all() == ["roster:imported"]
    assert {one.person_id: one.supervisor_id for one in versions}[ann.id] == person("7").id


def test_the_letters_it_causes_wait_until_the_next_business_day(db):
    friday = datetime(2026, 3, 6, 20, 0, tzinfo=UTC)
    made = actions.import_roster(lines_of([row("1")]), False, "r.csv", SHA, OPERATOR, friday)
    assert made.acts_after == datetime(2026, 3, 9, 12, 0, tzinfo=UTC)  # Monday 08:00 in the city, after the clocks went forward
    assert made.acted_at is None


def test_the_same_file_again_changes_nothing(db):
    rows = [row("1", department="Parks", email="ann@city.example"), row("2", "Bob Ray")]
    take(rows)
    made = take(rows, full=True)
    assert (made.added, made.changed, made.left, made.unchanged, made.acts_after) == (0, 0, 0, 2, None)
    assert db.session.scalar(select(func.count(PersonVersion.id))) == 2


def test_a_column_that_the_file_lacks_keeps_what_is_known(db):
    take([row("1", department="Parks", email="ann@city.example", language="Español", title="Clerk")])
    made = take([{"number": "1", "name": "Ann Lee", "title": "", "language": ""}])
    ann = person("1")
    assert (ann.department, ann.email, ann.title, ann.language) == ("Parks", "ann@city.example", "", "es")
    assert made.changed == 1


def test_only_a_full_roster_marks_people_as_left(db):
    take([row("1"), row("2", "Bob Ray")])
    take([row("1")])
    assert person("2").active
    made = take([row("1")], full=True)
    bob = person("2")
    assert (bob.active, bob.left_on, made.left, made.active_after) == (False, CLOCK.date(), 1, 1)


def test_who_comes_back_is_active_again(db):
    take([row("1"), row("2", "Bob Ray")])
    take([row("1")], full=True)
    made = take([row("2", "Bob Ray")])
    assert (person("2").active, person("2").left_on, made.active_after) == (True, None, 2)


def test_who_is_no_employee_is_left_alone_by_a_full_roster(db):
    member = PersonFactory(number=None, employee=False, name="Member Of Commission")
    take([row("1")], full=True)
    assert db.session.get(Person, member.id).active


def test_a_person_leaves_on_the_day_the_file_says(db):
    take([row("1", left_on="2026-02-01"), row("2", "Bob Ray", left_on="2026-12-31")])
    assert (person("1").active, person("2").active) == (False, True)


@pytest.mark.parametrize(
    ("rows", "which"),
    [
        ([row("1"), row("1", "Bob Ray"), row("2", "Cas Roe")], {2, 3}),
        ([row("1", email="a@city.example"), row("2", "Bob", email="A@CITY.example ".strip())], {2, 3}),
        ([row("1", supervisor="9")], {2}),
        ([row("1", supervisor="1")], {2}),
        (
            [row("1", supervisor="2"), row("2", "Bob", supervisor="3"), row("3", "Cas", supervisor="1"), row("4", "Dee")],
            {2, 3, 4},
        ),
        ([row(""), row("2", "")], {2, 3}),
        ([row("1/2"), row("<b>", "Bob")], {2, 3}),
        ([row("1.23E+11")], {2}),
        ([row("1", email="e@x.com, f@y.com"), row("2", "Bob", email="nobody")], {2, 3}),
        ([row("1", language="Klingon")], {2}),
        ([row("1", hired_on="31/3/2020"), row("2", "Bob", hired_on="43921"), row("3", "Cas", hired_on="2020-02-30")], {2, 3, 4}),
        ([row("1", hired_on="2020-01-02", left_on="2020-01-01")], {2}),
        ([row("1", title="x" * 201), row("2", "y" * 201)], {2, 3}),
        ([Line(5, row("12"), {"number": "decimal"}), Line(9, row("4"), {"number": "date"})], {5, 9}),
    ],
)
def test_what_can_only_be_guessed_is_refused_by_row(db, rows, which):
    assert set(refused(rows)) == which
    assert db.session.scalar(select(func.count(Person.id))) == 0


def test_the_counts_of_a_preview_foot_to_its_rows(db):
    take([row("1"), row("2", "Bob Ray"), row("3", "Cas Roe")])
    rows = [row("1"), row("2", "Bob Ray-Lee"), row("3", "Cas Roe", supervisor="3"), row("4", "Dee"), row("5", ""), row("6", "")]
    plan = actions.plan_roster(lines_of(rows), True, CLOCK.date(), [(8, "ragged")])
    counts = (len(plan.added), len(plan.changed), plan.unchanged, len({number for number, _why in plan.refused}))
    assert (plan.rows, counts) == (7, (1, 1, 1, 4))
    assert plan.active_after == 4


def test_lost_zeros_are_refused_and_a_number_cell_is_said(db):
    take([row("00123")])
    with pytest.raises(actions.RosterRefused) as refusal:
        take([row("123")])
    assert "00123" in refusal.value.plan.refused[0][1]
    plan = actions.plan_roster(
        [Line(2, row("4"), {"number": "number"}), Line(3, row("5"), {"number": "number"})], False, CLOCK.date()
    )
    assert "2-3" in plan.notes[0]
    assert plan.refused == []


def test_an_address_of_somebody_else_is_refused(db):
    take([row("1", email="ann@city.example")])
    with pytest.raises(actions.RosterRefused) as refusal:
        take([row("2", "Bob Ray", email="ann@city.example")])
    assert refusal.value.plan.refused[0][0] == 2


def test_a_circle_with_somebody_who_is_not_in_the_file_is_refused(db):
    take([row("1"), row("2", "Bob Ray", supervisor="1")])
    with pytest.raises(actions.RosterRefused) as refusal:
        take([row("1", supervisor="2")])
    assert [number for number, _why in refusal.value.plan.refused] == [2]


def many(count: int, **more: str) -> list[dict[str, str]]:
    """So many people."""
    return [row(f"{number:05}", f"Person {number}", department="Parks", **more) for number in range(count)]


@pytest.mark.parametrize(("people", "leave", "asks"), [(40, 10, False), (40, 11, True), (400, 20, False), (400, 21, True)])
def test_more_than_the_larger_of_five_percent_and_ten_people_asks_for_the_number(db, people, leave, asks):
    take(many(people))
    kept = many(people)[leave:]
    if not asks:
        assert take(kept, full=True).left == leave
        return
    for typed in (None, leave - 1, leave + 1):
        with pytest.raises(actions.ConfirmationNeeded) as refusal:
            take(kept, full=True, confirm=typed)
        assert refusal.value.field == "confirm"
    assert take(kept, full=True, confirm=leave).left == leave


def test_changes_of_department_and_supervisor_count_too_and_titles_do_not(db):
    take([*many(30), row("boss", "Bo Chief")])
    assert take([{**one, "title": "Clerk"} for one in many(30)]).changed == 30
    moved = [{**one, "department": "Fire"} for one in many(6)] + [{**one, "supervisor": "boss"} for one in many(12)[6:]]
    with pytest.raises(actions.ConfirmationNeeded) as refusal:
        take(moved)
    assert refusal.value.plan.impact == 12
    assert take(moved, confirm=12).changed == 12


def test_undo_puts_everybody_back_and_deletes_nobody(db):
    take([row("1", department="Parks"), row("2", "Bob Ray", department="Fire", supervisor="1")])
    before = {one.number: {name: getattr(one, name) for name in FIELDS} for one in db.session.scalars(select(Person))}
    made = take([row("1", "Ann Lee-Ray", department="Fire"), row("3", "Cas Roe")], full=True)
    db.session.commit()
    actions.undo_import(made, OPERATOR, CLOCK + timedelta(minutes=1))
    db.session.commit()
    after = {one.number: {name: getattr(one, name) for name in FIELDS} for one in db.session.scalars(select(Person))}
    assert {number: after[number] for number in before} == before
    assert (person("3").active, person("1").search_name) == (False, "ann lee")
    entry = db.session.get(AuditEntry, made.undone_seq)
    assert (entry.event, entry.subject) == ("roster:undone", f"roster:{made.reference}")
    with pytest.raises(NotPossible):
        actions.undo_import(made, OPERATOR, CLOCK)


def test_columns_are_the_newest_version_after_every_import_and_undo(db):
    take([row("1", department="Parks"), row("2", "Bob Ray", supervisor="1")])
    made = take([row("2", "Bob Ray", supervisor="", title="Chief"), row("3", "Cas", supervisor="2")], full=True)
    actions.undo_import(made, OPERATOR, CLOCK)
    for one in db.session.scalars(select(Person)):
        newest = select(PersonVersion).where(PersonVersion.person_id == one.id).order_by(PersonVersion.id.desc()).limit(1)
        version = db.session.scalar(newest)
        assert {name: getattr(version, name) for name in FIELDS} == {name: getattr(one, name) for name in FIELDS}


def test_only_the_newest_import_is_undone_and_later_changes_of_others_stay(db):
    first = take([row("1", title="Clerk", department="Parks")])
    second = take([row("1", title="Chief", department="Parks")])
    with pytest.raises(NotPossible):
        actions.undo_import(first, OPERATOR, CLOCK)
    ann = person("1")
    ann.department = "Fire"
    db.session.add(PersonVersion(person_id=ann.id, seq=an_entry(CLOCK), **{name: getattr(ann, name) for name in FIELDS}))
    db.session.flush()
    actions.undo_import(second, OPERATOR, CLOCK)
    assert (person("1").title, person("1").department) == ("Clerk", "Fire")


def test_a_preview_of_an_older_roster_is_not_applied(db):
    take([row("1")])
    state = queries.roster_state()
    take([row("2", "Bob Ray")])
    with pytest.raises(SomebodyWasFaster):
        take([row("3", "Cas Roe")], state=state)


def test_the_log_holds_after_an_import_and_its_undo(db):
    made = take([row("1"), row("2", "Bob Ray")])
    actions.undo_import(made, OPERATOR, CLOCK)
    db.session.commit()
    assert faults() == []


CSV = "Employee ID;Apellido;First Name;E-mail;Dept\n00123;MUÑOZ;ANA;ana@city.example;Parks\n00124;LEE;BO;;Fire\n"


def test_the_command_reads_a_file_says_what_would_change_and_takes_it(runner, db, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(CSV, encoding="cp1252")
    dry = runner.invoke(args=["people", "import", str(path), "--dry-run"])
    assert (dry.exit_code, "2 would be added" in dry.output) == (0, True)
    assert db.session.scalar(select(func.count(Person.id))) == 0
    done = runner.invoke(args=["people", "import", str(path), "--full"])
    assert done.exit_code == 0, done.output
    assert (person("00123").name, person("00124").email) == ("Ana Muñoz", None)


def test_the_command_maps_headings_by_hand_and_refuses_in_a_sentence(runner, db, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("who,nr\nAnn Lee,1\n,2\n")
    assert "number" in runner.invoke(args=["people", "import", str(path)]).stderr
    assert "FIELD=HEADING" in runner.invoke(args=["people", "import", str(path), "--map", "role=who"]).stderr
    reply = runner.invoke(args=["people", "import", str(path), "--map", "name=who", "--map", "number=nr"])
    assert (reply.exit_code, "row 3" in reply.stderr) == (1, True)
    assert runner.invoke(args=["people", "import", str(tmp_path / "none.csv")]).exit_code == 1
    assert db.session.scalar(select(func.count(Person.id))) == 0


def test_the_command_asks_for_the_number_and_undoes(runner, db, tmp_path):
    take(many(30))
    path = tmp_path / "few.csv"
    path.write_text("number,name,department\n00000,Person 0,Parks\n")
    stopped = runner.invoke(args=["people", "import", str(path), "--full"])
    assert (stopped.exit_code, "29" in stopped.stderr) == (1, True)
    assert runner.invoke(args=["people", "import", str(path), "--full", "--confirm", "29"]).exit_code == 0
    newest = queries.imports()[0].reference
    assert runner.invoke(args=["people", "undo", newest]).exit_code == 0
    assert db.session.scalar(select(func.count(Person.id)).where(Person.active)) == 30
    assert runner.invoke(args=["people", "undo", "ROS-NONE"]).exit_code == 1


def test_a_lone_nombre_is_the_whole_name_and_both_names_win_over_it():
    assert roster_columns(["Número", "Nombre"]) == {"number": 0, "name": 1}
    assert roster_columns(["Número", "Nombre", "Apellido"]) == {"number": 0, "first_name": 1, "last_name": 2}


def test_a_note_is_a_note_and_is_done_once(db, cast):
    note = actions.write_note(cast.finn.person.id, "My title is wrong", cast.finn.actor, CLOCK)
    assert (note.person_id, note.done_seq) == (cast.finn.person.id, None)
    actions.note_done(note, OPERATOR, CLOCK)
    assert db.session.get(AuditEntry, note.done_seq).subject == f"person:{cast.finn.person.id}"
    with pytest.raises(Refused):
        actions.note_done(note, OPERATOR, CLOCK)
