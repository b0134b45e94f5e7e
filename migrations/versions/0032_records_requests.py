"""Records requests: what was asked, the filings gathered, removals with their rulings, what went out."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("records_steps", "records_removals", "records_rulings")


def upgrade() -> None:
    op.create_table(
        "records_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("requester", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("closed_seq", SEQ, nullable=True),
        sa.CheckConstraint("due_on > received_on", name=op.f("ck_records_requests_due_after_it_came")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_records_requests_by_id_people")),
        sa.ForeignKeyConstraint(["closed_seq"], ["audit_entries.seq"], name=op.f("fk_records_requests_closed_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_records_requests_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_records_requests_reference")),
    )
    op.create_index(op.f("ix_records_requests_closed_seq"), "records_requests", ["closed_seq"], unique=False)
    op.create_index(op.f("ix_records_requests_due_on"), "records_requests", ["due_on"], unique=False)
    op.create_index(op.f("ix_records_requests_seq"), "records_requests", ["seq"], unique=False)

    op.create_table(
        "records_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("ground", sa.String(length=30), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=30), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("kind <> 'closed' OR answer IS NOT NULL", name=op.f("ck_records_steps_closed_has_its_answer")),
        sa.CheckConstraint(
            "kind <> 'extended' OR (until IS NOT NULL AND ground IS NOT NULL)",
            name=op.f("ck_records_steps_more_time_has_ground_and_day"),
        ),
        sa.CheckConstraint("kind IN ('extended', 'closed')", name=op.f("ck_records_steps_kind_is_known")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_records_steps_by_id_people")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["records_requests.id"], name=op.f("fk_records_steps_request_id_records_requests")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_records_steps_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_steps")),
        sa.UniqueConstraint("request_id", "kind", name=op.f("uq_records_steps_request_id_kind")),
    )
    op.create_index(op.f("ix_records_steps_request_id"), "records_steps", ["request_id"], unique=False)
    op.create_index(op.f("ix_records_steps_seq"), "records_steps", ["seq"], unique=False)

    op.create_table(
        "records_filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("taken_out_seq", SEQ, nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_seq", SEQ, nullable=True),
        sa.CheckConstraint("by_id <> filer_id", name=op.f("ck_records_filings_nobody_gathers_their_own")),
        sa.CheckConstraint("proposed_by_id <> filer_id", name=op.f("ck_records_filings_nobody_proposes_on_their_own")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_records_filings_by_id_people")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_records_filings_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people.id"], name=op.f("fk_records_filings_proposed_by_id_people")),
        sa.ForeignKeyConstraint(
            ["proposed_seq"], ["audit_entries.seq"], name=op.f("fk_records_filings_proposed_seq_audit_entries")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["records_requests.id"], name=op.f("fk_records_filings_request_id_records_requests")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_records_filings_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["taken_out_seq"], ["audit_entries.seq"], name=op.f("fk_records_filings_taken_out_seq_audit_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_filings")),
        sa.UniqueConstraint("request_id", "disclosure_id", name=op.f("uq_records_filings_request_id_disclosure_id")),
    )
    op.create_index(op.f("ix_records_filings_disclosure_id"), "records_filings", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_records_filings_proposed_seq"), "records_filings", ["proposed_seq"], unique=False)
    op.create_index(op.f("ix_records_filings_request_id"), "records_filings", ["request_id"], unique=False)
    op.create_index(op.f("ix_records_filings_seq"), "records_filings", ["seq"], unique=False)
    op.create_index(op.f("ix_records_filings_taken_out_seq"), "records_filings", ["taken_out_seq"], unique=False)

    op.create_table(
        "records_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("done_seq", SEQ, nullable=True),
        sa.CheckConstraint("state <> 'done' OR sha256 <> ''", name=op.f("ck_records_releases_done_has_its_hash")),
        sa.CheckConstraint("by_id <> filer_id", name=op.f("ck_records_releases_nobody_releases_their_own")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_records_releases_by_id_people")),
        sa.ForeignKeyConstraint(["done_seq"], ["audit_entries.seq"], name=op.f("fk_records_releases_done_seq_audit_entries")),
        sa.ForeignKeyConstraint(["filer_id"], ["people.id"], name=op.f("fk_records_releases_filer_id_people")),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["records_filings.id"], name=op.f("fk_records_releases_filing_id_records_filings")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_records_releases_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_releases")),
        sa.UniqueConstraint("filing_id", name=op.f("uq_records_releases_filing_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_records_releases_reference")),
    )
    op.create_index(op.f("ix_records_releases_done_seq"), "records_releases", ["done_seq"], unique=False)
    op.create_index(op.f("ix_records_releases_seq"), "records_releases", ["seq"], unique=False)

    op.create_table(
        "records_removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("ground", sa.String(length=30), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("marked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("keep", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("NOT keep OR words <> ''", name=op.f("ck_records_removals_who_would_give_it_says_why")),
        sa.CheckConstraint("ground <> 'other' OR words <> ''", name=op.f("ck_records_removals_another_ground_has_its_words")),
        sa.CheckConstraint(
            "ground IN ('home', 'off_duty', 'family', 'confidential', 'personnel', 'security', 'other')",
            name=op.f("ck_records_removals_ground_is_known"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_records_removals_by_id_people")),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["records_filings.id"], name=op.f("fk_records_removals_filing_id_records_filings")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_records_removals_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_removals")),
        sa.UniqueConstraint("filing_id", "version", "place", name=op.f("uq_records_removals_filing_id_version_place")),
    )
    op.create_index(op.f("ix_records_removals_filing_id"), "records_removals", ["filing_id"], unique=False)
    op.create_index(op.f("ix_records_removals_seq"), "records_removals", ["seq"], unique=False)

    op.create_table(
        "records_rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("removal_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("approved OR reason <> ''", name=op.f("ck_records_rulings_who_refuses_says_why")),
        sa.CheckConstraint("by_id <> filer_id", name=op.f("ck_records_rulings_nobody_rules_on_their_own")),
        sa.CheckConstraint("by_id <> proposed_by_id", name=op.f("ck_records_rulings_who_proposed_does_not_rule")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_records_rulings_by_id_people")),
        sa.ForeignKeyConstraint(["filer_id"], ["people.id"], name=op.f("fk_records_rulings_filer_id_people")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people.id"], name=op.f("fk_records_rulings_proposed_by_id_people")),
        sa.ForeignKeyConstraint(
            ["removal_id"], ["records_removals.id"], name=op.f("fk_records_rulings_removal_id_records_removals")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_records_rulings_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_rulings")),
        sa.UniqueConstraint("removal_id", name=op.f("uq_records_rulings_removal_id")),
    )
    op.create_index(op.f("ix_records_rulings_seq"), "records_rulings", ["seq"], unique=False)
    _protect()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    op.drop_table("records_rulings")
    op.drop_table("records_removals")
    op.drop_table("records_releases")
    op.drop_table("records_filings")
    op.drop_table("records_steps")
    op.drop_table("records_requests")


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
