"""Who stepped aside from which matter, who stands in, until when; and which official forms the office received."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEPT = ("step_asides", "step_aside_steps", "official_forms_received")


def upgrade() -> None:
    op.create_table(
        "step_asides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("party", sa.String(length=500), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("supervisor_id <> person_id", name=op.f("ck_step_asides_nobody_is_told_of_their_own")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_step_asides_person_id_people")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_step_asides_supervisor_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_step_asides_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_asides")),
        sa.UniqueConstraint("reference", name=op.f("uq_step_asides_reference")),
    )
    op.create_index(op.f("ix_step_asides_person_id"), "step_asides", ["person_id"], unique=False)
    op.create_index(op.f("ix_step_asides_supervisor_id"), "step_asides", ["supervisor_id"], unique=False)
    op.create_index(op.f("ix_step_asides_seq"), "step_asides", ["seq"], unique=False)
    op.create_table(
        "step_aside_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_aside_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=True),
        sa.Column("over_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(stand_in_id IS NULL) <> (over_on IS NULL)", name=op.f("ck_step_aside_steps_one_thing_at_a_time")),
        sa.ForeignKeyConstraint(["step_aside_id"], ["step_asides.id"], name=op.f("fk_step_aside_steps_step_aside_id_step_asides")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["people.id"], name=op.f("fk_step_aside_steps_stand_in_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_step_aside_steps_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_aside_steps")),
    )
    op.create_index(op.f("ix_step_aside_steps_step_aside_id"), "step_aside_steps", ["step_aside_id"], unique=False)
    op.create_index(op.f("ix_step_aside_steps_stand_in_id"), "step_aside_steps", ["stand_in_id"], unique=False)
    op.create_index(op.f("ix_step_aside_steps_seq"), "step_aside_steps", ["seq"], unique=False)
    op.create_table(
        "official_forms_received",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("by_id <> filer_id", name=op.f("ck_official_forms_received_nobody_receives_their_own")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_official_forms_received_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_official_forms_received_by_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_official_forms_received_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_forms_received")),
        sa.UniqueConstraint("disclosure_id", "version", name=op.f("uq_official_forms_received_disclosure_id_version")),
    )
    op.create_index(op.f("ix_official_forms_received_seq"), "official_forms_received", ["seq"], unique=False)
    _protect()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    for table in reversed(KEPT):
        op.drop_table(table)


def _protect() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION coi_append_only()")
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION coi_append_only()")
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
            )
        return
    for table in KEPT:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")
