"""Appeals: what a filer appealed and why, and which decision answered it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEPT = ("appeals", "appeal_answers")
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("recommended_by_id", sa.Integer(), nullable=True),
        sa.Column("to_body", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_appeals_who_appeals_says_why")),
        sa.CheckConstraint("NOT to_body OR decided_by_id IS NULL", name=op.f("ck_appeals_a_body_looks_at_its_own_again")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_appeals_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_appeals_decision_id_decisions")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_appeals_decided_by_id_people")),
        sa.ForeignKeyConstraint(["recommended_by_id"], ["people.id"], name=op.f("fk_appeals_recommended_by_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_appeals_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeals_decision_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_appeals_reference")),
    )
    op.create_index(op.f("ix_appeals_disclosure_id"), "appeals", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_appeals_seq"), "appeals", ["seq"], unique=False)
    op.create_table(
        "appeal_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=30), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("first_by_id", sa.Integer(), nullable=True),
        sa.Column("first_recommended_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("effect IN ('upheld', 'changed')", name=op.f("ck_appeal_answers_effect_is_known")),
        sa.CheckConstraint("by_id <> first_by_id", name=op.f("ck_appeal_answers_who_decided_does_not_decide_the_appeal")),
        sa.CheckConstraint(
            "by_id <> first_recommended_by_id", name=op.f("ck_appeal_answers_who_recommended_does_not_decide_the_appeal")
        ),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_appeal_answers_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_appeal_answers_decision_id_decisions")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_appeal_answers_by_id_people")),
        sa.ForeignKeyConstraint(["first_by_id"], ["people.id"], name=op.f("fk_appeal_answers_first_by_id_people")),
        sa.ForeignKeyConstraint(
            ["first_recommended_by_id"], ["people.id"], name=op.f("fk_appeal_answers_first_recommended_by_id_people")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_appeal_answers_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_answers")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeal_answers_decision_id")),
    )
    op.create_index(op.f("ix_appeal_answers_appeal_id"), "appeal_answers", ["appeal_id"], unique=False)
    op.create_index(op.f("ix_appeal_answers_seq"), "appeal_answers", ["seq"], unique=False)
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
