"""The migrated schema is the models' schema, and migrations go up and down with a city's data in the tables."""

from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect, select, text

from coi.config import ROOT
from coi.models import AuditEntry, Disclosure, DueDate, Interest, Obligation
from coi.vocabulary import Kind, State
from tests.factories import an_entry, filing

MIGRATIONS = str(ROOT / "migrations")


def schema(connection) -> dict[str, list[tuple[str, str, bool]]]:
    """Every table of ours with its columns: name, type, whether it may be empty."""
    seen = inspect(connection)
    return {
        table: sorted((column["name"], str(column["type"]), bool(column["nullable"])) for column in seen.get_columns(table))
        for table in seen.get_table_names()
        if table != "alembic_version" and not table.startswith(("kv", "schedule", "task", "huey"))
    }


def checks(connection) -> dict[str, set[str]]:
    """The names of every table's CHECK constraints, as the database knows them."""
    seen = inspect(connection)
    return {table: {str(check["name"]) for check in seen.get_check_constraints(table)} for table in schema(connection)}


def triggers(connection) -> set[str]:
    """The triggers that keep what was written; a table that SQLite rebuilds loses its own without a word."""
    sqlite = "SELECT name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'trigger'"
    postgresql = "SELECT tgname || ' on ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.execute(text(sqlite if connection.dialect.name == "sqlite" else postgresql)).scalars())


def standing(db) -> tuple[dict[str, list[tuple[str, str, bool]]], set[str], dict[str, int]]:
    """What there is now: tables with their columns, triggers, and how many rows every table holds."""
    with db.engine.connect() as connection:
        tables = schema(connection)
        rows = {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar() for name in tables}
        return tables, triggers(connection), rows


def test_the_migrated_schema_is_the_models_schema(app, db):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": app.extensions["migrate"].configure_args["include_object"]}
        )
        assert compare_metadata(context, db.metadata) == []


def test_a_column_that_no_model_knows_is_seen(app, db):
    with db.engine.connect() as connection:
        connection.execute(text("ALTER TABLE people ADD COLUMN shoe_size INTEGER"))
        context = MigrationContext.configure(connection)
        assert [difference[0] for difference in compare_metadata(context, db.metadata)] == ["remove_column"]
        connection.rollback()


def test_every_check_of_the_models_is_in_the_database(app, db):
    told = {
        table.name: {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint) and one.name}
        for table in db.metadata.sorted_tables
    }
    with db.engine.connect() as connection:
        there = checks(connection)
    assert {name: wanted - there[name] for name, wanted in told.items() if wanted - there[name]} == {}


def test_the_database_is_at_the_one_head(app, db):
    heads = ScriptDirectory(MIGRATIONS).get_heads()
    assert [db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()] == heads


def test_migrations_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in Path(MIGRATIONS, "versions").glob("[0-9]*.py"))
    assert numbers == list(range(1, len(numbers) + 1))


STEPS = sorted((step.revision for step in ScriptDirectory(MIGRATIONS).walk_revisions()), key=int)


def test_every_step_down_and_up_again_keeps_a_citys_data(app, db, cast):
    """Each step is gone down, up and down again on the way to the first: what holds for every step holds for all in a row."""
    filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    db.session.remove()
    for below, step in zip(STEPS[-2::-1], STEPS[:0:-1], strict=True):
        tables, guarded, before = standing(db)
        downgrade(directory=MIGRATIONS, revision=below)
        kept = standing(db)[0]
        upgrade(directory=MIGRATIONS, revision=step)
        again = standing(db)
        assert (step, again[0], again[1]) == (step, tables, guarded)
        # What a later step brought goes with it; nothing that was there before it does.
        assert (step, {name: again[2][name] for name in kept if again[2][name] < before[name]}) == (step, {})
        downgrade(directory=MIGRATIONS, revision=below)


def test_an_older_release_finds_the_due_dates_that_stood_first(app, db, cast):
    first, last = date(2026, 5, 1), date(2026, 6, 1)
    around = {"person_id": cast.finn.person.id, "form_id": "tests_small", "kind": Kind.CHANGE, "name": "Finn", "seq": an_entry()}
    told = {"reporting_year": 2025, "told_on": first, "due_on": last, **around}
    owed = [Obligation(reference=f"DUE-2026-{number}", occasion=str(number), **told) for number in range(3)]
    db.session.add_all(owed)
    db.session.flush()
    came = {"event": "vote", "given_on": first, "seq": around["seq"]}
    for obligation, before, due in ((owed[0], None, first), (owed[0], first, last), (owed[1], first, last)):
        db.session.add(DueDate(obligation_id=obligation.id, before=before, due_on=due, **came))
    db.session.commit()
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0008")
    assert list(db.session.scalars(select(Obligation.due_on).order_by(Obligation.id))) == [None, first, last]
    db.session.remove()
    upgrade(directory=MIGRATIONS)


def test_the_parties_of_what_was_signed_before_are_filled_in(app, db, cast):
    version = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person).versions[-1]
    for party in ("", "José's  Ñandú, LLC", "ﬃ" * 500):
        db.session.add(Interest(version_id=version.id, question_id="has_job", party=party, seq=version.seq))
    db.session.commit()
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0009")
    upgrade(directory=MIGRATIONS)
    rows = db.session.execute(select(Interest.party_search, Interest.party_normal).order_by(Interest.id)).all()
    assert rows == [("", ""), ("jose's nandu, llc", "joses nandu"), (("ffi" * 67)[:200], ("ffi" * 167)[:500])]


def test_all_the_way_down_leaves_nothing(app, db, cast):
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="base")
    with db.engine.connect() as connection:
        assert schema(connection) == {}
    if db.engine.dialect.name == "postgresql":
        left = "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
        assert db.session.execute(text(left)).scalars().all() == []


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"])
def test_the_audit_log_refuses_every_change(db, cast, change):
    before = len(db.session.scalars(select(AuditEntry)).all())
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(change))
    db.session.rollback()
    assert len(db.session.scalars(select(AuditEntry)).all()) == before


def test_each_test_starts_from_a_fresh_copy(db, cast):
    filing(cast.finn.person, State.DRAFT)
    db.session.commit()
    assert len(db.session.scalars(select(Disclosure)).all()) == 1


def test_what_another_test_wrote_is_gone(db, cast):
    assert db.session.scalars(select(Disclosure)).all() == []
