"""Duties kept apart: who stands in for whom, what auditors may read for a time, too few officers, why somebody stepped out."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# What stands in these tables stays; of some rows it is written later by which entry they ended.
KEPT = {
    "absence_plans": (),
    "delegations": ("disclosure_id", "filer_id", "absence_id", "reviewer_id", "delegate_id", "since", "until", "at", "seq"),
    "read_grants": (),
    "too_few": ("what", "at", "seq"),
}
# Whom a row of these puts on a case.
OF_A_CASE = {"assignments": "reviewer_id", "delegations": "delegate_id", "recommendations": "by_id", "decisions": "by_id"}
ENDED = sa.text("ended_seq IS NULL")


def upgrade() -> None:
    _too_few()
    _absence_plans()
    _delegations()
    _read_grants()
    op.add_column("recusals", sa.Column("kind", sa.String(length=30), server_default="", nullable=False))
    _protect()
    _stay_out()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in OF_A_CASE:
        op.execute(f"DROP TRIGGER {table}_who_stepped_out_stays_out" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION coi_{table}_stay_out()")
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    op.drop_column("recusals", "kind")
    for table in ("read_grants", "delegations", "absence_plans", "too_few"):
        op.drop_table(table)


def _too_few() -> None:
    op.create_table('too_few',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', SEQ, nullable=False),
    sa.Column('ended_seq', SEQ, nullable=True),
    sa.CheckConstraint("what IN ('senior_officers', 'administrators', 'alternate')", name=op.f('ck_too_few_of_whom_is_known')),
    sa.ForeignKeyConstraint(['ended_seq'], ['audit_entries.seq'], name=op.f('fk_too_few_ended_seq_audit_entries')),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_too_few_seq_audit_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_too_few'))
    )
    op.create_index(op.f('ix_too_few_ended_seq'), 'too_few', ['ended_seq'], unique=False)
    op.create_index('ix_too_few_one_standing', 'too_few', ['what'], unique=True, postgresql_where=ENDED, sqlite_where=ENDED)
    op.create_index(op.f('ix_too_few_seq'), 'too_few', ['seq'], unique=False)


def _absence_plans() -> None:
    op.create_table('absence_plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=30), nullable=False),
    sa.Column('absence_id', sa.Integer(), nullable=False),
    sa.Column('cases', sa.String(length=30), nullable=False),
    sa.Column('delegate_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', SEQ, nullable=False),
    sa.CheckConstraint("(cases = 'delegate') = (delegate_id IS NOT NULL)", name=op.f('ck_absence_plans_a_colleague_is_named_when_one_stands_in')),
    sa.CheckConstraint("cases IN ('stay', 'delegate', 'next')", name=op.f('ck_absence_plans_what_becomes_of_the_cases_is_known')),
    sa.ForeignKeyConstraint(['absence_id'], ['absences.id'], name=op.f('fk_absence_plans_absence_id_absences')),
    sa.ForeignKeyConstraint(['delegate_id'], ['people.id'], name=op.f('fk_absence_plans_delegate_id_people')),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_absence_plans_seq_audit_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence_plans')),
    sa.UniqueConstraint('absence_id', name=op.f('uq_absence_plans_absence_id')),
    sa.UniqueConstraint('reference', name=op.f('uq_absence_plans_reference'))
    )
    op.create_index(op.f('ix_absence_plans_delegate_id'), 'absence_plans', ['delegate_id'], unique=False)
    op.create_index(op.f('ix_absence_plans_seq'), 'absence_plans', ['seq'], unique=False)


def _delegations() -> None:
    op.create_table('delegations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('disclosure_id', sa.Integer(), nullable=False),
    sa.Column('filer_id', sa.Integer(), nullable=False),
    sa.Column('absence_id', sa.Integer(), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('delegate_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', SEQ, nullable=False),
    sa.Column('ended_seq', SEQ, nullable=True),
    sa.Column('ended_because', sa.String(length=40), nullable=False),
    sa.CheckConstraint('delegate_id <> filer_id', name=op.f('ck_delegations_nobody_stands_in_on_their_own')),
    sa.CheckConstraint('delegate_id <> reviewer_id', name=op.f('ck_delegations_nobody_stands_in_for_themselves')),
    sa.CheckConstraint('since <= until', name=op.f('ck_delegations_standing_in_begins_before_it_ends')),
    sa.ForeignKeyConstraint(['absence_id'], ['absences.id'], name=op.f('fk_delegations_absence_id_absences')),
    sa.ForeignKeyConstraint(['delegate_id'], ['people.id'], name=op.f('fk_delegations_delegate_id_people')),
    sa.ForeignKeyConstraint(['disclosure_id', 'filer_id'], ['disclosures.id', 'disclosures.filer_id'], name=op.f('fk_delegations_disclosure_id_filer_id_disclosures')),
    sa.ForeignKeyConstraint(['ended_seq'], ['audit_entries.seq'], name=op.f('fk_delegations_ended_seq_audit_entries')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['people.id'], name=op.f('fk_delegations_reviewer_id_people')),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_delegations_seq_audit_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegations'))
    )
    op.create_index(op.f('ix_delegations_absence_id'), 'delegations', ['absence_id'], unique=False)
    op.create_index(op.f('ix_delegations_delegate_id'), 'delegations', ['delegate_id'], unique=False)
    op.create_index(op.f('ix_delegations_disclosure_id'), 'delegations', ['disclosure_id'], unique=False)
    op.create_index(op.f('ix_delegations_ended_seq'), 'delegations', ['ended_seq'], unique=False)
    op.create_index('ix_delegations_one_standing', 'delegations', ['disclosure_id'], unique=True, postgresql_where=ENDED, sqlite_where=ENDED)
    op.create_index(op.f('ix_delegations_reviewer_id'), 'delegations', ['reviewer_id'], unique=False)
    op.create_index(op.f('ix_delegations_seq'), 'delegations', ['seq'], unique=False)


def _read_grants() -> None:
    op.create_table('read_grants',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=30), nullable=False),
    sa.Column('disclosure_id', sa.Integer(), nullable=False),
    sa.Column('filer_id', sa.Integer(), nullable=False),
    sa.Column('auditor_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('approved_by_id', sa.Integer(), nullable=False),
    sa.Column('request', sa.String(length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', SEQ, nullable=False),
    sa.CheckConstraint('asked_by_id <> approved_by_id', name=op.f('ck_read_grants_two_people_open_it')),
    sa.CheckConstraint('asked_by_id <> filer_id AND approved_by_id <> filer_id', name=op.f('ck_read_grants_nobody_opens_their_own')),
    sa.CheckConstraint('auditor_id <> filer_id', name=op.f('ck_read_grants_nobody_audits_their_own')),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_read_grants_a_grant_begins_before_it_ends')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['people.id'], name=op.f('fk_read_grants_approved_by_id_people')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['people.id'], name=op.f('fk_read_grants_asked_by_id_people')),
    sa.ForeignKeyConstraint(['auditor_id'], ['people.id'], name=op.f('fk_read_grants_auditor_id_people')),
    sa.ForeignKeyConstraint(['disclosure_id', 'filer_id'], ['disclosures.id', 'disclosures.filer_id'], name=op.f('fk_read_grants_disclosure_id_filer_id_disclosures')),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_read_grants_seq_audit_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_read_grants')),
    sa.UniqueConstraint('reference', name=op.f('uq_read_grants_reference'))
    )
    op.create_index(op.f('ix_read_grants_auditor_id'), 'read_grants', ['auditor_id'], unique=False)
    op.create_index(op.f('ix_read_grants_disclosure_id'), 'read_grants', ['disclosure_id'], unique=False)
    op.create_index(op.f('ix_read_grants_seq'), 'read_grants', ['seq'], unique=False)


def _protect() -> None:
    """What stands in these tables stays as it was written."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, columns in KEPT.items():
        of = f" OF {', '.join(columns)}" if columns else ""
        if postgresql:
            act = "FOR EACH ROW EXECUTE FUNCTION coi_append_only()"
            op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} {act}")
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {act}")
            whole = "FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
            op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {whole}")
            continue
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")


def _stay_out() -> None:
    """Who stepped out of a case gets it back by no way at all (SD3)."""
    for table, column in OF_A_CASE.items():
        there = f"EXISTS (SELECT 1 FROM recusals r WHERE r.disclosure_id = NEW.disclosure_id AND r.reviewer_id = NEW.{column})"
        name, told = f"{table}_who_stepped_out_stays_out", "who stepped out of a case stays out"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE FUNCTION coi_{table}_stay_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {there} THEN "
                f"RAISE EXCEPTION '{told}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION coi_{table}_stay_out()")
        else:
            op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {there} BEGIN SELECT RAISE(ABORT, '{told}'); END")
