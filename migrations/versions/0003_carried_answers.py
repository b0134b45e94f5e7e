"""What a filer says of each entry of an earlier form: on the draft until it is signed, then in rows of the version."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("carried", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.create_table(
        "carried_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("said", sa.String(length=30), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("said IN ('same', 'changed', 'ended', 'mistake')", name=op.f("ck_carried_entries_said_is_known")),
        sa.CheckConstraint("(said = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_carried_entries_ended_has_its_day")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_carried_entries_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["disclosure_versions.id"], name=op.f("fk_carried_entries_source_id_disclosure_versions")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["disclosure_versions.id"], name=op.f("fk_carried_entries_version_id_disclosure_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_entries")),
        sa.UniqueConstraint(
            "version_id", "question_id", "entry_key", name=op.f("uq_carried_entries_version_id_question_id_entry_key")
        ),
    )
    for column in ("seq", "source_id"):
        op.create_index(op.f(f"ix_carried_entries_{column}"), "carried_entries", [column])
    _keep("carried_entries")


def downgrade() -> None:
    op.drop_table("carried_entries")
    op.drop_column("drafts", "carried")


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
