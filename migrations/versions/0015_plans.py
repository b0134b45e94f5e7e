"""Management plans: conditions with owner, due and proof, answers and steps; why somebody is in the register of who steps aside."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEPT = ("plans", "plan_conditions", "plan_answers", "plan_steps", "step_aside_links")
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLES = (
    "reviewer",
    "senior_officer",
    "auditor",
    "administrator",
    "campaign_desk",
    "paper_entry",
    "commissioner",
    "solicitor",
    "recorder",
    "records_officer",
)
NEW = "recusal_reader"


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=True),
        sa.Column("meanwhile", sa.Text(), nullable=False),
        sa.Column("accept_by", sa.Date(), nullable=False),
        sa.Column("appeal_until", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_plans_decision_id_decisions")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_plans_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_plans_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_plans_decision_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_plans_reference")),
    )
    op.create_index(op.f("ix_plans_disclosure_id"), "plans", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_plans_filer_id"), "plans", ["filer_id"], unique=False)
    op.create_index(op.f("ix_plans_seq"), "plans", ["seq"], unique=False)
    op.create_table(
        "plan_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=30), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("signed_name", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("answer = 'accepted' OR words <> ''", name=op.f("ck_plan_answers_who_objects_or_declines_says_why")),
        sa.CheckConstraint("answer IN ('accepted', 'objection', 'declined')", name=op.f("ck_plan_answers_answer_is_known")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_plan_answers_by_id_people")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_answers_plan_id_plans")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_plan_answers_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_answers")),
    )
    op.create_index(op.f("ix_plan_answers_plan_id"), "plan_answers", ["plan_id"], unique=False)
    op.create_index(op.f("ix_plan_answers_seq"), "plan_answers", ["seq"], unique=False)
    op.create_table(
        "plan_conditions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("due_rule", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(length=30), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("confirms", sa.String(length=30), nullable=False),
        sa.Column("confirmer_id", sa.Integer(), nullable=True),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("party", sa.String(length=500), nullable=False),
        sa.Column("name_id", sa.Integer(), nullable=True),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("confirms IN ('supervisor', 'office', 'person')", name=op.f("ck_plan_conditions_confirms_is_known")),
        sa.CheckConstraint(
            "owner IN ('filer', 'supervisor', 'person', 'office')", name=op.f("ck_plan_conditions_owner_is_known")
        ),
        sa.CheckConstraint("owner_id <> confirmer_id", name=op.f("ck_plan_conditions_nobody_confirms_their_own")),
        sa.ForeignKeyConstraint(["confirmer_id"], ["people.id"], name=op.f("fk_plan_conditions_confirmer_id_people")),
        sa.ForeignKeyConstraint(["name_id"], ["people.id"], name=op.f("fk_plan_conditions_name_id_people")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_plan_conditions_owner_id_people")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_conditions_plan_id_plans")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_plan_conditions_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_conditions")),
        sa.UniqueConstraint("reference", name=op.f("uq_plan_conditions_reference")),
    )
    op.create_index(op.f("ix_plan_conditions_confirmer_id"), "plan_conditions", ["confirmer_id"], unique=False)
    op.create_index(op.f("ix_plan_conditions_name_id"), "plan_conditions", ["name_id"], unique=False)
    op.create_index(op.f("ix_plan_conditions_owner_id"), "plan_conditions", ["owner_id"], unique=False)
    op.create_index(op.f("ix_plan_conditions_plan_id"), "plan_conditions", ["plan_id"], unique=False)
    op.create_index(op.f("ix_plan_conditions_seq"), "plan_conditions", ["seq"], unique=False)
    op.create_table(
        "plan_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint(
            "kind IN ('said', 'confirmed', 'sent_back', 'reminded', 'still_so', 'reviewed', 'looked_at', 'ended')",
            name=op.f("ck_plan_steps_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_plan_steps_by_id_people")),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["plan_conditions.id"], name=op.f("fk_plan_steps_condition_id_plan_conditions")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_steps_plan_id_plans")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_plan_steps_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_steps")),
    )
    op.create_index(op.f("ix_plan_steps_condition_id"), "plan_steps", ["condition_id"], unique=False)
    op.create_index(op.f("ix_plan_steps_plan_id"), "plan_steps", ["plan_id"], unique=False)
    op.create_index(op.f("ix_plan_steps_seq"), "plan_steps", ["seq"], unique=False)
    op.create_table(
        "step_aside_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_aside_id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=True),
        sa.Column("disclosure_id", sa.Integer(), nullable=True),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint(
            "(condition_id IS NULL) <> (disclosure_id IS NULL)", name=op.f("ck_step_aside_links_for_a_plan_or_for_a_review")
        ),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["plan_conditions.id"], name=op.f("fk_step_aside_links_condition_id_plan_conditions")
        ),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosures.id"], name=op.f("fk_step_aside_links_disclosure_id_disclosures")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_step_aside_links_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["step_aside_id"], ["step_asides.id"], name=op.f("fk_step_aside_links_step_aside_id_step_asides")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_aside_links")),
        sa.UniqueConstraint("step_aside_id", name=op.f("uq_step_aside_links_step_aside_id")),
    )
    op.create_index(op.f("ix_step_aside_links_condition_id"), "step_aside_links", ["condition_id"], unique=False)
    op.create_index(op.f("ix_step_aside_links_disclosure_id"), "step_aside_links", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_step_aside_links_seq"), "step_aside_links", ["seq"], unique=False)
    op.add_column("recommendations", sa.Column("plan", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("step_asides", sa.Column("origin", sa.String(length=30), server_default="own", nullable=False))
    _roles((*ROLES, NEW))
    _protect()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    for table in reversed(KEPT):
        op.drop_table(table)
    op.drop_column("step_asides", "origin")
    op.drop_column("recommendations", "plan")
    # An older release knows no such role: who held it holds nothing there.
    op.execute(f"DELETE FROM role_grants WHERE role = '{NEW}'")
    _roles(ROLES)


def _roles(known: tuple[str, ...]) -> None:
    """Which roles may be granted; nothing points to this table, so SQLite may write it anew."""
    listed = ", ".join(f"'{role}'" for role in known)
    with op.batch_alter_table("role_grants") as batch:
        batch.drop_constraint(op.f("ck_role_grants_role_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_role_grants_role_is_known"), f"role IN ({listed})")


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
