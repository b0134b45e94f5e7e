"""Samples that auditors drew, and what came out of each."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEPT = ("audit_samples", "audit_sample_rows")
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.String(length=27), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn_from", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("drawn_by", sa.String(length=80), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint(
            "size <= drawn_from AND size >= 1", name=op.f("ck_audit_samples_a_sample_is_part_of_what_it_is_drawn_from")
        ),
        sa.CheckConstraint("way IN ('random', 'weighted')", name=op.f("ck_audit_samples_a_sample_is_random_or_weighted")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_audit_samples_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["people.id"], name=op.f("fk_audit_samples_drawn_by_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_audit_samples_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_samples")),
        sa.UniqueConstraint("drawn_by_id", "once", name=op.f("uq_audit_samples_drawn_by_id_once")),
        sa.UniqueConstraint("reference", name=op.f("uq_audit_samples_reference")),
    )
    op.create_index(op.f("ix_audit_samples_seq"), "audit_samples", ["seq"], unique=False)
    op.create_table(
        "audit_sample_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("priority", sa.String(length=30), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["sample_id"], ["audit_samples.id"], name=op.f("fk_audit_sample_rows_sample_id_audit_samples")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_audit_sample_rows_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_sample_rows")),
        sa.UniqueConstraint("sample_id", "place", name="one_place_each"),
        sa.UniqueConstraint("sample_id", "reference", name="drawn_once"),
    )
    op.create_index(op.f("ix_audit_sample_rows_seq"), "audit_sample_rows", ["seq"], unique=False)
    _protect()


def downgrade() -> None:
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
