"""Filings that are decided together, with the sample that was drawn; rules that clear by themselves and were withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# What is only added to; of a withdrawn rule alone it is written later that it was carried out.
KEPT = {
    "review_batches": "",
    "batch_members": "",
    "batch_samples": "",
    "batch_steps": "",
    "rule_withdrawals": " OF reference, rule, since, reason, asked_by_id, by_id, request, at, seq",
}
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('review_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=30), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('once', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', SEQ, nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_review_batches_by_id_people')),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_review_batches_seq_audit_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_batches')),
    sa.UniqueConstraint('once', name=op.f('uq_review_batches_once')),
    sa.UniqueConstraint('reference', name=op.f('uq_review_batches_reference'))
    )
    op.create_index(op.f('ix_review_batches_by_id'), 'review_batches', ['by_id'], unique=False)
    op.create_index(op.f('ix_review_batches_seq'), 'review_batches', ['seq'], unique=False)
    op.create_table('rule_withdrawals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=30), nullable=False),
    sa.Column('rule', sa.String(length=80), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('request', sa.String(length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', SEQ, nullable=False),
    sa.Column('done_seq', SEQ, nullable=True),
    sa.CheckConstraint('asked_by_id <> by_id', name=op.f('ck_rule_withdrawals_two_people_withdraw')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['people.id'], name=op.f('fk_rule_withdrawals_asked_by_id_people')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_rule_withdrawals_by_id_people')),
    sa.ForeignKeyConstraint(['done_seq'], ['audit_entries.seq'], name=op.f('fk_rule_withdrawals_done_seq_audit_entries')),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_rule_withdrawals_seq_audit_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_withdrawals')),
    sa.UniqueConstraint('reference', name=op.f('uq_rule_withdrawals_reference'))
    )
    op.create_index(op.f('ix_rule_withdrawals_done_seq'), 'rule_withdrawals', ['done_seq'], unique=False)
    op.create_index(op.f('ix_rule_withdrawals_seq'), 'rule_withdrawals', ['seq'], unique=False)
    op.create_table('batch_members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('disclosure_id', sa.Integer(), nullable=False),
    sa.Column('filer_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('seq', SEQ, nullable=False),
    sa.CheckConstraint('by_id <> filer_id', name=op.f('ck_batch_members_nobody_has_their_own_in_a_batch')),
    sa.ForeignKeyConstraint(['batch_id'], ['review_batches.id'], name=op.f('fk_batch_members_batch_id_review_batches')),
    sa.ForeignKeyConstraint(['disclosure_id', 'filer_id'], ['disclosures.id', 'disclosures.filer_id'], name=op.f('fk_batch_members_disclosure_id_filer_id_disclosures')),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_batch_members_seq_audit_entries')),
    sa.ForeignKeyConstraint(['version_id'], ['disclosure_versions.id'], name=op.f('fk_batch_members_version_id_disclosure_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch_members')),
    sa.UniqueConstraint('batch_id', 'disclosure_id', name=op.f('uq_batch_members_batch_id_disclosure_id'))
    )
    op.create_index(op.f('ix_batch_members_disclosure_id'), 'batch_members', ['disclosure_id'], unique=False)
    op.create_index(op.f('ix_batch_members_seq'), 'batch_members', ['seq'], unique=False)
    op.create_table('batch_samples',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', SEQ, nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['review_batches.id'], name=op.f('fk_batch_samples_batch_id_review_batches')),
    sa.ForeignKeyConstraint(['member_id'], ['batch_members.id'], name=op.f('fk_batch_samples_member_id_batch_members')),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_batch_samples_seq_audit_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch_samples')),
    sa.UniqueConstraint('member_id', name=op.f('uq_batch_samples_member_id'))
    )
    op.create_index(op.f('ix_batch_samples_batch_id'), 'batch_samples', ['batch_id'], unique=False)
    op.create_index(op.f('ix_batch_samples_seq'), 'batch_samples', ['seq'], unique=False)
    op.create_table('batch_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('step', sa.String(length=30), nullable=False),
    sa.Column('because', sa.String(length=40), nullable=False),
    sa.Column('outcome', sa.String(length=30), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_seq', SEQ, nullable=True),
    sa.Column('seq', SEQ, nullable=False),
    sa.CheckConstraint("step <> 'decided' OR outcome IN ('no_conflict', 'noted', 'exempt')", name=op.f('ck_batch_steps_together_only_mild_outcomes')),
    sa.CheckConstraint("step IN ('taken_out', 'expected', 'not_expected', 'left_out', 'decided', 'stopped', 'undone')", name=op.f('ck_batch_steps_batch_step_is_known')),
    sa.CheckConstraint("step NOT IN ('expected', 'not_expected') OR read_seq IS NOT NULL", name=op.f('ck_batch_steps_looked_at_means_opened')),
    sa.ForeignKeyConstraint(['batch_id'], ['review_batches.id'], name=op.f('fk_batch_steps_batch_id_review_batches')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_batch_steps_by_id_people')),
    sa.ForeignKeyConstraint(['member_id'], ['batch_members.id'], name=op.f('fk_batch_steps_member_id_batch_members')),
    sa.ForeignKeyConstraint(['read_seq'], ['audit_entries.seq'], name=op.f('fk_batch_steps_read_seq_audit_entries')),
    sa.ForeignKeyConstraint(['seq'], ['audit_entries.seq'], name=op.f('fk_batch_steps_seq_audit_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch_steps')),
    sa.UniqueConstraint('member_id', 'step', name=op.f('uq_batch_steps_member_id_step'))
    )
    op.create_index(op.f('ix_batch_steps_batch_id'), 'batch_steps', ['batch_id'], unique=False)
    op.create_index('ix_batch_steps_one_end', 'batch_steps', ['batch_id'], unique=True, postgresql_where=sa.text("step IN ('decided', 'stopped')"), sqlite_where=sa.text("step IN ('decided', 'stopped')"))
    op.create_index(op.f('ix_batch_steps_read_seq'), 'batch_steps', ['read_seq'], unique=False)
    op.create_index(op.f('ix_batch_steps_seq'), 'batch_steps', ['seq'], unique=False)
    fk = "fk_decisions_batch_id_review_batches"
    if op.get_bind().dialect.name == "sqlite":
        # With its key in one statement: SQLite adds none later without making the table anew, triggers and all.
        op.execute(f"ALTER TABLE decisions ADD COLUMN batch_id INTEGER CONSTRAINT {fk} REFERENCES review_batches (id)")
    else:
        op.add_column("decisions", sa.Column("batch_id", sa.Integer(), nullable=True))
        op.create_foreign_key(fk, "decisions", "review_batches", ["batch_id"], ["id"])
    op.create_index(op.f("ix_decisions_batch_id"), "decisions", ["batch_id"], unique=False)
    _protect()



def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.drop_index(op.f("ix_decisions_batch_id"), table_name="decisions")
    op.execute("ALTER TABLE decisions DROP COLUMN batch_id")
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    for table in ("rule_withdrawals", "batch_steps", "batch_samples", "batch_members", "review_batches"):
        op.drop_table(table)


def _protect() -> None:
    """What stands in these tables stays as it was written."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, columns in KEPT.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        each = "FOR EACH ROW EXECUTE FUNCTION coi_append_only()" if postgresql else refuse
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{columns} ON {table} {each}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {each}")
        if postgresql:
            whole = "FOR EACH STATEMENT EXECUTE FUNCTION coi_append_only()"
            op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {whole}")
        else:
            # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
            there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
            op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")
