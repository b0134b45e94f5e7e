"""Papers added to entries and scans of paper forms, and which signature covers which of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=True),
        sa.Column("paper", sa.String(length=30), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("entry_key", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("stored", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("scan", sa.String(length=20), nullable=False),
        sa.Column("in_draft", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("disclosure_id IS NOT NULL OR paper <> ''", name=op.f("ck_attachments_belongs_to_something")),
        sa.ForeignKeyConstraint(["disclosure_id"], ["disclosures.id"], name=op.f("fk_attachments_disclosure_id_disclosures")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_attachments_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("reference", name=op.f("uq_attachments_reference")),
        sa.UniqueConstraint("stored", name=op.f("uq_attachments_stored")),
    )
    for column in ("disclosure_id", "paper", "seq"):
        op.create_index(op.f(f"ix_attachments_{column}"), "attachments", [column])
    op.create_table(
        "signed_attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_signed_attachments_attachment_id_attachments")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_signed_attachments_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["disclosure_versions.id"], name=op.f("fk_signed_attachments_version_id_disclosure_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_attachments")),
        sa.UniqueConstraint("version_id", "attachment_id", name=op.f("uq_signed_attachments_version_id_attachment_id")),
    )
    for column in ("attachment_id", "version_id", "seq"):
        op.create_index(op.f(f"ix_signed_attachments_{column}"), "signed_attachments", [column])
    _keep("signed_attachments")


def downgrade() -> None:
    op.drop_table("signed_attachments")
    op.drop_table("attachments")


def _keep(table: str) -> None:
    """What stands in this table stays as it was written."""
    if op.get_bind().dialect.name == "postgresql":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
        )
        return
    refused = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for what in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} {refused}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refused}"
    )
