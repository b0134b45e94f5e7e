"""One case as one certified file: what for, asked and approved by whom, and the proof of the file."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=False),
        sa.Column("request", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("statement", sa.JSON(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("done_seq", SEQ, nullable=True),
        sa.CheckConstraint(
            "purpose IN ('appeal', 'arbitration', 'subpoena', 'other')", name=op.f("ck_case_files_purpose_is_known")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_case_files_a_case_file_has_its_reason")),
        sa.CheckConstraint("state <> 'done' OR sha256 <> ''", name=op.f("ck_case_files_done_has_its_hash")),
        sa.CheckConstraint("approved_by_id <> asked_by_id", name=op.f("ck_case_files_a_case_file_needs_two_persons")),
        sa.CheckConstraint(
            "asked_by_id <> filer_id AND approved_by_id <> filer_id", name=op.f("ck_case_files_nobody_certifies_their_own")
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["people.id"], name=op.f("fk_case_files_approved_by_id_people")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_case_files_asked_by_id_people")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_case_files_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["done_seq"], ["audit_entries.seq"], name=op.f("fk_case_files_done_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_case_files_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_files")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_files_reference")),
    )
    op.create_index(op.f("ix_case_files_asked_by_id"), "case_files", ["asked_by_id"], unique=False)
    op.create_index(op.f("ix_case_files_disclosure_id"), "case_files", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_case_files_done_seq"), "case_files", ["done_seq"], unique=False)
    op.create_index(op.f("ix_case_files_seq"), "case_files", ["seq"], unique=False)


def downgrade() -> None:
    op.drop_table("case_files")
