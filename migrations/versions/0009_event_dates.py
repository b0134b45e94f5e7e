"""Days of events that the office enters, and the due dates that come of them later."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEPT = ("event_dates", "due_dates")
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "event_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=80), nullable=False),
        sa.Column("event", sa.String(length=500), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("happens_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_event_dates_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_event_dates_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_dates")),
    )
    op.create_index("ix_event_dates_form_id_event", "event_dates", ["form_id", "event"], unique=False)
    op.create_index(op.f("ix_event_dates_person_id"), "event_dates", ["person_id"], unique=False)
    op.create_index(op.f("ix_event_dates_seq"), "event_dates", ["seq"], unique=False)
    op.create_table(
        "due_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("before", sa.Date(), nullable=True),
        sa.Column("event", sa.String(length=500), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_due_dates_obligation_id_obligations")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_due_dates_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_dates")),
    )
    op.create_index(op.f("ix_due_dates_obligation_id"), "due_dates", ["obligation_id"], unique=False)
    op.create_index(op.f("ix_due_dates_seq"), "due_dates", ["seq"], unique=False)
    _protect()


def downgrade() -> None:
    # An older release knows no row behind a due date: the first one stands again, or none.
    op.execute(
        'UPDATE obligations SET due_on = (SELECT d."before" FROM due_dates d WHERE d.obligation_id = obligations.id '
        "ORDER BY d.seq, d.id LIMIT 1) WHERE id IN (SELECT obligation_id FROM due_dates)"
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    for table in reversed(KEPT):
        op.drop_table(table)


def _protect() -> None:
    """What stands in these tables stays as it was written."""
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            for what in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
                )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
            )
        return
    for table in KEPT:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for what in ("update", "delete"):
            op.execute(f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} {refuse}")
        # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")
