"""What became of letters: stopped before they left, sent to the desk first, returned; and who looked at a department's list."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEPT = ("letter_stops", "letter_rehearsals", "department_checks")


def upgrade() -> None:
    op.create_table(
        "letter_stops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_letter_stops_letter_id_letters")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_letter_stops_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_stops")),
    )
    op.create_index(op.f("ix_letter_stops_letter_id"), "letter_stops", ["letter_id"], unique=False)
    op.create_index(op.f("ix_letter_stops_seq"), "letter_stops", ["seq"], unique=False)
    op.create_table(
        "letter_rehearsals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("waived", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_letter_rehearsals_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_letter_rehearsals_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_rehearsals")),
    )
    op.create_index(op.f("ix_letter_rehearsals_campaign_id"), "letter_rehearsals", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_letter_rehearsals_seq"), "letter_rehearsals", ["seq"], unique=False)
    # A campaign that was under way before there were rehearsals goes on; its own entry stands for the waiver.
    op.execute(
        "INSERT INTO letter_rehearsals (campaign_id, waived, reason, letters, by, at, seq) "
        "SELECT id, true, 'open before rehearsals were asked for', 0, 'system', opened_at, seq FROM campaigns"
    )
    op.create_table(
        "address_faults",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_address_faults_person_id_people")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_address_faults_letter_id_letters")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_address_faults_seq_audit_entries")),
        sa.ForeignKeyConstraint(["done_seq"], ["audit_entries.seq"], name=op.f("fk_address_faults_done_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_faults")),
    )
    for column in ("person_id", "address", "letter_id", "seq", "done_seq"):
        op.create_index(op.f(f"ix_address_faults_{column}"), "address_faults", [column], unique=False)
    op.create_table(
        "department_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_department_checks_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_department_checks_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_department_checks_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_checks")),
    )
    for column in ("campaign_id", "person_id", "seq"):
        op.create_index(op.f(f"ix_department_checks_{column}"), "department_checks", [column], unique=False)
    _protect()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    for table in ("department_checks", "address_faults", "letter_rehearsals", "letter_stops"):
        op.drop_table(table)


def _protect() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
            )
            each = "FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
            op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {each}")
        return
    for table in KEPT:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")
