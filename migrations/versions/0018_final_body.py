"""The final body that meets: covers, declarations, meetings, motions, votes; seals, and to whom a filing was referred."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEPT = ("body_covers", "body_declarations", "meetings", "meeting_records", "motions", "votes", "referrals")
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_meetings_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("reference", name=op.f("uq_meetings_reference")),
    )
    op.create_index(op.f("ix_meetings_seq"), "meetings", ["seq"], unique=False)
    op.create_table(
        "meeting_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.String(length=200), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_meeting_records_by_id_people")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_records_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_meeting_records_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_records")),
    )
    op.create_index(op.f("ix_meeting_records_meeting_id"), "meeting_records", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_meeting_records_seq"), "meeting_records", ["seq"], unique=False)
    op.create_table(
        "seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("readers", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("lifted_seq", SEQ, nullable=True),
        sa.CheckConstraint("approved_by_id <> asked_by_id", name=op.f("ck_seals_a_seal_needs_two_persons")),
        sa.CheckConstraint(
            "approved_by_id <> filer_id AND asked_by_id <> filer_id", name=op.f("ck_seals_nobody_seals_their_own")
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["people.id"], name=op.f("fk_seals_approved_by_id_people")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_seals_asked_by_id_people")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_seals_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["lifted_seq"], ["audit_entries.seq"], name=op.f("fk_seals_lifted_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_seals_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("reference", name=op.f("uq_seals_reference")),
    )
    op.create_index(op.f("ix_seals_disclosure_id"), "seals", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_seals_lifted_seq"), "seals", ["lifted_seq"], unique=False)
    op.create_index(op.f("ix_seals_seq"), "seals", ["seq"], unique=False)
    op.create_table(
        "body_covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("reasoning", sa.Text(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("by_id <> filer_id", name=op.f("ck_body_covers_nobody_sends_their_own_to_the_body")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_body_covers_by_id_people")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_body_covers_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_body_covers_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["disclosure_versions.id"], name=op.f("fk_body_covers_version_id_disclosure_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_covers")),
    )
    op.create_index(op.f("ix_body_covers_disclosure_id"), "body_covers", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_body_covers_seq"), "body_covers", ["seq"], unique=False)
    op.create_table(
        "body_declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("NOT conflict OR reason <> ''", name=op.f("ck_body_declarations_a_conflict_has_its_reason")),
        sa.CheckConstraint("person_id <> filer_id", name=op.f("ck_body_declarations_nobody_declares_on_their_own")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_body_declarations_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_body_declarations_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_body_declarations_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["disclosure_versions.id"], name=op.f("fk_body_declarations_version_id_disclosure_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_declarations")),
    )
    op.create_index(op.f("ix_body_declarations_disclosure_id"), "body_declarations", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_body_declarations_person_id"), "body_declarations", ["person_id"], unique=False)
    op.create_index(op.f("ix_body_declarations_seq"), "body_declarations", ["seq"], unique=False)
    op.create_table(
        "motions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mover_id", sa.Integer(), nullable=False),
        sa.Column("seconder_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("recused", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("kind <> 'decide' OR outcome IS NOT NULL", name=op.f("ck_motions_a_decision_states_its_outcome")),
        sa.CheckConstraint("kind IN ('decide', 'send_back')", name=op.f("ck_motions_motion_kind_is_known")),
        sa.CheckConstraint("carried = (yes > no)", name=op.f("ck_motions_carried_by_more_yes_than_no")),
        sa.CheckConstraint("counted >= quorum", name=op.f("ck_motions_no_motion_below_the_quorum")),
        sa.CheckConstraint("decision_id IS NULL OR carried", name=op.f("ck_motions_only_what_carried_decides")),
        sa.CheckConstraint("mover_id <> filer_id AND seconder_id <> filer_id", name=op.f("ck_motions_nobody_moves_their_own")),
        sa.CheckConstraint("mover_id <> seconder_id", name=op.f("ck_motions_mover_and_seconder_are_two")),
        sa.CheckConstraint("recorded_by_id <> filer_id", name=op.f("ck_motions_nobody_records_their_own")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_motions_decision_id_decisions")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_motions_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_motions_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["mover_id"], ["people.id"], name=op.f("fk_motions_mover_id_people")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_motions_recorded_by_id_people")),
        sa.ForeignKeyConstraint(["seconder_id"], ["people.id"], name=op.f("fk_motions_seconder_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_motions_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["disclosure_versions.id"], name=op.f("fk_motions_version_id_disclosure_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions")),
    )
    op.create_index(op.f("ix_motions_decision_id"), "motions", ["decision_id"], unique=False)
    op.create_index(op.f("ix_motions_disclosure_id"), "motions", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_motions_meeting_id"), "motions", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_motions_name"), "motions", ["name"], unique=False)
    op.create_index(op.f("ix_motions_seq"), "motions", ["seq"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(length=300), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_referrals_decision_id_decisions")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_referrals_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_referrals_decision_id")),
    )
    op.create_index(op.f("ix_referrals_seq"), "referrals", ["seq"], unique=False)
    op.create_table(
        "votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("recommended_by_id", sa.Integer(), nullable=True),
        sa.Column("ballot", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sa.CheckConstraint("ballot <> 'abstains' OR reason <> ''", name=op.f("ck_votes_an_abstention_has_its_reason")),
        sa.CheckConstraint(
            "ballot = 'recused' OR recommended_by_id IS NULL OR member_id <> recommended_by_id",
            name=op.f("ck_votes_who_recommended_does_not_vote"),
        ),
        sa.CheckConstraint("ballot IN ('yes', 'no', 'abstains', 'recused')", name=op.f("ck_votes_ballot_is_known")),
        sa.CheckConstraint("member_id <> filer_id", name=op.f("ck_votes_nobody_votes_on_their_own")),
        sa.ForeignKeyConstraint(["filer_id"], ["people.id"], name=op.f("fk_votes_filer_id_people")),
        sa.ForeignKeyConstraint(["member_id"], ["people.id"], name=op.f("fk_votes_member_id_people")),
        sa.ForeignKeyConstraint(["motion_id"], ["motions.id"], name=op.f("fk_votes_motion_id_motions")),
        sa.ForeignKeyConstraint(["recommended_by_id"], ["people.id"], name=op.f("fk_votes_recommended_by_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_votes_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes")),
        sa.UniqueConstraint("motion_id", "member_id", name=op.f("uq_votes_motion_id_member_id")),
    )
    op.create_index(op.f("ix_votes_motion_id"), "votes", ["motion_id"], unique=False)
    op.create_index(op.f("ix_votes_seq"), "votes", ["seq"], unique=False)
    _protect()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    for table in ("votes", "referrals", "motions", "meeting_records", "meetings", "body_declarations", "body_covers", "seals"):
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
