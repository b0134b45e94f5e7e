"""The first tables of the house, and the triggers that keep what was written as it was written."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entries_hash")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor"), ["actor"], unique=False)
        batch_op.create_index("ix_audit_entries_at", ["at", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_event"), ["event"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_subject"), ["subject"], unique=False)

    op.create_table(
        "checkpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("setup_ended_seq", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_there_is_one_installation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=100), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("employee", sa.Boolean(), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("appointed_by", sa.String(length=200), nullable=False),
        sa.Column("serves_from", sa.Date(), nullable=True),
        sa.Column("serves_to", sa.Date(), nullable=True),
        sa.CheckConstraint("supervisor_id <> id", name=op.f("ck_people_nobody_supervises_themselves")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_people_supervisor_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("number", name=op.f("uq_people_number")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_active"), ["active"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_department"), ["department"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_group_name"), ["group_name"], unique=False)
        batch_op.create_index("ix_people_search", ["search_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_supervisor_id"), ["supervisor_id"], unique=False)

    op.create_table(
        "refusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("endpoint", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusals")),
    )
    with op.batch_alter_table("refusals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refusals_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_refusals_at"), ["at"], unique=False)

    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempts_address_at", ["address", "at"], unique=False)
        batch_op.create_index("ix_sign_in_attempts_login_at", ["login_hash", "at"], unique=False)

    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("away_from", sa.Date(), nullable=False),
        sa.Column("away_to", sa.Date(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["ended_seq"], ["audit_entries.seq"], name=op.f("fk_absences_ended_seq_audit_entries")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_absences_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_ended_seq"), ["ended_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_absences_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absences_seq"), ["seq"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("reset_email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_code_by_desk", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_accounts_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_accounts_fs_uniquifier")),
        sa.UniqueConstraint("person_id", name=op.f("uq_accounts_person_id")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_seq"), ["seq"], unique=False)

    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("reporting_year", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["closed_seq"], ["audit_entries.seq"], name=op.f("fk_campaigns_closed_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_campaigns_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("year", name=op.f("uq_campaigns_year")),
    )
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaigns_closed_seq"), ["closed_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaigns_seq"), ["seq"], unique=False)

    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("leave_from", sa.Date(), nullable=True),
        sa.Column("leave_to", sa.Date(), nullable=True),
        sa.Column("hold_letters", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_leave_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_leave_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leave_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_leave_seq"), ["seq"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("once", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("to_address", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_letters_person_id_people")),
        sa.ForeignKeyConstraint(["sent_seq"], ["audit_entries.seq"], name=op.f("fk_letters_sent_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_letters_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letters_message_id")),
        sa.UniqueConstraint("once", name=op.f("uq_letters_once")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letters_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_letters_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letters_sent_seq"), ["sent_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_letters_seq"), ["seq"], unique=False)
        batch_op.create_index("ix_letters_unsent", ["sent_at", "due_at"], unique=False)

    op.create_table(
        "list_loads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_list_loads_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_loads")),
    )
    with op.batch_alter_table("list_loads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_loads_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_list_loads_seq"), ["seq"], unique=False)

    op.create_table(
        "list_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_name", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("normal", sa.String(length=500), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["ended_seq"], ["audit_entries.seq"], name=op.f("fk_list_records_ended_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_list_records_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_records")),
    )
    with op.batch_alter_table("list_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_records_ended_seq"), ["ended_seq"], unique=False)
        batch_op.create_index("ix_list_records_list_normal", ["list_name", "normal"], unique=False)
        batch_op.create_index(batch_op.f("ix_list_records_seq"), ["seq"], unique=False)

    op.create_table(
        "policy_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Boolean(), nullable=False),
        sa.Column("binds", sa.JSON(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_policy_versions_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("policy_id", "version", name=op.f("uq_policy_versions_policy_id_version")),
    )
    with op.batch_alter_table("policy_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_versions_policy_id"), ["policy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_policy_versions_seq"), ["seq"], unique=False)

    op.create_table(
        "profile_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_profile_versions_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_versions")),
        sa.UniqueConstraint("name", "number", name=op.f("uq_profile_versions_name_number")),
    )
    with op.batch_alter_table("profile_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_profile_versions_seq"), ["seq"], unique=False)

    op.create_table(
        "questionnaires",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=200), nullable=False),
        sa.Column("change", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_questionnaires_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaires")),
        sa.UniqueConstraint("form_id", "number", name=op.f("uq_questionnaires_form_id_number")),
    )
    with op.batch_alter_table("questionnaires", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questionnaires_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_questionnaires_seq"), ["seq"], unique=False)

    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("subject_version", sa.String(length=80), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("parameters_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'refused', 'void')", name=op.f("ck_requests_request_state_is_known")
        ),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name=op.f("ck_requests_two_different_people")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_requests_asked_by_id_people")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_requests_decided_by_id_people")),
        sa.ForeignKeyConstraint(["decided_seq"], ["audit_entries.seq"], name=op.f("fk_requests_decided_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_requests_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_requests_reference")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_decided_seq"), ["decided_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_seq"), ["seq"], unique=False)

    op.create_table(
        "roster_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("left_count", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("active_after", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acts_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("undone_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_roster_imports_seq_audit_entries")),
        sa.ForeignKeyConstraint(["undone_seq"], ["audit_entries.seq"], name=op.f("fk_roster_imports_undone_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
        sa.UniqueConstraint("reference", name=op.f("uq_roster_imports_reference")),
    )
    with op.batch_alter_table("roster_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_imports_seq"), ["seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_imports_undone_seq"), ["undone_seq"], unique=False)

    op.create_table(
        "roster_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["done_seq"], ["audit_entries.seq"], name=op.f("fk_roster_notes_done_seq_audit_entries")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_roster_notes_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_roster_notes_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_notes")),
    )
    with op.batch_alter_table("roster_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_notes_done_seq"), ["done_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_notes_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_notes_seq"), ["seq"], unique=False)

    op.create_table(
        "ties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_ties_a_tie_has_two_people")),
        sa.ForeignKeyConstraint(["ended_seq"], ["audit_entries.seq"], name=op.f("fk_ties_ended_seq_audit_entries")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_ties_other_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ties_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_ties_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties")),
        sa.UniqueConstraint("person_id", "other_id", "kind", "seq", name=op.f("uq_ties_person_id_other_id_kind_seq")),
    )
    with op.batch_alter_table("ties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ties_ended_seq"), ["ended_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_ties_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ties_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ties_seq"), ["seq"], unique=False)

    op.create_table(
        "campaign_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("policies", sa.JSON(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_parts_campaign_id_campaigns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_parts")),
        sa.UniqueConstraint("campaign_id", "position", name=op.f("uq_campaign_parts_campaign_id_position")),
    )
    op.create_table(
        "contracts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=True),
        sa.Column("vendor", sa.String(length=500), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["ended_seq"], ["audit_entries.seq"], name=op.f("fk_contracts_ended_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_contracts_seq_audit_entries")),
        sa.ForeignKeyConstraint(["vendor_id"], ["list_records.id"], name=op.f("fk_contracts_vendor_id_list_records")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
    )
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contracts_ended_seq"), ["ended_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_seq"), ["seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("as_of", sa.String(length=27), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.JSON(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_exports_asked_by_id_people")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_exports_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["done_seq"], ["audit_entries.seq"], name=op.f("fk_exports_done_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_exports_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("reference", name=op.f("uq_exports_reference")),
    )
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exports_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exports_done_seq"), ["done_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_exports_seq"), ["seq"], unique=False)

    op.create_table(
        "person_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=100), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["roster_imports.id"], name=op.f("fk_person_versions_import_id_roster_imports")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_versions_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_person_versions_seq_audit_entries")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_person_versions_supervisor_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_versions")),
    )
    with op.batch_alter_table("person_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_versions_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_person_versions_person_seq", ["person_id", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_versions_seq"), ["seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_versions_supervisor_id"), ["supervisor_id"], unique=False)

    op.create_table(
        "role_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        sa.Column("setup", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "role IN ('reviewer', 'senior_officer', 'auditor', 'administrator', 'campaign_desk', 'paper_entry', 'commissioner', 'solicitor', 'recorder', 'records_officer')",
            name=op.f("ck_role_grants_role_is_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_role_grants_account_id_accounts")),
        sa.ForeignKeyConstraint(["ended_seq"], ["audit_entries.seq"], name=op.f("fk_role_grants_ended_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_role_grants_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
    )
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grants_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grants_ended_seq"), ["ended_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grants_seq"), ["seq"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_account_id"), ["account_id"], unique=False)

    op.create_table(
        "slips",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.Column("identity_checked", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_slips_account_id_accounts")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_slips_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slips")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_slips_code_hash")),
    )
    with op.batch_alter_table("slips", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slips_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_slips_seq"), ["seq"], unique=False)

    op.create_table(
        "campaign_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_steps_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["part_id"], ["campaign_parts.id"], name=op.f("fk_campaign_steps_part_id_campaign_parts")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_campaign_steps_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_steps")),
    )
    with op.batch_alter_table("campaign_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_steps_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_steps_seq"), ["seq"], unique=False)

    op.create_table(
        "obligations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.Column("form_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("reporting_year", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("filer", sa.JSON(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=100), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_obligations_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["ended_seq"], ["audit_entries.seq"], name=op.f("fk_obligations_ended_seq_audit_entries")),
        sa.ForeignKeyConstraint(["part_id"], ["campaign_parts.id"], name=op.f("fk_obligations_part_id_campaign_parts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_obligations_person_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_obligations_seq_audit_entries")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_obligations_supervisor_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligations")),
        sa.UniqueConstraint(
            "person_id", "form_id", "kind", "occasion", name=op.f("uq_obligations_person_id_form_id_kind_occasion")
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_obligations_reference")),
    )
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.create_index("ix_obligations_campaign_department", ["campaign_id", "department"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligations_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligations_ended_seq"), ["ended_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligations_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligations_seq"), ["seq"], unique=False)

    op.create_table(
        "disclosures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("obligation_id", sa.Integer(), nullable=True),
        sa.Column("form_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("reporting_year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("outcome", sa.String(30), nullable=True),
        sa.Column("risk", sa.String(30), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("nil", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_on_filer_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (version = 0)", name=op.f("ck_disclosures_signed_unless_draft")),
        sa.CheckConstraint(
            "state = 'draft' OR due_at IS NOT NULL", name=op.f("ck_disclosures_signed_has_a_day_for_its_first_look")
        ),
        sa.CheckConstraint("state <> 'decided' OR outcome IS NOT NULL", name=op.f("ck_disclosures_decided_has_an_outcome")),
        sa.CheckConstraint(
            "state <> 'in_review' OR reviewer_id IS NOT NULL", name=op.f("ck_disclosures_in_review_has_a_reviewer")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'in_review', 'returned', 'escalated', 'decided', 'withdrawn')",
            name=op.f("ck_disclosures_state_is_known"),
        ),
        sa.CheckConstraint("reviewer_id <> filer_id", name=op.f("ck_disclosures_nobody_reviews_their_own")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_disclosures_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["filer_id"], ["people.id"], name=op.f("fk_disclosures_filer_id_people")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_disclosures_obligation_id_obligations")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["people.id"], name=op.f("fk_disclosures_reviewer_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
        sa.UniqueConstraint("id", "filer_id", name=op.f("uq_disclosures_id_filer_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_disclosures_reference")),
    )
    with op.batch_alter_table("disclosures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosures_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disclosures_filer_id"), ["filer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disclosures_obligation_id"), ["obligation_id"], unique=False)
        batch_op.create_index(
            "ix_disclosures_open",
            ["rank", "due_at", "id"],
            unique=False,
            postgresql_where=sa.text("state IN ('submitted', 'in_review', 'escalated', 'returned')"),
            sqlite_where=sa.text("state IN ('submitted', 'in_review', 'escalated', 'returned')"),
        )
        batch_op.create_index(batch_op.f("ix_disclosures_reviewer_id"), ["reviewer_id"], unique=False)
        batch_op.create_index("ix_disclosures_reviewer_state", ["reviewer_id", "state"], unique=False)

    op.create_table(
        "excuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_excuses_obligation_id_obligations")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_excuses_request_id_requests")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_excuses_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excuses")),
    )
    with op.batch_alter_table("excuses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_excuses_obligation_id"), ["obligation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_excuses_seq"), ["seq"], unique=False)

    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_extensions_obligation_id_obligations")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_extensions_request_id_requests")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_extensions_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    with op.batch_alter_table("extensions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extensions_obligation_id"), ["obligation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extensions_seq"), ["seq"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.Column("passed_over", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_because", sa.String(length=40), nullable=False),
        sa.CheckConstraint("reviewer_id <> filer_id", name=op.f("ck_assignments_nobody_is_assigned_their_own")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_assignments_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["ended_seq"], ["audit_entries.seq"], name=op.f("fk_assignments_ended_seq_audit_entries")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["people.id"], name=op.f("fk_assignments_reviewer_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_assignments_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_disclosure_id"), ["disclosure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_ended_seq"), ["ended_seq"], unique=False)
        batch_op.create_index(
            "ix_assignments_one_open",
            ["disclosure_id"],
            unique=True,
            postgresql_where=sa.text("ended_seq IS NULL"),
            sqlite_where=sa.text("ended_seq IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_assignments_reviewer_id"), ["reviewer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_seq"), ["seq"], unique=False)

    op.create_table(
        "disclosure_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("filer", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("nil", sa.Boolean(), nullable=False),
        sa.Column("not_checked", sa.JSON(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("confirmed_seq", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosures.id"], name=op.f("fk_disclosure_versions_disclosure_id_disclosures")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_disclosure_versions_questionnaire_id_questionnaires")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_disclosure_versions_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_versions")),
        sa.UniqueConstraint("disclosure_id", "number", name=op.f("uq_disclosure_versions_disclosure_id_number")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_disclosure_versions_idempotency_key")),
    )
    with op.batch_alter_table("disclosure_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_versions_disclosure_id"), ["disclosure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disclosure_versions_seq"), ["seq"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("filer", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("policies", sa.JSON(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosures.id"], name=op.f("fk_drafts_disclosure_id_disclosures"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_drafts_questionnaire_id_questionnaires")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("disclosure_id", name=op.f("uq_drafts_disclosure_id")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("entry_key", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_messages_author_id_people")),
        sa.ForeignKeyConstraint(["disclosure_id"], ["disclosures.id"], name=op.f("fk_messages_disclosure_id_disclosures")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_messages_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_disclosure_id"), ["disclosure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_seq"), ["seq"], unique=False)

    op.create_table(
        "priorities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("risk", sa.String(30), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["disclosure_id"], ["disclosures.id"], name=op.f("fk_priorities_disclosure_id_disclosures")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_priorities_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priorities")),
    )
    with op.batch_alter_table("priorities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_priorities_disclosure_id"), ["disclosure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_priorities_seq"), ["seq"], unique=False)

    op.create_table(
        "recusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["disclosure_id"], ["disclosures.id"], name=op.f("fk_recusals_disclosure_id_disclosures")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["people.id"], name=op.f("fk_recusals_reviewer_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_recusals_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusals")),
        sa.UniqueConstraint("disclosure_id", "reviewer_id", name=op.f("uq_recusals_disclosure_id_reviewer_id")),
    )
    with op.batch_alter_table("recusals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusals_disclosure_id"), ["disclosure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusals_seq"), ["seq"], unique=False)

    op.create_table(
        "settlements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["disclosure_id"], ["disclosures.id"], name=op.f("fk_settlements_disclosure_id_disclosures")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_settlements_obligation_id_obligations")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_settlements_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        sa.UniqueConstraint("obligation_id", name=op.f("uq_settlements_obligation_id")),
    )
    with op.batch_alter_table("settlements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_settlements_disclosure_id"), ["disclosure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_settlements_seq"), ["seq"], unique=False)

    op.create_table(
        "transitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("origin", sa.String(30), nullable=False),
        sa.Column("target", sa.String(30), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["disclosure_id"], ["disclosures.id"], name=op.f("fk_transitions_disclosure_id_disclosures")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_transitions_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transitions")),
    )
    with op.batch_alter_table("transitions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transitions_disclosure_id"), ["disclosure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transitions_seq"), ["seq"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(30), nullable=False),
        sa.Column("reason_for_filer", sa.Text(), nullable=False),
        sa.Column("internal_reasoning", sa.Text(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("recommended_by_id", sa.Integer(), nullable=True),
        sa.Column("second_hand", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("was", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("undone_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("by_id IS NOT NULL OR rule <> ''", name=op.f("ck_decisions_decided_by_somebody_or_by_rule")),
        sa.CheckConstraint(
            "outcome IN ('closed', 'exempt', 'no_conflict', 'noted', 'eliminated', 'managed', 'referred', 'not_permitted')",
            name=op.f("ck_decisions_outcome_is_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('no_conflict', 'noted', 'exempt') OR recommended_by_id IS NOT NULL OR second_hand",
            name=op.f("ck_decisions_severe_outcomes_have_two_people"),
        ),
        sa.CheckConstraint("by_id <> filer_id", name=op.f("ck_decisions_nobody_decides_their_own")),
        sa.CheckConstraint("by_id <> recommended_by_id", name=op.f("ck_decisions_who_recommended_does_not_decide")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_decisions_by_id_people")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_decisions_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["recommended_by_id"], ["people.id"], name=op.f("fk_decisions_recommended_by_id_people")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_decisions_seq_audit_entries")),
        sa.ForeignKeyConstraint(["undone_seq"], ["audit_entries.seq"], name=op.f("fk_decisions_undone_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["disclosure_versions.id"], name=op.f("fk_decisions_version_id_disclosure_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("reference", name=op.f("uq_decisions_reference")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_disclosure_id"), ["disclosure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_seq"), ["seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_undone_seq"), ["undone_seq"], unique=False)

    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("risk", sa.String(30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("entry_number", sa.Integer(), nullable=True),
        sa.Column("entry_key", sa.String(length=40), nullable=False),
        sa.Column("matched", sa.JSON(), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_flags_seq_audit_entries")),
        sa.ForeignKeyConstraint(["version_id"], ["disclosure_versions.id"], name=op.f("fk_flags_version_id_disclosure_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flags_seq"), ["seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_flags_version_id"), ["version_id"], unique=False)

    op.create_table(
        "interests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("entry_number", sa.Integer(), nullable=True),
        sa.Column("entry_key", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(length=500), nullable=False),
        sa.Column("risk", sa.String(30), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_interests_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["disclosure_versions.id"], name=op.f("fk_interests_version_id_disclosure_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
    )
    with op.batch_alter_table("interests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interests_seq"), ["seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_interests_version_id"), ["version_id"], unique=False)

    op.create_table(
        "policy_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("policy_version_id", sa.Integer(), nullable=False),
        sa.Column("disclosure_version_id", sa.Integer(), nullable=True),
        sa.Column("receipt", sa.String(30), nullable=False),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["disclosure_version_id"],
            ["disclosure_versions.id"],
            name=op.f("fk_policy_receipts_disclosure_version_id_disclosure_versions"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_policy_receipts_person_id_people")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_versions.id"], name=op.f("fk_policy_receipts_policy_version_id_policy_versions")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_policy_receipts_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_receipts")),
    )
    with op.batch_alter_table("policy_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_receipts_disclosure_version_id"), ["disclosure_version_id"], unique=False)
        batch_op.create_index("ix_policy_receipts_person_policy", ["person_id", "policy_version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_policy_receipts_seq"), ["seq"], unique=False)

    op.create_table(
        "recommendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(30), nullable=False),
        sa.Column("reasoning", sa.Text(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("by_id <> filer_id", name=op.f("ck_recommendations_nobody_recommends_on_their_own")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_recommendations_by_id_people")),
        sa.ForeignKeyConstraint(
            ["disclosure_id", "filer_id"],
            ["disclosures.id", "disclosures.filer_id"],
            name=op.f("fk_recommendations_disclosure_id_filer_id_disclosures"),
        ),
        sa.ForeignKeyConstraint(["ended_seq"], ["audit_entries.seq"], name=op.f("fk_recommendations_ended_seq_audit_entries")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_recommendations_seq_audit_entries")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["disclosure_versions.id"], name=op.f("fk_recommendations_version_id_disclosure_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
    )
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendations_disclosure_id"), ["disclosure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recommendations_ended_seq"), ["ended_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_recommendations_seq"), ["seq"], unique=False)

    op.create_table(
        "interest_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("interest_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(30), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_interest_decisions_decision_id_decisions")),
        sa.ForeignKeyConstraint(["interest_id"], ["interests.id"], name=op.f("fk_interest_decisions_interest_id_interests")),
        sa.ForeignKeyConstraint(["seq"], ["audit_entries.seq"], name=op.f("fk_interest_decisions_seq_audit_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_decisions")),
        sa.UniqueConstraint("decision_id", "interest_id", name=op.f("uq_interest_decisions_decision_id_interest_id")),
    )
    with op.batch_alter_table("interest_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interest_decisions_seq"), ["seq"], unique=False)

    _protect()


def downgrade() -> None:
    _unprotect()
    with op.batch_alter_table("interest_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interest_decisions_seq"))

    op.drop_table("interest_decisions")
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendations_seq"))
        batch_op.drop_index(batch_op.f("ix_recommendations_ended_seq"))
        batch_op.drop_index(batch_op.f("ix_recommendations_disclosure_id"))

    op.drop_table("recommendations")
    with op.batch_alter_table("policy_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_receipts_seq"))
        batch_op.drop_index("ix_policy_receipts_person_policy")
        batch_op.drop_index(batch_op.f("ix_policy_receipts_disclosure_version_id"))

    op.drop_table("policy_receipts")
    with op.batch_alter_table("interests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interests_version_id"))
        batch_op.drop_index(batch_op.f("ix_interests_seq"))

    op.drop_table("interests")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flags_version_id"))
        batch_op.drop_index(batch_op.f("ix_flags_seq"))

    op.drop_table("flags")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_undone_seq"))
        batch_op.drop_index(batch_op.f("ix_decisions_seq"))
        batch_op.drop_index(batch_op.f("ix_decisions_disclosure_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("transitions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transitions_seq"))
        batch_op.drop_index(batch_op.f("ix_transitions_disclosure_id"))

    op.drop_table("transitions")
    with op.batch_alter_table("settlements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settlements_seq"))
        batch_op.drop_index(batch_op.f("ix_settlements_disclosure_id"))

    op.drop_table("settlements")
    with op.batch_alter_table("recusals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recusals_seq"))
        batch_op.drop_index(batch_op.f("ix_recusals_disclosure_id"))

    op.drop_table("recusals")
    with op.batch_alter_table("priorities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_priorities_seq"))
        batch_op.drop_index(batch_op.f("ix_priorities_disclosure_id"))

    op.drop_table("priorities")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_seq"))
        batch_op.drop_index(batch_op.f("ix_messages_disclosure_id"))

    op.drop_table("messages")
    op.drop_table("drafts")
    with op.batch_alter_table("disclosure_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_versions_seq"))
        batch_op.drop_index(batch_op.f("ix_disclosure_versions_disclosure_id"))

    op.drop_table("disclosure_versions")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignments_seq"))
        batch_op.drop_index(batch_op.f("ix_assignments_reviewer_id"))
        batch_op.drop_index(
            "ix_assignments_one_open", postgresql_where=sa.text("ended_seq IS NULL"), sqlite_where=sa.text("ended_seq IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_assignments_ended_seq"))
        batch_op.drop_index(batch_op.f("ix_assignments_disclosure_id"))

    op.drop_table("assignments")
    with op.batch_alter_table("extensions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extensions_seq"))
        batch_op.drop_index(batch_op.f("ix_extensions_obligation_id"))

    op.drop_table("extensions")
    with op.batch_alter_table("excuses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_excuses_seq"))
        batch_op.drop_index(batch_op.f("ix_excuses_obligation_id"))

    op.drop_table("excuses")
    with op.batch_alter_table("disclosures", schema=None) as batch_op:
        batch_op.drop_index("ix_disclosures_reviewer_state")
        batch_op.drop_index(batch_op.f("ix_disclosures_reviewer_id"))
        batch_op.drop_index(
            "ix_disclosures_open",
            postgresql_where=sa.text("state IN ('submitted', 'in_review', 'escalated', 'returned')"),
            sqlite_where=sa.text("state IN ('submitted', 'in_review', 'escalated', 'returned')"),
        )
        batch_op.drop_index(batch_op.f("ix_disclosures_obligation_id"))
        batch_op.drop_index(batch_op.f("ix_disclosures_filer_id"))
        batch_op.drop_index(batch_op.f("ix_disclosures_campaign_id"))

    op.drop_table("disclosures")
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obligations_seq"))
        batch_op.drop_index(batch_op.f("ix_obligations_person_id"))
        batch_op.drop_index(batch_op.f("ix_obligations_ended_seq"))
        batch_op.drop_index(batch_op.f("ix_obligations_campaign_id"))
        batch_op.drop_index("ix_obligations_campaign_department")

    op.drop_table("obligations")
    with op.batch_alter_table("campaign_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_steps_seq"))
        batch_op.drop_index(batch_op.f("ix_campaign_steps_campaign_id"))

    op.drop_table("campaign_steps")
    with op.batch_alter_table("slips", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slips_seq"))
        batch_op.drop_index(batch_op.f("ix_slips_account_id"))

    op.drop_table("slips")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_account_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grants_seq"))
        batch_op.drop_index(batch_op.f("ix_role_grants_ended_seq"))
        batch_op.drop_index(batch_op.f("ix_role_grants_account_id"))

    op.drop_table("role_grants")
    with op.batch_alter_table("person_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_versions_supervisor_id"))
        batch_op.drop_index(batch_op.f("ix_person_versions_seq"))
        batch_op.drop_index("ix_person_versions_person_seq")
        batch_op.drop_index(batch_op.f("ix_person_versions_import_id"))

    op.drop_table("person_versions")
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exports_seq"))
        batch_op.drop_index(batch_op.f("ix_exports_done_seq"))
        batch_op.drop_index(batch_op.f("ix_exports_asked_by_id"))

    op.drop_table("exports")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contracts_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_contracts_seq"))
        batch_op.drop_index(batch_op.f("ix_contracts_number"))
        batch_op.drop_index(batch_op.f("ix_contracts_ended_seq"))

    op.drop_table("contracts")
    op.drop_table("campaign_parts")
    with op.batch_alter_table("ties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ties_seq"))
        batch_op.drop_index(batch_op.f("ix_ties_person_id"))
        batch_op.drop_index(batch_op.f("ix_ties_other_id"))
        batch_op.drop_index(batch_op.f("ix_ties_ended_seq"))

    op.drop_table("ties")
    with op.batch_alter_table("roster_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_notes_seq"))
        batch_op.drop_index(batch_op.f("ix_roster_notes_person_id"))
        batch_op.drop_index(batch_op.f("ix_roster_notes_done_seq"))

    op.drop_table("roster_notes")
    with op.batch_alter_table("roster_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_imports_undone_seq"))
        batch_op.drop_index(batch_op.f("ix_roster_imports_seq"))

    op.drop_table("roster_imports")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_seq"))
        batch_op.drop_index(batch_op.f("ix_requests_decided_seq"))

    op.drop_table("requests")
    with op.batch_alter_table("questionnaires", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questionnaires_seq"))
        batch_op.drop_index(batch_op.f("ix_questionnaires_form_id"))

    op.drop_table("questionnaires")
    with op.batch_alter_table("profile_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_profile_versions_seq"))

    op.drop_table("profile_versions")
    with op.batch_alter_table("policy_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_versions_seq"))
        batch_op.drop_index(batch_op.f("ix_policy_versions_policy_id"))

    op.drop_table("policy_versions")
    with op.batch_alter_table("list_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_records_seq"))
        batch_op.drop_index("ix_list_records_list_normal")
        batch_op.drop_index(batch_op.f("ix_list_records_ended_seq"))

    op.drop_table("list_records")
    with op.batch_alter_table("list_loads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_loads_seq"))
        batch_op.drop_index(batch_op.f("ix_list_loads_name"))

    op.drop_table("list_loads")
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index("ix_letters_unsent")
        batch_op.drop_index(batch_op.f("ix_letters_seq"))
        batch_op.drop_index(batch_op.f("ix_letters_sent_seq"))
        batch_op.drop_index(batch_op.f("ix_letters_person_id"))
        batch_op.drop_index(batch_op.f("ix_letters_kind"))

    op.drop_table("letters")
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leave_seq"))
        batch_op.drop_index(batch_op.f("ix_leave_person_id"))

    op.drop_table("leave")
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaigns_seq"))
        batch_op.drop_index(batch_op.f("ix_campaigns_closed_seq"))

    op.drop_table("campaigns")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_seq"))

    op.drop_table("accounts")
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absences_seq"))
        batch_op.drop_index(batch_op.f("ix_absences_person_id"))
        batch_op.drop_index(batch_op.f("ix_absences_ended_seq"))

    op.drop_table("absences")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempts_login_at")
        batch_op.drop_index("ix_sign_in_attempts_address_at")

    op.drop_table("sign_in_attempts")
    with op.batch_alter_table("refusals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refusals_at"))
        batch_op.drop_index(batch_op.f("ix_refusals_actor"))

    op.drop_table("refusals")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_supervisor_id"))
        batch_op.drop_index("ix_people_search")
        batch_op.drop_index(batch_op.f("ix_people_group_name"))
        batch_op.drop_index(batch_op.f("ix_people_email"))
        batch_op.drop_index(batch_op.f("ix_people_department"))
        batch_op.drop_index(batch_op.f("ix_people_active"))

    op.drop_table("people")
    op.drop_table("installation")
    op.drop_table("checkpoints")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_event"))
        batch_op.drop_index("ix_audit_entries_at")
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor"))

    op.drop_table("audit_entries")


# What is never changed once it is written: table -> columns that may still be set.
KEPT = {
    "audit_entries": (),
    "disclosure_versions": ("confirmed_seq",),
    "questionnaires": (),
    "policy_versions": (),
    "person_versions": (),
    "transitions": (),
    "messages": (),
    "checkpoints": (),
}
KEPT_COLUMNS = {
    "disclosure_versions": (
        "disclosure_id",
        "number",
        "questionnaire_id",
        "record",
        "sha256",
        "answers",
        "filer",
        "language",
        "signed_at",
        "signed_name",
        "because",
        "nil",
        "not_checked",
        "imported",
        "idempotency_key",
        "seq",
    ),
}


def _protect() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _protect_postgresql()
    else:
        _protect_sqlite()


def _protect_sqlite() -> None:
    for table in KEPT:
        columns = KEPT_COLUMNS.get(table)
        of = f" OF {', '.join(columns)}" if columns else ""
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
        key = "seq" if table == "audit_entries" else "id"
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_entries_no_gap BEFORE INSERT ON audit_entries "
        "WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_entries) "
        "BEGIN SELECT RAISE(ABORT, 'audit_entries has no gaps'); END"
    )


def _protect_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION coi_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION coi_no_gap() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_entries) THEN "
        "RAISE EXCEPTION 'audit_entries has no gaps' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    for table in KEPT:
        columns = KEPT_COLUMNS.get(table)
        of = f" OF {', '.join(columns)}" if columns else ""
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
        )
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION coi_append_only()")
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
        )
    op.execute("CREATE TRIGGER audit_entries_no_gap BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION coi_no_gap()")


def _unprotect() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    op.execute("DROP TRIGGER audit_entries_no_gap" + (" ON audit_entries" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION coi_append_only()")
        op.execute("DROP FUNCTION coi_no_gap()")
