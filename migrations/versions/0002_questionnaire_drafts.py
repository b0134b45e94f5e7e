"""Forms that are being written, for which kinds a published form is used, and drafts of filings that moved to a corrected form."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("form_uses",)


def upgrade() -> None:
    op.create_table(
        "questionnaire_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("form_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["saved_by_id"], ["people.id"], name=op.f("fk_questionnaire_drafts_saved_by_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_questionnaire_drafts_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_drafts")),
        sa.UniqueConstraint("reference", name=op.f("uq_questionnaire_drafts_reference")),
    )
    op.create_index(op.f("ix_questionnaire_drafts_form_id"), "questionnaire_drafts", ["form_id"])
    op.create_index(op.f("ix_questionnaire_drafts_seq"), "questionnaire_drafts", ["seq"])

    op.create_table(
        "form_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=80), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("whom", sa.JSON(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_form_uses_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_uses")),
    )
    op.create_index(op.f("ix_form_uses_form_id"), "form_uses", ["form_id"])
    op.create_index(op.f("ix_form_uses_seq"), "form_uses", ["seq"])

    op.create_table(
        "draft_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("aside", sa.JSON(), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_moves_draft_id_drafts"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["origin_id"], ["questionnaires.id"], name=op.f("fk_draft_moves_origin_id_questionnaires")),
        sa.ForeignKeyConstraint(["target_id"], ["questionnaires.id"], name=op.f("fk_draft_moves_target_id_questionnaires")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_draft_moves_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_moves")),
    )
    op.create_index(op.f("ix_draft_moves_draft_id"), "draft_moves", ["draft_id"])
    op.create_index(op.f("ix_draft_moves_seq"), "draft_moves", ["seq"])

    # How many filings are signed on each version, and which drafts move when the next one is published.
    op.create_index(op.f("ix_disclosure_versions_questionnaire_id"), "disclosure_versions", ["questionnaire_id"])
    op.create_index(op.f("ix_drafts_questionnaire_id"), "drafts", ["questionnaire_id"])
    _protect()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    op.drop_index(op.f("ix_drafts_questionnaire_id"), "drafts")
    op.drop_index(op.f("ix_disclosure_versions_questionnaire_id"), "disclosure_versions")
    op.drop_table("draft_moves")
    op.drop_table("form_uses")
    op.drop_table("questionnaire_drafts")


def _protect() -> None:
    """A row that says for which kinds a form is used is never written over: the newest one counts."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        if postgresql:
            for what in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
                )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
            )
            continue
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}"
        )
