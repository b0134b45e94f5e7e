"""The city's own policy files, texts that wait for a second person, and why a filing after the last day counts as on time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT = ("policy_files", "policy_uploads", "on_time_facts")
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "policy_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_version_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_versions.id"], name=op.f("fk_policy_files_policy_version_id_policy_versions")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_policy_files_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_files")),
        sa.UniqueConstraint("policy_version_id", name=op.f("uq_policy_files_policy_version_id")),
    )
    op.create_index(op.f("ix_policy_files_seq"), "policy_files", ["seq"], unique=False)
    op.create_table(
        "policy_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("policy_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("binds", sa.JSON(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_policy_uploads_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_uploads")),
        sa.UniqueConstraint("reference", name=op.f("uq_policy_uploads_reference")),
    )
    op.create_index(op.f("ix_policy_uploads_policy_id"), "policy_uploads", ["policy_id"], unique=False)
    op.create_index(op.f("ix_policy_uploads_seq"), "policy_uploads", ["seq"], unique=False)
    op.create_table(
        "on_time_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("filed_on > last_day", name=op.f("ck_on_time_facts_filed_after_the_last_day")),
        sa.ForeignKeyConstraint(["disclosure_id"], ["disclosures.id"], name=op.f("fk_on_time_facts_disclosure_id_disclosures")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_on_time_facts_obligation_id_obligations")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_on_time_facts_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_time_facts")),
        sa.UniqueConstraint("obligation_id", name=op.f("uq_on_time_facts_obligation_id")),
    )
    op.create_index(op.f("ix_on_time_facts_disclosure_id"), "on_time_facts", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_on_time_facts_seq"), "on_time_facts", ["seq"], unique=False)
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
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
            )
        return
    for table in KEPT:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for what in ("update", "delete"):
            op.execute(f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} {refuse}")
        # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")
