"""A decision binds to a version of the filing it decides (SD9); nobody gives themselves more time, or excuses themselves (SD1)."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

OF_ANOTHER = (
    "NOT EXISTS (SELECT 1 FROM disclosure_versions v WHERE v.id = NEW.version_id AND v.disclosure_id = NEW.disclosure_id)"
)
THEIR_OWN = (
    "EXISTS (SELECT 1 FROM obligations o JOIN accounts a ON a.person_id = o.person_id "
    "WHERE o.id = NEW.obligation_id AND ', ' || NEW.\"by\" || ', ' LIKE '%, account:' || a.id || ', %')"
)
# An excuse names two people in one column, with a comma between them.
# Table: name of the trigger, when it refuses, what it says.
REFUSED = {
    "decisions": ("decisions_bind_to_a_version_of_the_filing", OF_ANOTHER, "this version is of another filing"),
    "recommendations": ("recommendations_bind_to_a_version_of_the_filing", OF_ANOTHER, "this version is of another filing"),
    "extensions": ("extensions_nobody_extends_their_own", THEIR_OWN, "nobody gives themselves more time"),
    "excuses": ("excuses_nobody_excuses_themselves", THEIR_OWN, "nobody excuses themselves"),
}


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, (name, when, told) in REFUSED.items():
        if postgresql:
            op.execute(
                f"CREATE FUNCTION coi_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
                f"RAISE EXCEPTION '{told}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION coi_{name}()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{told}'); END"
            )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, (name, _when, _told) in REFUSED.items():
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION coi_{name}()")
