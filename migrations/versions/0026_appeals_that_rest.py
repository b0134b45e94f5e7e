"""What was decided may rest until an appeal of it is decided: who let it rest, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE = "appeal_rests"
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("first_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("by_id <> filer_id", name=op.f("ck_appeal_rests_nobody_lets_their_own_rest")),
        sa.CheckConstraint("by_id <> first_by_id", name=op.f("ck_appeal_rests_who_decided_does_not_let_it_rest")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_appeal_rests_who_lets_it_rest_says_why")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_appeal_rests_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["filer_id"], ["people.id"], name=op.f("fk_appeal_rests_filer_id_people")),
        sa.ForeignKeyConstraint(["first_by_id"], ["people.id"], name=op.f("fk_appeal_rests_first_by_id_people")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_appeal_rests_by_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_appeal_rests_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_rests")),
        sa.UniqueConstraint("appeal_id", name=op.f("uq_appeal_rests_appeal_id")),
    )
    op.create_index(op.f("ix_appeal_rests_seq"), TABLE, ["seq"], unique=False)
    _protect()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
        op.execute(f"DROP TRIGGER {TABLE}_{what}" + (f" ON {TABLE}" if postgresql else ""))
    op.drop_table(TABLE)


def _protect() -> None:
    """What stands in this table stays as it was written."""
    if op.get_bind().dialect.name == "postgresql":
        for what in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{what} BEFORE {what.upper()} ON {TABLE} "
                "FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
            )
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
        )
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
    for what in ("update", "delete"):
        op.execute(f"CREATE TRIGGER {TABLE}_no_{what} BEFORE {what.upper()} ON {TABLE} {refuse}")
    # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
    there = f"EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"
    op.execute(f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} WHEN {there} {refuse}")
