"""A full workbook is made only when a second person let it be: who asked, who approved, what for."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = "export_approvals"
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("request", sa.String(length=30), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint(
            "approved_by_id <> asked_by_id",
            name=op.f("ck_export_approvals_who_asks_does_not_approve"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS NOT NULL OR request = ''", name=op.f("ck_export_approvals_a_request_is_approved_by_somebody")
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["people.id"], name=op.f("fk_export_approvals_approved_by_id_people")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_export_approvals_asked_by_id_people")),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name=op.f("fk_export_approvals_export_id_exports")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_export_approvals_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_approvals")),
        sa.UniqueConstraint("export_id", name=op.f("uq_export_approvals_export_id")),
    )
    op.create_index(op.f("ix_export_approvals_seq"), TABLE, ["seq"], unique=False)
    _protect()


def downgrade() -> None:
    # An older release knows no workbook that waits for a second person: it is not made.
    op.execute("UPDATE exports SET state = 'cancelled', because = 'cancelled' WHERE state = 'asked'")
    op.execute("UPDATE exports SET because = 'cancelled' WHERE because = 'refused'")
    postgresql = op.get_bind().dialect.name == "postgresql"
    for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
        op.execute(f"DROP TRIGGER {TABLE}_{what}" + (f" ON {TABLE}" if postgresql else ""))
    op.drop_table(TABLE)


def _protect() -> None:
    """What stands in this table stays as it was written."""
    if op.get_bind().dialect.name == "postgresql":
        for what in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{what} BEFORE {what.upper()} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
            )
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
        )
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
    for what in ("update", "delete"):
        op.execute(f"CREATE TRIGGER {TABLE}_no_{what} BEFORE {what.upper()} ON {TABLE} {refuse}")
    # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
    there = f"EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR export_id = NEW.export_id)"
    op.execute(f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} WHEN {there} {refuse}")
